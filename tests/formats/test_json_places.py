"""What of a JSON file is not read is told: other lists of rows, and lists inside the rows of which one item is taken."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.samples import records

from accord.formats.json_scan import places_of_rows
from accord.formats.reading import FileShape, inspect_file, open_rows


def looked(folder: Path, value: Any, *, pointer: str = "", lines: bool = False) -> FileShape:
    path = folder / "rows.json"
    path.write_text("\n".join(map(json.dumps, value)) if lines else json.dumps(value, indent=1), encoding="utf-8")
    return inspect_file(path, pointer=pointer)


def pairs(count: int, text: str = "A") -> list[dict[str, str]]:
    return [{"question": f"Q{number}?", "answer": text} for number in range(count)]


def test_other_lists_of_rows_are_told_with_their_size_and_pointer(tmp_path: Path) -> None:
    value = {"info": {"by": "us"}, "train": pairs(5), "test": pairs(3), "dev": pairs(1)}
    shape = looked(tmp_path, value)
    (note,) = shape.notes
    assert note == ("Only the rows at /train are read. Not read: 3 items (--pointer /test), 1 item (--pointer /dev).")
    shape = looked(tmp_path, value, pointer="/test")
    assert len(list(open_rows(shape))) == 3
    assert "5 items (--pointer /train)" in shape.notes[0]
    assert looked(tmp_path, {"rows": pairs(4)}).notes == ()
    assert looked(tmp_path, pairs(4)).notes == ()


def test_a_list_far_inside_the_file_is_told_too(tmp_path: Path) -> None:
    shape = looked(tmp_path, {"train": pairs(600, "x" * 4000), "test": pairs(2)})
    assert shape.notes == ("Only the rows at /train are read. Not read: 2 items (--pointer /test).",)


def test_a_list_in_the_rows_of_which_one_item_is_read_is_told(tmp_path: Path) -> None:
    turns = [{"question_id": number, "turns": ["What is it?", "And then?"]} for number in range(3)]
    (note,) = looked(tmp_path, turns, lines=True).notes
    assert note.startswith("Rows hold a list “/turns” of up to 2 items; only item 1 of it is read as the request.")
    assert note.endswith("--map request=/turns/1.")
    questions = [{"question": "What?", "answers": [{"text": "That."}]}, {"question": "Why?", "answers": []}]
    article = {"title": "T", "paragraphs": [{"context": "C", "qas": questions}] * 3}
    shape = looked(tmp_path, {"version": "1", "data": [article] * 2})
    assert [note.rsplit("--", 1)[-1] for note in shape.notes] == [
        "pointer /data/0/paragraphs.",
        "pointer /data/0/paragraphs/0/qas.",
    ]
    inner = looked(tmp_path, {"version": "1", "data": [article] * 2}, pointer="/data/0/paragraphs/0/qas")
    assert [row.content.request for row in records(open_rows(inner))] == ["What?", "Why?"]


LEAVES = st.one_of(st.text('a,]}"\\[{:', max_size=6), st.integers(0, 9), st.none())
ROWS = st.lists(
    st.fixed_dictionaries({"q": LEAVES, "more": st.lists(st.fixed_dictionaries({"a": LEAVES}), max_size=3)})
)


@settings(max_examples=80, deadline=None)
@given(ROWS.filter(bool), ROWS.filter(bool), st.sampled_from([1, None]))
def test_lists_are_found_whole_whatever_stands_in_their_rows(
    one: list[Any], two: list[Any], indent: int | None
) -> None:
    text = json.dumps({"one": one, "two": two}, indent=indent)
    found = {place.pointer: place.objects for place in places_of_rows(text.encode())}
    expected = {"/one": len(one), "/two": len(two)}
    assert {key: found.get(key) for key in expected} == expected


@pytest.mark.parametrize("cut", range(1, 90, 7))
def test_a_file_cut_anywhere_is_looked_at_without_harm(cut: int) -> None:
    text = json.dumps({"one": [{"q": 'a\\"]', "x": [{"b": 1}]}, {"q": "}"}], "two": [{"q": 1}]})
    assert all(place.objects for place in places_of_rows(text.encode()[:cut]))
