"""Tables written to break readers: csv-spectrum, formulas, quotes, line ends; and rows of JSON with their lines."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from tests.formats.good_files import FILES, inline, packed, sheet_parts
from tests.formats.samples import export, faults, read_back, read_bytes, records, spread

from accord.domain.content import pair
from accord.domain.records import RawRecord
from accord.formats.reading import inspect_file, open_rows

FORMULAS = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "'=1", "''=1", "-5 mg", "=", "＝1", " =1", "\0=1")
QUERY = b"question,answer\n"


def test_csv_spectrum_is_read_cell_by_cell(data_dir: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(data_dir / "hostile" / "csv-spectrum.zip") as archive:
        files = {Path(name).stem: archive.read(name) for name in archive.namelist() if name.endswith(".csv")}
        wanted = {Path(name).stem: json.loads(archive.read(name)) for name in archive.namelist() if "json/" in name}
    assert len(files) == len(wanted) == 12
    for name, data in files.items():
        path = tmp_path / f"{name}.csv"
        # The archive was packed after a program had turned the line ends into LF.
        path.write_bytes(data.replace(b"\n", b"\r\n") if name.endswith("_crlf") else data)
        shape = inspect_file(path)
        reader = open_rows(shape, mapping={"request": shape.columns[0]})
        rows = [row.value for row in reader.raw()]
        expected = wanted[name]
        if name == "location_coordinates":  # its JSON is another row's telephone number, and no list
            expected = [{**expected, "Contact Phone Number": "2095257564"}]
        assert rows == expected, name


def injections(data_dir: Path) -> list[str]:
    lines = (data_dir / "hostile" / "csv_injection_payloads.txt").read_text("utf-8").splitlines()
    assert len(lines) == 6
    return [*lines, *FORMULAS]


def test_formulas_are_text_on_the_way_in_and_guarded_on_the_way_out(data_dir: Path, tmp_path: Path) -> None:
    texts = [(f"{text} {n}", text) for n, text in enumerate(injections(data_dir)) if text.strip()]
    for name in ("csv", "jsonl", "xlsx, inline", "parquet"):
        path = tmp_path / "in.dat"
        path.write_bytes(FILES[name](texts))
        rows = list(open_rows(inspect_file(path)))
        assert not faults(rows)
        assert [tuple(m.content for m in row.content.messages) for row in records(rows)] == texts, name
    contents = [pair(q, a) for q, a in texts]
    export(tmp_path / "csv", spread(contents), format="csv")
    assert read_back(tmp_path / "csv") == sorted(contents, key=lambda content: content.id)
    for part in (tmp_path / "csv").glob("*.csv"):
        for row in csv.reader(io.StringIO(part.read_text("utf-8-sig"), newline="")):
            assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\0"))]
    export(tmp_path / "jsonl", spread(contents))
    assert read_back(tmp_path / "jsonl") == sorted(contents, key=lambda content: content.id)


def test_a_formula_of_a_workbook_is_its_value_and_never_its_text(tmp_path: Path) -> None:
    cells = (
        f"<row>{inline('question', 'A1')}{inline('answer', 'B1')}</row>"
        '<row r="2"><c r="A2" t="str"><f>HYPERLINK("http://192.0.2.1","q")</f><v>q</v></c>'
        '<c r="B2"><f>1+1</f><v>2</v></c></row>'
        '<row r="3"><c r="A3" t="str"><f>cmd|"/C calc"!A0</f></c><c r="B3"><f>1+1</f></c></row>'
    )
    path = tmp_path / "formulas.xlsx"
    path.write_bytes(packed(sheet_parts(cells)))
    good, bad = open_rows(inspect_file(path))
    assert isinstance(good, RawRecord)
    assert [message.content for message in good.content.messages] == ["q", "2"]
    assert not isinstance(bad, RawRecord)
    assert bad.line == 3
    assert "http://" not in good.content.text


# RELIABILITY: the bytes of a table with the header above them, and the lines of its good and of its refused rows.
TABLES: list[tuple[str, bytes, list[int], list[int]]] = [
    ("plain", b"q,a\nr,b\n", [2, 3], []),
    ("no final newline", b"q,a\nr,b", [2, 3], []),
    ("final CR", b"q,a\nr,b\r", [2, 3], []),
    ("CRLF", b"q,a\r\nr,b\r\n", [2, 3], []),
    ("mixed ends", b"q,a\r\nr,b\ns,c\r\n", [2, 3, 4], []),
    ("blank lines", b"\n\nq,a\n\n\nr,b\n", [4, 7], []),
    ("line of spaces", b"q,a\n   \nr,b\n", [2, 4], [3]),
    ("break in a cell", b'"q\n1",a\nr,b\n', [2, 4], []),
    ("CRLF in a cell", b'"q\r\n1",a\r\nr,b\r\n', [2, 4], []),
    ("blank line in a cell", b'"q\n\n1",a\nr,b\n', [2, 5], []),
    ("quoted quotes", b'"q ""x""",a\nr,b\n', [2, 3], []),
    ("quote inside", b'q "x" y,a\nr,b\n', [2, 3], []),
    ("inches", b'q 5",a\nr,b\n', [2, 3], []),
    ("text after a quote", b'"q"x,a\nr,b\n', [3], [2]),
    ("quote never closed", b'"q,a\nr,b\ns,c\n', [3, 4], [2]),
    ("quote never closed at the end", b'q,a\n"r,b\n', [2], [3]),
    ("lone quote", b'q,"\nr,b\n', [3], [2]),
    ("one cell less", b"q\nr,b\n", [3], [2]),
    ("one cell more", b"q,a,x\nr,b\n", [3], [2]),
    ("only delimiters", b",\nr,b\n", [3], [2]),
    ("blank request", b",a\nr,b\n", [3], [2]),
    ("blank answer", b"q,\nr,b\n", [2, 3], []),
    ("blanks for a request", b"  ,a\nr,b\n", [3], [2]),
    ("NUL", b"q\0,a\nr,b\n", [2, 3], []),
    ("control characters", b"q\x01\x02\x1b,a\nr,b\n", [2, 3], []),
    ("end of file mark", b"q,a\nr,b\n\x1a", [2, 3], [4]),
    ("mark in the middle", b"q,a\n\xef\xbb\xbfr,b\n", [2, 3], []),
    ("line separator", "q\u2028x,a\nr,b\n".encode(), [2, 3], []),
    ("next line", "q\x85x,a\nr,b\n".encode(), [2, 3], []),
    ("vertical tab", b"q\x0bx,a\x0cy\nr,b\n", [2, 3], []),
    ("no-break space", "\u00a0q,a\nr,b\n".encode(), [2, 3], []),
    ("semicolon in a cell", b"q;x,a;y\nr;x,b\n", [2, 3], []),
    ("tab in a cell", b"q\tx,a\nr,b\n", [2, 3], []),
    ("single quotes", b"'q,x',a\nr,b\n", [3], [2]),
    ("backslash before a quote", b'"q \\"x\\"",a\nr,b\n', [3], [2]),
    ("delimiter at the end", b"q,a,\nr,b,\n", [], [2, 3]),
    ("header again", b"q,a\nquestion,answer\nr,b\n", [2, 3, 4], []),
    ("spaces after the comma", b'q, "a"\nr, b\n', [2, 3], []),
    ("long cell", b"q" * 200_000 + b",a\nr,b\n", [2, 3], []),
    ("many columns", b"q" + b",x" * 2_000 + b"\nr,b\n", [3], [2]),
]


