"""The same sentence elsewhere: an offer after an edit, and a walk on which a person decides on each answer."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame

from accord.analysis.diffs import word_diff
from accord.domain.wording import _, plural
from accord.gui.actions import Actions
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read
from accord.gui.pages.review.answer_control import COLUMNS
from accord.gui.pages.review.queue_pane import plain_key
from accord.gui.pages.review.session import Session
from accord.gui.widgets import ActionButton, Button, DiffView, KeyButton, PlainLabel, Scrolled, TextView, column, row
from accord.workflows import browsing
from accord.workflows.reviewing import FixOffer


class FixOfferStrip(QFrame):
    """One line above the action bar; it stops nobody."""

    def __init__(self, actions: Actions, look: Callable[[], object], drop: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("kind", "prompt")
        self.sentence = PlainLabel("", wrap=True)
        self.look = ActionButton(actions, "review.same_sentence", text=_("Look"))
        self.close_button = Button(icon="close", kind="quiet", size="small", name=_("Not now"), run=drop)
        self._look = look
        line = row(self.sentence, self.look, self.close_button, margins=(16, 6, 8, 6))
        line.setStretch(0, 1)
        self.setLayout(line)
        self.hide()

    def say(self, count: int) -> None:
        """Offer to look at so many answers."""
        sentence = plural(
            "The sentence you changed also stands in {n} other unreviewed answer.",
            "The sentence you changed also stands in {n} other unreviewed answers.",
            count,
        )
        self.sentence.setText(sentence)
        self.setAccessibleName(sentence)
        self.look.update_from_action()
        self.show()


class FixWalk(QFrame):
    """Shows one answer after the other with what would change: Y makes the change, N leaves it, Esc stops."""

    def __init__(self, context: Context, session: Session, ended: Callable[[], object]) -> None:
        super().__init__()
        self._context = context
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("The same sentence elsewhere"))
        self._session, self._ended = session, ended
        self._offers: Sequence[FixOffer] = ()
        self._at = 0
        self._applied = 0
        self.title = PlainLabel("", role="heading")
        self.request = TextView(_("Request"), columns=COLUMNS)
        self.view = DiffView(_("What would change"), columns=COLUMNS)
        self.fault = PlainLabel("", role="error", wrap=True)
        self.yes = KeyButton(_("Change it here too"), "Y", tone="accepted")
        self.no = KeyButton(_("Leave it"), "N")
        self.stop = KeyButton(_("Stop"), "Esc")
        for button, run in ((self.yes, self.apply), (self.no, self.skip), (self.stop, self.end)):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _checked=False, run=run: run())
        area = Scrolled(width=680, margins=(24, 16, 24, 24), gap=16)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.body.addWidget(self.title)
        area.body.addLayout(column(PlainLabel(_("Request"), role="muted"), self.request, gap=6))
        area.body.addLayout(column(PlainLabel(_("Answer"), role="muted"), self.view, gap=6))
        area.body.addWidget(self.fault)
        area.body.addLayout(row(self.yes, self.no, self.stop, None))
        area.body.addStretch(1)
        self.setLayout(column(area, gap=0))

    def begin(self, offers: Sequence[FixOffer]) -> None:
        """Walk through these."""
        self._offers, self._at, self._applied = offers, 0, 0
        self._show()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def apply(self) -> None:
        """Make the change in this answer and go on."""
        if self._at < len(self._offers):
            offer = self._offers[self._at]
            self._session.fix(offer, done=self._made, failed=self._not_made)
            self._next()

    def skip(self) -> None:
        """Leave this answer as it is and go on."""
        self._next()

    def end(self) -> None:
        """Go back to the item."""
        self._at = len(self._offers)
        self.fault.setText("")
        self._ended()

    def event(self, event: QEvent) -> bool:
        """Take plain keys before the page's shortcuts do."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and plain_key(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Decide."""
        match event.key():
            case Qt.Key.Key_Y:
                self.apply()
            case Qt.Key.Key_N:
                self.skip()
            case Qt.Key.Key_Escape:
                self.end()
            case _other:
                event.accept()

    def _next(self) -> None:
        self._at += 1
        if self._at < len(self._offers):
            self._show()
        else:
            self.end()

    def _show(self) -> None:
        offer, at, count = self._offers[self._at], self._at + 1, len(self._offers)
        self.title.setText(_("The same sentence elsewhere: {at} of {count}", at=at, count=count))
        self.view.set_parts(word_diff(offer.before, offer.after))
        self.fault.setVisible(bool(self.fault.full_text()))
        self.request.set_text("")
        project, wanted = self._context.project, offer.example_id
        run_read(
            self._context,
            _("Reading an example"),
            lambda _progress: browsing.example(project=project, example_id=wanted).row.content.request,
            done=partial(self._show_request, wanted),
        )

    def _show_request(self, example_id: str, request: str) -> None:
        if self._at < len(self._offers) and self._offers[self._at].example_id == example_id:
            self.request.set_text(request)

    def _made(self, _act: str) -> None:
        self._applied += 1

    def _not_made(self, error: BaseException) -> None:
        self.fault.setText(_("One of them was not changed: {reason}", reason=str(error)))
        self.fault.show()
