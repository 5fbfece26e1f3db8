"""How far one agrees with oneself, and what one judged differently the second time: which verdict stands."""

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from accord.domain.agreement import Measured
from accord.domain.disagreements import Version
from accord.domain.ledger import Who
from accord.domain.review import Verdict
from accord.domain.wording import _, plural
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_write
from accord.gui.widgets import Button, Card, PlainLabel, column, line, row
from accord.workflows import repeating, undoing
from accord.workflows.repeating import Differs, SecondLooks

SHOWN, REQUEST_SHOWN = 5, 90
CHANGED = ("reviews", "examples", "conflicts")


class SecondLooksCard(Card):
    """Shown once something was judged a second time."""

    def __init__(self, context: Context) -> None:
        super().__init__(_("Second looks"))
        self._context = context
        self.sentence = PlainLabel(role="strong", wrap=True)
        self.about = PlainLabel(role="small", wrap=True)
        self.lines: list[DifferingLine] = []
        self._listed = QWidget()
        for part in (self.sentence, self.about, self._listed):
            self.body.addWidget(part)
        self.hide()

    def show_looks(self, looks: SecondLooks | None) -> None:
        """Show the figure and, a line each, the examples whose two verdicts differ."""
        found = () if looks is None else looks.open
        if looks is not None:
            self.sentence.setText(looks.sentence)
        told = plural(
            "You judged {n} example differently the second time. The first verdict stands until you choose.",
            "You judged {n} examples differently the second time. The first verdicts stand until you choose.",
            len(found),
        )
        self.about.setText(told)
        self.about.setVisible(bool(found))
        lines = column(gap=4)
        self.lines = [DifferingLine(one, self._context) for one in found[:SHOWN]]
        for made in self.lines:
            lines.addWidget(line())
            lines.addWidget(made)
            made.first.clicked.connect(partial(self._settle, made.differs.id, False))
            made.second.clicked.connect(partial(self._settle, made.differs.id, True))
        self._lay(lines)
        self.setVisible(looks is not None and (bool(found) or isinstance(looks.share, Measured)))

    def _lay(self, lines: QVBoxLayout) -> None:
        old, self._listed = self._listed, QWidget()
        self._listed.setLayout(lines)
        self.body.replaceWidget(old, self._listed)
        old.hide()
        old.deleteLater()

    def _settle(self, example_id: str, second: bool, _checked: bool = False) -> None:  # noqa: FBT001, FBT002  (Qt's signal)
        project, who = self._context.project, self._who()

        def done(act: str) -> None:
            told = _("The second verdict stands now.") if second else _("The first verdict stays.")
            self._context.notify(told, tone="good", undo=partial(self._undo, act))

        run_write(
            self._context,
            _("Choosing a verdict"),
            lambda _progress: repeating.settle(project=project, who=who, example_id=example_id, take_second=second),
            done=done,
            changed=CHANGED,
        )

    def _undo(self, act: str) -> None:
        take = partial(undoing.undo, project=self._context.project, who=self._who(), act=act)
        run_write(self._context, _("Undo"), lambda _progress: take(), changed=CHANGED)

    def _who(self) -> Who:
        return Who(actor=self._context.actor, device=self._context.settings.device_id)


class DifferingLine(QWidget):
    """One example with both verdicts; the request leads to it."""

    def __init__(self, differs: Differs, context: Context) -> None:
        super().__init__()
        self.differs = differs
        request = " ".join(differs.base.request.split())
        shown = request if len(request) <= REQUEST_SHOWN else request[: REQUEST_SHOWN - 1] + "…"
        self.open = Button(shown, kind="link", run=partial(context.navigate, "examples", id=differs.id))
        first, second = _said(differs.first), _said(differs.second)
        both = PlainLabel(_("First: {first}. Then: {second}.", first=first, second=second), role="small", wrap=True)
        self.first = Button(
            _("Keep the first"), size="small", name=_("Keep the first verdict of: {request}", request=shown)
        )
        self.second = Button(
            _("Take the second"), size="small", name=_("Take the second verdict of: {request}", request=shown)
        )
        across = row(gap=8)
        across.addLayout(column(row(self.open, None), both, gap=2), 1)
        across.addWidget(self.first)
        across.addWidget(self.second)
        self.setLayout(across)


def _said(version: Version) -> str:
    words = {
        Verdict.ACCEPT: _("accepted"),
        Verdict.EDIT: _("edited"),
        Verdict.REJECT: _("rejected"),
        Verdict.UNSURE: _("unsure"),
    }
    return ", ".join((words[version.verdict], *version.tags))
