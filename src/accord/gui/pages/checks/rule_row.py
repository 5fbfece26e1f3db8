"""One rule as two or three lines: how serious, what it is, what it found here, and whether it is looked for."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from accord.domain.dismissals import RuleCount
from accord.domain.findings import Severity
from accord.domain.wording import _, number, plural
from accord.gui.severity import severity_look
from accord.gui.theme import SMALL, theme
from accord.gui.widgets import Button, PlainLabel, column, row
from accord.workflows.check_rules import RuleFacts

_SEVERITY, _OPEN = 84, 84  # px at 100 percent


class RuleRow(QWidget):
    """``switched`` says that a person wants the rule or not, ``open_wanted`` asks for the examples it found."""

    switched = Signal(str, bool)
    open_wanted = Signal(str)

    def __init__(self, rule: RuleFacts) -> None:
        super().__init__()
        self.rule = rule
        px = theme().px
        self.setAccessibleName(rule.title)
        severity = SeverityWord(rule.severity)
        self.open = Button(kind="link", run=lambda: self.open_wanted.emit(rule.name))
        self.none = PlainLabel(role="muted")
        self.none.setContentsMargins(0, 0, px(4), 0)  # as the link beside it has
        opened = QWidget()
        opened.setLayout(row(None, self.open, self.none, gap=0))
        opened.setFixedWidth(px(_OPEN))
        self.dismissed = PlainLabel(role="small")
        self.wanted = QCheckBox(_("On"))
        self.wanted.setAccessibleName(_("Look for: {rule}", rule=rule.title))
        self.wanted.toggled.connect(lambda on: self.switched.emit(rule.name, on))
        self.sentence = PlainLabel(rule.sentence, role="small", wrap=True)
        self.source: PlainLabel | None = None
        self.more = Button(_("Source"), kind="link", size="small", run=self._turn)
        self.more.setAccessibleName(_("Where this rule comes from: {rule}", rule=rule.title))
        self.wrong = PlainLabel(role="error", wrap=True)
        self.wrong.hide()
        title = PlainLabel(rule.title, role="strong", wrap=True)
        top = row(severity, title, opened, self.wanted, gap=8)
        top.setStretch(1, 1)
        said = row(self.sentence, self.dismissed, self.more, gap=8)
        said.setStretch(0, 1)
        self._below = column(said, self.wrong, gap=4, margins=(px(_SEVERITY) + 8, 0, 0, 0))
        self.setLayout(column(top, self._below, gap=0))

    def show_wanted(self, *, on: bool, missing: bool) -> None:
        """Show whether it is looked for; ``missing``: it cannot be here."""
        self.wanted.blockSignals(True)
        self.wanted.setChecked(on)
        self.wanted.blockSignals(False)
        self.wanted.setText(_("Not here") if on and missing else _("On"))

    def show_count(self, found: RuleCount | None, *, checked: bool) -> None:
        """Show what it found in the examples; ``checked``: whether anything was looked at yet."""
        count = 0 if found is None else found.open
        self.open.setText(_("{n} open", n=number(count)))
        self.open.setAccessibleName(
            plural("{rule}: show {n} open finding", "{rule}: show {n} open findings", count, rule=self.rule.title)
        )
        self.open.setVisible(count > 0)
        self.none.setText(_("none") if checked and not self.rule.whole else "")
        self.none.setVisible(count == 0)
        dismissed = 0 if found is None else found.dismissed
        self.dismissed.setText(_("{n} dismissed", n=number(dismissed)))
        self.dismissed.setVisible(dismissed > 0)
        often = found is not None and found.often_wrong
        if found is not None and often:
            self.wrong.setText(
                _(
                    "Wrong more often than right here: of {n} dismissed, {wrong} were false alarms; what was mended by "
                    "an edit is not counted. Switch it off, or ask whether the guideline means something else.",
                    wrong=number(found.false_alarms),
                    n=number(found.dismissed),
                )
            )
        self.wrong.setVisible(often)

    def _turn(self) -> None:
        if self.source is None:
            self.source = PlainLabel(self.rule.source, role="small", wrap=True, selectable=True)
            self._below.insertWidget(1, self.source)
            self.source.show()
        else:
            self.source.setVisible(self.source.isHidden())
        self.more.setText(_("Source") if self.source.isHidden() else _("Hide the source"))
        self.more.setAccessibleName(_("Where this rule comes from: {rule}", rule=self.rule.title))


class SeverityWord(QWidget):
    """Icon and word of a severity, in its colour; drawn, for there are many."""

    def __init__(self, severity: Severity) -> None:
        super().__init__()
        self._look = severity_look(severity)
        self.setAccessibleName(self._look.word)
        self.setFixedWidth(theme().px(_SEVERITY))
        theme().changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw icon and word."""
        now, painter = theme(), QPainter(self)
        size = now.px(16)
        painter.drawPixmap(
            0, (self.height() - size) // 2, now.icon(self._look.icon, self._look.tone).pixmap(size, size)
        )
        painter.setPen(now.color(self._look.tone))
        painter.setFont(now.font(SMALL))
        area = self.rect().adjusted(size + now.px(6), 0, 0, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._look.word)
