"""The right pane: guideline, findings, tags, ratings, reasons, comment and citation of the item."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from accord.domain.project import ProjectSettings
from accord.domain.wording import _
from accord.gui.actions import Actions
from accord.gui.icons import set_icon
from accord.gui.pages.review.findings_part import FindingsPart
from accord.gui.pages.review.key_cap import KeyCap
from accord.gui.pages.review.keys import KEYED_TAGS, tag_action
from accord.gui.pages.review.note_field import NoteField
from accord.gui.pages.review.tag_field import TagField
from accord.gui.pages.review.work import Work
from accord.gui.theme import theme
from accord.gui.widgets import (
    Button,
    Flow,
    PlainLabel,
    Scrolled,
    Segmented,
    TagChip,
    column,
    plain_tooltip,
    row,
)

WIDTH = 304
NO_RATING = "–"


class JudgementPane(QFrame):
    """Shows the fields of a judgement; the page keeps the values and hears what a person does."""

    tag_toggled = Signal(str)
    reason_toggled = Signal(str)
    rated = Signal(str, object)
    noted = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setProperty("kind", "panel")
        self.setAccessibleName(_("Judgement"))
        self.setFixedWidth(theme().px(WIDTH))
        self._actions = actions
        self._settings = ProjectSettings()
        self.tag_chips: list[TagChip] = []
        self.reason_chips: list[TagChip] = []
        self.ratings: dict[str, Segmented] = {}
        self._rating_rows: list[QWidget] = []
        self.guideline = _Guideline()
        self.findings = FindingsPart(actions)
        self._tags, self._reasons, self._ratings = QWidget(), QWidget(), QWidget()
        self._tag_flow, self._reason_flow = Flow(6), Flow(6)
        self._tags.setLayout(self._tag_flow)
        self._reasons.setLayout(self._reason_flow)
        self._ratings.setLayout(column(gap=8))
        self.tag_field = TagField()
        self.tag_field.chosen.connect(self.tag_toggled)
        self.comment = NoteField(_("Comment"), _("What another person should know"))
        self.citation = NoteField(_("Citation"), _("The source that settles it"), lines=1)
        for note in (self.comment, self.citation):
            note.edited.connect(self.noted)
        self._build()

    def _build(self) -> None:
        area = Scrolled(margins=(16, 12, 16, 16), gap=16)
        area.body.addWidget(self.guideline)
        area.body.addWidget(self.findings)
        area.body.addLayout(column(_headed(_("Tags"), "review.more_tags", self._actions), self._tags, self.tag_field))
        self._rating_part = _part(_headed(_("Ratings"), "review.rate", self._actions), self._ratings)
        self._reason_part = _part(_headed(_("Reasons to reject"), "review.reject", self._actions), self._reasons)
        area.body.addWidget(self._rating_part)
        area.body.addWidget(self._reason_part)
        area.body.addLayout(column(_headed(_("Comment"), "review.comment", self._actions), self.comment, gap=6))
        area.body.addLayout(column(_headed(_("Citation"), "review.cite", self._actions), self.citation, gap=6))
        area.body.addStretch(1)
        self.setLayout(column(area, gap=0))

    def set_project(self, settings: ProjectSettings, guideline_version: int) -> None:
        """Take what the project decides: tags, questions, reasons, guideline."""
        self._settings = settings
        self.guideline.set_text(settings.guideline, guideline_version)
        self.tag_field.set_known([(tag.name, tag.description) for tag in settings.tags])
        layout = self._ratings.layout()
        for held in self._rating_rows:
            held.hide()
            held.deleteLater()
        self._rating_rows = []
        self.ratings = {}
        for question in settings.ratings:
            options = [("", NO_RATING), *((str(n), str(n)) for n in range(1, question.high + 1))]
            control = Segmented(question.title, options)
            control.changed.connect(partial(self._tell_rating, question.name))
            self.ratings[question.name] = control
            held = _part(PlainLabel(question.title), control, gap=4)
            self._rating_rows.append(held)
            if layout is not None:
                layout.addWidget(held)
        self._rating_part.setVisible(bool(settings.ratings))
        self._reason_part.setVisible(bool(settings.reject_reasons))
        self._set_tags(())
        self._set_reasons(settings.reject_reasons)

    def show_work(self, work: Work) -> None:
        """Show what was entered for an item."""
        known = {tag.name for tag in self._settings.tags}
        self._set_tags([tag for tag in work.tags if tag not in known])
        self._set_reasons([*self._settings.reject_reasons, *_others(work.reasons, self._settings.reject_reasons)])
        self.show_marks(work)
        for note, text in ((self.comment, work.comment), (self.citation, work.citation)):
            note.blockSignals(True)
            note.set_text(text)
            note.blockSignals(False)

    def show_marks(self, work: Work) -> None:
        """Show which tags, reasons and ratings are on."""
        if any(tag not in {chip.tag for chip in self.tag_chips} for tag in work.tags):
            known = {tag.name for tag in self._settings.tags}
            self._set_tags([tag for tag in work.tags if tag not in known])
        for chip in self.tag_chips:
            chip.setChecked(chip.tag in work.tags)
        for chip in self.reason_chips:
            chip.setChecked(chip.tag in work.reasons)
        for name, control in self.ratings.items():
            rating = work.ratings.get(name)
            control.set_value("" if rating is None else str(rating))

    def _set_tags(self, others: Sequence[str]) -> None:
        names = [tag.name for tag in self._settings.tags] + list(others)
        if [chip.tag for chip in self.tag_chips] == names:
            return
        keys = [self._actions.key(tag_action(n)) if n <= KEYED_TAGS else "" for n in range(1, len(names) + 1)]
        shown = len(self._settings.tags)
        keys = [key if n < shown else "" for n, key in enumerate(keys)]
        self.tag_chips = _chips(self._tag_flow, self.tag_chips, names, keys)
        descriptions = {tag.name: tag.description for tag in self._settings.tags}
        for chip in self.tag_chips:
            plain_tooltip(chip, descriptions.get(chip.tag, ""))
            chip.clicked.connect(lambda _on=False, tag=chip.tag: self.tag_toggled.emit(tag))
        self._tags.updateGeometry()

    def _set_reasons(self, names: Sequence[str]) -> None:
        if [chip.tag for chip in self.reason_chips] == list(names):
            return
        self.reason_chips = _chips(self._reason_flow, self.reason_chips, names, [""] * len(names))
        for chip in self.reason_chips:
            chip.clicked.connect(lambda _on=False, reason=chip.tag: self.reason_toggled.emit(reason))
        self._reasons.updateGeometry()

    def _tell_rating(self, question: str, value: str) -> None:
        self.rated.emit(question, int(value) if value else None)


class _Guideline(QWidget):
    """The project's guideline, folded or open."""

    def __init__(self) -> None:
        super().__init__()
        self.fold = Button(_("Guideline"), kind="quiet", icon="chevron-right")
        self.fold.setCheckable(True)
        self.fold.toggled.connect(self._turn)
        self.words = PlainLabel("", wrap=True, selectable=True)
        self.words.hide()
        self.setLayout(column(row(self.fold, None), self.words, gap=4))

    def set_text(self, markdown: str, version: int) -> None:
        """Show a guideline; its marks are taken out, its words stay."""
        self.fold.setText(_("Guideline, version {n}", n=version))
        self.words.setText(_unmarked(markdown))
        self.setVisible(bool(markdown.strip()))

    def _turn(self, unfolded: bool) -> None:  # noqa: FBT001  (Qt's signal gives it so)
        set_icon(self.fold, "chevron-down" if unfolded else "chevron-right")
        self.words.setVisible(unfolded)


