"""Bringing a hosted fine-tuned model home before its provider takes it off: what there is, and what came."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from accord.domain.fine_tuning import Account, Thing, title
from accord.domain.wording import _, plural
from accord.gui.pages.importing.chosen import size_title
from accord.gui.pages.release.running import FollowLine
from accord.gui.widgets import Button, Card, FormRow, PlainLabel, row

PREFIX = "ft:"


class HomeCard(Card):
    """Shown where the chosen model is a fine-tuned one; ``look_wanted`` and ``bring_wanted`` ask the service."""

    look_wanted = Signal()
    bring_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(_("Bring this fine-tuned model home"))
        self.until = PlainLabel(wrap=True)
        about = _(
            "Its job, events, checkpoints and files are kept in the project, byte for byte, and the rows of its "
            "training files come in as examples. The service is sent names and ids, and no text of the project. To "
            "keep how it answers, choose “Record a model's own answers” above."
        )
        self.purpose = QLineEdit()
        self.purpose_row = FormRow(_("What the names are sent for"), self.purpose)
        self.look = Button(_("See what there is"), run=self.look_wanted.emit)
        self.bring = Button(_("Bring it home"), kind="primary", icon="home-import-outline", run=self.bring_wanted.emit)
        self.waiting = FollowLine()
        self.said = PlainLabel(role="strong", wrap=True)
        self.things = PlainLabel(wrap=True, selectable=True)
        self.fault = PlainLabel(role="error", wrap=True)
        asked: tuple[QWidget, ...] = (self.until, PlainLabel(about, role="small", wrap=True), self.purpose_row)
        came: tuple[QWidget, ...] = (self.waiting, self.said, self.things, self.fault)
        for part in asked:
            self.body.addWidget(part)
        self.body.addLayout(row(self.look, self.bring, None))
        for part in came:
            self.body.addWidget(part)
        self.hide()

    def show_model(self, model: str, until: Sequence[str], *, here: bool) -> None:
        """Show until when a model answers, and what is asked before a service elsewhere is."""
        self.setVisible(model.startswith(PREFIX))
        self.until.setText("\n".join(until))
        self.purpose_row.setVisible(not here)

    def show_account(self, found: Account, *, brought: bool) -> None:
        """Show what the service holds, or what came of it."""
        failed = len(found.failed)
        new = sum(one.record is not None and not one.known for one in found.things)
        rows = sum(one.tally.accepted for one in found.things if one.tally is not None)
        if brought:
            told = plural("{n} record is new in the project.", "{n} records are new in the project.", new)
            told += " " + plural("{n} example is new.", "{n} examples are new.", rows)
        else:
            told = plural(
                "The service holds {n} thing of it.", "The service holds {n} things of it.", len(found.things)
            )
        self.said.setText(told)
        self.things.setText("\n".join(_line(one) for one in found.things))
        lost = plural(
            "{n} thing did not come; what came is kept. Bring it home again to try once more.",
            "{n} things did not come; what came is kept. Bring it home again to try once more.",
            failed,
        )
        self.show_fault(lost if brought and failed else "")
        for part in (self.said, self.things):
            part.show()

    def show_fault(self, sentence: str) -> None:
        """Say why nothing came."""
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))

    def forget(self) -> None:
        """Show nothing of another model."""
        for part in (self.said, self.things, self.fault):
            part.hide()


def _line(one: Thing) -> str:
    name = " ".join(part for part in (title(one.part), one.file or one.name) if part)
    size = "" if one.bytes is None else size_title(one.bytes)
    here = _("here before") if one.known else _("here now") if one.record is not None else ""
    return " · ".join(part for part in (name, size, here, one.why) if part)
