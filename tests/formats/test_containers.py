"""Workbooks, Parquet, XML, nested JSON, archives, any delimiter: the same rows come out, and what is not read is told."""

import csv
import datetime as dt
import gzip
import io
import json
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.formats.samples import faults, read_bytes, records

from accord.domain.content import pair
from accord.domain.records import Row
from accord.formats.failures import UnreadableFile
from accord.formats.reading import FileShape, inspect_file, open_rows

PAIRS = [{"question": f"Why {n}?", "answer": f"Because {n}."} for n in range(1, 4)]
CONTENTS = [pair(row["question"], row["answer"]) for row in PAIRS]


def looked(folder: Path, data: bytes, **options: str) -> tuple[FileShape, list[Row]]:
    path = folder / "rows.dat"
    path.write_bytes(data)
    shape = inspect_file(path, **options)
    return shape, list(open_rows(shape))


def workbook(folder: Path, cells: Sequence[list[Any]], *, name: str = "rows.xlsx") -> tuple[Path, openpyxl.Workbook]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in cells:
        sheet.append(row)
    book.save(folder / name)
    return folder / name, book


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "^", "~", "\x1f"])
def test_any_usual_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, ["question", "answer"], delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(PAIRS)
    shape, rows = looked(tmp_path, text.getvalue().encode())
    assert (shape.container, shape.delimiter, shape.line_ends) == ("csv", delimiter, "CRLF")
    assert [row.content for row in records(rows)] == CONTENTS


def test_a_delimiter_can_be_named(tmp_path: Path) -> None:
    data = b"question:answer\nQ, so: A, so\n"
    shape, rows = looked(tmp_path, data, delimiter=":")
    assert shape.columns == ("question", "answer")
    assert records(rows)[0].content == pair("Q, so", " A, so")
    shape, _rows = looked(tmp_path, b"question\tanswer, b\nQ\tA, b\n", delimiter="tab")
    assert shape.columns == ("question", "answer, b")
    for wrong in ("::", '"', "\n"):
        with pytest.raises(UnreadableFile, match="one character"):
            looked(tmp_path, data, delimiter=wrong)


@pytest.mark.parametrize(
    ("above", "lines"),
    [
        (b"Exported on Monday\n\n", [4, 5]),
        (b"# a comment\n# and more\n", [4, 5]),
        (b"sep=;\n", [3, 4]),
    ],
)
def test_the_header_below_a_title_is_found_and_the_title_told(tmp_path: Path, above: bytes, lines: list[int]) -> None:
    mark = b";" if above.startswith(b"sep") else b","
    data = above + b"question,answer\nQ1,A1\nQ2,A2\n".replace(b",", mark)
    shape, rows = looked(tmp_path, data)
    assert shape.columns == ("question", "answer")
    assert [row.line for row in records(rows)] == lines
    assert "above the header" in shape.notes[0]


def test_one_column_of_texts_is_not_taken_for_a_title(tmp_path: Path) -> None:
    shape, rows = looked(tmp_path, b"question\nWhy so, then?\nHow?\n")
    assert shape.columns == ("question",)
    assert [row.line for row in records(rows)] == [3]
    assert [fault.line for fault in faults(rows)] == [2]


def test_cells_of_a_workbook_are_read_as_they_are_shown(tmp_path: Path) -> None:
    path, book = workbook(tmp_path, [["question", "answer", "n", "when", "yes", "day"]])
    sheet = book.active
    assert sheet is not None
    sheet.append(
        [
            "Q\nline two",
            " A ",
            0.1,
            dt.datetime(2024, 2, 29, 13, 5),  # noqa: DTZ001  (a cell has no zone)
            True,
            dt.date(1999, 12, 31),
        ]
    )
    sheet.append(["x & <b>", "=1+1", 28753, None, False, None])
    sheet["B3"].data_type = "s"
    book.save(path)
    shape = inspect_file(path)
    assert (shape.container, shape.format, shape.sheets) == ("xlsx", "table", ("Sheet",))
    one, two = records(open_rows(shape))
    assert one.content == pair("Q\nline two", " A ")
    assert one.source.metadata == {"n": "0.1", "when": "2024-02-29 13:05:00", "yes": "TRUE", "day": "1999-12-31"}
    assert two.content == pair("x & <b>", "=1+1")
    assert two.source.metadata == {"n": "28753", "yes": "FALSE"}
    assert (one.line, two.line) == (2, 3)


