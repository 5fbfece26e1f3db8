"""How long work tells of itself and how it is stopped: the port between a workflow and whoever runs it."""

import time
from collections.abc import Callable
from typing import Protocol

from accord.domain.errors import Cancelled


class Progress(Protocol):
    """Handed to long work. Both methods are cheap and may be called often, from any thread."""

    def report(self, done: int, total: int | None = None, note: str = "") -> None:
        """Say how far the work is; ``total`` None where it is not known."""

    def check(self) -> None:
        """Raise Cancelled when the person has asked to stop."""


class Silent:
    """A progress that nobody watches and nobody stops."""

    def report(self, done: int, total: int | None = None, note: str = "") -> None:
        """Say nothing."""

    def check(self) -> None:
        """Go on."""


class CancelFlag(Silent):
    """A progress that can be stopped, for tests and the command line."""

    def __init__(self) -> None:
        self.cancelled = False

    def check(self) -> None:
        """Raise Cancelled once ``cancelled`` is set."""
        if self.cancelled:
            raise Cancelled


class Pace:
    """How long work takes still, at its pace since the first of it was done: what is loaded before that is no measure.

    Work that begins again, with fewer done than were told, is measured anew. ``clock`` gives seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun, self._first = 0.0, 0
        self._done, self._total = 0, 0

    def report(self, done: int, total: int | None) -> None:
        """Take how far the work is."""
        if not self._first or done < self._done:
            self._begun, self._first = self._clock(), max(0, done)
        self._done, self._total = done, total or 0

    def left(self) -> float | None:
        """Return the seconds left; None while nothing can be said."""
        since, first, done, total = self._clock() - self._begun, self._first, self._done, self._total
        if not total or not 0 < first < done:
            return None
        return max(0.0, since * (total - done) / (done - first))
