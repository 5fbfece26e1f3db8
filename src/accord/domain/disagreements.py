"""Where reviewers disagree: their versions side by side, and how much hangs on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from accord.domain.content import Content
from accord.domain.review import Verdict


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What one reviewer said of an example, and the text it leads to."""

    reviewer: str
    verdict: Verdict
    content: Content
    tags: tuple[str, ...]
    comment: str
    citation: str


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
