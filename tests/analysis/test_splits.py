"""The split, over releases of a growing project."""

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.analysis.clusters import connected
from accord.analysis.splits import LINKED_TO_HELDOUT, Split, SplitItem, split
from accord.domain.releases import Part

SHARES = st.sampled_from([(0.15, 0.1), (0.0, 0.0), (0.5, 0.5), (0.2, 0.0), (0.0, 0.3), (1.0, 0.0), (0.33, 0.33)])


@st.composite
def projects(draw: st.DrawFn) -> list[SplitItem]:
    """Return items whose links make groups of any shape; some are generated."""
    n = draw(st.integers(0, 40))
    links = st.lists(st.integers(0, max(n, 1)).map(str), max_size=2).map(tuple)
    tags = st.lists(st.sampled_from("abc"), max_size=2).map(tuple)
    return [SplitItem(f"{i:03}", draw(links), draw(tags), None, draw(st.integers(0, 9)) > 0) for i in range(n)]


def groups_of(items: list[SplitItem]) -> list[list[SplitItem]]:
    first: dict[str, int] = {}
    links = [(first.setdefault(link, i), i) for i, item in enumerate(items) for link in item.links]
    joined = connected(len(items), links)
    alone = set(range(len(items))) - {i for group in joined for i in group}
    return [[items[i] for i in group] for group in [*joined, *([i] for i in sorted(alone))]]


def released(items: list[SplitItem], made: Split) -> list[SplitItem]:
    """Return the items as the next release sees them."""
    return [replace(item, previous=made.parts.get(item.id, item.previous)) for item in items]


def check_rules(items: list[SplitItem], made: Split) -> None:
    groups = groups_of(items)
    assert made.groups == len(groups)
    assert set(made.parts) | set(made.left_out) == {item.id for item in items}
    assert not set(made.parts) & set(made.left_out)
    assert set(made.left_out.values()) <= {LINKED_TO_HELDOUT}
    for group in groups:
        before = {item.previous for item in group}
        parts = {made.parts[item.id] for item in group if item.id in made.parts}
        left_out = {item.id for item in group if item.id in made.left_out}
        assert len(parts) <= 1
        if Part.HELDOUT in before:
            assert parts == {Part.HELDOUT}
            assert left_out == {item.id for item in group if item.previous in (Part.TRAIN, Part.VALIDATION)}
            continue
        assert not left_out
        if Part.TRAIN in before:
            assert parts == {Part.TRAIN}
        elif Part.VALIDATION in before:
            assert parts == {Part.VALIDATION}
        elif not all(item.heldout_allowed for item in group):
            assert parts != {Part.HELDOUT}


def check_shares(items: list[SplitItem], made: Split, heldout: float, validation: float) -> None:
    """Each share is met within half a group: the last one taken, or any that could have been."""
    new = [group for group in groups_of(items) if all(item.previous is None for item in group)]
    total = len(made.parts)
    counts = Counter(made.parts.values())
    for part, share in ((Part.HELDOUT, heldout), (Part.VALIDATION, validation)):
        taken = [len(group) for group in new if made.parts[group[0].id] is part]
        free = [group for group in new if made.parts[group[0].id] is Part.TRAIN]
        if part is Part.HELDOUT:
            free = [
                group
                for group in new
                if made.parts[group[0].id] is not part and all(item.heldout_allowed for item in group)
            ]
        over = counts[part] - share * total
        if taken:
            assert over <= max(taken) / 2 + 1e-6
        if over < 0:
            assert all(len(group) > 2 * -over - 1e-6 for group in free)


@settings(deadline=None)
@given(projects(), SHARES, st.integers(0, 3))
def test_rules_and_shares(items: list[SplitItem], shares: tuple[float, float], seed: int) -> None:
    made = split(items, heldout=shares[0], validation=shares[1], seed=seed)
    check_rules(items, made)
    check_shares(items, made, *shares)


@settings(deadline=None)
@given(projects(), st.randoms(use_true_random=False), st.integers(0, 3))
def test_order_does_not_matter_and_the_seed_does(items: list[SplitItem], draw: random.Random, seed: int) -> None:
    made = split(items, heldout=0.2, validation=0.2, seed=seed)
    assert split(draw.sample(items, len(items)), heldout=0.2, validation=0.2, seed=seed) == made


