from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QTextCursor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot
from tests.gui.test_exact_text import NASTY

from accord.domain.review import Status
from accord.gui.widgets import (
    Button,
    DiffView,
    Funnel,
    LinkList,
    MessageEditor,
    NumberField,
    PlainLabel,
    ProgressLine,
    SearchField,
    Segmented,
    Stage,
    StatusChip,
    TagChip,
    TextView,
    plain_tooltip,
)
from accord.gui.widgets.progress import clock

AGAIN = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


class Part:
    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        self.text = text


@pytest.fixture
def picture(tmp_path: Path) -> str:
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    path = tmp_path / "secret.png"
    assert image.save(str(path))
    return f'<img src="{path}" width="64" height="64">'


def _reds(widget: PlainLabel | TextView | MessageEditor | QLabel) -> int:
    widget.resize(600, 200)
    image = widget.grab().toImage()
    return sum(
        image.pixelColor(x, y).name() == "#ff0000"
        for x in range(0, image.width(), 4)
        for y in range(0, image.height(), 4)
    )


def test_a_picture_named_in_a_text_is_never_loaded(qtbot: QtBot, picture: str) -> None:
    plain, raw, view, editor = PlainLabel(picture), QLabel(picture), TextView("Answer"), MessageEditor("Answer")
    for widget in (plain, raw, view, editor):
        qtbot.addWidget(widget)
    plain.setTextFormat(Qt.TextFormat.RichText)
    view.setHtml(picture)
    editor.setText(picture)
    assert _reds(raw) > 0  # what Qt does by itself: the test can see a loaded picture
    assert (_reds(plain), _reds(view), _reds(editor)) == (0, 0, 0)
    assert (plain.text(), view.text(), editor.text()) == (picture, picture, picture)


def test_pasted_markup_stays_text(qtbot: QtBot, picture: str) -> None:
    editor = MessageEditor("Answer")
    qtbot.addWidget(editor)
    data = QMimeData()
    data.setHtml(picture)
    data.setText("plain\u00a0words")
    editor.insertFromMimeData(data)
    assert editor.text() == "plain\u00a0words"
    assert _reds(editor) == 0


def test_a_tooltip_shows_markup_as_it_is(qtbot: QtBot) -> None:
    button = Button("x")
    qtbot.addWidget(button)
    plain_tooltip(button, "<b>R&D</b>")
    assert button.toolTip() == "<qt>&lt;b&gt;R&amp;D&lt;/b&gt;</qt>"


@AGAIN
@given(NASTY)
def test_opening_a_text_never_edits_it(qtbot: QtBot, text: str) -> None:
    view, editor = TextView("Answer"), MessageEditor("Answer")
    qtbot.addWidget(view)
    qtbot.addWidget(editor)
    view.set_text(text)
    editor.set_text(text)
    assert view.text() == view.toPlainText() == text
    assert editor.text() == editor.toPlainText() == text
    assert not editor.is_edited()


@AGAIN
@given(NASTY, st.sampled_from(["start", "end"]))
def test_typing_keeps_every_character_that_was_there(qtbot: QtBot, text: str, where: str) -> None:
    editor = MessageEditor("Answer")
    qtbot.addWidget(editor)
    editor.set_text(text)
    editor.moveCursor(QTextCursor.MoveOperation.Start if where == "start" else QTextCursor.MoveOperation.End)
    editor.textCursor().insertText("zz")
    body = text.lstrip("\ufeff")
    prefix = text[: len(text) - len(body)]
    assert editor.text() == (prefix + "zz" + body if where == "start" else text + "zz")
    editor.undo()
    assert editor.text() == text


@AGAIN
@given(NASTY)
def test_what_is_copied_is_the_exact_text(qtbot: QtBot, text: str) -> None:
    view = TextView("Answer")
    qtbot.addWidget(view)
    view.set_text(text)
    view.selectAll()
    assert view.createMimeDataFromSelection().text() == _through_qt(text.lstrip("\ufeff"))


def _through_qt(text: str) -> str:
    data = QMimeData()
    data.setText(text)
    return data.text()


def test_a_draft_counts_as_an_edit_and_can_be_undone(qtbot: QtBot) -> None:
    editor = MessageEditor("Answer")
    qtbot.addWidget(editor)
    editor.set_text("one\r\ntwo", current="one\r\n2")
    assert editor.text() == "one\r\n2"
    assert editor.is_edited()
    editor.revert()
    assert editor.text() == "one\r\ntwo"


def test_shift_enter_is_an_ordinary_line_end(qtbot: QtBot) -> None:
    editor = MessageEditor("Answer")
    qtbot.addWidget(editor)
    editor.set_text("ab")
    editor.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(editor, "c")
    assert editor.text() == "ab\nc"


