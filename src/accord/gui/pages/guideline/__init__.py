"""The guideline with its versions, the tags and the questions: how everybody is to judge."""

from accord.domain.wording import _
from accord.gui.actions import Action
from accord.gui.page import PageSpec
from accord.gui.pages.guideline.page import GuidelinePage

SPEC = PageSpec(
    id="guideline",
    title=_("Guideline and tags"),
    label=_("Guideline"),
    icon="book-open-variant",
    factory=GuidelinePage,
    group=5,
    key="Alt+G",
)
ACTIONS = (
    Action(id="guideline.save", title=_("Save"), key="Ctrl+S", page="guideline", icon="content-save-outline"),
    Action(id="guideline.discard", title=_("Discard the changes"), page="guideline", icon="undo"),
)

__all__ = ["ACTIONS", "SPEC", "GuidelinePage"]
