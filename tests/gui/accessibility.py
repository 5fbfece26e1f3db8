"""Walks a window and returns what a screen reader would find without a name; every page's test may use it."""

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

SILENT_ROLES = {
    QAccessible.Role.Client,
    QAccessible.Role.Pane,
    QAccessible.Role.Border,
    QAccessible.Role.LayeredPane,
    QAccessible.Role.ScrollBar,
    QAccessible.Role.Splitter,
    QAccessible.Role.Grip,
    QAccessible.Role.Whitespace,
    QAccessible.Role.Window,
    QAccessible.Role.PopupMenu,
    QAccessible.Role.List,
}


def nameless(root: QWidget) -> list[str]:
    """Return the visible controls and texts under ``root`` that have no accessible name, described for a person."""
    found = []
    for widget in [root, *root.findChildren(QWidget)]:
        if not widget.isVisibleTo(root) or widget.objectName().startswith("qt_"):
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is None:
            continue
        takes_focus = widget.focusPolicy().value != 0 and widget.isEnabled()
        if interface.role() in SILENT_ROLES and not takes_focus:
            continue
        if not interface.text(QAccessible.Text.Name).strip() and not widget.accessibleName():
            found.append(f"{type(widget).__name__} {interface.role().name} in {type(widget.parent()).__name__}")
    return found
