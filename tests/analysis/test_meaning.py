"""Every pair alike in meaning is found, as by comparing all with all; blank texts are like blank ones alone."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.analysis import meaning
from accord.analysis.clusters import connected
from accord.analysis.meaning import alike_across, alike_in_meaning, unread

F32 = npt.NDArray[np.float32]


def _unit(rows: list[list[float]]) -> F32:
    found = np.array(rows, dtype=np.float32)
    length = np.linalg.norm(found, axis=1, keepdims=True)
    return (found / np.where(length == 0, 1, length)).astype(np.float32)


def _drawn(seed: int, n: int) -> F32:
    """Vectors in a few bundles, some of them blank, so that many pairs are alike."""
    chance = np.random.default_rng(seed)
    centres = chance.normal(size=(4, 6))
    found = centres[chance.integers(0, 4, n)] + 0.25 * chance.normal(size=(n, 6))
    found[chance.random(n) < 0.2] = 0
    return _unit(found.tolist())


def _oracle(parts: list[F32], earlier: F32 | None, threshold: float) -> dict[tuple[int, int], float]:
    found = {}
    n = len(parts[0])
    for i in range(n):
        for j in range(i + 1, n):
            if not any(part[i].any() for part in parts) or not any(part[j].any() for part in parts):
                continue
            scores = []
            for part in [*parts, *([] if earlier is None else [earlier])]:
                blank = not part[i].any(), not part[j].any()
                scores.append(1.0 if all(blank) else 0.0 if any(blank) else float(part[i] @ part[j]))
            if min(scores) >= threshold:
                found[i, j] = min(scores)
    return found


@given(
    seed=st.integers(0, 10_000), n=st.integers(1, 60), threshold=st.sampled_from([0.5, 0.8, 0.95]), talks=st.booleans()
)
def test_all_pairs_are_those_of_comparing_all_with_all(seed: int, n: int, threshold: float, talks: bool) -> None:  # noqa: FBT001  (drawn by hypothesis)
    parts = [_drawn(seed, n), _drawn(seed + 1, n)]
    earlier = _drawn(seed + 2, n) if talks else None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(meaning, "_ROWS", 7)
        patch.setattr(meaning, "_COLUMNS", 11)
        patch.setattr(meaning, "_FEW", 5)
        patch.setattr(meaning, "_DENSE", 0.3)
        found = alike_in_meaning(parts, earlier=earlier, threshold=threshold, every_pair=True)
        few = alike_in_meaning(parts, earlier=earlier, threshold=threshold)
    expected = _oracle(parts, earlier, threshold)
    assert {(a, b) for a, b, _score in found.pairs} == set(expected)
    assert all(score == pytest.approx(expected[a, b], abs=1e-4) for a, b, score in found.pairs)
    clusters = tuple(map(tuple, connected(n, expected)))
    assert found.clusters == few.clusters == clusters
    assert len(few.pairs) == sum(len(cluster) - 1 for cluster in clusters)
    assert {(a, b) for a, b, _score in few.pairs} <= set(expected)


@given(
    seed=st.integers(0, 10_000), n=st.integers(1, 60), threshold=st.sampled_from([0.5, 0.8, 0.95]), talks=st.booleans()
)
def test_pairs_across_sides_are_those_of_comparing_all_with_all(
    seed: int,
    n: int,
    threshold: float,
    talks: bool,  # noqa: FBT001  (drawn by hypothesis)
) -> None:
    asked, earlier = _drawn(seed, n), _drawn(seed + 2, n) if talks else None
    sides = np.random.default_rng(seed).integers(0, 3, n)
    told: list[tuple[int, int]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(meaning, "_ROWS", 7)
        patch.setattr(meaning, "_COLUMNS", 11)
        found = alike_across(
            [asked],
            earlier=earlier,
            sides=sides,
            threshold=threshold,
            progress=lambda done, total: told.append((done, total)),
        )
    assert found == sum(sides[a] != sides[b] for a, b in _oracle([asked], earlier, threshold))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]


def test_nothing_that_is_alike_across_sides_was_not_linked() -> None:
    """Around the threshold the two may round differently, as blocks are cut differently: never to a leak."""
    vectors = _drawn(5, 300)
    score = alike_in_meaning([vectors], threshold=0.9).pairs[0][2]
    for threshold in (score, score - 5e-7, score + 5e-7):
        linked = alike_in_meaning([vectors], threshold=threshold)
        cluster = np.arange(300)
        for number, places in enumerate(linked.clusters):
            cluster[list(places)] = 1000 + number
        assert alike_across([vectors], sides=cluster, threshold=threshold) == 0


def test_texts_that_the_model_cannot_read_are_told_by_their_vectors() -> None:
    drawn = _drawn(1, 40)
    signs = np.where(np.arange(6) % 2, 1, -1).astype(np.float32) / np.float32(np.sqrt(6))
    assert unread(np.vstack([drawn, signs])).tolist() == [*([False] * 40), True]
    assert unread(np.zeros((2, 0), dtype=np.float32)).tolist() == [False, False]


def test_a_blank_part_is_like_a_blank_one_and_wholly_blank_texts_are_near_to_none() -> None:
    asked = _unit([[1, 0], [1, 0], [1, 0], [0, 0], [0, 0]])
    answered = _unit([[0, 0], [0, 0], [0, 1], [0, 0], [0, 0]])
    found = alike_in_meaning([asked, answered], threshold=0.9)
    assert found.pairs == ((0, 1, 1.0),)
    assert found.clusters == ((0, 1),)


def test_what_was_said_before_must_be_alike_too() -> None:
    asked = _unit([[1, 0], [1, 0], [1, 0]])
    earlier = _unit([[1, 0], [0, 1], [0, 1]])
    assert alike_in_meaning([asked], earlier=earlier, threshold=0.9).clusters == ((1, 2),)


def test_a_search_can_be_stopped_and_tells_how_far_it_is() -> None:
    told: list[int] = []

    def step(done: int, total: int) -> None:
        told.append(done)
        assert done <= total

    alike_in_meaning([_drawn(3, 2500)], threshold=0.9, progress=step)
    assert told == sorted(told)
    assert len(told) == 3

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        alike_in_meaning([_drawn(3, 20)], threshold=0.9, progress=stop)


def test_nothing_is_found_among_nothing() -> None:
    assert alike_in_meaning([np.zeros((0, 0), dtype=np.float32)], threshold=0.9).pairs == ()
    assert alike_in_meaning([np.zeros((3, 0), dtype=np.float32)], threshold=0.9).clusters == ()
    for n in (0, 3):
        nothing = [np.zeros((n, 0), dtype=np.float32)]
        assert alike_across(nothing, sides=np.arange(n), threshold=0.9) == 0
    with pytest.raises(ValueError, match="threshold"):
        alike_in_meaning([_drawn(1, 3)], threshold=0)
