"""A key is found where it stood last, whatever else meets it on the way."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from accord.providers.key_table import last_of

# Few numbers that share their lower bits, so that keys meet in a slot and return.
NUMBER = st.sampled_from([0, 1, 2, 64, 65, 2**20, 2**20 + 1, 2**63, 2**64 - 1])
KEYS = st.lists(st.tuples(NUMBER, NUMBER), max_size=60)


@given(known=KEYS, wanted=KEYS)
def test_each_key_is_found_where_it_stood_last(known: list[tuple[int, int]], wanted: list[tuple[int, int]]) -> None:
    places = {key: place for place, key in enumerate(known)}
    found = last_of(np.array(known, np.uint64).reshape(-1, 2), np.array(wanted, np.uint64).reshape(-1, 2))
    assert found.tolist() == [places.get(key, -1) for key in wanted]


def test_many_records_that_were_overwritten_do_not_stand_in_each_others_way() -> None:
    known = np.zeros((200_000, 2), np.uint64)
    known[7] = 3, 4
    assert last_of(known, np.array([[3, 4], [5, 6], [0, 0]], np.uint64)).tolist() == [7, -1, 199_999]
