"""Run a generator in a process of its own, batch by batch: limited in memory and in silence, killed when left early.

Starting a process takes some tenths of a second, so one whose generator came to its end in order waits a while for the
next one. After an error, a limit or a stop it is killed. What waits ends with this program, or after a minute.
"""

import contextlib
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from accord.domain.progress import Progress, Silent
from accord.jobs.child import POLL_SECONDS, PipeProgress, become_worker
from accord.jobs.failures import WorkerDied, WorkerSilent, pack_error, unpack_error

T = TypeVar("T")

MEMORY_MB = 1024
IDLE_SECONDS = 60.0
_WAITING_SECONDS = 60.0  # how long a process without work waits for some
_MOST_WAITING = 2
_MOST_KEPT_KB = 200 << 10  # a process that has grown beyond this gives its memory back by ending
_PIPE_BYTES = 1 << 20


def stream_from_worker(
    function: Callable[..., Iterator[T]],
    args: tuple[Any, ...] = (),
    *,
    memory_mb: int = MEMORY_MB,
    idle_seconds: float = IDLE_SECONDS,
    progress: Progress | None = None,
    reports: bool = False,
) -> "WorkerStream[T]":
    """Return what ``function(*args)``, a generator function, yields in a process of its own.

    The process is one batch ahead at most. ``memory_mb`` limits all its data, ``idle_seconds`` the time in which it
    must give a batch or a report. With ``reports`` the function also gets ``progress=``, passed on to ``progress``
    here. When ``progress.check`` raises, or the stream is closed early, the process is killed. Raises while iterating
    what the function raised, WorkerOutOfMemory, WorkerSilent, WorkerDied, or WorkerFailed.
    """
    watch = progress or Silent()
    watch.check()
    request = (function, args, reports)
    return WorkerStream(_started(memory_mb, request), watch, idle_seconds)


class _Process:
    """A process that runs one generator after the other."""

    def __init__(self, memory_mb: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.memory_mb = memory_mb
        theirs, self._orders = context.Pipe(duplex=False)
        self.answers, answering = context.Pipe(duplex=False)
        _widen(self.answers)
        self._process: BaseProcess = context.Process(
            target=_serve, args=(theirs, answering), kwargs={"memory_mb": memory_mb}, daemon=True
        )
        try:
            self._process.start()
        except BaseException:
            self._orders.close()
            self.answers.close()
            raise
        finally:
            theirs.close()
            answering.close()

    def order(self, request: tuple[Any, ...]) -> None:
        self._orders.send(request)

    def exit_code(self) -> int | None:
        self._process.join()
        return self._process.exitcode

    def kill(self) -> None:
        self._orders.close()
        self.answers.close()
        self._process.kill()
        self._process.join()
        self._process.close()


def _widen(pipe: Connection) -> None:
    """Let a pipe hold more than the usual 64 KB, where the system can."""
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


_lock = threading.Lock()
_waiting: list[_Process] = []
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_waiting.clear)  # they are the parent's


def _started(memory_mb: int, request: tuple[Any, ...]) -> _Process:
    """Return a process that has taken the request: one that waits, else a new one."""
    while True:
        with _lock:
            found = next((one for one in reversed(_waiting) if one.memory_mb == memory_mb), None)
            if found is not None:
                _waiting.remove(found)
        process = found or _Process(memory_mb)
        try:
            process.order(request)
        except (BrokenPipeError, ConnectionError):
            process.kill()
            if found is None:
                raise
        except BaseException:
            process.kill()
            raise
        else:
            if found is None or _is_ready(process):
                return process
            process.kill()  # it had just waited long enough


def _is_ready(process: _Process) -> bool:
    """Whether a process that waited has taken its order; it says so at once, or has ended."""
    try:
        return bool(process.answers.recv() == _TAKEN)
    except (EOFError, OSError):
        return False


_TAKEN = ("taken", None)


class WorkerStream(Generic[T]):
    """The batches of a generator in another process; ``close`` ends it, and so does leaving a ``with`` block."""

    def __init__(self, process: _Process, watch: Progress, idle_seconds: float) -> None:
        self._process: _Process | None = process
        self._watch = watch
        self._idle_seconds = idle_seconds

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        """Return the next batch."""
        if self._process is None:
            raise StopIteration
        try:
            kind, payload = self._message(self._process)
        except BaseException:
            self.close()
            raise
        if kind == "batch":
            return payload  # type: ignore[no-any-return]  # the pipe carries Any
        self._end(keep=kind == "end" and bool(payload))
        if kind == "end":
            raise StopIteration
        raise payload

    def ready(self) -> bool:
        """Say whether the next batch, or the end, is there without waiting."""
        return self._process is None or bool(connection.wait([self._process.answers], timeout=0))

    def _message(self, process: _Process) -> tuple[str, Any]:
        """Return the next batch, end or error."""
        last = time.monotonic()
        while True:
            self._watch.check()
            if connection.wait([process.answers], timeout=POLL_SECONDS):
                try:
                    kind, payload = process.answers.recv()
                except (EOFError, OSError):
                    raise WorkerDied(process.exit_code(), process.memory_mb) from None
                last = time.monotonic()
                if kind == "error":
                    return kind, unpack_error(payload, process.memory_mb)
                if kind in {"batch", "end"}:
                    return kind, payload
                if kind == "progress":
                    self._watch.report(*payload)
            if time.monotonic() - last > self._idle_seconds:
                raise WorkerSilent(self._idle_seconds)

    def _end(self, *, keep: bool) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if keep:
            with _lock:
                _waiting.append(process)
                # The oldest goes: it may have ended already, or have a limit that nobody asks for any more.
                process = _waiting.pop(0) if len(_waiting) > _MOST_WAITING else None
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End the process, unless it has come to its end."""
        self._end(keep=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


def _serve(orders: Connection, answers: Connection, *, memory_mb: int) -> None:
    """Take orders until none comes for a while, one fails, or much memory has been used."""
    become_worker(memory_mb)
    pipe = PipeProgress(answers)
    first = True
    while first or orders.poll(_WAITING_SECONDS):
        try:
            function, args, reports = orders.recv()
            if not first:
                pipe.send(_TAKEN)
            first = False
            for batch in function(*args, progress=pipe) if reports else function(*args):
                pipe.send(("batch", batch))
            batch = None
        except EOFError:
            return
        except BaseException as error:  # noqa: BLE001  (whatever it is, the parent must hear of it)
            pipe.send(("error", pack_error(error)))
            return
        small = _peak_kb() <= _MOST_KEPT_KB
        pipe.send(("end", small))
        if not small:
            return


def _peak_kb() -> int:
    """Return the most memory that this process has held, in KB; 0 where the system does not tell."""
    try:
        # Not getrusage, whose figure begins with what the program that started this one held at that moment.
        lines = Path("/proc/self/status").read_text("ascii").splitlines()
    except (OSError, ValueError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
