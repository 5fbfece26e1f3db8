"""How old the sources of an example are is found wherever findings are: looked for, stored, shown and typed over."""

from dataclasses import replace

from tests.storage.conftest import bring_in, record

from accord.domain.content import Content
from accord.domain.findings import Kind, Limits
from accord.domain.ledger import Who
from accord.storage import findings as store
from accord.storage import settings as project_settings
from accord.storage.project import Project
from accord.workflows import browsing, checking, findings, typed_findings, undoing

WHO = Who(actor="ana", device="here")


def _fill(project: Project, *dates: str) -> list[str]:
    answer = "Take it with water."
    bring_in(project, [record(n, f"Question {n}?", answer, source_date=date) for n, date in enumerate(dates, 1)])
    _limit(project)
    return [row.id for row in browsing.examples(project=project)]


def _limit(project: Project) -> None:
    with project.write(WHO) as unit:
        limits = Limits(source_years=5)
        project_settings.append(unit, replace(project_settings.current(unit), checks=limits))
        unit.commit()


def test_an_old_source_is_found_where_it_is_looked_for(project: Project) -> None:
    old, _young, unread, _none = _fill(project, "2001-05-06", "2025", "06/05/01", "")
    found = {one.id: [each.rule for each in one.findings] for one in checking.check(project=project)}
    assert found == {old: ["old-source"], unread: ["unread-source-date"]}
    assert list(checking.check(project=project, kinds={Kind.COPY})) == []

    findings.run(project=project, actor=WHO, kinds={Kind.CITATIONS})
    assert {one.rule: one.open for one in findings.counts(project=project)} == {
        "old-source": 1,
        "unread-source-date": 1,
    }
    (shown,) = findings.of_example(project=project, example_id=old)
    assert shown.sentence == "The source is of 2001-05-06, more than 5 years ago. Is it still what holds?"


def test_it_stays_while_the_answer_is_typed(project: Project) -> None:
    (old,) = _fill(project, "2001")
    base: Content = next(iter(browsing.examples(project=project))).content
    typed = base.with_texts({1: "Take it with milk."})
    shown = typed_findings.of_text(project=project, example_id=old, content=typed)
    assert [one.finding.rule for one in shown] == ["old-source"]


def test_the_second_source_of_an_example_counts_too(project: Project) -> None:
    for line, date in enumerate(("2001", "2025"), 1):
        bring_in(project, [record(line, "Question?", "Take it with water.", source_date=date)], file=f"{date}.csv")
    _limit(project)
    assert list(checking.check(project=project)) == []


def test_dates_that_an_import_brings_or_takes_away_are_looked_at(project: Project) -> None:
    (old,) = _fill(project, "2001")
    findings.run(project=project, actor=WHO)
    assert [one.finding.rule for one in findings.of_example(project=project, example_id=old)] == ["old-source"]
    bring_in(project, [record(1, "Question 1?", "Take it with water.", source_date="2025")], file="later.csv")
    assert findings.stale(project=project) == 1
    assert findings.run(project=project, actor=WHO).findings == 0
    undoing.undo(project=project, who=WHO)
    assert findings.stale(project=project) == 1
    assert findings.run(project=project, actor=WHO).findings == 1
    with project.read() as view:
        assert store.differences(view) == []
