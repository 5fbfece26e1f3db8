"""What comes out of the reading process is every row of the file, once, and never more than its reader can hold."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from accord.domain.progress import Silent
from accord.domain.project import AnswerKind, Choice, ProjectSettings
from accord.domain.records import RawRecord, ReadyRow, RowFault, ready
from accord.formats import parcels
from accord.formats.failures import UnreadableFile
from accord.formats.reading import RowReader, inspect_file, open_rows
from accord.formats.rows import RawRow


def _write(path: Path, rows: Sequence[object]) -> Path:
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), "utf-8")
    return path


def _all(
    path: Path, settings: ProjectSettings | None = None, mapping: dict[str, str] | None = None
) -> tuple[list[ReadyRow], list[RowFault]]:
    rows: list[ReadyRow] = []
    faults: list[RowFault] = []
    shape = inspect_file(path)
    for data in parcels.read_parcels(shape, mapping, settings or ProjectSettings(), progress=Silent()):
        parcel = parcels.unpacked(data)
        rows += parcel.rows
        faults += parcel.faults
    assert parcel.bytes_read == shape.bytes
    return rows, faults


def _chat(number: int, **more: object) -> dict[str, object]:
    said = [{"role": "user", "content": f"Q{number}"}, {"role": "assistant", "content": f"A{number} é"}]
    return {"messages": said, **more}


def test_parcels_hold_every_row_as_the_reader_gives_it(tmp_path: Path) -> None:
    rows = [_chat(n, metadata={"source": "s", "n": n}) if n % 7 else "{" for n in range(5000)]
    rows += [_chat(1, name="x"), {"messages": []}, {"messages": [{"role": "user", "content": "Q", "name": "n"}]}]
    path = _write(tmp_path / "rows.jsonl", rows)
    found, faults = _all(path)
    expected = list(open_rows(inspect_file(path)))
    assert found == [ready(row) for row in expected if isinstance(row, RawRecord)]
    assert faults == [row for row in expected if isinstance(row, RowFault)]


def test_verdicts_travel_and_those_the_project_cannot_take_are_faults(tmp_path: Path) -> None:
    lines = ["request,answer,verdict,reviewer", "Q1,Yes,accept,cem", "Q2,Maybe,accept,cem", "Q3,Yes,,"]
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    one_of = ProjectSettings(answer_kind=AnswerKind.LIST, choices=(Choice(label="Yes", code="1"),))
    mapping = {name: name for name in ("request", "answer", "verdict", "reviewer")}
    found, faults = _all(path, one_of, mapping)
    assert [[given.reviewer for given in row.verdicts] for row in found] == [["cem"], []]
    assert [(fault.line, fault.field) for fault in faults] == [(3, "answer")]


def test_a_count_tells_new_from_repeated_and_from_purged(tmp_path: Path) -> None:
    path = _write(tmp_path / "rows.jsonl", [_chat(1), _chat(2), _chat(1), "{", _chat(3)])
    (purged,) = [row.hash for row in _all(path)[0] if row.text.count("Q3")]
    args = (inspect_file(path), None, ProjectSettings(), frozenset({purged}))
    (found,) = [parcels.counted(data) for data in parcels.count_parcels(*args, progress=Silent())]
    assert (len(found.ids), found.again, [fault.line for fault in found.faults]) == (2, 1, [4, 5])


def test_what_is_shown_of_a_file_is_cut(tmp_path: Path) -> None:
    long = "word " * 100_000
    path = _write(tmp_path / "rows.jsonl", [{"request": long, "answer": long}])
    (shape,) = parcels.inspected(path, {})
    assert max(len(text) for row in shape.sample for text in row.values()) == 1000
    ((row,),) = parcels.first_rows(shape, {"request": "request", "answer": "answer"}, 20)
    assert isinstance(row, RawRecord)
    assert sum(len(message.content) for message in row.content.messages) < 110_000


def test_a_header_as_large_as_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"column {n} {'x' * 90}" for n in range(100_000)) + "\n", "utf-8")
    with pytest.raises(UnreadableFile):
        list(parcels.inspected(path, {}))


def test_a_disk_that_fails_while_rows_are_read_makes_the_file_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _write(tmp_path / "rows.jsonl", [_chat(n) for n in range(10)])
    whole = RowReader.raw

    def fails(self: RowReader) -> Iterator[RawRow]:
        for number, row in enumerate(whole(self)):
            if number == 5:
                raise UnreadableFile(path, "Input/output error")
            yield row

    monkeypatch.setattr(RowReader, "raw", fails)
    with pytest.raises(UnreadableFile):
        _all(path)
