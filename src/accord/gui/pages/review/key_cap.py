"""The key of an action, printed beside the heading of what it opens."""

from accord.gui.actions import Actions, shown_key
from accord.gui.widgets import PlainLabel


class KeyCap(PlainLabel):
    """The key of an action; the registry lives longer, so it calls a method, which ends with its widget."""

    def __init__(self, actions: Actions, action_id: str) -> None:
        super().__init__("", role="kbd")
        self._actions, self._action_id = actions, action_id
        actions.changed.connect(self._print)
        self._print()

    def _print(self) -> None:
        self.setText(shown_key(self._actions.key(self._action_id)))
