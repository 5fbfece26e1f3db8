"""Who changed guideline, tags and questions, when and how; the settled examples that the newest change may affect."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem

from accord.domain.people import Person, Role
from accord.domain.wording import _, number, plural
from accord.gui import opening
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read, run_write
from accord.gui.pages.disagreements.hunks import hunks_between, numbered_parts
from accord.gui.pages.people.assign_card import Boxes
from accord.gui.pages.project.sections import COLUMNS, Section
from accord.gui.theme import theme
from accord.gui.widgets import Button, Card, DiffView, LinkList, PlainLabel, row
from accord.workflows import guideline_changes, people, permissions, undoing
from accord.workflows.guideline_changes import Affected, Change, Queued

ROW_HEIGHT, ROWS_SHOWN, MOST_LISTED, MOST_QUEUED = 28, 6, 8, 5000
CHANGED = ("examples", "reviews", "settings")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    changes: list[Change]
    affected: Affected | None
    people: list[Person]


class Versions(Section):
    """Nothing is typed here: it is read, and what a change may affect is queued again."""

    section_id = "versions"

    def __init__(self, context: Context) -> None:
        super().__init__(_("Versions"), _("What was changed, by whom and when. A version shows what it changed."))
        self._context = context
        self.changes: list[Change] = []
        self.list = QListWidget()
        self.list.setAccessibleName(_("Changes, the newest first"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.currentRowChanged.connect(self._show_change)
        self.diff = DiffView(_("What this version changed"), columns=COLUMNS)
        self.affected = AffectedCard(context)
        self.body.addWidget(self.affected)
        self.body.addWidget(self.list)
        self.body.addWidget(self.diff)
        self.body.addStretch(1)
        self.affected.hide()

    def load(self) -> None:
        """Read the changes."""
        project = self._context.project
        run_read(self._context, _("Reading the versions"), lambda _p: _read(project), done=self._show)

    def _show(self, facts: _Facts) -> None:
        if facts.changes != self.changes:
            self.changes = facts.changes
            self.list.clear()
            for change in facts.changes:
                item = QListWidgetItem(_told(change))
                item.setSizeHint(QSize(0, theme().px(ROW_HEIGHT)))
                self.list.addItem(item)
            self.list.setFixedHeight(theme().px(ROW_HEIGHT) * min(max(len(facts.changes), 1), ROWS_SHOWN) + 4)
            self.list.setCurrentRow(0)
        self.affected.show_affected(facts.affected, facts.people)

    def _show_change(self, place: int) -> None:
        if not 0 <= place < len(self.changes):
            return
        change = self.changes[place]
        older = next((c for c in self.changes[place + 1 :] if "guideline" in c.fields), None)
        if "guideline" in change.fields:
            before = "" if older is None else older.guideline
            parts, _numbers = numbered_parts(before, hunks_between(before, change.guideline))
            self.diff.set_parts(parts)
        else:
            self.diff.set_text(_("The guideline did not change here."))


class AffectedCard(Card):
    """How many settled examples the newest change may affect, why, and a button that calls them to a further round."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("What the newest change may affect"))
        self._context = context
        self._numbers: list[int] = []
        self.sentence = PlainLabel(wrap=True)
        self.links = LinkList(_("Settled examples that it may affect"))
        self.links.activated.connect(lambda example: context.navigate("examples", id=example))
        self.more = PlainLabel(role="muted")
        self.people = Boxes(_("Who judges them again"))
        self.people.toggled.connect(self._follow)
        self.again = Button(_("Queue them again"), kind="primary", icon="refresh", run=self.queue)
        self.whom = PlainLabel(_("Who judges them again"), role="strong")
        for part in (self.sentence, self.links, self.more, self.whom, self.people):
            self.body.addWidget(part)
        self.body.addLayout(row(self.again, None))

    def show_affected(self, found: Affected | None, everyone: Sequence[Person]) -> None:
        """Show what was found; nothing where no change can affect anything."""
        self.setVisible(found is not None and found.found > 0)
        if found is None:
            return
        self._numbers = [item.seq for item in found.items]
        self.sentence.setText(
            plural(
                "{n} of {settled} settled examples may be affected.",
                "{n} of {settled} settled examples may be affected.",
                found.found,
                settled=number(found.settled),
            )
        )
        shown = found.items[:MOST_LISTED]
        self.links.set_links((item.id, f"{item.id[:8]}  {' '.join(item.reasons)}") for item in shown)
        left = found.found - len(shown)
        self.more.setText(plural("and {n} more", "and {n} more", left))
        self.more.setVisible(left > 0)
        leads = permissions.leads(project=self._context.project)
        before = set(self.people.boxes)
        names = [person.name for person in everyone] or [self._context.actor]
        self.people.show_names(names)
        for person in everyone:
            if person.name not in before:
                self.people.check(person.name, checked=person.role is Role.REVIEWER)
        if not everyone:
            self.people.check(self._context.actor, checked=True)
        for part in (self.whom, self.people):
            part.setVisible(leads and len(names) > 1)
        self.again.setVisible(leads)
        self._follow()

    def queue(self) -> None:
        """Call them again, for those who are ticked."""
        project, who = self._context.project, opening.who(self._context)
        again = partial(
            guideline_changes.queue_again,
            project=project,
            who=who,
            numbers=self._numbers,
            reviewers=self.people.checked(),
        )
        run_write(self._context, _("Queue again"), lambda _p: again(), done=self._queued, changed=CHANGED)

    def _queued(self, queued: Queued) -> None:
        told = plural("{n} example is judged again.", "{n} examples are judged again.", queued.queued)
        self._context.notify(told, tone="good", undo=partial(self._undo, queued.act))

    def _undo(self, act: str) -> None:
        take = partial(undoing.undo, project=self._context.project, who=opening.who(self._context), act=act)
        run_write(self._context, _("Undo"), lambda _p: take(), changed=CHANGED)

    def _follow(self) -> None:
        self.again.setEnabled(bool(self._numbers) and bool(self.people.checked()))


def _read(project: Any) -> _Facts:
    changes = guideline_changes.changes(project=project)
    several = sum("guideline" in change.fields for change in changes) > 1
    affected = guideline_changes.affected(project=project, limit=MOST_QUEUED) if several else None
    return _Facts(changes=changes, affected=affected, people=people.everyone(project=project))


def _told(change: Change) -> str:
    words = {
        "guideline": _("guideline, version {n}", n=change.version),
        "tags": _("tags"),
        "ratings": _("questions"),
        "reject_reasons": _("reasons to reject"),
    }
    when = datetime.fromisoformat(change.at).astimezone().strftime("%d %b %Y %H:%M").lstrip("0")
    return f"{when}   {change.author}   {', '.join(words[name] for name in change.fields)}"
