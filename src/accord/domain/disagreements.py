"""Where reviewers disagree: their versions side by side, and how much hangs on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from accord.domain.content import Content
from accord.domain.review import Verdict
from accord.domain.wording import _


class Clash(StrEnum):
    """What reviewers disagree about, the gravest first."""

    VERDICT = "verdict"
    TEXT = "text"
    UNSURE = "unsure"


class Reason(StrEnum):
    """Why a decision is as it is, in the order in which they are offered."""

    ONE_VERSION = "one_version"
    BEST_OF_SEVERAL = "best_of_several"
    EVIDENCE = "evidence"
    GUIDELINE = "guideline"
    WORDING = "wording"
    NOT_USABLE = "not_usable"


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


def reason_of(text: str) -> Reason | None:
    """Return the reason that a typed text is, by its name or its words; None for another."""
    typed = _plain(text)
    return next((one for one in Reason if typed in {_plain(one.value), _plain(reason_title(one))}), None)


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").replace("-", " ").casefold().rstrip(".").split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What one reviewer said of an example, and the text it leads to.

    ``of_earlier``: it was said of an earlier text than the one that stands.
    """

    reviewer: str
    verdict: Verdict
    content: Content
    tags: tuple[str, ...]
    comment: str
    citation: str
    of_earlier: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One example whose reviewers do not agree.

    ``question`` is what was asked of the guideline, where it was sent back to it; ``distance`` how far apart the texts
    are, from 0 to 1.
    """

    seq: int
    id: str
    base: Content
    versions: tuple[Version, ...]
    clash: Clash
    distance: float
    weighty: bool
    question: str = ""

    @property
    def order(self) -> tuple[object, ...]:
        """Return what to sort by, the most consequential first: tags that matter, what it is about, how far apart."""
        return (not self.weighty, list(Clash).index(self.clash), -self.distance, self.id)


def clash_of(verdicts: Sequence[Verdict]) -> Clash:
    """Return what these verdicts, which do not agree, disagree about."""
    said = set(verdicts)
    if Verdict.REJECT in said and said & {Verdict.ACCEPT, Verdict.EDIT}:
        return Clash.VERDICT
    return Clash.UNSURE if Verdict.UNSURE in said else Clash.TEXT
