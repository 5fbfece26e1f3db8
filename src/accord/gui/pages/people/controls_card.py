"""Controls: which examples are known answers, chosen by a filter, and who catches how many; for a lead alone."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from accord.domain.errors import Refused
from accord.domain.review import Verdict
from accord.domain.wording import _, number, plural
from accord.gui import opening
from accord.gui.jobs_bridge import run_write
from accord.gui.widgets import Button, Card, FormRow, PlainLabel, Segmented, row
from accord.workflows import browsing, controls, undoing

if TYPE_CHECKING:
    from accord.gui.pages.people.page import PeoplePage

CHANGED = ("settings",)
_SETTLED = ""


class ControlsCard(Card):
    """Marks examples, takes them out again, and tells the catch rates; giving out mixes them in."""

    def __init__(self, page: "PeoplePage") -> None:
        super().__init__(_("Controls"))
        self._context = page.context
        about = _(
            "Examples whose right verdict you know, mixed in as you give out and met without a sign: each waits for as "
            "many people as the others do. One that somebody has judged is given out only among examples that several "
            "review. Only leads see who catches how many."
        )
        self.counted = PlainLabel(wrap=True)
        self.rates = PlainLabel(role="strong", wrap=True)
        self.where = QLineEdit()
        self.where.setPlaceholderText(_("For example: tag = planted"))
        self.where.textChanged.connect(self._follow)
        options = [
            (_SETTLED, _("As settled")),
            (Verdict.ACCEPT.value, _("Accept")),
            (Verdict.EDIT.value, _("Edit")),
            (Verdict.REJECT.value, _("Reject")),
        ]
        self.verdict = Segmented(_("Right verdict"), options)
        self.mark = Button(_("Make controls"), run=self._mark)
        self.take_out = Button(_("Take out of the controls"), kind="quiet", run=self._take_out)
        form = row(gap=16)
        form.addWidget(FormRow(_("Which examples"), self.where), 1, Qt.AlignmentFlag.AlignTop)
        form.addWidget(FormRow(_("Right verdict"), self.verdict), 0, Qt.AlignmentFlag.AlignTop)
        for part in (PlainLabel(about, role="small", wrap=True), self.counted, self.rates):
            self.body.addWidget(part)
        self.body.addLayout(form)
        self.body.addLayout(row(self.mark, self.take_out, None, gap=8))
        self._follow()

    def show_controls(self, counts: Mapping[Verdict, int], rates: Sequence[str]) -> None:
        """Show how many there are, and each person's catch rate."""
        words = {Verdict.ACCEPT: _("to accept"), Verdict.EDIT: _("to edit"), Verdict.REJECT: _("to reject")}
        each = ", ".join(f"{number(counts[one])} {word}" for one, word in words.items() if counts.get(one))
        total = sum(counts.values())
        told = plural("{n} control: {each}.", "{n} controls: {each}.", total, each=each)
        self.counted.setText(told if total else _("No example is a control yet."))
        self.rates.setText("\n".join(rates))
        self.rates.setVisible(bool(rates))

    def _mark(self) -> None:
        chosen = self.verdict.value()
        verdict = Verdict(chosen) if chosen else None

        def done(act: str) -> None:
            self._context.notify(_("These are controls now."), tone="good", undo=partial(self._undo, act))

        project, who, where = self._context.project, opening.who(self._context), self.where.text().strip()

        def work(_progress: object) -> str:
            numbers = _numbers(project, where)
            return controls.add(project=project, who=who, numbers=numbers, verdict=verdict)

        run_write(self._context, _("Make controls"), work, done=done, changed=CHANGED)

    def _take_out(self) -> None:
        project, who, where = self._context.project, opening.who(self._context), self.where.text().strip()

        def done(taken: int) -> None:
            told = plural("{n} example is no control any more.", "{n} examples are no controls any more.", taken)
            self._context.notify(told, tone="good")

        def work(_progress: object) -> int:
            return controls.remove(project=project, who=who, numbers=_numbers(project, where))

        run_write(self._context, _("Take out"), work, done=done, changed=CHANGED)

    def _undo(self, act: str) -> None:
        take = partial(undoing.undo, project=self._context.project, who=opening.who(self._context), act=act)
        run_write(self._context, _("Undo"), lambda _progress: take(), changed=CHANGED)

    def _follow(self) -> None:
        for button in (self.mark, self.take_out):
            button.setEnabled(bool(self.where.text().strip()))


def _numbers(project: Any, where: str) -> list[int]:
    """Return the numbers of the examples that fit. Raises Refused for none, and BadFilter."""
    found = list(browsing.example_numbers(project=project, where=where))
    if not found:
        raise Refused(_("No example fits this filter. Nothing was changed."))
    return found
