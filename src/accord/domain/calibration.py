"""Calibration rounds and controls: whether people understand the guideline alike, and see what is known."""

from dataclasses import dataclass

from accord.domain.agreement import Agreement, Figure
from accord.domain.content import Content
from accord.domain.disagreements import Version
from accord.domain.project_agreement import Question
from accord.domain.review import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationRound:
    """One round: the ``number`` of it, from 1, who takes part, and how far they are.

    ``guideline``: the version it was begun with (0: none written). ``done``: by person, how many of the ``items`` she
    has judged, as far as the reader may know: a reviewer is told her own. ``complete``: all have judged all.
    """

    number: int
    threshold: float
    guideline: int
    reviewers: tuple[str, ...]
    seqs: tuple[int, ...]
    done: dict[str, int]
    begun_at: str
    closed_at: str

    @property
    def items(self) -> int:
        """How many examples all review."""
        return len(self.seqs)

    @property
    def complete(self) -> bool:
        """Whether everybody has judged everything, as far as the reader may know."""
        return all(self.done.get(name, 0) >= self.items for name in self.reviewers)

    @property
    def open(self) -> bool:
        """Whether nobody has closed it yet."""
        return not self.closed_at


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDiscuss:
    """An example that people see differently; ``apart``: the share of pairs whose verdicts differ."""

    seq: int
    id: str
    base: Content
    versions: tuple[Version, ...]
    apart: float
    distance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationResult:
    """What a round came to.

    ``questions``: the figures of the verdict first, then of each tag and rating that was used. ``reached``: whether
    alpha of the verdict is at the threshold; None where it is undefined. ``discuss``: the most disagreed about first.
    """

    round: CalibrationRound
    questions: tuple[tuple[Question, Agreement], ...]
    alpha: Figure
    percent: Figure
    reached: bool | None
    discuss: tuple[ToDiscuss, ...]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """An example whose right verdict is known, and since when it is one."""

    seq: int
    verdict: Verdict
    note: str
    author: str
    since: str
