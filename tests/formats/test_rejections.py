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


def write_table(path: Path, table: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(table)


def test_a_table_s_rows_are_corrected_in_their_columns(tmp_path: Path) -> None:
    data = b"question;answer;source\nQ1;A1;S\n;A2;=1+1\nQ3;A3\nQ4;A4;S\n"
    target, rows = refused(tmp_path, data)
    assert [fault.line for fault in faults(rows)] == [3, 4]
    table = list(csv.reader(io.StringIO(target.read_text("utf-8-sig"), newline=""), delimiter=";"))
    marks = ["accord_line", "accord_field", "accord_reason", "accord_row", "accord_file"]
    assert table[0] == ["question", "answer", "source", *marks]
    assert table[1][:5] == ["", "A2", "'=1+1", "3", "question"]
    assert table[2][3:] == ["4", "", "The row has 2 cells where the header has 3.", "Q3;A3", "rows.dat"]
    unchanged = read_again(target)
    assert [f.line for f in faults(unchanged)] == [3, 4]
    assert faults(unchanged)[1].reason == "The row still has 2 cells where 3 are needed."
    table[1][0], table[2][:3] = "Q2", ["Q3", "A3", "S3"]
    write_table(target, table)
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
    assert [f.line for f in faults(again)] == [2, 3, 4]
    lines[0] = lines[0].replace(b'"prompt":""', b'"prompt":"Q2"')
    lines[1] = good.replace(b"Q", b"Q3")
    lines[2] = lines[2].replace(b'"row":"[1]"', b'"row":"{\\"prompt\\":\\"Q4\\",\\"completion\\":\\"A\\"}"')
    target.write_bytes(b"\n".join(lines))
    again = read_again(target)
    assert [row.content.request for row in records(again)] == ["Q2", "Q3", "Q4"]
    assert not any("accord_rejected" in row.source.metadata for row in records(again))
    assert [row.line for row in records(again)] == [2, 0, 4]  # the second no longer says where it stood


@pytest.mark.parametrize("mark", [b",", b";", b"\t"])
def test_a_row_corrected_as_text_is_read_and_keeps_its_file_and_line(tmp_path: Path, mark: bytes) -> None:
    data = b'question,answer\nQ1,A1\nQ2\nQ3,"A3\nQ4,A4\n'.replace(b",", mark)
    target, rows = refused(tmp_path, data)
    assert [fault.line for fault in faults(rows)] == [3, 4]
    assert inspect_file(target).delimiter == mark.decode()
    assert inspect_file(target).original == "rows.dat"
    text = target.read_text("utf-8-sig")
    assert text.count("A4") == 0  # it came in by itself
    text = text.replace("Q2", f'"Q2{mark.decode()}A2"').replace('""A3', "A3")
    target.write_text(text, encoding="utf-8")
    again = read_again(target)
    assert [(row.line, row.content) for row in records(again)] == [(3, pair("Q2", "A2")), (4, pair("Q3", "A3"))]
    assert any("rows.dat" in note for note in inspect_file(target).notes)


def test_rows_of_two_files_are_not_said_to_come_from_one(tmp_path: Path) -> None:
    target, _rows = refused(tmp_path, b"question,answer\n,A\n,B\n")
    lines = target.read_text("utf-8-sig").splitlines()
    lines = [line.replace(",A", "Q,A").replace(",B", "Q2,B") for line in lines]
    lines[2] = lines[2].replace("rows.dat", "other.csv")
    target.write_text("\n".join(lines), encoding="utf-8")
    (good,), (bad,) = records(read_again(target)), faults(read_again(target))
    assert (good.line, bad.field, "other.csv" in bad.reason) == (2, "accord_file", True)


def test_what_is_refused_twice_still_stands_in_the_first_file(tmp_path: Path) -> None:
    target, _rows = refused(tmp_path, b"question,answer\nQ,A\n,B\n")
    shape = inspect_file(target)
    write_rejections(tmp_path / "again", shape, faults(open_rows(shape)))
    again = inspect_file(tmp_path / "again")
    assert again.original == "rows.dat"
    assert [fault.line for fault in faults(open_rows(again))] == [3]


@pytest.mark.parametrize(
    "data", [b"question,answer\n%s,A\nQ,A\n", b'{"question":"%s","answer":"A"}\n{"question":"Q","answer":"A"}\n']
)
def test_a_row_too_large_to_be_kept_says_so_and_where_it_stands(tmp_path: Path, data: bytes) -> None:
    target, rows = refused(tmp_path, data.replace(b"%s", b"x" * (17 << 20)))
    (fault,) = faults(rows)
    assert fault.reason.startswith("The row is longer than 16 MB. It is too large to be kept here: see line ")
    assert target.stat().st_size < 1000
    (again,) = read_again(target)
    assert getattr(again, "reason", "").startswith("The row is longer than 16 MB.")
    data = data.replace(b'"A"', b'["A"]', 1).replace(b",A\n", b",A,A\n", 1)
    (fault,) = faults(refused(tmp_path, data.replace(b"%s", b"x" * (2 << 20)))[1])
    assert "too large to be kept here: see line" in fault.reason
    assert not fault.raw


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
    target, rows = refused(folder, text.getvalue().encode("utf-8"), encoding="utf-8")
    assert len(faults(rows)) == len(rows) == len(cells)
    table = target.read_text("utf-8-sig")
    assert table.count("The request is empty.") == len(cells)
    shape = inspect_file(target)
    again = list(open_rows(shape, mapping={"request": "question", "answer": "answer"}))
    assert [fault.raw for fault in faults(again)] == [fault.raw for fault in faults(rows)]


def test_one_refused_row_of_json_is_a_row_and_no_frame_around_rows(tmp_path: Path) -> None:
    target, rows = refused(tmp_path, b'{"question":"Q","answer":"A"}\nno JSON\n')
    assert [fault.line for fault in faults(rows)] == [2]
    target.write_text(target.read_text("utf-8").replace('"no JSON"', '"{\\"question\\":\\"Q2\\"}"'), "utf-8")
    assert [(row.line, row.content.request) for row in records(read_again(target))] == [(2, "Q2")]
