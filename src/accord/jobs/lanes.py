"""The one door for long work: lanes of threads, callbacks delivered where the owner wants them, nothing left behind."""

import itertools
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

from accord.domain.progress import Progress
from accord.jobs.job import Job, Lane
from accord.jobs.worker import call_in_worker

T = TypeVar("T")
Deliver = Callable[[Callable[[], None]], None]

_FINISHED_KEPT = 50
_THREADS = {Lane.WRITE: 1, Lane.READ: 4, Lane.NETWORK: 4, Lane.COMPUTE: max(1, min(4, (os.cpu_count() or 2) - 1))}


def _at_once(callback: Callable[[], None]) -> None:
    callback()


@dataclass(frozen=True, slots=True)
class _Takers:
    """Who is told of an outcome."""

    done: Callable[[Any], object] | None
    failed: Callable[[BaseException], object] | None


class Jobs:
    """Runs work in the background and keeps the list that the jobs drawer shows.

    ``deliver`` is handed every callback (``done``, ``failed``, listeners) and runs it where the owner wants it: a
    window posts it to its own thread; the default runs it at once, in the thread that has the news.
    It must not block until the callback has run, or ``shutdown`` would wait for ever.
    """

    def __init__(self, deliver: Deliver = _at_once) -> None:
        self._deliver = deliver
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._jobs: dict[int, Job] = {}
        self._listeners: dict[int, Callable[[Job], object]] = {}
        self._pools = {
            lane: ThreadPoolExecutor(threads, thread_name_prefix=f"accord-{lane}") for lane, threads in _THREADS.items()
        }
        self._closed = False

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Return the jobs to show, oldest first: all that wait or run and the last finished ones; quiet ones never."""
        with self._lock:
            return tuple(job for job in self._jobs.values() if not job.quiet)

    def run(
        self,
        lane: Lane,
        title: str,
        work: Callable[[Progress], T],
        *,
        done: Callable[[T], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
        quiet: bool = False,
    ) -> Job:
        """Queue ``work`` and return at once.

        ``done`` gets what the work returned; ``failed`` gets what it raised, ``Cancelled`` after a stop. Exactly one
        of the two is delivered. Work that finishes although it was asked to stop counts as done, because it is.
        A quiet job (a query behind a table) is not listed and not told to listeners; its error, where no ``failed``
        takes it, goes to ``threading.excepthook`` rather than nowhere.
        """
        job = Job(next(self._numbers), lane=lane, title=title, quiet=quiet, changed=self._tell)
        takers = _Takers(done, failed)
        job.abandoned = lambda: self._finish(job, takers, None)
        with self._lock:
            if self._closed:
                raise RuntimeError("work was given to jobs that are shut down")
            self._jobs[job.id] = job
            self._pools[lane].submit(self._attempt, job, work, takers)
        self._tell(job)
        return job

    def compute(
        self,
        title: str,
        function: Callable[..., T],
        args: tuple[Any, ...] = (),
        *,
        done: Callable[[T], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
        memory_mb: int | None = None,
        reports: bool = False,
        quiet: bool = False,
    ) -> Job:
        """Run ``function(*args)`` in a spawned process of its own; everything passed must be picklable.

        ``reports``: the function is also given ``progress=`` and may report to it. Cancel kills the process.
        """

        def work(progress: Progress) -> T:
            return call_in_worker(function, args, memory_mb=memory_mb, progress=progress, reports=reports)

        return self.run(Lane.COMPUTE, title, work, done=done, failed=failed, quiet=quiet)

    def listen(self, callback: Callable[[Job], object]) -> Callable[[], None]:
        """Deliver ``callback(job)`` at every change of a listed job; returns the function that ends it.

        A job's fields are live, so a listener that reads them later sees more than the call that woke it.
        """
        number = next(self._numbers)
        with self._lock:
            self._listeners[number] = callback

        def unsubscribe() -> None:
            with self._lock:
                self._listeners.pop(number, None)

        return unsubscribe

    def shutdown(self) -> None:
        """End every thread and worker and wait for them.

        Work in WRITE is finished, queued work too: it is what the person has already done. All other work is
        cancelled; a caller that wants a long WRITE job gone cancels it first.
        """
        with self._lock:
            self._closed = True
            stop = [job for job in self._jobs.values() if job.lane is not Lane.WRITE and not job.state.final]
        for job in stop:
            job.cancel()
        for pool in self._pools.values():
            pool.shutdown(wait=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()

    def _attempt(self, job: Job, work: Callable[[Progress], Any], takers: _Takers) -> None:
        if not job.begin():
            return
        value: Any = None
        error: BaseException | None = None
        try:
            value = work(job)
        except BaseException as raised:  # noqa: BLE001  (every failure of the work is news for its owner)
            error = raised
        job.end(error)
        self._finish(job, takers, value)

    def _finish(self, job: Job, takers: _Takers, value: Any) -> None:
        """Tell everyone how a job ended."""
        self._forget_old(job)
        self._tell(job)
        done, failed, error = takers.done, takers.failed, job.error
        if error is None:
            if done is not None:
                self._hand_over(lambda: done(value))
        elif failed is not None:
            self._hand_over(lambda: failed(error))
        elif job.quiet and not job.stopping:
            _hand_to_hook(error)

    def _tell(self, job: Job) -> None:
        if job.quiet:
            return
        with self._lock:
            listeners = list(self._listeners.items())
        for number, callback in listeners:
            self._hand_over(partial(self._call, number, callback, job))

    def _call(self, number: int, callback: Callable[[Job], object], job: Job) -> None:
        if number in self._listeners:  # it may have unsubscribed while this call was on its way
            callback(job)

    def _hand_over(self, callback: Callable[[], object]) -> None:
        """Deliver, so that a fault in a callback neither ends the lane nor changes the job's outcome."""

        def guarded() -> None:
            try:
                callback()
            except Exception as error:
                if self._deliver is not _at_once:
                    raise  # in the owner's own thread, which reports its faults itself
                _hand_to_hook(error)

        self._deliver(guarded)

    def _forget_old(self, job: Job) -> None:
        with self._lock:
            if job.quiet:
                self._jobs.pop(job.id, None)
            finished = [number for number, old in self._jobs.items() if old.state.final]
            for number in finished[:-_FINISHED_KEPT]:
                del self._jobs[number]


def _hand_to_hook(error: BaseException) -> None:
    """Report a fault as Python reports one that escapes a thread."""
    args = threading.ExceptHookArgs((type(error), error, error.__traceback__, threading.current_thread()))
    try:
        threading.excepthook(args)
    except Exception:  # noqa: BLE001  (a broken hook must not end the lane)
        sys.excepthook(type(error), error, error.__traceback__)
