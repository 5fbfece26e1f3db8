"""The sections of what a project decides: each shows its part of the settings and gives it back as edited."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from accord.domain.project import (
    Charter,
    DataClass,
    ProjectSettings,
    RatingQuestion,
    Tag,
)
from accord.domain.wording import _
from accord.gui.pages.project.drafting import MOST_POINTS, name_for
from accord.gui.pages.project.row_editor import Cell, Line, RowEditor
from accord.gui.theme import theme
from accord.gui.widgets import Button, Card, FormRow, MessageEditor, PlainLabel, Scrolled, Segmented, column, row

#: Of the widest section, px at 100 percent, and of its editors in characters.
WIDTH, COLUMNS = 760, 110


def show_text(field: MessageEditor | QLineEdit, text: str) -> None:
    """Put a text in, unless it stands there: the cursor of who is typing stays where it is."""
    if field.text() != text:
        field.setText(text)


class Section(Scrolled):
    """One section; ``changed`` says that a person edited it."""

    changed = Signal()
    section_id = ""

    def __init__(self, title: str, sentence: str = "") -> None:
        super().__init__(margins=(24, 12, 24, 24))
        held = QWidget()
        held.setObjectName("scrolled")
        held.setMaximumWidth(theme().px(WIDTH))
        across = row(gap=0)
        across.addWidget(held, 1000)
        across.addStretch(1)
        self.body.addLayout(across)
        self.body = column(gap=16)
        held.setLayout(self.body)
        self.title = title
        self.setAccessibleName(title)
        self.body.addWidget(PlainLabel(title, role="heading"))
        if sentence:
            self.body.addWidget(PlainLabel(sentence, role="muted", wrap=True))
        self.fault = PlainLabel(role="error", wrap=True)
        self.fault.hide()
        self.body.addWidget(self.fault)

    def put(self, settings: ProjectSettings) -> None:
        """Show settings, without a signal."""

    def take(self, settings: ProjectSettings) -> ProjectSettings:
        """Return the settings with what stands in this section."""
        return settings

    def problem(self) -> str:
        """Return what only this section can know to be wrong."""
        return ""

    def show_fault(self, sentence: str) -> None:
        """Say what keeps this section from being saved."""
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))

    def _said(self, *_value: object) -> None:
        self.changed.emit()


class Basics(Section):
    """Title and data class."""

    section_id = "basics"

    def __init__(self, *, in_file: bool = True, work_with_others: Callable[[], object]) -> None:
        super().__init__(_("Basics"))
        self.name = QLineEdit()
        self.name.textEdited.connect(self._said)
        self.body.addWidget(FormRow(_("Title"), self.name))
        options = [
            (DataClass.LOCKED.value, _("Locked to this machine")),
            (DataClass.CONSENT.value, _("May be sent, after consent")),
        ]
        self.data_class = Segmented(_("Where the data may go"), options)
        self.data_class.changed.connect(self._said)
        help_text = _(
            "Locked: nothing of this project is ever sent to a service. "
            "May be sent: each time, what would be sent is shown first and a person agrees to it."
        )
        self.body.addWidget(FormRow(_("Where the data may go"), self.data_class, help_text=help_text))
        self.together = PlainLabel(
            _(
                "Colleagues can review at the same time once the project is on a PostgreSQL server. Whoever keeps the "
                "server moves it there: accord restore BACKUP --to postgresql://…, then accord team postgresql://… "
                "--init. In a file, only this program hides reviewers' verdicts from each other."
            ),
            role="small",
            wrap=True,
            selectable=True,
        )
        self.others = Button(_("Work with others"), icon="account-group-outline", run=work_with_others)
        self.body.addLayout(row(self.others, None))
        self.body.addWidget(self.together)
        self.together.setVisible(in_file)  # not before it has a parent: it would be a window for a moment
        self.body.addStretch(1)

    def put(self, settings: ProjectSettings) -> None:
        """Show title and data class."""
        show_text(self.name, settings.title)
        self.data_class.set_value(settings.data_class.value)

    def take(self, settings: ProjectSettings) -> ProjectSettings:
        """Return them as edited."""
        return replace(settings, title=self.name.text(), data_class=DataClass(self.data_class.value()))


class Tags(Section):
    """The tag set."""

    section_id = "tags"

    def __init__(self) -> None:
        super().__init__(
            _("Tags"),
            _("The first nine have the keys 1 to 9 in Review. A changed name does not change reviews already made."),
        )
        self.rows = RowEditor(
            _("Tags"), [Cell(title=_("Tag"), width=180), Cell(title=_("When to use it"))], add=_("Add a tag")
        )
        self.rows.changed.connect(self._said)
        self.body.addWidget(self.rows)
        self.body.addStretch(1)

    def put(self, settings: ProjectSettings) -> None:
        """Show the tags."""
        self.rows.set_lines([Line((tag.name, tag.description)) for tag in settings.tags])

    def take(self, settings: ProjectSettings) -> ProjectSettings:
        """Return the tags as edited."""
        found = tuple(Tag(name=line.values[0], description=line.values[1]) for line in self.rows.lines())
        return replace(settings, tags=found)


class Questions(Section):
    """Rating questions and reject reasons."""

    section_id = "questions"

    def __init__(self) -> None:
        super().__init__(_("Questions"), _("What a reviewer answers beside the verdict."))
        cells = [
            Cell(title=_("Question, answered in points")),
            Cell(title=_("From 1 to"), width=90, low=2, high=MOST_POINTS, usual=5),
        ]
        self.ratings = RowEditor(_("Rating questions"), cells, add=_("Add a question"))
        self.reasons = RowEditor(_("Reasons to reject"), [Cell(title=_("Reason to reject"))], add=_("Add a reason"))
        for title, rows in ((_("Ratings"), self.ratings), (_("Reasons to reject"), self.reasons)):
            rows.changed.connect(self._said)
            card = Card(title)
            card.body.addWidget(rows)
            self.body.addWidget(card)
        self.body.addStretch(1)

    def put(self, settings: ProjectSettings) -> None:
        """Show both lists."""
        self.ratings.set_lines([Line((q.title, str(q.high)), q.name) for q in settings.ratings])
        self.reasons.set_lines([Line((reason,)) for reason in settings.reject_reasons])

    def take(self, settings: ProjectSettings) -> ProjectSettings:
        """Return both lists as edited; a question keeps its name when its title changes."""
        lines = self.ratings.lines()
        taken = {line.key for line in lines if line.key}
        found: list[RatingQuestion] = []
        for line in lines:
            name = line.key or name_for(line.values[0], taken)
            taken.add(name)
            found.append(RatingQuestion(name=name, title=line.values[0], high=int(line.values[1])))
        reasons = tuple(line.values[0] for line in self.reasons.lines())
        return replace(settings, ratings=tuple(found), reject_reasons=reasons)


class CharterSection(Section):
    """What the model is for."""

    section_id = "charter"

    def __init__(self) -> None:
        super().__init__(_("Charter"), _("What the model is for and when it is good enough, written down beforehand."))
        self.goal = MessageEditor(_("Goal"), columns=COLUMNS)
        self.measure, self.threshold = QLineEdit(), QLineEdit()
        self.prompt = MessageEditor(_("Prompt in use today"), columns=COLUMNS)
        rows: list[tuple[str, QWidget, str]] = [
            (_("Goal"), self.goal, ""),
            (_("Measured by"), self.measure, _("For example: share of answers that two clinicians accept")),
            (_("Good enough at"), self.threshold, _("For example: 90%, and no unsafe answer")),
            (_("Prompt in use today"), self.prompt, _("What the model must beat")),
        ]
        for title, control, help_text in rows:
            self.body.addWidget(FormRow(title, control, help_text=help_text))
        for field in (self.measure, self.threshold):
            field.textEdited.connect(self._said)
        for editor in (self.goal, self.prompt):
            editor.edited.connect(self._said)
        self.body.addStretch(1)

    def put(self, settings: ProjectSettings) -> None:
        """Show the charter."""
        show_text(self.goal, settings.charter.goal)
        show_text(self.measure, settings.charter.metric)
        show_text(self.threshold, settings.charter.threshold)
        show_text(self.prompt, settings.charter.prompt)

    def take(self, settings: ProjectSettings) -> ProjectSettings:
        """Return the charter as edited."""
        charter = Charter(
            goal=self.goal.text(),
            metric=self.measure.text(),
            threshold=self.threshold.text(),
            prompt=self.prompt.text(),
        )
        return replace(settings, charter=charter)
