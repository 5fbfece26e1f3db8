"""How many examples each tag has, and how many more it takes for the thin ones."""

import heapq
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import median

from accord.domain.review import Status
from accord.storage import facets
from accord.storage import settings as project_settings
from accord.storage.project import Project, View

LEAST_WANTED = 10
_WAITING = (Status.CANDIDATE, Status.NEEDS_ANSWER, Status.IN_REVIEW, Status.DISAGREEMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How many examples with a tag are accepted, how many wait for an answer or a verdict, how many more are wanted."""

    tag: str
    description: str
    accepted: int
    waiting: int
    wanted: int


def coverage(*, project: Project, target: int = 0) -> tuple[Coverage, ...]:
    """Return the project's tags (those in use where it has no set), the one with the fewest accepted examples first.

    ``target``: how many examples of a tag, accepted or waiting, are enough; 0: as many accepted ones as the tag in the
    middle has (the median), and 10 at least.
    """
    with project.read() as view:
        return of_view(view, target)


def of_view(view: View, target: int = 0) -> tuple[Coverage, ...]:
    """Return what ``coverage`` does."""
    accepted = facets.by_tag(view, status=Status.ACCEPTED)
    waiting = sum((Counter(facets.by_tag(view, status=status)) for status in _WAITING), Counter[str]())
    described = {tag.name: tag.description for tag in project_settings.current(view).tags}
    names = described or dict.fromkeys(sorted({*accepted, *waiting}), "")
    if not names:
        return ()
    enough = target or max(LEAST_WANTED, round(median(accepted.get(name, 0) for name in names)))
    found = [
        Coverage(
            tag=name,
            description=description,
            accepted=accepted.get(name, 0),
            waiting=waiting[name],
            wanted=max(0, enough - accepted.get(name, 0) - waiting[name]),
        )
        for name, description in names.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.accepted, one.accepted + one.waiting)))


def shared_out(table: Sequence[Coverage], n: int, among: Collection[str] = ()) -> dict[str, int]:
    """Return how many of ``n`` new examples each tag is given, so that the thinnest gain first and end up equal.

    ``among``: only these tags; those that are given none are left out.
    """
    heap = [(one.accepted + one.waiting, place) for place, one in enumerate(table) if not among or one.tag in among]
    heapq.heapify(heap)
    given: Counter[str] = Counter()
    for _number in range(n if heap else 0):
        have, place = heap[0]
        heapq.heapreplace(heap, (have + 1, place))
        given[table[place].tag] += 1
    return {one.tag: given[one.tag] for one in table if given[one.tag]}
