"""Candidates from a chat model: what a run is, what its questions start from, and what becomes of each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from accord.domain.chat import Connection, Trouble, Usage
from accord.domain.recipes import Recipe
from accord.domain.spending import Price


class RunState(StrEnum):
    """Where a run of questions stands."""

    RUNNING = "running"  # a program asks, or has died while it did
    STOPPED = "stopped"  # by a person, the budget, or the service: it can be resumed
    DONE = "done"  # every question is answered or listed


class ItemState(StrEnum):
    """Where one question of a run stands."""

    WAITING = "waiting"
    ASKED = "asked"  # under way; after a crash it waits again, and what it can have cost is counted
    ANSWERED = "answered"  # the reply is kept; its candidates are not in the project yet
    STORED = "stored"  # what came of it is in the project, or refused there with its reason
    FAILED = "failed"  # listed with its reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Who allowed that texts leave this machine: for which purpose, to which host, by which terms of the provider.

    ``data_class``: that of the project, as it was then.
    """

    author: str
    purpose: str
    host: str
    terms: str = ""
    data_class: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A passage of a source document. ``id``: of the file and the text; ``place``: where it stands, for people."""

    id: str
    document: str
    place: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What one question starts from; which of the fields, the recipe's ``takes`` says.

    ``seed``: an example's number; ``shown``: the accepted examples that are shown beside it; ``count``: how many
    candidates are asked for; ``group``: the patient, matter or document that its candidates belong to.
    """

    seed: int | None = None
    shown: tuple[int, ...] = ()
    tag: str = ""
    count: int = 1
    passage: Passage | None = None
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan:
    """How a run asks: all that its questions share. ``budget``: US dollars, None where nothing is charged.

    ``surrogates``: personal data is replaced before it is sent, and put back in what comes.
    """

    recipe: Recipe
    connection: Connection
    model: str
    price: Price
    budget: Decimal | None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    consent: Consent | None = None
    surrogates: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of the candidates of one reply, or of several: how many of each; ``refused``: by their reason.

    ``near``: nearly the same as another example, and so set aside as duplicates.
    """

    new: int = 0
    duplicate: int = 0
    near: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: "Outcome") -> "Outcome":
        """Return both together."""
        return Outcome(
            new=self.new + other.new,
            duplicate=self.duplicate + other.duplicate,
            near=self.near + other.near,
            refused=dict(Counter(self.refused) + Counter(other.refused)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunItem:
    """One question of a run as it stands. ``aside``: what it can cost; ``cost``: what it has cost so far.

    ``tries``: how often it was asked. ``asked``: the sha256 of the messages that were sent last; ``outcome``: once it
    is stored.
    """

    number: int
    start: Start
    state: ItemState = ItemState.WAITING
    tries: int = 0
    trouble: Trouble | None = None
    said: str = ""
    aside: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)
    asked: str = ""
    usage: Usage | None = None
    seconds: float = 0.0
    model: str = ""
    request_id: str = ""
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """That a question is about to be asked. ``asked``: the sha256 of its messages; ``aside``: what it can cost.

    ``tries``: how often it was asked, this time among them; ``replaced``: how much personal data stands replaced in it.
    """

    number: int
    asked: str
    aside: Decimal = Decimal(0)
    tries: int = 1
    replaced: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Setback:
    """That a question got no answer that counts. ``cost``: of this asking; ``said``: the service's own words.

    ``final``: it is listed with its reason; else it waits to be asked once more, in this run or by a resume.
    """

    number: int
    trouble: Trouble
    said: str = ""
    final: bool = True
    cost: Decimal = Decimal(0)
    usage: Usage | None = None
    request_id: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Made:
    """That a candidate came of an item of a run. ``seq``: the example's number; ``seeds``: those it started from."""

    seq: int
    number: int
    seeds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A whole answer as it is kept until its candidates are in the project. ``text``: with what was replaced put back.

    ``asked``: the sha256 of the messages that were sent; ``raw``: what the service sent. ``left``: invented data of the
    question that the answer may still name, in words that could not be put back.
    """

    number: int
    text: str
    model: str
    usage: Usage | None
    request_id: str
    asked: str
    seconds: float
    raw: Mapping[str, Any]
    cost: Decimal = Decimal(0)
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """A run as it is listed. ``cost``: what was put aside for what is under way counts as spent.

    ``without``: the parameters that the model refused; ``alive``: a program asks at this moment; ``undone``: how many
    of its stored items were taken back with their import; ``act``: of its beginning.
    """

    id: int
    plan: RunPlan
    state: RunState
    author: str
    at: str
    items: Mapping[ItemState, int]
    cost: Decimal
    why: str = ""
    without: frozenset[str] = frozenset()
    outcome: Outcome = Outcome()
    alive: bool = False
    undone: int = 0
    act: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One line of the log of what was sent: the sha256 of the messages, where to, when, and how much was replaced.

    ``purpose``: what it was sent for, a word of the program's; ``run`` and ``number``: None where it was of no run.
    """

    purpose: str
    host: str
    asked: str
    replaced: int = 0
    run: int | None = None
    number: int | None = None
    author: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One candidate that a reply makes, as texts. ``facts``: what else is kept of it, such as a critique or a fault."""

    request: str = ""
    answer: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


Drafts = Sequence[Draft]
