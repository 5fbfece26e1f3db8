"""Says above a case that somebody else was faster, and keeps what was entered where it can be copied."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame

from accord.domain.wording import _
from accord.gui.widgets import Button, PlainLabel, row


class Meanwhile(QFrame):
    """Hidden until there is something to say; ``copy_text`` gives what the button copies; ``left`` to go on."""

    left = Signal()

    def __init__(self, copy_text: Callable[[], str]) -> None:
        super().__init__()
        self.setProperty("kind", "prompt")
        self.sentence = PlainLabel("", role="strong", wrap=True)
        self.copy = Button(_("Copy my text and comment"), run=lambda: QGuiApplication.clipboard().setText(copy_text()))
        self.next = Button(_("Go on"), kind="primary", run=self.left.emit)
        line = row(self.sentence, self.copy, self.next, gap=12, margins=(16, 8, 16, 8))
        line.setStretch(0, 1)
        self.setLayout(line)
        self.hide()

    def say(self, sentence: str, *, over: bool) -> None:
        """Say it; ``over`` where nothing is left to decide here."""
        self.sentence.setText(sentence)
        self.setAccessibleName(sentence)
        self.next.setVisible(over)
        self.show()
