"""Agreement: how well the reviewers agree, on what, who with whom, and which examples stand behind each figure."""

from accord.domain.wording import _
from accord.gui.actions import Action
from accord.gui.context import Context
from accord.gui.page import PageSpec
from accord.gui.pages.agreement.page import AgreementPage

_PAGE = "agreement"


def _available(context: Context) -> bool:
    return context.project is not None and context.several


SPEC = PageSpec(
    id=_PAGE,
    title=_("Agreement"),
    icon="account-check-outline",
    factory=AgreementPage,
    group=2,
    key="Alt+A",
    available=_available,
    in_pack=False,
)

ACTIONS: tuple[Action, ...] = (
    Action(
        id="agreement.report",
        title=_("Save a report"),
        key="Ctrl+Shift+S",
        page=_PAGE,
        icon="file-chart-outline",
        help=_("One page to print or send (HTML), or all figures as a table (CSV)."),
    ),
)

__all__ = ["ACTIONS", "SPEC", "AgreementPage"]
