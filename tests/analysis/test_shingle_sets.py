"""The packed shingle sets."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from accord.analysis.shingle_sets import ShingleSets

members = st.lists(st.integers(1, 12).map(lambda value: value * 2), min_size=1, max_size=10)


def test_sets_that_only_sum_to_the_same_are_two() -> None:
    sets = ShingleSets()
    assert sets.add(5, np.array([2, 8], dtype=np.uint64)) == 5
    assert sets.add(6, np.array([4, 6], dtype=np.uint64)) == 6
    assert sets.add(7, np.array([8, 2, 8], dtype=np.uint64)) == 5
    assert sets.rows == [5, 6]


@given(st.lists(members, min_size=1, max_size=6))
def test_similarity_is_that_of_the_sets(many: list[list[int]]) -> None:
    sets = ShingleSets()
    for row, values in enumerate(many):
        sets.add(row, np.array(values, dtype=np.uint64))
    different = [set(many[row]) for row in sets.rows]
    packed = sets.packed()
    n = len(different)
    left, right = (grid.ravel() for grid in np.indices((n, n)))
    expected = [len(different[i] & different[j]) / len(different[i] | different[j]) for i in range(n) for j in range(n)]
    assert packed.near(left, right, 0.5)[1].tolist() == expected
    assert packed.sizes[sets.ranks()].tolist() == sorted(map(len, different))
