"""Home: what waits for me, how far the project is, what came in lately, and the next step."""

from accord.domain.wording import _
from accord.gui.actions import Action
from accord.gui.context import Context
from accord.gui.page import Page, PageSpec

PAGE = "home"


def _make(context: Context) -> Page:
    from accord.gui.pages.home.page import HomePage  # widgets load when the page is first shown

    return HomePage(context)


SPEC = PageSpec(id=PAGE, title=_("Home"), icon="home-outline", factory=_make, group=1, key="Alt+1")

ACTIONS: tuple[Action, ...] = (
    Action(id="home.next", title=_("Do the next step"), key="Ctrl+Return", page=PAGE, icon="arrow-right"),
    Action(
        id="home.check",
        title=_("Check now"),
        key="C",
        page=PAGE,
        icon="play-circle-outline",
        help=_("Look at every example that is new, or was changed since it was checked."),
    ),
)
