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
    closed = accord("calibrate", project, "--close", "--as", "lena").out
    assert "round 1, closed: ana 4/4, bo 4/4" in closed
    assert "75% of the verdicts agree. Discuss the item, change the guideline and begin another round." in closed
    assert "alpha 0.6 – not reached" in closed
    assert ids[0] in closed
    (one,) = accord("calibrate", project, "--json").value["rounds"]
    assert (one["open"], one["complete"], one["reached"], one["discuss"]) == (False, True, False, [ids[0]])
    assert (one["alpha"]["n"], one["percent_agreement"]["value"]) == (4, 0.75)


def test_a_round_names_nobody_by_mistake(project: Path, accord: Accord) -> None:
    begin = ("calibrate", project, "--begin", "--items", 2, "--reviewers")
    assert accord(*begin, "ana,bo", "--json").value["new"] == ["ana", "bo"]
    told = accord("calibrate", project, "--close").out
    assert "does not count" in told
    assert "bob" in accord(*begin, "ana,bob", code=1).err
    assert "New here: bob." in accord(*begin, "ana,bob", "--new").out


def test_wrong_usage_and_refusal(project: Path, accord: Accord) -> None:
    for words in (["--begin"], ["--reviewers", "ana,bo"], ["--begin", "--reviewers", "ana"]):
        accord("calibrate", project, *words, code=2)
    assert "No calibration round is open." in accord("calibrate", project, "--close", code=1).err
    assert accord("calibrate", project, "--json").value == {"rounds": []}
