"""The whole way by keyboard: a new project, a real file, 25 reviews, a conflict, a cluster, one click, verified files."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from tests.gui.whole_window import CTRL, Desk, whole_window

from accord.gui import files
from accord.gui.context import Context
from accord.gui.pages.duplicates.page import DuplicatesPage
from accord.gui.pages.importing.page import ImportPage
from accord.gui.pages.release.page import ReleasePage
from accord.gui.pages.review.page import ReviewPage
from accord.gui.pages.start.page import StartPage
from accord.workflows import browsing, conflicts, duplicates, exporting, projects

Key, ALT, SHIFT = Qt.Key, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def desk(qtbot: QtBot, context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(files, "documents", lambda: tmp_path)
    with whole_window(qtbot, context) as found:
        yield found


def test_from_a_file_to_verified_parts(
    desk: Desk, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _make_project(desk)
    _import(desk, data_dir / "medical" / "medquad_niddk.csv", monkeypatch)
    settled = _settle_a_conflict(desk)
    cluster = _settle_a_cluster(desk)
    answers = _review_25(desk)
    folder = _one_click(desk, tmp_path)

    status = projects.counts(project=desk.project).by_status
    assert status["accepted"] == 22
    assert status["rejected"] == 3
    assert status["set_aside"] == len(settled) + len(cluster)
    assert _rows(folder) == sorted(answers)
    assert exporting.verify(folder=folder).ok


def _make_project(desk: Desk) -> None:
    page = desk.page(StartPage)
    desk.type("Walk")
    desk.tab_to(page.form.presets.cards["general"].button)
    desk.press(Key.Key_Right)
    desk.tab_to(page.form.make)
    desk.press(Key.Key_Return)
    desk.until(lambda: desk.context.project is not None)
    desk.rest()
    assert projects.settings_of(project=desk.project).preset == "medical"


def _import(desk: Desk, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "ask_for_data", lambda _parent: [path])
    desk.press(Key.Key_2, ALT)
    page = desk.page(ImportPage)
    desk.press(Key.Key_N, CTRL)
    desk.until(lambda: page.prepare.files and all(f.fault or f.count for f in page.prepare.files))
    desk.rest()
    combo = page.prepare.pane.mapping.combos["focus"]
    desk.tab_to(combo)
    while combo.currentIndex() != combo.findData("group"):
        desk.press(Key.Key_Down if combo.currentIndex() < combo.findData("group") else Key.Key_Up)
    desk.rest()
    desk.press(Key.Key_Return, CTRL)
    desk.until(lambda: page.outcome is not None)
    (report,) = page.outcome.reports if page.outcome else ()
    assert (report.read, report.accepted, report.rejected, report.duplicate) == (1192, 1144, 0, 48)
    desk.rest()
    assert not duplicates.stale(project=desk.project)


def _settle_a_conflict(desk: Desk) -> list[str]:
    before = len(conflicts.listed(project=desk.project))
    desk.context.navigate("duplicates")
    desk.rest()
    page = desk.page(DuplicatesPage)
    desk.press(Key.Key_C)
    desk.rest()
    conflict = page.conflicts.acts.conflict()
    assert conflict is not None
    desk.press(Key.Key_1)
    desk.rest()
    desk.press(Key.Key_1)
    desk.until(lambda: len(conflicts.listed(project=desk.project)) == before - 1)
    desk.rest()
    return [row.id for row in conflict.rows[1:]]


def _settle_a_cluster(desk: Desk) -> list[str]:
    desk.press(Key.Key_C)
    desk.rest()
    page = desk.page(DuplicatesPage)
    cluster = page.near.cluster()
    assert cluster is not None
    before = len(duplicates.clusters(project=desk.project))
    desk.press(Key.Key_S, SHIFT)
    desk.until(lambda: len(duplicates.clusters(project=desk.project)) == before - 1)
    desk.rest()
    return [row.id for row in cluster.rows if row.id != cluster.keeper]


def _review_25(desk: Desk) -> list[tuple[str, str]]:
    """Judge 25 items that no open conflict holds back: 5 edits, 3 rejections, 2 tags each; return what is accepted."""
    conflicted = set(browsing.example_numbers(project=desk.project, where="finding = conflict"))
    desk.context.navigate("review")
    desk.rest()
    page = desk.page(ReviewPage)
    accepted: list[tuple[str, str]] = []
    done = 0
    while done < 25:
        desk.until(lambda: page.desk.item is not None and page.desk.item.seq == page.desk.order.current)
        item = page.desk.item
        assert item is not None
        if item.seq in conflicted:
            desk.press(Key.Key_Right)
            continue
        desk.press(Key.Key_2)
        desk.press(Key.Key_5)
        answer = item.base.answer
        if done % 5 == 0:
            desk.press(Key.Key_E)
            desk.press(Key.Key_End, CTRL)
            desk.type(" Reviewed.")
            desk.press(Key.Key_Return, CTRL)
            accepted.append((item.base.request, f"{answer} Reviewed."))
        elif done in {3, 8, 13}:
            desk.press(Key.Key_R)
            desk.press(Key.Key_4)
        else:
            desk.press(Key.Key_A)
            accepted.append((item.base.request, answer))
        done += 1
        page.asides.same.drop()
    desk.rest()
    tagged = browsing.example_numbers(project=desk.project, where="tag = diagnosis and tag = prevention")
    assert len(tagged) == 25
    return accepted


def _one_click(desk: Desk, folder: Path) -> Path:
    desk.context.navigate("release")
    desk.rest()
    page = desk.page(ReleasePage)
    page.form.folder.setText(str(folder / "files"))
    desk.qtbot.wait(400)
    desk.rest()
    desk.until(page.button.isEnabled)
    desk.press(Key.Key_Return, CTRL)
    desk.until(page.result.isVisible)
    desk.rest()
    assert page.result.verdict.text() == "Verified: ok."
    return folder / "files" / "v1"


def _rows(folder: Path) -> list[tuple[str, str]]:
    found = []
    for part in ("train", "validation", "heldout"):
        for line in (folder / f"{part}.jsonl").read_bytes().split(b"\n"):
            if line:
                said = {m["role"]: m["content"] for m in json.loads(line)["messages"]}
                found.append((said["user"], said["assistant"]))
    return sorted(found)
