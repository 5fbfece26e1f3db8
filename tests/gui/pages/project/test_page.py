import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QPushButton
from tests.gui.accessibility import nameless
from tests.gui.pages.project.conftest import ANA, Desk

from accord.domain.project import AnswerKind, Choice, ProjectSettings, Tag
from accord.domain.releases import InstructionMode
from accord.gui.pages.project.answers import Answers
from accord.gui.pages.project.drafting import differs, faults, merged, name_for
from accord.gui.pages.project.keeping_section import Backups, Health
from accord.gui.pages.project.rules_section import Rules
from accord.gui.pages.project.sections import Basics, CharterSection, Questions, Tags
from accord.gui.pages.project.texts import Instruction
from accord.gui.widgets import Segmented
from accord.workflows import keeping, projects


def segment(control: Segmented, title: str) -> QPushButton:
    return next(b for b in control.findChildren(QPushButton) if b.accessibleName().endswith(f": {title}"))


def test_opening_the_page_changes_nothing_and_says_so(desk: Desk) -> None:
    assert desk.page.unsaved() == ()
    assert desk.page.draft() == desk.stored()
    assert desk.page.said.full_text() == "All is saved"


def test_everything_typed_in_the_sections_is_stored_by_one_save(desk: Desk) -> None:
    basics = desk.section("basics")
    assert isinstance(basics, Basics)
    desk.type(basics.name, " letters")
    desk.click(segment(basics.data_class, "May be sent, after consent"))
    instruction = desk.section("instruction")
    assert isinstance(instruction, Instruction)
    desk.type(instruction.text, "Name the dose.")
    desk.click(segment(instruction.mode, "Add where none is"))
    assert instruction.effects[0].text().startswith("Instruction: Name the dose.")
    assert instruction.effects[1].text().startswith("Instruction: Answer in one sentence.")
    charter = desk.section("charter")
    assert isinstance(charter, CharterSection)
    desk.type(charter.goal, "Letters that patients understand")
    desk.type(charter.threshold, "90%")
    rules = desk.section("rules")
    assert isinstance(rules, Rules)
    before = desk.stored()
    rules.conflicts.setFocus()
    desk.qtbot.keyClick(rules.conflicts, Qt.Key.Key_Space)
    assert not rules.low.isEnabled()
    rules.reviewers.setValue(2)
    rules.alpha.setValue(0.65)
    rules.meaning.setValue(0.9)
    desk.click(rules.heldout)
    desk.type(rules.tags, "dosage; route ;dosage")
    desk.click(rules.low)
    assert desk.stored() == before
    assert desk.page.said.full_text() == "Not saved yet"
    desk.save()
    now = desk.stored()
    assert now.title == "Clinic letters"
    assert (now.instruction, now.instruction_mode) == ("Name the dose.", InstructionMode.ADD)
    assert now.charter.goal == "Letters that patients understand"
    assert now.charter.threshold == "90%"
    assert now.rules.refuse_open_conflicts is not before.rules.refuse_open_conflicts
    assert (now.rules.least_reviewers, now.rules.least_alpha, now.rules.heldout_double) == (2, 0.65, True)
    assert now.rules.semantic_threshold == 0.9
    assert (now.rules.double_tags, now.rules.refuse_low_agreement) == (("dosage", "route"), False)
    assert desk.page.unsaved() == ()


def test_guideline_and_questions_are_stored_by_one_save_on_their_page(desk: Desk) -> None:
    before = desk.stored()
    questions = desk.section("questions")
    assert isinstance(questions, Questions)
    desk.click(questions.ratings.add_button)
    desk.type(questions.ratings.rows[-1].fields[0], "Kind to the patient")
    desk.click(questions.reasons.rows[0].delete)
    desk.type(desk.guideline_page.guideline.text, "Be kind. ")
    desk.save()
    now = desk.stored()
    assert [q.name for q in now.ratings] == [*(q.name for q in before.ratings), "kind_to_the_patient"]
    assert now.reject_reasons == before.reject_reasons[1:]
    assert now.guideline == "Be kind. " + before.guideline
    assert desk.page.unsaved() == ()
    assert desk.guideline_page.guideline.version.full_text() == "Version 2"


def test_undo_takes_a_save_back(desk: Desk) -> None:
    before = desk.stored()
    basics = desk.section("basics")
    assert isinstance(basics, Basics)
    desk.type(basics.name, " X")
    desk.save()
    undo = desk.said[-1].undo
    assert undo is not None
    undo()
    desk.settle()
    assert desk.stored() == before
    assert basics.name.text() == before.title


