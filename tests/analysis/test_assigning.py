"""A plan of who reviews what: shares, balance, the same for the same seed, nobody twice."""

from collections import Counter
from itertools import combinations
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.analysis.assigning import plan

people = st.sets(st.sampled_from("ABCDEFGH"), min_size=2).map(sorted)
shares = st.integers(0, 20).map(lambda n: n / 20)


@given(st.integers(0, 60), people, shares, st.integers(0, 5), st.data())
def test_the_share_goes_to_several_and_everybody_gets_as_much(
    n: int, names: list[str], overlap: float, seed: int, data: st.DataObject
) -> None:
    ids = [f"{i:020x}" for i in range(n)]
    per_item = data.draw(st.integers(2, len(names)))
    found = plan(ids, names, overlap=overlap, per_item=per_item, seed=seed)
    assert sorted(found) == ids
    assert all(len(set(chosen)) == len(chosen) for chosen in found.values())
    sizes = Counter(len(chosen) for chosen in found.values())
    assert sizes[per_item] == ceil(round(overlap * n, 9))
    assert sizes[per_item] + sizes[1] == n
    loads = Counter(name for chosen in found.values() for name in chosen)
    assert max((loads[name] for name in names), default=0) - min(loads[name] for name in names) <= 1
    assert plan(data.draw(st.permutations(ids)), names[::-1], overlap=overlap, per_item=per_item, seed=seed) == found


def test_every_two_people_meet_about_as_often() -> None:
    found = plan([f"{i:020x}" for i in range(120)], "ABCD", overlap=1, per_item=2)
    met = Counter(tuple(sorted(chosen)) for chosen in found.values())
    assert {met[pair] for pair in combinations("ABCD", 2)} == {20}


def test_another_seed_draws_others() -> None:
    ids = [f"{i:020x}" for i in range(100)]
    often = [
        {id_ for id_, chosen in plan(ids, "AB", overlap=0.2, per_item=2, seed=seed).items() if len(chosen) > 1}
        for seed in (0, 1)
    ]
    assert len(often[0]) == len(often[1]) == 20
    assert often[0] != often[1]


def test_who_has_an_example_is_not_given_it_again() -> None:
    found = plan(["a", "b"], "AB", overlap=0, per_item=2, has={"a": ["A"]})
    assert found["a"] == ("B",)
    assert len(found["b"]) == 1


def test_who_has_much_gets_less() -> None:
    found = plan([f"{i}" for i in range(10)], "AB", overlap=0, per_item=2, loads={"A": 10})
    assert Counter(found.values()) == {("B",): 10}


@pytest.mark.parametrize(("overlap", "per_item"), [(0.5, 3), (1.5, 2), (-0.1, 2), (0.5, 0)])
def test_what_cannot_be_is_refused(overlap: float, per_item: int) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (it carries the number, no sentence)
        plan(["a"], "AB", overlap=overlap, per_item=per_item)
