"""What a chat service does wrong: each kind by its name, with one line on what happens in the field."""

from dataclasses import dataclass, field
from enum import Enum, StrEnum


class Family(StrEnum):
    """Where a fault sits, and so which requests it can be shown on."""

    REFUSAL = "refusal"  # a status and a body that say no; any request
    WIRE = "wire"  # a good reply that does not come over whole; any request
    ANSWER = "answer"  # a whole reply whose content is not the answer; chat requests
    STREAM = "stream"  # only where the answer is streamed
    ADDRESS = "address"  # nothing is there that could be asked: see places.py


class Fault(Enum):
    """A kind of failure; ``__doc__`` of each says what happens in the field."""

    # 429, and the ways to say how long to wait
    RATE_LIMIT_SECONDS = Family.REFUSAL, "429; retry-after says how many seconds to wait"
    RATE_LIMIT_DATE = Family.REFUSAL, "429; retry-after is an HTTP date, as proxies and gateways write it"
    RATE_LIMIT_MILLISECONDS = Family.REFUSAL, "429; retry-after-ms says the wait to the millisecond, as Azure does"
    RATE_LIMIT_BARE = Family.REFUSAL, "429 and not a word on how long to wait"
    RATE_LIMIT_RESET_REQUESTS = Family.REFUSAL, '429; only x-ratelimit-reset-requests ("1s") says when there is room'
    RATE_LIMIT_RESET_TOKENS = Family.REFUSAL, '429; only x-ratelimit-reset-tokens ("6m0s") says when there is room'
    RATE_LIMIT_NONSENSE = Family.REFUSAL, '429; retry-after is no number and no date ("soon")'
    RATE_LIMIT_DAY = Family.REFUSAL, "429; the requests of the day are used up, and retry-after is 86400"
    RATE_LIMIT_AZURE = (
        Family.REFUSAL,
        'Azure\'s 429: the code is the text "429", there is no type, and seconds are given',
    )
    REQUEST_ABOVE_LIMIT = Family.REFUSAL, "429; this one request is larger than the tokens of a minute: it never passes"
    INSUFFICIENT_QUOTA = Family.REFUSAL, "429 as for a rate limit, but the prepaid money is used up: waiting is no use"
    BILLING_NOT_ACTIVE = Family.REFUSAL, "429; the account is not active until somebody has paid"
    BILLING_LIMIT = Family.REFUSAL, "400; the hard limit that the owner set for the month is reached"
    # the service is not well
    SERVER_ERROR = Family.REFUSAL, "500; the service failed while it worked on the request"
    SERVER_ERROR_EMPTY = Family.REFUSAL, "500 without a body"
    BAD_GATEWAY_HTML = Family.REFUSAL, "502; the page of a proxy in HTML"
    UNAVAILABLE = Family.REFUSAL, "503; the model is overloaded, and retry-after says for how long"
    GATEWAY_TIMEOUT = Family.REFUSAL, "504; a gateway waited too long for the model"
    OVERLOADED = Family.REFUSAL, "529; overloaded, with a status that is in no standard"
    CAPTIVE_PORTAL = Family.REFUSAL, "200 with an HTML page: a hotel's or hospital's network asks for a login"
    HTML_AS_JSON = Family.REFUSAL, "200 with an HTML page that says that it is application/json"
    PROXY_LOGIN = Family.REFUSAL, "407; the proxy of the house wants its own login"
    # the request is refused
    CONTEXT_LENGTH = Family.REFUSAL, "400; the request is longer than the model's context"
    CONTEXT_SIZE_LLAMA_CPP = (
        Family.REFUSAL,
        "llama.cpp's 400: longer than the context, with both counts and a numeric code",
    )
    UNSUPPORTED_PARAMETER = Family.REFUSAL, "400; the model does not know a parameter (param says which)"
    UNSUPPORTED_VALUE = Family.REFUSAL, "400; the model takes only the parameter's default"
    RESPONSE_FORMAT_REFUSED = Family.REFUSAL, "400; the model has no structured outputs"
    PROMPT_FILTERED = Family.REFUSAL, "Azure's 400: its content filter stopped the request itself"
    MODEL_NOT_FOUND = Family.REFUSAL, "404; the model is retired, or not this account's"
    PATH_NOT_FOUND = Family.REFUSAL, "404; the base URL lacks its /v1, or has it twice"
    INVALID_KEY = Family.REFUSAL, "401; the key is wrong"
    KEY_ECHOED = Family.REFUSAL, "401; a careless service repeats the whole key in its error"
    KEY_REVOKED = Family.REFUSAL, "401 from this request on, for every request: the key was deleted half-way"
    REGION_REFUSED = Family.REFUSAL, "403; the country is not served"
    PERMISSION_REFUSED = Family.REFUSAL, "403; the project of the key may not use this model"
    REQUEST_TIMEOUT = Family.REFUSAL, "408; the service did not get the request in time"
    CONFLICT = Family.REFUSAL, "409; something else changed it at the same time"
    TOO_LARGE = Family.REFUSAL, "413; a proxy's limit on the size of requests, in HTML"
    UNPROCESSABLE = Family.REFUSAL, "422; a validator's list of what is wrong, in its own form"
    ERROR_AS_TEXT = Family.REFUSAL, "400; the error is a text and not an object, as in Ollama"
    ERROR_FLAT = Family.REFUSAL, "400; the error's fields stand at the top, as in older vLLM"
    REDIRECT_ELSEWHERE = Family.REFUSAL, "307 to another host: who follows sends the key and the text there"
    REDIRECT_LOOP = Family.REFUSAL, "307 to the same address, for ever"
    # the reply does not come over whole
    CLOSED_BEFORE_REPLY = Family.WIRE, "the connection is closed in good order before a word is said"
    RESET_BEFORE_REPLY = Family.WIRE, "the connection is reset before a word is said"
    RESET_AFTER_HEADERS = Family.WIRE, "the connection is reset after the headers"
    RESET_IN_BODY = Family.WIRE, "the connection is reset in the middle of the body"
    NO_REPLY = Family.WIRE, "the request is taken and nothing ever comes"
    SILENT_AFTER_HEADERS = Family.WIRE, "the headers come, then nothing"
    DRIP = Family.WIRE, "the reply comes whole, one byte a second: no time-out between two bytes ever ends it"
    SHORT_BODY = Family.WIRE, "the connection is closed before as many bytes came as content-length says"
    CHUNKED_CUT = Family.WIRE, "the connection is closed within a chunk of a chunked body"
    HEADERS_CUT = Family.WIRE, "the connection is closed within the headers"
    HEADERS_HUGE = Family.WIRE, "a proxy added a header of 200 kB"
    NOT_HTTP = Family.WIRE, "another program answers at this port (SSH)"
    EMPTY_BODY = Family.WIRE, "200 with a body of no bytes"
    GZIP_BROKEN = Family.WIRE, "the body is gzip, with wrong bytes in the middle"
    GZIP_IN_NAME = Family.WIRE, "content-encoding says gzip and the body is plain"
    # the reply is whole and is no answer, or says something odd beside it
    FINISH_LENGTH = Family.ANSWER, "the answer stops at the token limit: finish_reason length"
    FINISH_FILTER = Family.ANSWER, "the answer stops where the content filter stepped in: finish_reason content_filter"
    FINISH_MISSING = Family.ANSWER, "finish_reason stays null, and the reply ends as if all were well"
    FINISH_UNKNOWN = Family.ANSWER, 'finish_reason is a word of the service\'s own ("abort")'
    REFUSED = Family.ANSWER, "the model declines: the refusal stands in its own field, finish_reason is stop"
    TOOL_CALLS = Family.ANSWER, "the model calls a tool that nobody offered; there is no content"
    CONTENT_NULL = Family.ANSWER, "content is null although finish_reason is stop"
    CONTENT_EMPTY = Family.ANSWER, "content is an empty text although finish_reason is stop"
    CONTENT_NUMBER = Family.ANSWER, "content is a number"
    CONTENT_PARTS = Family.ANSWER, "content is a list of parts, as some compatible services send it"
    REASONING_ONLY = Family.ANSWER, "all tokens went into reasoning_content; content is empty, finish_reason length"
    CHOICES_EMPTY = Family.ANSWER, "choices is an empty list"
    CHOICES_MISSING = Family.ANSWER, "there are no choices at all"
    CHOICES_OBJECT = Family.ANSWER, "choices is an object and not a list"
    BODY_NULL = Family.ANSWER, "200, and the JSON is null"
    BAD_JSON = Family.ANSWER, "the JSON of the reply stops half-way, with every header right"
    NOT_A_NUMBER = Family.ANSWER, "the counts of tokens are NaN, which is no JSON and which Python reads"
    DEEP_NESTING = Family.ANSWER, "a field nested a hundred thousand deep: a parser runs out of stack"
    WRONG_ENCODING = Family.ANSWER, "the text is in Latin-1 while the headers say UTF-8"
    WRONG_SCHEMA = Family.ANSWER, "the content is JSON that breaks the schema that was asked for"
    SCHEMA_CUT = Family.ANSWER, "the content is JSON cut half-way although finish_reason is stop"
    DUPLICATE_IDS = Family.ANSWER, "every answer has the same id"
    USAGE_MISSING = Family.ANSWER, "the counts of tokens are missing"
    USAGE_ABSURD = Family.ANSWER, "the counts of tokens are negative"
    OTHER_MODEL = Family.ANSWER, "another model answered than the one that was asked"
    ERROR_WITH_200 = Family.ANSWER, "200, and the body is an error object"
    HUGE_ANSWER = Family.ANSWER, "an answer of 20 MB, of which usage counts only a few tokens"
    # streams
    STREAM_CUT = Family.STREAM, "the connection is lost at a byte of the stream"
    STREAM_CUT_IN_ORDER = Family.STREAM, "a proxy ends the stream in good order at a byte of it: nothing looks wrong"
    STREAM_STALLS = Family.STREAM, "the stream stops half-way and the connection stays open"
    STREAM_NO_DONE = Family.STREAM, "the stream ends after finish_reason, without [DONE]"
    STREAM_NOTHING = Family.STREAM, "the stream holds nothing but [DONE]"
    STREAM_ERROR = Family.STREAM, "an error object comes half-way in the stream, whose status was 200"
    STREAM_KEEP_ALIVES = Family.STREAM, "comments come between the events, to keep the connection open"
    STREAM_AS_JSON = Family.STREAM, "a stream was asked for and one whole JSON object comes"
    # addresses
    CONNECT_REFUSED = Family.ADDRESS, "nobody listens at this port"
    CONNECT_TIMEOUT = Family.ADDRESS, "the connection is never made: a firewall drops it"
    CONNECT_RESET = Family.ADDRESS, "each connection is reset as soon as it is made"
    NAME_UNKNOWN = Family.ADDRESS, "the name of the host is not known"
    TLS_SELF_SIGNED = Family.ADDRESS, "the certificate is signed by nobody that is trusted"
    TLS_WRONG_HOST = Family.ADDRESS, "the certificate is good and is another host's"
    TLS_EXPIRED = Family.ADDRESS, "the certificate has run out"
    TLS_SILENT = Family.ADDRESS, "the connection is made and the TLS handshake never answered"
    TLS_TO_PLAIN = Family.ADDRESS, "https is spoken to a port that knows http only"
    PLAIN_TO_TLS = Family.ADDRESS, "http is spoken to a port that knows https only"

    def __init__(self, family: Family, story: str) -> None:
        self.family = family
        self.__doc__ = story

    def __str__(self) -> str:
        return self.name.lower()

    @property
    def answered(self) -> bool:
        """Whether the whole answer comes and says that it is whole, so that a client may accept it.

        A cut stream is not counted here: what it holds depends on the byte (`streams.finished_at`).
        """
        return self in _ANSWERED


