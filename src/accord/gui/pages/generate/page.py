"""The page Generate: what is asked for, of whom, what would be sent, one large button, and what came of it."""

from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from accord.domain.generation import RunState
from accord.domain.wording import _
from accord.gui.context import Context, Params
from accord.gui.jobs_bridge import run_read
from accord.gui.page import Page
from accord.gui.pages.generate.asking import Asking
from accord.gui.pages.generate.before_card import BeforeCard
from accord.gui.pages.generate.binding import bind_actions, connect
from accord.gui.pages.generate.connecting import Connecting
from accord.gui.pages.generate.figures_card import FiguresCard
from accord.gui.pages.generate.home_card import HomeCard
from accord.gui.pages.generate.homing import Homing
from accord.gui.pages.generate.missing import asking_for, missing_for
from accord.gui.pages.generate.preparing import Preparing, Ready, Wanted
from accord.gui.pages.generate.reading import Facts, data_class_sentence, read_facts
from accord.gui.pages.generate.recipe_acts import RecipeActs
from accord.gui.pages.generate.recipe_editor import RecipeEditor
from accord.gui.pages.generate.run_card import RunCard, title_of
from accord.gui.pages.generate.runs_card import RunsCard
from accord.gui.pages.generate.what_card import WhatCard
from accord.gui.pages.generate.who_card import WhoCard
from accord.gui.pages.generate.words import how_far
from accord.gui.widgets import Button, PlainLabel, Scrolled, column, row

READS = frozenset({"examples", "reviews", "imports", "releases", "settings"})
WIDTH = 920


