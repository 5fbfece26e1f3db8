"""XML with marks inside its texts: words that an element parts are never glued, rows of one line are told apart."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.samples import faults, read_bytes, records

TEXTS = [
    ("<p>one<b>two</b>three</p>", "onetwothree"),
    ("one <b>two</b> three", "one two three"),
    ("H<sub>2</sub>O and <i>CO</i><sub>2</sub>", "H2O and CO2"),
    ("one<br/>two<br/>three", "one\ntwo\nthree"),
    ("<p>one</p><p>two</p>", "one\ntwo"),
    ("\n  <p>one</p>\n  <p>two</p>\n", "one\ntwo"),
    ("first:<ul><li>one</li><li>two <b>and</b> more</li></ul>last", "first:\none\ntwo and more\nlast"),
    ("first<point>one</point><point>two</point>", "first\none\ntwo"),
    ("see <ref>Smith</ref>, too", "see Smith, too"),
    ("<b>bold</b>", "bold"),
    ("<div><h1>Title</h1>text</div>", "Title\ntext"),
    (" as  it stands ", " as  it stands "),
]


@pytest.mark.parametrize(("inside", "text"), TEXTS)
def test_marks_part_words_only_where_they_are_blocks(tmp_path: Path, inside: str, text: str) -> None:
    row = f"<row><question>Q?</question><answer>{inside}</answer></row>\n"
    first, *_others = records(read_bytes(tmp_path, f"<rows>\n{row * 2}</rows>".encode()))
    assert first.content.answer == text


def test_elements_that_are_no_marks_stay_an_object(tmp_path: Path) -> None:
    row = "<row><question>Q?</question><pair><q>one</q><a>two</a></pair></row>\n"
    first, *_others = records(read_bytes(tmp_path, f"<rows>\n{row * 2}</rows>".encode()))
    assert first.source.metadata == {"pair": '{"q":"one","a":"two"}'}


def test_rows_of_one_line_are_told_by_their_number(tmp_path: Path) -> None:
    row = "<row><question>{}</question><answer>A</answer></row>"
    data = f"<rows>{row.format('Q')}{row.format('')}{row.format('R')}</rows>".encode()
    rows = read_bytes(tmp_path, data)
    assert [row.line for row in rows] == [1, 1, 1]
    assert [row.source.metadata for row in records(rows)] == [{"#row": "1"}, {"#row": "3"}]
    assert faults(rows)[0].reason == "Row 2 of the file: The request is empty."
    rows = read_bytes(tmp_path, data.replace(b"<row>", b"\n<row>"))
    assert [(row.line, row.source.metadata) for row in records(rows)] == [(2, {}), (4, {})]


NODES = st.recursive(
    st.just("w"),
    lambda inner: st.tuples(st.sampled_from(["p", "div", "li", "point"]), st.lists(inner, min_size=1, max_size=3)).map(
        lambda node: "".join(f"<{node[0]}>{part}</{node[0]}>" for part in node[1])
    ),
    max_leaves=8,
)


@settings(max_examples=50, deadline=None)
@given(NODES, NODES)
def test_words_of_two_blocks_are_never_one(tmp_path_factory: pytest.TempPathFactory, one: str, two: str) -> None:
    row = f"<row><question>Q?</question><answer>x<p>{one}</p><p>{two}</p></answer></row>\n"
    first, *_others = records(read_bytes(tmp_path_factory.mktemp("x"), f"<rows>\n{row * 2}</rows>".encode()))
    assert set(first.content.answer.split()) == {"x", "w"}
