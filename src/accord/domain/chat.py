"""Asking a chat model: what is asked, what comes of it, and what each kind of failure means for the rest of a run."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from accord.domain.wording import _, mark


class Trouble(StrEnum):
    """Why a question got no answer that counts."""

    RATE_LIMIT = "rate_limit"
    QUOTA = "quota"
    KEY = "key_refused"
    FORBIDDEN = "forbidden"
    NO_MODEL = "no_such_model"
    NO_SERVICE = "no_such_service"
    GONE = "gone"
    TOO_LONG = "too_long"
    PARAMETER = "parameter_refused"
    BAD_REQUEST = "bad_request"
    SERVER = "server_error"
    OVERLOADED = "overloaded"
    UNREACHABLE = "unreachable"
    NAME = "name_not_found"
    TLS = "certificate"
    TIMED_OUT = "timed_out"
    BROKEN_OFF = "broken_off"
    PAGE = "web_page"
    NOT_JSON = "not_json"
    REDIRECTED = "redirected"
    NO_CHOICE = "no_choice"
    EMPTY = "empty"
    CUT = "cut_at_length"
    FILTERED = "filtered"
    REFUSED = "refused"
    UNFINISHED = "unfinished"
    OTHER_THAN_TEXT = "other_than_text"
    TOO_LARGE = "too_large"
    WRONG_FORM = "wrong_form"
    LOCKED = "locked"
    PRIVATE = "personal_data"
    UNLOOKED = "not_looked_at"
    DELETED = "example_deleted"
    HELD_OUT = "example_held_out"
    STOPPED = "stopped"


class Then(StrEnum):
    """What a run does after a failure."""

    AGAIN = "again"  # this question once more, later
    PAUSE = "pause"  # every question waits, then this one once more
    WITHOUT = "without"  # this question once more without the parameter that was refused
    LEAVE = "leave"  # this question ends with its reason; asking once more would not help
    STOP = "stop"  # the run stops until a person has done something


THEN: Mapping[Trouble, Then] = {
    Trouble.RATE_LIMIT: Then.PAUSE,
    Trouble.OVERLOADED: Then.PAUSE,
    Trouble.PARAMETER: Then.WITHOUT,
    **dict.fromkeys(
        (
            Trouble.SERVER,
            Trouble.UNREACHABLE,
            Trouble.NAME,
            Trouble.TIMED_OUT,
            Trouble.BROKEN_OFF,
            Trouble.PAGE,
            Trouble.NOT_JSON,
            Trouble.NO_CHOICE,
            Trouble.EMPTY,
            Trouble.UNFINISHED,
            Trouble.WRONG_FORM,
        ),
        Then.AGAIN,
    ),
    **dict.fromkeys(
        (
            Trouble.QUOTA,
            Trouble.KEY,
            Trouble.FORBIDDEN,
            Trouble.NO_MODEL,
            Trouble.NO_SERVICE,
            Trouble.TLS,
            Trouble.REDIRECTED,
            Trouble.LOCKED,
            Trouble.UNLOOKED,
            Trouble.STOPPED,
        ),
        Then.STOP,
    ),
    **dict.fromkeys(
        (
            Trouble.TOO_LONG,
            Trouble.BAD_REQUEST,
            Trouble.CUT,
            Trouble.FILTERED,
            Trouble.REFUSED,
            Trouble.OTHER_THAN_TEXT,
            Trouble.TOO_LARGE,
            Trouble.PRIVATE,
            Trouble.DELETED,
            Trouble.HELD_OUT,
            Trouble.GONE,
        ),
        Then.LEAVE,
    ),
}


def sentence(trouble: Trouble) -> str:
    """Return what happened and what to do, in the user's language."""
    return _(_SENTENCES[trouble])


