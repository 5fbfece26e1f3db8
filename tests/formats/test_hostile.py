"""Files written to break readers: each row is read as it stands, or refused with its line and a reason."""

import zipfile
from pathlib import Path

from tests.formats.samples import faults

from accord.domain.errors import AccordError
from accord.domain.records import RawRecord, Row, RowFault
from accord.formats.reading import inspect_file, open_rows

BEFORE = b'{"request":"before","answer":"x"}\n'
AFTER = b'{"request":"after","answer":"x"}\n'
# The inputs of y_ that are refused although they are well-formed, each for a reason of ours.
OURS = ("not an object", "list of rows", "twice", "no list of rows", "not certain", "first row", "which column")


def json_suite(data_dir: Path) -> dict[str, bytes]:
    """Return every second file of JSONTestSuite by its name: n_ is not JSON, y_ is, i_ is up to the reader."""
    with zipfile.ZipFile(data_dir / "hostile" / "JSONTestSuite_parsing_even.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist() if name.endswith(".json")}


def outcome(path: Path) -> list[Row] | str:
    """Return the rows of a file, or why none can be read. Any other error is the reader's own fault."""
    try:
        return list(open_rows(inspect_file(path)))
    except AccordError as error:
        return str(error)


def is_accounted(row: Row) -> bool:
    """Whether a row is there whole, or refused with its line and a reason."""
    return isinstance(row, RawRecord) or (row.line > 0 and bool(row.reason))


def test_every_file_of_the_json_suite_is_read_or_refused_with_a_reason(data_dir: Path, tmp_path: Path) -> None:
    suite = json_suite(data_dir)
    assert len(suite) == 160
    for name, data in suite.items():
        path = tmp_path / "suite.json"
        path.write_bytes(data)
        found = outcome(path)
        if isinstance(found, str):
            assert found, name
            continue
        assert all(map(is_accounted, found)), name
        if name.startswith("n_"):
            assert not [row for row in found if isinstance(row, RawRecord)], f"{name} is not JSON and was read"


def test_a_value_of_the_json_suite_in_a_line_costs_that_line_alone(data_dir: Path, tmp_path: Path) -> None:
    for name, data in json_suite(data_dir).items():
        if b"\n" in data.strip() or b"\0" in data:
            continue  # more than one line; or UTF-16, which makes the whole file another
        path = tmp_path / "suite.jsonl"
        path.write_bytes(BEFORE + b'{"request":"q","answer":"x","value":' + data.strip(b"\n") + b"}\n" + AFTER)
        rows = list(open_rows(inspect_file(path, encoding="utf-8")))
        assert [row.line for row in rows] == [1, 2, 3], name
        assert isinstance(rows[0], RawRecord), name
        assert isinstance(rows[2], RawRecord), name
        refused = rows[1] if isinstance(rows[1], RowFault) else None
        if name.startswith("n_"):
            # The suite's file is a whole text; a comment or a word after it is wrong inside an object too.
            assert refused is not None, f"{name} is not JSON and was read"
        if name.startswith("y_"):
            assert refused is None or "twice" in refused.reason, f"{name}: {refused}"
        assert len(faults(rows)) <= 1, name
