"""The findings in the right pane: a line each, the chosen one with what can be done, dismissed ones folded away."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from accord.domain.wording import _, plural
from accord.gui.actions import Actions
from accord.gui.icons import set_icon
from accord.gui.pages.review.finding_line import FindingLine
from accord.gui.pages.review.found import Found
from accord.gui.pages.review.key_cap import KeyCap
from accord.gui.widgets import ActionButton, Button, Flow, LinkList, PlainLabel, column, row

MOST = 6


class FindingsPart(QWidget):
    """Nothing at all where nothing was found.

    ``chosen`` and ``restored`` give what is shown, ``linked`` the id of another row.
    """

    chosen = Signal(object)
    linked = Signal(str)
    restored = Signal(object)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setAccessibleName(_("Findings"))
        self.title = PlainLabel(_("Findings"), role="heading")
        self.others = LinkList(_("Rows like this one"))
        self.others.activated.connect(self.linked)
        self.lines: list[FindingLine] = []
        self._lines = column(gap=0)
        self._open: tuple[Found, ...] = ()
        self._dismissed: tuple[Found, ...] = ()
        self._chosen: Found | None = None
        self._all = False
        self.more = Button(kind="link", run=self._show_all)
        self.fold = Button(kind="quiet", size="small", icon="chevron-right")
        self.fold.setCheckable(True)
        self.fold.toggled.connect(self._turn)
        self._put_aside, self._aside = QWidget(), QVBoxLayout()
        self._aside.setContentsMargins(0, 0, 0, 0)
        self._aside.setSpacing(4)
        self._put_aside.setLayout(self._aside)
        self.restores: list[Button] = []
        self.fix = ActionButton(actions, "review.fix_finding", text=_("Fix"))
        self.dismiss = ActionButton(actions, "review.dismiss_finding", text=_("Dismiss"))
        self._acts, acts = QWidget(), Flow(6)
        for button in (self.fix, self.dismiss):
            acts.addWidget(button)
        self._acts.setLayout(acts)
        self.alike = Button(
            icon="filter-outline", kind="quiet", size="small", name=_("Show all examples with this finding")
        )
        self._next = KeyCap(actions, "review.next_finding")
        head = row(self.title, None, self.alike, self._next)
        parts = (self.others, self._lines, row(self.more, None), self._acts, row(self.fold, None), self._put_aside)
        self.setLayout(column(head, *parts, gap=6))
        self._links: list[tuple[str, str]] = []
        self._arrange()

    def show_others(self, links: Sequence[tuple[str, str]]) -> None:
        """Show (id, sentence) pairs of rows that are like this one."""
        if list(links) != self._links:
            self._links = list(links)
            self.others.set_links(links)
            self._arrange()

    def show_findings(self, found: Sequence[Found], chosen: Found | None) -> None:
        """Show what was found, one of it as the chosen one; lines are kept, focus and all."""
        if not found:
            self._all = False
            self.fold.setChecked(False)
        self._open = tuple(one for one in found if one.is_open)
        self._chosen = chosen
        dismissed = tuple(one for one in found if not one.is_open)
        if dismissed != self._dismissed:
            self._dismissed = dismissed
            self._list_dismissed()
        self._arrange()

    def _arrange(self) -> None:
        if self._chosen in self._open[MOST:]:
            self._all = True
        shown = self._open if self._all else self._open[:MOST]
        while len(self.lines) > len(shown):
            old = self.lines.pop()
            self._lines.removeWidget(old)
            old.hide()
            old.deleteLater()
        for position, one in enumerate(shown):
            if position == len(self.lines):
                made = FindingLine(one)
                made.clicked.connect(partial(self._choose, made))
                self._lines.addWidget(made)
                self.lines.append(made)
            self.lines[position].show_finding(one, chosen=one == self._chosen)
        hidden = len(self._open) - len(shown)
        self.more.setText(plural("{n} more", "{n} more", hidden))
        self.more.setVisible(hidden > 0)
        self._acts.setVisible(bool(self._open))
        self._next.setVisible(bool(self._open))
        for button in (self.fix, self.dismiss):
            button.update_from_action()
        self.alike.setVisible(self._chosen in self._open)
        self.others.setVisible(bool(self.others.links()))
        self.fold.setText(_("Dismissed ({n})", n=len(self._dismissed)))
        self.fold.setVisible(bool(self._dismissed))
        self._put_aside.setVisible(bool(self._dismissed) and self.fold.isChecked())
        self.setVisible(bool(self._open or self._dismissed or self.others.links()))

    def _choose(self, line: FindingLine, _checked: bool = False) -> None:  # noqa: FBT001, FBT002  (Qt's signal)
        line.setChecked(line.found == self._chosen)
        self.chosen.emit(line.found)

    def _show_all(self) -> None:
        self._all = True
        self._arrange()

    def _turn(self, unfolded: bool) -> None:  # noqa: FBT001  (Qt's signal gives it so)
        set_icon(self.fold, "chevron-down" if unfolded else "chevron-right", size=16)
        self._arrange()

    def _list_dismissed(self) -> None:
        while self._aside.count():
            item = self._aside.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.restores = []
        for one in self._dismissed:
            back = Button(_("Bring back"), kind="link", run=partial(self.restored.emit, one))
            back.setAccessibleName(_("Bring back: {sentence}", sentence=one.sentence))
            self.restores.append(back)
            held = QWidget()
            said = row(PlainLabel(one.why, role="small", wrap=True), back)
            said.setStretch(0, 1)
            held.setLayout(column(PlainLabel(one.title, elide=True), said, gap=0))
            self._aside.addWidget(held)
