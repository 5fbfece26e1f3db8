"""Checks: what was found in the examples, by rule; what is looked for, by which limits, and how well it finds."""

from accord.domain.wording import _
from accord.gui.actions import Action
from accord.gui.page import PageSpec
from accord.gui.pages.checks.page import ChecksPage

_PAGE = "checks"

SPEC = PageSpec(
    id=_PAGE,
    title=_("Checks"),
    icon="shield-check-outline",
    factory=ChecksPage,
    group=2,
    key="Alt+7",
    in_pack=False,
)

ACTIONS: tuple[Action, ...] = (
    Action(
        id="checks.run",
        title=_("Check now"),
        key="R",
        page=_PAGE,
        icon="play-circle-outline",
        help=_("Look at every example that is new, or was changed since it was checked."),
    ),
    Action(
        id="checks.measure",
        title=_("Measure on a labelled file"),
        key="M",
        page=_PAGE,
        icon="ruler",
        help=_("How much of the personal data that people marked in a file is found, and what is found beside it."),
    ),
    Action(id="checks.save", title=_("Save"), key="Ctrl+S", page=_PAGE, icon="content-save-outline"),
    Action(id="checks.discard", title=_("Discard the changes"), page=_PAGE, icon="undo"),
)

__all__ = ["ACTIONS", "SPEC", "ChecksPage"]
