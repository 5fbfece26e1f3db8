"""Good files damaged by chance: no error but our own, every row accounted for, every text valid and none made up."""

import os
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.mutations import Kind, damaged, kinds

from accord.domain.errors import AccordError
from accord.domain.records import RawRecord, Row
from accord.formats.reading import FileShape, inspect_file, open_rows
from accord.formats.row_formats import MAPPED
from accord.jobs import WorkerDied, call_in_worker

INPUTS = 20_000
LONG_INPUTS = int(os.environ.get("ACCORD_INPUTS", "1000000"))
BATCH = 25
PARQUET_BATCH = 500
KINDS = kinds()
BY_LINES = ("csv", "csv, CRLF", "semicolons", "jsonl", "openai", "prompt-completion", "preference")


def texts(value: Any) -> list[str]:
    """Return all texts in a value that a row holds."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, item in value.items() for text in (*texts(key), *texts(item))]
    return [text for item in value for text in texts(item)] if isinstance(value, list | tuple) else []


def check_row(row: Row) -> None:
    """Raise AssertionError unless a row is good text throughout, or refused with its line and a reason."""
    assert row.line > 0
    if not isinstance(row, RawRecord):
        assert row.reason
        assert row.reason.rstrip().endswith(".")
        (row.field + row.reason + row.raw).encode()
        return
    source = row.source
    beside = (source.group, source.context, source.source, source.source_url, source.source_date, source.licence)
    for text in (row.content.text, *beside, *source.tags, *texts(dict(source.metadata))):
        text.encode()
    assert row.content.request.strip()


def mapping_of(shape: FileShape) -> dict[str, str] | None:
    """Return what a person would say where nothing was guessed."""
    unmapped = shape.format in MAPPED and "request" not in shape.mapping
    return {"request": shape.columns[0]} if shape.columns and unmapped else None


class Damage:
    """Damages one kind of file again and again, and reads it."""

    def __init__(self, name: str, kind: Kind, path: Path) -> None:
        self.kind = kind
        self.path = path
        self.counts = {"read": 0, "refused": 0, "rows": 0, "bad rows": 0}
        self._whole = self._shape(kind.build(kind.good))
        self._lines = self._told(name)

    def _shape(self, data: bytes) -> FileShape:
        self.path.write_bytes(data)
        return inspect_file(self.path)

    def _told(self, name: str) -> dict[bytes, str]:
        """Return what a line of a file of lines says, where it is a row of its own."""
        if name not in BY_LINES:
            return {}
        lines = self.kind.good.split(b"\n")
        rows = [row for row in open_rows(self._whole) if isinstance(row, RawRecord)]
        ends = [row.line for row in rows[1:]] + [len(lines)]
        return {
            lines[row.line - 1]: row.content.text
            for row, end in zip(rows, ends, strict=True)
            if end == row.line + 1 and lines.count(lines[row.line - 1]) == 1
        }

    def one(self, random: Random) -> None:
        """Read the file once damaged. Raises AssertionError, and whatever a reader should not."""
        data = self.kind.build(damaged(random, self.kind.good))
        try:
            shape = self._shape(data)
            rows = list(open_rows(shape, mapping=mapping_of(shape)))
        except AccordError:
            self.counts["refused"] += 1
            return
        self.counts["read"] += 1
        self.counts["rows"] += len(rows)
        self.counts["bad rows"] += sum(not isinstance(row, RawRecord) for row in rows)
        for row in rows:
            check_row(row)
        assert [row.line for row in rows] == sorted(row.line for row in rows)
        if self._lines and self._read_alike(shape):
            self._check_whole_lines(data, rows)

    def _read_alike(self, shape: FileShape) -> bool:
        good = self._whole
        return (shape.container, shape.encoding, shape.delimiter, shape.format, shape.mapping) == (
            *(good.container, good.encoding, good.delimiter, good.format),
            good.mapping,
        )

    def _check_whole_lines(self, data: bytes, rows: list[Row]) -> None:
        """A row that starts on a line that was not damaged has the texts of that line, byte for byte."""
        lines = data.split(b"\n")
        for row in rows:
            if isinstance(row, RawRecord) and row.line <= len(lines):
                assert row.content.text == self._lines.get(lines[row.line - 1], row.content.text)


def one_batch(name: str, path: Path, seed: int, inputs: int) -> dict[str, int]:
    """Read so many damaged files of one kind and return what became of them."""
    damage = Damage(name, KINDS[name], path)
    for number in range(inputs):
        try:
            damage.one(Random(f"{seed} {number}"))
        except Exception as error:
            error.add_note(f"{name}, seed {seed}, input {number}: {path.read_bytes()!r}")
            raise
    return damage.counts


def run(name: str, path: Path, inputs: int, *, seeds: settings) -> None:
    """Read so many damaged files of one kind and print what became of them."""
    counts: Counter[str] = Counter()

    @settings(seeds, max_examples=-(-inputs // BATCH), database=None)
    @given(st.integers(0, 2**63 - 1))
    def read(seed: int) -> None:
        counts.update(one_batch(name, path, seed, BATCH))

    read()
    show(name, counts, inputs)


def show(name: str, counts: Counter[str], inputs: int) -> None:
    """Print what became of the inputs, and fail where they are too few or none could be read."""
    done = counts["read"] + counts["refused"]
    print(f"{done} inputs of {name}: {dict(counts)}")  # noqa: T201  (the figure that the proof shows)
    assert done >= inputs
    assert counts["read"], "no damaged file could be read"


@pytest.mark.parametrize("name", KINDS)
def test_damaged_files_are_read_as_far_as_they_go_or_refused(name: str, tmp_path: Path) -> None:
    run(name, tmp_path / "damaged.dat", -(-INPUTS // len(KINDS)), seeds=settings(derandomize=True))


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in KINDS if name != "parquet"])
def test_a_million_damaged_files_are_read_as_far_as_they_go_or_refused(name: str, tmp_path: Path) -> None:
    run(name, tmp_path / "damaged.dat", -(-LONG_INPUTS // len(KINDS)), seeds=settings())


@pytest.mark.long
def test_damaged_parquet_files_end_at_worst_the_process_that_reads_them(tmp_path: Path) -> None:
    """A library in C++ may break down on damage; an import then says so, for it reads in a process of its own."""
    inputs = -(-LONG_INPUTS // len(KINDS))
    counts: Counter[str] = Counter()
    for seed in range(-(-inputs // PARQUET_BATCH)):
        try:
            counts.update(call_in_worker(one_batch, ("parquet", tmp_path / "damaged.dat", seed, PARQUET_BATCH)))
        except WorkerDied:
            counts["refused"] += PARQUET_BATCH
            counts["processes ended"] += 1
    show("parquet", counts, inputs)
