"""Buttons that list what the project holds, with counts, and a chip for each filter in force that takes it off."""

from functools import partial

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from accord.domain.filters import FINDINGS, Field, Op, Term
from accord.domain.wording import _, number
from accord.gui.pages.examples.filtering import field_word, term_words, value_word, values_of
from accord.gui.theme import theme
from accord.gui.widgets import Button, Flow, plain_tooltip
from accord.workflows.browsing import Facets

OFFERED = (Field.STATUS, Field.TAG, Field.ORIGIN, Field.SOURCE, Field.FINDING)
MOST_VALUES = 40
MOST_LETTERS = 60


class FilterBar(QWidget):
    """``toggled`` gives the term that a person chose or took off, ``cleared`` says that all are to go."""

    toggled = Signal(object)
    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Filters"))
        self._flow = Flow(gap=8, line_gap=8)
        self.setLayout(self._flow)
        self._facets: Facets | None = None
        self._terms: tuple[Term, ...] = ()
        self._any_filter = False
        self.menus = {field: QMenu(self) for field in OFFERED}
        self.buttons = {field: self._button(field) for field in OFFERED}
        self.chips: list[FilterChip] = []
        self.clear = Button(_("Clear filters"), kind="link", run=self.cleared.emit)
        self._beside: list[QWidget] = []
        self._lay_out()

    def put_beside(self, button: QWidget) -> None:
        """Show another button after those of the fields."""
        self._beside.append(button)
        self._lay_out()

    def set_facets(self, facets: Facets) -> None:
        """Offer what the project holds now."""
        self._facets = facets
        self._lay_out()

    def set_terms(self, terms: tuple[Term, ...], *, any_filter: bool) -> None:
        """Show a chip for each term; ``any_filter`` counts the search field too."""
        self._terms = terms
        for old in self.chips:
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.chips = [self._chip(term) for term in terms]
        self._any_filter = any_filter
        self._lay_out()

    def _lay_out(self) -> None:
        """Put what is to be seen in its order; a hidden widget would leave a gap."""
        offered = {button: bool(self._offers(field)) for field, button in self.buttons.items()}
        chips = ((chip, True) for chip in self.chips)
        beside = ((button, True) for button in self._beside)
        seen: list[tuple[QWidget, bool]] = [*offered.items(), *beside, *chips, (self.clear, self._any_filter)]
        for widget, visible in seen:
            self._flow.removeWidget(widget)
            if visible:
                self._flow.addWidget(widget)
            widget.setVisible(visible)
        self.updateGeometry()

    def _button(self, field: Field) -> Button:
        word = field_word(field)
        made = Button(f"{word} ▾", size="small", run=partial(self._open, field))
        made.setAccessibleName(_("Filter by {field}", field=word))
        self.menus[field].setAccessibleName(made.accessibleName())
        return made

    def _chip(self, term: Term) -> "FilterChip":
        made = FilterChip(term_words(term))
        made.clicked.connect(partial(self._choose, term))
        return made

    def _open(self, field: Field) -> None:
        menu, button = self.menus[field], self.buttons[field]
        menu.clear()
        for value, count in self._offers(field):
            term = Term(field=field, op=Op.IS, value=value)
            title = f"{value_word(field, value)[:MOST_LETTERS]}   {number(count)}"
            entry = menu.addAction(title.replace("&", "&&"))
            entry.setCheckable(True)
            entry.setChecked(term in self._terms)
            entry.triggered.connect(partial(self._choose, term))
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + 4)))

    def _choose(self, term: Term, _checked: bool = False) -> None:  # noqa: FBT001, FBT002  (Qt's signal gives it so)
        self.toggled.emit(term)

    def _offers(self, field: Field) -> list[tuple[str, int]]:
        """Return the values to offer with their counts: those of a fixed few in their order, others by count."""
        facets = self._facets
        if facets is None:
            return []
        match field:
            case Field.STATUS:
                return [(value, facets.status[value]) for value in values_of(field) if facets.status.get(value)]
            case Field.ORIGIN:
                return [(value, facets.origin[value]) for value in values_of(field) if facets.origin.get(value)]
            case Field.FINDING:
                fixed = [(value, facets.finding[value]) for value in FINDINGS if facets.finding.get(value)]
                return fixed + _by_count({v: n for v, n in facets.finding.items() if v not in FINDINGS})
            case Field.TAG:
                return _by_count(facets.tag)
            case _source:
                return _by_count({**facets.source, **facets.file})


class FilterChip(QPushButton):
    """A filter in force; pressing it takes it off."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words
        self._shown = words if len(words) <= MOST_LETTERS else f"{words[: MOST_LETTERS - 1]}…"
        self.setAutoDefault(False)
        self.setProperty("measure", "small")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Take off the filter {filter}", filter=words))
        plain_tooltip(self, self.accessibleName())
        theme().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Return the size of the words and the cross."""
        return QSize(self.fontMetrics().horizontalAdvance(self._shown) + theme().px(40), theme().px(26))

    def minimumSizeHint(self) -> QSize:
        """Return the size hint."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a filled pill with a cross at its end."""
        now, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = 2 if self.hasFocus() else 1
        painter.setPen(QPen(now.color("primary"), ring))
        painter.setBrush(now.color("hover" if self.underMouse() else "selected"))
        shape = QRectF(self.rect()).adjusted(ring / 2, ring / 2, -ring / 2, -ring / 2)
        painter.drawRoundedRect(shape, shape.height() / 2, shape.height() / 2)
        painter.setPen(now.color("text"))
        words = QRectF(now.px(12), 0, self.width() - now.px(32), self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._shown)
        size = now.px(14)
        cross = now.icon("close", "text").pixmap(size, size)
        painter.drawPixmap(self.width() - size - now.px(8), (self.height() - size) // 2, cross)


def _by_count(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_VALUES]
