"""What a process becomes before it works for another: quiet, limited in memory, and never outliving its parent."""

import multiprocessing
import os
import signal
import sys
import threading
import time
from multiprocessing.connection import Connection
from typing import Any

POLL_SECONDS = 0.05
_MB = 1024 * 1024


def become_worker(memory_mb: int | None) -> None:
    """Prepare this new process. ``memory_mb`` limits all its data (in MiB, libraries' included)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this process itself
    if sys.stdout is not None and sys.stderr is not None:
        os.dup2(2, 1)  # stdout belongs to the command line's one JSON object
    threading.Thread(target=_die_with_parent, daemon=True).start()
    _limit_memory(memory_mb)


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _limit_memory(memory_mb: int | None) -> None:
    if memory_mb is None or sys.platform == "win32":
        return
    import resource

    # RLIMIT_DATA rather than RLIMIT_AS: numerical libraries reserve address space that they never touch.
    limit = memory_mb * _MB
    _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


class PipeProgress:
    """The worker's end of a progress; it sends at most 20 reports a second, from any thread."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()
        self._sent = 0.0

    def report(self, done: int, total: int | None = None, note: str = "") -> None:
        """Tell the parent how far the work is."""
        now = time.monotonic()
        if now - self._sent >= POLL_SECONDS:
            self._sent = now
            self.send(("progress", (done, total, note)))

    def check(self) -> None:
        """Go on: the process is killed from outside when it is to stop."""

    def send(self, message: tuple[str, Any]) -> None:
        """Send a message whole, whatever other threads send."""
        with self._lock:
            self._pipe.send(message)