def test_the_sheet_with_requests_is_found_and_others_can_be_named(tmp_path: Path) -> None:
    path, book = workbook(tmp_path, [["How to fill this in"], ["Step one", "Read it all."]])
    data = book.create_sheet("Data")
    data.append(["My export"])
    data.append(["question", "answer"])
    data.append(["Q", "A"])
    hidden = book.create_sheet("Old")
    hidden.append(["question", "answer"])
    for _n in range(5):
        hidden.append(["Old Q", "Old A"])
    hidden.sheet_state = "hidden"
    book.save(path)
    shape = inspect_file(path)
    assert (shape.sheet, shape.sheets) == ("Data", ("Sheet", "Data", "Old"))
    assert any("Not read: Sheet, Old" in note for note in shape.notes)
    assert any("above the header" in note for note in shape.notes)
    assert [(r.line, r.content) for r in records(open_rows(shape))] == [(3, pair("Q", "A"))]
    assert len(records(open_rows(inspect_file(path, sheet="Old")))) == 5
    with pytest.raises(UnreadableFile, match="no sheet “Nowhere”"):
        inspect_file(path, sheet="Nowhere")


def test_only_merged_cells_are_filled(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["question", "answer"],
        ["Merged", "A"],
        [None, "B"],
        ["Group", "C"],
        [None, "D"],
        ["Divider", None],
    ]
    path, book = workbook(tmp_path, rows)
    sheet = book.active
    assert sheet is not None
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("A6:B6")
    sheet.row_dimensions[4].hidden = True
    book.save(path)
    shape = inspect_file(path)
    found = list(open_rows(shape))
    assert [(r.line, r.content.request, r.content.answer) for r in records(found)] == [
        (2, "Merged", "A"),
        (3, "Merged", "B"),
        (4, "Group", "C"),
        (6, "Divider", ""),
    ]
    assert [(f.line, f.field) for f in faults(found)] == [(5, "question")]
    assert any("merged" in note for note in shape.notes)
    assert any("hidden" in note for note in shape.notes)


def test_formulas_give_their_last_value_or_a_fault(tmp_path: Path) -> None:
    path, _book = workbook(tmp_path, [["question", "answer"], ["Q", "=1+1"], ["Q2", "A"]])
    rows = list(open_rows(inspect_file(path)))
    assert [(f.line, f.field) for f in faults(rows)] == [(2, "answer")]
    assert "never calculated" in faults(rows)[0].reason
    data = zipfile.ZipFile(path)
    with zipfile.ZipFile(tmp_path / "calculated.xlsx", "w") as out:
        for name in data.namelist():
            out.writestr(name, data.read(name).replace(b"<v></v>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>"))
    shape = inspect_file(tmp_path / "calculated.xlsx")
    assert [row.content.answer for row in records(open_rows(shape))] == ["2", "A"]
    assert any("formulas" in note for note in shape.notes)


def test_text_beyond_the_named_columns_is_a_fault(tmp_path: Path) -> None:
    cells: list[list[Any]] = [["question", "answer"], *[["Q", "A"]] * 300, ["Q", "A", None, "more"]]
    path, _book = workbook(tmp_path, cells)
    rows = list(open_rows(inspect_file(path)))
    assert len(rows) == 301
    assert [(f.line, "column D" in f.reason) for f in faults(rows)] == [(302, True)]


