"""Reads which examples fit the filter, in the order wanted, and what the project holds; the newest question counts."""

from array import array
from functools import partial

from PySide6.QtCore import QObject, Signal

from accord.domain.errors import AccordError
from accord.domain.progress import Progress
from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read, show_failure
from accord.gui.pages.examples.filtering import ExampleFilter, UnreadableSearch
from accord.gui.pages.examples.rows import SORTS
from accord.gui.widgets.table import PAGE_ROWS
from accord.jobs import Job
from accord.workflows import browsing
from accord.workflows.browsing import Facets


class Listing(QObject):
    """The filter and order in force.

    ``listed`` gives the numbers of the examples that fit, ``counted`` the facets, ``refused`` why a filter cannot be
    used (empty where it can), ``narrowed`` says that the filter changed, ``ordered`` that the order did,
    ``begun`` gives the first numbers ahead of all.
    """

    listed = Signal(object)
    counted = Signal(object)
    refused = Signal(str)
    narrowed = Signal()
    ordered = Signal()
    begun = Signal(object)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.filter = ExampleFilter()
        self.sort = ("seq", False)
        self.asked = False
        self._question = 0
        self._counting = self._count_again = False
        self._job: Job | None = None

    def narrow(self, wanted: ExampleFilter) -> None:
        """Put another filter in force."""
        self.filter = wanted
        self.narrowed.emit()
        self.load()

    def order(self, column_id: str, descending: bool) -> None:  # noqa: FBT001  (the table's signal gives it so)
        """Put another order in force."""
        self.sort = (SORTS[column_id], descending)
        self.ordered.emit()
        self.load()

    def turn(self, sort: str) -> None:
        """Put another order in force, or turn the one in force round."""
        self.sort = (sort, self.sort == (sort, False))
        self.ordered.emit()
        self.load()

    def load(self) -> None:
        """Ask for the examples that fit; an earlier question that is still on its way is dropped."""
        try:
            where = self.filter.where
        except UnreadableSearch as error:
            self.refused.emit(str(error))
            return
        self._question += 1
        if not self.asked and not where and self.sort == ("seq", False):
            self._begin()
        self.asked = True
        if self._job is not None:
            self._job.cancel()
        project, (sort, descending) = self._context.project, self.sort

        def read(progress: Progress) -> "array[int]":
            return browsing.example_numbers(
                project=project, where=where, sort=sort, descending=descending, progress=progress
            )

        self._job = run_read(
            self._context,
            _("Reading the list of examples"),
            read,
            done=partial(self._listed, self._question),
            failed=partial(self._failed, self._question),
        )

    def _begin(self) -> None:
        """Ask for the first rows ahead of all the others."""
        project, question = self._context.project, self._question

        def done(numbers: "array[int]") -> None:
            if question == self._question and self._job is not None and len(numbers) == PAGE_ROWS:
                self.begun.emit(numbers)

        first = partial(browsing.first_numbers, project=project, limit=PAGE_ROWS)
        run_read(self._context, _("Reading the list of examples"), lambda _progress: first(), done=done)

    def count(self) -> None:
        """Ask what the project holds; while an answer is on its way, once more after it."""
        if self._counting:
            self._count_again = True
            return
        self._counting, project = True, self._context.project
        run_read(
            self._context,
            _("Counting examples"),
            lambda _progress: browsing.facets_of(project=project),
            done=self._counted,
            failed=self._not_counted,
        )

    def _counted(self, facets: Facets) -> None:
        self.counted.emit(facets)
        self._end_count()

    def _not_counted(self, error: BaseException) -> None:
        show_failure(self._context, error)
        self._end_count()

    def _end_count(self) -> None:
        again, self._counting, self._count_again = self._count_again, False, False
        if again:
            self.count()

    def _listed(self, question: int, numbers: "array[int]") -> None:
        if question == self._question:
            self._job = None
            self.refused.emit("")
            self.listed.emit(numbers)

    def _failed(self, question: int, error: BaseException) -> None:
        if question != self._question:
            return
        self._job = None
        if isinstance(error, AccordError):
            self.refused.emit(str(error))
        else:
            show_failure(self._context, error)