@pytest.mark.parametrize(("name", "body", "good", "bad"), TABLES, ids=[row[0] for row in TABLES])
def test_rows_of_tables_stand_on_their_lines(
    name: str, body: bytes, good: list[int], bad: list[int], tmp_path: Path
) -> None:
    rows = read_bytes(tmp_path, QUERY + body)
    assert [row.line for row in records(rows)] == good, rows
    assert [row.line for row in faults(rows)] == bad
    assert all(fault.reason for fault in faults(rows))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_each_end_of_lines_in_each_encoding(end: str, encoding: str, tmp_path: Path) -> None:
    text = end.join(["question,answer", "q,a", '"r,s","b ""c"""', "é 问 🩺,d", ""])
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    rows = read_bytes(tmp_path, (mark + text).encode(encoding))
    assert not faults(rows)
    found = [(row.line, *[message.content for message in row.content.messages]) for row in records(rows)]
    assert found == [(2, "q", "a"), (3, "r,s", 'b "c"'), (4, "é 问 🩺", "d")]


GOOD = b'{"question":"q","answer":"a"}'
LINES: list[tuple[str, bytes, list[int], list[int]]] = [
    ("mark before a line", GOOD + b"\n\xef\xbb\xbf" + GOOD + b"\n" + GOOD, [1, 3], [2]),
    ("CRLF", GOOD + b"\r\n" + GOOD + b"\r\n", [1, 2], []),
    ("mixed ends", GOOD + b"\r\n" + GOOD + b"\n" + GOOD, [1, 2, 3], []),
    ("blank lines", b"\n\n" + GOOD + b"\n \t\r\n" + GOOD, [3, 5], []),
    ("two in a line", GOOD + b"\n" + GOOD + b" " + GOOD + b"\n" + GOOD, [1, 3], [2]),
    ("comma at the end", GOOD + b"\n" + GOOD + b",\n" + GOOD, [1, 3], [2]),
    ("NUL", GOOD + b"\n\0\n" + GOOD, [1, 3], [2]),
    ("cut", GOOD + b"\n" + GOOD[:-9] + b"\n" + GOOD, [1, 3], [2]),
    ("cut at the end", GOOD + b"\n" + GOOD + b"\n" + GOOD[:-9], [1, 2], [3]),
    ("lone surrogate", GOOD + b'\n{"question":"\\udc00","answer":"a"}\n' + GOOD, [1, 3], [2]),
    ("duplicate key", GOOD + b'\n{"question":"q","question":"r","answer":"a"}\n' + GOOD, [1, 3], [2]),
    ("NaN", GOOD + b'\n{"question":"q","answer":"a","n":NaN}\n' + GOOD, [1, 3], [2]),
    ("big number", GOOD + b'\n{"question":"q","n":123456789012345678901234567890}\n' + GOOD, [1, 3], [2]),
    (
        "bytes that are no text",
        GOOD + b'\n{"question":"caf\xe9 caf\xff","answer":"a"}\n' + GOOD * 0 + GOOD,
        [1, 3],
        [2],
    ),
    ("line separator inside", GOOD + '\n{"question":"q\u2028r"}\n'.encode() + GOOD, [1, 2, 3], []),
    ("a list", GOOD + b"\n[]\n" + GOOD, [1, 3], [2]),
    ("a number", GOOD + b"\n7\n" + GOOD, [1, 3], [2]),
    ("an empty object", GOOD + b"\n{}\n" + GOOD, [1, 3], [2]),
    ("half an array", GOOD + b"\n[\n" + GOOD, [1, 3], [2]),
    ("end of file mark", GOOD + b"\n" + GOOD + b"\n\x1a", [1, 2], [3]),
]


@pytest.mark.parametrize(("name", "data", "good", "bad"), LINES, ids=[row[0] for row in LINES])
def test_rows_of_json_lines_stand_on_their_lines(
    name: str, data: bytes, good: list[int], bad: list[int], tmp_path: Path
) -> None:
    rows = read_bytes(tmp_path, data, encoding="utf-8")
    assert [row.line for row in records(rows)] == good, rows
    assert [row.line for row in faults(rows)] == bad
    assert all(fault.reason for fault in faults(rows))
