"""Clusters of linked items and the keeper of a cluster."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.analysis.clusters import KeeperFacts, KeeperReason, connected, suggest_keeper

facts = st.builds(
    KeeperFacts,
    id=st.text(alphabet="0123456789abcdef", min_size=2, max_size=2),
    settled=st.booleans(),
    edited=st.booleans(),
    answer_chars=st.integers(0, 3),
    has_source=st.booleans(),
    first_line=st.integers(1, 3),
)


def keeper(**told: object) -> KeeperFacts:
    plain: dict[str, object] = {
        "settled": False,
        "edited": False,
        "answer_chars": 5,
        "has_source": False,
        "first_line": 9,
    }
    return KeeperFacts(**{"id": "00", **plain, **told})  # type: ignore[arg-type]  # the names are checked by the class


@given(
    st.integers(0, 12).flatmap(
        lambda n: st.tuples(st.just(n), st.lists(st.tuples(*[st.integers(0, max(n - 1, 0))] * 2)) if n else st.just([]))
    )
)
def test_connected_is_reachability(case: tuple[int, list[tuple[int, int]]]) -> None:
    n, links = case
    reach = {i: {i} for i in range(n)}
    for _ in range(n):
        for a, b in links:
            reach[a] |= reach[b]
            reach[b] |= reach[a]
    expected = sorted({tuple(sorted(found)) for found in reach.values() if len(found) > 1})
    assert connected(n, links) == [list(cluster) for cluster in expected]


@pytest.mark.parametrize(
    ("better", "reason"),
    [
        ({"settled": True}, KeeperReason.SETTLED),
        ({"edited": True}, KeeperReason.EDITED),
        ({"has_source": True}, KeeperReason.SOURCED),
        ({"answer_chars": 6}, KeeperReason.LONGEST),
        ({"first_line": 1}, KeeperReason.FIRST),
    ],
)
def test_keeper_and_why(better: dict[str, object], reason: KeeperReason) -> None:
    assert suggest_keeper([keeper(id="01"), keeper(id="02", **better), keeper(id="03")]) == (1, reason)


def test_settled_comes_before_all_else() -> None:
    rivals = [
        keeper(id="01", edited=True, has_source=True, answer_chars=900, first_line=1),
        keeper(id="02", settled=True),
    ]
    assert suggest_keeper(rivals) == (1, KeeperReason.SETTLED)


def test_the_id_breaks_a_tie() -> None:
    assert suggest_keeper([keeper(id="0b"), keeper(id="0a")]) == (1, KeeperReason.FIRST)


def test_no_candidate() -> None:
    with pytest.raises(ValueError, match="candidate"):
        suggest_keeper([])


@given(st.lists(facts, min_size=1, max_size=6, unique_by=lambda f: f.id))
def test_order_does_not_matter(candidates: list[KeeperFacts]) -> None:
    turned = candidates[::-1]
    first, why = suggest_keeper(candidates)
    again, why_again = suggest_keeper(turned)
    assert (candidates[first], why) == (turned[again], why_again)
