"""The section of limits: what the checks of this project go by."""

from dataclasses import replace

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QLineEdit, QWidget

from accord.domain.findings import Limits
from accord.domain.project import ProjectSettings
from accord.domain.wording import _
from accord.gui.pages.project.sections import Section, show_text
from accord.gui.widgets import AlphaField, Card, FormRow, NumberField, Segmented, row
from accord.workflows import check_rules

_LONGEST, _MOST_TOKENS, _MOST_YEARS, _FARTHEST = 10_000_000, 10_000_000, 200, 100.0
_GAP = 24  # px between two fields
_ENCODINGS = ("o200k_base", "cl100k_base")


class LimitsSection(Section):
    """Lengths, wording, language, tokens, sources, and what is unusual among the examples."""

    section_id = "limits"

    def __init__(self) -> None:
        super().__init__(_("Limits"), _("What the checks of this project go by. After a change, check again."))
        none = _("no limit")
        self.shortest = _number(_("Shortest answer, in characters"), _LONGEST, none)
        self.longest = _number(_("Longest answer, in characters"), _LONGEST, none)
        self.tokens = _number(_("Most tokens of an example"), _MOST_TOKENS, none)
        self.years = _number(_("Oldest source, in years"), _MOST_YEARS, none)
        self.phrases, self.pattern, self.languages = QLineEdit(), QLineEdit(), QLineEdit()
        self.pattern.setPlaceholderText(_("for example: Yes|No"))
        self.languages.setPlaceholderText(_("that of the request"))
        self.encoding = Segmented(_("Counted by"), [(name, name) for name in _ENCODINGS])
        self.place = QCheckBox(_("Legal periods name their place and their date"))
        self.place.setAccessibleName(self.place.text())
        self.least = AlphaField(_("Least share of one answer or tag"), 0, none=none)
        self.most = AlphaField(_("Largest share of one answer or tag"), 1)
        self.odd = _Deviations(_("Unusual from, in deviations"))
        for title, rows in self._cards():
            card = Card(title)
            for one in rows:
                card.body.addWidget(one)
            self.body.addWidget(card)
        self.body.addStretch(1)
        self._connect()

    def put(self, settings: ProjectSettings) -> None:
        """Show the limits."""
        limits = settings.checks
        for field in self._fields():
            field.blockSignals(True)
        self.shortest.setValue(limits.shortest)
        self.longest.setValue(limits.longest)
        self.tokens.setValue(limits.most_tokens)
        self.years.setValue(limits.source_years)
        self.place.setChecked(limits.place_and_date)
        self.least.setValue(limits.least_share)
        self.most.setValue(limits.most_share)
        self.odd.setValue(limits.odd_length)
        for field in self._fields():
            field.blockSignals(False)
        self.encoding.set_value(limits.encoding)
        show_text(self.pattern, limits.pattern)
        for field, values in ((self.phrases, limits.phrases), (self.languages, limits.languages)):
            if _parts(field) != values:
                show_text(field, "; ".join(values))

    def take(self, settings: ProjectSettings) -> ProjectSettings:
        """Return the limits as edited."""
        return replace(settings, checks=self._limits(settings.checks))

    def problem(self) -> str:
        """Return what keeps the limits from being used."""
        return check_rules.problem(self._limits(Limits()))

    def _limits(self, before: Limits) -> Limits:
        return replace(
            before,
            shortest=self.shortest.value(),
            longest=self.longest.value(),
            phrases=_parts(self.phrases),
            pattern=self.pattern.text(),
            languages=tuple(code.lower() for code in _parts(self.languages)),
            most_tokens=self.tokens.value(),
            encoding=self.encoding.value() or before.encoding,
            # What a field cannot show exactly stays as it is until it is changed here.
            least_share=_kept(before.least_share, self.least),
            most_share=_kept(before.most_share, self.most),
            odd_length=_kept(before.odd_length, self.odd),
            source_years=self.years.value(),
            place_and_date=self.place.isChecked(),
        )

    def _cards(self) -> list[tuple[str, list[QWidget]]]:
        encodings = _("o200k: gpt-4o and later. cl100k: gpt-4, 3.5.")
        tokens = FormRow(_("Most in one example"), self.tokens)
        counted = FormRow(_("Counted by"), self.encoding, help_text=encodings)
        least = FormRow(_("Least share of one answer or tag"), self.least)
        most = FormRow(_("Largest share of one answer or tag"), self.most)
        deviations = _("Deviations from the project's median length, a modified z-score.")
        odd = FormRow(_("A length is unusual from"), self.odd, help_text=deviations)
        return [
            (_("Answers"), self._answer_rows()),
            (_("Tokens"), [_Pair(tokens, counted)]),
            (_("Sources and law"), [FormRow(_("Oldest source, in years"), self.years), self.place]),
            (_("Among all examples"), [_Pair(least, most), odd]),
        ]

    def _answer_rows(self) -> list[QWidget]:
        shortest = FormRow(_("Shortest, in characters"), self.shortest)
        longest = FormRow(_("Longest, in characters"), self.longest)
        phrases = _("Phrases separated by semicolons; case is ignored.")
        languages = _("Two-letter codes separated by semicolons: en; es.")
        return [
            _Pair(shortest, longest),
            FormRow(_("Every answer contains"), self.phrases, help_text=phrases),
            FormRow(_("Every answer has the form"), self.pattern, help_text=_("A regular expression.")),
            FormRow(_("Languages of answers"), self.languages, help_text=languages),
        ]

    def _fields(self) -> tuple[QWidget, ...]:
        return (
            *(self.shortest, self.longest, self.tokens, self.years, self.place),
            *(self.least, self.most, self.odd),
        )

    def _connect(self) -> None:
        for field in (self.shortest, self.longest, self.tokens, self.years):
            field.valueChanged.connect(self._said)
        for share in (self.least, self.most, self.odd):
            share.valueChanged.connect(self._said)
        for text in (self.phrases, self.pattern, self.languages):
            text.textEdited.connect(self._said)
        self.place.toggled.connect(self._said)
        self.encoding.changed.connect(self._said)


