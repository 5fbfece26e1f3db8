"""The start page: recent projects, a new one, the sample, a backup."""

from accord.domain.wording import _
from accord.gui.actions import Action
from accord.gui.context import Context
from accord.gui.page import Page, PageSpec

PAGE = "start"


def _make(context: Context) -> Page:
    from accord.gui.pages.start.page import StartPage  # widgets load when the page is first shown

    return StartPage(context)


SPEC = PageSpec(
    id=PAGE,
    title=_("Start"),
    icon="home-outline",
    factory=_make,
    group=0,
    available=lambda context: context.project is None,
)

ACTIONS: tuple[Action, ...] = (
    Action(id="start.new", title=_("New project"), key="Ctrl+N", page=PAGE, icon="plus"),
    Action(id="start.team", title=_("Open a team's project"), key="Ctrl+D", page=PAGE, icon="account-group-outline"),
    Action(id="start.sample", title=_("Try the sample project"), key="Ctrl+T", page=PAGE, icon="flask-outline"),
    Action(id="start.restore", title=_("Restore a backup"), key="Ctrl+R", page=PAGE, icon="backup-restore"),
    Action(id="app.open_project", title=_("Open a project"), key="Ctrl+O", icon="folder-open-outline"),
    Action(id="app.close_project", title=_("Close the project"), key="Ctrl+W", icon="close"),
)
