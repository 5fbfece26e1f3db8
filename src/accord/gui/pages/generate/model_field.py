"""The model that is asked: one of those that the service lists, or any other by its name."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from accord.domain.wording import _
from accord.gui.widgets import FormRow, column
from accord.workflows.model_choices import Models


class ModelField(QWidget):
    """``changed`` says that another model is meant. ``note_of``: what is known of a model before it is listed."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.combo = _Combo()
        self.row = FormRow(_("Model"), self.combo)
        self.setLayout(column(self.row, gap=0))
        self._models = Models()
        self._said = ""
        self.note_of: Callable[[str], str] = lambda _model: ""
        self.combo.currentTextChanged.connect(lambda _text: self._tell())
        self._tell()

    def value(self) -> str:
        """Return the name of the model."""
        return self.combo.currentText().strip()

    def show_waiting(self, model: str) -> None:
        """Show the model used last while the service is asked what it lists."""
        self._show(Models(), model)

    def show_models(self, found: Models) -> None:
        """Offer what the service lists, the first choice chosen, unless a person has named one meanwhile."""
        typed = self.value()
        named = any(choice.name == typed for choice in found.choices)
        self._show(found, typed if typed and (named or not found.preselected) else found.preselected)

    def show_model(self, model: str) -> None:
        """Choose a model."""
        self.combo.setCurrentText(model)

    def _show(self, found: Models, model: str) -> None:
        self._models = found
        self.combo.blockSignals(True)
        self.combo.clear()
        self.combo.addItems([choice.name for choice in found.choices])
        self.combo.setCurrentText(model)
        self.combo.blockSignals(False)
        self._tell()

    def _tell(self) -> None:
        model = self.value()
        chosen = next((choice for choice in self._models.choices if choice.name == model), None)
        if chosen is None:
            unlisted = _("The service does not list this model.") if model and self._models.choices else ""
            told = " ".join(part for part in (unlisted, self.note_of(model)) if part)
        elif chosen.preselected and self._models.told:
            told = self._models.told
        else:
            told = chosen.note
        usual = _("Choose one that is listed, or type its name.")
        self.row.note.setText(told or usual)
        self.row.note.show()
        self.combo.setAccessibleDescription(told or usual)
        if model != self._said:
            self._said = model
            self.changed.emit()


class _Combo(QComboBox):
    """A list in which one can also type; the wheel does not change it."""

    def __init__(self) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(12)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        line = self.lineEdit()
        if line is not None:
            line.setAccessibleName(_("Model"))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll."""
        event.ignore()