def test_tags_are_added_renamed_moved_and_deleted(desk: Desk) -> None:
    names = [tag.name for tag in desk.stored().tags]
    tags = desk.section("tags")
    assert isinstance(tags, Tags)
    desk.click(tags.rows.rows[1].up)
    desk.click(tags.rows.rows[2].delete)
    desk.click(tags.rows.add_button)
    desk.type(tags.rows.rows[-1].fields[0], "allergy")
    desk.type(tags.rows.rows[-1].fields[1], "Names one")
    desk.type(tags.rows.rows[0].fields[0], "!")
    desk.save()
    found = desk.stored().tags
    assert [tag.name for tag in found] == [f"!{names[1]}", names[0], *names[3:], "allergy"]
    assert found[-1].description == "Names one"


def test_a_tag_that_stands_twice_is_not_saved_and_nothing_typed_is_lost(desk: Desk) -> None:
    tags = desk.section("tags")
    assert isinstance(tags, Tags)
    desk.click(tags.rows.add_button)
    desk.type(tags.rows.rows[-1].fields[0], "Dosage")
    desk.section("questions")
    before = desk.stored()
    desk.save()
    assert desk.stored() == before
    assert desk.page.stack.currentWidget() is tags
    assert "stands twice" in tags.fault.full_text()
    assert tags.rows.lines()[-1].values[0] == "Dosage"
    desk.type(tags.rows.rows[-1].fields[0], " for children")
    assert not tags.fault.isVisible()


def test_a_closed_list_with_codes(desk: Desk) -> None:
    answers = desk.section("answers")
    assert isinstance(answers, Answers)
    desk.click(segment(answers.kind, "One of a closed list"))
    desk.save()
    assert "at least two" in answers.fault.full_text()
    for label, code in (("yes", "1"), ("no", "0")):
        desk.click(answers.choices.add_button)
        desk.type(answers.choices.rows[-1].fields[0], label)
        desk.type(answers.choices.rows[-1].fields[1], code)
    desk.save()
    now = desk.stored()
    assert now.answer_kind is AnswerKind.LIST
    assert now.choices == (Choice(label="yes", code="1"), Choice(label="no", code="0"))


def test_a_schema_is_checked_while_it_is_typed_and_a_wrong_one_is_not_saved(desk: Desk) -> None:
    answers = desk.section("answers")
    assert isinstance(answers, Answers)
    desk.click(segment(answers.kind, "JSON by a schema"))
    editor = answers.schema.editor
    desk.type(editor, '{"type": "objec"}')
    desk.wait(lambda: "not a JSON schema" in answers.schema.row.note.full_text())
    desk.save()
    assert desk.stored().answer_kind is AnswerKind.TEXT
    editor.selectAll()
    desk.type(editor, '{"type": ')
    desk.wait(lambda: "not valid JSON" in answers.schema.row.note.full_text())
    desk.save()
    assert desk.stored().answer_kind is AnswerKind.TEXT
    assert editor.text() == '{"type": '
    desk.type(editor, '"object"}')
    desk.wait(lambda: answers.schema.fault == "" and not answers.schema._pause.isActive())
    desk.save()
    assert desk.stored().answer_schema == {"type": "object"}


def test_leaving_with_something_unsaved_asks_and_loses_nothing(desk: Desk) -> None:
    basics = desk.section("basics")
    assert isinstance(basics, Basics)
    desk.type(basics.name, " two")
    assert not desk.window.show_page("home")
    assert [b.plain_text() for b in desk.window.prompt.buttons] == ["Save", "Discard the changes", "Stay here"]
    desk.click(desk.window.prompt.buttons[2])
    assert basics.name.text() == "Clinic two"
    assert not desk.window.show_page("home")
    desk.click(desk.window.prompt.buttons[0])
    assert desk.stored().title == "Clinic two"
    assert desk.window.show_page("home")


def test_discard_puts_back_what_is_stored(desk: Desk) -> None:
    basics = desk.section("basics")
    assert isinstance(basics, Basics)
    desk.type(basics.name, " two")
    desk.click(desk.page.buttons[1])
    assert basics.name.text() == "Clinic"
    assert desk.page.unsaved() == ()


