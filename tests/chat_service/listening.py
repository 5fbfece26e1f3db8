"""Connections on 127.0.0.1, each in a thread of its own, all of which end when the listening ends."""

import contextlib
import selectors
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.chat_service.wire import Ending, Pause, Step

HANDSHAKE_SECONDS = 10.0
STOP_SECONDS = 10.0
BACKLOG = 1024


@dataclass(frozen=True, slots=True)
class Connections:
    """How many connections are open, were made in all, were open at once at most, and never got through TLS."""

    open: int
    made: int
    most: int
    failed_handshakes: int


class Listener:
    """Accepts connections and gives each to ``serve(link)`` in a thread; stop ends them all."""

    def __init__(self, serve: Callable[["Link"], None], tls: ssl.SSLContext | None = None) -> None:
        self.stopping = threading.Event()
        self._serve = serve
        self._tls = tls
        self._lock = threading.Lock()
        self._open: dict[int, socket.socket] = {}
        self._threads: set[threading.Thread] = set()
        self._made = self._most = self._failed = 0
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
        self._wake, self._woken = socket.socketpair()
        self.port: int = self._listening.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, name=f"chat-service-{self.port}", daemon=True)
        self._accepting.start()

    @property
    def connections(self) -> Connections:
        """The counts as they are now."""
        with self._lock:
            return Connections(len(self._open), self._made, self._most, self._failed)

    def stop(self) -> None:
        """Close everything and wait for the threads; RuntimeError names those that do not end."""
        self.stopping.set()
        self._wake.send(b"x")
        self._accepting.join(STOP_SECONDS)
        with self._lock:
            threads = list(self._threads)
            for connection in self._open.values():
                _shut(connection)
        until = time.monotonic() + STOP_SECONDS
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
        for one in (self._listening, self._wake, self._woken):
            one.close()
        if left := [thread.name for thread in (*threads, self._accepting) if thread.is_alive()]:
            raise RuntimeError(f"threads did not end: {', '.join(left)}")

    def _accept(self) -> None:
        self._listening.setblocking(False)
        with selectors.DefaultSelector() as ready:
            ready.register(self._listening, selectors.EVENT_READ)
            ready.register(self._woken, selectors.EVENT_READ)
            while True:
                ready.select()
                if self.stopping.is_set():
                    return
                with contextlib.suppress(BlockingIOError, ConnectionError):
                    self._take(self._listening.accept()[0])

    def _take(self, connection: socket.socket) -> None:
        connection.setblocking(True)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            number = self._made
            self._made += 1
            self._open[number] = connection
            self._most = max(self._most, len(self._open))
            thread = threading.Thread(
                target=self._run, args=(number, connection), name=f"chat-service-{self.port}-{number}", daemon=True
            )
            self._threads.add(thread)
        thread.start()

    def _run(self, number: int, connection: socket.socket) -> None:
        try:
            with contextlib.suppress(OSError):  # the client left, or the service stops
                secured = self._secured(number, connection)
                self._serve(Link(number, secured, self.stopping))
        finally:
            with self._lock:
                last = self._open.pop(number)
                self._threads.discard(threading.current_thread())
            last.close()

    def _secured(self, number: int, connection: socket.socket) -> socket.socket:
        if self._tls is None:
            return connection
        connection.settimeout(HANDSHAKE_SECONDS)
        secured = self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        with self._lock:
            self._open[number] = secured
        if self.stopping.is_set():
            raise OSError("stopping")
        try:
            secured.do_handshake()
        except OSError:
            with self._lock:
                self._failed += 1
            raise
        secured.settimeout(None)
        return secured


class Link:
    """One connection, on which the steps of a reply are taken."""

    def __init__(self, number: int, connection: socket.socket, stopping: threading.Event) -> None:
        self.number = number
        self.connection = connection
        self._stopping = stopping

    def wait(self, seconds: float) -> None:
        """Do nothing for some seconds; OSError when the service stops meanwhile."""
        if seconds > 0 and self._stopping.wait(seconds):
            raise OSError("stopping")

    def take(self, steps: Iterable[Step]) -> bool:
        """Take the steps; return whether the connection is kept. OSError where the client has left."""
        for step in steps:
            match step:
                case bytes():
                    self.connection.sendall(step)
                case Pause(seconds):
                    self.wait(seconds)
                case Ending.HOLD:
                    while self.connection.recv(65536):
                        pass
                    return False
                case Ending.RESET:
                    reset(self.connection)
                    return False
                case Ending.CLOSE:
                    return False
        return True


def reset(connection: socket.socket) -> None:
    """Close a connection so that the other side sees a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        # Not the method of SSLSocket: it takes TLS away under a thread that may be reading.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
