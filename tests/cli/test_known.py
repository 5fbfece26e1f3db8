"""controls and repeats: marked by a filter, mixed in, measured; what comes back and how far one agrees with oneself."""

from pathlib import Path

import pytest
from tests.cli.conftest import Accord

from accord.domain.ledger import Who
from accord.domain.review import Judgement, Verdict
from accord.storage import listing
from accord.storage.project import open_project
from accord.workflows import repeating


@pytest.fixture
def project(accord: Accord, tmp_path: Path) -> Path:
    """Give a project of thirty examples, three of which bear the tag planted."""
    path, file = tmp_path / "clinic.accord", tmp_path / "rows.csv"
    rows = [f"Question {n}?,Answer {n}.,{'planted' if n < 3 else 'plain'}\n" for n in range(30)]
    file.write_text("q,a,t\n" + "".join(rows))
    accord("new", path)
    accord("import", path, file, "--map", "request=q,answer=a,tags=t")
    return path


def _verdicts(project: Path, accord: Accord, where: str, name: str, *, verdict: str, by: str) -> None:
    rows = [f"{row['id']},{name},{verdict}\n" for row in accord("list", project, "--where", where).lines]
    file = project.with_name(f"{name}-{verdict}.csv")
    file.write_text("id,reviewer,verdict\n" + "".join(rows))
    accord("reviews", project, file, "--as", by)


def test_controls_are_marked_mixed_in_and_measured(project: Path, accord: Accord) -> None:
    for name, role in (("lena", "lead"), ("ana", "reviewer")):
        accord("team", project, "--add", name, "--role", role, "--as", "lena")
    lead = ("--as", "lena", "--json")
    marked = accord("controls", project, "--mark", "tag = planted", "--verdict", "reject", *lead).value
    assert [(one["verdict"], one["met"]) for one in marked["controls"]] == [("reject", 0)] * 3
    given = accord("assign", project, "--reviewers", "ana", "--overlap", 0, "--controls", 0.1, *lead).value
    assert (given["assigned"], given["controls"]) == ({"ana": 30}, {"ana": 3})
    assert (given["controls_given"], given["controls_asked"], given["controls_settled"]) == (3, 3, 0)
    assert given["controls_told"] == ["Controls: 3 of 3 asked for."]
    _verdicts(project, accord, "tag = planted", "ana", verdict="reject", by="lena")
    found = accord("controls", project, *lead).value["rates"]
    assert found["ana"]["caught"] == found["ana"]["share"]["n"] == 3
    assert "ana caught 3 of 3 controls: 100% [44, 100]" in accord("controls", project, "--as", "lena").out
    assert accord("controls", project, "--as", "ana", code=1).out == "", "they are a lead's to know"
    assert accord("controls", project, "--unmark", "tag = planted", *lead).value["controls"] == []
    assert "No example fits" in accord("controls", project, "--mark", "tag = none", "--as", "lena", code=1).err
    accord("controls", project, "--verdict", "reject", code=2)


def test_repeats_come_back_and_are_measured(project: Path, accord: Accord) -> None:
    _verdicts(project, accord, "tag = plain", "ana", verdict="accept", by="ana")
    planned = accord("repeats", project, "--plan", "--share", 0.2, "--days", 0, "--as", "ana", "--json").value
    assert (planned["planned"], planned["judged"], planned["waiting"]) == (6, 27, 6)
    assert planned["itself"]["value"] is None
    opened, ana = open_project(project), Who(actor="ana")
    numbers = repeating.waiting(project=opened, person="ana")
    with opened.read() as view:
        ids = listing.ids_of(view, numbers)
    for n, id_ in enumerate(ids):
        judgement = Judgement(verdict=Verdict.REJECT if n == 0 else Verdict.ACCEPT, tags=("plain",))
        repeating.judge_again(project=opened, who=ana, example_id=id_, judgement=judgement)
    opened.close()
    found = accord("repeats", project, "--as", "ana", "--json").value
    assert (found["waiting"], found["itself"]["n"], found["differing"]) == (0, 6, [ids[0]])
    assert found["sentence"] == "You said the same again of 5 of 6: too few to say how far you agree with yourself."
    assert accord("status", project, "--json").value["open_disagreements"] == 0
    accord("repeats", project, "--share", 0.2, code=2)
