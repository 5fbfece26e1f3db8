"""Files that change while they are read are refused whole: what is stored is what the kept hash is of."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.formats.good_files import lines

from accord.domain.ledger import Who
from accord.domain.progress import Silent
from accord.storage.project import Project
from accord.workflows import importing, keeping, projects

WHO = Who(actor="ana", device="here")
ROWS = 30_000


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    opened = projects.new_project(path=tmp_path / "clinic.accord", who=WHO)
    yield opened
    opened.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a file of many blocks, so that it is still read when its first rows are stored."""
    made = tmp_path / "moving.jsonl"
    made.write_bytes(lines([{"request": f"Question {n}?", "answer": f"{n} " * 20} for n in range(ROWS)]))
    return made


class Meddling(Silent):
    """Does something to the file the first time that rows have been stored."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act
        self._done = False

    def report(self, done: int, total: int | None = None, note: str = "") -> None:
        super().report(done, total, note)
        if not self._done:
            self._done = True
            self._act()


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(lines([{"request": f"Late {file.tell()}?", "answer": "Yes."}]))


def overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"\0\xff{[" * (path.stat().st_size // 4))


def replace(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(b"{}\n")
    other.replace(path)


CHANGES: dict[str, Callable[[Path], None]] = {
    "grows": append,
    "is cut": lambda path: os.truncate(path, path.stat().st_size // 2),
    "is emptied": lambda path: os.truncate(path, 0),
    "is overwritten": overwrite,
    "is replaced": replace,
    "is removed": Path.unlink,
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_file_that_changes_while_it_is_read_is_refused_whole(what: str, project: Project, path: Path) -> None:
    progress = Meddling(lambda: CHANGES[what](path))
    report = importing.import_file(project=project, who=WHO, path=path, backup=False, progress=progress)
    assert (report.read, report.accepted, report.rejected, report.duplicate) == (1, 0, 1, 0)
    assert "changed while it was read" in report.rejections[0].reason
    assert projects.counts(project=project).examples == 0
    assert keeping.inspect(project=project) == []


def test_a_file_that_is_left_alone_comes_in(project: Project, path: Path) -> None:
    progress = Meddling(lambda: None)
    report = importing.import_file(project=project, who=WHO, path=path, backup=False, progress=progress)
    assert (report.read, report.accepted) == (ROWS, ROWS)
