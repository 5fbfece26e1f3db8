"""What the service does on its n-th request: always good, one after the other, or a seeded mix."""

import random
from collections.abc import Callable, Sequence

from tests.chat_service.faults import Case, Fault, Good
from tests.chat_service.wire import Received

Behaviour = Fault | Case | Good
Script = Callable[[int, Received], Behaviour]


def always(behaviour: Behaviour) -> Script:
    """Return a script that does the same on each request."""
    return lambda _number, _received: behaviour


def in_order(*behaviours: Behaviour, then: Behaviour | None = None) -> Script:
    """Return a script that does one after the other, and then what ``then`` says (good answers)."""
    last = Good() if then is None else then
    return lambda number, _received: behaviours[number] if number < len(behaviours) else last


def mix(seed: int, behaviours: Sequence[Behaviour], *, good: float = 0.5) -> Script:
    """Return a script that draws by seed and number: a share of ``good`` answers, and the others evenly.

    The n-th request gets the same whatever came before it and whichever thread asks.
    """

    def draw(number: int, _received: Received) -> Behaviour:
        drawn = random.Random(f"{seed}:{number}")
        return Good() if drawn.random() < good else drawn.choice(behaviours)

    return draw
