"""What the program says and asks without stopping anyone: notices with undo, and questions in a bar."""

from functools import partial

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from accord.domain.wording import _
from accord.gui.context import Choice, Notice, Question
from accord.gui.theme import theme
from accord.gui.widgets.buttons import Button
from accord.gui.widgets.free_place import controls, covered, free_place
from accord.gui.widgets.layout import row
from accord.gui.widgets.text import PlainLabel

SHOWN_MS = 7000
LOOK_EVERY_MS = 200
JUST_SAID_MS = 300
_ICONS = {
    "info": ("information-outline", "in_review"),
    "good": ("check-circle-outline", "accepted"),
    "warning": ("alert-outline", "disagreement"),
    "error": ("alert-circle-outline", "rejected"),
}


class NoticeLine(QFrame):
    """One notice. It closes by itself, except an error, and never while the pointer or the focus is in it."""

    closed = Signal(object)

    def __init__(self, notice: Notice) -> None:
        super().__init__()
        self.notice = notice
        self.setProperty("kind", "notice")
        self.setProperty("tone", notice.tone)
        self.setAccessibleName(notice.text)
        self.label = PlainLabel(notice.text, wrap=True)
        self.label.setMinimumWidth(min(theme().px(440), self.label.fontMetrics().horizontalAdvance(notice.text) + 4))
        self.undo = Button(notice.undo_title or _("Undo"), kind="link", run=self._undo)
        if notice.undo is None:  # shown before it has a parent, it would be a window of its own
            self.undo.hide()
        self.copy = Button(_("Copy details"), kind="link", run=self._copy)
        if not notice.detail:
            self.copy.hide()
        self.close_button = Button(
            icon="close", kind="quiet", size="small", name=_("Close this notice (Esc)"), run=self.leave
        )
        line = row(_Sign(notice.tone), margins=(12, 6, 6, 6))
        line.addWidget(self.label, 1)
        for end in (self.undo, self.copy, self.close_button):
            line.addWidget(end)
        self.setLayout(line)
        self._age = QElapsedTimer()
        self._age.start()
        self._time = QTimer(self)
        self._time.setSingleShot(True)
        self._time.timeout.connect(self._over)
        if notice.tone != "error":
            self._time.start(SHOWN_MS)

    def leave(self) -> None:
        """Close."""
        self._time.stop()
        self.closed.emit(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc where the focus is in it."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return
        super().keyPressEvent(event)

    def age_ms(self) -> int:
        """Return how long ago this was said."""
        return self._age.elapsed()

    def _over(self) -> None:
        if self.underMouse() or self.isAncestorOf(_focused(self)):
            self._time.start(SHOWN_MS)
        else:
            self.leave()

    def _undo(self) -> None:
        undo = self.notice.undo
        self.leave()
        if undo is not None:
            undo()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.notice.detail)
        self.copy.setText(_("Copied"))


def _focused(of: QWidget) -> QWidget:
    return of.window().focusWidget() or of.window()


class _Sign(QLabel):
    """The icon of a tone."""

    def __init__(self, tone: str) -> None:
        super().__init__()
        self._tone = tone
        words = {"info": _("Note"), "good": _("Done"), "warning": _("Warning"), "error": _("Error")}
        self.setAccessibleName(words[tone])
        theme().changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        name, role = _ICONS[self._tone]
        self.setPixmap(theme().icon(name, role).pixmap(theme().px(18), theme().px(18)))


