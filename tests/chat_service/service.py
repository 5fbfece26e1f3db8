"""The service: GET /v1/models and POST /v1/chat/completions on 127.0.0.1, and whatever its script does wrong."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email.utils import formatdate
from types import TracebackType
from typing import Self

from tests.chat_service import door
from tests.chat_service.answers import MODELS, Outline, answer, model_list, outline
from tests.chat_service.breaking import BREAKS, broken_steps
from tests.chat_service.certificates import Certificate
from tests.chat_service.faults import Case, Family, Fault, Good
from tests.chat_service.limits import Allowance, RateLimit, Window
from tests.chat_service.listening import Connections, Link, Listener
from tests.chat_service.refusals import error, rate_limited, refusal, refuse
from tests.chat_service.scripts import Behaviour, Script, always
from tests.chat_service.spoiling import drawn_otherwise, spoiled
from tests.chat_service.wire import Broken, Reader, Received, Response, Step, parsed

KEY = "sk-tests-0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what was done on it: a good answer, a fault, or None where it did not get past the door.

    The tokens are what a provider bills at worst: all of the answer once the model has run, however little of it
    came over; nothing for a refusal.
    """

    request: Received
    done: Good | Case | None
    status: int
    prompt_tokens: int = 0
    completion_tokens: int = 0


