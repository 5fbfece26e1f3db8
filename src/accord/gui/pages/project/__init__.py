"""The project itself: what it decides for all its examples, its backups, its health and its event log."""

from accord.domain.wording import _
from accord.gui.actions import Action
from accord.gui.page import PageSpec
from accord.gui.pages.project.page import ProjectPage

SPEC = PageSpec(id="project", title=_("Project"), icon="folder-cog-outline", factory=ProjectPage, group=5, key="Alt+0")
ACTIONS = (
    Action(id="project.save", title=_("Save"), key="Ctrl+S", page="project", icon="content-save-outline"),
    Action(id="project.discard", title=_("Discard the changes"), page="project", icon="undo"),
)

__all__ = ["ACTIONS", "SPEC", "ProjectPage"]
