"""The table with what stands in its place when there is nothing to show; columns go where it gets narrow."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget

from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.pages.examples.filtering import how_search_works
from accord.gui.pages.examples.rows import columns, read_rows
from accord.gui.theme import theme
from accord.gui.widgets import EmptyState, PagedModel, TableView
from accord.settings import SettingsNotSaved

#: From which width of the table, px at 100 percent, a column is shown.
SHOWN_FROM = {"answer": 500, "tags": 640, "reviewed": 780, "source": 920}


class Browser(QStackedWidget):
    """The left side of the page."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.model = PagedModel(context, columns(), lambda ids, _progress: read_rows(context.project, ids))
        self.table = TableView(_("Examples"), self.model)
        self._settings = context.settings
        self._desk = f"{context.project_file} | {context.actor}"  # another person may sit at this machine
        kept = context.settings.get("column_widths").get(self._desk)
        self.table.widths.restore(kept if isinstance(kept, dict) else {})
        self.table.widths.dragged.connect(self._keep_widths)
        self.no_fit = EmptyState(
            "\n".join([_("No example fits this search and these filters."), how_search_works()]),
            _("Clear filters"),
            lambda: context.actions.run("examples.clear"),
            icon="filter-off-outline",
        )
        self.no_examples = EmptyState(
            _("This project has no examples yet."),
            _("Import a file"),
            lambda: context.navigate("importing"),
            icon="file-import-outline",
        )
        self._ahead = False
        for shown in (self.table, self.no_fit, self.no_examples):
            self.addWidget(shown)

    def show_first(self, numbers: Sequence[int]) -> None:
        """Show the first examples ahead of all the others."""
        if not self.model.ids:
            self.show_numbers(numbers, narrowed=False)
            self._ahead = True

    def show_numbers(self, numbers: Sequence[int], *, narrowed: bool) -> None:
        """Show these examples; the cursor stays on its example, or goes to the first."""
        shown, ahead = len(self.model.ids), self._ahead
        self._ahead = False
        if ahead and shown < len(numbers) and self.model.ids == numbers[:shown]:
            self.model.grow(numbers)
        elif shown == len(numbers) and self.model.ids == numbers:
            self.model.reload()
        else:
            self.model.set_ids(numbers)
        if numbers:
            self.setCurrentWidget(self.table)
            if self.table.current_id() is None:
                self.table.select_row(0)
        else:
            self.setCurrentWidget(self.no_fit if narrowed else self.no_examples)

    def _keep_widths(self, widths: Mapping[str, int]) -> None:
        with suppress(SettingsNotSaved):  # they hold until the end; losing them costs a drag
            self._settings.remember_column_widths(self._desk, widths)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the columns for which there is no room."""
        super().resizeEvent(event)
        width = event.size().width()
        self.table.widths.hide({name for name, least in SHOWN_FROM.items() if width < theme().px(least)})
