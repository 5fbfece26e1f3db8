"""The people of a project on a server, what each may do, and how safe the connection is."""

from accord.domain.wording import _
from accord.gui.actions import Action
from accord.gui.context import Context
from accord.gui.page import PageSpec
from accord.gui.pages.team.page import TeamPage


def _on_a_server(context: Context) -> bool:
    return context.project is not None and context.project.file is None


SPEC = PageSpec(
    id="team",
    title=_("Team"),
    icon="account-group-outline",
    factory=TeamPage,
    group=5,
    key="Alt+9",
    available=_on_a_server,
)
ACTIONS = (
    Action(id="team.add", title=_("Add the person"), key="Ctrl+Return", page="team", icon="account-plus-outline"),
)

__all__ = ["ACTIONS", "SPEC", "TeamPage"]
