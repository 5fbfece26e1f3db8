"""Icons that follow the theme: set once, made again whenever the colours change."""

from PySide6.QtCore import QObject, QSize
from PySide6.QtWidgets import QAbstractButton

from accord.gui.theme import theme


class _IconKeeper(QObject):
    """Lives as a child of its button, so that it ends with it."""

    def __init__(self, button: QAbstractButton) -> None:
        super().__init__(button)
        self.button = button
        self.name = ""
        self.role = "text"
        self.size = 18
        theme().changed.connect(self.apply)

    def apply(self) -> None:
        self.button.setIcon(theme().icon(self.name, self.role))
        self.button.setIconSize(QSize(theme().px(self.size), theme().px(self.size)))


def set_icon(button: QAbstractButton, name: str, role: str = "text", size: int = 18) -> None:
    """Give ``button`` the icon ``name`` (Material Design Icons) in a token's colour, now and after theme changes."""
    keepers = [child for child in button.children() if isinstance(child, _IconKeeper)]
    keeper = keepers[0] if keepers else _IconKeeper(button)
    keeper.name, keeper.role, keeper.size = name, role, size
    keeper.apply()