class _Deviations(AlphaField):
    """How many deviations; the wheel does not change it."""

    def __init__(self, name: str) -> None:
        super().__init__(name, 0)
        self.setRange(1, _FARTHEST)
        self.setDecimals(1)
        self.setSingleStep(0.5)


def _number(name: str, most: int, none: str) -> NumberField:
    field = NumberField(name, 0, most, 0)
    field.setSpecialValueText(none)
    field.setGroupSeparatorShown(True)
    return field


class _Pair(QWidget):
    """Two fields side by side, or one under the other where there is no room."""

    def __init__(self, left: QWidget, right: QWidget) -> None:
        super().__init__()
        self._parts = (left, right)
        self._box = row(left, right, gap=_GAP)
        for position, part in enumerate(self._parts):
            self._box.setStretch(position, 1)
            self._box.setAlignment(part, Qt.AlignmentFlag.AlignTop)
        self.setLayout(self._box)

    def minimumSizeHint(self) -> QSize:
        """Return the width of the wider one: they can stand one under the other."""
        return QSize(max(part.minimumSizeHint().width() for part in self._parts), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand as there is room."""
        super().resizeEvent(event)
        room = 2 * max(part.minimumSizeHint().width() for part in self._parts) + _GAP <= self.width()
        way = QBoxLayout.Direction.LeftToRight if room else QBoxLayout.Direction.TopToBottom
        if self._box.direction() != way:
            self._box.setDirection(way)
            self._box.setSpacing(_GAP if room else 8)


def _parts(field: QLineEdit) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in field.text().split(";") if part.strip()))


def _kept(before: float, field: AlphaField) -> float:
    shown = round(field.value(), field.decimals())
    return before if round(before, field.decimals()) == shown else shown
