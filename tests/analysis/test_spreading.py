"""A draw is the seed's alone, spread over kinds as far as there are any."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from accord.analysis.spreading import spread

ITEMS = st.dictionaries(st.text("abcdef", min_size=1, max_size=6), st.sampled_from("xyz"), max_size=40)


@given(ITEMS, st.integers(0, 50), st.integers(0, 5), st.randoms())
def test_the_order_of_the_items_does_not_matter(items: dict[str, str], count: int, seed: int, dice: object) -> None:
    shuffled = list(items.items())
    dice.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    found = spread(shuffled, count, seed)
    assert found == spread(sorted(items.items()), count, seed)
    assert len(set(found)) == len(found) == min(count, len(items))


@given(ITEMS, st.integers(1, 50), st.integers(0, 5))
def test_no_kind_is_passed_over_while_it_has_any_left(items: dict[str, str], count: int, seed: int) -> None:
    drawn = Counter(items[id_] for id_ in spread(list(items.items()), count, seed))
    there = Counter(items.values())
    most = max(drawn.values(), default=0)
    assert all(drawn[kind] >= min(there[kind], most - 1) for kind in there)


def test_another_seed_draws_others() -> None:
    items = [(f"id{n}", "kind") for n in range(100)]
    assert spread(items, 10, 1) != spread(items, 10, 2)
