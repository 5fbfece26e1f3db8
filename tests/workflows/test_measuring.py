"""Checks are measured on a labelled file as the project has them, in a process of its own."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from accord.domain.agreement import Measured, Undefined
from accord.domain.errors import Cancelled
from accord.domain.findings import Limits
from accord.domain.ledger import Who
from accord.domain.measurement import Measurement
from accord.domain.progress import CancelFlag
from accord.storage.project import Project
from accord.workflows import measuring, projects

ROWS = [
    {"text": "Call +1 202 555 0143 now.", "spans": [[5, 20, "PHONE"]]},
    {"text": "=2+5 is ana@example.org.", "spans": [[0, 4, "PHONE"], [20, 23, "EMAIL"]]},
    {"text": "In 1977.", "spans": [[3, 7, "DATE"]]},
]


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join([*(json.dumps(row) for row in ROWS), "{"]), "utf-8")
    return path


def figures(found: Measurement) -> dict[str, tuple[int, int]]:
    return {one.name: (one.hits, one.n) for one in (*found.recall, *found.precision)}


def test_what_was_marked_and_found_is_counted_with_its_places(project: Project, labelled: Path) -> None:
    found = measuring.measure(project=project, path=labelled)
    assert figures(found) == {"EMAIL": (1, 1), "PHONE": (1, 2), "email": (1, 1), "phone": (1, 1)}
    assert isinstance(found.all_recall, Measured)
    assert found.all_recall.value == pytest.approx(2 / 3)
    assert [(spot.line, spot.name, spot.text) for spot in found.missed] == [(2, "PHONE", "=2+5")]
    assert found.not_counted == {"DATE": 1}
    assert [fault.line for fault in found.rejected] == [4]


def test_a_rule_that_the_project_switched_off_finds_nothing(project: Project, who: Who, labelled: Path) -> None:
    settings = replace(projects.settings_of(project=project), checks=Limits(off=("phone-number",)))
    projects.change_settings(project=project, who=who, settings=settings)
    found = measuring.measure(project=project, path=labelled)
    assert figures(found)["PHONE"] == (0, 2)
    assert "phone" not in figures(found)


def test_nothing_marked_is_no_figure(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "none.jsonl"
    path.write_text('{"text": "Call +1 202 555 0143.", "spans": []}', "utf-8")
    found = measuring.measure(project=project, path=path)
    assert isinstance(found.all_recall, Undefined)
    assert found.unmarked == {"phone": 1}
    assert found.false_alarms == ()


def test_the_table_holds_every_figure_and_place_and_runs_nothing(
    project: Project, labelled: Path, tmp_path: Path
) -> None:
    found = measuring.measure(project=project, path=labelled)
    measuring.save(found=found, to=tmp_path / "measured.csv")
    with (tmp_path / "measured.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    parts = [row["part"] for row in rows]
    assert parts.count("recall") == parts.count("precision") == 2
    (missed,) = (row for row in rows if row["part"] == "missed")
    assert (missed["line"], missed["start"], missed["text"]) == ("2", "0", "'=2+5")
    assert {"recall of all", "precision of all", "row not used"} <= set(parts)


def test_it_can_be_stopped(project: Project, labelled: Path) -> None:
    flag = CancelFlag()
    flag.cancelled = True
    with pytest.raises(Cancelled):
        measuring.measure(project=project, path=labelled, progress=flag)
