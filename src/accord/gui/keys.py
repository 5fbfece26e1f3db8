"""Connects the keys of the actions in force to a window."""

from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from accord.gui.actions import Actions


class WindowKeys(QObject):
    """Keeps one QShortcut for each action in force that has a key; follows the page and remapped keys.

    A letter does not fire while a person types: an editor that is not read-only takes it first.
    """

    def __init__(self, window: QWidget, actions: Actions) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._shortcuts: dict[str, QShortcut] = {}
        actions.changed.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        """Make the shortcuts what the registry says."""
        wanted = {a.id: self._actions.key(a.id) for a in self._actions.in_force() if self._actions.key(a.id)}
        for action_id in [i for i in self._shortcuts if i not in wanted]:
            old = self._shortcuts.pop(action_id)
            old.setKey(QKeySequence())  # it lives until the event loop comes round, and two of a key are none
            old.deleteLater()
        for action_id, key in wanted.items():
            shortcut = self._shortcuts.get(action_id)
            if shortcut is None:
                shortcut = QShortcut(self._window)
                shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
                shortcut.setAutoRepeat(self._actions.get(action_id).repeats)
                shortcut.activated.connect(partial(self._actions.run, action_id))
                self._shortcuts[action_id] = shortcut
            shortcut.setKey(QKeySequence(key))