def test_the_second_sheet_of_a_real_workbook(data_dir: Path) -> None:
    shape = inspect_file(data_dir / "multilingual/UzLegalQA_Annotation.xlsx")
    assert shape.sheet == "Annotatsiya"
    assert shape.mapping["request"] == "Query matni"
    rows = list(open_rows(shape))
    assert len(records(rows)) == len(rows) == 500
    assert Counter(row.source.group for row in records(rows)) == {f"Q{number:03}": 10 for number in range(1, 51)}
    assert {row.source.metadata["Bal (0/1/2)"] for row in records(rows)} == {"0", "1", "2"}


def test_parquet_rows_with_lists_are_conversations(tmp_path: Path) -> None:
    talk = [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}]
    table = pa.table({"messages": [talk] * 1000, "score": list(range(1000))})
    pq.write_table(table, tmp_path / "rows.parquet", row_group_size=300)
    shape = inspect_file(tmp_path / "rows.parquet")
    assert (shape.container, shape.format) == ("parquet", "openai")
    rows = records(open_rows(shape))
    assert [row.line for row in rows] == list(range(1, 1001))
    assert rows[7].content == pair("Q", "A")
    assert rows[7].source.metadata == {"score": "7"}


def test_parquet_values_become_text(tmp_path: Path) -> None:
    table = pa.table(
        {
            "question": pa.array(["Q", "Q2"]).dictionary_encode(),
            "answer": ["A", None],
            "day": [dt.date(2024, 2, 29), None],
            "raw": [b"\xff\x00", b"text"],
            "deep": [{"a": [1, 2]}, None],
        }
    )
    pq.write_table(table, tmp_path / "rows.parquet")
    one, two = records(open_rows(inspect_file(tmp_path / "rows.parquet")))
    assert (one.content, two.content) == (pair("Q", "A"), pair("Q2", ""))
    assert one.source.metadata == {"day": "2024-02-29", "raw": "/wA=", "deep": '{"a":[1,2]}'}


def test_a_damaged_parquet_file_says_so(tmp_path: Path) -> None:
    pq.write_table(pa.table({"question": ["Q"] * 100}), tmp_path / "rows.parquet")
    data = (tmp_path / "rows.parquet").read_bytes()
    with pytest.raises(UnreadableFile, match="damaged Parquet"):
        looked(tmp_path, data[:-6])


def test_an_extension_type_is_refused(tmp_path: Path) -> None:
    table = pa.table({"question": ["Q"], "id": pa.array([b"0" * 16], pa.uuid())})
    pq.write_table(table, tmp_path / "rows.parquet")
    with pytest.raises(UnreadableFile, match="“id” is of the type"):
        inspect_file(tmp_path / "rows.parquet")


NESTED: list[tuple[Any, str, tuple[str, ...]]] = [
    ({"version": 1, "data": {"items": PAIRS}}, "/data/items", ()),
    ({"train": PAIRS, "test": PAIRS[:1]}, "/train", ("/test",)),
    ({"meta": [{"a": 1}] * 9, "rows": PAIRS}, "/rows", ("/meta",)),
    ({"a/b": {"c~d": PAIRS}}, "/a~1b/c~0d", ()),
    ({"k1": PAIRS[0], "k2": PAIRS[1], "k3": PAIRS[2]}, "", ()),
    ({"all": {"k1": PAIRS[0], "k2": PAIRS[1], "k3": PAIRS[2]}, "n": 1}, "/all", ()),
]


@pytest.mark.parametrize(("value", "pointer", "others"), NESTED)
@pytest.mark.parametrize("indent", [None, 1])
def test_rows_anywhere_in_json_are_found(
    tmp_path: Path, value: Any, pointer: str, others: tuple[str, ...], indent: int | None
) -> None:
    shape, rows = looked(tmp_path, json.dumps(value, indent=indent).encode())
    assert (shape.container, shape.pointer) == ("array", pointer)
    assert shape.pointers == others
    assert [(row.line, row.content) for row in records(rows)] == list(enumerate(CONTENTS, start=1))


