"""The documents whose passages are started from: chosen or dropped, each with a way to leave it out."""

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from accord.domain.wording import _
from accord.gui import files
from accord.gui.widgets import Button, PlainLabel, column, row
from accord.workflows.generation_documents import DocumentFault


class DocumentList(QWidget):
    """One row a file; ``changed`` says that a person added one or left one out."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Documents"))
        self.paths: tuple[Path, ...] = ()
        self.rows: dict[Path, DocumentRow] = {}
        self.said = PlainLabel(
            _("Drop text, Markdown, HTML, Word or PDF files here, or choose them. They stay where they are."),
            role="small",
            wrap=True,
        )
        self.choose_button = Button(_("Choose documents"), icon="file-plus-outline", run=lambda: self.add(self.ask()))
        self._rows = column(gap=4)
        self.setLayout(column(self.said, self._rows, row(self.choose_button, None), gap=8))

    def ask(self) -> list[Path]:
        """Ask for files."""
        return files.ask_for_documents(self)

    def add(self, paths: Iterable[Path]) -> None:
        """Add files; one that is there stays once."""
        found = tuple(dict.fromkeys((*self.paths, *paths)))
        if found != self.paths:
            self.paths = found
            self._show()
            self.changed.emit()

    def leave_out(self, path: Path) -> None:
        """Leave a file out."""
        self.paths = tuple(one for one in self.paths if one != path)
        self._show()
        self.choose_button.setFocus()  # the button that was pressed is gone
        self.changed.emit()

    def show_faults(self, faults: Sequence[DocumentFault]) -> None:
        """Say beside each file why it gave nothing."""
        told = {Path(one.file): one.reason for one in faults}
        for path, made in self.rows.items():
            made.fault.setText(told.get(path, ""))
            made.fault.setVisible(path in told)

    def _show(self) -> None:
        for path in [path for path in self.rows if path not in self.paths]:
            old = self.rows.pop(path)
            self._rows.removeWidget(old)
            old.hide()
            old.deleteLater()
        for path in self.paths:
            if path not in self.rows:
                self.rows[path] = DocumentRow(path, partial(self.leave_out, path))
                self._rows.addWidget(self.rows[path])


class DocumentRow(QWidget):
    """A file by its name, what is wrong with it, and a button that leaves it out."""

    def __init__(self, path: Path, leave: partial[None]) -> None:
        super().__init__()
        self.fault = PlainLabel(role="error", wrap=True)
        self.leave = Button(
            icon="close", kind="quiet", size="small", name=_("Leave {file} out", file=path.name), run=leave
        )
        across = row(gap=8)
        across.addLayout(column(PlainLabel(path.name, elide=True), self.fault, gap=0), 1)
        across.addWidget(self.leave)
        self.setLayout(across)
        self.fault.hide()
