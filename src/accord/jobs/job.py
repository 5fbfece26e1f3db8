"""One piece of background work: what it is called, how far it is, how it ended, and the way to stop it."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum

from accord.domain.errors import Cancelled
from accord.domain.progress import Pace

_SECONDS_BETWEEN_DELIVERIES = 0.05


class Lane(StrEnum):
    """Where work runs. WRITE has one thread, so the database has one writer; COMPUTE runs worker processes."""

    WRITE = "write"
    READ = "read"
    NETWORK = "network"
    COMPUTE = "compute"


class JobState(StrEnum):
    """How far a job is. The last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        """Say whether nothing more will happen."""
        return self in {JobState.DONE, JobState.FAILED, JobState.CANCELLED}


class Job:
    """A job as others see it; it is also the ``Progress`` that its own work reports to.

    All fields are live and may be read from any thread. ``done`` and ``total`` are in the work's own unit (rows,
    bytes); ``total`` is None where it is not known. ``started`` and ``finished`` are UTC. ``error`` is what the work
    raised, ``Cancelled`` included.
    """

    def __init__(self, number: int, *, lane: Lane, title: str, quiet: bool, changed: Callable[["Job"], None]) -> None:
        self.id = number
        self.title = title
        self.lane = lane
        self.quiet = quiet
        self.state = JobState.QUEUED
        self.done = 0
        self.total: int | None = None
        self.note = ""
        self.started: datetime | None = None
        self.finished: datetime | None = None
        self.error: BaseException | None = None
        self.abandoned: Callable[[], None] = lambda: None
        self._changed = changed
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._clock_delivered = 0.0
        self._pace = Pace()

    @property
    def seconds_left(self) -> float | None:
        """Return the time left at the pace so far; None while nothing can be said."""
        return self._pace.left() if self.state is JobState.RUNNING else None

    @property
    def stopping(self) -> bool:
        """Say whether someone asked the job to stop."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the job to stop. A queued one ends now; a running one at its next ``check``; a worker is killed."""
        self._stop.set()
        with self._lock:
            if self.state is not JobState.QUEUED:
                return
            self._end(JobState.CANCELLED, Cancelled())
        self.abandoned()

    def report(self, done: int, total: int | None = None, note: str = "") -> None:
        """Take the work's progress; listeners hear of it at most 20 times a second."""
        self.done, self.total, self.note = done, total, note
        self._pace.report(done, total)
        now = time.monotonic()
        if now - self._clock_delivered >= _SECONDS_BETWEEN_DELIVERIES:
            self._clock_delivered = now
            self._changed(self)

    def check(self) -> None:
        """Raise Cancelled once the job was asked to stop."""
        if self._stop.is_set():
            raise Cancelled

    def begin(self) -> bool:
        """Turn queued into running; False when the job was cancelled while it waited. For the lane only."""
        with self._lock:
            if self.state is not JobState.QUEUED:
                return False
            self.state = JobState.RUNNING
            self.started = datetime.now(UTC)
        self._changed(self)
        return True

    def end(self, error: BaseException | None) -> None:
        """Take the outcome of the work. For the lane only."""
        with self._lock:
            if error is None:
                self._end(JobState.DONE, None)
            else:
                self._end(JobState.CANCELLED if isinstance(error, Cancelled) else JobState.FAILED, error)

    def _end(self, state: JobState, error: BaseException | None) -> None:
        self.error = error
        self.finished = datetime.now(UTC)
        self.state = state
