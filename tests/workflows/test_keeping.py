"""What an audit and a purge are trusted with: nothing happened unseen, nothing deleted comes back."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.workflows.texts import WHO, release

from accord.domain.ledger import Who
from accord.domain.review import Judgement, SetAsideReason, Verdict
from accord.storage import events, schema
from accord.storage.project import Project
from accord.workflows import browsing, duplicates, importing, keeping, projects, reviewing

ACCEPT = Judgement(verdict=Verdict.ACCEPT)


def _bring_in(project: Project, path: Path, messages: Iterable[list[dict[str, str]]]) -> importing.FileReport:
    path.write_text("".join(json.dumps({"messages": row}) + "\n" for row in messages), encoding="utf-8")
    return importing.import_file(project=project, who=WHO, path=path)


def _pair(request: str, answer: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": request}, {"role": "assistant", "content": answer}]


@pytest.mark.parametrize("cut", range(1, 7))
def test_a_log_cut_at_its_end_is_found(project: Project, tmp_path: Path, cut: int) -> None:
    _bring_in(project, tmp_path / "rows.jsonl", [_pair("Q1", "A1"), _pair("Q2", "A2"), _pair("Q3", "A3")])
    first, second, _third = [row.id for row in browsing.examples(project=project)]
    settings = projects.settings_of(project=project)
    projects.change_settings(project=project, who=WHO, settings=replace(settings, title="Another title"))
    reviewing.submit(project=project, who=WHO, example_id=first, judgement=ACCEPT)
    duplicates.find(project=project, who=WHO)
    duplicates.set_aside(project=project, who=WHO, ids=[second], reason=SetAsideReason.BY_HAND)
    release(project, "v1")
    assert keeping.audit(project=project)[1] == []
    with project.write(WHO) as unit:
        unit.connection.execute(sa.insert(schema.purge_guard).values(id=1))
        numbers = unit.connection.execute(sa.select(schema.event.c.number)).scalars().all()
        unit.connection.execute(sa.delete(schema.event).where(schema.event.c.number > max(numbers) - cut))
        unit.connection.execute(sa.delete(schema.purge_guard))
        unit.commit()
    with project.read() as view:
        assert events.problems(view) == []
    assert len(keeping.audit(project=project)[1]) == cut
    assert keeping.inspect(project=project)


def test_an_edited_text_that_was_purged_does_not_come_back_either(project: Project, tmp_path: Path) -> None:
    _bring_in(project, tmp_path / "rows.jsonl", [_pair("Q1", "A1"), _pair("Q2", "A2")])
    first, second = [row.id for row in browsing.examples(project=project)]
    for text in ("Of Jane Doe", "A3"):
        edit = Judgement(verdict=Verdict.EDIT, edits={1: text})
        reviewing.submit(project=project, who=WHO, example_id=first, judgement=edit)
    same = Judgement(verdict=Verdict.EDIT, edits={0: "Q1", 1: "A3"})
    reviewing.submit(project=project, who=WHO, example_id=second, judgement=same)
    keeping.purge(project=project, who=WHO, example_id=first, reason="withdrawn")
    report = _bring_in(project, tmp_path / "again.jsonl", [_pair("Q1", "A1"), _pair("Q1", "Of Jane Doe")])
    assert (report.accepted, report.rejected) == (0, 2)
    keeping.purge(project=project, who=WHO, example_id=second, reason="its edit is a text purged before")
    assert keeping.inspect(project=project) == []


def test_a_change_far_away_is_backed_up_whatever_its_clock_is_set_to(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _bring_in(project, tmp_path / "rows.jsonl", [_pair("Q1", "A1"), _pair("Q2", "A2")])
    assert keeping.backup_if_changed(project=project)
    assert keeping.backup_if_changed(project=project) is None
    (first, *_others) = browsing.examples(project=project)
    west = (datetime.now(UTC) + timedelta(minutes=1)).astimezone(timezone(timedelta(hours=-11)))
    monkeypatch.setattr("accord.storage.project.now", west.isoformat)
    reviewing.submit(project=project, who=Who(actor="kai", device="d"), example_id=first.id, judgement=ACCEPT)
    assert keeping.backup_if_changed(project=project)
