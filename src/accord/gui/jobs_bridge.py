"""The one door from the window to long work: run it, then continue in the GUI thread, with one way to show failures."""

import traceback
from collections.abc import Callable, Iterable
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from accord.domain.errors import AccordError, Cancelled
from accord.domain.progress import Progress
from accord.domain.wording import _
from accord.gui.context import Context
from accord.jobs import Job, Lane

T = TypeVar("T")
Failed = Callable[[BaseException], None]


class GuiDelivery(QObject):
    """Carries callbacks of worker threads into the GUI thread; its ``deliver`` is what ``Jobs`` is made with."""

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._arrived.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def deliver(self, callback: Callable[[], None]) -> None:
        """Have ``callback`` called in the thread of this object, after what waits there already."""
        self._arrived.emit(callback)

    def _call(self, callback: Callable[[], None]) -> None:
        callback()


def run_read(
    context: Context,
    title: str,
    work: Callable[[Progress], T],
    *,
    done: Callable[[T], None],
    failed: Failed | None = None,
    quiet: bool = True,
    outlives: bool = False,
) -> Job:
    """Run ``work`` in the reading lane and hand its result to ``done`` in the GUI thread.

    ``quiet`` keeps short queries out of the jobs drawer. Without ``failed`` a failure becomes a notice. Once another
    project is open, or none, what was read for the one before is dropped, for its pages are gone; with ``outlives``
    it arrives all the same, for what lives as long as the window.
    """
    project, fail = context.project, failed or _shown_by(context)

    def after(result: T) -> None:
        if outlives or context.project is project:
            done(result)

    def after_failure(error: BaseException) -> None:
        if outlives or context.project is project:
            fail(error)

    return context.jobs.run(Lane.READ, title, work, done=after, failed=after_failure, quiet=quiet)


def run_write(
    context: Context,
    title: str,
    work: Callable[[Progress], T],
    *,
    done: Callable[[T], None] | None = None,
    failed: Failed | None = None,
    changed: Iterable[str] = (),
    quiet: bool = True,
) -> Job:
    """Run ``work`` in the writing lane; after it committed say "saved", call ``done`` and tell every page what changed.

    ``changed`` names kinds: examples, reviews, tags, duplicates, conflicts, releases, imports, settings. Once another
    project is open, or none, only "saved" and a failure are still said.
    """
    kinds, project = frozenset(changed), context.project
    shown = _shown_by(context)

    def after(result: T) -> None:
        context.saved.emit()
        if context.project is not project:
            return
        if done is not None:
            done(result)
        if kinds:
            context.changed.emit(kinds)

    def after_failure(error: BaseException) -> None:
        (failed or shown if context.project is project else shown)(error)

    return context.jobs.run(Lane.WRITE, title, work, done=after, failed=after_failure, quiet=quiet)


def show_failure(context: Context, error: BaseException) -> None:
    """Make a notice of a failure: a known one is its own sentence, any other is a bug with a detail to copy."""
    if isinstance(error, Cancelled):
        context.notify(str(error))
    elif isinstance(error, AccordError):
        context.notify(str(error), tone="error")
    else:
        detail = "".join(traceback.format_exception(error))
        context.notify(
            _("Something unexpected happened. What was saved before is safe. Copy the details to report it."),
            tone="error",
            detail=detail,
        )


def _shown_by(context: Context) -> Failed:
    return lambda error: show_failure(context, error)
