"""Why a decision on a disagreement is as it is, in words."""

from accord.domain.disagreements import Reason
from accord.domain.disagreements import reason_title as reason_title
from accord.domain.wording import _


def reason_words(code: str) -> str:
    """Return the words of a stored reason; one that is none of the kinds stands as it is."""
    if code == "majority":
        return _("Most reviewers say so")
    if not code:
        return _("see the comment")
    return reason_title(Reason(code)) if code in list(Reason) else code