def test_what_another_saved_meanwhile_is_kept(desk: Desk) -> None:
    basics = desk.section("basics")
    assert isinstance(basics, Basics)
    desk.type(basics.name, " two")
    other = replace(desk.stored(), tags=(Tag(name="new"),))
    projects.change_settings(project=desk.project, who=ANA, settings=other)
    desk.save()
    assert (desk.stored().title, desk.stored().tags) == ("Clinic two", (Tag(name="new"),))


def test_a_guideline_loads_no_picture_and_no_markup(desk: Desk, tmp_path: Path) -> None:
    red = QImage(300, 300, QImage.Format.Format_RGB32)
    red.fill(QColor("#ff0000"))
    assert red.save(str(tmp_path / "red.png"))
    desk.section("guideline")
    guideline = desk.guideline_page.guideline
    source = tmp_path / "red.png"
    guideline.text.set_text(
        f"# Rules\n\n![x]({source.as_uri()})\n\n![y]({source})\n\n<img src='{source}' width=200 height=200>\n"
    )
    desk.click(segment(guideline.switch, "Read"))
    shown = guideline.preview.grab().toImage()
    colors = {shown.pixelColor(x, y).name() for x in range(0, shown.width(), 3) for y in range(0, shown.height(), 3)}
    assert "#ff0000" not in colors
    assert "Rules" in guideline.preview.toPlainText()


def test_a_backup_is_made_listed_and_restored_to_a_new_file(desk: Desk, tmp_path: Path) -> None:
    backups = desk.section("backups")
    assert isinstance(backups, Backups)
    made = len(keeping.backups_of(project=desk.project))
    desk.click(backups.make)
    assert len(backups.buttons) == made + 1
    desk.click(backups.buttons[0])
    target = tmp_path / "restored.accord"
    backups.target.field.setText(str(target))
    desk.click(backups.target.go)
    restored = projects.open_project(path=target)
    assert projects.settings_of(project=restored) == desk.stored()
    restored.close()
    desk.click(backups.buttons[0])
    backups.target.field.setText(str(target))
    desk.click(backups.target.go)
    assert desk.said[-1].tone == "error"


def test_the_health_check_and_the_event_log(desk: Desk, tmp_path: Path) -> None:
    health = desk.section("health")
    assert isinstance(health, Health)
    desk.click(health.check)
    assert "Nothing is wrong" in health.result.full_text()
    desk.click(health.verify)
    assert "the chain is whole" in health.log.full_text()
    desk.click(health.export)
    target = tmp_path / "events.jsonl"
    health.target.field.setText(str(target))
    desk.click(health.target.go)
    events, _problems, _head = keeping.audit(project=desk.project)
    assert [json.loads(line)["hash"] for line in target.read_text("utf-8").splitlines()] == [e.hash for e in events]


@pytest.mark.parametrize(
    "name",
    [
        "basics",
        "answers",
        "instruction",
        "tags",
        "questions",
        "guideline",
        "versions",
        "charter",
        "rules",
        "backups",
        "health",
    ],
)
def test_every_control_has_a_name(desk: Desk, name: str) -> None:
    desk.section(name)
    assert nameless(desk.page) == []


titles = st.text(max_size=12)
settings = st.builds(
    ProjectSettings,
    title=titles,
    instruction=titles,
    guideline=titles,
    tags=st.lists(st.builds(Tag, name=titles), max_size=3).map(tuple),
    answer_kind=st.sampled_from(AnswerKind),
)


@given(settings, settings, settings)
def test_a_merge_keeps_what_each_changed(base: ProjectSettings, mine: ProjectSettings, theirs: ProjectSettings) -> None:
    both = merged(base, mine, theirs)
    changed = differs(base, mine)
    for name in ("title", "instruction", "guideline", "tags", "answer_kind"):
        assert getattr(both, name) == getattr(mine if name in changed else theirs, name)
    assert merged(base, base, theirs) == theirs


@given(st.lists(titles, max_size=6))
def test_names_of_questions_are_plain_and_never_the_same(given_titles: list[str]) -> None:
    names: list[str] = []
    for title in given_titles:
        names.append(name_for(title, names))
    assert len(set(names)) == len(names)
    assert all(name and " " not in name for name in names)


def test_faults_name_the_section() -> None:
    assert faults(ProjectSettings()) == {"basics": "The project needs a title."}
    wrong = ProjectSettings(title="x", answer_kind=AnswerKind.JSON, tags=(Tag(name="a"), Tag(name=" A")))
    assert set(faults(wrong)) == {"answers", "tags"}
