"""The files that wait for their import: a list of them, and the one that is looked at."""

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, Signal
from PySide6.QtWidgets import QWidget

from accord.domain.wording import plural
from accord.gui.context import Context
from accord.gui.pages.importing.chosen import ChosenFile
from accord.gui.pages.importing.file_list import FileList
from accord.gui.pages.importing.file_pane import FilePane, count_parts, count_text
from accord.gui.pages.importing.looking import Looking
from accord.gui.pages.importing.unsure_pane import MOST
from accord.gui.widgets import row
from accord.workflows.importing import FileReport


class PrepareView(QWidget):
    """Keeps which file is looked at; ``changed`` when there is news of any, ``emptied`` when the last one left."""

    changed = Signal()
    emptied = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.looking = Looking(context, self)
        self._watch = QFileSystemWatcher(self)
        self._watch.fileChanged.connect(self._saved_outside)
        self.current: ChosenFile | None = None
        self.list, self.pane = FileList(), FilePane(context)
        across = row(self.list, gap=16)
        across.addWidget(self.pane, 1)
        self.setLayout(across)
        self.looking.listed.connect(self._list_changed)
        self.looking.changed.connect(self._file_changed)
        self.list.picked.connect(self.pick)
        self.list.dropped.connect(self.leave_out)
        self.pane.placed.connect(self._place)
        self.pane.reading_chosen.connect(self._read_as)

    @property
    def files(self) -> list[ChosenFile]:
        """The files that were chosen, in order."""
        return self.looking.files

    def ready(self) -> list[ChosenFile]:
        """Return the files that can be imported as they stand."""
        return [chosen for chosen in self.files if chosen.ready]

    def settled(self) -> bool:
        """Say whether every file has been looked at and one at least can be imported."""
        return bool(self.ready()) and all(chosen.ready or chosen.fault or chosen.choices for chosen in self.files)

    def brings_nothing(self) -> bool:
        """Say whether it is known of every file that nothing new is in it, neither examples nor verdicts."""
        counts = [chosen.count for chosen in self.ready()]
        return bool(counts) and all(count is not None and not count.accepted and not count.verdicts for count in counts)

    def add(self, paths: list[Path]) -> bool:
        """Look at files; a folder is left alone. Returns whether there is a new one."""
        new = self.looking.add([path for path in paths if not path.is_dir()])
        if new:
            self.pick(new[0])
        return bool(new)

    def pick(self, chosen: ChosenFile) -> None:
        """Look at one of the files."""
        self.current = chosen
        self.pane.show_file(chosen)
        self.list.follow(chosen)

    def leave_out(self, chosen: ChosenFile) -> None:
        """Leave a file out."""
        self.looking.drop(chosen)
        if not self.files:
            self.clear()
        elif self.current is chosen:
            self.pick(self.files[0])

    def clear(self) -> None:
        """Leave all files out."""
        self.current = None
        self.looking.clear()
        self.emptied.emit()

    def can_take_reading(self, position: int) -> bool:
        """Say whether the file that is looked at could be read in so many ways."""
        return self.current is not None and position < len(self.current.choices[:MOST])

    def take_reading(self, position: int) -> None:
        """Read the file that is looked at in the encoding of that choice."""
        if self.current is not None and self.can_take_reading(position):
            self._read_as("encoding", self.current.choices[position].encoding)

    def look_again(self) -> None:
        """Count again what would come in: what is known has changed."""
        for chosen in self.files:
            self.looking.show(chosen)

    def summary(self) -> str:
        """Return what an import would do, as a line."""
        return _summary(self.files)

    def _place(self, name: str, target: str) -> None:
        if self.current is not None:
            self.looking.place(self.current, name, target)

    def _read_as(self, what: str, value: str) -> None:
        if self.current is not None:
            self.looking.read_as(self.current, what, value)

    def _saved_outside(self, name: str) -> None:
        """Look again at a file that another program has just written."""
        for chosen in self.files:
            if str(chosen.path) == name and chosen.path.is_file():
                self.looking.look(chosen)

    def _follow_files(self) -> None:
        wanted, watched = {str(chosen.path) for chosen in self.files}, set(self._watch.files())
        if watched - wanted:
            self._watch.removePaths(sorted(watched - wanted))
        if wanted - watched:
            self._watch.addPaths(sorted(wanted - watched))

    def _list_changed(self) -> None:
        self._follow_files()
        self.list.show_files(self.files, self.current)
        self.changed.emit()

    def _file_changed(self, chosen: ChosenFile) -> None:
        self._follow_files()  # a program that replaces a file on saving ends the watch on it
        if chosen is self.current:
            self.pane.show_file(chosen)
        self.list.follow(self.current)
        self.changed.emit()


def _summary(chosen: list[ChosenFile]) -> str:
    counts: list[FileReport] = [c.count for c in chosen if c.count is not None and c.ready]
    if len(chosen) == 1:
        return count_text(chosen[0])
    parts = [plural("{n} file", "{n} files", len(chosen))]
    asked = sum(bool(c.choices) for c in chosen)
    if asked:
        parts.append(
            plural(
                "{n} is left out until its encoding is chosen", "{n} are left out until their encoding is chosen", asked
            )
        )
    bad = sum(bool(c.fault) for c in chosen)
    if bad:
        parts.append(plural("{n} is left out", "{n} are left out", bad))
    if len(counts) == sum(c.ready for c in chosen):
        parts.append(", ".join(count_parts(counts)))
    return " · ".join(parts)
