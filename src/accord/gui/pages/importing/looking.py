"""Looks at chosen files in reader threads: shape and guesses, then the preview, then a count of all rows."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from accord.domain.errors import AccordError, Cancelled
from accord.domain.progress import Progress
from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read, show_failure
from accord.gui.opening import who
from accord.gui.pages.importing.chosen import ChosenFile
from accord.workflows import import_looks, importing
from accord.workflows.import_looks import FileShape, Preview, UnsureEncoding
from accord.workflows.importing import FileReport

COUNTED_BYTES = 64 << 20


class Looking(QObject):
    """Keeps the chosen files; ``changed`` tells which of them there is news of."""

    changed = Signal(object)
    listed = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.files: list[ChosenFile] = []

    def add(self, paths: list[Path]) -> list[ChosenFile]:
        """Add files that are not chosen yet and look at each."""
        known = {chosen.path for chosen in self.files}
        new = [ChosenFile(path=path) for path in dict.fromkeys(paths) if path not in known]
        self.files += new
        self.listed.emit()
        for chosen in new:
            self.look(chosen)
        return new

    def drop(self, chosen: ChosenFile) -> None:
        """Leave a file out."""
        self._forget_count(chosen)
        chosen.asked += 1
        self.files.remove(chosen)
        self.listed.emit()
        self._count_next()

    def clear(self) -> None:
        """Leave all files out."""
        for chosen in self.files:
            self._stop_counting(chosen)
            chosen.asked += 1
        self.files = []
        self.listed.emit()

    def read_as(self, chosen: ChosenFile, what: str, value: str) -> None:
        """Read a file another way; ``what`` is a field of Reading. Another sheet has its rows elsewhere."""
        changes = {what: value, **({"pointer": "", "fill": "auto", "header": "auto"} if what == "sheet" else {})}
        chosen.reading = replace(chosen.reading, **changes)
        self.look(chosen)

    def place(self, chosen: ChosenFile, column: str, target: str) -> None:
        """Give a column another place, and show what that makes of the rows."""
        chosen.place(column, target)
        self.show(chosen)

    def look(self, chosen: ChosenFile) -> None:
        """Look at a file from the start."""
        asked = self._ask(chosen)
        chosen.shape, chosen.fault, chosen.choices = None, "", ()
        path, reading = chosen.path, chosen.reading.arguments()

        def work(_progress: Progress) -> tuple[FileShape, frozenset[str]]:
            shape = importing.look_at(path=path, **reading)
            return shape, import_looks.own_columns(shape=shape)

        def done(found: tuple[FileShape, frozenset[str]]) -> None:
            if chosen.asked == asked:
                chosen.shape, chosen.own = found
                chosen.known = chosen.shape
                chosen.propose(self._context.settings.mapping(chosen.shape.columns))
                self.show(chosen)

        title = _("Looking at {file}", file=path.name)
        run_read(self._context, title, work, done=done, failed=partial(self._failed, chosen, asked))
        self.changed.emit(chosen)

    def show(self, chosen: ChosenFile) -> None:
        """Show what the mapping in force makes of the first rows, then count all rows."""
        shape, mapping, asked = chosen.shape, chosen.mapping, self._ask(chosen)
        if shape is None:
            return
        chosen.fault = ""

        def work(_progress: Progress) -> Preview:
            return import_looks.preview(shape=shape, mapping=mapping)

        def done(found: Preview) -> None:
            if chosen.asked == asked:
                chosen.preview = found
                self.changed.emit(chosen)
                self._count_next()

        title = _("Looking at {file}", file=chosen.path.name)
        run_read(self._context, title, work, done=done, failed=partial(self._failed, chosen, asked))
        self.changed.emit(chosen)

    def _count_next(self) -> None:
        """Count the first file that can be counted and is not: one after the other, for later ones may repeat it."""
        if self._context.project is None or any(chosen.counting for chosen in self.files):
            return
        for chosen in self.files:
            if chosen.preview is not None and chosen.ready and chosen.count is None and _is_small(chosen):
                self._count(chosen, chosen.asked)
                return

    def _count(self, chosen: ChosenFile, asked: int) -> None:
        """Count what a file would bring in that no file before it brings."""
        context, path, mapping = self._context, chosen.path, chosen.mapping
        project, maker = context.project, who(context)
        reading = chosen.reading.arguments()
        earlier = [other.brings for other in self.files[: self.files.index(chosen)]]

        def work(progress: Progress) -> tuple[FileReport, frozenset[str]]:
            before = set[str]().union(*earlier)
            met = set(before)
            report = importing.import_file(
                project=project,
                who=maker,
                path=path,
                mapping=mapping,
                dry_run=True,
                met=met,
                progress=progress,
                **reading,
            )
            return report, frozenset(met - before)

        def done(found: tuple[FileReport, frozenset[str]]) -> None:
            if chosen.counting is job:
                (chosen.count, chosen.brings), chosen.counting = found, None
                self.changed.emit(chosen)
                self._count_next()

        title = _("Counting the rows of {file}", file=path.name)

        def failed(error: BaseException) -> None:
            if chosen.counting is job:
                chosen.counting = None
                self._failed(chosen, asked, error)

        chosen.counting = job = run_read(context, title, work, done=done, failed=failed)

    def _ask(self, chosen: ChosenFile) -> int:
        """Make what is still on its way old news."""
        self._forget_count(chosen)
        chosen.asked += 1
        chosen.preview = None
        return chosen.asked

    def _forget_count(self, chosen: ChosenFile) -> None:
        """Make the counts of a file and of all after it old news: what it brings they do not."""
        for later in self.files[self.files.index(chosen) :]:
            self._stop_counting(later)
            later.count, later.brings = None, frozenset()

    @staticmethod
    def _stop_counting(chosen: ChosenFile) -> None:
        if chosen.counting is not None:
            chosen.counting.cancel()
            chosen.counting = None

    def _failed(self, chosen: ChosenFile, asked: int, error: BaseException) -> None:
        if chosen.asked != asked or isinstance(error, Cancelled):
            return
        if isinstance(error, UnsureEncoding) and not chosen.reading.encoding:
            chosen.choices = error.choices
        elif isinstance(error, AccordError):
            chosen.fault = str(error)
        else:
            chosen.fault = _("This file cannot be read.")
            show_failure(self._context, error)
        self.changed.emit(chosen)
        self._count_next()


def _is_small(chosen: ChosenFile) -> bool:
    """Whether counting a file takes seconds and not minutes."""
    return chosen.shape is not None and chosen.shape.bytes <= COUNTED_BYTES
