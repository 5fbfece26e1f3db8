"""What checks find in texts that were de-identified is there at once, on both databases, as a check would find it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.workflows.texts import WHO

from accord.domain.findings import Kind
from accord.storage.findings import forget
from accord.storage.project import Project
from accord.workflows import browsing, deidentifying, findings, importing, projects, undoing
from accord.workflows.deidentifying import How

SPANISH = "Nombre: Pedro. Apellidos: De Miguel Rivera. NHC: 2569870. Escriba a pedro@gmail.com. Madrid, 10/10/1963."


def fill(project: Project, folder: Path, rows: list[tuple[str, str]]) -> list[str]:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps({"q": q, "a": a}) + "\n" for q, a in rows), encoding="utf-8")
    importing.import_file(project=project, who=WHO, path=path, mapping={"request": "q", "answer": "a"})
    return [row.id for row in browsing.examples(project=project)]


@pytest.fixture
def project(place: Path | str, light_checks: None) -> Iterator[Project]:
    opened = projects.new_project(path=place, who=WHO)
    yield opened
    opened.close()


def listed(project: Project) -> list[tuple[str, list[tuple[str, int, int, int, bool]]]]:
    """Return what is stored of each example, in the order of its text."""
    return [
        (one.id, sorted((f.rule, f.message, f.start, f.end, said is not None) for f, said in one.findings))
        for one in findings.listed(project=project)
    ]


def checked_anew(project: Project) -> list[tuple[str, list[tuple[str, int, int, int, bool]]]]:
    """Return the same after all texts were looked at again."""
    with project.write(WHO) as unit:
        forget(unit, list(browsing.example_numbers(project=project)))
        unit.commit()
    findings.run(project=project, actor=WHO)
    return listed(project)


def test_new_texts_need_no_second_check_and_keep_what_is_found_in_them(project: Project, tmp_path: Path) -> None:
    ids = fill(project, tmp_path, [("Mail ana@gmail.com or (415) 555-2671.", "As an AI language model, I cannot.")])
    findings.run(project=project, actor=WHO)
    (mark,) = [
        one.mark
        for one in findings.of_example(project=project, example_id=ids[0])
        if one.finding.rule == "email-address"
    ]
    deidentifying.apply(project=project, actor=WHO, example_ids=ids, marks=[mark])
    assert findings.stale(project=project) == 0
    (found,) = listed(project)
    assert [(rule, dismissed) for rule, *_place, dismissed in found[1]] == [
        ("email-address", True),
        ("model-words", False),
        ("phone-number", False),
    ]
    before = listed(project)
    assert checked_anew(project) == before
    deidentifying.apply(project=project, actor=WHO, how=How.REDACT)
    assert findings.stale(project=project) == 0
    before = listed(project)
    assert [rule for rule, *_rest, dismissed in before[0][1] if not dismissed] == ["model-words"]
    assert checked_anew(project) == before


def test_taken_back_the_text_from_before_is_to_be_checked(project: Project, tmp_path: Path) -> None:
    fill(project, tmp_path, [("Mail ana@gmail.com.", "Yes."), ("What is a fever?", "Above 38 degrees.")])
    findings.run(project=project, actor=WHO)
    deidentifying.apply(project=project, actor=WHO)
    undoing.undo(project=project, who=WHO)
    assert findings.stale(project=project) == 1
    assert findings.run(project=project, actor=WHO).findings == 1


@pytest.mark.parametrize("rule", ["person-name", "medical-record"])
def test_of_one_finding_replaced_the_names_stay_in_sight(tmp_path: Path, rule: str) -> None:
    pytest.importorskip("presidio_analyzer")
    project = projects.new_project(path=tmp_path / "clinic.accord", who=WHO)
    try:
        (example_id,) = fill(project, tmp_path, [(SPANISH, "")])
        findings.run(project=project, actor=WHO, kinds={Kind.PERSONAL})
        shown = findings.of_example(project=project, example_id=example_id)
        assert [one.finding.rule for one in shown].count("person-name") == 2
        last = [one for one in shown if one.finding.rule == rule][-1]
        deidentifying.apply(project=project, actor=WHO, example_ids=[example_id], marks=[last.mark])
        left = [one for one in findings.of_example(project=project, example_id=example_id) if one.dismissed is None]
        assert [one.finding.rule for one in left] == [one.finding.rule for one in shown if one.mark != last.mark]
        assert findings.stale(project=project) == 0
    finally:
        project.close()
