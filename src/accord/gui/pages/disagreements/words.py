"""The words and signs of the page: what clashes, and what a reviewer said."""

from accord.domain.disagreements import Clash
from accord.domain.review import Verdict
from accord.domain.wording import _
from accord.gui.status import Look


def clash_look(clash: Clash) -> Look:
    """Return what reviewers disagree about, as a sign with its word."""
    match clash:
        case Clash.VERDICT:
            return Look(icon="scale-unbalanced", role="rejected", word=_("Accept or reject"))
        case Clash.TEXT:
            return Look(icon="not-equal-variant", role="disagreement", word=_("Texts differ"))
        case Clash.UNSURE:
            return Look(icon="help-circle-outline", role="in_review", word=_("Someone is unsure"))


def verdict_look(verdict: Verdict) -> Look:
    """Return what one reviewer said, as a sign with its word."""
    match verdict:
        case Verdict.ACCEPT:
            return Look(icon="check-circle", role="accepted", word=_("Accepts"))
        case Verdict.EDIT:
            return Look(icon="pencil-circle", role="accepted", word=_("Edits"))
        case Verdict.REJECT:
            return Look(icon="close-circle", role="rejected", word=_("Rejects"))
        case Verdict.UNSURE:
            return Look(icon="help-circle-outline", role="disagreement", word=_("Unsure"))
