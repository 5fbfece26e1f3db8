"""How the page is put together: inbox, the parts of a case one below the other, and what folds away when narrow."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from accord.domain.ledger import Who
from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.pages.disagreements.beside import Beside
from accord.gui.pages.disagreements.columns import VersionColumns
from accord.gui.pages.disagreements.deciding import Deciding
from accord.gui.pages.disagreements.final_text import FinalText
from accord.gui.pages.disagreements.inbox import Inbox
from accord.gui.pages.disagreements.meanwhile import Meanwhile
from accord.gui.pages.disagreements.original import Original
from accord.gui.pages.disagreements.question_bar import QuestionBar
from accord.gui.pages.disagreements.rule_panel import RulePanel
from accord.gui.theme import theme
from accord.gui.widgets import ActionButton, EmptyState, Flow, column, line, row

INBOX_WIDTH, BESIDE_WIDTH = 248, 288
NARROW = 1120
_SHARES = (280, 360, 330)
_BAR = ("original", "edit", "reject", "take_change", "send_back", "undo", "previous", "next", "beside")


class Arrangement(QStackedWidget):
    """All widgets of the page. ``copy_text`` is for the case that somebody else was faster."""

    def __init__(self, context: Context, *, copy_text: Callable[[], str]) -> None:
        super().__init__()
        actions = context.actions
        self.inbox, self.original, self.columns = Inbox(), Original(), VersionColumns(actions)
        self.final, self.deciding = FinalText(), Deciding(actions)
        self.beside = Beside(lambda found: context.navigate("examples", where=f"id = {found}", example_id=found))
        self.panel = RulePanel(context, lambda: Who(actor=context.actor, device=context.settings.device_id))
        self.question, self.meanwhile = QuestionBar(), Meanwhile(copy_text)
        short = {
            "take_change": _("Take"),
            "send_back": _("Guideline"),
            "previous": _("Back"),
            "beside": _("Precedents"),
        }
        self.buttons = [ActionButton(actions, f"disagreements.{n}", text=short.get(n, "")) for n in _BAR]
        self._beside_chosen: bool | None = None
        self.inbox.rule_wanted.connect(self.panel.show)
        self.panel.opened.connect(self.original.setHidden)  # there is no room for both where the window is low
        self.whole = QWidget()
        self.whole.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.whole.setAccessibleName(_("Disagreement"))
        self.whole.setLayout(self._case())
        self.empty = EmptyState(
            _("Nothing is in dispute. What reviewers do not agree on waits here for a decision."),
            _("Go to Review"),
            lambda: context.navigate("review"),
            icon="scale-balance",
        )
        self.not_for = EmptyState(
            _("Adjudicators and leads settle disagreements. There is nothing to do for you here."), icon="scale-balance"
        )
        for part in (QWidget(), self.whole, self.empty, self.not_for):
            self.addWidget(part)
        theme().changed.connect(self._measure)
        self._measure()

    def show_part(self, part: QWidget) -> None:
        """Show the case, or the sentence that stands in its place."""
        self.setCurrentWidget(part)

    def shows_case(self) -> bool:
        """Say whether a case is shown."""
        return self.currentWidget() is self.whole

    def toggle_beside(self) -> None:
        """Show or hide precedents, guideline and history; where it is narrow, in place of the inbox."""
        self._beside_chosen = self.beside.isHidden()
        self._fold()
        self.take_focus()

    def take_focus(self) -> None:
        """Put the focus where letters are keys of the page."""
        (self.whole if self.inbox.isHidden() else self.inbox.list).setFocus(Qt.FocusReason.OtherFocusReason)

    def update_buttons(self) -> None:
        """Show anew what can be used now."""
        for button in self.buttons:
            button.update_from_action()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the right pane where it is narrow."""
        super().resizeEvent(event)
        self._fold()

    def _measure(self) -> None:
        """Give the panes their widths at the scale in force."""
        self.inbox.setFixedWidth(theme().px(INBOX_WIDTH))
        self.beside.setFixedWidth(theme().px(BESIDE_WIDTH))
        self._fold()

    def _fold(self) -> None:
        wide = self.width() >= theme().px(NARROW)
        shown = wide if self._beside_chosen is None else self._beside_chosen
        self.beside.setVisible(shown)
        self.inbox.setVisible(wide or not shown)

    def _case(self) -> QVBoxLayout:
        bottom = QWidget()
        below = row(self.final, line(vertical=True), self.deciding, gap=12, margins=(0, 8, 0, 8))
        below.setStretch(0, 1)
        bottom.setLayout(below)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setAccessibleName(_("Parts of the case"))
        for part, share in zip((self.original, self.columns, bottom), _SHARES, strict=True):
            split.addWidget(part)
            split.setStretchFactor(split.count() - 1, share)
        split.setChildrenCollapsible(False)
        split.setSizes(_SHARES)
        inner = column(self.panel, split, gap=8, margins=(16, 12, 16, 0))
        inner.setStretch(1, 1)
        middle = column(self.meanwhile, inner, self.question, gap=0)
        middle.setStretch(1, 1)
        across = row(self.inbox, line(vertical=True), gap=0)
        across.addLayout(middle, 1)
        across.addWidget(line(vertical=True))
        across.addWidget(self.beside)
        whole = column(across, self._bar(), gap=0)
        whole.setStretch(0, 1)
        return whole

    def _bar(self) -> QFrame:
        bar, held = QFrame(), Flow(gap=8)
        bar.setProperty("kind", "panel")
        bar.setAccessibleName(_("Decision"))
        for button in self.buttons:
            held.addWidget(button)
        bar.setLayout(row(held, margins=(16, 8, 16, 8)))
        return bar
