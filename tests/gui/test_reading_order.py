"""Which way texts run, what stays whole, and what is made visible, in every place that shows a text."""

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, Qt, QTextBoundaryFinder
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTextEdit
from pytestqt.qtbot import QtBot

from accord.analysis.diffs import word_diff
from accord.analysis.graphemes import clusters
from accord.gui.exact_text import ExactText
from accord.gui.hidden_characters import described, has_hidden, made_visible
from accord.gui.reading_order import first_strong, paint_line, runs_right_to_left
from accord.gui.theme import theme
from accord.gui.widgets import DiffView, MessageEditor, PlainLabel, TextView

HEBREW = "שלום, קח 5 mg של Ibuprofen (400) ביום."
PERSIAN = "می‌خواهم بدانم که آیا این دارو را می‌توان با غذا خورد؟"
THAI = "ยานี้ควรกินหลังอาหารทันที วันละ ๒ ครั้ง"
HINDI = "यह दवा दिन में दो बार खाने के बाद लें। क्षत्रिय"
EMOJI = "👩‍⚕️ 👍🏿 👨‍👩‍👧‍👦 🇩🇪🇫🇷 1️⃣ e\u0301"
TROJAN = "if admin \u202e\u2066// check\u2069 {\u200b\x1b[31m"
LTR, RTL = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft
PIECES = [*clusters(HEBREW + PERSIAN + THAI + HINDI + EMOJI + TROJAN), "\n", "\r\n", "\r", "\u2029", "\u2067", "\ufeff"]
mixed = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


def directions(edit: QTextEdit) -> list[Qt.LayoutDirection]:
    block, found = edit.document().begin(), []
    while block.isValid():
        found.append(block.textDirection())
        block = block.next()
    return found


@pytest.mark.parametrize(
    ("text", "strong"),
    [
        ("12 (שלום) a", "R"),
        ("12 سلام", "AL"),
        ("a שלום", "L"),
        ("\u2067abc\u2069 שלום", "R"),
        ("\u2067שלום\u2069 abc", "L"),
        ("\u202eabc", "L"),
        ("\u200f12", "R"),
        ("糖尿病", "L"),
        ("123 …", ""),
        ("", ""),
    ],
)
def test_the_first_strong_character_outside_isolates_decides(text: str, strong: str) -> None:
    assert first_strong(text) == strong


@pytest.mark.parametrize("make", [TextView, MessageEditor, DiffView])
def test_each_paragraph_runs_its_own_way(qtbot: QtBot, make: type[TextView | MessageEditor | DiffView]) -> None:
    edit = make("text")
    qtbot.addWidget(edit)
    edit.set_text(f"{HEBREW}\nEnglish עברית\n\u2067abc\u2069 עברית\n123")
    assert directions(edit) == [RTL, LTR, RTL, LTR]


def test_what_is_typed_turns_its_paragraph(qtbot: QtBot) -> None:
    editor = MessageEditor("answer")
    qtbot.addWidget(editor)
    editor.set_text("one")
    editor.textCursor().insertText("שלום ")
    assert directions(editor) == [RTL]
    QTest.keyClick(editor, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(editor, Qt.Key.Key_A)
    assert directions(editor) == [LTR]


def test_a_difference_runs_as_the_text_that_is_left(qtbot: QtBot) -> None:
    view = DiffView("changes")
    qtbot.addWidget(view)
    view.set_parts(word_diff("Old words\nשלום", "שלום עולם\nNew words"))
    assert directions(view)[0] == RTL


@given(mixed, mixed)
def test_a_difference_marks_the_very_runs_that_changed(qapp: object, before: str, after: str) -> None:
    parts = word_diff(before, after)
    joined = "".join(part.text for part in parts)
    view = DiffView("changes")
    view.set_parts(parts)
    assert view.text() == joined
    shown = ExactText(joined).display
    marked = ["" for _character in shown]
    block = view.document().begin()
    while block.isValid():
        for span in block.textFormats():
            kind = "added" if span.format.fontUnderline() else "removed" if span.format.fontStrikeOut() else ""
            units = shown.encode("utf-16-le", "surrogatepass")
            start = len(units[: 2 * (block.position() + span.start)].decode("utf-16-le", "ignore"))
            count = len(units[2 * (block.position() + span.start) :][: 2 * span.length].decode("utf-16-le", "ignore"))
            marked[start : start + count] = [kind] * count
        block = block.next()
    ends = ExactText(joined).places([sum(len(p.text) for p in parts[: i + 1]) for i in range(len(parts))])
    start = 0
    for part, end in zip(parts, ends, strict=True):
        wanted = "" if part.kind == "equal" else part.kind
        assert all(marked[at] == wanted for at in range(start, end) if shown[at] != "\n")
        start = end


@given(mixed)
def test_no_cluster_of_qt_is_cut(text: str) -> None:
    """Qt's own boundaries, by which its cursor moves, are boundaries of ours wherever ours are."""
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, text)
    stops = {0}
    while (place := finder.toNextBoundary()) != -1:
        stops.add(place)
    end = 0
    for cluster in clusters(text):
        end += len(cluster.encode("utf-16-le")) // 2
        assert end in stops


