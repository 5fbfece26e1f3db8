"""A stretch of network that breaks at a chosen byte."""

import contextlib
import socket
import threading
from collections.abc import Iterator

_BLOCK = 65536


class Cable:
    """Passes on what goes to and from a server; once armed it cuts every connection after so many bytes one way.

    ``at``: the port of an earlier one, whose network is there again.
    """

    def __init__(self, port: int, *, at: int = 0) -> None:
        self._server = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", at))
        self.port = int(self._listener.getsockname()[1])
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.passed = {"up": 0, "down": 0}
        self.cuts = 0
        self._armed: tuple[str, int] | None = None
        self._start(self._accept)

    def arm(self, way: str, after: int) -> None:
        """Cut once ``after`` more bytes have gone ``up`` to the server or ``down`` from it."""
        with self._lock:
            self._armed = (way, after)

    def disarm(self) -> None:
        """Let everything pass."""
        with self._lock:
            self._armed = None

    def close(self) -> None:
        """End all of it."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._cut()
        for thread in self._threads:
            thread.join()

    def _start(self, work: object, *values: object) -> None:
        thread = threading.Thread(target=work, args=values, daemon=True)  # type: ignore[arg-type]  # bound methods
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                near, _where = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(self._server)
            with self._lock:
                self._sockets += [near, far]
            self._start(self._pass, near, far, "up")
            self._start(self._pass, far, near, "down")

    def _pass(self, source: socket.socket, target: socket.socket, way: str) -> None:
        with contextlib.suppress(OSError):
            while block := source.recv(_BLOCK):
                allowed, cut = self._allowed(way, len(block))
                target.sendall(block[:allowed])
                if cut:
                    self._cut()
                    return
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _allowed(self, way: str, size: int) -> tuple[int, bool]:
        with self._lock:
            self.passed[way] += size
            if self._armed is None or self._armed[0] != way:
                return size, False
            left = self._armed[1] - size
            if left > 0:
                self._armed = (way, left)
                return size, False
            allowed, self._armed = self._armed[1], None
            self.cuts += 1
            return allowed, True

    def _cut(self) -> None:
        with self._lock:
            ends, self._sockets = self._sockets, []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextlib.contextmanager
def cable(port: int, *, at: int = 0) -> Iterator[Cable]:
    """Give a cable to a server on loopback."""
    made = Cable(port, at=at)
    try:
        yield made
    finally:
        made.close()
