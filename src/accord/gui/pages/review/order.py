"""The order in which one works: the numbers of the queue, where one is, and what has been judged meanwhile."""

import bisect
from array import array
from collections.abc import Collection, Iterable, Sequence

EVERY = 20  # among so many items is one that comes back, where that many wait
_SPREAD = 2654435761  # Knuth's multiplier: it scatters numbers that follow each other


class Order:
    """Keeps its place: what was judged stays in the list until the list is asked for anew.

    The numbers ascend, but for those that come back: they are scattered among the others, so that their places do not
    tell which they are.
    """

    def __init__(self) -> None:
        self.numbers: array[int] = array("q")
        self._after: dict[int, int] = {}  # of what comes back: behind which number it stands
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
        found = self._place(number)
        return found if found < len(self.numbers) and self.numbers[found] == number else None

    def replace(self, numbers: Iterable[int], *, keep: Collection[int] = (), again: Sequence[int] = ()) -> None:
        """Take another list, in ascending order; ``keep`` stays in it. One's place is kept where it can be.

        ``again``: what comes back besides; each keeps its place among the others as long as this order lives.
        """
        current, before = self.current, self.position
        listed = array("q", numbers)
        self._scatter(listed, [number for number in again if number not in self._after])
        back = {number for number in (*again, *keep) if number in self._after}
        if back:
            listed = array("q", (number for number in listed if number not in back))
        missing = sorted(set(keep).difference(listed, back)) if keep else []
        self.numbers = array("q", sorted([*listed, *missing])) if missing else listed
        self._put_among(sorted(back, key=self._key))
        place = None if current is None else self.index(current)
        self.position = place if place is not None else min(max(before, 0), len(self.numbers) - 1)

    def go_to(self, number: int) -> bool:
        """Go to an item; one that is not in the list is put in. Returns whether the list grew."""
        place = self.index(number)
        if place is not None:
            self.position = place
            return False
        place = self._place(number)
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

    def _key(self, number: int) -> tuple[int, int]:
        after = self._after.get(number)
        return (number, -1) if after is None else (after, number)

    def _place(self, number: int) -> int:
        if not self._after:
            return bisect.bisect_left(self.numbers, number)
        return bisect.bisect_left(self.numbers, self._key(number), key=self._key)

    def _put_among(self, back: Sequence[int]) -> None:
        """Put these, in their order, among the numbers: all in one go, for each alone would move all behind it."""
        merged, start = array("q"), 0
        for number in back:
            place = self._place(number)
            merged.extend(self.numbers[start:place])
            merged.append(number)
            start = place
        self.numbers = merged + self.numbers[start:]

    def _scatter(self, listed: "array[int]", new: Sequence[int]) -> None:
        """Give each of these a place behind one of the numbers that are still ahead: one among ``EVERY``."""
        current = self.current
        front = 0 if current is None else bisect.bisect_left(listed, self._key(current)[0])
        for turn, number in enumerate(sorted(new, key=lambda n: n * _SPREAD % 2**32)):
            ahead = front + EVERY * turn + number * _SPREAD % 2**32 % EVERY
            self._after[number] = listed[min(ahead, len(listed) - 1)] if listed else 0
