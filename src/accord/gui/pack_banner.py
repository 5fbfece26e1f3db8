"""The line above the pages of a review pack: whose it is, how far she is, and what to do when she is done."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFrame, QLabel

from accord.domain.moments import local, now
from accord.domain.wording import _, number
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read
from accord.gui.theme import theme
from accord.gui.widgets.buttons import Button
from accord.gui.widgets.layout import row
from accord.gui.widgets.text import PlainLabel
from accord.workflows import packing
from accord.workflows.packing import PackWork


def whose(work: PackWork) -> str:
    """Return for whom a pack is and how far she is."""
    done, given = number(work.done), number(work.given)
    return _("Review pack for {name}: {done} of {given} done.", name=work.pack.reviewer, done=done, given=given)


def until(work: PackWork) -> str:
    """Return when a pack is to be back, nothing where no day was named."""
    day = local(work.pack.until)[:10]
    if not day:
        return ""
    if work.pack.until < now():
        return _("It was to be back by {day}; what you review still counts.", day=day)
    return _("To be back by {day}.", day=day)


def what_then(work: PackWork, file: str) -> str:
    """Return what to do when one is done."""
    words = {"file": Path(file).name, "author": work.pack.author}
    if work.left:
        return _("When you are done, close it and send the file {file} back to {author}.", **words)
    return _("All done: close it and send the file {file} back to {author}.", **words)


class PackBanner(QFrame):
    """Shown while a pack is open; reads how far its reviewer is whenever something changed."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._reading = self._again = False
        self.setProperty("kind", "prompt")
        self.setAccessibleName(_("Review pack"))
        self._sign = QLabel()
        self._sign.setAccessibleName(_("Review pack"))
        self.told = PlainLabel(wrap=True)
        self.close_pack = Button(_("Close the pack"), run=lambda: context.actions.run("app.close_project"))
        line = row(self._sign, margins=(24, 6, 16, 6), gap=8)
        line.addWidget(self.told, 1)
        line.addWidget(self.close_pack)
        self.setLayout(line)
        self.hide()
        theme().changed.connect(self._draw)
        context.project_changed.connect(self._begin)
        context.changed.connect(self._changed)
        self._draw()
        self._begin()

    def _begin(self) -> None:
        self.hide()
        self.told.setText("")
        self._read()

    def _changed(self, _kinds: object) -> None:
        self._read()

    def _read(self) -> None:
        project = self._context.project
        if self._context.pack is None or self._reading:
            self._again = self._reading
            return
        self._reading, self._again = True, False

        def done(work: PackWork | None) -> None:
            self._reading = False
            if work is not None and self._context.project is project:
                self._show(work)
            if self._again:
                self._read()

        def failed(_error: BaseException) -> None:
            self._reading = False  # what a person does next will say why

        find = partial(packing.work_of, project=project)
        run_read(self._context, "", lambda _progress: find(), done=done, failed=failed, outlives=True)

    def _show(self, work: PackWork) -> None:
        said = (whose(work), until(work), what_then(work, self._context.project_file))
        self.told.setText(" ".join(filter(None, said)))
        self.setAccessibleName(self.told.full_text())
        self.close_pack.setVisible(not work.left)
        self.show()

    def _draw(self) -> None:
        size = theme().px(18)
        self._sign.setPixmap(theme().icon("package-variant", "in_review").pixmap(size, size))
