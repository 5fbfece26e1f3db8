"""Which accepted examples a model is shown beside what it starts from: alike, and never held out by a release."""

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from accord.domain.filters import Field, Op, Term
from accord.domain.review import Status
from accord.storage import generation_listing, listing, releases
from accord.storage.project import View
from accord.storage.states import unpack

_MOST_LOOKED_AT = 20_000  # accepted examples, a sample of them where there are more
_PART = 5_000


@dataclass(frozen=True, slots=True)
class Facts:
    """What of an example decides beside which others it is shown. ``family``: what came of one seed shares it."""

    tags: tuple[str, ...] = ()
    request: str = ""
    groups: frozenset[str] = frozenset()
    family: int = 0

    @property
    def group(self) -> str:
        """Return one of its groups, which are one; empty where it has none."""
        return min(self.groups, default="")

    def bonds(self) -> set[tuple[str, str | int]]:
        """Return what binds it to others: its request, its groups, its family."""
        found: set[tuple[str, str | int]] = {("group", group) for group in self.groups}
        if self.request:
            found.add(("request", self.request))
        if self.family:
            found.add(("family", self.family))
        return found


def ordered(values: Iterable[int], seed: int | str) -> list[int]:
    """Return values in an order that the seed decides, and that stays as it is where others come or go."""
    return sorted(values, key=lambda value: _place(seed, value))


def first_of(values: Iterable[int], seed: int | str, n: int) -> list[int]:
    """Return the first ``n`` of what ``ordered`` returns."""
    return heapq.nsmallest(n, values, key=lambda value: _place(seed, value))


def _place(seed: int | str, value: int) -> bytes:
    return blake2b(f"{seed}:{value}".encode(), digest_size=12).digest()


def accepted(view: View, *, tag: str = "", barred: Collection[int] = ()) -> list[int]:
    """Return the accepted examples, with a tag or of any, but for those that are ``barred``."""
    terms = [Term(field=Field.STATUS, op=Op.IS, value=Status.ACCEPTED)]
    if tag:
        terms.append(Term(field=Field.TAG, op=Op.IS, value=tag))
    return [seq for seq in listing.seqs(view, terms) if seq not in barred]


def facts_of(view: View, numbers: Sequence[int]) -> dict[int, Facts]:
    """Return the tags, the request and the groups of examples, in a few queries."""
    groups = listing.groups(view, numbers)
    family = generation_listing.families(view)
    return {
        row.seq: Facts(unpack(row.tags), row.request, frozenset(groups.get(row.seq, ())), family.get(row.seq, 0))
        for start in range(0, len(numbers), _PART)
        for row in releases.candidates(view, numbers[start : start + _PART])
    }


class Shown:
    """The accepted examples that may be shown. ``barred``: those that no model is to see (``kept_from_models``)."""

    def __init__(self, view: View, *, barred: Collection[int], seed: int) -> None:
        self._view, self._barred, self._seed = view, barred, seed
        pool = first_of(accepted(view, barred=barred), f"shown {seed}", _MOST_LOOKED_AT)
        self._facts: dict[int, Facts] = facts_of(view, pool)
        self._all = pool
        self._by_tag: Mapping[str, list[int]] = defaultdict(list)
        self._whole: set[str] = set()  # the tags that were looked up beyond the sample
        for seq in pool:
            for tag in self._facts[seq].tags:
                self._by_tag[tag].append(seq)

    def beside(self, own: Facts, n: int, *, number: int) -> tuple[int, ...]:
        """Return at most ``n`` examples to show beside one, those that share a tag with it first.

        None of them shares the request, a group or a seed with it or with each other. ``number`` decides which come
        first, so that different starts show different ones.
        """
        chosen: list[int] = []
        bound = own.bonds()
        for seq in self._near(own.tags, number):
            if len(chosen) >= n:
                break
            bonds = self._facts[seq].bonds()
            if bound.isdisjoint(bonds):
                chosen.append(seq)
                bound |= bonds
        return tuple(chosen)

    def of_tag(self, tag: str, n: int, *, number: int) -> tuple[int, ...]:
        """Return at most ``n`` examples of a tag, others where it has too few."""
        if tag not in self._whole and len(self._by_tag.get(tag, ())) < n and len(self._all) >= _MOST_LOOKED_AT:
            self._whole.add(tag)
            rare = first_of(accepted(self._view, tag=tag, barred=self._barred), f"shown {self._seed}", n)
            self._facts |= facts_of(self._view, rare)
            self._by_tag[tag].extend(seq for seq in rare if seq not in self._by_tag[tag])
        return self.beside(Facts(tags=(tag,)), n, number=number)

    def _near(self, tags: Sequence[str], number: int) -> Iterator[int]:
        for tag in tags:
            yield from self._from(self._by_tag.get(tag, []), number)
        yield from self._from(self._all, number)

    def _from(self, pool: Sequence[int], number: int) -> Iterator[int]:
        """Yield all of a pool, beginning where the number says."""
        start = int.from_bytes(_place(self._seed, number)[:4]) % max(len(pool), 1)
        for place in range(len(pool)):
            yield pool[(start + place) % len(pool)]
