"""One example beside the table: text, source, history, and what can be done with it."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from accord.domain.review import DecidedBy, Origin, Status
from accord.domain.wording import _, plural
from accord.gui.actions import Actions
from accord.gui.made_by import drafted_by
from accord.gui.pages.examples.conversation import Conversation
from accord.gui.pages.examples.facts import FactGrid, place_facts, timeline_view
from accord.gui.pages.examples.history import set_aside_word, timeline
from accord.gui.pages.examples.similar_list import SimilarList
from accord.gui.theme import theme
from accord.gui.widgets import ActionButton, EmptyState, Flow, PlainLabel, Scrolled, StatusChip, column, line, row
from accord.workflows.browsing import FullExample

#: More places than this are counted, not listed.
SHOWN_PLACES = 5


class DetailPane(QFrame):
    """Shows a ``FullExample``, and below it what is ``similar``.

    The buttons at its foot are those of the page's actions that are ``offered``.
    """

    def __init__(self, actions: Actions, offered: Callable[[str], bool], similar: SimilarList) -> None:
        super().__init__()
        self.similar = similar
        self._offered = offered
        self.setProperty("kind", "panel")
        self.setAccessibleName(_("Example"))
        self.example: FullExample | None = None
        self.conversation: Conversation | None = None
        self.status = StatusChip()
        self.decided = PlainLabel(role="muted")
        self.copy_button = ActionButton(actions, "examples.copy", icon=True)
        self.buttons = [
            ActionButton(actions, "examples.open", kind="primary"),
            ActionButton(actions, "examples.set_aside"),
            ActionButton(actions, "examples.bring_back"),
            self.copy_button,
            ActionButton(actions, "examples.purge", kind="danger", tone="rejected"),
        ]
        self.area = Scrolled(margins=(20, 16, 20, 24), gap=16)
        self._held = QWidget()
        self.area.body.addWidget(self._held)
        self.area.body.addWidget(self.similar)
        self.area.body.addStretch(1)
        self.similar.came.connect(self._show_similar)
        self.nothing = EmptyState(_("Choose an example to see its text, its source and its history."), icon="text-box")
        self.nothing.sentence.setFixedWidth(theme().px(300))  # the pane can be narrower than a whole page
        foot = QWidget()
        self._flow = Flow(gap=8, line_gap=8)
        foot.setLayout(self._flow)
        self._foot = QWidget()
        self._foot.setLayout(column(line(), row(foot, margins=(16, 10, 16, 10), gap=0), gap=0))
        self._foot.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        whole = column(self.nothing, self.area, self._foot, gap=0)
        whole.setStretch(0, 1)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.show_example(None)

    def _show_similar(self) -> None:
        """Bring the list into view, from its heading where it is long."""
        self.area.ensureWidgetVisible(self.similar, 0, 24)
        self.area.ensureWidgetVisible(self.similar.button, 0, 24)

    def show_example(self, example: FullExample | None) -> None:
        """Show another example, or none; the same one shown again keeps its place."""
        before = self.example.detail.row.seq if self.example is not None else None
        kept = self.area.verticalScrollBar().value()
        self.example = example
        self.nothing.setVisible(example is None)
        self.area.setVisible(example is not None)
        self._foot.setVisible(example is not None)
        self.update_buttons()
        self.similar.show_example("" if example is None else example.detail.row.id)
        if example is None:
            return
        old, self._held = self._held, self._sections(example)
        self.area.body.replaceWidget(old, self._held)
        old.hide()
        old.deleteLater()
        self.area.verticalScrollBar().setValue(kept if before == example.detail.row.seq else 0)

    def update_buttons(self) -> None:
        """Look again at what can be done."""
        for button in self.buttons:
            button.update_from_action()
        aside = self.example is not None and self.example.detail.row.status == Status.SET_ASIDE
        unused = self.buttons[1] if aside else self.buttons[2]
        for button in self.buttons:
            self._flow.removeWidget(button)
            shown = button is not unused and self._offered(button.action_id)
            if shown:
                self._flow.addWidget(button)
            button.setVisible(shown)

    def _sections(self, example: FullExample) -> QWidget:
        detail = example.detail
        self.conversation = Conversation(detail.row.content, detail.original)
        made = QWidget()
        parts = column(self._head(example), self.conversation, gap=16)
        if detail.places:
            parts.addWidget(_heading(_("Source")))
            for place in detail.places[:SHOWN_PLACES]:
                parts.addWidget(place_facts(place))
            more = len(detail.places) - SHOWN_PLACES
            if more > 0:
                parts.addWidget(PlainLabel(plural("and {n} place more", "and {n} places more", more), role="muted"))
        parts.addWidget(_heading(_("History")))
        parts.addWidget(timeline_view(timeline(example)))
        made.setLayout(parts)
        return made

    def _head(self, example: FullExample) -> QWidget:
        found = example.detail.row
        self.status = StatusChip(Status(found.status))
        self.decided = PlainLabel(_standing_words(example), role="muted", wrap=True)
        grid = FactGrid()
        grid.add(_("Id"), found.id, copies=True)
        grid.add(_("Tags"), ", ".join(found.tags))
        grid.add(_("Releases"), ", ".join(example.releases))
        made = QWidget()
        across = row(self.status, gap=12)
        across.addWidget(self.decided, 1)
        made.setLayout(column(across, grid, gap=8))
        return made


def _heading(text: str) -> QWidget:
    made = QWidget()
    made.setLayout(column(line(), PlainLabel(text, role="heading"), gap=12))
    return made


def _standing_words(example: FullExample) -> str:
    """Return what the status alone does not say."""
    found = example.detail.row
    decided = {
        DecidedBy.SINGLE.value: _("decided by one reviewer"),
        DecidedBy.AGREED.value: _("reviewers agree"),
        DecidedBy.ADJUDICATED.value: _("decided by an adjudicator"),
    }
    words = [decided.get(found.decided_by, "")]
    if found.status == Status.SET_ASIDE:
        words.append(set_aside_word(found.set_aside_reason))
    if found.edited:
        words.append(_("edited"))
    if found.conflict:
        words.append(_("in an open conflict"))
    if found.origin == Origin.GENERATED:
        places = example.detail.places
        words.append(drafted_by(places[0].source.metadata.get("model", "") if places else ""))
    return " · ".join(word for word in words if word)