def test_a_text_takes_the_height_it_needs(qtbot: QtBot) -> None:
    view = TextView("Answer")
    qtbot.addWidget(view)
    view.resize(400, 20)
    view.show()
    view.set_text("short")
    short = view.height()
    view.set_text("long line " * 200)
    assert view.height() > short * 10
    assert view.verticalScrollBar().maximum() == 0


def test_a_difference_underlines_and_strikes(qtbot: QtBot) -> None:
    view = DiffView("Answer")
    qtbot.addWidget(view)
    view.set_parts(
        [Part("equal", "take "), Part("removed", "two"), Part("added", "one \U0001f600"), Part("equal", " x")]
    )
    cursor = view.textCursor()
    found = []
    for position in (2, 6, 9, 15):
        cursor.setPosition(position)
        style = cursor.charFormat()
        found.append((style.fontUnderline(), style.fontStrikeOut()))
    assert found == [(False, False), (False, True), (True, False), (False, False)]
    assert view.text() == "take twoone \U0001f600 x"
    assert view.accessibleDescription() == "1 added, 1 removed"


def test_an_ampersand_is_an_ampersand(qtbot: QtBot) -> None:
    button = Button("R&D")
    qtbot.addWidget(button)
    assert (button.plain_text(), button.accessibleName()) == ("R&D", "R&D")
    assert button.shortcut().isEmpty()


def test_a_long_label_is_shortened_and_still_known(qtbot: QtBot) -> None:
    label = PlainLabel("a very long name of a very long file\nthat goes on", elide=True)
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.show()
    assert label.text().endswith("…")
    assert label.full_text().endswith("goes on")


def test_choosing_a_segment_says_so_once(qtbot: QtBot) -> None:
    control = Segmented("Colours", [("light", "Light"), ("dark", "Dark")])
    qtbot.addWidget(control)
    with qtbot.waitSignal(control.changed) as said:
        control.findChildren(QPushButton)[1].click()
    assert said.args == ["dark"]
    assert control.value() == "dark"


def test_links_and_bars_lead_to_what_they_name(qtbot: QtBot) -> None:
    links, funnel = LinkList("Not ready"), Funnel("Funnel")
    qtbot.addWidget(links)
    qtbot.addWidget(funnel)
    links.set_links([("a", "3 conflicts wait."), ("b", "2 hold a phone number.")])
    with qtbot.waitSignal(links.activated) as said:
        links.links()[1].click()
    assert said.args == ["b"]
    funnel.set_stages([Stage(id="raw", title="Rows read", count=1192)])
    assert funnel.findChildren(QPushButton)[0].accessibleName() == "Rows read: 1\u202f192"
    with qtbot.waitSignal(funnel.activated) as chosen:
        funnel.findChildren(QPushButton)[0].click()
    assert chosen.args == ["raw"]


def test_search_waits_for_a_pause_and_speaks_once(qtbot: QtBot) -> None:
    field = SearchField("Search")
    qtbot.addWidget(field)
    said: list[str] = []
    field.searched.connect(said.append)
    QTest.keyClicks(field, "dose")
    qtbot.waitUntil(lambda: said == ["dose"])
    field.set_text_quietly("other")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert said == ["dose"]


def test_progress_says_speed_and_time_left(qtbot: QtBot) -> None:
    line = ProgressLine("Import")
    qtbot.addWidget(line)
    line.set_progress(42_000, 100_000, rate=5300, left=70, note="clinic.csv")
    assert line.words() == "42% · 5\u202f300/s · 1:10 left · clinic.csv"
    line.set_progress(12_400, None, rate=3100)
    assert line.words() == "12\u202f400 · 3\u202f100/s"
    assert clock(7380) == "2:03:00"


def test_chips_name_themselves(qtbot: QtBot) -> None:
    status, tag = StatusChip(Status.ACCEPTED), TagChip("R&D", "2")
    qtbot.addWidget(status)
    qtbot.addWidget(tag)
    assert status.accessibleName() == "Status: Accepted"
    assert (tag.accessibleName(), tag.accessibleDescription()) == ("Tag R&D", "Key 2")


def test_the_wheel_does_not_change_a_number(qtbot: QtBot, qapp: QApplication) -> None:
    field = NumberField("Seed", 0, 10, 5)
    qtbot.addWidget(field)
    field.show()
    field.setFocus()
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    qapp.sendEvent(field, event)
    assert field.value() == 5


def test_a_plain_text_after_a_difference_is_plain(qtbot: QtBot) -> None:
    view = DiffView("Answer")
    qtbot.addWidget(view)
    for kind in ("removed", "added"):
        view.set_parts([Part(kind, "Take one tablet."), Part("equal", " Rest.")])
        view.set_text("Nothing changed here.\nNor here.")
        cursor = QTextCursor(view.document())
        for place in range(1, view.document().characterCount()):
            cursor.setPosition(place)
            shown = cursor.charFormat()
            assert not shown.fontStrikeOut()
            assert not shown.fontUnderline()
            assert shown.background().style() == Qt.BrushStyle.NoBrush
        assert view.accessibleDescription() == ""