@settings(deadline=None)
@given(projects(), SHARES, st.integers(0, 3), st.data())
def test_three_growing_releases(
    items: list[SplitItem], shares: tuple[float, float], seed: int, data: st.DataObject
) -> None:
    sizes = sorted(data.draw(st.tuples(*[st.integers(0, len(items))] * 2)))
    known: list[SplitItem] = []
    heldout: set[str] = set()
    for size in [*sizes, len(items)]:
        # New rows come, and bring links that join what was apart.
        known = [*known, *items[len(known) : size]]
        made = split(known, heldout=shares[0], validation=shares[1], seed=seed)
        check_rules(known, made)
        check_shares(known, made, *shares)
        assert heldout <= {id_ for id_, part in made.parts.items() if part is Part.HELDOUT}
        heldout = {id_ for id_, part in made.parts.items() if part is Part.HELDOUT}
        known = released(known, made)


def test_another_seed_holds_out_others() -> None:
    items = [SplitItem(f"{i:03}", (), (), None) for i in range(200)]
    one, two = (split(items, heldout=0.2, validation=0.1, seed=seed).parts for seed in (0, 1))
    assert one != two
    assert Counter(one.values()) == Counter(two.values()) == {Part.TRAIN: 140, Part.HELDOUT: 40, Part.VALIDATION: 20}


def test_tags_are_spread_evenly() -> None:
    items = [
        SplitItem(f"{i:04}", (f"p{i // 2}",), ("rare",) if i < 100 else ("common", "x"), None) for i in range(1000)
    ]
    made = split(items, heldout=0.2, validation=0.1, seed=5)
    rare = Counter(made.parts[item.id] for item in items if "rare" in item.tags)
    assert rare == {Part.HELDOUT: 20, Part.VALIDATION: 10, Part.TRAIN: 70}


def test_a_new_row_that_links_train_to_heldout_takes_train_out() -> None:
    items = [
        SplitItem("a", ("matter 1",), (), Part.HELDOUT),
        SplitItem("b", ("matter 2",), (), Part.TRAIN),
        SplitItem("c", ("matter 2",), (), Part.VALIDATION),
        SplitItem("d", ("matter 1", "matter 2"), (), None),
    ]
    made = split(items, heldout=0.1, validation=0.0, seed=0)
    assert made.parts == {"a": Part.HELDOUT, "d": Part.HELDOUT}
    assert made.left_out == {"b": LINKED_TO_HELDOUT, "c": LINKED_TO_HELDOUT}


def test_train_draws_validation_to_itself() -> None:
    items = [SplitItem("a", ("x",), (), Part.TRAIN), SplitItem("b", ("x",), (), Part.VALIDATION)]
    assert split(items, heldout=0.5, validation=0.5, seed=0).parts == {"a": Part.TRAIN, "b": Part.TRAIN}


@pytest.mark.parametrize(
    ("n", "heldout", "expected"), [(0, 0.15, 0), (1, 0.15, 0), (2, 0.15, 0), (2, 0.5, 1), (3, 0.34, 1), (4, 0.15, 1)]
)
def test_tiny_sets(n: int, heldout: float, expected: int) -> None:
    items = [SplitItem(str(i), (), (), None) for i in range(n)]
    made = split(items, heldout=heldout, validation=0.0, seed=0)
    assert Counter(made.parts.values())[Part.HELDOUT] == expected


def test_one_great_group_is_not_held_out_for_a_small_share() -> None:
    items = [SplitItem(str(i), ("same",) if i < 90 else (), (), None) for i in range(100)]
    made = split(items, heldout=0.15, validation=0.1, seed=0)
    assert made.parts["0"] is Part.TRAIN
    assert Counter(made.parts.values())[Part.HELDOUT] == 10  # all that is left


@pytest.mark.parametrize(("heldout", "validation"), [(-0.1, 0.0), (0.0, -0.1), (0.6, 0.5), (float("nan"), 0.0)])
def test_shares_out_of_range(heldout: float, validation: float) -> None:
    with pytest.raises(ValueError, match="shares"):
        split([], heldout=heldout, validation=validation, seed=0)


def test_an_id_twice() -> None:
    item = SplitItem("a", (), (), None)
    with pytest.raises(ValueError, match="twice"):
        split([item, item], heldout=0.1, validation=0.1, seed=0)
