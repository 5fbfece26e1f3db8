"""A process that stays, and answers one call after the other: what takes seconds to load is loaded once.

After its work in order it waits a while for the next ones; after an error, or left early, it is killed.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Self

from accord.domain.progress import Progress, Silent
from accord.jobs.child import POLL_SECONDS, PipeProgress, become_worker
from accord.jobs.failures import WorkerDied, pack_error, unpack_error

MEMORY_MB = 4096
_THREADS = "OPENBLAS_NUM_THREADS"
_WAITING_SECONDS = 120.0  # how long a process without work waits for some


class _Process:
    """One such process and the two ends of its pipes."""

    def __init__(self, memory_mb: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.memory_mb = memory_mb
        theirs, self.calls = context.Pipe(duplex=False)
        self.answers, answering = context.Pipe(duplex=False)
        self.process: BaseProcess = context.Process(target=_serve, args=(theirs, answering, memory_mb), daemon=True)
        try:
            _start(self.process)
        except BaseException:
            self.calls.close()
            self.answers.close()
            raise
        finally:
            theirs.close()
            answering.close()

    def kill(self) -> None:
        self.calls.close()
        self.answers.close()
        self.process.kill()
        self.process.join()
        self.process.close()


def _start(process: BaseProcess) -> None:
    """Start a process that multiplies matrices by one thread.

    Of a few hundred rows, threads that wait for one another take more of the machine than they give back. NumPy reads
    how many it is to have when it is loaded, which is before the process does anything of its own.
    """
    with _lock:
        given = os.environ.get(_THREADS)
        os.environ[_THREADS] = given or "1"
        try:
            process.start()
        finally:
            if given is None:
                del os.environ[_THREADS]


_lock = threading.Lock()
_spare: list[_Process] = []
os.register_at_fork(after_in_child=_spare.clear)  # it waits for its parent alone


class StandingWorker:
    """Calls of picklable functions in a process that stays between them; one call at a time. For a ``with`` block.

    ``memory_mb`` limits all data of the process (in MiB, libraries' included).
    """

    def __init__(self, memory_mb: int = MEMORY_MB) -> None:
        self._process: _Process | None = _taken(memory_mb)

    def submit(self, function: Callable[..., Any], args: tuple[Any, ...]) -> None:
        """Begin ``function(*args)`` and return at once; ``result`` brings its value. Raises WorkerDied."""
        process = self._living()
        try:
            process.calls.send((function, args))
        except (BrokenPipeError, ConnectionError):
            self._fail(process)

    def result(self, progress: Progress | None = None) -> Any:
        """Return the value of the call that was begun.

        When ``progress.check`` raises, the process is killed. Raises what the function raised, and WorkerDied.
        """
        watch, process = progress or Silent(), self._living()
        try:
            while not connection.wait([process.answers], timeout=POLL_SECONDS):
                watch.check()
            kind, payload = process.answers.recv()
        except (EOFError, OSError):
            self._fail(process)
        except BaseException:
            self.close()
            raise
        if kind == "error":
            self.close()
            raise unpack_error(payload, process.memory_mb)
        return payload

    def _living(self) -> _Process:
        if self._process is None:
            raise WorkerDied(None, None)
        return self._process

    def _fail(self, process: _Process) -> None:
        process.process.join()
        code = process.process.exitcode
        self.close()
        raise WorkerDied(code, process.memory_mb) from None

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the process wait for more work where this one ended in order; one is kept."""
        if kind is not None or self._process is None:
            self.close()
            return
        process, self._process = self._process, None
        with _lock:
            _spare.append(process)
            extra = _spare.pop(0) if len(_spare) > 1 else None
        if extra is not None:
            extra.kill()


def _taken(memory_mb: int) -> _Process:
    """Return the process that waits, unless it has ended or has another limit, else a new one."""
    with _lock:
        found = _spare.pop() if _spare else None
    if found is not None:
        if found.memory_mb == memory_mb and _answers(found):
            return found
        found.kill()
    return _Process(memory_mb)


def _answers(process: _Process) -> bool:
    """Say whether a process that waited takes a call still."""
    try:
        process.calls.send((_ready, ()))
        return bool(process.answers.recv() == ("value", True))
    except (EOFError, OSError):
        return False


def _ready() -> bool:
    return True


def _serve(calls: Connection, answers: Connection, memory_mb: int) -> None:
    """Answer calls until none comes for a while, or one fails."""
    become_worker(memory_mb)
    pipe = PipeProgress(answers)
    while calls.poll(_WAITING_SECONDS):
        try:
            function, args = calls.recv()
            value = function(*args)
            pipe.send(("value", value))
        except EOFError:
            return
        except BaseException as error:  # noqa: BLE001  (whatever it is, the parent must hear of it)
            pipe.send(("error", pack_error(error)))
            return
