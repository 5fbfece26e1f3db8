"""The section of the rules for a release: what it refuses, and how many people must have reviewed and agreed."""

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QLineEdit

from accord.domain.project import ProjectSettings
from accord.domain.wording import _
from accord.gui.pages.project.sections import Section, show_text
from accord.gui.widgets import AlphaField, FormRow, NumberField, row

MOST_REVIEWERS = 99


class Rules(Section):
    """What a release refuses or leaves out."""

    section_id = "rules"

    def __init__(self) -> None:
        super().__init__(
            _("Release rules"), _("What a release refuses or leaves out. What it does not refuse it warns of.")
        )
        self.conflicts = _check(_("Refuse a release while accepted answers are in an open conflict"))
        self.reviewers = NumberField(_("Reviewers for each example"), 1, MOST_REVIEWERS, 1)
        self.tags = QLineEdit()
        self.tags.setPlaceholderText(_("dosage; limitation period"))
        self.heldout = _check(_("Hold out only what two people reviewed, or an adjudicator decided"))
        self.alpha = AlphaField(_("Least agreement (alpha)"), 0, none=_("no rule"))
        self.meaning = AlphaField(_("Alike in meaning from"), 0, none=_("no rule"))
        self.low = _check(_("Refuse a release with lower agreement; otherwise it is warned of"))
        self.body.addWidget(self.conflicts)
        many = FormRow(
            _("Reviewers for each example"),
            self.reviewers,
            help_text=_("Accepted examples with fewer are left out, unless an adjudicator decided."),
        )
        least = FormRow(
            _("Least agreement"),
            self.alpha,
            help_text=_("Krippendorff's alpha of the verdict and of each tag in use."),
        )
        both = row(many, least, gap=24)
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        self.body.addLayout(both)
        self.body.addWidget(self.low)
        self.body.addWidget(self.heldout)
        doubled = _("Separated by semicolons. Accepted by one person alone, such an example is left out.")
        self.body.addWidget(FormRow(_("Tags that ask for two reviewers"), self.tags, help_text=doubled))
        self._add_meaning()
        self.body.addStretch(1)
        for box in (self.conflicts, self.heldout, self.low):
            box.toggled.connect(self._said)
        self.reviewers.valueChanged.connect(self._said)
        self.alpha.valueChanged.connect(self._said)
        self.alpha.valueChanged.connect(self._follow)
        self.tags.textEdited.connect(self._said)
        self._follow()

    def _add_meaning(self) -> None:
        kept = _("Requests this alike in meaning stay in one part of the split (usual: 0.90). Needs the extra “ml”.")
        self.body.addWidget(FormRow(_("Alike in meaning from"), self.meaning, help_text=kept))
        self.meaning.valueChanged.connect(self._said)

    def put(self, settings: ProjectSettings) -> None:
        """Show the rules."""
        rules = settings.rules
        fields = (self.conflicts, self.heldout, self.low, self.reviewers, self.alpha, self.meaning)
        for field in fields:
            field.blockSignals(True)
        self.conflicts.setChecked(rules.refuse_open_conflicts)
        self.heldout.setChecked(rules.heldout_double)
        self.low.setChecked(rules.refuse_low_agreement)
        self.reviewers.setValue(rules.least_reviewers)
        self.alpha.setValue(rules.least_alpha)
        self.meaning.setValue(rules.semantic_threshold)
        for field in fields:
            field.blockSignals(False)
        if self._tags() != rules.double_tags:
            show_text(self.tags, "; ".join(rules.double_tags))
        self._follow()

    def take(self, settings: ProjectSettings) -> ProjectSettings:
        """Return the rules as edited."""
        given = settings.rules.double_tags
        rules = replace(
            settings.rules,
            refuse_open_conflicts=self.conflicts.isChecked(),
            least_reviewers=self.reviewers.value(),
            heldout_double=self.heldout.isChecked(),
            least_alpha=_taken(self.alpha, settings.rules.least_alpha),
            semantic_threshold=_taken(self.meaning, settings.rules.semantic_threshold),
            refuse_low_agreement=self.low.isChecked(),
            double_tags=given if self.tags.text() == "; ".join(given) else self._tags(),
        )
        return replace(settings, rules=rules)

    def _tags(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for part in self.tags.text().split(";") if (name := part.strip())))

    def _follow(self, *_value: object) -> None:
        self.low.setEnabled(self.alpha.value() > 0)


def _taken(field: AlphaField, kept: float) -> float:
    """Return the figure; one that the field cannot show exactly stays as it is until it is changed here."""
    shown = round(field.value(), 2)
    return kept if round(kept, 2) == shown else shown


def _check(text: str) -> QCheckBox:
    box = QCheckBox(text)
    box.setAccessibleName(text)
    return box
