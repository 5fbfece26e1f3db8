"""A release looks for findings first, says what is open, and is refused where the project says so."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.storage.conftest import bring_in, record
from tests.workflows.test_findings import EMAIL, LIGHT, MODEL, WHO

from accord.domain.dismissals import DismissReason
from accord.domain.errors import Refused
from accord.domain.ledger import Who
from accord.domain.releases import ReleasePlan
from accord.domain.review import Judgement, Verdict
from accord.storage import releases
from accord.storage.project import Project
from accord.workflows import browsing, exporting, findings, projects, releasing, reviewing

PLAN = ReleasePlan(heldout=0.0, validation=0.0)
MAIL, WORDS = "Write to ana@clinic.example.org.", "As an AI language model I cannot say."


@pytest.fixture
def ids(project: Project, who: Who) -> list[str]:
    """Six examples, of which five are accepted: one with an address, one with a chat model's words."""
    answers = ["Rest.", MAIL, WORDS, "Drink.", "Walk.", MAIL]
    bring_in(project, [record(n, f"Question {n}?", answer) for n, answer in enumerate(answers, 1)])
    _set(project, who)
    found = [row.id for row in browsing.examples(project=project)]
    for id_ in found[:5]:
        reviewing.submit(project=project, who=who, example_id=id_, judgement=Judgement(verdict=Verdict.ACCEPT))
    return found


def _set(project: Project, who: Who, **rules: object) -> None:
    now = projects.settings_of(project=project)
    changed = replace(now, checks=LIGHT, rules=replace(now.rules, **rules))  # type: ignore[arg-type]  # a test's own
    projects.change_settings(project=project, who=who, settings=changed)


def test_open_findings_warn_once_for_each_severity_and_stand_in_the_card(
    project: Project, who: Who, ids: list[str], tmp_path: Path
) -> None:
    assert findings.stale(project=project) == 6
    made = releasing.make(project=project, who=who, name="v1", plan=PLAN)
    assert findings.stale(project=project) == 1, "what is accepted is looked at first, and nothing else"
    errors = "1 accepted example has open findings that are errors (1 in all)."
    warnings = "1 accepted example has open findings that are warnings (1 in all)."
    assert [said for said in made.warnings if "findings" in said] == [errors, warnings]
    assert errors in [item.sentence for item in releasing.checklist(project=project).missing]
    findings.dismiss_rule(project=project, actor=who, example_id=ids[1], rule=EMAIL, reason=DismissReason.ACCEPTABLE)
    again = releasing.make(project=project, who=who, name="v2", plan=PLAN)
    assert again.findings is not None
    assert (again.findings.open, again.findings.dismissed) == ({"warning": 1}, {"acceptable": 1})
    with project.read() as view:
        assert releases.find(view, "v2") == again
    exporting.export(project=project, who=who, release_name="v2", format_name="openai", out=tmp_path / "out")
    card = (tmp_path / "out" / "CARD.md").read_text("utf-8")
    assert "Open findings of the checks: 1 (errors: 0, warnings: 1, notes: 0)." in card
    assert "Dismissed by people: 1 (false alarms: 0, acceptable: 1)." in card


@pytest.mark.parametrize(
    ("rules", "said", "found"),
    [
        ({"refuse_personal_data": True}, "Personal data is found in 1 accepted example.", (1, EMAIL)),
        (
            {"refuse_findings": ("error",)},
            "1 accepted example has open findings that are errors (1 in all).",
            (1, EMAIL),
        ),
        (
            {"refuse_findings": ("warning",)},
            "1 accepted example has open findings that are warnings (1 in all).",
            (2, MODEL),
        ),
    ],
)
def test_a_project_refuses_until_each_is_dismissed(
    project: Project, ids: list[str], rules: dict[str, object], said: str, found: tuple[int, str]
) -> None:
    _set(project, WHO, **rules)
    planned = releasing.look(project=project, who=WHO, name="v1", plan=PLAN)
    (block,) = planned.blocks
    assert block.startswith(f"{said} This project releases only once each is fixed or dismissed")
    with pytest.raises(Refused, match="Nothing was released"):
        releasing.make(project=project, who=WHO, name="v1", plan=PLAN)
    assert releasing.checklist(project=project).blocked
    index, rule = found
    why = DismissReason.FALSE_ALARM
    findings.dismiss_rule(project=project, actor=WHO, example_id=ids[index], rule=rule, reason=why)
    assert releasing.make(project=project, who=WHO, name="v1", plan=PLAN).examples == 5


def test_a_release_that_leaves_the_examples_out_says_nothing_of_them(
    project: Project, who: Who, ids: list[str]
) -> None:
    made = releasing.make(project=project, who=who, name="v1", plan=replace(PLAN, where="finding="))
    assert made.examples == len(ids) - 3, "one is not accepted, two have findings once they are looked at"
    assert made.findings is not None
    assert not made.findings.open
    assert not [said for said in made.warnings if "findings" in said]
