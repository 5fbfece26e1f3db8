"""The page of the guideline: its text, its versions with what each changed and may affect, the tags, the questions."""

from collections.abc import Set as AbstractSet
from typing import ClassVar

from accord.domain.wording import _
from accord.gui.context import Context, Params
from accord.gui.pages.guideline.versions import Versions
from accord.gui.pages.project.deciding import DecidingPage
from accord.gui.pages.project.sections import Questions, Tags
from accord.gui.pages.project.texts import Guideline
from accord.workflows import permissions


class GuidelinePage(DecidingPage):
    """Everybody reads it; a lead changes it."""

    page_id: ClassVar[str] = "guideline"

    def __init__(self, context: Context) -> None:
        self.guideline, self.versions = Guideline(), Versions(context)
        self.tags, self.questions = Tags(), Questions()
        super().__init__(context, _("Guideline and tags"), [self.guideline, self.tags, self.questions, self.versions])
        self.guideline.affected_wanted.connect(self._show_versions)
        if not permissions.leads(project=context.project):
            self._only_read()

    def activated(self, params: Params) -> None:
        """Read what is stored and what has changed."""
        super().activated(params)
        self.versions.load()

    def refresh(self, changed: AbstractSet[str]) -> None:
        """Read again what others saved."""
        super().refresh(changed)
        if changed & {"settings", "examples", "reviews"}:
            self.versions.load()

    def stored(self, version: int) -> None:
        """Say which version of the guideline stands."""
        self.guideline.show_version(version)

    def _show_versions(self) -> None:
        self.list.setCurrentRow(self.sections.index(self.versions))

    def _only_read(self) -> None:
        """Show a reviewer the guideline as it is read, and no field that she could not save."""
        self.guideline.only_read()
        for section in (self.tags, self.questions):
            section.setEnabled(False)
        for button in self.buttons:
            button.hide()
        self.said.hide()
        self.note.setText(_("Only a lead can change this. Ask a lead of your team."))