def test_another_place_can_be_named(tmp_path: Path) -> None:
    data = json.dumps({"train": PAIRS, "test": [{"q": "x"}, *PAIRS[:1]], "deep": [{"in": PAIRS}]}).encode()
    shape, rows = looked(tmp_path, data, pointer="/test")
    assert shape.pointers == ("/train", "/deep")
    assert [row.content for row in rows if row in records(rows)] == CONTENTS[:1]
    _shape, rows = looked(tmp_path, data, pointer="/deep/0/in")
    assert [row.content for row in records(rows)] == CONTENTS
    for wrong in ("/nowhere", "/train/7", "/train/0/question"):
        with pytest.raises(UnreadableFile, match="no list of rows"):
            looked(tmp_path, data, pointer=wrong)


def test_a_place_far_into_a_large_file_is_reached(tmp_path: Path) -> None:
    data = b'{"text": "' + b'\\"{[' * 700_000 + b'", "rows": ' + json.dumps(PAIRS).encode() + b"}"
    _shape, rows = looked(tmp_path, data, pointer="/rows")
    assert [row.content for row in records(rows)] == CONTENTS


def test_a_frame_on_one_long_line_is_told_from_a_long_row(tmp_path: Path) -> None:
    rows = [{"question": f"Q{n}", "answer": "A" * 1000} for n in range(1500)]
    shape, found = looked(tmp_path, json.dumps({"v": 1, "data": rows}).encode())
    assert (shape.container, shape.pointer, len(records(found))) == ("array", "/data", 1500)
    talk = [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A" * 1_500_000}]
    shape, found = looked(tmp_path, json.dumps({"messages": talk}).encode())
    assert (shape.container, len(records(found))) == ("jsonl", 1)


def test_one_row_of_jsonl_with_lists_inside_stays_a_row(tmp_path: Path) -> None:
    row = {"question": "Q", "answer": "A", "spans": [{"a": 1}, {"a": 2}]}
    shape, rows = looked(tmp_path, json.dumps(row).encode())
    assert shape.container == "jsonl"
    assert [r.content for r in records(rows)] == [pair("Q", "A")]


XML = b"""<?xml version="1.0" encoding="%s"?>
<Document source="NIH" url="https://x">
 <Focus>Fever</Focus>
 <QAPairs>
  <QAPair pid="1"><Question qtype="info">Why &amp; how?</Question><Answer>So.
Two lines.</Answer><Tag>a</Tag><Tag>b</Tag></QAPair>
  <QAPair pid="2"><Question qtype="cause"/><Answer>A</Answer></QAPair>
  <QAPair pid="3"><Question>caf\xe9</Question><Answer>with <b>marks</b> inside</Answer></QAPair>
 </QAPairs>
</Document>"""


def test_xml_rows_with_what_stands_around_them(tmp_path: Path) -> None:
    shape, rows = looked(tmp_path, XML % b"iso-8859-1")
    assert (shape.container, shape.pointer, shape.encoding) == ("xml", "/Document/QAPairs/QAPair", "iso8859-1")
    assert shape.mapping["request"] == "Question"
    one, three = records(rows)
    assert one.content == pair("Why & how?", "So.\nTwo lines.")
    assert one.source.metadata["Question/@qtype"] == "info"
    assert one.source.tags == ("a", "b")
    assert "Fever" in one.source.metadata.values()
    assert (one.source.source, one.source.source_url) == ("NIH", "https://x")
    assert three.content == pair("café", "with marks inside")
    assert [(fault.line, fault.field) for fault in faults(rows)] == [(7, "Question")]


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE r [<!ENTITY a "b">]><r><row><question>&a;</question></row></r>',
        b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r><row><question>&a;</question></row></r>',
        b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd"><r><row><question>&a;</question></row></r>',
    ],
)
def test_entities_are_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="entities"):
        looked(tmp_path, data)


