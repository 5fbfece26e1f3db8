"""The newest imports with their account; refused rows lead to their list."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from accord.domain.ledger import ImportRun
from accord.domain.moments import today
from accord.domain.wording import _, plural
from accord.gui.pages.home.facts import account
from accord.gui.widgets import Button, PlainLabel, column, line, row

SHOWN = 6


class RecentImports(QWidget):
    """Gives ``wanted(import id)``."""

    wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Recent imports"))
        self._column = column(gap=0)
        self.setLayout(self._column)
        self._shown: tuple[ImportRun, ...] = ()
        self.links: list[Button] = []

    def show_imports(self, runs: Sequence[ImportRun]) -> None:
        """Show the newest of these."""
        listed = tuple(runs[:SHOWN])
        if listed == self._shown:
            return
        self._shown, self.links = listed, []
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for position, run in enumerate(listed):
            if position:
                self._column.addWidget(line())
            self._column.addWidget(self._row(run))

    def _row(self, run: ImportRun) -> QWidget:
        made = QWidget()
        top = row(gap=12)
        top.addWidget(PlainLabel(run.file, role="strong", elide=True), 1)
        top.addWidget(PlainLabel(_moment(run.at), role="small"))
        bottom = row(gap=12)
        told = _("taken back: its examples that nobody has reviewed are set aside") if run.undone else account(run)
        bottom.addWidget(PlainLabel(told, role="small", elide=True), 1)
        text = plural("{n} refused row", "{n} refused rows", run.rejected) if run.rejected else _("Account")
        link = Button(text, kind="link", run=partial(self.wanted.emit, run.id))
        link.setAccessibleDescription(run.file)
        bottom.addWidget(link)
        self.links.append(link)
        made.setLayout(column(top, bottom, gap=0, margins=(0, 8, 0, 6)))
        return made


def _moment(iso: str) -> str:
    try:
        at = datetime.fromisoformat(iso).astimezone()
    except ValueError:
        return ""
    return f"{at:%H:%M}" if at.date() == today() else f"{at:%Y-%m-%d}"