def _unmarked(markdown: str) -> str:
    whole = markdown.strip().splitlines()
    if whole and whole[0].startswith("#"):
        whole = whole[1:]  # the title is that of the part already
    lines = [line.lstrip("#").strip() if line.startswith("#") else line for line in whole]
    return "\n".join(lines).strip().replace("**", "").replace("\n- ", "\n• ")


def _others(values: Sequence[str], known: Sequence[str]) -> list[str]:
    return [value for value in values if value not in known]


def _chips(flow: Flow, old: Sequence[TagChip], names: Sequence[str], keys: Sequence[str]) -> list[TagChip]:
    for chip in old:
        flow.removeWidget(chip)
        chip.hide()
        chip.deleteLater()
    made = [TagChip(name, key) for name, key in zip(names, keys, strict=True)]
    for chip in made:
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        flow.addWidget(chip)
    return made


def _headed(title: str, action_id: str, actions: Actions) -> QWidget:
    """Return a heading with the key of its action beside it."""
    held = QWidget()
    held.setLayout(row(PlainLabel(title, role="heading"), None, KeyCap(actions, action_id)))
    return held


def _part(*items: QWidget, gap: int = 8) -> QWidget:
    held = QWidget()
    inner = QVBoxLayout(held)
    inner.setContentsMargins(0, 0, 0, 0)
    inner.setSpacing(gap)
    for item in items:
        inner.addWidget(item)
    return held