class NoticeStack(QWidget):
    """Floats the newest notices over the lower edge of its parent; the page beneath does not move."""

    MOST = 2

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setAccessibleName(_("Notices"))
        self._over = over
        self.inset = 16
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._lines: list[NoticeLine] = []
        self._look = QTimer(self)
        self._look.setInterval(LOOK_EVERY_MS)
        self._look.timeout.connect(self._make_way)
        over.installEventFilter(self)
        self.hide()

    def show_notice(self, notice: Notice) -> NoticeLine:
        """Show a notice in place of an earlier one of its cause or text; of many the oldest leaves, errors last.

        An error that is shown already is not shown again, so that its way out stays (undo, "Open again").
        """
        for old in self.lines():
            same = old.notice.text == notice.text
            if same and old.notice.tone == "error":
                return old
            if same or (notice.cause and old.notice.cause == notice.cause):
                self._drop(old)
        while len(self._lines) >= self.MOST:
            passing = [line for line in self._lines if line.notice.tone != "error"]
            self._drop((passing or self._lines)[0])
        line = NoticeLine(notice)
        line.closed.connect(self._drop)
        self._lines.append(line)
        self._column.addWidget(line, 0, Qt.AlignmentFlag.AlignHCenter)
        self.show()
        self.place()
        self._look.start()
        QTimer.singleShot(0, self, self.place)  # once more when the new line has been styled and measured
        return line

    def page_left(self) -> None:
        """Take away what was said about the page that was left: all but errors, and what came with the way here."""
        for line in self.lines():
            if line.notice.tone != "error" and line.age_ms() > JUST_SAID_MS:
                self._drop(line)

    def cause_gone(self, cause: str) -> None:
        """Take away what was said of a cause that is over."""
        for line in self.lines():
            if cause and line.notice.cause == cause:
                self._drop(line)

    def project_left(self) -> None:
        """Take away what was said of the project that was open, errors too."""
        for line in self.lines():
            if line.age_ms() > JUST_SAID_MS:
                self._drop(line)

    def close_newest(self) -> bool:
        """Close the newest notice; False where there is none."""
        if self._lines:
            self._lines[-1].leave()
            return True
        return False

    def lines(self) -> list[NoticeLine]:
        """Return the notices that are shown, oldest first."""
        return list(self._lines)

    def place(self) -> None:
        """Stand at the middle of the lower edge, ``inset`` px above it, or where the fewest controls are covered."""
        width = min(self._over.width() - 32, theme().px(720))
        width = max(width, 200)
        for shown in self._lines:
            shown.setMaximumWidth(width)
        self._column.activate()
        height = max(self._column.sizeHint().height(), self._column.totalHeightForWidth(width))
        place = QRect((self._over.width() - width) // 2, self._over.height() - height - self.inset, width, height)
        self.setGeometry(free_place(self._over, place, spare=self))
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of what is beneath."""
        if watched is self._over and event.type() == QEvent.Type.Resize and self._lines:
            self.place()
        return False

    def _drop(self, line: NoticeLine) -> None:
        if line in self._lines:
            self._lines.remove(line)
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        if self._lines:
            self.place()
        else:
            self._look.stop()
            self.hide()

    def _make_way(self) -> None:
        """Move where a control has come up beneath, as a bar that asks for a reason."""
        if covered(self.geometry(), controls(self._over, spare=self)):
            self.place()


class PromptBar(QFrame):
    """Asks in a bar above the page; the first choice has the focus, Esc takes the last, work goes on meanwhile."""

    answered = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "prompt")
        self.setAccessibleName(_("Question"))
        self._line = row(margins=(24, 8, 16, 8), gap=8)
        self.setLayout(self._line)
        self._before: QWidget | None = None
        self.buttons: list[Button] = []
        self.text = PlainLabel(wrap=True)
        self._cause = ""
        self.hide()

    def ask(self, question: Question) -> None:
        """Show a question; one that was not answered is taken away."""
        self._clear()
        if not self.isVisible():
            self._before = self.window().focusWidget()
        self._cause = question.cause
        self.text = PlainLabel(question.text, wrap=True)
        self.setAccessibleName(question.text)
        self._line.addWidget(self.text, 1)
        for choice in question.choices:
            button = Button(choice.title, kind=choice.kind, run=partial(self._answer, choice))
            self.buttons.append(button)
            self._line.addWidget(button)
        self.show()
        if self.buttons:
            self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the last choice on Esc."""
        if event.key() == Qt.Key.Key_Escape and self.buttons:
            self.buttons[-1].click()
            return
        super().keyPressEvent(event)

    def cause_gone(self, cause: str) -> None:
        """Take the question away where what it asks about is over."""
        if cause and cause == self._cause:
            self._leave()

    def _leave(self) -> None:
        """Go, and give the focus back where one of the answers had it."""
        before, self._before = self._before, None
        had_focus = any(button.hasFocus() for button in self.buttons)
        self._cause = ""
        self.hide()
        self._clear()
        if had_focus and before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answer(self, choice: Choice) -> None:
        self._leave()
        self.answered.emit(choice.title)
        if choice.run is not None:
            choice.run()

    def _clear(self) -> None:
        for widget in [self.text, *self.buttons]:
            self._line.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self.text, self.buttons = PlainLabel(), []
