"""Near-duplicates: clusters one by one, the suggested keeper first, the others beside it with what differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QStackedLayout, QWidget

from accord.domain.history import ExampleRow
from accord.domain.ledger import DuplicateRun, Event
from accord.domain.review import Status
from accord.domain.wording import _, number, plural
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read
from accord.gui.pages.duplicates.acts import who_acts
from accord.gui.pages.duplicates.cluster_acts import ClusterActs
from accord.gui.pages.duplicates.queue_list import Line, QueueList
from accord.gui.pages.duplicates.search_panel import SearchPanel
from accord.gui.pages.duplicates.sentences import how_searched, keeper_sentence
from accord.gui.pages.duplicates.strip import CardStrip, Words
from accord.gui.widgets import ActionButton, EmptyState, PlainLabel, Segmented, column, row
from accord.workflows import duplicate_search, duplicates, projects
from accord.workflows.duplicates import Cluster


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the view shows: every cluster of the newest search, that search, and whether it is out of date."""

    clusters: tuple[Cluster, ...]
    search: DuplicateRun | None
    stale: bool


def key_of(cluster: Cluster) -> str:
    """Return what a cluster is known by while its members come and go."""
    return min(row.id for row in (*cluster.rows, *cluster.set_aside))


class NearView(QWidget):
    """The clusters; ``counted`` gives how many wait."""

    counted = Signal(int)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self._found: Found | None = None
        self._clusters: dict[str, Cluster] = {}
        self._wanted = ""
        self._acted_on = ""
        self.panel = SearchPanel(context, partial(who_acts, context))
        self.list = QueueList(context, _("Clusters"), _("Cluster"))
        self.list.current_changed.connect(self._show_cluster)
        self.strip = CardStrip(context, with_request=True)
        self.strip.moved.connect(lambda _id: self._update_buttons())
        self.filter = Segmented(_("Show"), [("open", _("Open")), ("all", _("All"))])
        self.filter.changed.connect(lambda _value: self._fill())
        self.state = PlainLabel(role="muted", elide=True)
        self.about = PlainLabel(role="strong", wrap=True)
        self.acts = ClusterActs(
            context,
            cluster=self.cluster,
            chosen=self.chosen,
            open_clusters=self.clusters_open,
            go_on=lambda: self.list.step(1),
            acted=self._note_act,
        )
        self._build()
        self.load()

    def load(self) -> None:
        """Read the clusters anew."""
        project = self.context.project

        def read(_progress: object) -> Found:
            search = projects.newest_duplicate_search(project=project)
            return Found(
                clusters=tuple(duplicates.clusters(project=project, open_only=False)),
                search=search,
                stale=duplicates.stale(project=project),
            )

        run_read(self.context, _("Reading clusters"), read, done=self._arrived)

    def cluster(self) -> Cluster | None:
        """Return the cluster that is shown."""
        return self._clusters.get(self.list.current())

    def chosen(self) -> ExampleRow | None:
        """Return the example that the keys act on."""
        return self.strip.current() if self.cluster() is not None else None

    def after_undo(self, event: Event) -> bool:
        """Go to what was taken back; False where it is none of the clusters."""
        ids = set(event.refs.get("examples", ()))
        found = next((c for c in self._all() if ids & {r.id for r in (*c.rows, *c.set_aside)}), None)
        if found is None:
            return False
        self._wanted = key_of(found)
        return True

    def _note_act(self) -> None:
        """Go on from the cluster that is shown, once it has been read anew."""
        self._acted_on = self.list.current()

    def open_search(self) -> None:
        """Show the form of the search and give it the keys."""
        self.panel.show()
        self.panel.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _search_at_once(self) -> None:
        self.panel.show()
        self.panel.start()

    def _all(self) -> tuple[Cluster, ...]:
        return self._found.clusters if self._found is not None else ()

    def clusters_open(self) -> list[Cluster]:
        """Return the clusters that wait."""
        return [c for c in self._all() if c.open]

    def _arrived(self, found: Found) -> None:
        self._found = found
        self.counted.emit(len(self.clusters_open()))
        self._fill()

    def _fill(self) -> None:
        shown = list(self._all()) if self.filter.value() == "all" else self.clusters_open()
        wanted, self._wanted = self._wanted or self._next_open(shown), ""
        if wanted and wanted not in {key_of(c) for c in shown}:
            self.filter.set_value("all")
            shown = list(self._all())
        self._clusters = {key_of(c): c for c in shown}
        lines = [Line(key=key, title=_title(c), count=_count(c)) for key, c in self._clusters.items()]
        self.list.set_lines(lines, wanted=wanted)
        self._acted_on = ""
        self._say_state()
        self._stack.setCurrentIndex(1 if shown else 0)
        if not shown:
            self._say_empty()
        self._update_buttons()

    def _show_cluster(self, key: str) -> None:
        cluster = self._clusters.get(key)
        if cluster is None:
            self.strip.show_rows((), self._words)
        else:
            rows = in_order(cluster, [r.id for r in self.strip.rows()])
            kept = self.strip.current()
            go_on = self._acted_on == key
            at = next_place(rows, kept.id if kept is not None else "", go_on=go_on)
            self.strip.show_rows(rows, self._words, current=at)
            self.about.setText(_about(cluster, by_meaning=self._by_meaning()))
        self._update_buttons()

    def _next_open(self, shown: Sequence[Cluster]) -> str:
        """Return the cluster to go to where the one that was just acted on is settled and stays in the list."""
        keys = [key_of(c) for c in shown]
        if self._acted_on not in keys:
            return ""
        at = keys.index(self._acted_on)
        waiting = (c for c in (*shown[at + 1 :], *shown[:at]) if c.open)
        return "" if shown[at].open else key_of(next(waiting, shown[at]))

    def _words(self, position: int, shown: ExampleRow) -> Words:
        cluster = self.cluster()
        if cluster is None:
            return Words(place="", title="")
        if shown.id == cluster.keeper:
            return Words(place=str(position + 1), title=_("Keep this one"), reason=keeper_sentence(cluster.reason))
        same = shown.content.conversation_key == cluster.rows[0].content.conversation_key if cluster.rows else False
        conflict = _("Its answer conflicts with 1: settle that first.") if shown.conflict and same else ""
        return Words(place=str(position + 1), title=_("Compared with 1"), reason=conflict)

    def _build(self) -> None:
        actions = self.context.actions
        self.search_button = ActionButton(actions, "duplicates.search", icon=True)
        self.all_button = ActionButton(actions, "duplicates.set_aside_all")
        head = row(self.filter, self.state, self.search_button, self.all_button, gap=12)
        head.setStretch(1, 1)
        right = column(self.about, self.strip, gap=8)
        right.setStretch(1, 1)
        both = QWidget()
        beside = row(self.list, right, gap=16)
        beside.setStretch(1, 1)
        both.setLayout(beside)
        self.empty = EmptyState(
            _("No search for near-duplicates has been made yet."),
            _("Search for near-duplicates"),
            self._search_at_once,
            icon="content-duplicate",
        )
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(both)
        ids = ("set_aside", "set_aside_rest", "keep", "not_duplicates", "bring_back", "undo")
        tones = {"set_aside": "set_aside", "set_aside_rest": "set_aside", "keep": "accepted"}
        self.buttons = {i: ActionButton(actions, f"duplicates.{i}", tone=tones.get(i, "text")) for i in ids}
        self.panel.running_changed.connect(lambda _running: self._update_buttons())
        self.bar = QFrame()
        self.bar.setProperty("kind", "panel")
        self.bar.setLayout(row(*self.buttons.values(), None, gap=8, margins=(24, 8, 24, 8)))
        inside = column(head, self.panel, holder, gap=12, margins=(24, 0, 24, 12))
        inside.setStretch(2, 1)
        whole = column(inside, self.bar, gap=0)
        whole.setStretch(0, 1)
        self.setLayout(whole)

    def _update_buttons(self) -> None:
        for button in (*self.buttons.values(), self.search_button, self.all_button):
            button.update_from_action()

    def _say_state(self) -> None:
        found = self._found
        if found is None or found.search is None:
            self.state.setText("")
            return
        search = found.search
        text = _("Last search: {n} examples, {how}.", n=number(search.examples), how=how_searched(search))
        if found.stale:
            text = _("New examples have come in since the last search. {text}", text=text)
        self.state.setText(text)

    def _by_meaning(self) -> bool:
        search = self._found.search if self._found is not None else None
        return search is not None and search.method == duplicate_search.SEMANTIC

    def _say_empty(self) -> None:
        found = self._found
        if found is None or found.search is None:
            self.empty.sentence.setText(_("No search for near-duplicates has been made yet."))
        elif found.stale:
            self.empty.sentence.setText(_("Everything found so far is settled, but new examples have come in since."))
        elif found.clusters:
            self.empty.sentence.setText(_("Every cluster is settled."))
        else:
            self.empty.sentence.setText(_("The last search found no near-duplicates."))
        self.empty.button.setVisible(found is None or found.search is None or found.stale)


