"""The one door from the window to long work: run it, then continue in the GUI thread, with one way to show failures."""

import traceback
from collections.abc import Callable, Iterable
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from accord.domain.errors import AccordError, Cancelled, NotReached, NotSaved
from accord.domain.progress import Progress
from accord.domain.wording import _
from accord.gui.context import Context
from accord.jobs import Job, Lane

T = TypeVar("T")
Failed = Callable[[BaseException], None]
#: The causes of failures that any later success may end: an answer the first, a saved write both.
_PASSING: tuple[type[AccordError], ...] = (NotReached, NotSaved)


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
    lane: Lane = Lane.READ,
) -> Job:
    """Run ``work`` in the reading lane and hand its result to ``done`` in the GUI thread.

    ``lane``: another one, as for work that waits for a network. ``quiet`` keeps short queries out of the jobs drawer.
    Without ``failed`` a failure becomes a notice. Once another project is open, or none, what was read for the one
    before is dropped, for its pages are gone; with ``outlives`` it arrives all the same, for what lives as long as
    the window.
    """
    project, fail = context.project, failed or _shown_by(context, title)

    def after(result: T) -> None:
        _went_well(context, title)
        if outlives or context.project is project:
            done(result)

    def after_failure(error: BaseException) -> None:
        if outlives or context.project is project:
            fail(error)

    return context.jobs.run(lane, title, work, done=after, failed=after_failure, quiet=quiet)


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
    shown = _shown_by(context, title)

    def after(result: T) -> None:
        _went_well(context, title, NotSaved)
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


def show_failure(context: Context, error: BaseException, *, cause: str = "") -> None:
    """Make a notice of a failure: a known one is its own sentence, any other is a bug with a detail to copy.

    It goes when its cause is over: an answer or a saved write where that was the trouble, else ``cause``.
    """
    if isinstance(error, Cancelled):
        context.notify(str(error))
        return
    named = cause_of(error, cause)
    if isinstance(error, AccordError):
        context.notify(str(error), tone="error", cause=named)
    else:
        detail = "".join(traceback.format_exception(error))
        context.notify(
            _("Something unexpected happened. What was saved before is safe. Copy the details to report it."),
            tone="error",
            detail=detail,
            cause=named,
        )


def cause_of(error: BaseException, otherwise: str = "") -> str:
    """Return the cause to name in a notice: the trouble that any later success ends, else the one given."""
    known = next((kind for kind in _PASSING if isinstance(error, kind)), None)
    return known.__name__ if known is not None else otherwise or type(error).__name__


def _shown_by(context: Context, cause: str) -> Failed:
    return lambda error: show_failure(context, error, cause=cause)


def _went_well(context: Context, title: str, *also: type[AccordError]) -> None:
    """Take away what was said when the same work failed, and when the project could not be reached."""
    for cause in (title, NotReached.__name__, *(kind.__name__ for kind in also)):
        context.over(cause)
