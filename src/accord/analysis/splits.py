"""The leak-proof split of a release into train, validation and held-out: groups go whole, and go back where they were.

How a share is met: new groups are taken in a fixed order, each if the part comes no further from its share with it than
without it. So a part ends over its share by at most half of the last group taken, and short of it by less than half of
every group that could still have been taken.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise

from accord.analysis.clusters import DisjointSets
from accord.domain.releases import Part

LINKED_TO_HELDOUT = "linked_to_heldout"
# Shares are typed as decimals; two that make 1 on paper may sum to a hair more.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class SplitItem:
    """One example to be split.

    ``links``: whatever it shares with other examples (patient, document, cluster); ``previous``: its part in
    earlier releases (held-out if it ever was, else train if it ever was); ``heldout_allowed``: False keeps it and its
    group from being newly held out; ``present``: False for one that is not in this release and only binds the others.
    """

    id: str
    links: tuple[str, ...]
    tags: tuple[str, ...]
    previous: Part | None
    heldout_allowed: bool = True
    present: bool = True


@dataclass(frozen=True, slots=True)
class Split:
    """The part of each item by id, the reason of each item that is left out, and the number of groups."""

    parts: dict[str, Part]
    left_out: dict[str, str]
    groups: int


def split(items: Iterable[SplitItem], *, heldout: float, validation: float, seed: int) -> Split:
    """Split items into train, validation and held-out; the same items and seed give the same split in any order.

    * Items that share a link, directly or through others, are one group and never part.
    * A group that was ever held out is held out; its items that were trained on before are left out.
    * A group that was trained on stays train; one that was only validated on stays validation.
    * New groups fill what is missing of held-out, then of validation, evenly over the tags; the rest is train.

    ``heldout`` and ``validation`` are shares of all items that are not left out, from 0 to 1 together. Raises
    ValueError for shares out of range and for an id that comes twice.
    """
    if not (heldout >= 0 and validation >= 0 and heldout + validation <= 1 + _ROUNDING):
        raise ValueError("shares must not be negative nor exceed 1 together")
    # What is absent comes last: the first item of a group, whose id draws its place, is one of the release.
    ordered = sorted(items, key=lambda item: (not item.present, item.id))
    if any(a.id == b.id for a, b in pairwise(sorted(ordered, key=lambda item: item.id))):
        raise ValueError("an item's id comes twice")
    groups = _groups(ordered, seed)
    left_out = {
        item.id: LINKED_TO_HELDOUT
        for group in groups
        if group.part is Part.HELDOUT
        for item in group.items
        if item.previous in (Part.TRAIN, Part.VALIDATION)
    }
    total = sum(len(group.items) for group in groups) - len(left_out)
    _fill(groups, Part.HELDOUT, heldout * total, total)
    _fill(groups, Part.VALIDATION, validation * total, total)
    parts = {item.id: group.part or Part.TRAIN for group in groups for item in group.items if item.id not in left_out}
    return Split(parts=parts, left_out=left_out, groups=len(groups))


@dataclass(slots=True)
class _Group:
    """Items that go together; ``part`` None until it is settled, ``stratum`` its rarest tag."""

    items: list[SplitItem]
    stratum: str
    order: bytes
    part: Part | None
    size: int

    def may_be(self, part: Part) -> bool:
        return self.part is None and (part is not Part.HELDOUT or all(item.heldout_allowed for item in self.items))


def _groups(ordered: Sequence[SplitItem], seed: int) -> list[_Group]:
    """Return the groups, settled as far as earlier releases say, in an order drawn by the seed."""
    sets = DisjointSets(len(ordered))
    first: dict[str, int] = {}
    for index, item in enumerate(ordered):
        for link in item.links:
            sets.join(first.setdefault(link, index), index)
    members: dict[int, list[SplitItem]] = {}
    for item, root in zip(ordered, sets.all(), strict=True):
        members.setdefault(root, []).append(item)
    frequency = Counter(tag for item in ordered if item.present for tag in set(item.tags))
    groups = [_group(list_, frequency, seed) for list_ in members.values() if list_[0].present]
    groups.sort(key=lambda group: (group.order, group.items[0].id))
    return groups


def _group(items: list[SplitItem], frequency: Counter[str], seed: int) -> _Group:
    before = {item.previous for item in items}
    part = next((part for part in (Part.HELDOUT, Part.TRAIN, Part.VALIDATION) if part in before), None)
    items = [item for item in items if item.present]
    # Items come in the order of their ids, so the first has the smallest: a group that grows mostly keeps its place.
    drawn = blake2b(f"{seed}\n{items[0].id}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    tags = {tag for item in items for tag in item.tags}
    size = len(items)
    if part is Part.HELDOUT:
        size = sum(item.previous not in (Part.TRAIN, Part.VALIDATION) for item in items)
    return _Group(items, min(tags, key=lambda tag: (frequency[tag], tag), default=""), drawn, part, size)


def _fill(groups: Sequence[_Group], part: Part, target: float, total: int) -> None:
    """Give new groups to a part until it holds ``target`` items, spread over the strata by what each is short of."""
    need = target - sum(group.size for group in groups if group.part is part)
    if need <= 0:
        return
    sizes: Counter[str] = Counter()
    held: Counter[str] = Counter()
    open_groups: dict[str, list[_Group]] = {}
    for group in groups:
        sizes[group.stratum] += group.size
        if group.part is part:
            held[group.stratum] += group.size
        elif group.may_be(part):
            open_groups.setdefault(group.stratum, []).append(group)
    short = {name: max(0.0, target * size / total - held[name]) for name, size in sizes.items()}
    scale = need / sum(short.values())
    taken, due = 0, 0.0
    # What one stratum could not give, or gave too much, the next makes up; the largest comes last and evens it out.
    for name in sorted(sizes, key=lambda name: (sizes[name], name)):
        due += short[name] * scale
        taken += _take(open_groups.get(name, ()), part, due - taken)
    _take([group for group in groups if group.may_be(part)], part, need - taken)


def _take(candidates: Iterable[_Group], part: Part, wanted: float) -> int:
    """Give to the part each group that brings it no further from ``wanted``; return how many items that was."""
    taken = 0
    for group in candidates:
        missing = wanted - taken
        if 2 * missing < 1:
            break
        if group.size <= 2 * missing:
            group.part = part
            taken += group.size
    return taken
