"""Deciding by keys: whole versions, single changes, one's own words, reasons, undo, questions, the rule, and others."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.gui.accessibility import nameless
from tests.gui.pages.disagreements.conftest import ANSWERS, Bench

from accord.domain.errors import NotSaved
from accord.domain.ledger import Who
from accord.domain.people import Person, Role
from accord.domain.review import Judgement, Status, Verdict
from accord.gui.context import Context
from accord.gui.pages.disagreements import SPEC
from accord.storage import people
from accord.workflows import adjudicating, browsing, bulk, projects, reviewing

Key = Qt.Key
MIA = Who(actor="Mia")


def settle(bench: Bench, example: str, verdict: Verdict = Verdict.REJECT) -> None:
    """Let somebody else decide."""
    adjudicating.decide(
        project=bench.project, who=MIA, example_id=example, verdict=verdict, reason="evidence", comment="See the file."
    )


def test_a_whole_version_becomes_the_text_and_the_next_one_opens(bench: Bench) -> None:
    bench.press(Key.Key_N)
    first, text = bench.here, bench.version(1)
    assert bench.missing() == "Choose a text or reject"
    bench.press(Key.Key_2)
    assert bench.final() == text
    bench.say_why()
    bench.decide()
    assert bench.row(first) == (Status.ACCEPTED, text)
    assert bench.here != first
    assert bench.page.inbox.total() == 3
    decision = browsing.example(project=bench.project, example_id=first).decisions[-1]
    assert (decision.author, decision.reason, decision.comment) == ("Lena", "evidence", "By the ward manual.")


def test_single_changes_of_several_versions_grow_into_one_text(bench: Bench) -> None:
    bench.press(Key.Key_N)
    original = bench.version(2)
    bench.press(Key.Key_Space)
    assert bench.final() == bench.version(0)
    bench.press(Key.Key_Right)
    bench.press(Key.Key_Space)
    both = bench.final()
    assert "always" in both
    assert original.split(". ")[1].upper() in both
    bench.press(Key.Key_Space)
    assert bench.final() == bench.version(0)
    bench.press(Key.Key_Left)
    bench.press(Key.Key_Space)
    assert bench.final() == original
    assert bench.missing() == "Choose a text or reject"


def test_a_click_chooses_a_change_and_two_take_it(bench: Bench) -> None:
    bench.press(Key.Key_N)
    card = bench.page.columns.cards[1]
    section, view = card._views[0]
    change = next(part for part, number in enumerate(section.numbers) if number is not None)
    place = view.cursorRect(view.span(change)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert card.property("chosen") == "true"
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    bench.idle()
    assert bench.page.desk.entered.hunks[1]


def test_the_final_text_is_edited_and_stored_as_typed(bench: Bench) -> None:
    bench.press(Key.Key_N)
    first = bench.here
    bench.press(Key.Key_1)
    bench.press(Key.Key_E)
    bench.type(" Ask.")
    assert bench.final() == f"{bench.version(0)} Ask."
    text = bench.final()
    bench.press(Key.Key_Escape)
    assert not bench.page.final.is_open
    assert bench.page.desk.takes(*bench.page.desk.case.told[0].changes()[0])  # type: ignore[union-attr]  # there is one
    bench.say_why()
    bench.decide()
    assert bench.row(first) == (Status.ACCEPTED, text)


def test_a_decision_names_what_it_still_needs(bench: Bench) -> None:
    first = bench.here
    bench.decide()
    bench.press(Key.Key_O)
    assert bench.missing() == "Choose a reason"
    bench.decide()
    bench.press(Key.Key_D)
    assert bench.missing() == "Write a comment"
    bench.decide()
    assert bench.row(first)[0] == Status.DISAGREEMENT
    assert bench.window.focusWidget() is bench.page.deciding.comment
    bench.type("  ")
    bench.decide()
    assert bench.row(first)[0] == Status.DISAGREEMENT
    bench.type("It is right.")
    assert bench.missing() == "Decide: the original"
    bench.decide()
    assert bench.row(first) == (Status.ACCEPTED, ANSWERS[1])


def test_reject_leaves_it_out(bench: Bench) -> None:
    first = bench.here
    bench.press(Key.Key_R)
    bench.say_why()
    assert bench.missing() == "Decide: reject"
    bench.decide()
    assert bench.row(first)[0] == Status.REJECTED


def test_undo_brings_the_decision_back_with_everything_as_it_was(bench: Bench) -> None:
    bench.press(Key.Key_N)
    first = bench.here
    bench.press(Key.Key_1)
    bench.say_why("Because it must be said.")
    bench.decide()
    bench.press(Key.Key_Z)
    assert bench.row(first)[0] == Status.DISAGREEMENT
    assert bench.here == first
    assert bench.page.inbox.current() == first
    assert bench.final() == bench.version(0)
    assert bench.page.deciding.comment.text() == "Because it must be said."
    assert bench.missing() == "Decide: this text"


def test_a_question_goes_to_the_guideline_and_the_disagreement_stays(bench: Bench) -> None:
    first = bench.here
    bench.press(Key.Key_G)
    bench.type("Do we name brands?")
    bench.press(Key.Key_Escape)
    bench.press(Key.Key_G)
    assert bench.page.question.field.text() == "Do we name brands?"
    bench.press(Key.Key_Return)
    assert bench.here != first
    found = adjudicating.disagreement(project=bench.project, example_id=first)
    assert found is not None
    assert found.question == "Do we name brands?"
    bench.press(Key.Key_P)
    assert bench.here == first
    assert "Do we name brands?" in bench.page.view.original.asked.full_text()
    box = bench.page.inbox.show_box
    box.setCurrentIndex(box.count() - 1)
    box.activated.emit(box.count() - 1)
    assert bench.page.inbox.model.rowCount() == 1


def test_undo_takes_the_question_back_with_all_that_was_typed(bench: Bench) -> None:
    first = bench.here
    bench.press(Key.Key_C)
    bench.type("half a comment")
    bench.press(Key.Key_Escape)
    bench.press(Key.Key_G)
    bench.type("Do we name brands?")
    bench.press(Key.Key_Return)
    bench.press(Key.Key_Z)
    assert bench.here == first
    found = adjudicating.disagreement(project=bench.project, example_id=first)
    assert found is not None
    assert found.question == ""
    assert bench.page.deciding.comment.text() == "half a comment"
    bench.press(Key.Key_G)
    assert bench.page.question.field.text() == "Do we name brands?"


def test_undo_takes_back_what_the_rule_settled(bench: Bench) -> None:
    bench.press(Key.Key_1)
    bench.say_why()
    bench.decide()
    open_before = bench.open_ids()
    bench.press(Key.Key_M)
    panel = bench.page.view.panel
    bench.wait(panel.run.isEnabled)
    panel.run.click()
    bench.idle()
    assert len(bench.open_ids()) < len(open_before)
    bench.press(Key.Key_Z)
    bench.idle()
    assert bench.open_ids() == open_before
    assert bench.page.inbox.total() == len(open_before)
    assert bench.said[-1].startswith("Taken back: what the rule settled, by Lena at ")
    bench.press(Key.Key_Z)  # and the decision before it
    assert bench.page.inbox.total() == len(open_before) + 1


def test_undo_names_an_act_of_another_page_and_leaves_it(bench: Bench) -> None:
    bulk.add_tag(project=bench.project, who=bench.who, numbers=[1], tag="x")
    bench.press(Key.Key_Z)
    assert "Your last act was tagging" in bench.said[-1]
    assert browsing.example_page(project=bench.project, numbers=[1])[0].tags == ("x",)


def test_the_rule_counts_before_it_settles_and_leaves_persons_decisions(bench: Bench) -> None:
    rejected = bench.here
    bench.press(Key.Key_N)
    decided = bench.here
    bench.press(Key.Key_2)
    bench.say_why()
    bench.decide()
    text = bench.row(decided)[1]
    bench.press(Key.Key_M)
    panel = bench.page.view.panel
    bench.wait(panel.run.isEnabled)
    assert panel.run.plain_text() == "Settle 2"
    assert "settle 2 disagreements and leave 1" in panel.ahead.full_text()
    assert bench.row(rejected)[0] == Status.DISAGREEMENT
    panel.run.click()
    bench.idle()
    assert bench.row(rejected)[0] == Status.REJECTED
    assert bench.row(decided) == (Status.ACCEPTED, text)
    assert bench.page.inbox.total() == 1
    assert panel.isHidden()


def test_who_was_slower_is_told_and_keeps_the_text(bench: Bench) -> None:
    bench.press(Key.Key_N)
    first = bench.here
    bench.press(Key.Key_1)
    text = bench.final()
    bench.say_why("My reason.")
    settle(bench, first)
    bench.decide()
    told = bench.page.view.meanwhile
    assert told.isVisible()
    assert "Mia decided on this" in told.sentence.full_text()
    assert bench.row(first)[0] == Status.REJECTED
    assert bench.here == first
    told.copy.click()
    assert QGuiApplication.clipboard().text() == f"{text}\n\nMy reason."
    told.next.click()
    bench.idle()
    assert bench.here not in {"", first}
    assert not told.isVisible()


def test_what_is_typed_survives_that_somebody_else_settles_it_before(bench: Bench) -> None:
    first = bench.here
    bench.press(Key.Key_C)
    bench.type("Half a thought")
    settle(bench, first)
    bench.context.tell_changed("reviews")
    bench.idle()
    assert bench.page.view.meanwhile.isVisible()
    assert bench.page.deciding.comment.text() == "Half a thought"


def test_another_text_meanwhile_is_told_and_the_own_one_kept(bench: Bench) -> None:
    bench.press(Key.Key_N)
    first = bench.here
    bench.press(Key.Key_1)
    bench.say_why()
    text = bench.final()
    settle(bench, first, Verdict.ACCEPT)
    changed = text.replace("Call", "Ring").replace("nurse", "doctor")
    adjudicating.decide(
        project=bench.project,
        who=MIA,
        example_id=first,
        verdict=Verdict.EDIT,
        edits={1: changed},
        reason="evidence",
        comment="Other words.",
    )
    for name in ("ana", "bo"):
        verdict = Verdict.ACCEPT if name == "ana" else Verdict.REJECT
        reviewing.submit(
            project=bench.project, who=Who(actor=name), example_id=first, judgement=Judgement(verdict=verdict)
        )
    bench.decide()
    assert bench.page.view.meanwhile.isVisible()
    assert bench.row(first)[1] == changed


def test_a_decision_that_is_not_saved_comes_back_whole(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    first = bench.here

    def full(**_given: Any) -> None:
        raise NotSaved("The disk is full.")

    bench.press(Key.Key_O)
    bench.say_why("Kept words.")
    with monkeypatch.context() as broken:
        broken.setattr(adjudicating, "decide", full)
        bench.decide()
    assert bench.here == first
    assert bench.page.deciding.comment.text() == "Kept words."
    assert any("The disk is full." in said for said in bench.said)
    bench.decide()
    assert bench.row(first)[0] == Status.ACCEPTED


def test_leaving_the_page_or_the_line_loses_nothing(bench: Bench) -> None:
    bench.press(Key.Key_C)
    bench.type("On its way")
    bench.press(Key.Key_Escape)
    bench.press(Key.Key_N)
    assert bench.page.deciding.comment.text() == ""
    assert bench.context.unsaved() == ""
    assert [draft["comment"] for draft in bench.drafts().values()] == ["On its way"]
    bench.page.deactivated()
    bench.page.activated({})
    bench.idle()
    bench.press(Key.Key_P)
    assert bench.page.deciding.comment.text() == "On its way"


def test_what_was_entered_survives_a_crash(bench: Bench) -> None:
    bench.press(Key.Key_N)
    first = bench.here
    bench.press(Key.Key_1)
    bench.press(Key.Key_E)
    bench.type(" My own words.")
    bench.press(Key.Key_Escape)
    text = bench.final()
    assert text.endswith(" My own words.")
    bench.say_why("Because it must")
    bench.wait(lambda: bench.drafts().get(first, {}).get("comment") == "Because it must")  # a second later
    bench.open_again()
    assert bench.here != first
    bench.press(Key.Key_N)
    assert bench.here == first
    assert (bench.final(), bench.page.deciding.comment.text()) == (text, "Because it must")
    assert bench.page.view.meanwhile.sentence.text() == "What you entered here before is back."
    assert bench.missing() == "Decide: this text"
    bench.decide()
    assert bench.row(first) == (Status.ACCEPTED, text)
    assert bench.drafts() == {}
    bench.press(Key.Key_Z)
    bench.page.desk.keep()
    bench.idle()
    assert bench.drafts()[first]["comment"] == "Because it must"


def test_what_cannot_be_written_is_told_before_one_leaves(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_draft: object) -> None:
        raise NotSaved("The disk is full.")

    monkeypatch.setattr(bench.page.desk.drafts, "_store", refuse)
    bench.press(Key.Key_D)
    bench.page.desk.keep()
    bench.idle()
    assert "What you entered for 1 disagreement is not saved" in bench.context.unsaved()
    monkeypatch.undo()
    bench.wait(lambda: len(bench.drafts()) == 1)  # it is tried again
    assert bench.context.unsaved() == ""


def test_a_question_that_is_half_typed_survives_a_crash(bench: Bench) -> None:
    first = bench.here
    bench.press(Key.Key_G)
    bench.type("Do we name")
    bench.wait(lambda: bench.drafts().get(first, {}).get("question") == "Do we name")
    bench.open_again()
    assert bench.here == first
    bench.press(Key.Key_G)
    assert bench.page.question.field.text() == "Do we name"
    bench.type(" brands?")
    bench.press(Key.Key_Return)
    assert bench.drafts() == {}


def test_what_somebody_else_settled_is_let_go_with_its_draft(bench: Bench) -> None:
    first = bench.here
    bench.say_why()
    bench.page.desk.keep()
    bench.idle()
    assert set(bench.drafts()) == {first}
    settle(bench, first)
    bench.context.tell_changed("reviews")
    bench.idle()
    bench.page.view.meanwhile.next.click()
    bench.idle()
    assert bench.drafts() == {}


def test_the_last_one_leaves_a_sentence_and_a_button(bench: Bench) -> None:
    for example in bench.open_ids():
        settle(bench, example)
    bench.context.tell_changed("reviews")
    bench.idle()
    view = bench.page.view
    assert view.currentWidget() is view.empty
    assert view.empty.button.plain_text() == "Go to Review"


def test_precedents_say_how_they_were_decided(bench: Bench) -> None:
    from accord.gui.pages.disagreements.beside import how_decided

    settle(bench, bench.open_ids()[-1])
    bench.context.tell_changed("reviews")
    bench.idle()
    case = bench.page.desk.case
    assert case is not None
    assert all(how_decided(one) == "Mia: Evidence decides" for one in case.precedents)


def test_a_reviewer_reads_one_sentence(qtbot: QtBot, context: Context, project: Any) -> None:
    with project.write(Who(actor="Lena")) as unit:
        people.put(unit.connection, Person(name="Lena", role=Role.LEAD), at=unit.at)
        unit.commit()
    project.sign_in("ana")
    bench = Bench(qtbot, context, project, actor="ana")
    view = bench.page.view
    assert view.currentWidget() is view.not_for
    bench.press(Key.Key_R)
    bench.window._stop_listening()


def test_every_control_has_a_name(bench: Bench) -> None:
    assert nameless(bench.page) == []
    bench.press(Key.Key_1)
    bench.press(Key.Key_E)
    bench.press(Key.Key_Escape)
    bench.press(Key.Key_G)
    assert nameless(bench.page) == []
    bench.press(Key.Key_Escape)
    bench.press(Key.Key_M)
    assert nameless(bench.page) == []


def test_the_page_is_there_once_people_can_disagree(bench: Bench, context: Context, tmp_path: Any) -> None:
    assert SPEC.available(context)
    context.set_several(several=False)
    assert not SPEC.available(context)
    alone = projects.new_project(path=tmp_path / "alone.accord", who=Who(actor="Lena"))
    assert not adjudicating.is_needed(project=alone)
    alone.close()
