"""The page of disagreements: inbox, the case on the desk with its final text, and what was decided before."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QAbstractButton, QApplication

from accord.domain.disagreements import Disagreement
from accord.domain.wording import _
from accord.gui.context import Context, Params
from accord.gui.jobs_bridge import run_read
from accord.gui.page import Page
from accord.gui.pages.disagreements.acts import Acts
from accord.gui.pages.disagreements.arrangement import Arrangement
from accord.gui.pages.disagreements.binding import arrows_follow, bind_keys
from accord.gui.pages.disagreements.case import Case
from accord.gui.pages.disagreements.desk import Desk
from accord.gui.pages.disagreements.entered import Entered
from accord.gui.widgets import column
from accord.workflows import adjudicating, projects
from accord.workflows.reviewing import TextChanged

READS = frozenset({"examples", "reviews", "imports", "disagreements"})


class DisagreementsPage(Page):
    """``activated`` takes ``example_id``: the disagreement to open."""

    page_id = "disagreements"
    notice_inset = 64

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.desk = Desk(context, self._typed)
        self.view = Arrangement(context, copy_text=self.desk.as_text, go_on=self._go_on)
        self.inbox, self.columns, self.final = self.view.inbox, self.view.columns, self.view.final
        self.deciding, self.question = self.view.deciding, self.view.question
        self.acts = Acts(context, desk=self.desk, inbox=self.inbox, reload=self.load, overtaken=self._overtaken)
        self.setLayout(column(self.view, gap=0))
        self._loaded, self._told = False, ""
        self._connect()
        bind_keys(self)

    def activated(self, params: Params) -> None:
        """Read the inbox, and open what was asked for."""
        self.acts.own_changes = 0
        self.load(str(params.get("example_id") or ""))
        self.view.take_focus()

    def deactivated(self) -> None:
        """Keep what is typed."""
        self.desk.keep()

    def refresh(self, changed: AbstractSet[str]) -> None:
        """Read anew what others changed; one's own decisions are shown already."""
        if self.acts.own_changes:
            self.acts.own_changes -= 1
            return
        if "settings" in changed:
            self._read_guideline()
        if changed & READS:
            self.desk.loader.forget()
            self.load()

    def load(self, wanted: str = "") -> None:
        """Read what is open; with ``wanted`` go there."""
        project = self.context.project
        if not adjudicating.may_decide(project=project):
            self.view.show_part(self.view.not_for)
            return
        run_read(
            self.context,
            _("Reading disagreements"),
            lambda _progress: adjudicating.open_disagreements(project=project),
            done=lambda found: self._arrived(found, wanted),
        )
        if not self._loaded:
            self._read_guideline()

    def _arrived(self, found: list[Disagreement], wanted: str) -> None:
        self._loaded = True
        here = self.desk.case
        self.inbox.blockSignals(True)
        self.inbox.show_disagreements(found, wanted=wanted)
        self.inbox.blockSignals(False)
        overtaken = here is not None and not self.inbox.has(here.id) and self.desk.has_entered()
        if overtaken and not wanted and here is not None:
            self._overtaken(here, None)
        elif self.inbox.total():
            self._open(self.inbox.current())
        else:
            self._show_empty()

    def _open(self, example_id: str) -> None:
        here = self.desk.case
        if here is not None and here.id == example_id:
            self.desk.again()
        else:
            if here is not None and not self.inbox.has(here.id):
                self.desk.drop()  # somebody else has settled it, which was said
            self.desk.open(example_id)
        self.desk.loader.prefetch(self.inbox.after(2))

    def _chosen(self, example_id: str) -> None:
        if example_id:
            self._open(example_id)
        elif not self.inbox.total() and self._loaded:
            self._show_empty()

    def _show_empty(self) -> None:
        self.desk.open("")
        self.view.show_part(self.view.empty)

    def _show_case(self) -> None:
        """Show what lies on the desk."""
        case = self.desk.case
        told, self._told = self._told, ""
        self.view.meanwhile.hide()
        self.question.hide()
        if case is None:
            return
        self.view.show_part(self.view.whole)
        self.view.original.show_case(case)
        self.columns.show_case(case, self.desk.takes)
        self.final.show_case(case)
        self.deciding.put_comment(self.desk.entered.comment)
        self.view.beside.show_case(case)
        self._show_entered()
        if told:
            self.view.meanwhile.say(told, over=False)

    def _show_entered(self) -> None:
        case, entered = self.desk.case, self.desk.entered
        if case is not None:
            self.final.show_entered(entered)
            self.deciding.show_entered(entered, case.base)
            self.columns.mark()
            self.view.update_buttons()

    def _typed(self, case: Case, entered: Entered) -> Entered:
        """Return what stands in the fields."""
        texts = self.final.texts()
        found = entered.with_texts(case.base, texts) if texts else entered
        question = entered.question if self.question.isHidden() else self.question.field.text()
        return replace(found, comment=self.deciding.comment.text(), question=question)

    def _typing(self) -> None:
        """Name anew what is missing while a person types."""
        if self.desk.case is not None:
            self.deciding.show_entered(self.desk.collect(), self.desk.case.base)

    def _leave_text(self) -> None:
        self.final.close_editors(self.desk.collect())
        self._show_entered()
        self.view.take_focus()

    def choose(self, change: Callable[[], object]) -> None:
        """Change the outcome; an open editor gives its text first and closes."""
        self.desk.collect()
        if self.final.is_open:
            self.final.close_editors(self.desk.entered)
        change()

    def take_change(self) -> None:
        """Take the change that the keys are on, or put it back."""
        focus = QApplication.focusWidget()
        if isinstance(focus, QAbstractButton):
            focus.click()  # Space presses the button that has the focus, as everywhere
        else:
            change = self.columns.current()
            self.choose(lambda: self.desk.take_change(change))
            if change is not None:
                self.final.reveal(*change)

    def take_version(self, position: int) -> None:
        """Take a whole version, and show the first of its changes in the final text."""
        self.choose(partial(self.desk.take_version, position))
        case = self.desk.case
        changes = [] if case is None else case.told[position].changes()
        if changes:
            self.final.reveal(*changes[0])

    def edit(self) -> None:
        """Open the final text in the editor."""
        self.desk.write()
        self.final.open_editors(self.desk.entered)

    def decide(self) -> None:
        """Store the decision, or go to what it lacks; where a question is being asked, send that."""
        if not self.question.isHidden():
            self.question.send()
        elif not self.acts.decide():
            self.deciding.go_to_missing(self.desk.entered)
        else:
            self.view.take_focus()

    def _send(self, question: str) -> None:
        self.view.take_focus()
        self.acts.send_back(question)

    def _keep_question(self) -> None:
        self.desk.ask(self.question.field.text())
        self.view.take_focus()

    def _overtaken(self, case: Case, error: BaseException | None) -> None:
        """Say that somebody else was faster; what was entered is kept."""
        if isinstance(error, TextChanged):
            self._told = str(error)
            self.desk.loader.forget()
            self.load(case.id)
            return
        self.inbox.drop_quietly(case.id)
        self.desk.show_again(case)
        told = _("This was settled meanwhile. Nothing of yours was stored; your text is kept.")
        self.view.meanwhile.say(told if error is None else str(error), over=True)

    def _go_on(self) -> None:
        """Let go of what somebody else has settled."""
        self.view.meanwhile.hide()
        self.desk.drop()
        self.load()
        self.view.take_focus()

    def _gone(self, _example_id: str) -> None:
        """Read the inbox anew: one of its lines is open no more."""
        self.desk.loader.forget()
        self.load()

    def _read_again(self) -> None:
        if self.desk.case is not None:
            self.view.beside.show_case(self.desk.case)

    def _read_guideline(self) -> None:
        project = self.context.project
        run_read(
            self.context,
            _("Reading the guideline"),
            lambda _progress: (
                projects.settings_of(project=project).guideline,
                projects.guideline_number(project=project),
            ),
            done=lambda found: self.view.beside.show_guideline(*found),
        )

    def _connect(self) -> None:
        self.inbox.chosen.connect(self._chosen)
        self.desk.shown.connect(self._show_case)
        self.desk.read_again.connect(self._read_again)
        self.desk.changed.connect(self._show_entered)
        self.desk.gone.connect(self._gone)
        self.columns.take_wanted.connect(self.take_change)
        self.final.edited.connect(self._typing)
        self.final.left.connect(self._leave_text)
        self.deciding.typed.connect(self._typing)
        self.deciding.left.connect(self.view.take_focus)
        self.deciding.reason_chosen.connect(self.desk.choose_reason)
        self.question.sent.connect(self._send)
        self.question.left.connect(self._keep_question)
        self.view.panel.opened.connect(partial(arrows_follow, self))
        self.view.panel.settled.connect(self._settled)

    def _settled(self) -> None:
        """Say to all pages what the rule did; this one reads it too."""
        self.desk.loader.forget()
        self.context.tell_changed("examples", "reviews", "conflicts", "disagreements")

    def has_case(self) -> bool:
        """Say whether there is something to decide on."""
        return self.desk.case is not None and self.view.shows_case()
