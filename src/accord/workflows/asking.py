"""Asking many questions of a chat service: as many at once as it takes, each until it is answered or listed."""

import heapq
import queue
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Protocol

from accord.domain.chat import THEN, Answer, ChatService, Failure, Question, Then, Trouble
from accord.domain.spending import Budget, Price

TRIES, PATIENCE = 5, 12  # of a question that fails, and of one that the service was too busy for
MOST_AT_ONCE = 16
_FIRST_AT_ONCE = 4
_BACK_OFF, _LONGEST_WAIT = 1.0, 120.0
_ANOTHER_TIME = 900.0  # seconds: who is asked to wait longer is told so and may resume then
_IN_A_ROW = 12  # so many failures of the way to the service, and no answer between: nothing will come
_OF_THE_WAY = frozenset({Trouble.UNREACHABLE, Trouble.NAME, Trouble.PAGE, Trouble.TIMED_OUT, Trouble.BROKEN_OFF})
_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question of a run. ``most``: what it can cost, in US dollars; ``tries``: so far; ``spent``: by them."""

    number: int
    question: Question
    most: Decimal = Decimal(0)
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one asking. ``final``: nothing more is asked of this item. ``cost``: of this asking."""

    item: Item
    outcome: Answer | Failure
    cost: Decimal
    final: bool


class Keeper(Protocol):
    """Where a run is kept, so that a crash repeats at most what was in flight."""

    def asking(self, items: Sequence[Item]) -> None:
        """Keep that these are about to be asked, and what they can cost."""

    def told(self, results: Sequence[Result]) -> None:
        """Keep what came."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended: ``why`` is None where every item is done, else what a person has to see to."""

    why: Failure | None = None
    out_of_budget: bool = False


@dataclass(slots=True)
class _Pace:
    """How many questions may be under way, and from when on.

    Half as many after a "too many", one more after each round of answers (additive increase, multiplicative decrease:
    Chiu and Jain, Computer Networks 17, 1989).
    """

    most: int
    at_once: float = _FIRST_AT_ONCE
    not_before: float = 0.0
    chance: random.Random = field(default_factory=random.Random)

    def answered(self, answer: Answer | Failure, now: float) -> None:
        self.at_once = min(self.at_once + 1 / self.at_once, self.most)
        room = answer.room
        for left, again in ((room.requests, room.requests_again), (room.tokens, room.tokens_again)):
            if left == 0 and again:
                self.not_before = max(self.not_before, now + min(again, _LONGEST_WAIT))

    def too_many(self, failure: Failure, tries: int, now: float) -> None:
        self.at_once = max(self.at_once / 2, 1.0)
        self.not_before = max(self.not_before, now + self.wait(failure, tries))

    def wait(self, failure: Failure, tries: int) -> float:
        """Return seconds: what the service asks for, else longer each time; never all at the same moment."""
        asked = failure.wait if failure.wait is not None else _BACK_OFF * 2.0 ** min(tries, 10)
        return min(asked, _LONGEST_WAIT) * (1 + 0.25 * self.chance.random())


