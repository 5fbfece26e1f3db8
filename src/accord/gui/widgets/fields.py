"""Things to type in: the search field, and a labelled row of a form."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from accord.domain.wording import _
from accord.gui.theme import theme
from accord.gui.widgets.layout import column
from accord.gui.widgets.text import PlainLabel

SEARCH_DELAY_MS = 150


class SearchField(QLineEdit):
    """Says what was typed once the person pauses (``searched``), or at once on Enter; then, or on Down, ``left``."""

    searched = Signal(str)
    left = Signal()

    def __init__(self, placeholder: str, *, name: str = "") -> None:
        super().__init__()
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name or placeholder)
        self.setClearButtonEnabled(True)
        clear = self.findChild(QAction, "_q_qlineeditclearaction")
        if clear is not None:
            clear.setText(_("Clear"))
        self._glass = QAction(self)
        self._glass.setText(name or placeholder)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        for button in self.findChildren(QWidget):
            button.setAccessibleName(_("Clear") if button.metaObject().className() == "QLineEditIconButton" else "")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SEARCH_DELAY_MS)
        self._pause.timeout.connect(self._say)
        self._said = ""
        self.textChanged.connect(lambda _text: self._pause.start())
        self.returnPressed.connect(self._leave)
        theme().changed.connect(self._draw)
        self._draw()

    def set_text_quietly(self, text: str) -> None:
        """Put a text in without saying it."""
        self._said = text
        self.setText(text)
        self._pause.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go down to what was found."""
        if event.key() == Qt.Key.Key_Down:
            self._leave()
        else:
            super().keyPressEvent(event)

    def _leave(self) -> None:
        self._say()
        self.left.emit()

    def _say(self) -> None:
        self._pause.stop()
        if self.text() != self._said:
            self._said = self.text()
            self.searched.emit(self._said)

    def _draw(self) -> None:
        self._glass.setIcon(theme().icon("magnify", "muted"))


class NumberField(QSpinBox):
    """A whole number; the wheel does not change it while a person scrolls past."""

    def __init__(self, name: str, low: int, high: int, value: int) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setRange(low, high)
        self.setValue(value)
        theme().changed.connect(self._measure)
        self._measure()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll."""
        event.ignore()

    def _measure(self) -> None:
        self.setMaximumWidth(theme().px(120))
        self.lineEdit().setTextMargins(theme().px(5), 0, 0, 0)


class AlphaField(QDoubleSpinBox):
    """A coefficient from 0 to 1; ``none`` is shown for 0. The wheel does not change it while a person scrolls past."""

    def __init__(self, name: str, value: float, *, none: str = "") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setRange(0, 1)
        self.setDecimals(2)
        self.setSingleStep(0.05)
        self.setSpecialValueText(none)
        self.setValue(value)
        theme().changed.connect(self._measure)
        self._measure()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll."""
        event.ignore()

    def _measure(self) -> None:
        self.setMaximumWidth(theme().px(120))
        self.lineEdit().setTextMargins(theme().px(5), 0, 0, 0)


class FormRow(QWidget):
    """A label above a control and a sentence of help or fault below it; the label names the control."""

    def __init__(self, label: str, control: QWidget, *, help_text: str = "") -> None:
        super().__init__()
        self.control = control
        self.label = PlainLabel(label, role="strong")
        self.label.setBuddy(control)
        self._help_text = help_text
        self.note = PlainLabel(help_text, role="small", wrap=True)
        if not help_text:  # shown before it has a parent, it would be a window of its own
            self.note.hide()
        if not control.accessibleName():
            control.setAccessibleName(label)
        control.setAccessibleDescription(help_text)
        self.setLayout(column(self.label, control, self.note, gap=4))

    def set_fault(self, sentence: str) -> None:
        """Show what is wrong in place of the help, or the help again for an empty sentence."""
        self.note.set_role("error" if sentence else "small")
        self.note.setText(sentence or self._help_text)
        self.note.setVisible(bool(sentence or self._help_text))
        self.control.setProperty("wrong", "true" if sentence else "false")
        self.control.style().unpolish(self.control)
        self.control.style().polish(self.control)
