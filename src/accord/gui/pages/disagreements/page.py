"""The page of disagreements: inbox, the case on the desk with its final text, and what was decided before."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QAbstractButton, QApplication

from accord.domain.disagreements import Reason
from accord.domain.wording import _
from accord.gui.context import Context, Params
from accord.gui.page import Page
from accord.gui.pages.disagreements.acts import Acts
from accord.gui.pages.disagreements.arrangement import Arrangement
from accord.gui.pages.disagreements.binding import arrows_follow, bind_keys
from accord.gui.pages.disagreements.case import Case
from accord.gui.pages.disagreements.desk import Desk
from accord.gui.pages.disagreements.entered import Entered, Outcome
from accord.gui.pages.disagreements.following import Following
from accord.gui.widgets import column

READS = frozenset({"examples", "reviews", "imports", "disagreements"})


class DisagreementsPage(Page):
    """``activated`` takes ``example_id``: the disagreement to open."""

    page_id = "disagreements"
    notice_inset = 64

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.desk = Desk(context, self._typed)
        self.view = Arrangement(context, copy_text=self.desk.as_text)
        self.following = Following(context, self.view, self.desk)
        self.inbox, self.columns, self.final = self.view.inbox, self.view.columns, self.view.final
        self.deciding, self.question = self.view.deciding, self.view.question
        self.acts = Acts(
            context, desk=self.desk, inbox=self.inbox, reload=self.following.load, overtaken=self.following.overtaken
        )
        self.setLayout(column(self.view, gap=0))
        self.destroyed.connect(self.desk.drafts.rest)  # its fields are gone, and what stood in them was kept
        self._connect()
        bind_keys(self)

    def activated(self, params: Params) -> None:
        """Read the inbox, and open what was asked for."""
        self.acts.own_changes = 0
        self.following.load(str(params.get("example_id") or ""))
        self.view.take_focus()

    def deactivated(self) -> None:
        """Keep what is typed."""
        self.desk.drafts.flush()
        self.desk.keep()

    def refresh(self, changed: AbstractSet[str]) -> None:
        """Read anew what others changed; one's own decisions are shown already."""
        if self.acts.own_changes:
            self.acts.own_changes -= 1
            return
        if "settings" in changed:
            self.following.read_guideline()
        if changed & READS:
            self.desk.loader.forget()
            self.following.load()

    def _show_case(self) -> None:
        """Show what lies on the desk."""
        case = self.desk.case
        told, self.following.told = self.following.told, ""
        if self.desk.restored:
            told = told or _("What you entered here before is back.")
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
        """Name anew what is missing while a person types, and write it soon."""
        self.desk.touch()
        if self.desk.case is not None:
            self.deciding.show_entered(self.desk.collect(), self.desk.case.base)

    def _leave_text(self) -> None:
        self.final.close_editors(self.desk.collect())
        self._show_entered()
        self.view.take_focus()
        for index, hunks in self.desk.entered.hunks.items():
            self.final.reveal(index, hunks[0])

    def choose(self, change: Callable[[Entered], Entered]) -> None:
        """Change the outcome; an open editor gives its text first and closes."""
        self.desk.collect()
        if self.final.is_open:
            self.final.close_editors(self.desk.entered)
        self.desk.choose(change)

    def take_change(self) -> None:
        """Take the change that the keys are on, or put it back."""
        focus, change = QApplication.focusWidget(), self.columns.current()
        if isinstance(focus, QAbstractButton):
            focus.click()  # Space presses the button that has the focus, as everywhere
        elif change is not None:
            self.choose(lambda entered: entered.with_change(*change))
            self.final.reveal(*change)

    def take_version(self, position: int) -> None:
        """Take a whole version, and show the first of its changes in the final text."""
        case = self.desk.case
        if case is not None:
            told = case.told[position]
            self.choose(lambda entered: entered.with_version(told))
            for change in told.changes()[:1]:
                self.final.reveal(*change)

    def edit(self) -> None:
        """Open the final text in the editor."""
        self.desk.choose(lambda entered: entered.with_outcome(Outcome.TEXT))
        self.final.open_editors(self.desk.entered)

    def give_reason(self, reason: Reason) -> None:
        """Give a reason."""
        self.desk.choose(lambda entered: entered.with_reason(reason))

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

    def _connect(self) -> None:
        self.desk.shown.connect(self._show_case)
        self.desk.changed.connect(self._show_entered)
        self.columns.take_wanted.connect(self.take_change)
        self.final.edited.connect(self._typing)
        self.final.left.connect(self._leave_text)
        self.deciding.typed.connect(self._typing)
        self.deciding.left.connect(self.view.take_focus)
        self.deciding.reason_chosen.connect(self.give_reason)
        self.question.sent.connect(self._send)
        self.question.left.connect(self._keep_question)
        self.question.field.textEdited.connect(lambda _text: self.desk.touch())
        self.view.panel.opened.connect(partial(arrows_follow, self))

    def has_case(self) -> bool:
        """Say whether there is something to decide on."""
        return self.desk.case is not None and self.view.shows_case()
