"""What the next release would hold and what it changes; each number opens the list behind it."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from accord.domain.history import ExampleRow
from accord.domain.progress import Progress
from accord.domain.releases import Part, Release, reason_counted
from accord.domain.review import Status
from accord.domain.wording import _, number, plural
from accord.gui.context import Context
from accord.gui.pages.release.reading import Preview
from accord.gui.theme import theme
from accord.gui.widgets import Button, Card, Column, Flow, PagedModel, PlainLabel, TableView, column, row
from accord.workflows import browsing
from accord.workflows.releasing import Comparison

MOST_ROWS_SHOWN = 7


class PreviewCard(Card):
    """``opened`` gives the id of an example that was opened from a list, ``filter_wanted`` what to list instead."""

    opened = Signal(str)
    filter_wanted = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__(_("What it will hold"))
        self._context = context
        self._lists: dict[str, Sequence[str]] = {}
        self._shown = ""
        self.figures = {part: PlainLabel("–", role="figure") for part in Part}
        words = {Part.TRAIN: _("train"), Part.VALIDATION: _("validation"), Part.HELDOUT: _("held out")}
        three = [column(self.figures[part], PlainLabel(words[part], role="muted"), gap=0) for part in Part]
        self.state = PlainLabel(role="muted", wrap=True)
        self.previous = PlainLabel(role="strong")
        self.outside = PlainLabel(_("Not in it"), role="strong")
        self._changes, self._reasons = _Links(), _Links()
        self.buttons: dict[str, Button] = {}
        self.model = PagedModel(context, _columns(), self._fetch)
        self.table = TableView(_("Examples"), self.model)
        self.table.opened.connect(lambda found: self.opened.emit(str(found)))
        self.body.setSpacing(12)
        self.body.addLayout(row(*three, None, gap=32))
        hidden = (self.outside, self._reasons, self.previous, self._changes, self.table)
        for item in (self.state, *hidden):
            self.body.addWidget(item)
        self.body.addStretch(1)
        for item in hidden:
            item.hide()

    def show_working(self) -> None:
        """Say that the numbers are being worked out; those of before stay until then."""
        self.state.setText(_("Working out the split…"))

    def show_nothing(self, sentence: str) -> None:
        """Say why there is no release to show."""
        for figure in self.figures.values():
            figure.setText("–")
        self.state.setText(sentence)
        self._show({}, {}, {}, "")

    def show_preview(self, preview: Preview) -> None:
        """Show the parts and what changes."""
        release = preview.draft.release
        for part, figure in self.figures.items():
            figure.setText(number(release.counts.get(part.value, 0)))
        said = [plural("{n} group is kept whole.", "{n} groups are kept whole.", release.groups)]
        if preview.draft.same_as:
            said.append(_("Nothing has changed since “{name}”.", name=preview.draft.same_as))
        self.state.setText(" ".join(said))
        comparison, outside = preview.comparison, release.outside
        changes = {} if comparison is None else _changes(comparison)
        statuses = {} if outside is None else {code: n for code, n in outside.ranked if code in set(Status)}
        self._show(changes, _left_out(release), statuses, comparison.previous if comparison else "")

    def _show(
        self,
        changes: Mapping[str, Sequence[str]],
        left_out: Mapping[str, Sequence[str]],
        statuses: Mapping[str, int],
        previous: str,
    ) -> None:
        """Show what changed and what is left out as lists that unfold, what has another status as a way to it."""
        self._lists = {**changes, **left_out}
        self.buttons = {}
        self._changes.put([self._link(name, ids) for name, ids in changes.items()])
        reasons: list[QWidget] = [self._link(name, ids) for name, ids in left_out.items()]
        for status, n in statuses.items():
            run = partial(self.filter_wanted.emit, f"status = {status}")
            self.buttons[status] = Button(reason_counted(status, n), kind="link", run=run)
            reasons.append(self.buttons[status])
        self._reasons.put(reasons)
        self.outside.setVisible(bool(reasons))
        self.previous.setText(_("Compared with “{name}”", name=previous))
        self.previous.setVisible(bool(previous))
        self._show_list(self._shown if self._lists.get(self._shown) else "")

    def _link(self, name: str, ids: Sequence[str]) -> QWidget:
        said = _said(name, len(ids))
        if not ids:
            none = PlainLabel(said, role="muted")
            none.setFixedHeight(theme().px(28))
            return none
        self.buttons[name] = Button(said, kind="link", run=partial(self._toggle, name))
        return self.buttons[name]

    def _toggle(self, name: str) -> None:
        self._show_list("" if name == self._shown else name)

    def _show_list(self, name: str) -> None:
        self._shown = name
        ids = self._lists.get(name, ())
        self.model.set_ids(list(ids))
        self.table.setVisible(bool(ids))
        self.table.setFixedHeight(theme().px(34 + 28 * min(len(ids), MOST_ROWS_SHOWN)))

    def _fetch(self, ids: Sequence[Any], _progress: Progress) -> list[ExampleRow | None]:
        return browsing.example_rows(project=self._context.project, ids=[str(i) for i in ids])


class _Links(QWidget):
    """Short links side by side, in as many lines as they take; hidden while there are none."""

    def __init__(self) -> None:
        super().__init__()
        self._flow = Flow(gap=8)
        self.setLayout(self._flow)

    def put(self, links: Sequence[QWidget]) -> None:
        """Show these instead of what was there."""
        while item := self._flow.takeAt(0):
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for link in links:
            self._flow.addWidget(link)
        self.setVisible(bool(links))


def _columns() -> list[Column]:
    return [
        Column(id="request", title=_("Request"), text=lambda shown: shown.content.request, stretch=True),
        Column(id="status", title=_("Status"), status=lambda shown: Status(shown.status), width=130),
        Column(id="line", title=_("From"), text=lambda shown: f"{shown.file}:{shown.line}", width=180, muted=True),
    ]


def _changes(found: Comparison) -> dict[str, Sequence[str]]:
    return {
        "added": found.added,
        "removed": found.removed,
        "changed": found.changed,
        "held_out": found.newly_held_out,
    }


def _left_out(release: Release) -> Mapping[str, Sequence[str]]:
    by_reason: dict[str, list[str]] = {}
    for item in release.left_out:
        by_reason.setdefault(item.reason, []).append(item.id)
    return by_reason


def _said(name: str, count: int) -> str:
    said = {
        "added": _("{n} added", n=number(count)),
        "removed": _("{n} removed", n=number(count)),
        "changed": _("{n} changed", n=number(count)),
        "held_out": _("{n} newly held out", n=number(count)),
    }
    return said.get(name) or reason_counted(name, count)