def test_xml_that_breaks_half_way_keeps_what_came_before(tmp_path: Path) -> None:
    row = b"<row><question>Q</question><answer>A</answer></row>"
    _shape, rows = looked(tmp_path, b"<rows>" + row * 3 + b"<row><question></row></rows>")
    assert len(records(rows)) == 3
    assert "What follows was not read" in faults(rows)[0].reason


def archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in files.items():
            zipped.writestr(name, data)
    return out.getvalue()


CSV = b"question,answer\nWhy 1?,Because 1.\nWhy 2?,Because 2.\nWhy 3?,Because 3.\n"


def test_packed_files_are_read_without_unpacking(tmp_path: Path) -> None:
    shape, rows = looked(tmp_path, gzip.compress(CSV))
    assert shape.container == "csv"
    assert [row.content for row in records(rows)] == CONTENTS
    shape, rows = looked(tmp_path, archive({"../../etc/rows.csv": CSV}))
    assert shape.sheet == "../../etc/rows.csv"
    assert [row.content for row in records(rows)] == CONTENTS
    assert [path.name for path in tmp_path.iterdir()] == ["rows.dat"]


def test_one_file_of_an_archive_is_chosen_and_the_others_told(tmp_path: Path) -> None:
    data = archive({"readme.txt": b"Nothing\n", "a/rows.csv": CSV, "b/other.jsonl": b'{"prompt":"Q","completion":"A"}'})
    shape, rows = looked(tmp_path, data)
    assert (shape.sheet, shape.sheets) == ("a/rows.csv", ("readme.txt", "a/rows.csv", "b/other.jsonl"))
    assert "Not read: readme.txt, b/other.jsonl" in shape.notes[0]
    assert len(records(rows)) == 3
    shape, rows = looked(tmp_path, data, sheet="b/other.jsonl")
    assert (shape.format, [row.content for row in records(rows)]) == ("prompt-completion", [pair("Q", "A")])
    with pytest.raises(UnreadableFile, match="no file “c”"):
        looked(tmp_path, data, sheet="c")


def test_packed_in_packed_and_archives_of_nothing_are_refused(tmp_path: Path) -> None:
    for data, word in (
        (archive({"inner.zip": archive({"a": b"b"})}), "packed twice"),
        (gzip.compress(gzip.compress(CSV)), "packed twice"),
        (archive({}), "without a file"),
        (archive({"word/document.xml": b"<a/>"}), "Word"),
    ):
        with pytest.raises(UnreadableFile, match=word):
            looked(tmp_path, data)


def test_rows_of_real_archives(data_dir: Path) -> None:
    path = data_dir / "medical/medquad_cancergov_20files_xml.zip"
    shape = inspect_file(path)
    assert len(shape.sheets) == 20
    total = 0
    for name in shape.sheets:
        rows = list(open_rows(inspect_file(path, sheet=name)))
        assert not faults(rows)
        total += len(rows)
        source = records(rows)[0].source
        assert (source.source, "cancer.gov" in source.source_url) == ("CancerGov", True)
    assert total > 100
    shape = inspect_file(data_dir / "legal/legalbench_train_tsv.zip")
    assert len(shape.sheets) == 140
    assert shape.sheet.endswith(".tsv")


@pytest.mark.parametrize("container", ["csv", "jsonl", "array"])
def test_a_row_over_the_limit_costs_itself_alone(
    tmp_path: Path, container: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accord.formats.rows.MAX_ROW_BYTES", 100_000)
    long = "x" * 3_000_000
    rows = [("Q1", "A"), ("Q2", long), ("Q3", "A")]
    if container == "csv":
        data = "question,answer\n" + "".join(f"{q},{a}\n" for q, a in rows)
    else:
        lines = [json.dumps({"question": q, "answer": a + '\\"['}) for q, a in rows]
        data = "\n".join(lines) if container == "jsonl" else f"[{','.join(lines)}]"
    found = read_bytes(tmp_path, data.encode())
    assert [row.content.request for row in records(found)] == ["Q1", "Q3"]
    assert ["longer than" in fault.reason for fault in faults(found)] == [True]
