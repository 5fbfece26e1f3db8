"""A model that a service has fine-tuned: what the service holds of it, and the port through which that is read."""

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, BinaryIO, Protocol

from accord.domain.chat import Failure, Trouble
from accord.domain.chat import sentence as of_chat
from accord.domain.ledger import Tally
from accord.domain.wording import _, mark

_CHECKPOINT = re.compile(r":ckpt-step-\d+$")


class Part(StrEnum):
    """What a service holds of a fine-tuned model, one record each."""

    MODEL = "model"  # its owner, when it was made, when it shuts down
    JOB = "job"  # what made it: base model, method, hyperparameters, its files
    EVENTS = "events"  # all that the job told, oldest first, a JSON line each
    CHECKPOINTS = "checkpoints"  # the models at steps of the job, with their losses, a JSON line each
    FILE = "file"  # what it says of a file of the job: name, size, purpose
    TRAINING = "training_file"
    VALIDATION = "validation_file"
    RESULT = "result_file"  # the losses step by step, a CSV
    VISIT = "visit"  # not the service's: who fetched what with whose consent, and what did not come


#: Those that are files: they have a name and a size of their own.
FILES = (Part.TRAINING, Part.VALIDATION, Part.RESULT)
#: Those whose rows are examples.
EXAMPLES = (Part.TRAINING, Part.VALIDATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of a list. ``after``: where the next ones begin; empty where these are the last."""

    rows: Sequence[Mapping[str, Any]]
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A file as it came, whole: its bytes and their sha256."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing that the service holds of a model. ``name``: its id there; ``file``: the name of a file.

    ``bytes``: None where the service does not say; ``expires``: the day on which the service deletes the file, ISO
    8601 in seconds since 1970, None where it says none. ``record``: where it is kept here; ``known``: since before.
    ``tally``: of the import of its rows. ``why``: why it, or its rows, did not come; empty where all is here.
    """

    part: Part
    name: str
    file: str = ""
    bytes: int | None = None
    expires: int | None = None
    record: int | None = None
    known: bool = False
    tally: Tally | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a service holds of a model, and what of it is here. ``told``: the model as the service tells of it.

    ``base``: the model that it was made from; a fine-tuned one can be brought home too.
    """

    model: str
    host: str
    things: tuple[Thing, ...]
    told: Mapping[str, Any]
    base: str = ""

    @property
    def failed(self) -> tuple[Thing, ...]:
        """Return what did not come; asking again brings what can come then, and nothing twice."""
        return tuple(thing for thing in self.things if thing.why)

    @property
    def bytes(self) -> int:
        """Return the size of the files that the service tells of."""
        return sum(thing.bytes or 0 for thing in self.things)


class FineTuningService(Protocol):
    """One connection to a service that has fine-tuned models; it is only read, so that everything may be asked twice.

    Each call asks once, ends within its time, and soon after ``stop`` is set.
    """

    def model(self, name: str, stop: threading.Event) -> Mapping[str, Any] | Failure:
        """Return what the service says of a model."""

    def jobs(self, after: str, stop: threading.Event) -> Page | Failure:
        """Return the jobs of the account, newest first."""

    def job(self, name: str, stop: threading.Event) -> Mapping[str, Any] | Failure:
        """Return one job."""

    def events(self, job: str, after: str, stop: threading.Event) -> Page | Failure:
        """Return what a job told, newest first."""

    def checkpoints(self, job: str, after: str, stop: threading.Event) -> Page | Failure:
        """Return the models at steps of a job."""

    def file(self, name: str, stop: threading.Event) -> Mapping[str, Any] | Failure:
        """Return what the service says of a file: its name, size, and purpose."""

    def content(self, name: str, into: BinaryIO, most: int, stop: threading.Event) -> Content | Failure:
        """Write a file's bytes, ``most`` of them, into an empty file. What was written counts only with a Content."""

    def close(self) -> None:
        """Close the connections that are held open."""


def made_by(model: str, job: Mapping[str, Any]) -> bool:
    """Say whether a job made a model, or the model that it is a checkpoint of."""
    made = job.get("fine_tuned_model")
    return isinstance(made, str) and bool(made) and made in {model, _CHECKPOINT.sub("", model)}


def files_of(job: Mapping[str, Any]) -> list[tuple[Part, str]]:
    """Return the files that a job names: what each is, and its id at the service."""
    found = [(Part.TRAINING, job.get("training_file")), (Part.VALIDATION, job.get("validation_file"))]
    results = job.get("result_files")
    found += [(Part.RESULT, name) for name in (results if isinstance(results, list) else ())]
    return [(part, name) for part, name in found if isinstance(name, str) and name]


def title(part: Part) -> str:
    """Return what a part is called, in the user's language."""
    return _(_TITLES[part])


def sentence(trouble: Trouble) -> str:
    """Return what happened when something was read, and what to do, in the user's language."""
    return _(_SENTENCES[trouble]) if trouble in _SENTENCES else of_chat(trouble)


_TITLES: Mapping[Part, str] = {
    Part.MODEL: mark("model"),
    Part.JOB: mark("job"),
    Part.EVENTS: mark("events"),
    Part.CHECKPOINTS: mark("checkpoints"),
    Part.FILE: mark("facts of a file"),
    Part.TRAINING: mark("training file"),
    Part.VALIDATION: mark("validation file"),
    Part.RESULT: mark("result file"),
    Part.VISIT: mark("visit"),
}
_SENTENCES: Mapping[Trouble, str] = {
    Trouble.RATE_LIMIT: mark("The service takes no more requests for now. Try again later."),
    Trouble.OVERLOADED: mark("The service is overloaded. Try again later."),
    Trouble.FORBIDDEN: mark("The service does not let this key read it. The key of an owner of the account may do."),
    Trouble.NO_MODEL: mark("The service has no model of this name for this key."),
    Trouble.NO_SERVICE: mark("Nothing at this address tells of fine-tuned models. Does the address end in /v1?"),
    Trouble.BAD_REQUEST: mark("The service does not accept the request."),
    Trouble.TIMED_OUT: mark("It did not come whole in time."),
    Trouble.BROKEN_OFF: mark("The connection broke before it was whole."),
    Trouble.PAGE: mark("A web page came in its place: a proxy or a sign-in page stands between."),
    Trouble.NOT_JSON: mark("What came is not the form of a fine-tuning service."),
    Trouble.UNFINISHED: mark("The list has no end: the service repeats itself."),
    Trouble.TOO_LARGE: mark("It is larger than any file for fine-tuning."),
}
