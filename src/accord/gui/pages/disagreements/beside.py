"""The right pane: the nearest precedents with how they were decided, the guideline, and what happened so far."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from accord.domain.moments import local
from accord.domain.review import DecidedBy, Status
from accord.domain.wording import _, percent
from accord.gui.decision_reasons import reason_words
from accord.gui.icons import set_icon
from accord.gui.pages.disagreements.case import Case
from accord.gui.pages.disagreements.small_text import SmallText
from accord.gui.pages.examples.history import Entry, timeline
from accord.gui.widgets import Button, PlainLabel, Scrolled, StatusChip, column, row
from accord.workflows.adjudicating import Precedent

_AFTER_MS = 60  # the case is painted before
_EXCERPT = 300
_MOST_ENTRIES = 30


class Beside(Scrolled):
    """``open_example`` is called with the id of a precedent to look at."""

    def __init__(self, open_example: Callable[[str], object]) -> None:
        super().__init__(margins=(12, 12, 12, 16), gap=12)
        self.setAccessibleName(_("Precedents, guideline and history"))
        self._open_example = open_example
        self.precedents, self.guideline = Fold(_("Precedents"), unfolded=True), Fold(_("Guideline"), unfolded=True)
        self.history = Fold(_("History"), unfolded=False)
        self._case: Case | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_AFTER_MS)
        self._soon.timeout.connect(self._show)
        self._guideline = SmallText(_("Guideline"))
        self.guideline.fill([self._guideline])
        for part in (self.precedents, self.guideline, self.history):
            self.body.addWidget(part)
        self.body.addStretch(1)

    def show_case(self, case: Case) -> None:
        """Show what belongs to a case, once the case itself is painted."""
        self._case = case
        self._soon.start()

    def _show(self) -> None:
        case = self._case
        cards: list[QWidget] = [] if case is None else [_card(one, self._open_example) for one in case.precedents]
        self.precedents.fill(cards or [PlainLabel(_("Nothing like it is settled yet."), role="muted", wrap=True)])
        self.history.fill([] if case is None else [_line(e) for e in timeline(case.full)[:_MOST_ENTRIES]])
        self.verticalScrollBar().setValue(0)

    def show_guideline(self, markdown: str, version: int) -> None:
        """Show the guideline as text; its marks stay what they are."""
        self.guideline.button.setText(_("Guideline, version {n}", n=version) if version else _("Guideline"))
        self._guideline.set_text(markdown.strip() or _("This project has no guideline yet."))


class Fold(QWidget):
    """A heading that opens and closes what is below it."""

    def __init__(self, title: str, *, unfolded: bool) -> None:
        super().__init__()
        self.button = Button(title, kind="quiet", icon="chevron-right")
        self.button.setCheckable(True)
        self._held = QWidget()
        self._rows = QVBoxLayout(self._held)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(8)
        self._shown: list[QWidget] = []
        self.setLayout(column(row(self.button, None), self._held, gap=4))
        self.button.toggled.connect(self._turn)
        self.button.setChecked(unfolded)
        self._turn(unfolded)

    def fill(self, shown: list[QWidget]) -> None:
        """Show other things below the heading."""
        for old in self._shown:
            self._rows.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._shown = shown
        for widget in shown:
            self._rows.addWidget(widget)

    def _turn(self, unfolded: bool) -> None:  # noqa: FBT001  (Qt's signal gives it so)
        set_icon(self.button, "chevron-down" if unfolded else "chevron-right")
        self._held.setVisible(unfolded)


def how_decided(found: Precedent) -> str:
    """Return who settled a precedent and why."""
    decision = found.decision
    if decision is None:
        agreed = found.row.decided_by == DecidedBy.AGREED
        return _("Its reviewers agree.") if agreed else _("Settled by one reviewer.")
    words = {"reason": reason_words(decision.reason), "name": decision.author}
    return _("By the rule: {reason}", **words) if "rule" in decision.payload else _("{name}: {reason}", **words)


def _card(found: Precedent, open_example: Callable[[str], object]) -> QFrame:
    card = QFrame()
    card.setProperty("kind", "card")
    example = found.row
    look = Button(_("Open"), kind="link", name=_("Open: {request}", request=example.content.request[:80]))
    look.clicked.connect(lambda _checked=False: open_example(example.id))
    alike = PlainLabel(_("{share} alike", share=percent(found.score)), role="small")
    items: list[QWidget] = [_small(_("Request"), example.content.request)]
    if example.status == Status.ACCEPTED:
        items.append(_small(_("Answer"), example.content.answer))
    items.append(PlainLabel(how_decided(found), role="strong", wrap=True))
    if found.decision is not None and found.decision.comment:
        items.append(_small(_("Comment"), found.decision.comment))
    head = row(StatusChip(Status(example.status)), alike, None, look)
    card.setLayout(column(head, *items, gap=6, margins=(12, 6, 12, 10)))
    return card


def _small(name: str, text: str) -> SmallText:
    made = SmallText(name)
    text = text.strip()
    made.set_text(text if len(text) <= _EXCERPT else f"{text[:_EXCERPT].rstrip()}…")
    return made


def _line(entry: Entry) -> QWidget:
    held = QWidget()
    who = " · ".join(part for part in (entry.who, local(entry.at)) if part)
    items: list[QWidget] = [PlainLabel(entry.title, wrap=True), PlainLabel(who, role="small", wrap=True)]
    items += [PlainLabel(fact, role="small", wrap=True, selectable=True) for fact in entry.facts]
    if entry.comment:
        items.append(_small(_("Comment"), entry.comment))
    held.setLayout(column(*items, gap=2))
    return held
