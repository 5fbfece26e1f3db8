"""Who reviews what: for whom, how much goes to several people, which tags always do, for how long; looked at first."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QSizePolicy, QSlider, QWidget

from accord.domain.people import Person, Role
from accord.domain.project import ReleaseRules
from accord.domain.wording import _, number, percent, plural
from accord.gui.actions import Actions
from accord.gui.theme import theme
from accord.gui.widgets import ActionButton, Card, Flow, FormRow, NumberField, PlainLabel, column, row
from accord.workflows.assigning import Given

MOST_DAYS, STEP, NARROWEST = 365, 5, 480


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a person chose."""

    reviewers: tuple[str, ...]
    overlap: float
    per_item: int
    tags: tuple[str, ...]
    days: int
    where: str
    controls: float = 0.0


class AssignCard(Card):
    """``changed`` says that another plan stands here; nothing is given out before it was looked at."""

    changed = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__(_("Give out"))
        self.left: int | None = None  # how many examples have fewer reviewers than they need
        self.people = Boxes(_("Reviewers"))
        self.tags = Boxes(_("Tags that always need several people"))
        self.overlap = QSlider(Qt.Orientation.Horizontal)
        self.overlap.setAccessibleName(_("Share that several people review, in percent"))
        self.overlap.setRange(0, 100)
        self.overlap.setSingleStep(STEP)
        self.overlap.setPageStep(STEP)
        self.overlap.setFixedWidth(theme().px(220))
        self.meaning = PlainLabel(role="body", wrap=True)
        self.per_item = NumberField(_("People for each of these"), 2, 9, 2)
        self.days = NumberField(_("Days until it goes to others"), 0, MOST_DAYS, 0)
        self.days.setSpecialValueText(_("no end"))
        self.controls = NumberField(_("Controls besides, in percent"), 0, 100, 0)
        self.controls.setSuffix(" %")
        self.controls.setSpecialValueText(_("none"))
        self.where = QLineEdit()
        self.where.setPlaceholderText(_("All open examples"))
        self.open = PlainLabel(role="muted", wrap=True)
        self.outcome = PlainLabel(role="strong", wrap=True)
        self.outcome.hide()
        self.preview = ActionButton(actions, "people.preview")
        self.give = ActionButton(actions, "people.give", kind="primary")
        self._build()
        self._connect()

    def show_project(self, people: Sequence[Person], tags: Sequence[str], rules: ReleaseRules, left: int) -> None:
        """Show who is there and what the project decides; what a person has chosen since stays."""
        self.left = left
        first = not self.people.boxes
        before = set(self.people.boxes)
        names = [person.name for person in people]
        self.people.show_names(names)
        for person in people:
            if person.name not in before:
                self.people.check(person.name, checked=person.role is Role.REVIEWER)
        self.tags.show_names(list(tags))
        self.tag_row.setVisible(bool(tags))
        if first:
            for box in (self.overlap, self.per_item):
                box.blockSignals(True)
            self.overlap.setValue(round(rules.overlap * 100))
            for box in (self.overlap, self.per_item):
                box.blockSignals(False)
            for name in rules.double_tags:
                self.tags.check(name, checked=True)
        self.open.setText(
            plural("{n} open example has too few reviewers.", "{n} open examples have too few reviewers.", left)
            if left
            else _("Every open example has its reviewers.")
        )
        self._explain()

    def plan(self) -> Plan:
        """Return what is chosen now."""
        return Plan(
            reviewers=tuple(self.people.checked()),
            overlap=self.overlap.value() / 100 if self._several() else 0.0,
            per_item=self.per_item.value(),
            tags=tuple(self.tags.checked()) if self._several() else (),
            days=self.days.value(),
            where=self.where.text().strip(),
            controls=self.controls.value() / 100 if not self.controls_row.isHidden() else 0.0,
        )

    def show_controls(self, there: int) -> None:
        """Offer to mix controls in where there are any."""
        self.controls_row.setVisible(there > 0)

    def show_outcome(self, given: Given) -> None:
        """Say who would get how much."""
        each = ", ".join(f"{name} {number(count)}" for name, count in given.assigned.items())
        several = plural(
            "{n} of {total} goes to several people",
            "{n} of {total} go to several people",
            given.double_reviewed,
            total=number(given.examples),
        )
        told = _("{each}. {several}.", each=each, several=several)
        mixed = ", ".join(f"{name} {number(count)}" for name, count in given.controls.items() if count)
        if mixed:
            told += " " + _("Of them controls: {each}.", each=mixed)
        told = " ".join([told, *given.mixed.sentences])
        self.outcome.setText(told)
        self.outcome.show()

    def _build(self) -> None:
        slider = row(self.overlap, gap=12)
        slider.addWidget(self.meaning, 1)
        self.tag_row = _titled(self.tags.accessibleName(), self.tags)
        numbers = row(gap=16)
        for title, field in (
            (_("People for each of these"), self.per_item),
            (_("Days until it goes to others"), self.days),
        ):
            numbers.addWidget(FormRow(title, field), 0, Qt.AlignmentFlag.AlignTop)
        self.controls_row = FormRow(_("Controls besides"), self.controls)
        self.controls_row.hide()
        numbers.addWidget(self.controls_row, 0, Qt.AlignmentFlag.AlignTop)
        only = FormRow(_("Only these"), self.where, help_text=_("A filter such as tag = dosage, or nothing for all"))
        numbers.addWidget(only, 1)
        kept = _("The share and the tags are kept as this project's rule.")
        share = QWidget()
        share.setLayout(column(PlainLabel(_("Reviewed by several people"), role="strong"), slider, gap=4))
        for part in (self.open, _titled(_("Reviewers"), self.people), share, self.tag_row):
            self.body.addWidget(part)
        self.body.addLayout(numbers)
        self.body.addWidget(self.outcome)
        foot = row(self.preview, self.give, gap=8)
        foot.addWidget(PlainLabel(kept, role="small", wrap=True), 1)
        self.body.addLayout(foot)
        self.body.setSpacing(16)

    def _connect(self) -> None:
        self.overlap.valueChanged.connect(self._say)
        self.per_item.valueChanged.connect(self._say)
        self.days.valueChanged.connect(self._say)
        self.controls.valueChanged.connect(self._say)
        self.where.textChanged.connect(self._say)
        self.people.toggled.connect(self._say)
        self.tags.toggled.connect(self._say)

    def _say(self, *_value: object) -> None:
        self.outcome.hide()
        self._explain()
        self.changed.emit()

    def _explain(self) -> None:
        """Say what the share means in counts."""
        share, left, several = self.overlap.value() / 100, self.left or 0, self._several()
        self.per_item.setMaximum(max(len(self.people.checked()), 2))
        if self.where.text().strip():  # how many that is, the preview counts
            told = _("{share} of these go to {k} people", share=percent(share), k=self.per_item.value())
        elif not left:
            told = _("{share} go to {k} people", share=percent(share), k=self.per_item.value())
        else:
            told = _(
                "{share}: {n} of {total} go to {k} people",
                share=percent(share),
                n=number(ceil(share * left)),
                total=number(left),
                k=self.per_item.value(),
            )
        if not several:
            told = _("Each example goes to one person: tick two or more for several")
        self.meaning.setText(told if share or not several else _("Each example goes to one person"))
        self.overlap.setEnabled(several)
        self.tags.setEnabled(several)
        self.per_item.setEnabled(several and (bool(share) or bool(self.tags.checked())))

    def _several(self) -> bool:
        return len(self.people.checked()) > 1


