"""Keeps inbox and desk in step with the project: what is open, what was settled meanwhile, what is shown next."""

from typing import Any

from PySide6.QtCore import QObject

from accord.domain.disagreements import Disagreement
from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read
from accord.gui.pages.disagreements.arrangement import Arrangement
from accord.gui.pages.disagreements.case import Case
from accord.gui.pages.disagreements.desk import Desk
from accord.workflows import adjudicating, decision_drafts, projects
from accord.workflows.reviewing import TextChanged


class Following(QObject):
    """``told`` is a sentence to show above the case that is shown next."""

    def __init__(self, context: Context, view: Arrangement, desk: Desk) -> None:
        super().__init__(view)
        self._context, self._view, self._inbox, self._desk = context, view, view.inbox, desk
        self._loaded, self.told = False, ""
        self._inbox.chosen.connect(self._chosen)
        desk.gone.connect(self._gone)
        desk.read_again.connect(self._read_again)
        view.panel.settled.connect(self._settled)
        view.meanwhile.left.connect(self.go_on)

    def load(self, wanted: str = "") -> None:
        """Read what is open; with ``wanted`` go there."""
        project = self._context.project
        if not adjudicating.may_decide(project=project):
            self._view.show_part(self._view.not_for)
            return
        person, first = self._context.actor, not self._loaded

        def work(_progress: object) -> tuple[list[Disagreement], dict[str, dict[str, Any]]]:
            drafts = decision_drafts.kept(project=project, person=person) if first else {}
            return adjudicating.open_disagreements(project=project), drafts

        run_read(self._context, _("Reading disagreements"), work, done=lambda found: self._arrived(*found, wanted))
        if not self._loaded:
            self.read_guideline()

    def _arrived(self, found: list[Disagreement], drafts: dict[str, dict[str, Any]], wanted: str) -> None:
        if not self._loaded:
            self._desk.put_stored(drafts)
        self._loaded = True
        here = self._desk.case
        self._inbox.blockSignals(True)
        self._inbox.show_disagreements(found, wanted=wanted)
        self._inbox.blockSignals(False)
        overtaken = here is not None and not self._inbox.has(here.id) and self._desk.has_entered()
        if overtaken and not wanted and here is not None:
            self.overtaken(here, None)
        elif self._inbox.total():
            self._open(self._inbox.current())
        else:
            self._show_empty()

    def _open(self, example_id: str) -> None:
        here = self._desk.case
        if here is not None and here.id == example_id:
            self._desk.again()
        else:
            self._desk.open(example_id)
        self._desk.loader.prefetch(self._inbox.after(2))

    def _chosen(self, example_id: str) -> None:
        if example_id:
            self._open(example_id)
        elif not self._inbox.total() and self._loaded:
            self._show_empty()

    def _show_empty(self) -> None:
        self._desk.open("")
        self._view.show_part(self._view.empty)

    def overtaken(self, case: Case, error: BaseException | None) -> None:
        """Say that somebody else was faster; what was entered is kept."""
        if isinstance(error, TextChanged):
            self.told = str(error)
            self._desk.loader.forget()
            self.load(case.id)
            return
        self._inbox.drop_quietly(case.id)
        self._desk.show_again(case)
        told = _("This was settled meanwhile. Nothing of yours was stored; your text is kept.")
        self._view.meanwhile.say(told if error is None else str(error), over=True)

    def go_on(self) -> None:
        """Let go of what somebody else has settled."""
        self._view.meanwhile.hide()
        self._desk.let_go()
        self.load()
        self._view.take_focus()

    def _gone(self, _example_id: str) -> None:
        """Read the inbox anew: one of its lines is open no more."""
        self._desk.loader.forget()
        self.load()

    def _read_again(self) -> None:
        if self._desk.case is not None:
            self._view.beside.show_case(self._desk.case)

    def read_guideline(self) -> None:
        """Show the guideline as it is now."""
        project = self._context.project
        run_read(
            self._context,
            _("Reading the guideline"),
            lambda _progress: (
                projects.settings_of(project=project).guideline,
                projects.guideline_number(project=project),
            ),
            done=lambda found: self._view.beside.show_guideline(*found),
        )

    def _settled(self) -> None:
        """Say to all pages what the rule did; this one reads it too."""
        self._desk.loader.forget()
        self._context.tell_changed("examples", "reviews", "conflicts", "disagreements")
