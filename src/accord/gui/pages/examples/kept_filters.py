"""Filters that a person keeps by name: a button with their menu, and the same list for the command palette."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from accord.domain.errors import AccordError
from accord.domain.ledger import Who
from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read, run_write, show_failure
from accord.gui.pages.examples.filtering import ExampleFilter, UnreadableSearch
from accord.gui.pages.examples.listing import Listing
from accord.gui.pages.examples.reason_bar import ReasonBar
from accord.gui.palette import Entry
from accord.gui.widgets import Button
from accord.workflows import saved_filters
from accord.workflows.saved_filters import SavedFilter


class KeptFilters(QObject):
    """The list, read again when it may have changed; uses, keeps, renames and forgets."""

    def __init__(self, context: Context, listing: Listing, reasons: ReasonBar, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._listing = listing
        self._reasons = reasons
        self.kept: Sequence[SavedFilter] = ()
        self.button = Button(_("My filters ▾"), size="small", icon="bookmark-outline", run=self.open)
        self.button.setAccessibleName(_("My filters"))
        self.menu = QMenu(parent)
        self.menu.setAccessibleName(_("My filters"))

    def load(self) -> None:
        """Read what this person has kept."""
        project, person = self._context.project, self._context.actor

        def done(found: Sequence[SavedFilter]) -> None:
            self.kept = found

        work = partial(saved_filters.listed, project=project, person=person)
        run_read(self._context, _("Reading filters"), lambda _progress: work(), done=done)

    def open(self) -> None:
        """Show the menu under its button."""
        self.menu.clear()
        now = self._where()
        for kept in self.kept:
            entry = self._add(self.menu, kept.name, partial(self.use, kept))
            entry.setCheckable(True)
            entry.setChecked(kept.where == now)
        if self.kept:
            self.menu.addSeparator()
        self._add(self.menu, _("Keep this filter…"), self.ask_name).setEnabled(self.can_keep())
        if self.kept:
            for title, run in ((_("Rename"), self._ask_other_name), (_("Forget"), self._forget)):
                below = self.menu.addMenu(title)
                for kept in self.kept:
                    self._add(below, kept.name, partial(run, kept))
        self.menu.popup(self.button.mapToGlobal(QPoint(0, self.button.height() + 4)))

    def use(self, kept: SavedFilter) -> None:
        """Put a kept filter in force in place of the one there is."""
        try:
            self._listing.narrow(ExampleFilter.from_where(kept.where))
        except AccordError as error:
            show_failure(self._context, error)

    def can_keep(self) -> bool:
        """Say whether there is a filter that could be kept."""
        return bool(self._where())

    def ask_name(self) -> None:
        """Ask by which name to keep the filter in force."""
        where = self._where()
        self._reasons.ask(
            _("Keep this filter by which name?"),
            lambda name: self._save(SavedFilter(name=name, where=where)),
            button=_("Keep"),
            detail=where,
            placeholder=_("Name of the filter"),
            needed=True,
            known=[kept.name for kept in self.kept],
        )

    def _where(self) -> str:
        try:
            return self._listing.filter.where
        except UnreadableSearch:
            return ""

    def _add(self, menu: QMenu, title: str, run: Callable[[], object]) -> QAction:
        entry = menu.addAction(title.replace("&", "&&"))
        entry.triggered.connect(lambda _checked=False: run())
        return entry

    def _save(self, kept: SavedFilter) -> None:
        work = partial(
            saved_filters.save, project=self._context.project, who=self._who(), name=kept.name, where=kept.where
        )
        self._write(_("Keep this filter"), work, lambda made: _("Kept as “{name}”.", name=made.name))

    def _ask_other_name(self, kept: SavedFilter) -> None:
        def take(name: str) -> None:
            work = partial(
                saved_filters.rename, project=self._context.project, who=self._who(), name=kept.name, to=name
            )
            self._write(_("Rename"), work, lambda made: _("Now “{name}”.", name=made.name))

        self._reasons.ask(
            _("Rename the filter “{name}”", name=kept.name),
            take,
            button=_("Rename"),
            placeholder=_("Name of the filter"),
            needed=True,
            text=kept.name,
        )

    def _forget(self, kept: SavedFilter) -> None:
        work = partial(saved_filters.delete, project=self._context.project, who=self._who(), name=kept.name)
        self._write(
            _("Forget"),
            work,
            lambda gone: _("The filter “{name}” is forgotten.", name=gone.name),
            undo=partial(self._save, kept),
        )

    def _write(
        self,
        title: str,
        work: Callable[[], SavedFilter],
        told: Callable[[SavedFilter], str],
        undo: Callable[[], object] | None = None,
    ) -> None:
        def done(made: SavedFilter) -> None:
            self.load()
            self._context.notify(told(made), tone="good", undo=undo)

        run_write(self._context, title, lambda _progress: work(), done=done, changed=("settings",))

    def _who(self) -> Who:
        return Who(actor=self._context.actor, device=self._context.settings.device_id)


class PaletteFilters(QObject):
    """Offers the kept filters in the command palette, on every page."""

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._kept: Sequence[SavedFilter] = ()
        context.project_changed.connect(self._load)
        context.changed.connect(self._follow)

    def entries(self, text: str) -> list[Entry]:
        """Return those whose names hold what was typed."""
        return [
            Entry(
                title=_("Examples: {filter}", filter=kept.name),
                run=partial(self._context.navigate, "examples", where=kept.where),
                where=_("My filters"),
                icon="bookmark-outline",
            )
            for kept in self._kept
            if self._context.project is not None and text.strip().casefold() in kept.name.casefold()
        ]

    def _follow(self, kinds: frozenset[str]) -> None:
        if "settings" in kinds:
            self._load()

    def _load(self) -> None:
        project, person = self._context.project, self._context.actor
        self._kept = () if project is None else self._kept
        if project is None:
            return

        def done(found: Sequence[SavedFilter]) -> None:
            self._kept = found

        work = partial(saved_filters.listed, project=project, person=person)
        run_read(self._context, _("Reading filters"), lambda _progress: work(), done=done, failed=lambda _error: None)
