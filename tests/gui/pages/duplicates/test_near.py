"""Clusters are worked through by keys; what is set aside comes back; what is no duplicate stays so."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.gui.pages.duplicates.conftest import Bench
from tests.workflows.meanings import Meanings

from accord.domain.ledger import Who
from accord.gui.context import Context
from accord.workflows import duplicates, importing, projects

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def members(bench: "Bench") -> list[str]:
    cluster = bench.page.near.cluster()
    assert cluster is not None
    return [row.id for row in (*cluster.rows, *cluster.set_aside)]


def test_the_suggested_keeper_comes_first_with_its_reason(bench: "Bench") -> None:
    first, second = bench.page.near.strip.cards[:2]
    assert first.title.full_text() == "Keep this one"
    assert first.reason.text() == "Suggested: its answer is the longest."
    assert first.origin.full_text() == "rows.csv:4"
    assert "removed" in {part.kind for part in second.answer._parts}
    assert bench.page.near.list.place.text() == "1 of 1"
    assert bench.page.near.about.text() == "3 examples say nearly the same."


def test_s_sets_the_chosen_one_aside_and_z_brings_it_back(bench: "Bench") -> None:
    keeper, second, third = members(bench)
    bench.press(Key.Key_S)
    assert [bench.status_of(i) for i in (keeper, second, third)] == ["candidate", "set_aside", "candidate"]
    assert bench.said[-1] == "1 example set aside."
    bench.press(Key.Key_Z)
    assert bench.status_of(second) == "candidate"
    assert members(bench) == [keeper, second, third]


def test_after_s_the_cursor_is_on_the_next_that_is_open_and_the_numbers_stay(bench: "Bench") -> None:
    near = bench.page.near
    keeper, second, third = members(bench)
    bench.press(Key.Key_S)
    assert [row.id for row in near.strip.rows()] == [keeper, second, third]
    chosen = near.chosen()
    assert chosen is not None
    assert chosen.id == third
    assert near.about.text() == "3 examples say nearly the same. 1 of them is set aside."
    bench.wait(lambda: near.list.model.row(0) is not None)
    line = near.list.model.row(0)
    assert line is not None
    assert line.count == "3"
    bench.press(Key.Key_S)
    assert [bench.status_of(i) for i in (keeper, second, third)] == ["candidate", "set_aside", "set_aside"]
    assert near.empty.isVisible()


def test_what_is_settled_is_left_for_the_next_cluster_also_where_all_are_shown(
    qtbot: QtBot, context: Context, tmp_path: Path
) -> None:
    who, file = Who(actor="Ana Ruiz"), tmp_path / "rows.csv"
    lines = [f"How is tablet {w} taken?,With food and a glass of water {w} {e}" for w in "AB" for e in ("", "daily")]
    file.write_text("\n".join(["question,answer", *lines]) + "\n", encoding="utf-8")
    project = projects.new_project(path=tmp_path / "two.accord", who=who)
    importing.import_file(project=project, who=who, path=file, mapping={"request": "question", "answer": "answer"})
    duplicates.find(project=project, who=who, threshold=0.75)
    bench = Bench(qtbot, context, project)
    near = bench.page.near
    assert len(near.clusters_open()) == 2
    QTest.mouseClick(near.filter._values["all"], Qt.MouseButton.LeftButton)
    bench.idle()
    first = near.list.current()
    near.list.table.setFocus()
    bench.press(Key.Key_K)
    assert len(near.clusters_open()) == 1
    assert near.list.current() != first
    shown = near.cluster()
    assert shown is not None
    assert shown.open
    bench.window._stop_listening()
    project.close()


def test_k_makes_the_chosen_one_the_keeper(bench: "Bench") -> None:
    keeper, second, third = members(bench)
    bench.press(Key.Key_Right)
    bench.press(Key.Key_K)
    assert [bench.status_of(i) for i in (keeper, second, third)] == ["set_aside", "set_aside", "candidate"]
    assert bench.page.near.empty.isVisible()
    assert bench.page.near.empty.sentence.text() == "Every cluster is settled."


def test_shift_s_keeps_the_suggested_one_and_b_brings_back(bench: "Bench") -> None:
    keeper, second, third = members(bench)
    bench.press(Key.Key_S, SHIFT)
    assert [bench.status_of(i) for i in (keeper, second, third)] == ["candidate", "set_aside", "set_aside"]
    QTest.mouseClick(bench.page.near.filter._values["all"], Qt.MouseButton.LeftButton)
    bench.idle()
    bench.press(Key.Key_B)
    assert [bench.status_of(i) for i in (second, third)].count("candidate") == 1


def test_n_closes_the_cluster_until_it_is_taken_back(bench: "Bench") -> None:
    bench.press(Key.Key_N)
    assert duplicates.clusters(project=bench.project) == []
    assert duplicates.set_aside_suggested(project=bench.project, who=bench.who) == []
    duplicates.find(project=bench.project, who=bench.who, threshold=0.6)
    assert duplicates.clusters(project=bench.project) == []
    bench.context.tell_changed("duplicates")
    bench.idle()


def test_undo_of_not_duplicates_opens_the_cluster(bench: "Bench") -> None:
    ids = members(bench)
    bench.press(Key.Key_N)
    bench.press(Key.Key_Z)
    assert bench.said[-1] == "Taken back: the cluster is open again."
    assert members(bench) == ids
    assert len(duplicates.clusters(project=bench.project)) == 1


def test_all_suggestions_at_once_after_a_question_that_says_how_many(bench: "Bench") -> None:
    keeper, second, third = members(bench)
    QTest.mouseClick(bench.page.near.all_button, Qt.MouseButton.LeftButton)
    assert bench.window.prompt.text.text() == "Set aside 2 examples? The suggested one of each cluster stays."
    QTest.keyClick(bench.window.prompt.buttons[0], Key.Key_Return)
    bench.idle()
    assert [bench.status_of(i) for i in (keeper, second, third)] == ["candidate", "set_aside", "set_aside"]
    bench.press(Key.Key_Z)
    assert [bench.status_of(i) for i in (second, third)] == ["candidate", "candidate"]


def test_a_search_of_the_real_file_and_a_cluster_settled_by_a_key(medical: "Bench") -> None:
    near = medical.page.near
    assert near.empty.sentence.text() == "No search for near-duplicates has been made yet."
    QTest.mouseClick(near.empty.button, Qt.MouseButton.LeftButton)
    medical.wait(lambda: near.list.place.text() == "1 of 14")
    medical.idle()
    assert near.state.full_text().startswith("Last search: 1\u202f144 examples, from 80 % alike.")
    waiting = len(duplicates.clusters(project=medical.project))
    cluster = near.cluster()
    assert cluster is not None
    spare = [row.id for row in cluster.rows if row.id != cluster.keeper]
    medical.press(Key.Key_S, SHIFT)
    assert {medical.status_of(i) for i in spare} == {"set_aside"}
    assert medical.status_of(cluster.keeper) == "candidate"
    assert near.list.place.text().endswith(f"of {waiting - 1}")


def test_what_conflicts_with_the_one_that_stays_is_not_set_aside(bench: "Bench") -> None:
    duplicates.find(project=bench.project, who=bench.who, fields="request", threshold=0.95)
    bench.context.tell_changed("duplicates")
    bench.idle()
    chosen = bench.page.near.chosen()
    assert chosen is not None
    assert chosen.conflict
    assert bench.page.near.strip.cards[1].reason.text() == "Its answer conflicts with 1: settle that first."
    for key in (Key.Key_S, Key.Key_K):
        bench.press(key)
        assert bench.status_of(chosen.id) == "candidate"
        assert "Settle the conflict first." in bench.said[-1]


def test_the_form_opens_with_a_key_and_leaves_the_arrows_alone(bench: "Bench") -> None:
    near = bench.page.near
    bench.press(Key.Key_F)
    assert near.panel.isVisible()
    assert bench.window.focusWidget() is near.panel.method._values["minhash"]
    near.panel.threshold.setFocus()
    bench.press(Key.Key_Up)
    assert near.panel.threshold.value() == 85
    QTest.mouseClick(near.panel.run, Qt.MouseButton.LeftButton)
    bench.wait(lambda: not near.panel.running)
    bench.idle()
    assert not near.panel.isVisible(), bench.said
    assert near.state.full_text() == "Last search: 8 examples, from 85 % alike."


def test_a_search_by_meaning_has_its_own_threshold_and_words(bench: "Bench", monkeypatch: pytest.MonkeyPatch) -> None:
    panel, asked = bench.page.near.panel, []
    monkeypatch.setattr(bench.context.jobs, "compute", lambda _title, _run, args, **_more: asked.append(args))
    panel.show()
    assert panel.threshold.value() == 80
    QTest.mouseClick(panel.method._values["semantic"], Qt.MouseButton.LeftButton)
    assert panel.threshold.value() == 90
    assert panel.about.text().startswith("Finds what says the same in other words")
    QTest.mouseClick(panel.run, Qt.MouseButton.LeftButton)
    assert asked[0][1:4] == ("semantic", 0.9, "pair")
    assert asked[0][4].model().name == "all-MiniLM-L6-v2"


def test_clusters_of_a_search_by_meaning_are_marked_and_settled_as_all_are(bench: "Bench") -> None:
    near = bench.page.near
    duplicates.find(
        project=bench.project, who=bench.who, method="semantic", threshold=0.6, embedder=Meanings({"one": "a"})
    )
    near.load()
    bench.idle()
    assert near.state.full_text() == "Last search: 8 examples, similar in meaning from 60 %."
    assert near.about.text().endswith("similar in meaning.")
    _keeper, second, *_rest = members(bench)
    bench.press(Key.Key_S)
    assert bench.status_of(second) == "set_aside"
    bench.press(Key.Key_Z)
    assert bench.status_of(second) == "candidate"