class Asking:
    """One run of questions. ``stop`` ends it soon: what was under way is kept as stopped, for a resume to ask again."""

    def __init__(
        self,
        *,
        service: ChatService,
        price: Price,
        budget: Budget,
        keeper: Keeper,
        stop: threading.Event,
        most_at_once: int = MOST_AT_ONCE,
        without: frozenset[str] = frozenset(),
        progress: Callable[[], None] = lambda: None,
    ) -> None:
        """``without``: what the model refused before; ``progress`` is called often and raises nothing."""
        self._service, self._price, self._budget, self._keeper = service, price, budget, keeper
        self._stop, self._progress = stop, progress
        self._pace = _Pace(most_at_once, min(_FIRST_AT_ONCE, most_at_once))
        self._told: queue.SimpleQueue[tuple[Item, Future[Answer | Failure]]] = queue.SimpleQueue()
        self._ready: deque[Item] = deque()
        self._later: list[tuple[float, int, Item]] = []
        self._under_way = 0
        self._in_a_row = 0
        self._without = without
        self._ending: Ending | None = None

    @property
    def without(self) -> frozenset[str]:
        """Return the parameters that the model refused, so that they are not sent again."""
        return self._without

    def run(self, items: Iterable[Item]) -> Ending:
        """Ask all; return when each is done or listed, or why the run stopped.

        Raises what the keeper raises, and what the service raises: it returns its failures, so that is a fault of ours.
        """
        self._ready.extend(items)
        with ThreadPoolExecutor(max_workers=self._pace.most, thread_name_prefix="ask") as pool:
            try:
                while self._under_way or self._goes_on():
                    self._start(pool)
                    self._progress()
                    self._keep(self._arrived())
            finally:
                if self._ending is None:
                    self._stop.set()  # whatever raised: what is under way ends soon and is not waited for at length
        return self._ending or Ending()

    def _goes_on(self) -> bool:
        if self._stop.is_set() and self._ending is None:
            self._ending = Ending(Failure(trouble=Trouble.STOPPED, sent=False))
        if self._ending is None and not (self._ready or self._later or self._under_way):
            self._ending = Ending()
        return self._ending is None

    def _start(self, pool: ThreadPoolExecutor) -> None:
        """Send what may be sent now; it is kept as asked before it leaves."""
        now = time.monotonic()
        while self._later and self._later[0][0] <= now:
            self._ready.append(heapq.heappop(self._later)[2])
        starting: list[Item] = []
        while self._goes_on() and self._ready and now >= self._pace.not_before:
            if self._under_way >= int(self._pace.at_once):
                break
            if not self._budget.put_aside(self._ready[0].most):
                if not self._budget.waits():
                    self._ending = Ending(out_of_budget=True)
                break
            self._under_way += 1
            item = self._ready.popleft()
            starting.append(replace(item, question=replace(item.question, without=self._without)))
        if starting:
            self._keeper.asking(starting)
        for item in starting:
            asked = pool.submit(self._service.ask, item.question, self._stop)
            asked.add_done_callback(partial(self._tell, item))

    def _tell(self, item: Item, asked: "Future[Answer | Failure]") -> None:
        self._told.put((item, asked))

    def _arrived(self) -> list[tuple[Item, Future[Answer | Failure]]]:
        """Wait for a result, or for the next moment that something can be done; return all that are there."""
        found: list[tuple[Item, Future[Answer | Failure]]] = []
        try:
            found.append(self._told.get(timeout=_LOOK_SECONDS))
            while True:
                found.append(self._told.get_nowait())
        except queue.Empty:
            return found

    def _keep(self, arrived: Sequence[tuple[Item, Future[Answer | Failure]]]) -> None:
        results = [self._judge(item, asked.result()) for item, asked in arrived if asked.exception() is None]
        self._under_way -= len(arrived)
        if results:
            self._keeper.told(results)
        for _item, asked in arrived:
            asked.result()

    def _judge(self, item: Item, outcome: Answer | Failure) -> Result:
        cost = self._cost(item, outcome)
        self._budget.settle(item.most, cost)
        now = time.monotonic()
        if isinstance(outcome, Answer):
            self._in_a_row = 0
            self._pace.answered(outcome, now)
            return Result(item=item, outcome=outcome, cost=cost, final=True)
        return Result(item=item, outcome=outcome, cost=cost, final=not self._again(item, outcome, now))

    def _cost(self, item: Item, outcome: Answer | Failure) -> Decimal:
        if outcome.usage is not None:
            return self._price.cost(outcome.usage)
        if isinstance(outcome, Failure) and (not outcome.sent or outcome.status is not None):
            return Decimal(0)  # it never arrived, or was turned down with a status: that is not charged
        return item.most

    def _again(self, item: Item, failure: Failure, now: float) -> bool:
        """Arrange what follows a failure; say whether the item is asked again, in this run or by a resume."""
        then, tries = THEN[failure.trouble], item.tries + 1
        self._in_a_row = self._in_a_row + 1 if failure.trouble in _OF_THE_WAY else 0
        if self._in_a_row >= _IN_A_ROW or (then is Then.PAUSE and (failure.wait or 0.0) > _ANOTHER_TIME):
            then = Then.STOP
        if then is Then.WITHOUT and failure.parameter and failure.parameter not in item.question.without:
            self._without |= {failure.parameter}
            self._ready.appendleft(replace(item, tries=tries))
            return tries <= PATIENCE
        if then is Then.PAUSE and tries < PATIENCE:
            self._pace.too_many(failure, tries, now)
            self._ready.appendleft(replace(item, tries=tries))
            return True
        if then is Then.AGAIN and tries < TRIES:
            due = now + self._pace.wait(failure, tries)
            heapq.heappush(self._later, (due, item.number, replace(item, tries=tries)))
            return True
        if then is Then.STOP:
            self._ending = self._ending or Ending(failure)
            return True
        return False
