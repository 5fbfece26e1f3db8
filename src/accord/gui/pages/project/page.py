"""The page of the project itself: what it decides but for guideline and tags, and what keeps it safe."""

from collections.abc import Set as AbstractSet
from functools import partial
from typing import ClassVar

from accord.domain.wording import _
from accord.gui.context import Context, Params
from accord.gui.pages.project.answers import Answers
from accord.gui.pages.project.deciding import DecidingPage
from accord.gui.pages.project.keeping_section import Backups, Health
from accord.gui.pages.project.rules_section import Rules
from accord.gui.pages.project.second_looks_section import SecondLooksSection
from accord.gui.pages.project.sections import Basics, CharterSection, Section
from accord.gui.pages.project.texts import Instruction


class ProjectPage(DecidingPage):
    """Basics, answers, instruction, charter, rules and second looks; backups and health."""

    page_id: ClassVar[str] = "project"

    def __init__(self, context: Context) -> None:
        self.backups, self.health = Backups(context), Health(context)
        in_file = context.project is None or context.project.file is not None
        sections: list[Section] = [
            Basics(in_file=in_file, work_with_others=partial(context.navigate, "people")),
            Answers(context),
            Instruction(),
            CharterSection(),
            Rules(),
            SecondLooksSection(context),
            self.backups,
            self.health,
        ]
        if context.pack is not None:  # what the project decides is decided where the pack comes from
            sections = [self.backups]
        super().__init__(context, _("Project"), sections)

    def activated(self, params: Params) -> None:
        """Read what is stored and the backups."""
        super().activated(params)
        self.backups.load()

    def refresh(self, changed: AbstractSet[str]) -> None:
        """Read again what others saved, and the backups."""
        super().refresh(changed)
        self.backups.load()
