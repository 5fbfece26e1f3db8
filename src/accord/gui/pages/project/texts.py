"""The sections that are texts: the instruction with an example of its effect, the guideline with its preview."""

from dataclasses import replace

from PySide6.QtCore import QTimer, Signal

from accord.domain.project import ProjectSettings
from accord.domain.releases import InstructionMode
from accord.domain.wording import _
from accord.gui.pages.project.sections import COLUMNS, Section, show_text
from accord.gui.theme import theme
from accord.gui.widgets import Button, Card, FormRow, MessageEditor, PlainLabel, Segmented, TextView, column, row
from accord.gui.widgets.markdown import MarkdownView

PREVIEW_AFTER_MS = 250
EDIT, READ = "edit", "read"


class Instruction(Section):
    """The instruction and what a release does with it."""

    section_id = "instruction"

    def __init__(self) -> None:
        super().__init__(_("Instruction"), _("The message that tells the model how to answer, before each request."))
        self.text = MessageEditor(_("Instruction"), columns=COLUMNS)
        self.text.edited.connect(self._edited)
        modes = [
            (InstructionMode.KEEP.value, _("Leave examples as they are")),
            (InstructionMode.ADD.value, _("Add where none is")),
            (InstructionMode.REPLACE.value, _("Put in place of any other")),
        ]
        self.mode = Segmented(_("A release does this with it"), modes)
        self.mode.changed.connect(self._edited)
        self.body.addWidget(FormRow(_("Instruction"), self.text))
        self.body.addWidget(FormRow(_("A release does this with it"), self.mode))
        card = Card(_("What a released example then begins with"))
        titles = (_("An example without an instruction"), _("An example with its own"))
        self.effects = [TextView(title) for title in titles]
        for title, view in zip(titles, self.effects, strict=True):
            card.body.addLayout(column(PlainLabel(title, role="small"), view, gap=4))
        self.body.addWidget(card)
        self.body.addStretch(1)
        self._show_effect()

    def put(self, settings: ProjectSettings) -> None:
        """Show the instruction."""
        show_text(self.text, settings.instruction)
        self.mode.set_value(settings.instruction_mode.value)
        self._show_effect()

    def take(self, settings: ProjectSettings) -> ProjectSettings:
        """Return it as edited."""
        mode = InstructionMode(self.mode.value())
        return replace(settings, instruction=self.text.text(), instruction_mode=mode)

    def _edited(self, *_value: object) -> None:
        self._show_effect()
        self.changed.emit()

    def _show_effect(self) -> None:
        own = _("Answer in one sentence.")
        for view, first in zip(self.effects, ("", own), strict=True):
            view.set_text(_beginning(self.text.text(), InstructionMode(self.mode.value()), first))


class Guideline(Section):
    """The guideline as Markdown, and as it will be read."""

    section_id = "guideline"
    affected_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(_("Guideline"), _("How to judge, for everyone who reviews. Written in Markdown."))
        self.version = PlainLabel(role="muted")
        self.switch = Segmented(_("Guideline"), [(EDIT, _("Write")), (READ, _("Read"))])
        self.switch.changed.connect(self._show)
        self.text = MessageEditor(_("Guideline"), columns=COLUMNS)
        self.text.edited.connect(self._edited)
        self.preview = MarkdownView(_("Guideline as it is read"))
        self.changes = Button(_("What changed, and what it may affect"), kind="link", run=self.affected_wanted.emit)
        self.body.addLayout(row(self.switch, self.version, None, self.changes, gap=12))
        self.body.addWidget(self.text)
        self.body.addWidget(self.preview, 1)
        self.body.addStretch(1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PREVIEW_AFTER_MS)
        self._pause.timeout.connect(self._render)
        self._show(EDIT)

    def put(self, settings: ProjectSettings) -> None:
        """Show the guideline."""
        show_text(self.text, settings.guideline)
        self._render()

    def take(self, settings: ProjectSettings) -> ProjectSettings:
        """Return it as edited."""
        return replace(settings, guideline=self.text.text())

    def show_version(self, version: int) -> None:
        """Say which version is stored."""
        self.version.setText(_("Version {n}", n=version) if version else _("Not written yet"))

    def only_read(self) -> None:
        """Show it as it is read, to whom may not change it."""
        self.switch.set_value(READ)
        self.switch.hide()
        self._show(READ)

    def _edited(self) -> None:
        self._pause.start()
        self.changed.emit()

    def _show(self, view: str) -> None:
        self._render()
        self.text.setVisible(view == EDIT)
        self.preview.setVisible(view == READ)

    def _render(self) -> None:
        self.preview.setFont(theme().font(14))
        self.preview.show_markdown(self.text.text())
        self.preview.setMinimumHeight(theme().px(420))


def _beginning(instruction: str, mode: InstructionMode, own: str) -> str:
    """Return the messages of a small example as a release would write them."""
    first = own
    if instruction.strip() and (mode is InstructionMode.REPLACE or (mode is InstructionMode.ADD and not own)):
        first = instruction
    lines = [_("Instruction: {text}", text=first)] if first else []
    return "\n".join([*lines, _("User: When do I take the tablet?"), _("Assistant: In the morning, with food.")])
