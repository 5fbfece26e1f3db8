"""Type-ahead for tags: what was typed finds the tags that fit; Enter takes the first, arrows choose another."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from accord.domain.wording import _
from accord.gui.widgets import LinkList, column

MOST = 6


class _Line(QLineEdit):
    """Hands the keys that choose to its owner."""

    moved = Signal(int)
    taken = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose with the arrows, take with Enter, leave with Esc."""
        match event.key():
            case Qt.Key.Key_Down:
                self.moved.emit(1)
            case Qt.Key.Key_Up:
                self.moved.emit(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.taken.emit()
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _other:
                super().keyPressEvent(event)


class TagField(QWidget):
    """``chosen`` gives a tag to put on or take off; ``left`` says that the person is done."""

    chosen = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.line = _Line()
        self.line.setAccessibleName(_("Find a tag"))
        self.line.setPlaceholderText(_("Type a tag, Enter puts it on"))
        self.matches = LinkList(_("Tags that fit"))
        self.matches.activated.connect(self._choose)
        self._known: list[tuple[str, str]] = []
        self._found: list[str] = []
        self._at = 0
        self.line.textChanged.connect(lambda _text: self._find())
        self.line.moved.connect(self._move)
        self.line.taken.connect(self._take)
        self.line.left.connect(self.leave)
        self.setLayout(column(self.line, self.matches, gap=4))
        self.hide()

    def set_known(self, tags: Sequence[tuple[str, str]]) -> None:
        """Take (name, description) pairs."""
        self._known = list(tags)

    def open(self) -> None:
        """Begin to type."""
        self.show()
        self.line.clear()
        self._find()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def leave(self) -> None:
        """Close the field."""
        self.hide()
        self.left.emit()

    def found(self) -> list[str]:
        """Return the tags that fit what was typed, best first; what was typed itself at the end, as a new tag."""
        typed = self.line.text().strip()
        folded = typed.casefold()
        ranked = sorted(
            (not name.casefold().startswith(folded), position, name)
            for position, (name, description) in enumerate(self._known)
            if folded in name.casefold() or (len(folded) > 2 and folded in description.casefold())
        )
        names = [name for _late, _position, name in ranked][:MOST]
        return names if not typed or typed in names else [*names, typed]

    def _find(self) -> None:
        self._at = 0
        self._show()

    def _show(self) -> None:
        self._found = self.found() if self.line.text().strip() else []
        known = {name for name, _description in self._known}
        links = []
        for position, name in enumerate(self._found):
            title = name if name in known else _("New tag “{tag}”", tag=name)
            links.append((name, f"↵ {title}" if position == self._at else title))
        self.matches.set_links(links)
        self.matches.setVisible(bool(links))

    def _move(self, by: int) -> None:
        if self._found:
            self._at = (self._at + by) % len(self._found)
            self._show()

    def _take(self) -> None:
        if self._found:
            self._choose(self._found[self._at])
        else:
            self.leave()

    def _choose(self, tag: str) -> None:
        self.chosen.emit(tag)
        self.line.clear()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
