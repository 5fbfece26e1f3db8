"""Seals: whatever is changed of what they cover, or of who made them, shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.domain.errors import DamagedText
from accord.domain.packs import Pack, reviewer_key, same_seal, seal

_LINES = st.lists(st.text(max_size=8), min_size=1, max_size=6)


@given(lines=_LINES, other=_LINES, cut=st.integers(min_value=0, max_value=6))
def test_a_seal_goes_on_where_it_ended_and_fits_these_lines_alone(lines: list[str], other: list[str], cut: int) -> None:
    lines, other = [line.replace("\n", " ") for line in lines], [line.replace("\n", " ") for line in other]
    whole = seal("key", lines)
    assert seal("key", lines[cut:], before=seal("key", lines[:cut])) == whole
    assert same_seal(whole, seal("key", other)) is (lines == other)
    assert not same_seal(whole, seal("yek", lines))
    assert not same_seal(whole, seal("key", lines[:-1]))


def test_the_key_that_travels_is_each_packs_own_and_not_the_secret() -> None:
    assert len({reviewer_key(secret, pack) for secret in ("a", "b") for pack in ("1", "2")}) == 4
    assert reviewer_key("secret", "1") != "secret"


def test_what_a_pack_says_of_itself_is_read_or_refused_whole() -> None:
    said = dict.fromkeys(Pack.__dataclass_fields__, "x")
    assert Pack.from_json(Pack.from_json(said).to_json()).to_json() == said
    assert "hidden" not in repr(Pack.from_json(said | {"key": "hidden"}))
    wrong: object
    for wrong in ([], {}, said | {"more": ""}, said | {"id": 1}, {k: v for k, v in said.items() if k != "key"}):
        with pytest.raises(DamagedText):
            Pack.from_json(wrong)