class Boxes(QWidget):
    """Names to tick, in lines."""

    toggled = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.boxes: dict[str, QCheckBox] = {}
        self._flow = Flow(gap=16, line_gap=4)
        self.setLayout(self._flow)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_names(self, names: Sequence[str]) -> None:
        """Show these; those that are there already stay ticked or not."""
        for gone in [name for name in self.boxes if name not in names]:
            box = self.boxes.pop(gone)
            self._flow.removeWidget(box)
            box.hide()
            box.deleteLater()
        for name in names:
            if name not in self.boxes:
                box = QCheckBox(name.replace("&", "&&"))
                box.setAccessibleName(name)
                box.toggled.connect(lambda _checked: self.toggled.emit())
                self.boxes[name] = box
                self._flow.addWidget(box)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the height at a usual width; at the least one it is a line for each name, and the page ends empty."""
        width = theme().px(NARROWEST)
        return QSize(width, self._flow.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return the size hint."""
        return self.sizeHint()

    def check(self, name: str, *, checked: bool) -> None:
        """Tick a name, or not, without a signal."""
        box = self.boxes.get(name)
        if box is not None:
            box.blockSignals(True)
            box.setChecked(checked)
            box.blockSignals(False)

    def checked(self) -> list[str]:
        """Return the names that are ticked."""
        return [name for name, box in self.boxes.items() if box.isChecked()]


def _titled(title: str, content: QWidget) -> QWidget:
    held = QWidget()
    held.setLayout(column(PlainLabel(title, role="strong"), content, gap=4))
    return held
