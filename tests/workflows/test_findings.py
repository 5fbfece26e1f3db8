"""What checks found is stored for the texts that stand, and nothing else; a dismissal holds as long as its text does."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.storage.conftest import bring_in, record

from accord.checks import registry
from accord.domain.dismissals import DismissReason, mark_of
from accord.domain.errors import Cancelled, NotFound
from accord.domain.filters import UnknownValue
from accord.domain.findings import Kind, Limits
from accord.domain.ledger import Who
from accord.domain.progress import Silent
from accord.domain.project import ProjectSettings
from accord.domain.review import Judgement, Verdict
from accord.storage import findings as store
from accord.storage import listing
from accord.storage import settings as project_settings
from accord.storage.project import Project, create_project
from accord.workflows import (
    browsing,
    checking,
    duplicates,
    findings,
    keeping,
    projects,
    reviewing,
    saved_filters,
    undoing,
)

WHO = Who(actor="ana", device="here")
#: Light rules alone, so that these tests load nothing.
LIGHT = Limits(off=tuple(rule.name for rule in registry.RULES if rule.needs))
SAID = (
    "Take it with water.",
    "As an AI language model I cannot say. Write to ana@clinic.example.org.",
    "Write to ana@clinic.example.org, or to bo@clinic.example.org.",
    "Write to cara@clinic.example.org.\ufffd",
)
EMAIL, MODEL = "email-address", "model-words"


def _fill(project: Project, rows: int = 6, checks: Limits = LIGHT) -> list[str]:
    bring_in(project, [record(n, f"Question {n}?", SAID[n % len(SAID)]) for n in range(1, rows + 1)])
    _set(project, checks)
    return [row.id for row in browsing.examples(project=project)]


def _set(project: Project, checks: Limits) -> None:
    settings = replace(projects.settings_of(project=project), checks=checks)
    projects.change_settings(project=project, who=WHO, settings=settings)


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Project]:
    """Give a project in a file with six examples, four of which have findings."""
    made = create_project(tmp_path / "clinic.accord")
    _fill(made)
    yield made
    made.close()


def _ids(project: Project, where: str = "") -> list[str]:
    return [row.id for row in browsing.examples(project=project, where=where)]


def _edit(project: Project, example_id: str, text: str, message: int = 1) -> None:
    judgement = Judgement(verdict=Verdict.EDIT, edits={message: text})
    reviewing.submit(project=project, who=WHO, example_id=example_id, judgement=judgement)


def _dismiss(project: Project, example_id: str, rule: str, reason: DismissReason = DismissReason.FALSE_ALARM) -> str:
    return findings.dismiss_rule(project=project, actor=WHO, example_id=example_id, rule=rule, reason=reason)


def _recomputed(project: Project, said: dict[tuple[str, str], DismissReason]) -> dict[str, list[tuple[object, ...]]]:
    """Return what is to be stored, looked for anew; ``said`` is what was dismissed, by example and mark."""
    with project.read() as view:
        settings = project_settings.current(view)
        rows = list(listing.iterate(view))
    found = {}
    for row in rows:
        if row.status != "set_aside" and (all_ := checking.findings_of(row.content, settings)):
            found[row.id] = sorted(_place(one, said.get((row.id, mark_of(row.content, one)))) for one in all_)
    return found


def _place(one: object, reason: DismissReason | None) -> tuple[object, ...]:
    names = ("rule", "message", "start", "end")
    return (*(getattr(one, name) for name in names), reason.value if reason else "")


def _stored(project: Project) -> dict[str, list[tuple[object, ...]]]:
    return {
        each.id: sorted(_place(one, reason) for one, reason in each.findings)
        for each in findings.listed(project=project)
    }


class World:
    """A project and what has been said of its findings, by example and mark, before each act that stands."""

    def __init__(self, place: Path | str, seed: int) -> None:
        self.project = create_project(place)
        self.ids = _fill(self.project)
        self.chance = random.Random(seed)
        self.said: dict[tuple[str, str], DismissReason] = {}
        self.before: list[dict[tuple[str, str], DismissReason]] = []

    def step(self) -> str:
        """Do one act by chance and return what it was."""
        act = self.chance.choice(["edit", "say", "say", "say", "undo", "aside", "run", "some"])
        getattr(self, act)(self.chance.choice(self.ids))
        return act

    def edit(self, id_: str) -> None:
        if not _ids(self.project, f"id={id_} and status=set_aside"):
            self.before.append(dict(self.said))
            _edit(self.project, id_, f"{self.chance.choice(SAID)} Edited.")

    def say(self, id_: str) -> None:
        about: dict[str, Any] = {"project": self.project, "actor": WHO, "example_id": id_}
        shown = findings.of_example(project=self.project, example_id=id_)
        assert {(id_, one.mark): one.dismissed.reason for one in shown if one.dismissed}.items() <= self.said.items()
        if not shown:
            return
        self.before.append(dict(self.said))
        one, reason = self.chance.choice(shown), self.chance.choice(list(DismissReason))
        if one.dismissed:
            findings.restore(mark=one.mark, **about)
            del self.said[id_, one.mark]
        else:
            findings.dismiss(mark=one.mark, reason=reason, **about)
            self.said[id_, one.mark] = reason

    def undo(self, _id: str) -> None:
        if self.before:
            undoing.undo(project=self.project, who=WHO)
            self.said = self.before.pop()

    def aside(self, id_: str) -> None:
        aside = _ids(self.project, f"id={id_} and status=set_aside")
        self.before.append(dict(self.said))
        change = duplicates.bring_back if aside else duplicates.set_aside
        change(project=self.project, who=WHO, ids=[id_])

    def run(self, _id: str) -> None:
        findings.run(project=self.project, actor=WHO)

    def some(self, _id: str) -> None:
        kind = self.chance.choice([Kind.PERSONAL, Kind.BOILERPLATE])
        findings.run(project=self.project, actor=WHO, kinds=(kind,))


def test_nothing_is_started_where_all_is_known(filled: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        pytest.fail("a process was started for nothing")

    findings.run(project=filled, actor=WHO)
    monkeypatch.setattr(findings, "StandingWorker", refuse)
    monkeypatch.setattr(registry, "heavy", lambda *_limits, **_kinds: True)
    assert findings.run(project=filled, actor=WHO).checked == 0


@pytest.mark.parametrize("seed", range(3))
def test_what_is_stored_is_what_is_found_anew_after_any_acts(place: Path | str, seed: int) -> None:
    world = World(place, seed)
    project = world.project
    for _n in range(20):
        act = world.step()
        with project.read() as view:
            assert store.differences(view) == [], act
        wholly = _recomputed(project, world.said)
        assert all(set(now) <= set(wholly[id_]) for id_, now in _stored(project).items()), act
    findings.run(project=project, actor=WHO)
    assert findings.stale(project=project) == 0
    stored = _stored(project)
    assert stored == _recomputed(project, world.said)
    _compare_counts(project, stored)
    assert keeping.inspect(project=project) == []
    assert keeping.inspect(project=project, rebuild=True, who=WHO) == []
    assert _stored(project) == stored
    project.close()


def _compare_counts(project: Project, stored: dict[str, list[tuple[object, ...]]]) -> None:
    assert set(_ids(project, "finding!=")) == {i for i, found in stored.items() if any(not one[4] for one in found)}
    for rule in findings.counts(project=project):
        mine = [one for found in stored.values() for one in found if one[0] == rule.rule]
        assert rule.open == sum(not one[4] for one in mine)
        assert rule.dismissed == sum(bool(one[4]) for one in mine)
        assert rule.false_alarms == sum(one[4] == "false_alarm" for one in mine)
        has = {i for i, found in stored.items() if any(one[0] == rule.rule and not one[4] for one in found)}
        assert set(_ids(project, f"finding={rule.rule}")) == has
        assert rule.examples == len(has)


def test_a_second_run_looks_only_at_what_changed(filled: Project) -> None:
    first = findings.run(project=filled, actor=WHO)
    assert (first.checked, findings.stale(project=filled)) == (6, 0)
    assert findings.run(project=filled, actor=WHO).checked == 0
    _edit(filled, _ids(filled)[0], "Take two.")
    assert findings.stale(project=filled) == 1
    assert findings.run(project=filled, actor=WHO).checked == 1
    _set(filled, replace(LIGHT, shortest=500))
    assert findings.stale(project=filled) == 6
    assert findings.run(project=filled, actor=WHO, kinds=(Kind.LENGTH,)).checked == 6
    assert findings.run(project=filled, actor=WHO, kinds=(Kind.LENGTH,)).checked == 0
    assert findings.stale(project=filled) == 6, "the other kinds were not looked for by these settings"
    assert findings.run(project=filled, actor=WHO).findings > 0
    assert findings.stale(project=filled) == 0


def test_what_was_stored_before_a_stop_stays(tmp_path: Path) -> None:
    class Stop(Silent):
        reports = 0

        def report(self, done: int, total: int | None = None, note: str = "") -> None:
            super().report(done, total, note)
            self.reports += 1

        def check(self) -> None:
            if self.reports:
                raise Cancelled

    project = create_project(tmp_path / "many.accord")
    _fill(project, 700)
    with pytest.raises(Cancelled):
        findings.run(project=project, actor=WHO, progress=Stop())
    left = findings.stale(project=project)
    assert 0 < left < 700
    assert findings.run(project=project, actor=WHO).checked == left
    assert _stored(project) == _recomputed(project, {})
    project.close()


def test_a_dismissal_holds_for_its_text_whatever_else_is_edited(filled: Project) -> None:
    findings.run(project=filled, actor=WHO)
    id_ = _ids(filled, f"finding={EMAIL}")[0]
    mark = next(one.mark for one in findings.of_example(project=filled, example_id=id_) if one.finding.rule == EMAIL)
    findings.dismiss(
        project=filled, actor=WHO, example_id=id_, mark=mark, reason=DismissReason.ACCEPTABLE, comment="public"
    )
    assert id_ not in _ids(filled, f"finding={EMAIL}")
    _edit(filled, id_, "Dear reader, first: write to ana@clinic.example.org, or call.")
    findings.run(project=filled, actor=WHO)
    (shown,) = [one for one in findings.of_example(project=filled, example_id=id_) if one.mark == mark]
    assert shown.dismissed is not None
    assert (shown.dismissed.reason, shown.dismissed.comment, shown.dismissed.author) == ("acceptable", "public", "ana")
    assert id_ not in _ids(filled, f"finding={EMAIL}")
    _edit(filled, id_, "Write to ana.b@clinic.example.org.")
    findings.run(project=filled, actor=WHO)
    assert id_ in _ids(filled, f"finding={EMAIL}"), "another address is another finding"
    with pytest.raises(NotFound):
        findings.dismiss(project=filled, actor=WHO, example_id=id_, mark=mark, reason=DismissReason.ACCEPTABLE)


def test_a_dismissal_is_one_act_of_the_history_and_its_event_holds_no_text(filled: Project) -> None:
    findings.run(project=filled, actor=WHO)
    id_ = _ids(filled, f"finding={EMAIL}")[0]
    act = _dismiss(filled, id_, EMAIL)
    decisions = browsing.example(project=filled, example_id=id_).decisions
    assert [(one.kind, one.reason, one.act) for one in decisions] == [("dismiss_finding", "false_alarm", act)] * len(
        decisions
    )
    events, _problems, _head = keeping.audit(project=filled)
    (event,) = [one for one in events if one.id == act]
    assert event.refs == {"examples": [id_], "rules": [EMAIL], "reason": "false_alarm"}
    assert undoing.undo(project=filled, who=WHO).kind == "dismiss_finding"
    assert id_ in _ids(filled, f"finding={EMAIL}")


def test_what_somebody_said_since_stays(filled: Project) -> None:
    findings.run(project=filled, actor=WHO)
    id_ = _ids(filled, f"finding={MODEL}")[0]
    act = _dismiss(filled, id_, MODEL)
    bo = Who(actor="bo", device="there")
    findings.restore_rule(project=filled, actor=bo, example_id=id_, rule=MODEL)
    assert undoing.undo(project=filled, who=WHO, act=act).kept == 1
    assert id_ in _ids(filled, f"finding={MODEL}")
    assert undoing.undo(project=filled, who=bo).kept == 0
    assert id_ not in _ids(filled, f"finding={MODEL}"), "what Ana said is in force again"


def test_a_rule_that_is_mostly_wrong_says_so(tmp_path: Path) -> None:
    project = create_project(tmp_path / "wrong.accord")
    ids = _fill(project, 24)
    findings.run(project=project, actor=WHO)
    wrong = [i for i in ids if i in _ids(project, f"finding={EMAIL}")]
    for id_ in wrong[:2]:  # four addresses at most
        _dismiss(project, id_, EMAIL)
    assert not any(rule.often_wrong for rule in findings.counts(project=project))
    for id_ in wrong[2:6]:
        _dismiss(project, id_, EMAIL)
    assert [rule.rule for rule in findings.counts(project=project) if rule.often_wrong] == [EMAIL]
    project.close()


def test_filters_saved_filters_and_facets_know_findings(filled: Project) -> None:
    findings.run(project=filled, actor=WHO)
    every = _ids(filled)
    with_mail = _ids(filled, "finding=pii")
    assert with_mail == _ids(filled, f"finding={EMAIL}")
    assert sorted([*with_mail, *_ids(filled, "finding!=pii")]) == sorted(every)
    assert _ids(filled, "finding~email") == with_mail
    assert sorted([*_ids(filled, "finding="), *_ids(filled, "finding!=")]) == sorted(every)
    assert browsing.facets_of(project=filled).finding["pii"] == len(with_mail)
    saved_filters.save(project=filled, who=WHO, name="Mails", where=f"finding={EMAIL}")
    for unknown in ("finding=nonsense", "finding=Not a rule"):
        with pytest.raises(UnknownValue):
            _ids(filled, unknown)


def test_a_purged_example_takes_its_findings_along(filled: Project) -> None:
    findings.run(project=filled, actor=WHO)
    id_ = _ids(filled, f"finding={EMAIL}")[0]
    _dismiss(filled, id_, EMAIL)
    keeping.purge(project=filled, who=WHO, example_id=id_, reason="asked for")
    assert id_ not in _stored(filled)
    assert keeping.inspect(project=filled) == []


def test_a_copy_holds_the_same_findings(filled: Project, tmp_path: Path) -> None:
    findings.run(project=filled, actor=WHO)
    _dismiss(filled, _ids(filled, f"finding={EMAIL}")[0], EMAIL)
    path, _sha256 = keeping.backup(project=filled, to=tmp_path / "copy.accord")
    again = keeping.restore(source=path, to=tmp_path / "again.accord")
    assert _stored(again) == _stored(filled)
    assert findings.stale(project=again) == 0
    again.close()


def test_settings_of_answers_make_texts_due_again(filled: Project) -> None:
    findings.run(project=filled, actor=WHO)
    assert findings.fingerprint(ProjectSettings()) != findings.fingerprint(ProjectSettings(checks=LIGHT))
    settings = replace(projects.settings_of(project=filled), export_codes=True)
    projects.change_settings(project=filled, who=WHO, settings=settings)
    assert findings.stale(project=filled) == 0, "what checks do not rest on changes nothing"
    assert projects.settings_of(project=filled).export_codes
