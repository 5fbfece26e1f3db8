"""The form of the next release: its name, format and folder, and the settings that are seldom changed."""

from dataclasses import asdict
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLineEdit, QWidget

from accord.domain.errors import AccordError
from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.icons import set_icon
from accord.gui.pages.release.choices import FORMATS, Settings, format_sentence, format_title, remembered
from accord.gui.theme import theme
from accord.gui.widgets import Button, FormRow, NumberField, PlainLabel, column, row
from accord.workflows.duplicate_search import SEMANTIC, THRESHOLDS

CHANGED_AFTER_MS = 300
LEAST_ALIKE = 30


class ReleaseForm(QWidget):
    """``changed`` when what the release holds changes, ``edited`` when only name, format or folder do."""

    changed = Signal()
    edited = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._project_file = Path(context.project.path)
        self.name = QLineEdit()
        self.name.setMaximumWidth(theme().px(200))
        self.format = QComboBox()
        for name in FORMATS:
            self.format.addItem(format_title(name), name)
        self.folder = QLineEdit()
        self.choose = Button(_("Choose…"), name=_("Choose a folder"), run=self._choose)
        self.heldout = NumberField(_("Held out"), 0, 90, 0)
        self.validation = NumberField(_("Validation"), 0, 90, 0)
        self.seed = NumberField(_("Seed"), 0, 999_999, 0)
        self.threshold = NumberField(_("Alike from"), LEAST_ALIKE, 100, 100)
        for share in (self.heldout, self.validation, self.threshold):
            share.setSuffix(" %")
        self.semantic = _Meaning()
        self.generated = QCheckBox(_("What a model made may be held out"))
        self._proposed = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(CHANGED_AFTER_MS)
        self._pause.timeout.connect(self.changed)
        self._build()
        self.put(remembered(context.settings.export_settings(self._project_file), self._project_file))
        self._connect()

    def settings(self) -> Settings:
        """Return what the form holds."""
        return Settings(
            format_name=str(self.format.currentData()),
            folder=self.folder.text().strip(),
            heldout=self.heldout.value(),
            validation=self.validation.value(),
            seed=self.seed.value(),
            threshold=self.threshold.value(),
            semantic=self.semantic.percent,
            generated=self.generated.isChecked(),
        )

    def put(self, settings: Settings) -> None:
        """Fill the form."""
        self.format.setCurrentIndex(self.format.findData(settings.format_name))
        self.folder.setText(settings.folder)
        self.heldout.setValue(settings.heldout)
        self.validation.setValue(settings.validation)
        self.seed.setValue(settings.seed)
        self.threshold.setValue(settings.threshold)
        self.semantic.setValue(settings.semantic)
        self.generated.setChecked(settings.generated)
        self._say_format()

    def propose(self, name: str) -> None:
        """Put the next name in, unless a person has written another."""
        if self.name.text() in {"", self._proposed}:
            self.name.setText(name)
        self._proposed = name

    def forget_name(self) -> None:
        """Let the next proposal in, as after a release took the name."""
        self._proposed = self.name.text()

    def remember(self) -> None:
        """Keep what the form holds for the next time."""
        try:
            self._context.settings.remember_export(self._project_file, asdict(self.settings()))
        except AccordError as error:
            self._context.notify(str(error), tone="warning")

    def shares_fit(self) -> bool:
        """Say whether something is left to train on."""
        return self.heldout.value() + self.validation.value() < 100

    def _build(self) -> None:
        self.about_format = PlainLabel(role="small", wrap=True)
        holder = QWidget()
        beside = row(self.folder, self.choose, gap=8)
        beside.setStretch(0, 1)
        holder.setLayout(beside)
        self.folder.setAccessibleName(_("Folder"))
        self.folder_row = FormRow(_("Folder"), holder, help_text=_("Each release gets a folder of its own in it."))
        first = row(
            column(FormRow(_("Name"), self.name), None),
            column(FormRow(_("Format"), self.format), self.about_format, gap=4),
            gap=16,
        )
        first.setStretch(1, 1)
        self._build_more()
        self.unfold = Button(_("Settings"), kind="quiet", icon="chevron-right", run=self._toggle)
        whole = column(first, self.folder_row, row(self.unfold, None), self.more, gap=12)
        self.setLayout(whole)

    def _build_more(self) -> None:
        self.more = QWidget()
        self.shares = FormRow(_("Held out"), self.heldout)
        fields = row(
            self.shares,
            FormRow(_("Validation"), self.validation),
            FormRow(_("Alike from"), self.threshold),
            FormRow(_("In meaning from"), self.semantic),
            FormRow(_("Seed"), self.seed),
            None,
            gap=16,
        )
        about = _(
            "What is as alike stays in one part: request and answer by their words; where it is asked, requests by "
            "their meaning, too."
        )
        self.more.setLayout(column(fields, PlainLabel(about, role="small", wrap=True), self.generated, gap=8))
        self.more.hide()

    def _connect(self) -> None:
        self.name.textChanged.connect(lambda _text: self.edited.emit())
        self.folder.textChanged.connect(lambda _text: self.edited.emit())
        self.format.currentIndexChanged.connect(lambda _index: self._say_format())
        for spin in (self.heldout, self.validation, self.seed, self.threshold, self.semantic):
            spin.valueChanged.connect(lambda _value: self._shares_changed())
        self.generated.toggled.connect(lambda _on: self._shares_changed())

    def _shares_changed(self) -> None:
        fit = self.shares_fit()
        self.shares.set_fault("" if fit else _("Nothing would be left to train on."))
        self.edited.emit()
        if fit:
            self._pause.start()

    def _say_format(self) -> None:
        self.about_format.setText(format_sentence(str(self.format.currentData())))
        self.edited.emit()

    def _toggle(self) -> None:
        self.more.setVisible(not self.more.isVisible())
        set_icon(self.unfold, "chevron-down" if self.more.isVisible() else "chevron-right")

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, _("Folder for exports"), self.folder.text())
        if chosen:
            self.folder.setText(chosen)


class _Meaning(NumberField):
    """From how alike in meaning on, in percent; below that stands what the project's rules say."""

    def __init__(self) -> None:
        super().__init__(_("In meaning from"), LEAST_ALIKE - 1, 100, LEAST_ALIKE - 1)
        self.setSuffix(" %")
        self.setSingleStep(5)
        self.show_rule(0)

    @property
    def percent(self) -> int:
        """What is asked; 0 for what the rules say."""
        return 0 if self.value() < LEAST_ALIKE else self.value()

    def show_rule(self, threshold: float) -> None:
        """Show what the rules say where nothing else is asked."""
        rule = _("{n} % by rule", n=round(threshold * 100)) if threshold else _("not asked")
        self.setSpecialValueText(rule)

    def stepBy(self, steps: int) -> None:
        """Begin at the usual figure."""
        if steps > 0 and not self.percent:
            self.setValue(round(THRESHOLDS[SEMANTIC] * 100))
        else:
            super().stepBy(steps)
