"""All releases, newest first: export one again in another format, or verify a folder."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal

from accord.domain.moments import local
from accord.domain.progress import Progress
from accord.domain.releases import Part, Release
from accord.domain.wording import _, number
from accord.gui.context import Context
from accord.gui.theme import theme
from accord.gui.widgets import Button, Card, Column, PagedModel, PlainLabel, TableView, row

MOST_ROWS_SHOWN = 6


class ReleasesCard(Card):
    """``export_wanted`` and ``chosen_changed`` give a release's name, ``verify_wanted`` asks for a folder."""

    export_wanted = Signal(str)
    chosen_changed = Signal(str)
    verify_wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(_("All releases"))
        self._releases: dict[str, Release] = {}
        self.model = PagedModel(context, _columns(), self._fetch)
        self.table = TableView(_("All releases"), self.model)
        self.table.current_changed.connect(lambda _name: self._changed())
        self._wanted = ""
        self.none = PlainLabel(_("None yet."), role="muted")
        self.again = Button(_("Export again"), icon="export", run=self._export)
        self.verify = Button(_("Verify a folder…"), icon="shield-check-outline", run=self.verify_wanted.emit)
        self.body.addWidget(self.none)
        self.body.addWidget(self.table)
        self.body.addLayout(row(self.again, self.verify, None))
        self.show_releases(())

    def show_releases(self, releases: Sequence[Release]) -> None:
        """Show the releases (oldest first as stored), the newest on top."""
        self._releases = {release.name: release for release in releases}
        names = list(reversed(self._releases))
        self.model.set_ids(names)
        if self._wanted in names:
            self.table.select_row(names.index(self._wanted))
            self._wanted = ""
        elif names and self.table.current_id() is None:
            self.table.select_row(0)
        self.table.setFixedHeight(theme().px(34 + 28 * min(len(names), MOST_ROWS_SHOWN)))
        if self.table.parent() is not None:
            self.table.setVisible(bool(names))
            self.none.setVisible(not names)
        self._say()

    @property
    def chosen(self) -> str:
        """The name of the release that is chosen, empty where there is none."""
        return str(self.table.current_id() or "")

    def choose(self, name: str) -> None:
        """Choose a release once it is shown."""
        self._wanted = name

    def _changed(self) -> None:
        self._say()
        if self.chosen:
            self.chosen_changed.emit(self.chosen)

    def _say(self) -> None:
        chosen = self.table.current_id()
        self.again.setEnabled(chosen is not None)
        text = _("Export “{name}” again", name=chosen) if chosen is not None else _("Export again")
        self.again.setText(text)

    def _export(self) -> None:
        chosen = self.table.current_id()
        if chosen is not None:
            self.export_wanted.emit(str(chosen))

    def _fetch(self, names: Sequence[Any], _progress: Progress) -> list[Release | None]:
        releases = self._releases
        return [releases.get(str(name)) for name in names]


def _columns() -> list[Column]:
    def count(part: Part) -> Column:
        titles = {Part.TRAIN: _("Train"), Part.VALIDATION: _("Validation"), Part.HELDOUT: _("Held out")}
        return Column(
            id=part.value,
            title=titles[part],
            text=lambda release: number(release.counts.get(part.value, 0)),
            width=92,
            align="right",
        )

    return [
        Column(id="name", title=_("Name"), text=lambda release: release.name, stretch=True),
        Column(id="when", title=_("Made"), text=lambda r: local(r.created_at), width=140, muted=True),
        Column(id="who", title=_("By"), text=lambda release: release.created_by, width=110, muted=True),
        *(count(part) for part in Part),
        Column(id="hash", title=_("Hash"), text=lambda release: release.hash[:12], width=120, muted=True),
    ]
