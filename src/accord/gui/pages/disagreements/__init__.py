"""Disagreements: the page where an adjudicator settles what reviewers do not agree on, and what can be done there."""

from accord.domain.disagreements import Reason
from accord.domain.wording import _
from accord.gui.actions import Action
from accord.gui.context import Context
from accord.gui.decision_reasons import reason_title
from accord.gui.page import PageSpec
from accord.gui.pages.disagreements.columns import MOST
from accord.gui.pages.disagreements.deciding import action_of
from accord.gui.pages.disagreements.page import DisagreementsPage

_PAGE = "disagreements"
_REASON_KEYS = {
    Reason.ONE_VERSION: "V",
    Reason.BEST_OF_SEVERAL: "B",
    Reason.EVIDENCE: "D",
    Reason.GUIDELINE: "L",
    Reason.WORDING: "W",
    Reason.NOT_USABLE: "U",
}


def _needed(context: Context) -> bool:
    return context.project is not None and context.several


def _act(name: str, title: str, key: str, icon: str = "", help_text: str = "") -> Action:
    return Action(id=f"{_PAGE}.{name}", title=title, key=key, page=_PAGE, icon=icon, help=help_text)


def _quiet(name: str, title: str, key: str, *, repeats: bool = True) -> Action:
    return Action(id=f"{_PAGE}.{name}", title=title, key=key, page=_PAGE, repeats=repeats, listed=False)


SPEC = PageSpec(
    id=_PAGE,
    title=_("Disagreements"),
    label=_("Disagree"),
    icon="scale-balance",
    factory=DisagreementsPage,
    group=2,
    key="Alt+D",
    available=_needed,
    in_pack=False,
)

ACTIONS: tuple[Action, ...] = (
    _act("original", _("Original"), "O", "file-restore-outline", _("Make the original the final text.")),
    _act("edit", _("Edit"), "E", "pencil-outline", _("Write in the final text; Esc leaves it.")),
    _act("reject", _("Reject"), "R", "close-circle-outline", _("Leave the example out of the dataset.")),
    _act("take_change", _("Take the change"), "Space", "arrow-down-bold-outline", _("Take it, or put it back.")),
    _act("comment", _("Comment"), "C", "comment-outline", _("Say why; every decision needs a comment.")),
    _act("decide", _("Decide"), "Ctrl+Return", "gavel", _("Store the decision and open the next disagreement.")),
    _act("send_back", _("To the guideline"), "G", "book-open-variant", _("Ask what the guideline must answer first.")),
    _act("undo", _("Undo"), "Z", "undo", _("Take your last decision back, with everything as it was.")),
    _act("beside", _("Precedents and guideline"), "I", "page-layout-sidebar-right", _("Show or hide them.")),
    _act("rule", _("Settle what most agree on"), "M", "vote-outline"),
    _act("next", _("Next"), "N", "chevron-down"),
    _act("previous", _("Previous"), "P", "chevron-up"),
    *(_act(action_of(reason).partition(".")[2], reason_title(reason), key) for reason, key in _REASON_KEYS.items()),
    *(_quiet(f"take_{n}", _("Take version {n} whole", n=n), str(n), repeats=False) for n in range(1, MOST + 1)),
    _quiet("left", _("Version to the left"), "Left"),
    _quiet("right", _("Version to the right"), "Right"),
    _quiet("up", _("Change before"), "Up"),
    _quiet("down", _("Change after"), "Down"),
)

__all__ = ["ACTIONS", "SPEC", "DisagreementsPage"]
