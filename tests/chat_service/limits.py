"""A rate limit that is kept: so many requests in a window, with the headers that say so."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from tests.chat_service.refusals import limits


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most ``requests`` in each window of ``seconds``; a window begins with its first request."""

    requests: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Allowance:
    """Whether a request may pass, and what the service says of the limit."""

    passes: bool
    reset: float
    headers: Mapping[str, str]


class Window:
    """Counts the requests of the window that is open."""

    def __init__(self, limit: RateLimit) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._began = float("-inf")
        self._taken = 0

    def take(self) -> Allowance:
        """Take a place in the window, if there is one."""
        now = time.monotonic()
        with self._lock:
            if now - self._began >= self._limit.seconds:
                self._began, self._taken = now, 0
            passes = self._taken < self._limit.requests
            self._taken += passes
            remaining, reset = self._limit.requests - self._taken, self._began + self._limit.seconds - now
        return Allowance(passes, reset, limits(self._limit.requests, remaining, reset))
