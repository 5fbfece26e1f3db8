"""Reading from a service until each thing is there or it is known why not: once more where that may help, with pace."""

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Any, Self, TypeVar

from accord.domain.chat import THEN, Failure, Then, Trouble
from accord.domain.fine_tuning import Page
from accord.domain.progress import Progress

TRIES = 5
MOST_ROWS = 500_000  # of a list: nothing that is read here has as many
_BACK_OFF, _LONGEST_WAIT = 1.0, 60.0
_LOOK_SECONDS = 0.1
T = TypeVar("T")
#: After these nothing else would come either.
HOPELESS = frozenset(
    {
        *(Trouble.KEY, Trouble.QUOTA, Trouble.LOCKED, Trouble.STOPPED, Trouble.TLS, Trouble.REDIRECTED),
        *(Trouble.UNREACHABLE, Trouble.NAME, Trouble.RATE_LIMIT),
    }
)


class Fetching:
    """Asks one thing after the other, for a ``with`` block; whoever watches may stop it at any moment."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="fetch")
        self._chance = random.Random()
        self._hopeless: Failure | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._stop.set()  # whatever raised: what is under way ends soon
        self._pool.shutdown()

    def fetch(
        self, ask: Callable[[threading.Event], T | Failure], tell: Callable[[], None] = lambda: None
    ) -> T | Failure:
        """Return what came, or why it did not after the last try; ``tell`` is called meanwhile. Raises Cancelled.

        Once the service cannot be asked at all, nothing more is: each further thing ends with that reason.
        """
        tries = 0
        while self._hopeless is None:
            found = self._once(ask, tell)
            tries += 1
            if not isinstance(found, Failure):
                return found
            pause = self._pause(found, tries)
            if pause is None:
                self._hopeless = found if found.trouble in HOPELESS else None
                return found
            self._rest(pause)
        return self._hopeless

    def rows(self, ask: Callable[[str, threading.Event], Page | Failure]) -> list[Mapping[str, Any]] | Failure:
        """Return all rows of a list, page after page, in its own order. Raises Cancelled."""
        found: dict[str, Mapping[str, Any]] = {}
        after = ""
        while True:
            page = self.fetch(_page_after(ask, after))
            if isinstance(page, Failure):
                return page
            known = len(found)
            for row in page.rows:
                found.setdefault(str(row.get("id")), row)
            self._progress.report(len(found))
            if not page.after:
                return list(found.values())
            if len(found) == known or len(found) > MOST_ROWS:
                return Failure(trouble=Trouble.UNFINISHED)
            after = page.after

    def _once(self, ask: Callable[[threading.Event], T | Failure], tell: Callable[[], None]) -> T | Failure:
        with self._under_way(ask) as asked:
            while not asked.done():
                self._progress.check()
                tell()
                wait([asked], timeout=_LOOK_SECONDS)
            return asked.result()

    @contextlib.contextmanager
    def _under_way(self, ask: Callable[[threading.Event], T | Failure]) -> Iterator["Future[T | Failure]"]:
        asked = self._pool.submit(ask, self._stop)
        try:
            yield asked
        except BaseException:
            self._stop.set()
            raise

    def _pause(self, failure: Failure, tries: int) -> float | None:
        """Return for how many seconds to rest before the next try; None where there is none."""
        asked = failure.wait if failure.wait is not None else _BACK_OFF * 2.0 ** (tries - 1)
        again = THEN[failure.trouble] in {Then.AGAIN, Then.PAUSE} and tries < TRIES
        return asked * (1 + 0.25 * self._chance.random()) if again and asked <= _LONGEST_WAIT else None

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._progress.check()
            time.sleep(min(left, _LOOK_SECONDS))


def _page_after(
    ask: Callable[[str, threading.Event], Page | Failure], after: str
) -> Callable[[threading.Event], Page | Failure]:
    return lambda stop: ask(after, stop)
