"""The page of all examples: search and filters above a table, and one example beside it."""

from array import array
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSplitter, QWidget

from accord.domain.errors import AccordError, NotFound
from accord.domain.filters import Term
from accord.domain.wording import _, number
from accord.gui.context import Context, Params
from accord.gui.jobs_bridge import run_read, show_failure
from accord.gui.page import Page
from accord.gui.pages.examples.acts import Acts
from accord.gui.pages.examples.browser import Browser
from accord.gui.pages.examples.commands import bind_commands, offered
from accord.gui.pages.examples.detail_pane import DetailPane
from accord.gui.pages.examples.filter_bar import FilterBar
from accord.gui.pages.examples.filtering import ExampleFilter, how_search_works
from accord.gui.pages.examples.kept_filters import KeptFilters
from accord.gui.pages.examples.listing import Listing
from accord.gui.pages.examples.reason_bar import ReasonBar
from accord.gui.pages.examples.rows import ORDERS
from accord.gui.pages.examples.selection_bar import SelectionBar
from accord.gui.pages.examples.similar_list import SimilarList
from accord.gui.pages.examples.trace_bar import TraceBar
from accord.gui.theme import theme
from accord.gui.widgets import ActionButton, Button, PlainLabel, SearchField, column, plain_tooltip, row
from accord.workflows import browsing
from accord.workflows.browsing import Facets, FullExample

#: How long the cursor rests on a row before the example is read, ms; a held arrow key reads none in between.
REST_MS = 60
REFRESHED_BY = frozenset({"findings", "examples", "reviews", "tags", "duplicates", "conflicts", "imports", "releases"})


