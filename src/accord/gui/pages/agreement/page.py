"""The Agreement page: figures with intervals for each question, and the way to the examples behind each of them."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtWidgets import QStackedWidget, QWidget

from accord.domain.errors import Cancelled
from accord.domain.history import ExampleRow
from accord.domain.progress import Progress
from accord.domain.project_agreement import VERDICT, ProjectAgreement, Question
from accord.domain.wording import _, plural
from accord.gui import files
from accord.gui.context import Context, Params
from accord.gui.jobs_bridge import run_read, show_failure
from accord.gui.page import Page
from accord.gui.pages.agreement import parts
from accord.gui.pages.agreement.items_card import SHOWN, ItemsCard, beginning
from accord.gui.pages.agreement.matrix import Matrix
from accord.gui.pages.agreement.parts import PartsCard
from accord.gui.pages.agreement.question_rows import QuestionRows
from accord.gui.pages.agreement.waiting_line import WaitingLine
from accord.gui.widgets import ActionButton, Card, EmptyState, LinkList, PlainLabel, Scrolled, column, row
from accord.workflows import agreement, browsing

COSTLY_SHOWN = 80
_CHANGES = frozenset({"reviews", "examples", "imports", "settings", "tags", "conflicts"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Items:
    """Examples behind a figure: how many, and the first of them."""

    title: str
    total: int
    rows: list[ExampleRow]


class AgreementPage(Page):
    """Measures when it is shown and when something changed."""

    page_id: ClassVar[str] = "agreement"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.found: ProjectAgreement | None = None
        self.question: Question = VERDICT
        self._leaving = False  # what is under way was told to stop
        self._kept = agreement.Kept()
        self._reading = self._again = False
        self.measuring = WaitingLine(_("Measuring the agreement"), margin=24)
        self.looking = WaitingLine(_("Looking for the examples"))
        self._listed: tuple[str, dict[str, Any]] | None = None  # the examples that are listed: title and which
        context.actions.bind("agreement.report", self.save_report, enabled=lambda: self.found is not None)
        self.report = ActionButton(context.actions, "agreement.report")
        self.rows, self.matrix, self.items = QuestionRows(), Matrix(), ItemsCard()
        self.costliest = LinkList(_("The costliest disagreements"))
        self.costly = Card(_("The costliest disagreements"))
        self.alike = PlainLabel(role="small")
        self.pairs = Card(_("Who agrees with whom"))
        self.about = PlainLabel(role="heading")
        self.consensus, self.itself, self.weeks, self.guidelines = _parts_cards()
        self.empty = EmptyState(
            _(
                "Nothing has been reviewed by two people yet. Give a share of the examples to two reviewers, and their "
                "agreement is measured here."
            ),
            _("Give examples out"),
            lambda: context.navigate("people"),
            icon="account-check-outline",
        )
        self.stopped = EmptyState(
            _("Measuring was stopped, so there are no figures yet."),
            _("Measure"),
            self.read,
            icon="stop-circle-outline",
        )
        self.area = self._built()
        self.views = QStackedWidget()
        for view in (QWidget(), self.empty, self.stopped, self.area):  # the first is blank: shown until there is news
            self.views.addWidget(view)
        self.setLayout(column(self.measuring, self.views, gap=0))
        self._connect()

    def activated(self, params: Params) -> None:  # noqa: ARG002  (the page takes no parameters)
        """Measure anew, unless that is under way."""
        if not self._reading or self._leaving:
            self.read()

    def deactivated(self) -> None:
        """Stop measuring; what was measured is kept."""
        self._leaving, self._again = self._reading, False
        for line in (self.measuring, self.looking):
            line.cancel()

    def refresh(self, changed: AbstractSet[str]) -> None:
        """Measure again what reviews and decisions changed."""
        if changed & _CHANGES:
            self.read()

    def choose(self, key: str) -> None:
        """Show the details of another question."""
        self.question = Question.read(key)
        self.items.hide()
        self.measuring.cancel()  # of the question before
        self.read()

    def show_items(self, title: str, **which: Any) -> None:
        """List the examples behind a figure of the question in force, and go to the first."""
        self._listed = (title, {"question": self.question, **which})
        self._list(to_first=True)

    def _list(self, *, to_first: bool = False) -> None:
        if self._listed is None:
            return
        project, (title, which) = self.context.project, self._listed

        def work(progress: Progress) -> _Items:
            ids = agreement.items_of(project=project, progress=progress, **which)
            rows = browsing.example_rows(project=project, ids=ids[:SHOWN])
            return _Items(title=title, total=len(ids), rows=[found for found in rows if found is not None])

        def done(found: _Items) -> None:
            self.looking.rest()
            self.items.show_items(found.title, found.rows, found.total)
            if to_first:
                self.area.ensureWidgetVisible(self.items)
                links = self.items.links.links()
                (links[0] if links else self.items.close_button).setFocus()

        def failed(error: BaseException) -> None:
            self.looking.rest()
            if not isinstance(error, Cancelled):
                show_failure(self.context, error)

        self.looking.follow(run_read(self.context, _("Looking for the examples"), work, done=done, failed=failed))

    def save_report(self) -> None:
        """Save all figures as one page or as a table."""
        found, title = self.found, self.context.project_name
        if found is None:
            return
        proposal = files.documents() / f"{_('agreement')}.html"
        to = files.ask_for_report(self, proposal)
        if to is not None:
            work = partial(agreement.write_report, found=found, title=title, to=to)
            run_read(self.context, _("Saving a report"), lambda _progress: work(), done=lambda _none: self._saved(to))

    def _saved(self, to: Path) -> None:
        self.context.notify(
            _("The report is saved as {name}.", name=to.name),
            tone="good",
            undo=lambda: files.open_outside(to),
            undo_title=_("Open"),
        )

    def _connect(self) -> None:
        self.rows.wanted.connect(self.choose)
        self.rows.items_wanted.connect(self._show_of_question)
        self.costliest.activated.connect(lambda found: self.context.navigate("disagreements", example_id=found))
        self.items.chosen.connect(self._go)
        self.matrix.chosen.connect(
            lambda first, second: self.show_items(
                _("{first} and {second} differ on", first=first, second=second),
                reviewers=(first, second),
                differing=True,
            )
        )
        differs = _("{name} differs from the consensus on")
        self.consensus.chosen.connect(
            lambda name: self.show_items(differs.replace("{name}", name), reviewers=(name,), differing=True)
        )
        self.itself.chosen.connect(
            lambda name: self.show_items(
                _("{name} answered otherwise the second time", name=name), reviewers=(name,), differing=True, again=True
            )
        )
        self.weeks.chosen.connect(lambda week: self.show_items(_("Week of {day}", day=week), week=week, differing=True))
        self.guidelines.chosen.connect(
            lambda version: self.show_items(
                _("Guideline version {n}", n=version), guideline=int(version), differing=True
            )
        )

    def _built(self) -> Scrolled:
        area = Scrolled(width=980)
        head = row(PlainLabel(_("Agreement"), role="title"), None, self.report, gap=16)
        area.body.addLayout(head)
        area.body.addWidget(self.rows)
        self.costly.body.addWidget(
            PlainLabel(_("Settled or taken out, these would raise the agreement most."), role="small", wrap=True)
        )
        self.costly.body.addWidget(self.costliest)
        self.costly.body.addWidget(self.alike)
        about = _("Cohen's kappa, with how many examples both reviewed. A cell leads to those they differ on.")
        self.pairs.body.addWidget(PlainLabel(about, role="small", wrap=True))
        self.pairs.body.addWidget(self.matrix)
        for part in (self.looking, self.items, self.costly, self.about, self.pairs):
            area.body.addWidget(part)
        for card in (self.consensus, self.itself, self.weeks, self.guidelines):
            area.body.addWidget(card)
        area.body.addStretch(1)
        return area

    def _show_of_question(self, key: str, differing: bool) -> None:  # noqa: FBT001  (a signal's value)
        question = Question.read(key)
        title = _("{question}: reviewers differ on", question=question.title)
        if not differing:
            title = _("{question}: reviewed by two or more", question=question.title)
        self.show_items(title, question=question, differing=differing)

    def _go(self, example_id: str, disagrees: bool) -> None:  # noqa: FBT001  (a signal's value)
        self.context.navigate("disagreements" if disagrees else "examples", example_id=example_id)

    def read(self) -> None:
        """Measure, once at a time; what is asked for meanwhile is measured afterwards."""
        project, question, me = self.context.project, self.question, self.context.actor
        if self._reading or project is None:
            self._again = self._reading
            return
        self._reading, self._again, self._leaving = True, False, False

        def work(progress: Progress) -> tuple[ProjectAgreement, list[ExampleRow]]:
            found = agreement.of_project(project=project, question=question, me=me, kept=self._kept, progress=progress)
            costly = browsing.example_rows(project=project, ids=[one.id for one in found.chosen.costliest])
            return found, [row for row in costly if row is not None]

        def done(read: tuple[ProjectAgreement, list[ExampleRow]]) -> None:
            self._ended()
            if self._again:
                self.read()
            else:
                self._show(*read)

        def failed(error: BaseException) -> None:
            self._ended()
            if self._again:
                self.read()
            elif isinstance(error, Cancelled):
                self._show_stopped()
            elif self.question != VERDICT:  # a tag or rating that is gone
                self.choose(VERDICT.key)
            else:
                self.context.notify(
                    _("The agreement could not be measured. Nothing was changed; come back to try again.")
                )

        self.measuring.follow(run_read(self.context, _("Measuring the agreement"), work, done=done, failed=failed))

    def _ended(self) -> None:
        self._reading = False
        self.measuring.rest()

    def _show_stopped(self) -> None:
        if self._leaving:
            return
        if self.found is None:
            self.views.setCurrentWidget(self.stopped)
        else:
            self.context.notify(_("Stopped. The figures are those of before."))

    def _show(self, found: ProjectAgreement, rows: list[ExampleRow]) -> None:
        self.found = found
        if not self.items.isHidden():
            self._list()  # some of them may be settled by now
        any_double = any(one.double for one in found.questions) or bool(found.itself)
        self.views.setCurrentWidget(self.area if any_double else self.empty)
        self.report.update_from_action()
        self.rows.show_questions(found.questions, found.question.key)
        chosen = found.chosen
        self.about.setText(_("In detail: {question}", question=chosen.question.title))
        named = {row.id: beginning(row, COSTLY_SHOWN) for row in rows}
        costly = [
            (one.id, _("{example} · alpha would be {gain} higher", example=named[one.id], gain=one.shown))
            for one in chosen.costliest
            if one.id in named
        ]
        self.costliest.set_links(costly)
        self.alike.setText(chosen.more_alike)
        self.alike.setVisible(bool(chosen.alike))
        self.costly.setVisible(bool(costly))
        self.costly.title.setText(
            plural("The costliest disagreement", "The {n} costliest disagreements", max(1, len(costly)))
        )
        several = len(found.reviewers) > 1 and bool(found.pairs)
        self.pairs.setVisible(several)
        if several:
            self.matrix.show_pairs(found.reviewers, found.pairs)
        for card, made in (
            (self.consensus, parts.consensus(found)),
            (self.itself, parts.itself(found)),
            (self.weeks, parts.weeks(found) if len(found.weeks) > 1 else []),
            (self.guidelines, parts.guidelines(found) if len(found.guidelines) > 1 else []),
        ):
            card.show_parts(made)


def _parts_cards() -> tuple[PartsCard, PartsCard, PartsCard, PartsCard]:
    """Return the cards of each reviewer, of each reviewer and oneself, of the weeks and of the guidelines."""
    return (
        PartsCard(
            _("Each reviewer and the consensus"),
            _("How often a reviewer says what an adjudicator decided, or else what most of the others say."),
        ),
        PartsCard(
            _("Each reviewer and oneself"), _("How often the verdict is the same when an example comes back blind.")
        ),
        PartsCard(_("Over time"), _("Krippendorff's alpha by the week of the later review.")),
        PartsCard(_("By guideline"), _("Krippendorff's alpha by the version that was in force.")),
    )
