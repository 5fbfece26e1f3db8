"""The page Checks: found by rule, switched by rule, limits with their faults, a labelled file measured; by keys."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.gui.accessibility import nameless

from accord.checks import registry
from accord.domain.dismissals import DismissReason, Ran
from accord.domain.findings import Limits
from accord.domain.ledger import Who
from accord.domain.measurement import Measurement
from accord.domain.progress import Progress
from accord.gui import files
from accord.gui.context import Context, Notice
from accord.gui.frame import MainWindow
from accord.gui.pages import NAMES, page_specs
from accord.gui.pages.checks import ACTIONS, SPEC, ChecksPage
from accord.gui.pages.checks.rules_section import RulesSection
from accord.workflows import browsing, findings, importing, measuring, projects

WHO = Who(actor="Ana Ruiz")
LIGHT = tuple(rule.name for rule in registry.RULES if rule.needs)
ANSWERS = ("Take it with water.", "Write to ana@clinic.example.org.", "As an AI language model, I cannot say.")


def make(path: Path, *answers: str) -> Any:
    made = projects.new_project(path=path / "clinic.accord", who=WHO)
    settings = replace(projects.settings_of(project=made), checks=Limits(off=LIGHT))
    projects.change_settings(project=made, who=WHO, settings=settings)
    if answers:
        file = path / "rows.jsonl"
        rows = [{"request": f"Question {n}?", "answer": answer} for n, answer in enumerate(answers)]
        file.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
        importing.import_file(project=made, who=WHO, path=file, mapping={"request": "request", "answer": "answer"})
    return made


class Desk:
    """The page in a window, and what it said and asked for."""

    def __init__(self, qtbot: QtBot, context: Context, project: Any) -> None:
        self.qtbot, self.context, self.project = qtbot, context, project
        self.said: list[Notice] = []
        self.asked: list[tuple[str, dict[str, Any]]] = []
        context.noticed.connect(self.said.append)
        context.actions.declare(ACTIONS)
        self.window = MainWindow(context, [SPEC])
        qtbot.addWidget(self.window)
        self.window.resize(1280, 800)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        context.set_project(project, name="Clinic", file=str(project.path), actor="Ana Ruiz")
        context.navigated.connect(lambda where, params: self.asked.append((where, dict(params))))
        assert isinstance(self.window.current, ChecksPage)
        self.page = self.window.current
        self.until(lambda: self.page.standing is not None and self.page._base is not None)

    def until(self, ready: Any) -> None:
        self.qtbot.waitUntil(lambda: bool(ready()), timeout=20_000)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.window.focusWidget() or self.window, key, modifier)

    def open(self, section: Any) -> Any:
        self.page.list.setCurrentRow(self.page.sections.index(section))
        self.qtbot.wait(10)
        return section

    def settings(self) -> Limits:
        return projects.settings_of(project=self.project).checks


@pytest.fixture
def desk(qtbot: QtBot, context: Context, tmp_path: Path) -> Iterator[Desk]:
    """Give the page with three examples, of which two have a finding each."""
    project = make(tmp_path, *ANSWERS)
    yield Desk(qtbot, context, project)
    context.jobs.shutdown()
    project.close()


def check(desk: Desk) -> None:
    desk.press(Qt.Key.Key_R)
    desk.until(lambda: desk.page.standing is not None and desk.page.standing.stale == 0)


def test_it_stands_after_duplicates_in_the_rail() -> None:
    assert NAMES[NAMES.index("checks") - 1] == "duplicates"
    specs = [spec.id for spec in page_specs()[0]]
    assert specs.index("checks") == specs.index("duplicates") + 1


def test_r_checks_and_what_was_found_stands_by_gravity_and_leads_to_its_examples(desk: Desk) -> None:
    assert "0 of 3" in desk.page.line.said.text()
    assert desk.page.found.unchecked.isVisible()
    check(desk)
    assert "3 of 3" in desk.page.line.said.text()
    assert "2 findings" in desk.page.line.said.text()
    assert list(desk.page.found.rows) == ["email-address", "model-words"]  # the error before the warning
    assert [desk.page.list.item(row).text() for row in (0, 2)] == ["Found  2", "Personal data  1"]
    row = desk.page.found.rows["email-address"]
    row.open.setFocus()
    desk.press(Qt.Key.Key_Return)
    assert desk.asked[-1] == ("examples", {"where": "finding = email-address"})


def test_a_rule_switched_off_is_saved_with_ctrl_s_and_can_be_taken_back(desk: Desk) -> None:
    row = desk.open(desk.page.of_kind[registry.rule("model-words").kind]).rows["model-words"]
    row.wanted.setFocus()
    desk.press(Qt.Key.Key_Space)
    assert desk.page.unsaved() == ("checks",)
    desk.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: "model-words" in desk.settings().off)
    assert set(LIGHT) <= set(desk.settings().off)
    desk.until(lambda: not desk.page.unsaved())
    undo = desk.said[-1].undo
    assert undo is not None
    undo()
    desk.until(lambda: "model-words" not in desk.settings().off)
    desk.until(row.wanted.isChecked)


def test_where_a_rule_comes_from_is_shown_on_demand(desk: Desk) -> None:
    row = desk.open(desk.page.of_kind[registry.rule("email-address").kind]).rows["email-address"]
    assert row.source is None
    row.more.setFocus()
    desk.press(Qt.Key.Key_Space)
    assert row.source is not None
    assert "164.514" in row.source.text()
    assert row.more.plain_text() == "Hide the source"
    desk.press(Qt.Key.Key_Space)
    assert row.source.isHidden()


def test_a_rule_that_is_mostly_wrong_here_says_so(desk: Desk) -> None:
    project = desk.project
    answers = [f"Write to person{n}@clinic.example.org." for n in range(6)]
    file = project.path.parent / "more.csv"
    file.write_text("q,a\n" + "".join(f"More {n}?,{answer}\n" for n, answer in enumerate(answers)), "utf-8")
    importing.import_file(project=project, who=WHO, path=file, mapping={"request": "q", "answer": "a"})
    check(desk)
    for example in browsing.examples(project=project):
        for one in findings.of_example(project=project, example_id=example.id):
            if one.finding.rule == "email-address" and "person" in example.content.answer:
                findings.dismiss(
                    project=project,
                    actor=WHO,
                    example_id=example.id,
                    mark=one.mark,
                    reason=DismissReason.FALSE_ALARM,
                )
    desk.context.tell_changed("findings")
    row = desk.page.found.rows["email-address"]
    desk.until(row.wrong.isVisible)
    assert "of 6 dismissed, 6 were false alarms" in row.wrong.text()
    assert row.dismissed.text() == "6 dismissed"


def test_a_check_that_is_stopped_keeps_what_it_found(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    at = Event()

    def slow(*, progress: Progress, **_named: object) -> Ran:
        progress.report(1, 3, "5 examples per second")
        at.set()
        while True:
            progress.check()

    monkeypatch.setattr(findings, "run", slow)
    desk.press(Qt.Key.Key_R)
    desk.until(at.is_set)
    desk.until(desk.page.line.waiting.isVisible)
    assert "5 examples per second" in desk.page.line.waiting.progress.words()
    assert not desk.page.run_button.isEnabled()
    assert not desk.page.found.unchecked.button.isEnabled()
    desk.page.line.waiting.stop.click()
    desk.until(lambda: desk.said and "Stopped" in desk.said[-1].text)
    desk.until(desk.page.run_button.isEnabled)


def test_a_wrong_limit_is_told_in_its_place_and_not_saved(desk: Desk) -> None:
    limits = desk.open(desk.page.limits)
    limits.pattern.setFocus()
    QTest.keyClicks(limits.pattern, "(yes")
    desk.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert limits.fault.isVisible()
    assert "regular expression" in limits.fault.text()
    assert not desk.settings().pattern
    QTest.keyClicks(limits.pattern, "|no)")
    limits.languages.setFocus()
    QTest.keyClicks(limits.languages, "EN; es")
    limits.longest.setFocus()
    limits.longest.selectAll()
    QTest.keyClicks(limits.longest, "900")
    desk.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: desk.settings().pattern == "(yes|no)")
    found = desk.settings()
    assert (found.languages, found.longest, found.off) == (("en", "es"), 900, LIGHT)
    assert (found.odd_length, found.least_share, found.encoding) == (3.5, 0.01, "o200k_base")


def test_m_measures_on_a_labelled_file_and_saves_a_table(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled = tmp_path / "own.jsonl"
    rows = [
        {"text": "Call +1 202 555 0143 now.", "spans": [[5, 20, "PHONE"]]},
        {"text": "She is a hero.", "spans": [[0, 3, "PHONE"], [9, 13, "HERO"]]},
        {"text": "bad", "spans": [[2, 9, "PHONE"]]},
    ]
    labelled.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    monkeypatch.setattr(files, "ask_for_labelled", lambda _parent: labelled)
    desk.press(Qt.Key.Key_M)
    section = desk.page.measuring
    desk.until(lambda: section.found is not None)
    assert [line.accessibleName() for line in section.recall.lines] == ["PHONE: 50% [9, 91]", "All: 50% [9, 91]"]
    assert "No rule answers the label HERO: 1 mark." in section.left_out.text.text()
    assert "Line 3 was not used" in section.left_out.text.text()
    assert "line 2, 0-3   PHONE   She" in section.missed.list.item(0).text()
    assert section.false.isHidden()
    before, hero = section.found, section.labels.choices["HERO"]
    hero.setCurrentIndex(hero.findText("Telephone number"))
    hero.activated.emit(hero.currentIndex())
    desk.until(lambda: section.found is not before)
    assert "HERO: 0% [0, 79]" in [line.accessibleName() for line in section.recall.lines]
    assert "HERO" not in section.left_out.text.text()
    assert section.labels.choices == {"HERO": hero}
    monkeypatch.setattr(files, "ask_for_table", lambda _parent, proposal: tmp_path / proposal.name)
    section.save_button.click()
    desk.until((tmp_path / "measured.csv").is_file)
    desk.until(lambda: desk.said and "measured.csv" in desk.said[-1].text)


def test_a_file_that_cannot_be_measured_is_told(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "ask_for_labelled", lambda _parent: tmp_path / "absent.jsonl")
    desk.press(Qt.Key.Key_M)
    desk.until(lambda: desk.said and "absent.jsonl" in desk.said[-1].text)
    assert desk.said[-1].tone == "error"
    assert desk.page.measuring.found is None
    assert desk.page.measuring.waiting.isHidden()


def test_measuring_can_be_stopped(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*, progress: Progress, **_named: object) -> Measurement:
        while True:
            progress.check()

    monkeypatch.setattr(measuring, "measure", slow)
    desk.open(desk.page.measuring).measure(tmp_path)
    desk.until(desk.page.measuring.waiting.isVisible)
    desk.page.measuring.waiting.stop.click()
    desk.until(lambda: desk.said and "stopped" in desk.said[-1].text)


def test_all_examples_together_are_looked_at_when_the_section_is_shown(
    qtbot: QtBot, context: Context, tmp_path: Path
) -> None:
    answers = [f"The answer to question number {n} is short." for n in range(40)]
    project = make(tmp_path, *answers, "Words and words. " * 200)
    desk = Desk(qtbot, context, project)
    section = desk.open(desk.page.together)
    desk.until(lambda: section.lines)
    (line,) = section.lines
    assert "Answers over" in line.found.says
    line.show_button.setFocus()
    desk.press(Qt.Key.Key_Return)
    desk.until(section.items.isVisible)
    (link,) = section.items.links.links()
    QTest.keyClick(link, Qt.Key.Key_Return)
    assert desk.asked[-1][0] == "examples"
    context.jobs.shutdown()
    project.close()


def test_without_examples_it_says_how_to_begin(qtbot: QtBot, context: Context, tmp_path: Path) -> None:
    project = make(tmp_path)
    desk = Desk(qtbot, context, project)
    assert desk.page.found.none.isVisible()
    assert not context.actions.usable("checks.run")
    desk.page.found.none.button.click()
    assert desk.asked[-1][0] == "importing"
    context.jobs.shutdown()
    project.close()


def test_everything_has_a_name_and_rows_are_made_when_they_are_seen(desk: Desk) -> None:
    check(desk)
    sections = [section for section in desk.page.sections if isinstance(section, RulesSection)]
    assert not any(section.rows for section in sections[1:])
    for section in desk.page.sections:
        desk.open(section)
    assert nameless(desk.page) == []
    assert all(list(section.rows) == [rule.name for rule in section.rules] for section in sections)
