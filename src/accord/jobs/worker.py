"""Run one picklable function in a spawned process with a memory limit, and bring back its value or its error."""

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from accord.domain.errors import AccordError
from accord.domain.progress import Progress, Silent
from accord.domain.wording import _

T = TypeVar("T")

_POLL_SECONDS = 0.05
_MB = 1024 * 1024


class WorkerOutOfMemory(AccordError):
    """The function wanted more memory than it may have."""

    def __init__(self, memory_mb: int | None) -> None:
        limit = _("more memory than there is") if memory_mb is None else _("more than {mb} MB of memory", mb=memory_mb)
        super().__init__(_("This step needs {limit} and was stopped. Nothing was changed.", limit=limit))


class WorkerDied(AccordError):
    """The process ended without an answer: killed from outside, or a crash in compiled code."""

    def __init__(self, exit_code: int | None, memory_mb: int | None) -> None:
        cause = _("exit code {code}", code=exit_code)
        if exit_code is not None and exit_code < 0:
            cause = _("signal {number}", number=-exit_code)
        advice = ""
        if memory_mb is not None:
            advice = " " + _("It may have needed more than its {mb} MB of memory.", mb=memory_mb)
        super().__init__(
            _("The worker process of this step ended without an answer ({cause}). Nothing was changed.", cause=cause)
            + advice
        )
        self.exit_code = exit_code


class WorkerFailed(Exception):
    """A fault in the function whose own exception cannot travel between processes; its traceback is in the notes."""


def call_in_worker(
    function: Callable[..., T],
    args: tuple[Any, ...] = (),
    *,
    memory_mb: int | None = None,
    progress: Progress | None = None,
    reports: bool = False,
) -> T:
    """Return ``function(*args)``, computed in a new process; blocks the calling thread.

    ``memory_mb`` limits all data of the process (in MiB, libraries' included). With ``reports`` the function also
    gets ``progress=``, passed on to ``progress`` here. When ``progress.check`` raises, the process is killed.
    Raises what the function raised, WorkerOutOfMemory, WorkerDied, or WorkerFailed.
    """
    watch = progress or Silent()
    watch.check()
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    options = {"memory_mb": memory_mb, "reports": reports}
    process = context.Process(target=_serve, args=(theirs, function, args), kwargs=options, daemon=True)
    try:
        process.start()
        theirs.close()
        return _await_answer(ours, process, watch, memory_mb)  # type: ignore[no-any-return]  # the pipe carries Any
    finally:
        theirs.close()
        ours.close()
        if process.pid is not None:
            process.kill()
            process.join()
        process.close()


def _await_answer(ours: Connection, process: BaseProcess, watch: Progress, memory_mb: int | None) -> Any:
    while True:
        if connection.wait([ours], timeout=_POLL_SECONDS):
            try:
                kind, payload = ours.recv()
            except EOFError:
                process.join()
                raise WorkerDied(process.exitcode, memory_mb) from None
            if kind == "value":
                return payload
            if kind == "error":
                raise _unpack_error(payload, memory_mb)
            watch.report(*payload)
        watch.check()


class _PipeProgress:
    """The worker's end of a progress; it sends at most 20 reports a second."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._sent = 0.0

    def report(self, done: int, total: int | None = None, note: str = "") -> None:
        now = time.monotonic()
        if now - self._sent >= _POLL_SECONDS:
            self._sent = now
            self._pipe.send(("progress", (done, total, note)))

    def check(self) -> None:
        """Go on: the process is killed from outside when it is to stop."""


def _serve(
    pipe: Connection, function: Callable[..., Any], args: tuple[Any, ...], *, memory_mb: int | None, reports: bool
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this process itself
    if sys.stdout is not None and sys.stderr is not None:
        os.dup2(2, 1)  # stdout belongs to the command line's one JSON object
    threading.Thread(target=_die_with_parent, daemon=True).start()
    try:
        _limit_memory(memory_mb)
        value = function(*args, progress=_PipeProgress(pipe)) if reports else function(*args)
        pipe.send(("value", value))
    except BaseException as error:  # noqa: BLE001  (whatever it is, the parent must hear of it)
        pipe.send(("error", _pack_error(error)))


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


def _pack_error(error: BaseException) -> tuple[str, Any, str]:
    trace = "".join(traceback.format_exception(error))
    if isinstance(error, MemoryError):
        return ("memory", None, trace)
    if isinstance(error, AccordError):
        parts = (type(error), error.args, dict(error.__dict__))
        # Rebuilt without __init__, which takes other arguments than the sentence that args holds.
        return ("known", parts, trace) if _travels(parts) else ("known", (AccordError, (str(error),), {}), trace)
    if _travels(error):
        return ("other", error, trace)
    return ("other", WorkerFailed(f"{type(error).__name__}: {error}"), trace)


def _unpack_error(packed: tuple[str, Any, str], memory_mb: int | None) -> BaseException:
    kind, payload, trace = packed
    error: BaseException
    if kind == "memory":
        error = WorkerOutOfMemory(memory_mb)
    elif kind == "known":
        cls, args, state = payload
        error = cls.__new__(cls, *args)
        error.args = args
        error.__dict__.update(state)
    else:
        error = payload
    error.add_note(f"In the worker process:\n{trace}")
    return error


def _travels(value: object) -> bool:
    try:
        pickle.loads(pickle.dumps(value))  # noqa: S301  (our own bytes, made on this line)
    except Exception:  # noqa: BLE001  (pickling runs foreign code, which may raise anything)
        return False
    return True
