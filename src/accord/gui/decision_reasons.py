"""Why a decision on a disagreement is as it is, in words."""

from accord.domain.disagreements import Reason
from accord.domain.wording import _


def reason_title(reason: Reason) -> str:
    """Return a reason for a decision, in words."""
    match reason:
        case Reason.ONE_VERSION:
            return _("One version is right")
        case Reason.BEST_OF_SEVERAL:
            return _("Best of several")
        case Reason.EVIDENCE:
            return _("Evidence decides")
        case Reason.GUIDELINE:
            return _("Guideline decides")
        case Reason.WORDING:
            return _("Wording")
        case Reason.NOT_USABLE:
            return _("Not usable")


def reason_words(code: str) -> str:
    """Return the words of a stored reason; one that a file brought stands as it is."""
    if code == "majority":
        return _("Most reviewers say so")
    return reason_title(Reason(code)) if code in list(Reason) else code
