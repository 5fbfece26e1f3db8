"""Measures how long the event loop was ever held up; used by benchmarks and by tests that count, not time."""

import time
from types import TracebackType
from typing import Self

from PySide6.QtCore import QObject, Qt, QTimer

TICK_MS = 5


class StallWatch(QObject):
    """A timer that should fire every 5 ms: what it comes late is how long nobody could type or scroll.

    Start it in the GUI thread, with ``with`` or ``start``; ``longest_ms`` holds after ``stop``, which counts the time
    since the last tick too.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.longest_ms = 0.0
        self.ticks = 0
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin anew."""
        self.longest_ms, self.ticks, self._last = 0.0, 0, time.perf_counter()
        self._timer.start()

    def stop(self) -> float:
        """End and return the longest stall in ms."""
        if self._timer.isActive():
            self._measure()
            self._timer.stop()
        return self.longest_ms

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _tick(self) -> None:
        self.ticks += 1
        self._measure()

    def _measure(self) -> None:
        now = time.perf_counter()
        self.longest_ms = max(self.longest_ms, (now - self._last) * 1000 - TICK_MS)
        self._last = now
