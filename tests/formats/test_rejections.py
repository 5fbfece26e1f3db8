"""Refused rows are written so that they can be corrected and imported again, and come back as they were."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.samples import faults, records

from accord.domain.content import pair
from accord.domain.records import Row
from accord.formats.reading import inspect_file, open_rows
from accord.formats.rejections import suffix_of, write_rejections


def refused(folder: Path, data: bytes, *, encoding: str = "") -> tuple[Path, list[Row]]:
    """Read a file, write what is refused of it beside, and return that file and all rows."""
    path = folder / "rows.dat"
    path.write_bytes(data)
    shape = inspect_file(path, encoding=encoding)
    rows = list(open_rows(shape))
    target = folder / "refused"
    write_rejections(target, shape, faults(rows))
    return target, rows


def read_again(path: Path) -> list[Row]:
    return list(open_rows(inspect_file(path)))


def test_a_table_s_rows_are_corrected_in_their_columns(tmp_path: Path) -> None:
    data = b"question;answer;source\nQ1;A1;S\n;A2;=1+1\nQ3;A3\nQ4;A4;S\n"
    target, rows = refused(tmp_path, data)
    assert [fault.line for fault in faults(rows)] == [3, 4]
    table = list(csv.reader(io.StringIO(target.read_text("utf-8-sig"), newline="")))
    assert table[0] == ["question", "answer", "source", "accord_line", "accord_field", "accord_reason", "accord_row"]
    assert table[1][:5] == ["", "A2", "'=1+1", "3", "question"]
    assert table[2][3:] == ["4", "", "The row has 2 cells where the header has 3.", "Q3;A3"]
    unchanged = read_again(target)
    assert [f.line for f in faults(unchanged)] == [2, 3]
    assert "unchanged" in faults(unchanged)[1].reason
    table[1][0], table[2][:3] = "Q2", ["Q3", "A3", "S3"]
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table)
    again = records(read_again(target))
    assert [row.content for row in again] == [pair("Q2", "A2"), pair("Q3", "A3")]
    assert [row.source.source for row in again] == ["=1+1", "S3"]
    assert not any(row.source.metadata for row in again)


def test_rows_of_jsonl_keep_what_they_were(tmp_path: Path) -> None:
    good = b'{"prompt":"Q","completion":"A","n":1.50}'
    bad = b'{"prompt":"","completion":"A", "n":1.50}'
    target, rows = refused(tmp_path, b"\n".join([good, bad, b"not json", b"[1]", good]))
    assert [fault.line for fault in faults(rows)] == [2, 3, 4]
    lines = target.read_bytes().splitlines()
    assert lines[0].startswith(bad[:-1] + b',"accord_rejected":{"line":2,"field":"prompt","reason":')
    again = read_again(target)
    assert [f.line for f in faults(again)] == [1, 2, 3]
    lines[0] = lines[0].replace(b'"prompt":""', b'"prompt":"Q2"')
    lines[1] = good.replace(b"Q", b"Q3")
    lines[2] = lines[2].replace(b'"row":"[1]"', b'"row":"{\\"prompt\\":\\"Q4\\",\\"completion\\":\\"A\\"}"')
    target.write_bytes(b"\n".join(lines))
    again = read_again(target)
    assert [row.content.request for row in records(again)] == ["Q2", "Q3", "Q4"]
    assert not any("accord_rejected" in row.source.metadata for row in records(again))


def test_bytes_that_are_no_text_are_written_out(tmp_path: Path) -> None:
    target, rows = refused(tmp_path, b"question,answer\nQ,caf\xe9\nQ2,A\n", encoding="utf-8")
    (fault,) = faults(rows)
    assert (fault.line, fault.reason) == (2, "Byte 6 of the row is not UTF-8.")
    assert "Q,caf\\xe9" in target.read_text("utf-8-sig")
    target, rows = refused(tmp_path, b"question,answer\nQ,caf\xe9 \x81\nQ2,A\n", encoding="cp1252")
    (fault,) = faults(rows)
    assert fault.reason == "Character 8 of the row, byte 0x81, is not cp1252."
    assert fault.raw == "Q,café \\x81"


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("a.csv", ".csv"), ("a.XLSX", ".csv"), ("a.parquet", ".jsonl"), ("a.json", ".json"), ("a", ".jsonl")],
)
def test_the_ending_says_what_it_is(name: str, suffix: str) -> None:
    assert suffix_of(name) == suffix


CELLS = st.text(max_size=8).map(lambda text: text.replace("\x00", "").replace("\r", "\n"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5))
def test_refused_rows_come_back_with_the_same_cells(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["question", "answer", "source"])
    writer.writerows(["", *row] for row in cells)  # each is refused: it asks nothing
    target, rows = refused(folder, text.getvalue().encode("utf-8"))
    assert len(faults(rows)) == len(rows) == len(cells)
    table = target.read_text("utf-8-sig")
    assert table.count("The request is empty.") == len(cells)
    shape = inspect_file(target)
    again = list(open_rows(shape, mapping={"request": "question", "answer": "answer"}))
    assert [fault.raw for fault in faults(again)] == [fault.raw for fault in faults(rows)]
