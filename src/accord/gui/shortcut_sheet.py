"""The sheet of keys that ``?`` opens: every action that has one, by the page it belongs to."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from accord.domain.wording import _
from accord.gui.actions import EVERYWHERE, Action, shown_key
from accord.gui.context import Context
from accord.gui.overlay import Overlay
from accord.gui.widgets.buttons import Button
from accord.gui.widgets.layout import Scrolled, column, row
from accord.gui.widgets.text import PlainLabel

GOING = "go"


class ShortcutSheet(Overlay):
    """Lists the keys in force; the page that is shown comes first."""

    def __init__(self, window: QWidget, context: Context, page_title: Callable[[str], str]) -> None:
        super().__init__(window, _("Keys"), width=860, height=680)
        self._context = context
        self._page_title = page_title
        self.close_button = Button(icon="close", kind="quiet", name=_("Close the keys"), run=self.leave)
        self._area = Scrolled(margins=(24, 8, 24, 24))
        self._held = QWidget()
        self._area.body.addWidget(self._held)
        self._area.body.addStretch(1)
        change = Button(_("Change keys"), kind="link", run=self._change)
        head = row(PlainLabel(_("Keys"), role="title"), 16, change, None, self.close_button, margins=(24, 12, 12, 4))
        self.card.setLayout(column(head, self._area, gap=0, margins=(1, 1, 1, 1)))

    def open(self) -> None:
        """Show the keys as they are now."""
        self._fill()
        super().open()
        self.close_button.setFocus(Qt.FocusReason.PopupFocusReason)

    def groups(self) -> list[tuple[str, list[Action]]]:
        """Return the actions with keys by page id: this page, going to pages, those everywhere, then the others."""
        actions = self._context.actions
        by_page: dict[str, list[Action]] = {actions.page: [], GOING: [], EVERYWHERE: []}
        for action in actions.all():
            if actions.key(action.id):
                group = GOING if action.id.startswith("go.") else action.page
                by_page.setdefault(group, []).append(action)
        return [(page, listed) for page, listed in by_page.items() if listed]

    def _fill(self) -> None:
        self._area.body.removeWidget(self._held)
        self._held.hide()
        self._held.deleteLater()
        self._held = QWidget()
        columns = QHBoxLayout(self._held)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(40)
        sides = [QVBoxLayout(), QVBoxLayout()]
        heights = [0, 0]
        for page, listed in self.groups():
            side = 0 if heights[0] <= heights[1] else 1
            heights[side] += len(listed) + 2
            fixed = {EVERYWHERE: _("Everywhere"), GOING: _("Pages")}
            title = fixed.get(page) or self._page_title(page)
            sides[side].addLayout(self._group(title, listed))
        for half in sides:
            half.setSpacing(20)
            half.addStretch(1)
            columns.addLayout(half, 1)
        self._area.body.insertWidget(0, self._held)

    def _group(self, title: str, listed: list[Action]) -> QVBoxLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        for line, action in enumerate(listed):
            grid.addWidget(PlainLabel(action.title), line, 0)
            cap = PlainLabel(shown_key(self._context.actions.key(action.id)), role="kbd")
            grid.addWidget(cap, line, 1, Qt.AlignmentFlag.AlignRight)
        return column(PlainLabel(title, role="heading"), grid, gap=8)

    def _change(self) -> None:
        self.leave()
        self._context.navigate("settings", section="keys")