_ANSWERED = frozenset(
    {
        Fault.DRIP,
        Fault.HEADERS_HUGE,
        Fault.GZIP_IN_NAME,
        Fault.CONTENT_PARTS,
        Fault.NOT_A_NUMBER,
        Fault.DEEP_NESTING,
        Fault.DUPLICATE_IDS,
        Fault.USAGE_MISSING,
        Fault.USAGE_ABSURD,
        Fault.OTHER_MODEL,
        Fault.HUGE_ANSWER,
        Fault.STREAM_NO_DONE,
        Fault.STREAM_KEEP_ALIVES,
        Fault.STREAM_AS_JSON,
    }
)


@dataclass(frozen=True, slots=True)
class Good:
    """A good answer: ``text`` (made up from the request where None), ``pace`` seconds between pieces of a stream."""

    text: str | None = None
    pace: float = 0.0


@dataclass(frozen=True, slots=True)
class Case:
    """A fault with its parameters; None takes what the kind has by itself.

    seconds   the wait that a refusal asks for, or that DRIP leaves between two bytes
    byte      how many bytes of a body or stream are sent before it is cut (the half of them)
    param     the parameter that is not supported
    location  where a redirect leads
    size      characters of HUGE_ANSWER
    good      the answer that is spoiled
    """

    fault: Fault
    seconds: float | None = None
    byte: int | None = None
    param: str = "temperature"
    location: str = "https://elsewhere.invalid/v1/chat/completions"
    size: int = 20_000_000
    good: Good = field(default_factory=Good)

    def wait(self, by_itself: float) -> float:
        """Return the seconds asked for, or those of the kind."""
        return by_itself if self.seconds is None else self.seconds

    def cut(self, length: int) -> int:
        """Return how many of ``length`` bytes are sent."""
        return length // 2 if self.byte is None else min(self.byte, length)


def kinds(*families: Family) -> tuple[Fault, ...]:
    """Return the kinds of some families, or all of them."""
    return tuple(fault for fault in Fault if not families or fault.family in families)
