"""How long a person looked at an item: pauses of more than two minutes are not counted."""

import time
from collections.abc import Callable

IDLE_SECONDS = 120.0


class Stopwatch:
    """Adds up the time between signs of a person; a longer silence than ``IDLE_SECONDS`` counts as that much."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seconds = 0.0
        self._last: float | None = None

    def restart(self) -> None:
        """Begin anew, for the next item."""
        self._seconds = 0.0
        self._last = self._clock()

    def touch(self) -> None:
        """Note a sign of the person: a key, a scroll, a move of the pointer."""
        now = self._clock()
        if self._last is not None:
            self._seconds += min(now - self._last, IDLE_SECONDS)
        self._last = now

    def pause(self) -> None:
        """Stop counting until the next ``touch``, as when another page is shown."""
        self.touch()
        self._last = None

    def seconds(self) -> float:
        """Return the seconds so far."""
        if self._last is not None:
            self.touch()
        return self._seconds
