"""Home: one glance says what waits, how far the project is, and what to do next."""

from collections.abc import Set as AbstractSet
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from accord.domain.moments import today
from accord.domain.wording import _
from accord.gui.context import Context, Params
from accord.gui.jobs_bridge import run_read
from accord.gui.page import Page
from accord.gui.pages.home import facts as told
from accord.gui.pages.home.checks_card import ChecksCard
from accord.gui.pages.home.facts import HomeFacts, Step
from accord.gui.pages.home.pack_card import PackCard
from accord.gui.pages.home.recent_imports import RecentImports
from accord.gui.pages.home.second_looks import SecondLooksCard
from accord.gui.pages.home.waiting_list import WaitingList
from accord.gui.widgets import ActionButton, Card, EmptyState, Funnel, PlainLabel, Scrolled, column, row

_CLUSTERS_CHANGE_WITH = frozenset({"duplicates", "conflicts", "imports", "examples"})


class HomePage(Page):
    """Reads its facts when it is shown and when something changed."""

    page_id: ClassVar[str] = "home"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.facts: HomeFacts | None = None
        self.step: Step | None = None
        self._reading = self._again = False
        self._clusters_stale = True
        context.actions.bind("home.next", self._do_next, enabled=lambda: self.step is not None)
        self.next = ActionButton(context.actions, "home.next", kind="primary")
        self.waiting, self.imports = WaitingList(), RecentImports()
        self.looks = SecondLooksCard(context)
        self.checks = ChecksCard(context)
        self.funnel = Funnel(_("From raw rows to the release"))
        self.pace = PlainLabel(role="muted", wrap=True)
        self.nothing = PlainLabel(_("Nothing waits for you."), role="muted")
        self.waiting.chosen.connect(self._go)
        self.imports.wanted.connect(lambda number: context.navigate("importing", report=number))
        self.funnel.activated.connect(self._go_to_stage)
        self.empty = EmptyState(
            _("This project is empty. Begin with a file of request and answer pairs."),
            _("Import a file"),
            lambda: context.navigate("importing"),
            icon="tray-arrow-down",
        )
        self.title = PlainLabel(context.project_name, role="title", elide=True)
        self.area = self._built()
        self.views = QStackedWidget()
        for view in (QWidget(), self.empty, self.area):  # the first is blank: shown until there is news
            self.views.addWidget(view)
        self.setLayout(column(self.views, gap=0))

    def activated(self, params: Params) -> None:  # noqa: ARG002  (Home takes no parameters)
        """Show things as they are now."""
        self._read()

    def refresh(self, changed: AbstractSet[str]) -> None:
        """Read again."""
        self._clusters_stale = self._clusters_stale or bool(changed & _CLUSTERS_CHANGE_WITH)
        self._read()

    def _built(self) -> Scrolled:
        area = Scrolled(width=1080)
        head = row(gap=16)
        head.addWidget(self.title, 1)
        head.addWidget(self.next)
        waits, far, lately = Card(_("Waiting for you")), Card(_("How far")), Card(_("Recent imports"))
        self.pack = PackCard()
        for part in (self.waiting, self.nothing, self.pace):
            waits.body.addWidget(part)
        waits.body.addStretch(1)
        far.body.addWidget(self.funnel)
        far.body.addStretch(1)
        lately.body.addWidget(self.imports)
        cards = row(gap=16)
        cards.addWidget(waits, 1)
        cards.addWidget(far, 1)
        cards.addWidget(self.pack, 1)
        for card in (self.pack,) if self.context.pack is None else (far, lately):  # a pack has no imports or releases
            card.hide()
        area.body.addLayout(head)
        area.body.addLayout(cards)
        area.body.addWidget(self.looks)
        area.body.addWidget(self.checks)
        area.body.addWidget(lately)
        area.body.addStretch(1)
        return area

    def _read(self) -> None:
        project, context = self.context.project, self.context
        if self._reading or project is None:
            self._again = self._reading
            return
        self._reading, self._again = True, False
        known = None if self._clusters_stale or self.facts is None else self.facts.clusters
        self._clusters_stale = False
        reviewer = context.actor

        def done(found: HomeFacts) -> None:
            self._reading = False
            if context.project is project:
                self._show(found)
                if self._again:
                    self._read()

        def first(found: HomeFacts) -> None:
            before = self.facts
            if before is not None:  # what takes longer stays as it was shown until it is read again
                self._show(told.as_before(found, before))
            else:
                self._show(found)
            run_read(
                context,
                _("Reading what waits"),
                lambda _progress: told.read_rest(found, project=project, reviewer=reviewer, clusters=known),
                done=done,
                failed=self._failed,
            )

        run_read(
            context,
            _("Reading what waits"),
            lambda _progress: told.read(project=project, reviewer=reviewer),
            done=first,
            failed=self._failed,
        )

    def _failed(self, _error: BaseException) -> None:
        self._reading = False
        if self.facts is None:
            self.context.notify(_("What waits could not be read. Nothing was changed; go to another page and back."))

    def _show(self, facts: HomeFacts) -> None:
        first = self.facts is None
        self.facts = facts
        empty = not facts.counts.examples and not facts.imports
        self.views.setCurrentWidget(self.empty if empty else self.area)
        self.step = told.next_step(facts)
        self.next.setText(self.step.title if self.step is not None else _("Looking…"))
        self.next.update_from_action()
        steps = told.waiting_steps(facts)
        self.waiting.show_steps(steps)
        self.nothing.setVisible(not steps and facts.clusters is not None)
        minutes = int(self.context.settings.get("minutes_per_session"))
        sentence = told.pace_sentence(facts, minutes=minutes, today=today())
        self.pace.setText(sentence)
        self.pace.setVisible(bool(sentence) and facts.clusters is not None)
        self.looks.show_looks(facts.looks)
        self.checks.show_facts(facts.checks)
        if facts.pack is not None:
            self.pack.show_work(facts.pack, self.context.project_file)
        self.funnel.set_stages(told.stages(facts))
        self.imports.show_imports(facts.imports)
        if first and self.isVisible():
            (self.empty.button if empty else self.next).setFocus(Qt.FocusReason.OtherFocusReason)

    def _do_next(self) -> None:
        if self.step is not None:
            self._go(self.step)

    def _go(self, step: Step) -> None:
        if not step.page:
            self.context.actions.run("app.close_project")
            return
        self.context.navigate(step.page, **dict(step.params))

    def _go_to_stage(self, stage: str) -> None:
        where = {"examples": "", "accepted": "status = accepted"}
        if stage in where:
            self.context.navigate("examples", where=where[stage])
        else:
            pages = {"raw": "importing", "released": "release", "judged": "review", "in_play": "duplicates"}
            self.context.navigate(pages[stage])
