"""Project files to open, damage and fill without going through a file format."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from accord.domain.content import pair
from accord.domain.ledger import Who
from accord.domain.records import RawRecord, Source
from accord.domain.review import Origin
from accord.storage import imports
from accord.storage.project import Project, create_project

WHO = Who(actor="ana", device="here")


@pytest.fixture
def project(place: Path | str) -> Iterator[Project]:
    """Give an empty project, once in a file and once on a server."""
    made = create_project(place)
    yield made
    made.close()


@pytest.fixture
def project_file(tmp_path: Path) -> Iterator[Project]:
    """Give an empty project in a file, for what only files have."""
    made = create_project(tmp_path / "clinic.accord")
    yield made
    made.close()


def record(number: int, request: str, answer: str = "An answer.", **source: object) -> RawRecord:
    """Return one row of a file."""
    return RawRecord(line=number, content=pair(request, answer), source=Source(**source))  # type: ignore[arg-type]  # named as the fields are


def bring_in(
    project: Project, rows: Sequence[RawRecord], *, file: str = "rows.csv", finish: bool = True, who: Who = WHO
) -> int:
    """Store rows as one import and return its id; ``finish`` False leaves it pending."""
    with project.write(who) as unit:
        import_id = imports.begin(unit, file=file, sha256="", format_name="table", encoding="utf-8", mapping={})
        tally = imports.add_rows(unit, import_id, list(rows), origin=Origin.IMPORTED)
        if finish:
            imports.finish(unit, import_id, tally)
        unit.commit()
    imports.ended(unit.act)
    return import_id
