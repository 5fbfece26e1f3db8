"""How each status looks: an icon, a colour and a word, never a colour alone."""

from dataclasses import dataclass

from accord.domain.review import Status
from accord.domain.wording import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """``icon`` is a Material Design Icons name, ``role`` a token."""

    icon: str
    role: str
    word: str


def look(status: Status) -> Look:
    """Return the look of a status, in the language in force."""
    match status:
        case Status.NEEDS_ANSWER:
            return Look(icon="help-circle-outline", role="candidate", word=_("Needs an answer"))
        case Status.CANDIDATE:
            return Look(icon="circle-outline", role="candidate", word=_("Candidate"))
        case Status.IN_REVIEW:
            return Look(icon="circle-half-full", role="in_review", word=_("In review"))
        case Status.DISAGREEMENT:
            return Look(icon="not-equal-variant", role="disagreement", word=_("Disagreement"))
        case Status.ACCEPTED:
            return Look(icon="check-circle", role="accepted", word=_("Accepted"))
        case Status.REJECTED:
            return Look(icon="close-circle", role="rejected", word=_("Rejected"))
        case Status.SET_ASIDE:
            return Look(icon="tray-arrow-down", role="set_aside", word=_("Set aside"))
