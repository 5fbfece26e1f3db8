"""What came out: verified or not, the files with rows and hash, and the problems with file and line."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from accord.domain.wording import _, plural
from accord.gui.theme import theme
from accord.gui.widgets import Button, Card, PlainLabel, TextView, plain_tooltip, row
from accord.workflows.exporting import OneClick

MOST_PROBLEMS = 200
HASH_DIGITS = 12


class Report(Protocol):
    """What a verification found."""

    @property
    def ok(self) -> bool:
        """Return whether there are no errors."""

    @property
    def problems(self) -> Sequence[Any]:
        """Return what is wrong, each with file, line and message."""


class ResultCard(Card):
    """Shows the outcome of the large button, of another export, or of a verification; then says ``filled``."""

    filled = Signal()

    def __init__(self) -> None:
        super().__init__(_("Result"))
        self._folder = Path()
        self._ok = True
        self._sign = QLabel()
        self.verdict = PlainLabel(role="heading", wrap=True)
        self.about = PlainLabel(role="muted", wrap=True)
        self._files = QWidget()
        self.problems = TextView(_("Problems"), columns=120, grows=False)
        self.problems.setFixedHeight(theme().px(140))
        self.open_button = Button(_("Open folder"), icon="folder-open-outline", run=self._open)
        self.copy_button = Button(_("Copy path"), icon="content-copy", run=self._copy)
        head = row(self._sign, self.verdict, gap=8)
        head.setStretch(1, 1)
        self.body.addLayout(head)
        self.body.addWidget(self.about)
        self.body.addWidget(self._files)
        self.body.addWidget(self.problems)
        self.body.addLayout(row(self.open_button, self.copy_button, None))
        theme().changed.connect(self._draw)
        self.hide()

    def show_export(self, found: OneClick) -> None:
        """Show a release that was exported and verified."""
        name = found.release.name
        said = (
            _("Release “{name}” is made.", name=name)
            if found.made
            else _("Unchanged: exported “{name}” again.", name=name)
        )
        files = [(file.path, file.rows, file.sha256) for file in found.export.files]
        self._show(found.export.manifest.parent, found.verified, files, said)

    def show_verified(self, folder: Path, report: Report) -> None:
        """Show what a verification of a folder found."""
        self._show(folder, report, (), _("Every file was read again."))

    def _show(self, folder: Path, report: Report, files: Sequence[tuple[str, int, str]], said: str) -> None:
        problems = report.problems
        self._folder, self._ok = folder, report.ok
        wrong = plural("{n} problem found.", "{n} problems found.", len(problems))
        self.verdict.setText(_("Verified: ok.") if self._ok else wrong)
        self.about.setText(f"{said} {folder}")
        self._list_files(files)
        lines = [f"{p.file}:{p.line}  {p.message}" if p.line else f"{p.file}  {p.message}" for p in problems]
        more = len(lines) - MOST_PROBLEMS
        if more > 0:
            lines = [*lines[:MOST_PROBLEMS], plural("and {n} more", "and {n} more", more)]
        self.problems.set_text("\n".join(lines))
        self.problems.setVisible(bool(lines))
        self._draw()
        self.copy_button.setText(_("Copy path"))
        self.show()
        self.filled.emit()

    def _list_files(self, files: Sequence[tuple[str, int, str]]) -> None:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        for line, (path, rows, sha256) in enumerate(files):
            digits = PlainLabel(sha256[:HASH_DIGITS], role="small", selectable=True)
            plain_tooltip(digits, f"sha256 {sha256}")
            grid.addWidget(PlainLabel(path, selectable=True), line, 0)
            grid.addWidget(PlainLabel(plural("{n} row", "{n} rows", rows) if rows else "", role="muted"), line, 1)
            grid.addWidget(digits, line, 2)
        grid.setColumnStretch(3, 1)
        self.body.replaceWidget(self._files, made)
        self._files.hide()
        self._files.deleteLater()
        self._files = made

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(str(self._folder))
        self.copy_button.setText(_("Copied"))

    def _draw(self) -> None:
        icon, role = ("check-decagram", "accepted") if self._ok else ("alert-circle", "rejected")
        size = theme().px(22)
        self._sign.setPixmap(theme().icon(icon, role).pixmap(size, size))
        self._sign.setAccessibleName(_("Verified") if self._ok else _("Problems"))
