"""Texts with marks: the shapes that tools write are read, everything else is refused with its line and reason."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.domain.records import RowFault
from accord.formats.failures import UnreadableFile
from accord.formats.labelled_file import LabelledText, Mark, read_labelled

TEXT = "😀 Call 555-0123 or write to Ana."
PHONE = Mark(7, 15, "PHONE")


def read(path: Path, *rows: object) -> list[LabelledText | RowFault]:
    file = path / "texts.jsonl"
    file.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), "utf-8")
    return list(read_labelled(file))


SHAPES = {
    "presidio": {
        "full_text": TEXT,
        "spans": [{"entity_type": "PHONE", "entity_value": "555-0123", "start_position": 7, "end_position": 15}],
    },
    "start and end": {"text": TEXT, "spans": [{"start": 7, "end": 15, "label": "PHONE"}]},
    "type": {"text": TEXT, "entities": [{"start": 7, "end": 15, "type": "PHONE"}]},
    "doccano": {"text": TEXT, "label": [[7, 15, "PHONE"]]},
    "doccano relations": {"text": TEXT, "entities": [{"id": 1, "label": "PHONE", "start_offset": 7, "end_offset": 15}]},
    "doccano before 1.5": {
        "text": TEXT,
        "annotations": [{"label": "PHONE", "start_offset": 7, "end_offset": 15, "user": 1}],
    },
    "Label Studio": {
        "data": {"text": TEXT},
        "annotations": [
            {
                "result": [
                    {"type": "choices", "value": {"choices": ["letter"]}},
                    {"type": "labels", "value": {"start": 7, "end": 15, "text": "555-0123", "labels": ["PHONE"]}},
                ]
            }
        ],
    },
    "Label Studio, small": {"text": TEXT, "label": [{"start": 7, "end": 15, "labels": ["PHONE"]}]},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_shapes_of_tools_are_read(tmp_path: Path, shape: str) -> None:
    assert read(tmp_path, SHAPES[shape]) == [LabelledText(1, TEXT, (PHONE,))]


def test_an_array_is_read_as_well_as_lines(tmp_path: Path) -> None:
    file = tmp_path / "texts.json"
    file.write_text(json.dumps(list(SHAPES.values()), indent=1), "utf-8-sig")
    assert [row.line for row in read_labelled(file) if isinstance(row, LabelledText)] == list(range(1, 9))


BAD = {
    "{": "not JSON",
    "[1]": "JSON object",
    '{"spans": []}': "no text",
    '{"text": 3, "spans": []}': "not text",
    '{"text": "a"}': "no list of marks",
    '{"text": "a", "spans": {}}': "not a list",
    '{"text": "a", "spans": ["PHONE"]}': "[start, end, label]",
    '{"text": "a", "spans": [[0, 1, ""]]}': "no label",
    '{"text": "a", "spans": [[0, 2, "X"]]}': "from 0 to 2",
    '{"text": "a", "spans": [[1, 1, "X"]]}': "from 1 to 1",
    '{"text": "a", "spans": [[-1, 1, "X"]]}': "from -1 to 1",
    '{"text": "a", "spans": [[0, true, "X"]]}': "whole numbers",
    '{"text": "a", "spans": [[0.0, 1, "X"]]}': "whole numbers",
    '{"text": "ab", "spans": [{"start": 0, "end": 1, "label": "X", "text": "b"}]}': "not what the mark says",
}


@pytest.mark.parametrize("row", BAD)
def test_a_bad_row_is_refused_with_its_line_and_reason_and_the_others_are_read(tmp_path: Path, row: str) -> None:
    good, bad, last = read(tmp_path, {"text": "a", "spans": []}, row, {"text": "b", "spans": []})
    assert isinstance(good, LabelledText)
    assert isinstance(last, LabelledText)
    assert isinstance(bad, RowFault)
    assert bad.line == 2
    assert BAD[row] in bad.reason


def test_a_file_of_another_kind_is_refused_as_a_whole(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("text,label\nhello,3\nyou,4\n", "utf-8")
    with pytest.raises(UnreadableFile, match="neither"):
        list(read_labelled(table))
    with pytest.raises(UnreadableFile, match="no such file"):
        list(read_labelled(tmp_path / "absent.jsonl"))


@given(st.text(min_size=1).filter(lambda text: text.isprintable()), st.data())
def test_any_marks_come_back_as_they_were(text: str, data: st.DataObject) -> None:
    places = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))).filter(lambda at: at[0] < at[1])
    marked = data.draw(st.lists(places, max_size=3))
    with tempfile.TemporaryDirectory() as folder:
        (row,) = read(Path(folder), {"text": text, "label": [[start, end, "X"] for start, end in marked]})
    assert row == LabelledText(1, text, tuple(Mark(start, end, "X") for start, end in marked))


def test_the_collections_are_read_whole(data_dir: Path) -> None:
    for name, bad in (
        ("meddocan_es_dev100.jsonl", []),
        ("presidio_generated_small.json", [57]),  # says Ayers a character too early
        ("presidio_synth_dataset_v2.json", []),
    ):
        rows = list(read_labelled(data_dir / "pii" / name))
        assert [row.line for row in rows if isinstance(row, RowFault)] == bad
