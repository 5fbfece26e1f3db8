"""The short way for common rows gives what the general way gives, byte for byte."""

from pathlib import Path
from typing import Any

import orjson
from hypothesis import example, given
from hypothesis import strategies as st

from accord.domain.canonical import canonical_json, sha256_hex
from accord.domain.content import Content, Message, Role
from accord.domain.records import RawRecord, ready
from accord.formats.plain_rows import PlainRows
from accord.formats.reading import RowReader, inspect_file, open_rows
from accord.formats.rows import RawRow

TEXT = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    ["", " ", "\x00", '"\\', "\u2028\x7f\x1f", "ß\U0001f600", "</"]
)
ROLES = st.sampled_from(["system", "user", "assistant", "tool", "developer", "stranger"])
MESSAGE = st.fixed_dictionaries(
    {"role": ROLES, "content": TEXT | st.none() | st.integers(-9, 9)},
    optional={"name": TEXT, "weight": st.integers(0, 1)},
)
KEYS = st.sampled_from(["source", "licence", "license", "tags", "context", "group", "topic", "a b"])
METADATA = st.dictionaries(
    KEYS, TEXT | st.integers(-(2**63), 2**63) | st.none() | st.booleans() | st.floats(0, 1), max_size=5
)
ROW = st.fixed_dictionaries(
    {"messages": st.lists(MESSAGE, max_size=4)},
    optional={"metadata": METADATA | TEXT, "tools": st.none(), "other": TEXT},
)
CONTENT = st.lists(
    st.builds(lambda role, text: Message(role=role, content=text), st.sampled_from(Role), TEXT), min_size=1, max_size=4
).map(lambda messages: Content(messages=tuple(messages)))


def _reader(folder: Path) -> RowReader:
    path = folder / "rows.jsonl"
    path.write_text('{"messages": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}]}\n')
    return open_rows(inspect_file(path))


def test_a_common_row_is_stored_as_the_general_way_stores_it(tmp_path: Path) -> None:
    reader = _reader(tmp_path)
    plain = PlainRows(reader)
    assert plain.usable
    taken: list[bool] = []

    @given(ROW)
    @example(
        {"messages": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}], "metadata": {"a": 1}}
    )
    @example(
        {"messages": [{"role": "user", "content": "Q"}], "metadata": {"source": "s", "license": "", "licence": "l"}}
    )
    def same(value: dict[str, Any]) -> None:
        raw = RawRow(3, value, orjson.dumps(value))
        short = plain.ready(raw)
        taken.append(short is not None)
        if short is not None:
            general = reader.row(raw)
            assert isinstance(general, RawRecord)
            assert short == ready(general)

    same()
    assert any(taken)


@given(CONTENT)
def test_canonical_text_is_the_same_by_either_way(content: Content) -> None:
    assert content.text == canonical_json({"messages": [m.to_json() for m in content.messages]})
    assert content.hash == sha256_hex(content.text)
    assert Content.from_text(content.text) == content
