"""The list of recent projects: name, place, when it was last open, and a way to forget it."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from accord.domain import moments
from accord.domain.wording import _
from accord.gui.theme import theme
from accord.gui.widgets import Button, PlainLabel, column, row
from accord.settings import RecentProject

HEIGHT = 46


class RecentList(QWidget):
    """One row for each project, newest first; a row whose file is gone says so."""

    chosen = Signal(str)
    forgotten = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Recent projects"))
        self._column = column(gap=2)
        self.setLayout(self._column)
        self.rows: list[RecentRow] = []

    def show_projects(self, projects: Sequence[RecentProject]) -> None:
        """Show these."""
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.rows = []
        for project in projects:
            opener = RecentRow(project)
            opener.clicked.connect(lambda _checked=False, path=project.path: self.chosen.emit(path))
            forget = Button(
                icon="close",
                kind="quiet",
                size="small",
                name=_("Forget {name}; its file stays", name=project.title),
                run=partial(self.forgotten.emit, project.path),
            )
            held = QWidget()
            line = row(gap=4)
            line.addWidget(opener, 1)
            line.addWidget(forget)
            held.setLayout(line)
            self._column.addWidget(held)
            self.rows.append(opener)

    def mark_missing(self, paths: Sequence[str]) -> None:
        """Say of the projects at these paths that no file is there now."""
        for opener in self.rows:
            if opener.project.path in paths:
                opener.mark_missing()


class RecentRow(Button):
    """A project as a button of two lines."""

    def __init__(self, project: RecentProject) -> None:
        super().__init__(kind="quiet")
        self.project = project
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        name = PlainLabel(project.title, role="strong", elide=True)
        self.where = PlainLabel(_shortened(project.path), role="small", elide=True)
        when = PlainLabel(shown_when(project.opened, moments.today()), role="small")
        for label in (name, self.where, when):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        words = column(name, self.where, gap=2)
        line = row(gap=16, margins=(10, 7, 10, 7))
        line.addLayout(words, 1)
        line.addWidget(when)
        self.setLayout(line)
        self.setAccessibleName(_("Open {name}", name=project.title))
        self.setAccessibleDescription(project.path)
        theme().changed.connect(self._measure)
        self._measure()

    def mark_missing(self) -> None:
        """Say that the file is not there now."""
        self.where.set_role("error")
        self.where.setText(_("{path} · not found there now", path=_shortened(self.project.path)))

    def _measure(self) -> None:
        self.setStyleSheet(f"QPushButton {{ min-height: {theme().px(HEIGHT)}px; max-height: {theme().px(HEIGHT)}px; }}")


def shown_when(iso: str, today: date) -> str:
    """Return a moment as a person says it: a time today, yesterday, else the day."""
    try:
        moment = datetime.fromisoformat(iso).astimezone()
    except ValueError:
        return ""
    days = (today - moment.date()).days
    if days <= 0:
        return _("today {time}", time=f"{moment:%H:%M}")
    return _("yesterday {time}", time=f"{moment:%H:%M}") if days == 1 else f"{moment:%Y-%m-%d}"


def _shortened(path: str) -> str:
    home = str(Path.home())
    return "~" + path.removeprefix(home) if path.startswith(home + "/") else path
