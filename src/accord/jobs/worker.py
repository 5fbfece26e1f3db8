"""Run one picklable function in a spawned process with a memory limit, and bring back its value or its error."""

import multiprocessing
from collections.abc import Callable
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from accord.domain.progress import Progress, Silent
from accord.jobs.child import POLL_SECONDS, PipeProgress, become_worker
from accord.jobs.failures import WorkerDied, pack_error, unpack_error

T = TypeVar("T")


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
        if connection.wait([ours], timeout=POLL_SECONDS):
            try:
                kind, payload = ours.recv()
            except EOFError:
                process.join()
                raise WorkerDied(process.exitcode, memory_mb) from None
            if kind == "value":
                return payload
            if kind == "error":
                raise unpack_error(payload, memory_mb)
            watch.report(*payload)
        watch.check()


def _serve(
    pipe: Connection, function: Callable[..., Any], args: tuple[Any, ...], *, memory_mb: int | None, reports: bool
) -> None:
    progress = PipeProgress(pipe)
    try:
        become_worker(memory_mb)
        value = function(*args, progress=progress) if reports else function(*args)
        progress.send(("value", value))
    except BaseException as error:  # noqa: BLE001  (whatever it is, the parent must hear of it)
        progress.send(("error", pack_error(error)))
