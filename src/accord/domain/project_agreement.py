"""How well the reviewers of a project agree: the questions that can be asked of their reviews, and what comes of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from accord.domain.agreement import Agreement, Figure
from accord.domain.errors import WrongUsage
from accord.domain.wording import _, plural

_LEAST_SHOWN = 0.001


class About(StrEnum):
    """What reviewers may agree on."""

    VERDICT = "verdict"
    ANSWER = "answer"
    TAG = "tag"
    RATING = "rating"


class BadQuestion(WrongUsage):
    """A question that cannot be read."""

    def __init__(self, text: str) -> None:
        super().__init__(_("“{text}” is no question. There are: verdict, answer, tag:NAME, rating:NAME.", text=text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing that reviewers say of an example; ``name`` is the tag's or the rating's."""

    about: About
    name: str = ""

    @classmethod
    def read(cls, text: str) -> Self:
        """Read ``verdict``, ``answer``, ``tag:NAME`` or ``rating:NAME``. Raises BadQuestion."""
        about, colon, name = text.partition(":")
        named = about in {About.TAG, About.RATING}
        if about not in list(About) or not named == bool(name) == bool(colon):
            raise BadQuestion(text)
        return cls(about=About(about), name=name)

    @property
    def key(self) -> str:
        """The question as it is typed."""
        return f"{self.about.value}:{self.name}" if self.name else self.about.value

    @property
    def title(self) -> str:
        """The question as it is shown."""
        if self.about is About.VERDICT:
            return _("Verdict")
        return _("Answer") if self.about is About.ANSWER else self.name[:1].upper() + self.name[1:]


VERDICT = Question(about=About.VERDICT)
ANSWER = Question(about=About.ANSWER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Costly:
    """An open disagreement; without it alpha would be higher by ``gain``."""

    id: str
    gain: float

    @property
    def shown(self) -> str:
        """The gain as it is written; of many examples each costs little."""
        return f"{self.gain:.3f}" if self.gain >= _LEAST_SHOWN else _("less than {least}", least=_LEAST_SHOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAgreement:
    """One question: the raters' own figures, what became of their differences, and the sentence that says it.

    ``double``: examples that two or more answered; ``differing``: those of them with different answers; ``decided``:
    those of the differing that an adjudicator decided. ``settled``: the share of ``double`` agreed or decided, with its
    Wilson interval. ``costliest``: at most three open disagreements, the costliest first, of equal ones those with the
    least ids; ``alike``: how many more cost as much as the last of them.
    """

    question: Question
    agreement: Agreement
    double: int
    differing: int
    decided: int
    settled: Figure
    costliest: tuple[Costly, ...]
    alike: int
    sentence: str

    @property
    def more_alike(self) -> str:
        """How many more cost as much as the last that is named; empty without any."""
        if not self.alike:
            return ""
        return plural("and {n} more that costs as much", "and {n} more that cost as much", self.alike)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairAgreement:
    """Two reviewers on the examples that both judged.

    ``kappa`` and ``ac1`` are Cohen's kappa and Gwet's AC1; of a rating quadratically weighted kappa and AC2.
    """

    first: str
    second: str
    percent: Figure
    kappa: Figure
    ac1: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerAgreement:
    """How often one reviewer says what the adjudicator decided, or else what most of the others say (Wilson)."""

    reviewer: str
    share: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class PartAgreement:
    """The reviews of one week (its Monday, by the later review) or under one version of the guideline (0: none yet)."""

    part: str
    percent: Figure
    alpha: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfAgreement:
    """How often one reviewer says the same when an example comes back blind (Wilson), and the sentence for it."""

    reviewer: str
    share: Figure
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectAgreement:
    """All figures of a project: each question in ``questions``; of ``question`` alone who, when and by what guideline.

    ``reviewers``: whose reviews are counted, by name.
    """

    question: Question
    reviewers: tuple[str, ...]
    questions: tuple[QuestionAgreement, ...]
    pairs: tuple[PairAgreement, ...]
    consensus: tuple[ReviewerAgreement, ...]
    weeks: tuple[PartAgreement, ...]
    guidelines: tuple[PartAgreement, ...]
    itself: tuple[SelfAgreement, ...]

    @property
    def chosen(self) -> QuestionAgreement:
        """The figures of ``question``."""
        return next(one for one in self.questions if one.question == self.question)
