"""Bombs brought into a project: each ends with a reason or its good rows, and costs this process no memory to speak of."""

import gc
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.formats import bombs
from tests.formats.good_files import lines

from accord.domain.errors import AccordError
from accord.domain.ledger import Who
from accord.domain.progress import Silent
from accord.formats.reading import inspect_file, open_rows
from accord.jobs import call_in_worker
from accord.storage.project import Project
from accord.workflows import importing, keeping, projects

WHO = Who(actor="ana", device="here")
MOST_GROWTH_KB = 50 << 10
HANGS_SECONDS = 100
# The bombs that hold rows as good as any, and how many; a second time such a row is a duplicate.
GOOD_ROWS = {
    "json_line": 2,
    "csv_line": 2,
    "csv_blank_cells": 1,
    "csv_quote": 20_905,
    "zip_overlapping": 100,
    "zip_names": 1,
    "xml_web_dtd": 2,
    "parquet_extension": 1,
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Give one project that takes all bombs, one after the other."""
    opened = projects.new_project(path=tmp_path_factory.mktemp("project") / "clinic.accord", who=WHO)
    yield opened
    opened.close()


class Hung(Exception):
    """The import did not end by itself."""


class Deadline(Silent):
    """Ends what would never end."""

    def __init__(self) -> None:
        self._end = time.monotonic() + HANGS_SECONDS

    def check(self) -> None:
        if time.monotonic() > self._end:
            raise Hung


def peak_kb() -> int:
    """Return the most memory this process has held since ``forget_peak``."""
    status = Path("/proc/self/status").read_text("ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


def forget_peak() -> int:
    """Begin to measure, and return the memory held now."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    return peak_kb()


def bring_in(project: Project, path: Path, name: str) -> importing.FileReport:
    """Import a file, check its account and this process's memory, and print what it took."""
    before, began = forget_peak(), time.monotonic()
    report = importing.import_file(project=project, who=WHO, path=path, backup=False, progress=Deadline())
    seconds, growth = time.monotonic() - began, peak_kb() - before
    why = report.rejections[0].reason if report.rejections else ""
    became = f"{report.accepted} + {report.duplicate} accepted, {report.rejected} refused: {why}"
    print(f"{name:<24}{seconds:6.1f} s {growth / 1024:6.1f} MB  {became}")  # noqa: T201  (the table of the proof)
    assert report.read == report.accepted + report.rejected + report.duplicate
    assert len(report.rejections) == min(report.rejected, 1000)
    assert all(fault.reason and fault.line >= 0 for fault in report.rejections)
    assert growth <= MOST_GROWTH_KB
    return report


@pytest.mark.skipif(not os.access("/proc/self/clear_refs", os.W_OK), reason="the peak of memory is not told here")
@pytest.mark.parametrize("name", bombs.BOMBS)
def test_a_bomb_ends_with_a_reason_and_harms_nothing(name: str, project: Project, tmp_path: Path) -> None:
    path = tmp_path / "bomb.dat"
    call_in_worker(bombs.make, (name, str(path)))
    try:
        report = bring_in(project, path, name)
        (tmp_path / "secret.txt").unlink(missing_ok=True)
        assert report.rejected or name in GOOD_ROWS
        assert report.accepted + report.duplicate == GOOD_ROWS.get(name, 0)
        assert not bombs.marker(path).exists()
        assert [one.name for one in tmp_path.iterdir() if "executed" in one.name] == []
        assert not Path("/tmp/executed").exists()  # noqa: S108  (one of the names a bomb asks for)
        assert all("secret" not in fault.raw for fault in report.rejections)
    finally:
        bombs.remove(path)
    good = tmp_path / "good.jsonl"
    good.write_bytes(lines([{"request": f"After {name}?", "answer": "Yes."}]))
    assert importing.import_file(project=project, who=WHO, path=good, backup=False).accepted == 1


REACHING = (
    *("zip_names", "zip_links", "xml_file_entity", "xml_web_entity", "xml_web_dtd", "xml_parameter_entity"),
    *("xml_laughs", "xlsx_laughs", "parquet_extension"),
)
_heard: list[str] | None = None


def _hear(event: str, args: tuple[object, ...]) -> None:
    if _heard is not None and event.startswith(("open", "socket.", "subprocess.", "os.", "urllib.", "pickle.")):
        _heard.append(f"{event} {args[0] if args else ''}")


sys.addaudithook(_hear)  # it stays as long as the process does, and hears nothing unless a test listens


@pytest.mark.parametrize("name", REACHING)
def test_reading_a_file_opens_and_runs_nothing_that_the_file_names(name: str, tmp_path: Path) -> None:
    global _heard  # noqa: PLW0603  (a hook cannot be taken off again)
    path = tmp_path / "bomb.dat"
    bombs.make(name, str(path))
    heard: list[str] = []
    _heard = heard
    try:
        list(open_rows(inspect_file(path), mapping=None))
    except AccordError:
        pass
    finally:
        _heard = None
    assert any("bomb.dat" in one for one in heard)
    named = (
        "secret",
        "passwd",
        "executed",
        "192.0.2.1",
        "socket.",
        "subprocess.",
        "os.system",
        "os.exec",
        "os.mkdir",
        "pickle.",
    )
    assert not [one for one in heard if any(word in one for word in named)], heard


def test_the_project_is_unharmed_after_all_bombs(project: Project) -> None:
    assert keeping.inspect(project=project) == []
