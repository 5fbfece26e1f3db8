"""Addresses at which nothing can be asked: refused, never connected, unknown, or with TLS that cannot be trusted."""

import contextlib
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

from tests.chat_service.certificates import Certificate, self_signed
from tests.chat_service.faults import Case, Fault
from tests.chat_service.listening import Link, Listener, reset
from tests.chat_service.service import ChatService
from tests.chat_service.wire import Ending

NO_SUCH_HOST = "no-such-host.invalid"  # RFC 6761 keeps .invalid free of names


@dataclass(frozen=True, slots=True)
class Place:
    """A base URL, and the certificate that a client must trust to see the fault rather than another one before it."""

    base_url: str
    trust: Certificate | None = None


@contextmanager
def _refused() -> Iterator[Place]:
    with socket.socket() as bound:  # it holds the port and does not listen
        bound.bind(("127.0.0.1", 0))
        yield Place(f"http://127.0.0.1:{bound.getsockname()[1]}/v1")


@contextmanager
def _full() -> Iterator[Place]:
    """Listen with a queue that is full and that nobody empties: further connections are dropped (on Linux)."""
    with contextlib.ExitStack() as opened:
        listening = opened.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        address = listening.getsockname()
        for _ in range(4):
            waiting = opened.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(address)
        yield Place(f"http://127.0.0.1:{address[1]}/v1")


@contextmanager
def _serving(serve: Callable[[Link], None], scheme: str) -> Iterator[Place]:
    listener = Listener(serve)
    try:
        yield Place(f"{scheme}://127.0.0.1:{listener.port}/v1")
    finally:
        listener.stop()


def _hold(link: Link) -> None:
    link.take([Ending.HOLD])


@contextmanager
def _unknown() -> Iterator[Place]:
    """Give an address whose name nobody knows; the name is not asked of any server."""
    real = socket.getaddrinfo

    def look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host in {NO_SUCH_HOST, NO_SUCH_HOST.encode()}:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *args, **kwargs)

    socket.getaddrinfo = look_up
    try:
        yield Place(f"http://{NO_SUCH_HOST}/v1")
    finally:
        socket.getaddrinfo = real


@contextmanager
def _service(tls: Certificate | None, *, scheme: str = "https", trusted: bool = True) -> Iterator[Place]:
    with ChatService(tls=tls) as service:
        yield Place(f"{scheme}://127.0.0.1:{service.port}/v1", tls if trusted else None)


_PLACES: Mapping[Fault, Callable[[], AbstractContextManager[Place]]] = {
    Fault.CONNECT_REFUSED: _refused,
    Fault.CONNECT_TIMEOUT: _full,
    Fault.CONNECT_RESET: lambda: _serving(lambda link: reset(link.connection), "http"),
    Fault.NAME_UNKNOWN: _unknown,
    Fault.TLS_SELF_SIGNED: lambda: _service(self_signed(), trusted=False),
    Fault.TLS_WRONG_HOST: lambda: _service(self_signed("api.elsewhere.example")),
    Fault.TLS_EXPIRED: lambda: _service(self_signed(expired=True)),
    Fault.TLS_SILENT: lambda: _serving(_hold, "https"),
    Fault.TLS_TO_PLAIN: lambda: _service(None),
    Fault.PLAIN_TO_TLS: lambda: _service(self_signed(), scheme="http"),
}


def place(fault: Fault) -> AbstractContextManager[Place]:
    """Return a place, for as long as the block lasts, at which a connection fails in one of the ADDRESS ways."""
    return _PLACES[fault]()


@contextmanager
def met(fault: Fault | Case) -> Iterator[Place]:
    """Give a base URL at which a client meets a fault of any family on each of its requests."""
    case = Case(fault) if isinstance(fault, Fault) else fault
    if case.fault in _PLACES:
        with place(case.fault) as found:
            yield found
    else:
        with ChatService(script=lambda _number, _received: case) as service:
            yield Place(service.base_url)
