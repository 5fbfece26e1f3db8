"""Help: what the words mean, where things are kept, and what to do when something goes wrong."""

from accord.domain.wording import _
from accord.gui.actions import Action
from accord.gui.context import Context
from accord.gui.page import Page, PageSpec

PAGE = "help_text"


def _make(context: Context) -> Page:
    from accord.gui.pages.help_text.page import HelpPage  # widgets load when the page is first shown

    return HelpPage(context)


SPEC = PageSpec(
    id=PAGE,
    title=_("Help"),
    icon="help-circle-outline",
    factory=_make,
    group=5,
    key="F1",
    available=lambda _context: True,
)
ACTIONS: tuple[Action, ...] = ()

__all__ = ["ACTIONS", "SPEC"]
