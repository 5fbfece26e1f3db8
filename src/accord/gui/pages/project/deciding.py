"""A page of what the project decides, by sections: nothing is stored before it is saved, nothing typed is lost."""

import json
from collections.abc import Set as AbstractSet
from functools import partial

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QStackedWidget

from accord.domain.errors import Refused
from accord.domain.ledger import Who
from accord.domain.project import AnswerKind, ProjectSettings
from accord.domain.wording import _
from accord.gui.context import Choice, Context, Params
from accord.gui.jobs_bridge import run_read, run_write
from accord.gui.page import Page
from accord.gui.pages.project.drafting import differs, faults, merged
from accord.gui.pages.project.sections import Section
from accord.gui.theme import theme
from accord.gui.widgets import ActionButton, Button, PlainLabel, column, line, row
from accord.workflows import projects

LOOK_AFTER_MS = 120
Loaded = tuple[ProjectSettings, int]


class DecidingPage(Page):
    """Nothing is stored before a person saves; nothing typed is lost by going to another page.

    The actions ``PAGE.save`` and ``PAGE.discard`` are declared by the page.
    """

    def __init__(self, context: Context, title: str, sections: list[Section]) -> None:
        super().__init__(context)
        self._cause = f"{self.page_id} not saved"
        self._base: ProjectSettings | None = None
        self.sections = sections
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(LOOK_AFTER_MS)
        self._look.timeout.connect(self._follow)
        self._build(title)
        save, discard = f"{self.page_id}.save", f"{self.page_id}.discard"
        context.actions.bind(save, self.save, enabled=lambda: bool(self.unsaved()))
        context.actions.bind(discard, self.discard, enabled=lambda: bool(self.unsaved()))
        self._follow()

    def activated(self, params: Params) -> None:
        """Read what is stored, unless something is being edited; show the section asked for."""
        if not self.unsaved():
            self._load()
        wanted = params.get("section")
        for position, section in enumerate(self.sections):
            if section.section_id == wanted:
                self.list.setCurrentRow(position)

    def refresh(self, changed: AbstractSet[str]) -> None:
        """Read again what others saved, unless something is being edited: saving joins both."""
        if "settings" in changed and not self.unsaved():
            self._load()

    def stored(self, version: int) -> None:
        """Hear that what is stored was read or written; ``version``: of the guideline."""

    def may_leave(self) -> bool:
        """Stay while something is unsaved, and ask what to do with it."""
        if not self.unsaved():
            return True
        self.context.ask(
            _("You changed what this project decides and have not saved it."),
            Choice(title=_("Save"), run=self.save, kind="primary"),
            Choice(title=_("Discard the changes"), run=self.discard, kind="danger"),
            Choice(title=_("Stay here")),
            cause=self._cause,
        )
        return False

    def unsaved(self) -> tuple[str, ...]:
        """Return the names of the settings that differ from what was read; text that cannot be read yet counts."""
        if self._base is None:
            return ()
        found = differs(self._base, self.draft())
        return found or tuple(section.section_id for section in self.sections if section.problem())

    def draft(self) -> ProjectSettings:
        """Return the settings as they stand in the sections."""
        made = self._base or ProjectSettings()
        for section in self.sections:
            made = section.take(made)
        return made

    def save(self) -> None:
        """Store the changes, joined with what was stored meanwhile; what is wrong is shown in its section."""
        base, draft = self._base, self.draft()
        wrong = self._faults(draft)
        if base is None or self._show_faults(wrong):
            return
        project, who = self.context.project, self._who()

        def work(_progress: object) -> Loaded:
            now = merged(base, draft, projects.settings_of(project=project))
            _check_schema(now)
            projects.change_settings(project=project, who=who, settings=now)
            return now, projects.guideline_number(project=project)

        run_write(
            self.context, _("Saving the project"), work, done=partial(self._saved, base, draft), changed=("settings",)
        )

    def discard(self) -> None:
        """Go back to what is stored."""
        if self._base is not None:
            self._put(self._base)
            self._load()

    def _who(self) -> Who:
        return Who(actor=self.context.actor, device=self.context.settings.device_id)

    def _saved(self, base: ProjectSettings, draft: ProjectSettings, loaded: Loaded) -> None:
        now, version = loaded
        self._put(now, keeping=(draft, self.draft()))
        self.stored(version)
        self.context.notify(_("Saved."), tone="good", undo=partial(self._restore, now, base))

    def _restore(self, saved: ProjectSettings, before: ProjectSettings) -> None:
        """Take a save back: what it changed is as before, what came since stays."""
        project, who = self.context.project, self._who()

        def work(_progress: object) -> bool:
            now = merged(saved, before, projects.settings_of(project=project))
            return projects.change_settings(project=project, who=who, settings=now)

        run_write(self.context, _("Undo"), work, done=lambda _done: self._load(), changed=("settings",))

    def _load(self) -> None:
        project = self.context.project

        def read(_progress: object) -> Loaded:
            return projects.settings_of(project=project), projects.guideline_number(project=project)

        run_read(self.context, _("Reading the project"), read, done=self._loaded)

    def _loaded(self, loaded: Loaded) -> None:
        settings, version = loaded
        self._put(settings, keeping=None if self._base is None else (self._base, self.draft()))
        self.stored(version)

    def _put(self, stored: ProjectSettings, *, keeping: tuple[ProjectSettings, ProjectSettings] | None = None) -> None:
        """Show what is stored, but for what was typed in the second since the first of ``keeping``."""
        typed = merged(*keeping, stored) if keeping is not None else stored
        self._base = stored
        for section in self.sections:
            section.put(stored)
        self._base = self.draft()  # as the fields show it, so that only what a person changes differs from it
        for section in self.sections:
            if typed != stored:
                section.put(typed)
        self._follow()

    def _faults(self, draft: ProjectSettings) -> dict[str, str]:
        own = {section.section_id: section.problem() for section in self.sections}
        return {**faults(draft), **{name: fault for name, fault in own.items() if fault}}

    def _show_faults(self, wrong: dict[str, str]) -> bool:
        """Show each fault in its section, go to the first, and say whether there is any."""
        for section in self.sections:
            section.show_fault(wrong.get(section.section_id, ""))
        for position, section in enumerate(self.sections):
            if section.section_id in wrong:
                self.list.setCurrentRow(position)
                self.context.notify(_("Not saved yet: {why}", why=wrong[section.section_id]), tone="warning")
                return True
        return False

    def _build(self, title: str) -> None:
        actions = self.context.actions
        self.list = QListWidget()
        self.list.setProperty("kind", "plain")
        self.list.setAccessibleName(_("Sections of the page"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFixedWidth(theme().px(190))
        self.stack = QStackedWidget()
        for section in self.sections:
            entry = QListWidgetItem(section.title)
            entry.setSizeHint(QSize(0, theme().px(32)))
            self.list.addItem(entry)
            self.stack.addWidget(section)
            section.changed.connect(self._look.start)
        self.list.currentRowChanged.connect(self.stack.setCurrentIndex)
        self.list.setCurrentRow(0)
        self.said, self.note = PlainLabel(role="muted"), PlainLabel(role="muted")
        self.buttons: list[Button] = [
            ActionButton(actions, f"{self.page_id}.save", kind="primary"),
            ActionButton(actions, f"{self.page_id}.discard"),
        ]
        self.head = row(PlainLabel(title, role="title"), None, margins=(24, 20, 24, 0))
        middle = row(column(self.list, margins=(16, 12, 0, 0)), self.stack, gap=0)
        middle.setStretch(1, 1)
        foot = row(self.said, self.note, None, *reversed(self.buttons), margins=(24, 10, 24, 10))
        self.whole = column(self.head, middle, line(), foot, gap=0)
        self.whole.setStretch(1, 1)
        self.setLayout(self.whole)

    def _follow(self) -> None:
        """Say whether something is unsaved; a fault that was mended is said no more."""
        wrong = self._faults(self.draft()) if any(not section.fault.isHidden() for section in self.sections) else {}
        for section in self.sections:
            if not section.fault.isHidden():
                section.show_fault(wrong.get(section.section_id, ""))
        unsaved = self._base is not None and bool(self.unsaved())
        if not unsaved:
            self.context.over(self._cause)
        self.said.setText(_("Not saved yet") if unsaved else _("All is saved"))
        for button in self.buttons:
            if isinstance(button, ActionButton):
                button.update_from_action()


def _check_schema(settings: ProjectSettings) -> None:
    """Refuse a schema that is none, also one saved before the check beside the editor came round."""
    if settings.answer_kind is AnswerKind.JSON:
        problem = projects.schema_problem(text=json.dumps(dict(settings.answer_schema)))
        if problem is not None:
            raise Refused(problem)
