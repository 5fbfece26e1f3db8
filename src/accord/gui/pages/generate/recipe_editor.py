"""The text of a recipe, to be changed: earlier versions, the way back to the one that came along, and what is wrong."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

from accord.domain.moments import local
from accord.domain.wording import _
from accord.gui.widgets import Button, Card, FormRow, MessageEditor, PlainLabel, column, row
from accord.workflows.recipes import Known, Version

_COLUMNS = 110


class RecipeEditor(Card):
    """``saved`` asks to keep the text as a new version, ``reset`` to go back to the one that came along.

    ``closed`` says that the person is done; what was typed and not kept is dropped then.
    """

    saved = Signal()
    reset = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__(_("Recipe"))
        self.known: Known | None = None
        self._versions: Sequence[Version] = ()
        self.about = PlainLabel(
            _(
                "A title, what it is for, and the sections “## System” and “## User”, which the model is told. Words "
                "in double braces are filled in. A change counts from now on; earlier runs keep their text."
            ),
            role="small",
            wrap=True,
        )
        self.problem = PlainLabel(role="error", wrap=True)
        self.text = MessageEditor(_("Text of the recipe"), columns=_COLUMNS)
        self.facts = MessageEditor(_("Form of the reply, as JSON"), columns=_COLUMNS)
        self.facts_row = FormRow(
            _("Form of the reply, as JSON"),
            self.facts,
            help_text=_("What it takes and makes, the JSON Schema of a reply, and the most tokens of one."),
        )
        self.more = Button(_("Form of the reply"), kind="link", run=self._turn)
        self.versions = _Versions()
        self.versions_row = FormRow(
            _("Versions"), self.versions, help_text=_("Choose one to see it; save to use it again.")
        )
        self.fault = PlainLabel(role="error", wrap=True)
        self.save_button = Button(_("Save as a new version"), kind="primary", run=self.saved.emit)
        self.reset_button = Button(_("Go back to the one that came along"), run=self.reset.emit)
        self.close_button = Button(_("Close"), run=self.closed.emit)
        self._build()

    def open_recipe(self, known: Known, versions: Sequence[Version]) -> None:
        """Show a recipe's text as it counts now."""
        self.known, self._versions = known, versions
        title = _("Recipe: {title}", title=known.recipe.title)
        self.title.setText(title)
        self.setAccessibleName(title)
        self.problem.setText(known.problem)
        self.problem.setVisible(bool(known.problem))
        self.text.set_text(known.markdown)
        self.facts.set_text(known.facts)
        self.versions.show_versions(versions, built_in=known.built_in)
        self.versions_row.setVisible(bool(versions))
        self.reset_button.setVisible(known.own)
        self.reset_button.setText(
            _("Go back to the one that came along") if known.built_in else _("Remove this recipe")
        )
        self.show_fault("")
        self.show()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def edited(self) -> bool:
        """Say whether something was typed that is not kept."""
        return self.known is not None and not self.isHidden() and (self.text.is_edited() or self.facts.is_edited())

    def show_fault(self, sentence: str) -> None:
        """Say why the text cannot be a recipe; what was typed stays."""
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))

    def close_editor(self) -> None:
        """Show none."""
        self.known = None
        self.hide()

    def _build(self) -> None:
        self.body.setSpacing(12)
        buttons = row(self.save_button, self.reset_button, self.close_button, None)
        held = QWidget()
        held.setLayout(column(row(self.more, None), self.facts_row, gap=4))
        for part in (self.about, self.problem, self.versions_row, self.text, held, self.fault):
            self.body.addWidget(part)
        self.body.addLayout(buttons)
        self.versions.activated.connect(self._show_version)
        self.facts_row.hide()
        self.hide()

    def _turn(self) -> None:
        self.facts_row.setVisible(self.facts_row.isHidden())

    def _show_version(self, place: int) -> None:
        if 0 <= place < len(self._versions) and self._versions[place].markdown:
            self.text.replace_with(self._versions[place].markdown)
            self.facts.replace_with(self._versions[place].facts)


class _Versions(QComboBox):
    """When each text was saved and by whom; the wheel does not change it."""

    def show_versions(self, versions: Sequence[Version], *, built_in: bool) -> None:
        """List these, the newest first."""
        self.clear()
        gone = _("the one that came along") if built_in else _("removed")
        for one in versions:
            self.addItem(f"{local(one.at)}   {one.author}   {one.version or gone}")

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll."""
        event.ignore()