class ChatService:
    """A chat completions API that fails as it is told; used with ``with``, or start and stop.

    key         what a client must send; None asks for none
    models      the names that are listed and answered
    script      asked for each request that gets past the door: its number from 0, and the request; one at a
                time, so that a script that waits holds the others back too
    rate_limit  kept before the script is asked
    latency     seconds before each reply
    tls         the certificate with which TLS is spoken; None speaks plain HTTP
    more        what else is there to be read: the reply to a request, None where it is none of its own
    """

    def __init__(
        self,
        *,
        key: str | None = KEY,
        models: Sequence[str] = MODELS,
        script: Script | None = None,
        rate_limit: RateLimit | None = None,
        latency: float = 0.0,
        tls: Certificate | None = None,
        more: Callable[[Received], Response | None] = lambda _received: None,
    ) -> None:
        self.key = key
        self.models = tuple(models)
        self.script: Script = script or always(Good())
        self.latency = latency
        self.tls = tls
        self.more = more
        self._window = None if rate_limit is None else Window(rate_limit)
        self._lock = threading.Lock()
        self._asking = threading.Lock()
        self._listener: Listener | None = None
        self._requests: list[Received] = []
        self._exchanges: list[Exchange] = []
        self._asked = 0
        self._revoke_at: int | None = None
        self._mistakes: list[Exception] = []

    def start(self) -> Self:
        """Listen; the port is chosen by the system."""
        self._listener = Listener(self._serve, None if self.tls is None else self.tls.server_side())
        return self

    def stop(self) -> None:
        """End every connection; raises what the script raised."""
        if self._listener is not None:
            self._listener.stop()
        if self._mistakes:
            raise ExceptionGroup("the script failed", self._mistakes)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        try:
            self.stop()
        except ExceptionGroup:
            if kind is None:  # else the test has failed already, and says more
                raise

    @property
    def port(self) -> int:
        """The port on 127.0.0.1."""
        return self._running.port

    @property
    def base_url(self) -> str:
        """What a client is given as its base URL."""
        return f"{'http' if self.tls is None else 'https'}://127.0.0.1:{self.port}/v1"

    @property
    def requests(self) -> tuple[Received, ...]:
        """Every request that came whole, in order."""
        with self._lock:
            return tuple(self._requests)

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """What was done on the requests, noted before the reply is sent."""
        with self._lock:
            return tuple(self._exchanges)

    @property
    def billed(self) -> tuple[int, int]:
        """Tokens of requests and of answers that a provider would bill at worst."""
        done = self.exchanges
        return sum(one.prompt_tokens for one in done), sum(one.completion_tokens for one in done)

    @property
    def connections(self) -> Connections:
        """How many connections are open, were made, were open at once, and failed in TLS."""
        return self._running.connections

    def revoke_key(self, *, after: int = 0) -> None:
        """Refuse the key from now on, or once so many more requests have got past the door."""
        with self._asking:
            self._revoke_at = self._asked + after

    @property
    def _running(self) -> Listener:
        if self._listener is None:
            raise RuntimeError("the service was not started")
        return self._listener

    def _serve(self, link: Link) -> None:
        reader = Reader(link.connection)
        while True:
            try:
                came = reader.request()
            except Broken:
                link.take(_stamped(refuse(400, error("Bad request"))).steps())
                return
            if came is None:
                return
            received = self._note(link.number, *came)
            link.wait(self.latency)
            closing = "close" in received.headers.get("connection", "").lower()
            if not link.take(self._reply(received)) or closing:
                return

    def _note(self, connection: int, method: str, target: str, headers: dict[str, str], raw: bytes) -> Received:
        path, _, query = target.partition("?")
        body = parsed(raw)
        with self._lock:
            number = len(self._requests)
            received = Received(number, connection, method, path, query, headers, raw, body, time.monotonic())
            self._requests.append(received)
        return received

    def _reply(self, received: Received) -> Iterator[Step]:
        allowance = None
        other = self.more(received)
        turned = door.turned_away(received, key=self.key, models=self.models, known=other is not None)
        if turned is None and self._window is not None:
            allowance = self._window.take()
            turned = None if allowance.passes else rate_limited(allowance.reset, allowance.headers)
        if turned is not None:
            self._record(Exchange(received, None, turned.status))
            return _stamped(turned, allowance).steps()
        try:
            behaviour = self._ask(received)
        except Exception as mistake:  # noqa: BLE001  (a test's own script may raise anything; stop raises it again)
            self._mistakes.append(mistake)
            return _stamped(refuse(500, error("The test's script failed.", "server_error"))).steps()
        return self._done(received, behaviour, allowance, other)

    def _ask(self, received: Received) -> Good | Case:
        """Return what the script wants, as it can be done on this request."""
        with self._asking:
            number = self._asked
            self._asked += 1
            revoked = self._revoke_at is not None and number >= self._revoke_at
            wanted: Behaviour = Fault.KEY_REVOKED if revoked else self.script(number, received)
            case = Case(wanted) if isinstance(wanted, Fault) else wanted
            if isinstance(case, Case) and case.fault is Fault.KEY_REVOKED:
                self._revoke_at = min(number, number if self._revoke_at is None else self._revoke_at)
        if isinstance(case, Case) and not door.can_show(case.fault, received):
            return case.good
        return case

    def _done(
        self, received: Received, done: Good | Case, allowance: Allowance | None, other: Response | None
    ) -> Iterator[Step]:
        if isinstance(done, Case) and done.fault.family is Family.REFUSAL:
            response = refusal(done, received)
            self._record(Exchange(received, done, response.status))
            return _stamped(response, allowance).steps()
        if received.path != door.CHAT:
            listed = _stamped(other or model_list(self.models), allowance)
            self._record(Exchange(received, done, listed.status))
            return broken_steps(listed, done) if isinstance(done, Case) else listed.steps()
        drawn = outline(received, done.good if isinstance(done, Case) else done)
        drawn = drawn_otherwise(drawn, done) if isinstance(done, Case) else drawn
        response = _stamped(_written(drawn, done, received), allowance)
        self._record(Exchange(received, done, response.status, drawn.prompt_tokens, drawn.completion_tokens))
        if isinstance(done, Case) and done.fault in BREAKS:
            return broken_steps(response, done)
        return response.steps()

    def _record(self, exchange: Exchange) -> None:
        with self._lock:
            self._exchanges.append(exchange)


def _written(drawn: Outline, done: Good | Case, received: Received) -> Response:
    if isinstance(done, Case) and done.fault not in BREAKS:
        return spoiled(drawn, done, streamed=received.streamed)
    pace = done.good.pace if isinstance(done, Case) else done.pace
    return answer(drawn, streamed=received.streamed, pace=pace)


def _stamped(response: Response, allowance: Allowance | None = None) -> Response:
    """Return the reply with the headers that every reply of OpenAI's has."""
    response.headers = {
        "date": formatdate(usegmt=True),
        "openai-version": "2020-10-01",
        "x-request-id": f"req_{uuid.uuid4().hex}",
        **({} if allowance is None else allowance.headers),
        **response.headers,
    }
    return response
