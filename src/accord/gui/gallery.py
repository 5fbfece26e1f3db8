"""Every widget of the kit in its states, in both themes: to look at, and for tests that walk all of them."""

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QRadioButton, QWidget

from accord.domain.progress import Progress
from accord.domain.review import Status
from accord.domain.wording import _
from accord.gui.actions import Action
from accord.gui.context import Choice, Context, Notice, Question
from accord.gui.jobs_bridge import GuiDelivery
from accord.gui.keys import WindowKeys
from accord.gui.theme import Mode, theme
from accord.gui.widgets import (
    ActionButton,
    Button,
    Card,
    Column,
    DiffView,
    EmptyState,
    Flow,
    FormRow,
    Funnel,
    KeyButton,
    LinkList,
    MessageEditor,
    NoticeLine,
    NumberField,
    PagedModel,
    PlainLabel,
    ProgressLine,
    PromptBar,
    Scrolled,
    SearchField,
    Segmented,
    Stage,
    StatusChip,
    TableView,
    TagChip,
    TextView,
    column,
    row,
)
from accord.jobs import Jobs
from accord.settings import MachineSettings

SETTLE_MS = 120
REQUEST = "Can ibuprofen be taken together with lisinopril?"
ANSWER = (
    "Occasional use is usually tolerated, but ibuprofen can blunt the effect of lisinopril and strain the kidneys, "
    "above all in older patients or with a diuretic.\n\nAsk a doctor before taking it for more than a few days. "
    "<img src=x> is shown, never loaded. 布洛芬可能会削弱赖诺普利的作用。"
)


@dataclass(frozen=True, slots=True)
class _Part:
    kind: str
    text: str


