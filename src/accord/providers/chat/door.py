"""The door to the network: every socket to a chat service is opened, read and written here, or it is not opened."""

import contextlib
import socket
import ssl
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import httpcore2
import httpx2

from accord.domain.addresses import is_here, is_loopback

LARGEST = 32 * 1024 * 1024
_LOOK_SECONDS = 0.2
_CONNECT_SECONDS = 15.0


class LockedIn(httpx2.TransportError):
    """The address is not on this machine, and the project is locked to it."""


class TooLarge(httpx2.TransportError):
    """More came than any answer holds."""


class StoppedByPerson(httpx2.TransportError):
    """The run was stopped while the service was asked."""


@dataclass(slots=True)
class _Watch:
    """What one question may still take."""

    deadline: float
    stop: threading.Event
    left: int = LARGEST

    def seconds(self, timeout: float | None) -> float:
        """Return how long the next wait may be. Raises StoppedByPerson, httpcore2.ReadTimeout."""
        if self.stop.is_set():
            raise StoppedByPerson("stopped")
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the question's time is over")
        return min(left, _LOOK_SECONDS, timeout if timeout is not None else left)


_NOW: ContextVar[_Watch | None] = ContextVar("watch", default=None)


@contextlib.contextmanager
def watching(seconds: float, stop: threading.Event, most: int = LARGEST) -> Iterator[None]:
    """Bound everything that this thread does at the door until the block ends, in time and in ``most`` bytes."""
    token = _NOW.set(_Watch(time.monotonic() + seconds, stop, most))
    try:
        yield
    finally:
        _NOW.reset(token)


class _Stream(httpcore2.NetworkStream):
    """A connection that never waits past its question's end, notices a stop, and takes in only so much.

    A service that sends a byte a second would hold a plain time-out off for ever: that one counts between bytes.
    """

    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        watch = _NOW.get()
        if watch is None:
            return self._inner.read(max_bytes, timeout)
        waited = time.monotonic()
        while True:
            try:
                data = self._inner.read(max_bytes, watch.seconds(timeout))
            except httpcore2.ReadTimeout:
                if timeout is not None and time.monotonic() - waited >= timeout:
                    raise
                watch.seconds(timeout)
                continue
            watch.left -= len(data)
            if watch.left < 0:
                raise TooLarge("more than any answer holds")
            return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        watch = _NOW.get()
        if watch is not None:
            watch.seconds(timeout)
            timeout = min(timeout or watch.deadline, max(watch.deadline - time.monotonic(), 0.01))
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _bounded(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore2.NetworkBackend):
    """Opens connections; with ``here_only`` to this machine alone, by the name and by what the name stands for."""

    def __init__(self, *, here_only: bool) -> None:
        self._here_only = here_only
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        address = on_this_machine(host, port) if self._here_only else host
        return _Stream(self._inner.connect_tcp(address, port, _bounded(timeout), local_address, socket_options))


def _bounded(timeout: float | None) -> float:
    """Return how long a connection may take to stand. Raises StoppedByPerson, httpcore2.ReadTimeout."""
    watch = _NOW.get()
    most = min(timeout or _CONNECT_SECONDS, _CONNECT_SECONDS)
    if watch is None:
        return most
    watch.seconds(timeout)
    return max(min(most, watch.deadline - time.monotonic()), 0.01)


def on_this_machine(host: str, port: int) -> str:
    """Return the address to connect to for ``host``, which must be on this machine. Raises LockedIn.

    A name other than localhost is not even looked up: to ask for it would tell a name server.
    """
    bare = host.strip("[]").rstrip(".").lower()
    if not is_here(bare):
        raise LockedIn(host)
    with contextlib.suppress(ValueError):
        if is_loopback(bare):
            return bare
    found = [str(entry[4][0]) for entry in socket.getaddrinfo("localhost", port, type=socket.SOCK_STREAM)]
    here = [address for address in found if is_loopback(address)]
    if not here:
        raise LockedIn(host)
    return here[0]


class Door(httpx2.HTTPTransport):
    """The transport of the client: its connections are opened by the backend above, straight or through a proxy."""

    def __init__(self, *, here_only: bool, proxy: str = "", verify: ssl.SSLContext | bool = True) -> None:
        super().__init__(verify=verify, trust_env=False)
        context = verify if isinstance(verify, ssl.SSLContext) else httpx2.create_ssl_context()
        backend = _Backend(here_only=here_only)
        self._pool.close()
        if proxy and not here_only:
            self._pool = httpcore2.HTTPProxy(proxy_url=proxy, ssl_context=context, network_backend=backend)
        else:
            self._pool = httpcore2.ConnectionPool(ssl_context=context, max_connections=None, network_backend=backend)


def client(base_url: str, *, here_only: bool, verify: ssl.SSLContext | bool = True) -> httpx2.Client:
    """Return an HTTP client that goes through the door, follows no redirection, and keeps to the system's proxy."""
    return httpx2.Client(
        transport=Door(here_only=here_only, proxy=_proxy(base_url), verify=verify),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx2.Timeout(None, connect=_CONNECT_SECONDS),
    )


def _proxy(base_url: str) -> str:
    url = httpx2.URL(base_url)
    proxies: Callable[[], dict[str, str]] = urllib.request.getproxies
    if not url.host or urllib.request.proxy_bypass(url.host):
        return ""
    return proxies().get(url.scheme, "")
