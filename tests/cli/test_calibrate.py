"""calibrate: a round from its beginning to its figures, on the command line."""

from pathlib import Path

import pytest
from tests.cli.conftest import Accord


@pytest.fixture
def project(accord: Accord, tmp_path: Path) -> Path:
    """Give a project of thirty examples."""
    path, file = tmp_path / "clinic.accord", tmp_path / "rows.csv"
    file.write_text("q,a\n" + "".join(f"Question {n}?,Answer {n}.\n" for n in range(30)))
    accord("new", path)
    accord("import", path, file, "--map", "request=q,answer=a")
    return path


def test_a_round_from_begin_to_figures(project: Path, accord: Accord, tmp_path: Path) -> None:
    begun = accord("calibrate", project, "--begin", "--reviewers", "ana,bo", "--items", 4, "--as", "lena", "--json")
    (one,) = begun.value["rounds"]
    assert (one["round"], one["open"], one["items"], one["done"]) == (1, True, 4, {"ana": 0, "bo": 0})
    ids = [row["id"] for row in accord("list", project, "--where", "assigned = ana").lines]
    rows = [f"{id_},ana,accept\n{id_},bo,{'accept' if place else 'reject'}\n" for place, id_ in enumerate(ids)]
    file = tmp_path / "verdicts.csv"
    file.write_text("id,reviewer,verdict\n" + "".join(rows))
    accord("reviews", project, file, "--as", "lena")
    (one,) = accord("calibrate", project, "--close", "--as", "lena", "--json").value["rounds"]
    assert (one["open"], one["complete"], one["reached"], one["discuss"]) == (False, True, False, [ids[0]])
    assert (one["alpha"]["n"], one["percent_agreement"]["value"]) == (4, 0.75)
    assert accord("calibrate", project).out.startswith("round 1: Alpha is 0.00")


def test_wrong_usage_and_refusal(project: Path, accord: Accord) -> None:
    for words in (["--begin"], ["--reviewers", "ana,bo"], ["--begin", "--reviewers", "ana"]):
        accord("calibrate", project, *words, code=2)
    assert "No calibration round is open." in accord("calibrate", project, "--close", code=1).err
    assert accord("calibrate", project, "--json").value == {"rounds": []}