class Gallery(QWidget):
    """All widgets on one scrolling page; it owns what they need and ends it when it closes."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAccessibleName(_("Gallery"))
        self.setWindowTitle(_("Accord: the kit"))
        self.jobs = Jobs(GuiDelivery(self).deliver)
        self.context = Context(jobs=self.jobs, settings=MachineSettings(folder), actor="Ana Ruiz")
        self.context.actions.declare(
            [
                Action(id="g.accept", title=_("Accept"), key="A", icon="check"),
                Action(id="g.edit", title=_("Edit"), key="E"),
                Action(id="g.submit", title=_("Submit"), key="Ctrl+Return"),
                Action(id="g.off", title=_("Not now"), key="X"),
            ]
        )
        for action_id in ("g.accept", "g.edit", "g.submit"):
            self.context.actions.bind(action_id, lambda: None)
        area = Scrolled()
        left, right = column(gap=16), column(gap=16)
        for side, parts in ((left, self._left()), (right, self._right())):
            for part in parts:
                side.addWidget(part)
            side.addStretch(1)
        area.body.addWidget(PlainLabel(_("The kit"), role="title"))
        sides = row(gap=16)
        sides.addLayout(left, 1)
        sides.addLayout(right, 1)
        area.body.addLayout(sides)
        self.setLayout(column(area, gap=0))

    def end(self) -> None:
        """Stop the threads."""
        self.jobs.shutdown()

    def _left(self) -> Sequence[QWidget]:
        return [self._type(), self._buttons(), self._fields(), self._chips(), self._reading(), self._editor()]

    def _right(self) -> Sequence[QWidget]:
        return [self._table(), self._funnel(), self._progress(), self._notices(), self._links(), self._empty()]

    @staticmethod
    def _type() -> Card:
        card = Card(_("Type"))
        card.body.addWidget(PlainLabel(_("Page title, 20 px"), role="title"))
        card.body.addWidget(PlainLabel(_("Heading, 15 px"), role="heading"))
        card.body.addWidget(PlainLabel(_("Body text, 13 px: calm, dense where work is done."), wrap=True))
        card.body.addWidget(PlainLabel(_("Quiet text for what steps back"), role="muted"))
        card.body.addWidget(PlainLabel(_("Small print and help, 12 px"), role="small"))
        card.body.addWidget(PlainLabel(_("What is wrong, in one sentence."), role="error"))
        card.body.addLayout(row(PlainLabel("1\u202f192", role="figure"), PlainLabel("Ctrl+K", role="kbd"), None))
        return card

    def _buttons(self) -> Card:
        card, actions = Card(_("Buttons")), self.context.actions
        off = Button(_("Cannot now"))
        off.setEnabled(False)
        off_primary = Button(_("Cannot now"), kind="primary")
        off_primary.setEnabled(False)
        card.body.addLayout(row(Button(_("Release"), kind="primary"), Button(_("Plain")), Button("R&D"), off, None))
        card.body.addLayout(
            row(
                Button(_("Import"), icon="tray-arrow-down"),
                Button(_("Withdraw"), kind="danger"),
                Button(_("Quiet"), kind="quiet", icon="filter-variant"),
                Button(icon="dots-horizontal", kind="quiet", name=_("More")),
                off_primary,
                None,
            )
        )
        card.body.addLayout(
            row(
                ActionButton(actions, "g.accept", tone="accepted"),
                ActionButton(actions, "g.edit", tone="in_review"),
                KeyButton(_("Reject"), "R", tone="rejected"),
                ActionButton(actions, "g.submit", kind="primary"),
                ActionButton(actions, "g.off"),
                None,
            )
        )
        card.body.addLayout(row(Button(_("Small"), size="small"), Button(_("A link"), kind="link"), None))
        card.body.addLayout(row(Button(_("Release and export"), kind="primary", size="large"), None))
        return card

    @staticmethod
    def _fields() -> Card:
        card = Card(_("Fields"))
        combo = QComboBox()
        combo.addItems(["OpenAI chat", "Alpaca", "ShareGPT"])
        spin = NumberField(_("Share for training"), 0, 100, 80)
        box, off = QCheckBox(_("Remember the mapping")), QCheckBox(_("Not here"))
        box.setChecked(True)
        off.setEnabled(False)
        one, two = QRadioButton(_("One reviewer")), QRadioButton(_("Several"))
        one.setChecked(True)
        for button in (box, off, one, two):
            button.setAccessibleName(button.text())
        wrong = FormRow(_("Seed"), QLineEdit("twelve"))
        wrong.set_fault(_("The seed is a whole number."))
        card.body.addWidget(SearchField(_("Search examples")))
        card.body.addWidget(FormRow(_("Format"), combo, help_text=_("What the trainer reads.")))
        card.body.addWidget(FormRow(_("Share for training"), spin))
        card.body.addWidget(wrong)
        card.body.addLayout(row(box, off, one, two, None, gap=16))
        card.body.addWidget(Segmented(_("Colours"), [("s", _("As the system")), ("l", _("Light")), ("d", _("Dark"))]))
        return card

    @staticmethod
    def _chips() -> Card:
        card = Card(_("Status and tags"))
        statuses, tags = Flow(16, 4), Flow()
        for status in Status:
            statuses.addWidget(StatusChip(status))
        for number, (tag, on) in enumerate(
            [("dosage", True), ("interaction", False), ("R&D", False), ("pregnancy", True)]
        ):
            tags.addWidget(TagChip(tag, str(number + 1), on=on))
        tags.addWidget(TagChip("contraindication"))
        card.body.addLayout(statuses)
        card.body.addLayout(tags)
        return card

    @staticmethod
    def _reading() -> Card:
        card = Card(_("Reading"))
        request, diff = TextView(_("Request")), DiffView(_("Answer, with changes"))
        request.set_text(REQUEST)
        head, tail = ANSWER.split("usually", 1)
        diff.set_parts(
            [_Part("equal", head), _Part("removed", "usually"), _Part("added", "in most adults"), _Part("equal", tail)]
        )
        card.body.addWidget(PlainLabel(_("Request"), role="small"))
        card.body.addWidget(request)
        card.body.addWidget(PlainLabel(_("Answer"), role="small"))
        card.body.addWidget(diff)
        return card

    @staticmethod
    def _editor() -> Card:
        card = Card(_("Editing"))
        editor = MessageEditor(_("Answer"))
        editor.set_text(ANSWER)
        card.body.addWidget(editor)
        return card

    def _table(self) -> Card:
        card = Card(_("Table"))
        columns = [
            Column(id="status", title=_("Status"), status=lambda r: cast("Status", r[0]), width=150),
            Column(id="request", title=_("Request"), text=lambda r: str(r[1]), stretch=True, sortable=True),
            Column(id="words", title=_("Words"), text=lambda r: str(r[2]), align="right", width=80, sortable=True),
        ]

        def fetch(ids: Sequence[int], _progress: Progress) -> list[tuple[Status, str, int]]:
            return [(list(Status)[i % len(Status)], f"{REQUEST} ({i})", 40 + i * 7 % 90) for i in ids]

        self.model = PagedModel(self.context, columns, fetch)
        self.table = TableView(_("Examples"), self.model)
        self.table.set_sort_shown("words", descending=True)
        self.model.set_ids(range(1_000_000))
        self.table.select_row(3)
        self.table.setMinimumHeight(theme().px(280))
        card.body.addWidget(self.table)
        return card

    @staticmethod
    def _funnel() -> Card:
        card = Card(_("Funnel"))
        funnel = Funnel(_("From raw to released"))
        funnel.set_stages(
            [
                Stage(id="raw", title=_("Rows read"), count=1192, role="candidate"),
                Stage(id="unique", title=_("Examples"), count=1144, role="candidate"),
                Stage(id="reviewed", title=_("Reviewed"), count=640, role="in_review"),
                Stage(id="accepted", title=_("Accepted"), count=588, role="accepted"),
                Stage(id="released", title=_("Released"), count=412, role="primary"),
            ]
        )
        card.body.addWidget(funnel)
        return card

    @staticmethod
    def _progress() -> Card:
        card = Card(_("Progress"))
        known, unknown = ProgressLine(_("Import")), ProgressLine(_("Reading"))
        known.set_progress(42_000, 100_000, rate=5300, left=70, note="clinic.csv")
        unknown.set_progress(12_400, None, rate=3100)
        card.body.addWidget(known)
        card.body.addWidget(unknown)
        return card

    def _notices(self) -> Card:
        card = Card(_("Saying and asking"))
        for notice in (
            Notice(text=_("12 examples set aside."), undo=lambda: None),
            Notice(text=_("Release 3 is verified."), tone="good"),
            Notice(text=_("The settings file could not be written."), tone="warning"),
            Notice(text=_("Something unexpected happened."), tone="error", detail="Traceback"),
        ):
            card.body.addWidget(NoticeLine(notice))
        self.prompt = PromptBar()
        card.body.addWidget(self.prompt)
        choices = (Choice(title=_("Keep the draft"), kind="primary"), Choice(title=_("Throw it away"), kind="danger"))
        self.prompt.ask(Question(text=_("This answer has a draft from yesterday."), choices=choices))
        return card

    @staticmethod
    def _links() -> Card:
        card = Card(_("What is not ready"))
        links = LinkList(_("What is not ready"))
        links.set_links([("c", _("3 conflicts wait for a decision.")), ("p", _("2 examples hold a phone number."))])
        card.body.addWidget(links)
        return card

    @staticmethod
    def _empty() -> Card:
        card = Card()
        empty = EmptyState(_("No examples yet. Bring in a file to begin."), _("Import a file"), lambda: None)
        empty.setMinimumHeight(theme().px(220))
        card.body.addWidget(empty)
        return card


def grab(folder: Path, *, scales: Sequence[int] = (100,)) -> list[Path]:
    """Write one PNG of the whole gallery for each theme and scale into ``folder`` and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    del app  # the instance is kept by Qt
    written: list[Path] = []
    modes: tuple[Mode, ...] = ("light", "dark")
    for mode in modes:
        for scale in scales:
            theme().set(mode=mode, scale=scale)
            with tempfile.TemporaryDirectory() as settings:
                gallery = Gallery(Path(settings))
                gallery.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
                gallery.resize(theme().px(1360), theme().px(1500))
                gallery.show()
                wait(SETTLE_MS)
                path = folder / f"gallery-{mode}-{scale}.png"
                gallery.grab().save(str(path))
                written.append(path)
                gallery.close()
                gallery.end()
                gallery.deleteLater()
    return written


def wait(ms: int, until: Callable[[], bool] = lambda: False) -> None:
    """Let the event loop run for ``ms``, or less where ``until`` comes true."""
    loop, poll = QEventLoop(), QTimer()
    QTimer.singleShot(ms, loop.quit)
    poll.timeout.connect(lambda: loop.quit() if until() else None)
    poll.start(10)
    loop.exec()
    poll.stop()


def run() -> int:
    """Open the gallery; Ctrl+T switches between light and dark. Return the exit status."""
    app = cast("QApplication", QApplication.instance() or QApplication(sys.argv[:1]))
    theme()
    with tempfile.TemporaryDirectory() as folder:
        gallery = Gallery(Path(folder))
        gallery.context.actions.declare([Action(id="g.theme", title=_("Light or dark"), key="Ctrl+T")])
        gallery.context.actions.bind("g.theme", theme().toggle)
        WindowKeys(gallery, gallery.context.actions)
        gallery.resize(1200, 860)
        gallery.show()
        status = app.exec()
        gallery.end()
    return status
