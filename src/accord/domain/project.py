"""What a project decides once: its answer kind, tags, questions, guideline, charter, rules and data class."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from accord.domain.findings import Limits
from accord.domain.releases import InstructionMode


class AnswerKind(StrEnum):
    """What an answer is."""

    TEXT = "text"
    LIST = "list"
    JSON = "json"


class DataClass(StrEnum):
    """Where the data may go."""

    LOCKED = "locked"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag of the project's set."""

    name: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer of a closed list: ``label`` is shown and stored, ``code`` may replace it at export."""

    label: str
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingQuestion:
    """A question answered by a number from 1 to ``high``."""

    name: str
    title: str
    high: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """What the model is for and when it is good enough."""

    goal: str = ""
    metric: str = ""
    threshold: str = ""
    prompt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRules:
    """What a release refuses (True) or only warns of (False), and how much is reviewed by several people.

    ``overlap``: the share of examples that several review; ``double_tags``: examples with one of these tags always are.
    ``least_reviewers``: how many people reviewed each example that is released, or an adjudicator decided on it.
    ``heldout_double``: what is held out was reviewed by two people or decided by an adjudicator. ``least_alpha``: the
    agreement, by Krippendorff's alpha, that the verdict and the tags that are used have to reach (0: none);
    ``refuse_low_agreement``: below it a release is refused, else warned of. ``refuse_personal_data``: an error that is
    personal data, names that a language model finds aside; ``refuse_findings``: open findings of these severities.
    ``semantic_threshold``: from how alike in meaning on requests stay in one part of the split (0: not asked).
    """

    refuse_open_conflicts: bool = False
    refuse_personal_data: bool = False
    refuse_findings: tuple[str, ...] = ()
    overlap: float = 0.0
    double_tags: tuple[str, ...] = ()
    least_reviewers: int = 1
    heldout_double: bool = False
    least_alpha: float = 0.0
    refuse_low_agreement: bool = True
    semantic_threshold: float = 0.0

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "ReleaseRules":
        """Read plain JSON values; unknown keys are ignored, missing ones take their defaults."""
        known = {k: v for k, v in value.items() if k in cls.__dataclass_fields__}
        several = {name: tuple(known.get(name, ())) for name in ("double_tags", "refuse_findings")}
        return cls(**{**known, **several})


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRecipe:
    """A project's own text of a recipe: its Markdown, and its facts as JSON (``domain.recipes.read``)."""

    name: str
    markdown: str
    facts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSettings:
    """All that a project decides; stored as one versioned JSON value.

    ``second_looks``: the share of one's own examples that comes back blind; None: as usual, a twentieth for who works
    alone, none where several do. ``recipes``: its own texts of recipes, over those that come along.
    """

    title: str = ""
    preset: str = "general"
    answer_kind: AnswerKind = AnswerKind.TEXT
    choices: tuple[Choice, ...] = ()
    export_codes: bool = False
    answer_schema: Mapping[str, Any] = field(default_factory=dict)
    instruction: str = ""
    instruction_mode: InstructionMode = InstructionMode.KEEP
    tags: tuple[Tag, ...] = ()
    ratings: tuple[RatingQuestion, ...] = ()
    reject_reasons: tuple[str, ...] = ()
    guideline: str = ""
    charter: Charter = Charter()
    rules: ReleaseRules = ReleaseRules()
    data_class: DataClass = DataClass.LOCKED
    second_looks: float | None = None
    checks: Limits = field(default_factory=Limits)
    recipes: tuple[OwnRecipe, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "ProjectSettings":
        """Read what ``to_json`` wrote; unknown keys are ignored, missing ones take their defaults."""
        known = {k: v for k, v in value.items() if k in cls.__dataclass_fields__}
        build: dict[str, Any] = {
            "answer_kind": AnswerKind,
            "instruction_mode": InstructionMode,
            "data_class": DataClass,
            "charter": lambda v: Charter(**v),
            "rules": ReleaseRules.from_json,
            "checks": Limits.from_json,
            "choices": lambda v: tuple(Choice(**c) for c in v),
            "tags": lambda v: tuple(Tag(**t) for t in v),
            "ratings": lambda v: tuple(RatingQuestion(**q) for q in v),
            "reject_reasons": tuple,
            "recipes": lambda v: tuple(OwnRecipe(**r) for r in v),
        }
        return cls(**{k: build.get(k, lambda v: v)(v) for k, v in known.items()})
