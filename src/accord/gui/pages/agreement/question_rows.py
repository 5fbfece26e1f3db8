"""The questions, one under the other: percent, alpha and AC1 with their intervals, and the sentence that says it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from accord.domain.project_agreement import About, QuestionAgreement
from accord.domain.wording import _, number, plural
from accord.gui.pages.agreement.figures import Whisker, coefficient, reason, share
from accord.gui.theme import theme
from accord.gui.widgets import Button, Card, PlainLabel, column, line, plain_tooltip, row

_MORE = 20  # rows that are made at once; each is a dozen widgets
_NAME, _PERCENT, _WHISKER, _VALUE = 170, 118, 150, 124  # px at 100 percent


def _figures() -> tuple[tuple[str, str], ...]:
    return (("krippendorff_alpha", _("Krippendorff's alpha")), ("gwet_ac1", _("Gwet's AC1")))


class QuestionRow(QWidget):
    """One question; ``wanted`` asks for its details, ``items_wanted`` for its examples (the differing ones, or all)."""

    wanted = Signal(str)
    items_wanted = Signal(str, bool)

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key
        px = theme().px
        self.open = Button(kind="link", run=lambda: self.wanted.emit(key))
        self.differing = Button(kind="link", run=lambda: self.items_wanted.emit(key, True))
        self.all = Button(kind="link", run=lambda: self.items_wanted.emit(key, False))
        self.percent = PlainLabel(role="strong")
        self.percent.setFixedWidth(px(_PERCENT))
        self.sentence = PlainLabel(role="small", wrap=True)
        self.whiskers = {name: Whisker(title) for name, title in _figures()}
        self.values = {name: PlainLabel() for name in self.whiskers}
        name_of = QWidget()
        name_of.setLayout(row(self.open, None))
        name_of.setFixedWidth(px(_NAME))
        top = row(name_of, self.percent, gap=8)
        for name, whisker in self.whiskers.items():
            self.values[name].setFixedWidth(px(_VALUE))
            top.addWidget(whisker)
            top.addWidget(self.values[name])
        top.addStretch(1)
        below = row(gap=16, margins=(4, 0, 0, 0))
        below.addWidget(self.sentence, 1)
        below.addWidget(self.all)
        below.addWidget(self.differing)
        self.setLayout(column(top, below, gap=2))

    def show_question(self, found: QuestionAgreement, *, chosen: bool) -> None:
        """Show a question's figures; of the chosen one the details stand below."""
        self.setAccessibleName(found.question.title)
        self.open.setText(f"▸ {found.question.title}" if chosen else found.question.title)
        plain_tooltip(self.open, _("Who agrees with whom on this, over time and by guideline"))
        figures = found.agreement.figures
        agree = figures.get("percent_agreement")
        self.percent.setText("" if agree is None else share(agree))
        plain_tooltip(self.percent, "" if agree is None else reason(agree) or _("of the pairs of reviewers agree"))
        for name, whisker in self.whiskers.items():
            there = name in figures
            whisker.setVisible(there)
            self.values[name].setVisible(there)
            if there:
                whisker.show_figure(figures[name])
                self.values[name].setText(coefficient(figures[name]))
                plain_tooltip(self.values[name], reason(figures[name]))
        self.all.setText(plural("{n} reviewed twice", "{n} reviewed twice", found.double))
        self.all.setVisible(found.double > 0)
        differ = plural("{n} differs", "{n} differ", found.differing)
        if found.decided:
            differ = _("{differ}, {n} decided", differ=differ, n=number(found.decided))
        self.differing.setText(differ)
        self.differing.setVisible(found.differing > 0)
        self.sentence.setText(" ".join((found.sentence, *found.agreement.warnings)))


class QuestionRows(Card):
    """All questions of a project; of the tags on which nobody differs some more are shown each time one asks."""

    wanted = Signal(str)
    items_wanted = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self.body.addLayout(_titles())
        self._column = column(gap=8)
        self.body.addLayout(self._column)
        self.fold = Button(kind="link", run=self._unfold)
        self.body.addLayout(row(self.fold, None))
        self.rows: list[QuestionRow] = []
        self._lines: list[QWidget] = []
        self._found: Sequence[QuestionAgreement] = ()
        self._chosen = ""
        self._unfolded = 0

    def show_questions(self, found: Sequence[QuestionAgreement], chosen: str) -> None:
        """Show the questions, the tags with most differences first; rows of the same ones are kept, focus and all."""
        self._found, self._chosen = found, chosen
        ordered = sorted(found, key=lambda one: (one.question.about is About.TAG, _rank(one)))
        quiet = [one for one in ordered if self._is_quiet(one)]
        shown = [one for one in ordered if not self._is_quiet(one)] + quiet[: self._unfolded]
        if [one.key for one in self.rows] != [one.question.key for one in shown][: len(self.rows)]:
            for old in (*self.rows, *self._lines):
                self._column.removeWidget(old)
                old.hide()
                old.deleteLater()
            self.rows, self._lines = [], []
        for one in shown[len(self.rows) :]:
            self._add(one.question.key)
        for made, one in zip(self.rows, shown, strict=True):
            made.show_question(one, chosen=one.question.key == chosen)
        left = len(ordered) - len(shown)
        self.fold.setText(plural("Show {n} tag on which all agree", "Show {n} tags on which all agree", left))
        self.fold.setVisible(left > 0)

    def _is_quiet(self, one: QuestionAgreement) -> bool:
        return one.question.about is About.TAG and not one.differing and one.question.key != self._chosen

    def _unfold(self) -> None:
        self._unfolded += _MORE
        self.show_questions(self._found, self._chosen)

    def _add(self, key: str) -> None:
        made, rule = QuestionRow(key), line()
        made.wanted.connect(self.wanted)
        made.items_wanted.connect(self.items_wanted)
        self._column.addWidget(rule)
        self._column.addWidget(made)
        self.rows.append(made)
        self._lines.append(rule)


def _rank(one: QuestionAgreement) -> tuple[int, str]:
    return (-one.differing, one.question.title) if one.question.about is About.TAG else (0, "")


def _titles() -> QHBoxLayout:
    px = theme().px
    titles = row(gap=8)
    for text, width in (
        (_("Question"), _NAME),
        (_("Alike"), _PERCENT),
        *((title, _WHISKER + 8 + _VALUE) for _name, title in _figures()),
    ):
        label = PlainLabel(text, role="small")
        label.setFixedWidth(px(width))
        titles.addWidget(label)
    titles.addStretch(1)
    return titles
