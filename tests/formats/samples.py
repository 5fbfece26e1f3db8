"""Small files, releases and examples that the tests of this room share."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from accord.domain.content import Content
from accord.domain.progress import Silent
from accord.domain.project import ProjectSettings
from accord.domain.records import RawRecord, Row, RowFault
from accord.domain.releases import InstructionMode, Part, Release, ReleasedExample, ReleasePlan, content_hash
from accord.formats.reading import inspect_file, open_rows
from accord.formats.writing import ExportResult, write_export


def read_bytes(
    folder: Path,
    data: bytes,
    *,
    format: str = "auto",  # noqa: A002  (as the product calls it)
    encoding: str = "",
    name: str = "rows.dat",
) -> list[Row]:
    """Return all rows of a file with these bytes."""
    path = folder / name
    path.write_bytes(data)
    return list(open_rows(inspect_file(path, format=format, encoding=encoding)))


def records(rows: Iterable[Row]) -> list[RawRecord]:
    return [row for row in rows if isinstance(row, RawRecord)]


def faults(rows: Iterable[Row]) -> list[RowFault]:
    return [row for row in rows if isinstance(row, RowFault)]


def released(
    content: Content,
    *,
    part: Part = Part.TRAIN,
    original: Content | None = None,
    tags: Sequence[str] = ("sign",),
    rejected: str = "",
) -> ReleasedExample:
    return ReleasedExample(
        id=content.id,
        part=part,
        hash=content.hash,
        origin="imported",
        text=content.text,
        original=(original or content).text,
        facts={
            "decided_by": "agreed",
            "tags": list(tags),
            "reviewers": ["ada", "bo"],
            "file": "clinic.jsonl",
            "line": 7,
            "source": "Clinic",
            "source_url": "https://clinic.example/7",
            "source_date": "",
            "licence": "CC BY 4.0",
            "context": "a passage",
            "rejected": rejected,
        },
    )


def release(*, instruction: str = "", mode: InstructionMode = InstructionMode.KEEP) -> Release:
    return Release(
        name="v1",
        created_at="2026-03-04T05:06:07Z",
        created_by="ada",
        plan=ReleasePlan(),
        counts={},
        groups=3,
        hash="f" * 64,
        leakage_pairs=0,
        leakage_checked=12,
        instruction=instruction,
        instruction_mode=mode,
    )


def spread(contents: Iterable[Content]) -> list[ReleasedExample]:
    """Return examples in the order of their ids: of ten, one held out, one for validation, eight to train on."""
    unique = {content.id: content for content in contents}
    parts = (Part.HELDOUT, Part.VALIDATION, *[Part.TRAIN] * 8)
    return [released(unique[key], part=parts[i % 10]) for i, key in enumerate(sorted(unique))]


def export(
    folder: Path,
    examples: Iterable[ReleasedExample],
    *,
    format: str = "openai",  # noqa: A002  (as the product calls it)
    array: bool = False,
    replace: bool = False,
    frozen: Release | None = None,
    settings: ProjectSettings | None = None,
    project: Mapping[str, str] | None = None,
) -> ExportResult:
    given, made = list(examples), frozen or release()
    items = sorted((one.id, one.hash, one.part) for one in given)
    sealed = content_hash(instruction=made.instruction, mode=made.instruction_mode, codes=[], items=items)
    return write_export(
        folder,
        release=dataclasses.replace(made, hash=sealed),
        examples=given,
        settings=settings or ProjectSettings(title="Clinic"),
        format=format,
        array=array,
        replace=replace,
        project=project or {"name": "clinic", "id": "p1", "head": "0" * 64},
        progress=Silent(),
    )


def read_back(folder: Path) -> list[Content]:
    """Return the contents of all parts of an export, in the order of their ids."""
    found: list[Content] = []
    for part in Part:
        path = next(folder.glob(f"{part.value}.*"))
        if path.stat().st_size and path.read_bytes() != b"[]\n":
            rows = list(open_rows(inspect_file(path)))
            assert not faults(rows), faults(rows)[:3]
            found.extend(row.content for row in records(rows))
    return sorted(found, key=lambda content: content.id)
