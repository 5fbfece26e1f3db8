"""What the next release would hold and what it changes; each number opens the list behind it."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from accord.domain.history import ExampleRow
from accord.domain.progress import Progress
from accord.domain.releases import Part, reason_counted
from accord.domain.review import Status
from accord.domain.wording import _, number, plural
from accord.gui.context import Context
from accord.gui.pages.release.reading import Preview
from accord.gui.theme import theme
from accord.gui.widgets import Button, Card, Column, Flow, PagedModel, PlainLabel, TableView, column, row
from accord.workflows import browsing

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
        self._numbers = QWidget()
        self._flow = Flow(gap=8)
        self._numbers.setLayout(self._flow)
        self.buttons: dict[str, Button] = {}
        self.model = PagedModel(context, _columns(), self._fetch)
        self.table = TableView(_("Examples"), self.model)
        self.table.opened.connect(lambda found: self.opened.emit(str(found)))
        self.body.setSpacing(12)
        self.body.addLayout(row(*three, None, gap=32))
        for item in (self.state, self.previous, self._numbers, self.table):
            self.body.addWidget(item)
        self.body.addStretch(1)
        for item in (self.previous, self._numbers, self.table):
            item.hide()

    def show_working(self) -> None:
        """Say that the numbers are being worked out; those of before stay until then."""
        self.state.setText(_("Working out the split…"))

    def show_nothing(self, sentence: str) -> None:
        """Say why there is no release to show."""
        for figure in self.figures.values():
            figure.setText("–")
        self.state.setText(sentence)
        self._compare({}, "")

    def show_preview(self, preview: Preview) -> None:
        """Show the parts and what changes."""
        release = preview.draft.release
        for part, figure in self.figures.items():
            figure.setText(number(release.counts.get(part.value, 0)))
        said = [plural("{n} group is kept whole.", "{n} groups are kept whole.", release.groups)]
        if preview.draft.same_as:
            said.append(_("Nothing has changed since “{name}”.", name=preview.draft.same_as))
        self.state.setText(" ".join(said))
        outside = release.outside.ranked if release.outside is not None else []
        statuses = {code: n for code, n in outside if code in set(Status)}
        self._compare(_changes(preview), preview.comparison.previous if preview.comparison else "", statuses)

    def _compare(
        self, lists: dict[str, Sequence[str]], previous: str, statuses: Mapping[str, int] | None = None
    ) -> None:
        self._lists = lists
        while item := self._flow.takeAt(0):
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self.buttons = {}
        for name, ids in lists.items():
            said = _said(name, len(ids))
            if ids:
                self.buttons[name] = Button(said, kind="link", run=partial(self._toggle, name))
            none = PlainLabel(said, role="muted")
            none.setFixedHeight(theme().px(28))
            self._flow.addWidget(self.buttons[name] if ids else none)
        for status, n in (statuses or {}).items():
            where = f"status = {status}"
            self.buttons[status] = Button(
                reason_counted(status, n), kind="link", run=partial(self.filter_wanted.emit, where)
            )
            self._flow.addWidget(self.buttons[status])
        if previous:
            self.previous.setText(_("Compared with “{name}”", name=previous))
        self.previous.setVisible(bool(previous))
        self._numbers.setVisible(self._flow.count() > 0)
        self._show_list(self._shown if lists.get(self._shown) else "")

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


def _columns() -> list[Column]:
    return [
        Column(id="request", title=_("Request"), text=lambda shown: shown.content.request, stretch=True),
        Column(id="status", title=_("Status"), status=lambda shown: Status(shown.status), width=130),
        Column(id="line", title=_("From"), text=lambda shown: f"{shown.file}:{shown.line}", width=180, muted=True),
    ]


def _changes(preview: Preview) -> dict[str, Sequence[str]]:
    found: dict[str, Sequence[str]] = {}
    if preview.comparison is not None:
        found = {
            "added": preview.comparison.added,
            "removed": preview.comparison.removed,
            "changed": preview.comparison.changed,
            "held_out": preview.comparison.newly_held_out,
        }
    by_reason: dict[str, list[str]] = {}
    for item in preview.draft.release.left_out:
        by_reason.setdefault(item.reason, []).append(item.id)
    return {**found, **by_reason}


def _said(name: str, count: int) -> str:
    said = {
        "added": _("{n} added", n=number(count)),
        "removed": _("{n} removed", n=number(count)),
        "changed": _("{n} changed", n=number(count)),
        "held_out": _("{n} newly held out", n=number(count)),
    }
    return said.get(name) or reason_counted(name, count)