@given(mixed)
def test_every_view_keeps_the_text(qapp: object, text: str) -> None:
    view, editor = TextView("view"), MessageEditor("editor")
    view.set_text(text)
    editor.set_text(text)
    view.grab()
    editor.grab()
    assert (view.text(), editor.text(), editor.is_edited()) == (text, text, False)


def test_lines_of_other_scripts_are_as_high_as_those_around_them(qtbot: QtBot) -> None:
    view = TextView("text")
    qtbot.addWidget(view)
    view.set_text("Latin\n糖尿病\nLatin\nשלום\nLatin")
    view.show()
    layout = view.document().documentLayout()
    block, tops = view.document().begin(), []
    while block.isValid():
        tops.append(layout.blockBoundingRect(block).top())
        block = block.next()
    steps = [after - before for before, after in itertools.pairwise(tops)]
    assert max(steps) - min(steps) <= 4


def _ink(text: str, *, right: bool = False) -> tuple[float, float]:
    """Return the first and the last column with ink of a painted line, as shares of its width."""
    image = QImage(400, 30, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setFont(theme().font())
    paint_line(painter, QRectF(0, 0, 400, 30), text, right=right)
    painter.end()
    dark = [x for x in range(400) if any(image.pixelColor(x, y).lightness() < 200 for y in range(30))]
    return dark[0] / 400, dark[-1] / 400


def test_a_cell_begins_at_the_side_where_its_text_begins(qapp: object) -> None:
    assert _ink("Hello (400)")[0] < 0.05
    assert _ink("שלום (400)")[1] > 0.95
    assert _ink("1 200", right=True)[1] > 0.95
    long = _ink("שלום " * 100)
    assert (long[0] < 0.1, long[1] > 0.95) == (True, True)


def test_what_turns_a_line_round_is_named_in_it() -> None:
    assert made_visible(TROJAN) == "if admin [RLO][LRI]// check[PDI] {\u200b␛[31m"
    assert made_visible(HEBREW) == HEBREW
    assert made_visible(PERSIAN) == PERSIAN
    assert not any(map(has_hidden, (HEBREW, PERSIAN, THAI, HINDI, EMOJI, "🏴\U000e0067\U000e0062\U000e007f")))
    assert has_hidden("a\U000e0061\U000e0062")
    assert described(TROJAN).startswith("5 hidden characters: RLO (right-to-left override), LRI")


def test_a_view_says_and_paints_what_is_hidden(qtbot: QtBot) -> None:
    plain, trojan, editor = TextView("a"), TextView("b"), MessageEditor("c")
    for widget in (plain, trojan, editor):
        qtbot.addWidget(widget)
    plain.set_text("if admin // check {")
    trojan.set_text("if admin \u202e// check {")
    editor.set_text("if admin // check {")
    assert plain.accessibleDescription() == ""
    assert "RLO (right-to-left override)" in trojan.accessibleDescription()
    loud = theme().color("disagreement").rgb()
    assert loud not in _colours(plain)
    assert loud in _colours(trojan)
    editor.textCursor().insertText("\u202e")
    assert "RLO" in editor.accessibleDescription()
    assert loud in _colours(editor)
    assert editor.text() == "\u202eif admin // check {"


def _colours(widget: TextView | MessageEditor) -> set[int]:
    widget.resize(500, 80)
    widget.show()
    image = widget.grab().toImage()
    return {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}


def test_a_label_names_what_would_turn_it_and_keeps_its_text(qtbot: QtBot) -> None:
    label = PlainLabel("name\u202egpj.exe")
    qtbot.addWidget(label)
    assert label.text() == "name[RLO]gpj.exe"
    assert label.full_text() == "name\u202egpj.exe"


def test_every_naughty_string_passes_through_unchanged(qtbot: QtBot, data_dir: Path) -> None:
    view = TextView("view")
    qtbot.addWidget(view)
    for text in json.loads((data_dir / "hostile" / "blns.json").read_text("utf-8")):
        view.set_text(text)
        assert view.text() == text
        made_visible(text)
        runs_right_to_left(text)
