"""The page of near-duplicates and conflicts: two halves, each with its count, worked through by keys."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import partial

from PySide6.QtWidgets import QStackedWidget

from accord.domain.ledger import Event
from accord.domain.wording import _, number
from accord.gui.context import Context, Params
from accord.gui.page import Page
from accord.gui.pages.duplicates.acts import undo_last, undo_sentence
from accord.gui.pages.duplicates.conflict_view import ConflictView
from accord.gui.pages.duplicates.near import NearView
from accord.gui.widgets import PlainLabel, Segmented, column, row

KEPT_BY_KEY = 9
READS = frozenset({"examples", "reviews", "duplicates", "conflicts", "imports"})


class DuplicatesPage(Page):
    """``activated`` takes ``tab``: ``near`` or ``conflicts``."""

    page_id = "duplicates"
    notice_inset = 64

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._waiting = {"near": 0, "conflicts": 0}
        self.near = NearView(context)
        self.conflicts = ConflictView(context)
        self.near.counted.connect(partial(self._count, "near"))
        self.conflicts.counted.connect(partial(self._count, "conflicts"))
        self.near.panel.opened.connect(self._arrows_follow)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.near)
        self.stack.addWidget(self.conflicts)
        self.tabs = self._segments("near")
        self._head = row(PlainLabel(_("Duplicates"), role="title"), 8, self.tabs, None, margins=(24, 20, 24, 0))
        body = column(self._head, self.stack, gap=16)
        body.setStretch(1, 1)
        self.setLayout(body)
        self._bind_near()
        self._bind_conflicts()
        self._bind_both()

    def activated(self, params: Params) -> None:
        """Show the part that was asked for."""
        asked = str(params.get("tab") or self.tabs.value())
        self.show_tab(asked if asked in self._waiting else "near")

    def refresh(self, changed: AbstractSet[str]) -> None:
        """Read both parts anew."""
        if changed & READS:
            self.near.load()
            self.conflicts.load()

    def show_tab(self, tab: str) -> None:
        """Show a part and give its list the keys."""
        self.tabs.set_value(tab)
        shown = self.near if tab == "near" else self.conflicts
        self.stack.setCurrentWidget(shown)
        shown.list.table.setFocus()
        self.context.actions.changed.emit()

    def on_near(self) -> bool:
        """Say whether the near-duplicates are shown."""
        return self.stack.currentWidget() is self.near

    def _segments(self, value: str) -> Segmented:
        titles = {"near": _("Near-duplicates"), "conflicts": _("Conflicts")}
        options = [(tab, f"{title}  {number(self._waiting[tab])}") for tab, title in titles.items()]
        made = Segmented(_("Part of the page"), options, value=value)
        made.changed.connect(self.show_tab)
        return made

    def _count(self, tab: str, waiting: int) -> None:
        if self._waiting[tab] == waiting:
            return
        self._waiting[tab] = waiting
        old = self.tabs
        self.tabs = self._segments(old.value())
        self._head.replaceWidget(old, self.tabs)
        old.hide()
        old.deleteLater()

    def _bind(self, name: str, run: Callable[[], object], enabled: Callable[[], bool], *, near: bool) -> None:
        self.context.actions.bind(f"duplicates.{name}", run, enabled=lambda: self.on_near() is near and enabled())

    def _bind_near(self) -> None:
        near, view = self.near.acts, self.near
        self._bind("set_aside", near.set_aside, near.in_play, near=True)
        self._bind("set_aside_rest", near.set_aside_rest, near.can_spare, near=True)
        self._bind("not_duplicates", near.not_duplicates, lambda: view.cluster() is not None, near=True)
        self._bind("bring_back", near.bring_back, near.is_aside, near=True)
        self._bind("search", view.open_search, lambda: not view.panel.running, near=True)
        self._bind("set_aside_all", near.set_aside_all, near.can_set_aside_all, near=True)

    def _bind_conflicts(self) -> None:
        shown = self.conflicts.acts
        for position in range(KEPT_BY_KEY):
            keep, there = partial(shown.keep_number, position), partial(shown.has_answer, position)
            self._bind(f"keep_{position + 1}", keep, there, near=False)
        self._bind("all_valid", shown.all_valid, shown.any_open, near=False)
        self._bind("merge", shown.merge, shown.is_open, near=False)
        self._bind("split", shown.split, shown.is_open, near=False)
        self._bind("reopen", shown.reopen, shown.is_settled, near=False)

    def _bind_both(self) -> None:
        bind = self.context.actions.bind
        bind("duplicates.undo", self._undo)
        bind("duplicates.keep", self._keep, enabled=self._can_keep)
        bind("duplicates.other_part", lambda: self.show_tab("conflicts" if self.on_near() else "near"))
        self._arrows_follow(opened=False)

    def _arrows_follow(self, opened: bool) -> None:  # noqa: FBT001  (Qt's signal gives it so)
        """Leave the arrow keys to the form while it is open."""
        actions = self.context.actions
        steps = {"left": ("strip", -1), "right": ("strip", 1), "up": ("list", -1), "down": ("list", 1)}
        for name, (part, by) in steps.items():
            if opened:
                actions.unbind(f"duplicates.{name}")
            else:
                actions.bind(f"duplicates.{name}", partial(self._step, part, by))

    def _step(self, part: str, by: int) -> None:
        shown = self.near if self.on_near() else self.conflicts
        (shown.strip if part == "strip" else shown.list).step(by)

    def _can_keep(self) -> bool:
        if self.on_near():
            return self.near.acts.in_play() and self.near.acts.can_spare()
        return self.conflicts.acts.is_open()

    def _keep(self) -> None:
        if self.on_near():
            self.near.acts.keep()
        else:
            self.conflicts.acts.keep_chosen()

    def _undo(self) -> None:
        undo_last(self.context, self._undone)

    def _undone(self, event: Event) -> None:
        if self.conflicts.after_undo(event):
            self.show_tab("conflicts")
        elif self.near.after_undo(event):
            self.show_tab("near")
        self.context.notify(undo_sentence(event))