_SENTENCES: Mapping[Trouble, str] = {
    Trouble.RATE_LIMIT: mark("The service takes no more questions for now; they are asked again when it does."),
    Trouble.QUOTA: mark("The account has no credit left. Add some at the service."),
    Trouble.KEY: mark("The service does not accept the key. Enter a valid one."),
    Trouble.FORBIDDEN: mark("The service does not allow this to this key, or from this country."),
    Trouble.NO_MODEL: mark("The service has no model of this name for this key. Choose one that it lists."),
    Trouble.NO_SERVICE: mark("Nothing at this address takes chat questions. Does the address end in /v1?"),
    Trouble.GONE: mark("The service no longer has it."),
    Trouble.TOO_LONG: mark("The question is longer than the model can read."),
    Trouble.PARAMETER: mark("The model does not take one of the parameters; it is asked without it."),
    Trouble.BAD_REQUEST: mark("The service does not accept the question as it stands."),
    Trouble.SERVER: mark("The service failed."),
    Trouble.OVERLOADED: mark("The service is overloaded; the question is asked again later."),
    Trouble.UNREACHABLE: mark("Nothing answers at this address. Is the service running, and the network there?"),
    Trouble.NAME: mark("The name in the address is not known. Is it spelt right, and is the network there?"),
    Trouble.TLS: mark("The service could not prove that it is the one named in the address. Nothing was sent."),
    Trouble.TIMED_OUT: mark("No whole answer came in time."),
    Trouble.BROKEN_OFF: mark("The connection broke before the answer was whole."),
    Trouble.PAGE: mark("A web page came in place of an answer: a proxy or a sign-in page stands between."),
    Trouble.NOT_JSON: mark("What came is not the form of a chat service."),
    Trouble.REDIRECTED: mark("The service pointed to another address. It was not followed; nothing was sent there."),
    Trouble.NO_CHOICE: mark("The reply holds no answer."),
    Trouble.EMPTY: mark("The answer is empty."),
    Trouble.CUT: mark("The answer was cut at the greatest length. Allow more tokens for an answer."),
    Trouble.FILTERED: mark("The service's content filter held the answer back."),
    Trouble.REFUSED: mark("The model declined to answer."),
    Trouble.UNFINISHED: mark("The answer ended without the sign that it is whole."),
    Trouble.OTHER_THAN_TEXT: mark("The model asked for a tool in place of an answer."),
    Trouble.TOO_LARGE: mark("The reply is larger than any answer."),
    Trouble.WRONG_FORM: mark("The answer is not of the form that was asked for."),
    Trouble.LOCKED: mark("This project is locked to this machine, and the address is not on it. Nothing was sent."),
    Trouble.PRIVATE: mark("It holds personal data and was not sent. Choose surrogates, or change the text."),
    Trouble.UNLOOKED: mark("Names could not be looked for, as packages are missing. Nothing was sent."),
    Trouble.DELETED: mark("The example that it starts from was deleted for good."),
    Trouble.HELD_OUT: mark(
        "A release holds out the example that it starts from, or what belongs to it. It was not sent."
    ),
    Trouble.STOPPED: mark("It was stopped."),
}


class Kind(StrEnum):
    """How a service wants to be spoken to."""

    OPENAI = "openai"
    AZURE = "azure"
    COMPATIBLE = "compatible"  # llama.cpp, vLLM, Ollama, LM Studio and others that speak like OpenAI


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """Where a service is. ``base_url``: up to and with /v1; of Azure, the resource. ``api_version``: Azure's alone."""

    name: str
    base_url: str
    kind: Kind = Kind.COMPATIBLE
    api_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a model. ``messages``: role and content of each; ``schema``: a JSON schema of the answer.

    ``most_tokens``: of the answer; ``parameters``: others of the service, by its names; ``without``: those that the
    model refused before; ``seconds``: for all of it.
    """

    model: str
    messages: Sequence[Mapping[str, str]]
    most_tokens: int
    schema: Mapping[str, Any] | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    seconds: float = 120.0


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that the service counted."""

    prompt: int
    answer: int


@dataclass(frozen=True, slots=True)
class Room:
    """How much a service takes before it says no; None where it does not say. Seconds until there is more."""

    requests: int | None = None
    tokens: int | None = None
    requests_again: float | None = None
    tokens_again: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer: the service said that it is. ``raw``: what the service sent, put together where it came in parts.

    ``model``: as the service names the one that answered. ``usage``: None where it did not count.
    """

    text: str
    model: str
    usage: Usage | None
    request_id: str
    raw: Mapping[str, Any]
    seconds: float
    room: Room = Room()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """No answer that counts. ``said``: the service's own words; ``parameter``: the one refused.

    ``wait``: seconds that the service asks for. ``sent``: the question may have reached the service and be charged;
    ``usage``: where it was counted.
    """

    trouble: Trouble
    said: str = ""
    status: int | None = None
    parameter: str = ""
    wait: float | None = None
    sent: bool = True
    usage: Usage | None = None
    request_id: str = ""
    room: Room = Room()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Offered:
    """A model that is listed. ``retires``: the day that the service gives, ISO 8601; empty where it says none."""

    name: str
    retires: str = ""


class ChatService(Protocol):
    """One connection to a service that answers chat questions. Safe to use from several threads at once."""

    def models(self) -> Sequence[Offered] | Failure:
        """Return what the service lists."""

    def ask(self, question: Question, stop: threading.Event) -> Answer | Failure:
        """Ask once; never twice. Returns within the question's seconds, and soon after ``stop`` is set."""

    def close(self) -> None:
        """Close the connections that are held open."""