class ExamplesPage(Page):
    """Keeps the filter, the order and the cursor while other pages are shown."""

    page_id: ClassVar[str] = "examples"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.listing = Listing(context, self)
        self.browser = Browser(context)
        self.table = self.browser.table
        self.reasons = ReasonBar()
        self.acts = Acts(context, self.reasons)
        self.kept = KeptFilters(context, self.listing, self.reasons, self)
        self.selection = SelectionBar(context.actions, partial(offered, context))
        self.detail: DetailPane
        self._total: int | None = None
        self._tags: dict[str, int] = {}
        self._wanted: int | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._read_current)
        self._selected = QTimer(self)
        self._selected.setSingleShot(True)
        self._selected.setInterval(0)
        self._selected.timeout.connect(self._show_selection)
        self._build()
        bind_commands(self)
        self._connect()

    def activated(self, params: Params) -> None:
        """Show what another page asks for: ``where`` is a filter, ``example_id`` the example to show."""
        where, example_id = params.get("where"), params.get("example_id")
        if isinstance(where, str):
            try:
                self.listing.narrow(ExampleFilter.from_where(where))
            except AccordError as error:
                show_failure(self.context, error)
        if not self.listing.asked:
            self.listing.load()
            self.kept.load()
        # What the project holds is counted once the first rows are there: of a million it would keep them back.
        if isinstance(example_id, str) and example_id:
            self.show_example(example_id)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self, changed: AbstractSet[str]) -> None:
        """Look again at what was written."""
        if "settings" in changed:
            self.kept.load()
        if changed & REFRESHED_BY:
            self.listing.load()
            self.listing.count()
            self._rest.start()

    def show_example(self, example_id: str) -> None:
        """Put the cursor on an example; filters that hide it are taken off."""
        project = self.context.project
        run_read(
            self.context,
            _("Looking for an example"),
            lambda _progress: browsing.example(project=project, example_id=example_id).row.seq,
            done=self._go_to,
        )

    def _build(self) -> None:
        actions = self.context.actions
        self.counted = PlainLabel(role="muted")
        self.search = SearchField(_("Search words, or a filter such as tag = dosage"), name=_("Search examples"))
        plain_tooltip(self.search, how_search_works())
        self.search.setMinimumWidth(theme().px(220))
        self.search.setMaximumWidth(theme().px(420))
        self.fault = PlainLabel(role="error", wrap=True)
        self.fault.hide()
        self.filters = FilterBar()
        self.filters.put_beside(self.kept.button)
        self.trace = TraceBar(self.context)
        self.detail = DetailPane(actions, partial(offered, self.context), SimilarList(self.context))
        head = row(PlainLabel(_("Examples"), role="title"), self.counted, None, gap=12)
        head.addWidget(self.search, 1)
        head.addWidget(ActionButton(actions, "examples.trace"))
        fold = Button(icon="dock-right", name=_("Fold or unfold the example"), run=lambda: actions.run("examples.fold"))
        fold.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        head.addWidget(fold)
        top = column(head, self.fault, self.filters, self.trace, self.selection, gap=12, margins=(24, 20, 24, 12))
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        left = QWidget()
        left.setLayout(row(self.browser, margins=(0, 0, 16, 16)))
        self.split.addWidget(left)
        self.split.addWidget(self.detail)
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 2)
        self.browser.setMinimumWidth(theme().px(300))
        self.detail.setMinimumWidth(theme().px(360))
        whole = column(top, row(self.split, gap=0, margins=(24, 0, 0, 0)), self.reasons, gap=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.listing.listed.connect(self._show_numbers)
        self.listing.begun.connect(self.browser.show_first)
        self.listing.counted.connect(self._show_facets)
        self.listing.refused.connect(self._show_fault)
        self.listing.narrowed.connect(self._show_filter)
        self.listing.ordered.connect(self._show_order)
        self.table.selection_changed.connect(self._selected.start)
        self.browser.model.modelReset.connect(self._selected.start)
        self.browser.model.loaded.connect(lambda _first, _last: self._selected.start())
        self.selection.all_wanted.connect(self.table.selectAll)
        self.selection.none_wanted.connect(lambda: self.table.select_row(max(0, self.table.currentIndex().row())))
        self.search.searched.connect(lambda text: self.listing.narrow(replace(self.listing.filter, text=text)))
        self.search.left.connect(partial(_go_on, self))
        self.filters.toggled.connect(self._toggle)
        self.filters.cleared.connect(lambda: self.listing.narrow(ExampleFilter()))
        self.table.current_changed.connect(lambda _number: self._rest.start())
        self.table.opened.connect(lambda _number: self.context.actions.run("examples.open"))
        self.table.sort_wanted.connect(self.listing.order)
        self.table.sort_refused.connect(self.context.notify)
        self.detail.similar.chosen.connect(self.show_example)
        self.trace.found.connect(self.show_example)
        self.trace.links.activated.connect(self.show_example)

    def known_tags(self) -> list[str]:
        """Return the tags that examples have, the most frequent first."""
        return sorted(self._tags, key=lambda tag: (-self._tags[tag], tag))

    def _show_order(self) -> None:
        sort, descending = self.listing.sort
        self.table.set_sort_shown(ORDERS[sort], descending=descending)

    def _show_selection(self) -> None:
        shown = len(self.browser.model.ids)
        self.selection.show_selected(self.table.selected_count(), shown, several=self.acts.giving.possible())
        self.detail.update_buttons()

    def _toggle(self, term: Term) -> None:
        self.listing.narrow(self.listing.filter.toggled(term))

    def _show_filter(self) -> None:
        wanted = self.listing.filter
        if self.search.text() != wanted.text:
            self.search.set_text_quietly(wanted.text)
        self.filters.set_terms(wanted.chips, any_filter=wanted != ExampleFilter())

    def _show_numbers(self, numbers: "array[int]") -> None:
        wanted, self._wanted = self._wanted, None
        self.browser.show_numbers(numbers, narrowed=self.listing.filter != ExampleFilter())
        if wanted is not None:
            self.table.select_id(wanted)
        if not numbers:
            self.detail.show_example(None)
        if self._total is None:
            self.listing.count()
        self._show_count()

    def _show_facets(self, facets: Facets) -> None:
        self._total, self._tags = facets.total, facets.tag
        self.filters.set_facets(facets)
        self._show_count()

    def _show_count(self) -> None:
        shown = len(self.browser.model.ids)
        total = shown if self._total is None else max(self._total, shown)
        self.counted.setText(_("{shown} of {total}", shown=number(shown), total=number(total)))

    def _show_fault(self, sentence: str) -> None:
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))

    def _go_to(self, wanted: int) -> None:
        if self.table.select_id(wanted):
            return
        self._wanted = wanted
        if self.listing.filter == ExampleFilter():
            self.listing.load()
        else:
            self.listing.narrow(ExampleFilter())

    def _read_current(self) -> None:
        wanted, project = self.table.current_id(), self.context.project
        if wanted is None:
            self.detail.show_example(None)
            return
        run_read(
            self.context,
            _("Reading an example"),
            lambda _progress: browsing.full_example(project=project, number=wanted),
            done=self._arrived,
            failed=self._missing,
        )

    def _arrived(self, example: FullExample) -> None:
        if example.detail.row.seq == self.table.current_id():
            self.detail.show_example(example)

    def _missing(self, error: BaseException) -> None:
        self.detail.show_example(None)
        if not isinstance(error, NotFound):  # one that is gone leaves the table with the next reading
            show_failure(self.context, error)

    def example(self) -> FullExample | None:
        """Return the example that is shown, where the cursor is still on it."""
        shown = self.detail.example
        return shown if shown is not None and shown.detail.row.seq == self.table.current_id() else None


def _go_on(page: ExamplesPage) -> None:
    """Give the keys to what was found, unless the search cannot be read."""
    if page.fault.isHidden():
        page.table.setFocus(Qt.FocusReason.OtherFocusReason)
