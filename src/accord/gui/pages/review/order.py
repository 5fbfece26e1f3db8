"""The order in which one works: the numbers of the queue, where one is, and what has been judged meanwhile."""

import bisect
from array import array
from collections.abc import Collection, Iterable


class Order:
    """Keeps its place: what was judged stays in the list until the list is asked for anew."""

    def __init__(self) -> None:
        self.numbers: array[int] = array("q")
        self.position = -1
        self.judged: set[int] = set()

    @property
    def current(self) -> int | None:
        """The number of the item one is on."""
        return self.numbers[self.position] if 0 <= self.position < len(self.numbers) else None

    @property
    def waiting(self) -> int:
        """How many items of the list are not judged yet."""
        return len(self.numbers) - sum(number in self for number in self.judged)

    def __contains__(self, number: int) -> bool:
        return self.index(number) is not None

    def index(self, number: int) -> int | None:
        """Return where a number stands in the list."""
        found = bisect.bisect_left(self.numbers, number)
        return found if found < len(self.numbers) and self.numbers[found] == number else None

    def replace(self, numbers: Iterable[int], *, keep: Collection[int] = ()) -> None:
        """Take another list, in ascending order; ``keep`` stays in it. One's place is kept where it can be."""
        current, before = self.current, self.position
        listed = array("q", numbers)
        missing = sorted(set(keep).difference(listed)) if keep else []
        self.numbers = array("q", sorted([*listed, *missing])) if missing else listed
        place = None if current is None else self.index(current)
        self.position = place if place is not None else min(max(before, 0), len(self.numbers) - 1)

    def go_to(self, number: int) -> bool:
        """Go to an item; one that is not in the list is put in. Returns whether the list grew."""
        place = self.index(number)
        if place is not None:
            self.position = place
            return False
        place = bisect.bisect_left(self.numbers, number)
        self.numbers.insert(place, number)
        self.position = place
        return True

    def step(self, by: int) -> int | None:
        """Return the number ``by`` places on, None beyond the ends."""
        place = self.position + by
        return self.numbers[place] if 0 <= place < len(self.numbers) else None

    def next_open(self, *, among: Collection[int] | None = None) -> int | None:
        """Return the next number that is not judged (and is ``among`` these); round the end to what was skipped."""
        count = len(self.numbers)
        for step in range(1, count + 1):
            number = self.numbers[(self.position + step) % count]
            if number not in self.judged and (among is None or number in among):
                return number
        return None

    def neighbours(self, ahead: int, behind: int) -> list[int]:
        """Return the numbers around one's place, the next one first, for reading them early."""
        steps = [*range(1, ahead + 1), *range(-1, -behind - 1, -1)]
        return [number for number in map(self.step, steps) if number is not None]
