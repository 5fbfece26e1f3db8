"""Verdicts that cannot be saved: nothing typed is lost, the item says so, and one key saves it again."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot
from tests.gui.pages.review.conftest import CTRL, ROWS, Bench, Fill, Key, Sit, detail_of, edit, row_of, write_csv
from tests.servers import Server
from tests.storage.cutting import Cable, cable

from accord.domain.ledger import Who
from accord.gui import opening
from accord.gui.pages.review import loading
from accord.gui.pages.review.queue_pane import ItemDelegate
from accord.gui.widgets import MessageEditor
from accord.storage.failures import CannotSave, SaveInDoubt
from accord.storage.project import Project, Unit, create_project
from accord.workflows import browsing, importing


class Disk:
    """Refuses every write while it is full."""

    def __init__(self) -> None:
        self.full = False


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    made, whole = Disk(), Project.write

    @contextmanager
    def write(self: Project, who: Who, *, lasting: bool = True) -> Iterator[Unit]:
        if made.full:
            raise CannotSave("no space left on device")
        with whole(self, who, lasting=lasting) as unit:
            yield unit

    monkeypatch.setattr(Project, "write", write)
    return made


def _rest(bench: Bench) -> None:
    bench.wait(lambda: all(job.state.final for job in list(bench.jobs._jobs.values())))
    bench.qtbot.wait(30)


def _works_again(bench: Bench, disk: Disk) -> None:
    """Let what still waits be written, so that nothing is tried after the test."""
    disk.full = False
    bench.wait(lambda: bench.page.desk.drafts.refused == 0)
    _rest(bench)


def _notices(bench: Bench) -> list[str]:
    return [line.notice.text for line in bench.window.notices.lines()]


def _banner(bench: Bench) -> str:
    banner = bench.page.reading.banner
    return banner.text.full_text() if banner.isVisible() else ""


def _fill_in(bench: Bench) -> None:
    bench.press(Key.Key_3)
    bench.press(Key.Key_C)
    bench.type("Dose checked.")
    bench.press(Key.Key_Escape)
    edit(bench, " Not at night.")


def test_a_verdict_that_is_not_saved_comes_back_with_all_that_was_typed(
    sit: Sit, fill: Fill, project: Any, disk: Disk
) -> None:
    fill(ROWS)
    bench = sit()
    seq, answer = bench.item.seq, bench.item.base.answer
    disk.full = True
    _fill_in(bench)
    bench.press(Key.Key_Return, CTRL)
    bench.wait(lambda: bench.item is not None and bench.item.seq == seq and _banner(bench))
    assert _banner(bench).startswith("Not saved: your verdict “Edit”.")
    assert "no space left on device" in _banner(bench)
    assert bench.page.reading.banner.first.plain_text() == "Save again (Ctrl+S)"
    work = bench.page.desk.collect()
    assert (work.edits, work.tags, work.comment) == ({1: f"{answer} Not at night."}, ("treatment",), "Dose checked.")
    assert bench.page.pane.comment.text() == "Dose checked."
    assert bench.page.queue.is_unsaved(row_of(project, seq))
    assert bench.page.queue.model.ids[bench.page.desk.order.position] == seq
    disk.full = False
    bench.press(Key.Key_S, CTRL)
    bench.wait(lambda: row_of(project, seq).status == "accepted")
    review = detail_of(project, seq).reviews[-1].judgement
    assert (review.edits, review.tags, review.comment) == (
        {1: f"{answer} Not at night."},
        ("treatment",),
        "Dose checked.",
    )
    bench.wait_item()
    _rest(bench)
    assert bench.item.seq != seq
    assert not bench.page.queue.is_unsaved(row_of(project, seq))
    assert _notices(bench) == []
    assert browsing.drafts_of(project=project, reviewer="ana") == []


def test_who_has_moved_on_is_told_and_goes_back_by_one_key(sit: Sit, fill: Fill, project: Any, disk: Disk) -> None:
    fill(ROWS)
    bench = sit()
    seq, answer = bench.item.seq, bench.item.base.answer
    _rest(bench)
    disk.full = True
    _fill_in(bench)
    bench.press(Key.Key_Return, CTRL)
    bench.press(Key.Key_E)  # at work on the next one before the failure is known
    second = bench.item.seq
    bench.press(Key.Key_End, CTRL)
    bench.type(" Mine")
    bench.wait(lambda: _notices(bench))
    bench.type(" too.")
    assert bench.item.seq == second
    assert any("1 verdict is not saved" in text for text in _notices(bench))
    bench.press(Key.Key_F8)
    assert bench.item.seq == seq
    assert "Not saved" in _banner(bench)
    assert bench.page.desk.collect().edits == {1: f"{answer} Not at night."}
    assert bench.page.pane.comment.text() == "Dose checked."
    bench.press(Key.Key_Right)
    assert bench.item.seq == second
    assert bench.page.desk.collect().edits[1].endswith(" Mine too.")
    disk.full = False
    bench.press(Key.Key_S, CTRL)
    bench.wait(lambda: row_of(project, seq).status == "accepted")
    assert bench.item.seq == second, "nobody is taken away from what she works on"
    bench.wait(lambda: _notices(bench) == [])
    _works_again(bench, disk)


def test_two_verdicts_that_are_not_saved_are_saved_by_one_key(sit: Sit, fill: Fill, project: Any, disk: Disk) -> None:
    fill(ROWS)
    bench = sit()
    first = bench.item.seq
    _rest(bench)
    disk.full = True
    bench.press(Key.Key_A)
    second = bench.item.seq
    bench.press(Key.Key_R)
    bench.press(Key.Key_2)
    _rest(bench)
    bench.wait(lambda: len(bench.page.desk.unsaved) == 2)
    assert bench.page.desk.order.waiting == len(ROWS)
    disk.full = False
    bench.press(Key.Key_S, CTRL)
    bench.wait(lambda: [row_of(project, n).status for n in (first, second)] == ["accepted", "rejected"])
    assert detail_of(project, second).reviews[-1].judgement.reasons == ("unsafe",)
    bench.wait(lambda: len(bench.page.desk.unsaved) == 0)
    _works_again(bench, disk)


def test_a_verdict_in_doubt_is_looked_for_and_not_given_twice(
    sit: Sit, fill: Fill, project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(ROWS)
    bench = sit()
    seq = bench.item.seq
    whole = type(project._where).commit_unit

    def commit_unit(self: object, connection: Any, act: str, /) -> None:
        whole(self, connection, act)
        raise SaveInDoubt("the server")

    monkeypatch.setattr(type(project._where), "commit_unit", commit_unit)
    bench.press(Key.Key_1)
    bench.press(Key.Key_A)
    bench.wait(lambda: _banner(bench))
    monkeypatch.undo()
    bench.press(Key.Key_S, CTRL)
    bench.wait(lambda: len(bench.page.desk.unsaved) == 0 and bench.item is not None and bench.item.seq != seq)
    _rest(bench)
    assert [review.verdict for review in detail_of(project, seq).reviews] == ["accept"]
    bench.press(Key.Key_Z)
    bench.wait(lambda: row_of(project, seq).status == "candidate")
    _rest(bench)


def test_what_is_typed_while_a_colleague_works_stays_in_the_editor(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    seq = bench.item.seq
    edit(bench, " One")
    for letter in " two.":
        bench.context.tell_changed(*opening.ALL_KINDS)
        bench.qtbot.wait(20)
        bench.type(letter)
    _rest(bench)
    assert bench.item.seq == seq
    assert row_of(project, seq).status == "candidate"
    block = bench.page.reading.answer_block()
    assert block is not None
    assert block.is_open
    assert block.text().endswith(" One two.")


def test_the_editor_opens_though_the_item_was_still_on_its_way(
    sit: Sit, fill: Fill, project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill([(f"Question {n}?", f"Answer {n}.") for n in range(12)])
    bench = sit()
    _rest(bench)
    way, whole = threading.Event(), loading.read_item
    monkeypatch.setattr(loading, "read_item", lambda *given: (way.wait(5), whole(*given))[1])
    for _n in range(6):
        bench.press(Key.Key_Right)
    assert bench.item is None
    bench.press(Key.Key_E)
    way.set()
    bench.wait(lambda: isinstance(bench.window.focusWidget(), MessageEditor))
    bench.type("a")
    _rest(bench)
    assert browsing.pace_of(project=project, reviewer="ana")[1] == {}, "nothing was accepted"
    assert bench.page.desk.collect().edits[1].endswith("a")


def test_closing_with_something_unsaved_asks_first(sit: Sit, fill: Fill, disk: Disk) -> None:
    fill(ROWS)
    bench = sit()
    disk.full = True
    bench.press(Key.Key_A)
    bench.wait(lambda: len(bench.page.desk.unsaved) == 1)
    left: list[bool] = []
    assert not opening.when_idle(bench.context, lambda: left.append(True))
    assert bench.window.prompt.text.full_text() == "1 verdict is not saved. If you leave now, it is lost."
    bench.press(Key.Key_Escape)
    assert left == []
    disk.full = False
    bench.press(Key.Key_S, CTRL)
    bench.wait(lambda: len(bench.page.desk.unsaved) == 0)
    _rest(bench)
    assert opening.when_idle(bench.context, lambda: left.append(True))
    _works_again(bench, disk)


@pytest.fixture
def served(server: Server, database: str, tmp_path: Path, who: Who) -> Iterator[tuple[Project, Cable]]:
    """Give a project on a server, and the cable to it."""
    with cable(server.port) as line:
        project = create_project(database.replace(f":{server.port}/", f":{line.port}/"))
        path = write_csv(tmp_path / "rows.csv", ROWS)
        importing.import_file(project=project, who=who, path=path, mapping={"request": "question", "answer": "answer"})
        yield project, line
        project.close()


def test_a_server_that_is_away_loses_nothing(
    qtbot: QtBot, server: Server, served: tuple[Project, Cable], tmp_path: Path
) -> None:
    project, line = served
    bench = Bench(qtbot, project, tmp_path / "settings")
    seq = bench.item.seq
    _rest(bench)
    line.close()
    _fill_in(bench)
    bench.press(Key.Key_Return, CTRL)
    for _n in range(4):
        bench.press(Key.Key_Right)  # to where nothing was read before
    bench.wait(lambda: bench.page.centre.currentWidget() is bench.page.empty)
    assert "goes on trying" in bench.page.empty.sentence.full_text()
    bench.wait(lambda: any("1 verdict is not saved" in text for text in _notices(bench)))
    bench.press(Key.Key_F8)
    assert bench.item.seq == seq
    assert bench.page.pane.comment.text() == "Dose checked."
    bench.press(Key.Key_C)
    bench.type(" Twice.")
    bench.press(Key.Key_Escape)
    bench.press(Key.Key_Right)
    bench.wait(lambda: bench.page.desk.drafts.refused)
    with cable(server.port, at=line.port):
        bench.wait(lambda: bench.page.desk.drafts.refused == 0)
        bench.press(Key.Key_F8)
        bench.wait(lambda: bench.item is not None and bench.item.seq == seq)
        bench.press(Key.Key_S, CTRL)
        bench.wait(lambda: row_of(project, seq).status == "accepted")
        assert detail_of(project, seq).reviews[-1].judgement.comment == "Dose checked. Twice."
        bench.wait(lambda: len(bench.page.desk.unsaved) == 0)
        _rest(bench)
        assert _notices(bench) == []
        bench.close()


def test_the_queue_paints_what_is_not_saved(sit: Sit, fill: Fill, project: Any, disk: Disk) -> None:
    fill(ROWS)
    bench = sit()
    before = bench.page.queue.list.viewport().grab().toImage()
    assert isinstance(bench.page.queue.list.itemDelegate(), ItemDelegate)
    disk.full = True
    bench.press(Key.Key_A)
    bench.wait(lambda: len(bench.page.desk.unsaved) == 1)
    _rest(bench)
    assert bench.page.queue.list.viewport().grab().toImage() != before
    _works_again(bench, disk)
