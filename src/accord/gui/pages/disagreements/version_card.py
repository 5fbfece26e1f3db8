"""One reviewer's version as a column: who, what was said, and every change to the original that can be taken."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent, QTextCharFormat
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QTextEdit, QVBoxLayout, QWidget

from accord.domain.review import Verdict
from accord.domain.wording import _
from accord.gui.actions import Actions
from accord.gui.pages.disagreements.case import Case, Section, Told
from accord.gui.pages.disagreements.hunks import Hunk
from accord.gui.pages.disagreements.small_text import SmallDiff, SmallText
from accord.gui.pages.disagreements.words import verdict_look
from accord.gui.pages.review.message_block import role_title
from accord.gui.theme import theme
from accord.gui.widgets import ActionButton, PlainLabel, column, row
from accord.gui.widgets.text import restyle

Takes = Callable[[int, Hunk], bool]
LEAST_WIDTH = 176


class VersionCard(QFrame):
    """``pointed`` gives the position of the change that a person clicked on, -1 for the card itself.

    ``take_wanted`` asks for the change that was clicked twice.
    """

    pointed = Signal(int)
    take_wanted = Signal()

    def __init__(self, actions: Actions, position: int) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setProperty("chosen", "false")
        self.setMinimumWidth(theme().px(LEAST_WIDTH))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self._told: Told | None = None
        self._views: list[tuple[Section, SmallDiff]] = []
        self._pool: list[tuple[PlainLabel, SmallDiff]] = []
        self.name = PlainLabel(role="strong", elide=True)
        self._sign = QLabel()
        self.said = PlainLabel(role="small")
        self.take = ActionButton(actions, f"disagreements.take_{position + 1}", text=_("Take"))
        self.tags = PlainLabel(role="small", wrap=True)
        self.changes = PlainLabel(role="small", wrap=True)
        self.comment, self.citation = SmallText(_("Comment")), PlainLabel(role="small", wrap=True, selectable=True)
        self.plain = PlainLabel(role="muted", wrap=True)
        self._sections = QVBoxLayout()
        self._sections.setSpacing(6)
        head = row(self.name, self.take, gap=8)
        head.setStretch(0, 1)
        verdict = row(self._sign, self.said, None, gap=6)
        body = column(head, verdict, self.tags, self.plain, self._sections, self.changes, gap=6)
        remarks = column(self.comment, self.citation, gap=4)
        whole = column(body, remarks, None, gap=8, margins=(12, 8, 8, 10))
        self.setLayout(whole)
        theme().changed.connect(self._draw_sign)

    def show_version(self, told: Told, case: Case) -> None:
        """Show a version of a case."""
        self._told = told
        version, look = told.version, verdict_look(told.version.verdict)
        self.name.setText(version.reviewer)
        self.said.setText(_("{verdict}, of an earlier text", verdict=look.word) if version.of_earlier else look.word)
        self._draw_sign()
        self.plain.setText(_without_changes(told))
        self.plain.setVisible(not told.sections)
        _show(self.tags, _("Tags: {tags}", tags=", ".join(version.tags)) if version.tags else "")
        _show(self.citation, _("Source: {citation}", citation=version.citation) if version.citation else "")
        self.comment.set_text(version.comment)
        self.comment.setVisible(bool(version.comment))
        self.comment.setAccessibleName(_("{name}'s comment", name=version.reviewer))
        self.take.update_from_action()
        self.take.setAccessibleName(_("Take {name}'s version whole", name=version.reviewer))
        self.setAccessibleName(f"{version.reviewer}: {look.word}")
        self._show_sections(told, case)

    def mark(self, current: int | None, takes: Takes) -> None:
        """Show which change the keys act on, None where the keys act on another column, and which are taken."""
        found = [] if self._told is None else self._told.changes()
        chosen = current is not None
        if (self.property("chosen") == "true") != chosen:
            self.setProperty("chosen", "true" if chosen else "false")
            restyle(self)
        first = 0
        for section, view in self._views:
            here = current - first if current is not None else -1
            view.setExtraSelections(_marks(section, view, here, takes))
            first += len(section.hunks)
        taken = sum(takes(index, hunk) for index, hunk in found)
        self.changes.setText(_changes_line(found, taken, current, takes))
        self.changes.setVisible(bool(found))

    def place_of(self, change: int) -> tuple[QWidget, int] | None:
        """Return the text that holds a change and how far down in it the change begins, px."""
        first = 0
        for section, view in self._views:
            if first <= change < first + len(section.hunks):
                part = section.numbers.index(change - first)
                cursor = view.span(part)
                cursor.setPosition(cursor.selectionStart())
                return view, view.cursorRect(cursor).top()
            first += len(section.hunks)
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the choice."""
        self.pointed.emit(-1)
        super().mousePressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Choose the change that is clicked; take the one that is clicked twice."""
        kinds = {QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick}
        if event.type() in kinds and isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
            change = self._change_at(watched, event)
            self.pointed.emit(-1 if change is None else change)
            if change is not None and event.type() == QEvent.Type.MouseButtonDblClick:
                self.take_wanted.emit()
                return True
        return False

    def _change_at(self, watched: QObject, event: QMouseEvent) -> int | None:
        first = 0
        for section, view in self._views:
            if view.viewport() is watched:
                part = view.part_at(view.cursorForPosition(event.position().toPoint()).position())
                number = None if part is None else section.numbers[part]
                return None if number is None else first + number
            first += len(section.hunks)
        return None

    def _show_sections(self, told: Told, case: Case) -> None:
        while len(self._pool) < len(told.sections):
            label, view = PlainLabel("", role="small"), SmallDiff(_("Version"))
            view.viewport().installEventFilter(self)
            self._sections.addWidget(label)
            self._sections.addWidget(view)
            self._pool.append((label, view))
        self._views = []
        for section, (label, view) in zip(told.sections, self._pool, strict=False):
            title = title_of(case, section.index)
            label.setText(title)
            label.setVisible(section.index != case.answer_index)
            view.setAccessibleName(f"{told.version.reviewer}: {title}")
            view.set_parts(section.parts)
            view.show()
            self._views.append((section, view))
        for label, view in self._pool[len(told.sections) :]:
            label.hide()
            view.hide()

    def _draw_sign(self) -> None:
        if self._told is not None:
            look, size = verdict_look(self._told.version.verdict), theme().px(16)
            self._sign.setPixmap(theme().icon(look.icon, look.role).pixmap(size, size))
            self._sign.setAccessibleName(look.word)


def title_of(case: Case, index: int) -> str:
    """Return what a message is called."""
    if index == case.answer_index:
        return role_title(case.base.messages[0].role, is_answer=True, is_request=False)
    is_request = index == case.base.request_index
    return role_title(case.base.messages[index].role, is_answer=False, is_request=is_request)


def _without_changes(told: Told) -> str:
    if told.version.verdict is Verdict.REJECT:
        return _("Leave it out of the dataset.")
    return _("The original, as it stands.")


def _show(label: PlainLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))


def _changes_line(found: list[tuple[int, Hunk]], taken: int, current: int | None, takes: Takes) -> str:
    if current is not None and 0 <= current < len(found):
        here = _("Change {n} of {total}", n=current + 1, total=len(found))
        return _("{change}, taken", change=here) if takes(*found[current]) else here
    return _("{taken} of {total} changes taken", taken=taken, total=len(found))


def _marks(section: Section, view: SmallDiff, current: int, takes: Takes) -> list[QTextEdit.ExtraSelection]:
    """Return what to draw over the parts: the current change in the primary colour, the taken ones in bold."""
    marks = []
    for part, number in enumerate(section.numbers):
        if number is None or not (number == current or takes(section.index, section.hunks[number])):
            continue
        mark = QTextEdit.ExtraSelection()
        look = QTextCharFormat()
        if number == current:
            look.setBackground(theme().color("primary"))
            look.setForeground(theme().color("on_primary"))
        if takes(section.index, section.hunks[number]):
            look.setFontWeight(700)
        mark.format = look
        mark.cursor = view.span(part)
        marks.append(mark)
    return marks
