"""The section of second looks: which share of one's own examples comes back, without what one said of it."""

from dataclasses import replace

from accord.domain.project import ProjectSettings
from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.pages.project.sections import Section
from accord.gui.widgets import FormRow, NumberField
from accord.workflows import repeating


class SecondLooksSection(Section):
    """A share in percent; nothing is asked of it where nobody chose one: a twentieth for who works alone, else none."""

    section_id = "second_looks"

    def __init__(self, context: Context) -> None:
        super().__init__(
            _("Second looks"),
            _(
                "This share of what you judged comes back later in Review, unmarked and without what you said of it. "
                "Home then says how far you agree with yourself. The second verdict changes nothing by itself; the "
                "page Examples and releases go by the first."
            ),
        )
        self._context = context
        self._shown = 0
        self.share = NumberField(_("Share that comes back, in percent"), 0, 100, 0)
        self.share.setSuffix(" %")
        self.share.setSpecialValueText(_("none"))
        self.share.valueChanged.connect(self._said)
        help_text = _(
            "Each a week after your verdict at the earliest. While nobody is listed on the page People it is 5% unless "
            "you change it here; from then on none. What comes back to a reviewer a lead says on that page."
        )
        self.body.addWidget(FormRow(_("Share that comes back"), self.share, help_text=help_text))
        self.body.addStretch(1)

    def put(self, settings: ProjectSettings) -> None:
        """Show the share, or what stands where none was chosen."""
        given = settings.second_looks
        self._shown = round(100 * (repeating.usual_share(project=self._context.project) if given is None else given))
        self.share.blockSignals(True)
        self.share.setValue(self._shown)
        self.share.blockSignals(False)

    def take(self, settings: ProjectSettings) -> ProjectSettings:
        """Return the share as edited; one that was not touched stays as it is."""
        if self.share.value() == self._shown:
            return settings
        return replace(settings, second_looks=self.share.value() / 100)
