"""How many candidates are wanted, and of what: tags, documents or a filter, as the recipe has it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from accord.domain.recipes import Recipe, Takes
from accord.domain.wording import _
from accord.gui.pages.generate.document_list import DocumentList
from accord.gui.pages.generate.tag_boxes import TagBoxes
from accord.gui.widgets import FormRow, NumberField, column, row
from accord.workflows.generation_coverage import Coverage
from accord.workflows.generation_starts import Wish

_MOST, _USUAL, _MOST_SHOWN = 10_000, 20, 10
_CHOOSES = frozenset({Takes.UNANSWERED, Takes.SEED, Takes.CANDIDATE, Takes.CONVERSATION})


class WishForm(QWidget):
    """``changed`` says that a person wants something else."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.number = NumberField(_("How many candidates"), 1, _MOST, _USUAL)
        self.number.setGroupSeparatorShown(True)
        self.shown = NumberField(_("Accepted examples shown beside each"), 0, _MOST_SHOWN, 3)
        self.shown.setSpecialValueText(_("none"))
        self.where = QLineEdit()
        self.where.setPlaceholderText(_("for example: tag = dosage"))
        self.tags, self.documents = TagBoxes(), DocumentList()
        self.number_row = FormRow(_("How many candidates"), self.number)
        self.shown_row = FormRow(
            _("Accepted examples shown beside each"),
            self.shown,
            help_text=_("As patterns to follow. What a release holds out is never shown."),
        )
        self.where_row = FormRow(
            _("Only examples that fit this filter"),
            self.where,
            help_text=_("Fields: status, tag, source, group, text, finding. Without one, all that can be used are."),
        )
        both = halves(self.number_row, self.shown_row)
        self.setLayout(column(self.tags, self.documents, both, self.where_row, gap=12))
        for field in (self.number, self.shown):
            field.valueChanged.connect(self._said)
        self.where.textEdited.connect(self._said)
        self.tags.changed.connect(self.changed)
        self.documents.changed.connect(self.changed)
        self.show_recipe(None)

    def show_recipe(self, recipe: Recipe | None) -> None:
        """Show the fields that a recipe has a use for."""
        takes = None if recipe is None else recipe.takes
        self.tags.setVisible(takes is Takes.TAG)
        self.documents.setVisible(takes is Takes.PASSAGE)
        self.where_row.setVisible(takes in _CHOOSES)
        self.shown_row.setVisible(recipe is not None and "examples" in recipe.places and takes is not Takes.PASSAGE)

    def wish(self, recipe: Recipe) -> Wish:
        """Return what is wanted of a recipe."""
        return Wish(
            n=self.number.value(),
            shown=self.shown.value(),
            where=self.where.text().strip() if recipe.takes in _CHOOSES else "",
            tags=self.tags.chosen() if recipe.takes is Takes.TAG else (),
            documents=self.documents.paths if recipe.takes is Takes.PASSAGE else (),
        )

    def show_coverage(self, table: Sequence[Coverage]) -> None:
        """Show how many examples each tag has."""
        self.tags.show_coverage(table)

    def _said(self, *_value: object) -> None:
        self.changed.emit()


def halves(left: QWidget, right: QWidget) -> QHBoxLayout:
    """Return two rows of a form side by side, each with half of the width, as high up as they go."""
    made = row(gap=24)
    for part in (left, right):
        made.addWidget(part, 1, Qt.AlignmentFlag.AlignTop)
    return made