def in_order(cluster: Cluster, before: Sequence[str]) -> tuple[ExampleRow, ...]:
    """Return the members as they stood ``before``, so that no card changes its number while a person works.

    The keeper is always the first: where another is suggested now, the order is made anew.
    """
    rows = (*cluster.rows, *cluster.set_aside)
    known = {r.id: r for r in rows}
    if set(before) == set(known) and before[0] == rows[0].id:
        return tuple(known[i] for i in before)
    return rows


def next_place(rows: Sequence[ExampleRow], kept: str, *, go_on: bool) -> int:
    """Return where the cursor goes: it stays on ``kept``, or (``go_on``) to the next member still in play."""
    at = next((i for i, r in enumerate(rows) if r.id == kept), None)
    if at is None:
        return 1
    if not go_on or rows[at].status != Status.SET_ASIDE:
        return at
    others = (i for i in (*range(at + 1, len(rows)), *range(1, at), 0) if rows[i].status != Status.SET_ASIDE)
    return next(others, at)


def _title(cluster: Cluster) -> str:
    shown = (cluster.rows or cluster.set_aside)[0]
    return shown.content.request or shown.content.answer


def _count(cluster: Cluster) -> str:
    total = len(cluster.rows) + len(cluster.set_aside)
    return number(total) if cluster.open else f"✓ {number(total)}"


def _about(cluster: Cluster, *, by_meaning: bool) -> str:
    if cluster.apart:
        return _("A person said that these are no duplicates.")
    if len(cluster.rows) < 2:
        return _("Settled: the others are set aside.")
    total, aside = len(cluster.rows) + len(cluster.set_aside), len(cluster.set_aside)
    said = plural("{n} example says nearly the same.", "{n} examples say nearly the same.", total)
    if by_meaning:
        said = plural("{n} example, similar in meaning.", "{n} examples, similar in meaning.", total)
    if not aside:
        return said
    return said + " " + plural("{n} of them is set aside.", "{n} of them are set aside.", aside)