class GeneratePage(Page):
    """Nothing is sent before the large button is pressed; everything shown before is worked out by a worker."""

    page_id: ClassVar[str] = "generate"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.setAcceptDrops(True)
        self.facts: Facts | None = None
        self.what, self.editor = WhatCard(context.actions), RecipeEditor()
        self.who, self.before = WhoCard(context.actions), BeforeCard()
        self.button = Button(_("Reading…"), kind="primary", size="large", run=self.ask)
        self.run, self.runs = RunCard(context.actions), RunsCard(context)
        self.figures, self.home = FiguresCard(context), HomeCard()
        self.standing = Button(kind="link", run=self._reveal_run)
        self.preparing = Preparing(context, self)
        self.connecting, self.recipe_acts, self.asking = Connecting(self), RecipeActs(self), Asking(self)
        self.homing = Homing(self)
        self._build()
        bind_actions(self)
        connect(self)
        self.load()
        self.connecting.read()

    @property
    def locked(self) -> bool:
        """Whether nothing of the project may leave this machine; so it is taken to be until that is read."""
        return self.facts is None or self.facts.locked

    def activated(self, params: Params) -> None:
        """Put the keys on what is asked for; take files that were dropped elsewhere."""
        paths = params.get("files")
        if isinstance(paths, list):
            self.what.add_documents([Path(str(path)) for path in paths])
        self.what.take_focus()

    def refresh(self, changed: AbstractSet[str]) -> None:
        """Read everything anew."""
        if changed & READS:
            self.load()

    def load(self) -> None:
        """Read the recipes, what there is to start from, and the runs."""
        project = self.context.project
        run_read(self.context, _("Reading the recipes"), lambda _progress: read_facts(project), done=self._show_facts)

    def ask(self) -> None:
        """Ask what was prepared."""
        found = self.preparing.prepared
        if found is not None and self.can_ask():
            self.asking.start(found)
            self.what.show_like(None)
            self._reveal_run()

    def ask_like(self) -> None:
        """Ask another model the same as the run that is shown."""
        self.what.show_like(self.asking.shown)
        self.area.ensureWidgetVisible(self.what, 0, 24)
        self.who.model.combo.setFocus()

    def can_ask(self) -> bool:
        """Say whether the large button can be pressed."""
        return not self._missing() and not self.asking.running

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Start from the passages of the files that were dropped."""
        self.what.add_documents([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def follow(self) -> None:
        """Prepare what is wanted now; the newest choice counts."""
        wanted = self._wanted()
        self.preparing.want(wanted)
        self.homing.follow()
        if wanted is None:  # else what was shown stays until what is wanted now is known: nothing jumps
            self.before.show_nothing(_("Shown here before anything is sent, once it is known what is asked of whom."))
        self.update_button()

    def follow_runs(self) -> None:
        """Show all runs again: one began, or ended."""
        if not self.asking.running:
            self.load()
        self.update_button()

    def update_button(self) -> None:
        """Print on the button what is missing, else what it does."""
        missing, found, run = self._missing(), self.preparing.prepared, self.asking.shown
        if self.asking.running:
            self.button.setText(_("A run is under way"))
        elif missing or found is None:
            self.button.setText(missing or _("Reading…"))
        else:
            self.button.setText(asking_for(found, self.before.consent.budget_value()))
        self.button.setEnabled(self.can_ask())
        waits = run is not None and self.asking.can_resume()
        self.standing.setVisible(waits)
        if run is not None and waits:
            self.standing.setText(_("{run} stands still: {far}.", run=title_of(run), far=how_far(run)))

    def show_prepared(self, ready: Ready) -> None:
        """Show what would be sent."""
        self.before.waiting.end()
        if self.facts is not None:
            told = data_class_sentence(self.facts.data_class)
            self.before.show_prepared(ready, who=self.context.actor, data_class=told)
        self.what.wish.documents.show_faults(ready.prepared.starts.faults)
        self.update_button()

    def show_refusal(self) -> None:
        """Say why nothing can be asked."""
        self.before.waiting.end()
        self.before.show_nothing(self.preparing.refusal, fault=True, locked=self.preparing.locked)
        self.update_button()

    def _show_facts(self, facts: Facts) -> None:
        first, self.facts = self.facts is None, facts
        self.what.show_known(facts.known, facts.offers, facts.coverage)
        self.runs.show_runs(facts.runs)
        if facts.runs:
            self.figures.read({name: known.recipe.title for name, known in facts.known.items()})
        if first:
            if self.isVisible():
                self.what.take_focus()
            standing = next((run for run in facts.runs if run.state is not RunState.DONE and not run.alive), None)
            if standing is not None:
                self.asking.look_at(standing.id)
        self.preparing.want(None)  # the examples may be others now
        self.follow()

    def _wanted(self) -> Wanted | None:
        recipe, known = self.what.recipe(), self.who.current()
        model = self.who.model.value()
        if recipe is None or known is None or not model or self.who.problem():
            return None
        return Wanted(
            recipe=recipe,
            wish=self.what.wanted(recipe),
            saved=known.saved,
            model=model,
            parameters=dict(self.who.parameters()),
            most_tokens=self.who.most_tokens(),
            surrogates=self.before.consent.surrogates(),
            although=self.before.consent.why_although(),
        )

    def _missing(self) -> str:
        recipe = self.what.recipe()
        return missing_for(
            recipe="" if recipe is None else recipe.name,
            who=self.who,
            preparing=self.preparing,
            consent=self.before.consent,
        )

    def _reveal_run(self) -> None:
        self.standing.clearFocus()
        QTimer.singleShot(0, self, lambda: self.area.ensureWidgetVisible(self.run, 0, 24))

    def _build(self) -> None:
        self.area = Scrolled(width=WIDTH, margins=(24, 20, 24, 24), gap=16)
        asked: tuple[QWidget, ...] = (self.what, self.editor, self.who, self.before, self.button)
        title = row(PlainLabel(_("Generate"), role="title"), None)
        self.area.body.addLayout(column(title, self.standing, gap=4))
        for part in (*asked, self.run, self.home, self.runs, self.figures):
            self.area.body.addWidget(part)
        self.area.body.addStretch(1)
        self.setLayout(column(self.area, gap=0))
        self.standing.hide()
