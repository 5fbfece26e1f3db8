"""What asking a model costs, and a budget that is never passed, whatever comes back."""

import threading
from dataclasses import dataclass
from decimal import Decimal

from accord.domain.chat import Usage

_MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """US dollars for a million tokens read and written. ``day``: of the price, ISO 8601; ``source``: who said it."""

    prompt: Decimal
    answer: Decimal
    day: str = ""
    source: str = ""

    def cost(self, usage: Usage) -> Decimal:
        """Return what so many tokens cost, in US dollars."""
        return (self.prompt * usage.prompt + self.answer * usage.answer) / _MILLION


FREE = Price(prompt=Decimal(0), answer=Decimal(0))


class Budget:
    """A sum that may be spent. What a question may cost at most is put aside before it is asked.

    A question of which nobody knows what it cost (the connection broke, the program was killed) counts at that most.
    """

    def __init__(self, most: Decimal | None, spent: Decimal = Decimal(0)) -> None:
        """``most``: US dollars, None without a limit; ``spent``: by this run so far."""
        self._most, self._spent = most, spent
        self._aside = Decimal(0)
        self._lock = threading.Lock()

    @property
    def spent(self) -> Decimal:
        """Return what was spent, what is only put aside left out."""
        return self._spent

    def put_aside(self, cost: Decimal) -> bool:
        """Put a question's greatest cost aside; say False where the budget does not hold it."""
        with self._lock:
            if self._most is not None and self._spent + self._aside + cost > self._most:
                return False
            self._aside += cost
            return True

    def settle(self, aside: Decimal, cost: Decimal) -> None:
        """Count what a question has cost in place of what was put aside for it."""
        with self._lock:
            self._aside -= aside
            self._spent += cost

    def waits(self) -> bool:
        """Say whether something is put aside: what comes of it may leave room."""
        return self._aside > 0
