"""One example of a cluster or a conflict as a card: where it is from, what it says, and what differs."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QSizePolicy

from accord.domain.review import Status
from accord.domain.wording import _
from accord.gui.pages.duplicates.comparison import Compared
from accord.gui.theme import theme
from accord.gui.widgets import DiffView, PlainLabel, Scrolled, StatusChip, column, plain_tooltip, row
from accord.gui.widgets.text import restyle


class ExampleCard(QFrame):
    """Shows one example; ``chosen`` says that a person pointed at it, by mouse or by Tab."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.example_id = ""
        self.setProperty("kind", "card")
        self.setProperty("chosen", "false")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumWidth(theme().px(220))
        self.place = PlainLabel(role="kbd")
        self.title = PlainLabel(role="strong", elide=True)
        self.status = StatusChip()
        self.origin = PlainLabel(role="small", elide=True)
        self.reason = PlainLabel(role="small", wrap=True)
        self._request_title = PlainLabel(_("Request"), role="small")
        self.request = DiffView(_("Request"))
        self._answer_title = PlainLabel(_("Answer"), role="small")
        self.answer = DiffView(_("Answer"))
        self.area = Scrolled(margins=(0, 0, 8, 8), gap=4)
        for item in (self._request_title, self.request):
            self.area.body.addWidget(item)
        for item in (self._answer_title, self.answer):
            self.area.body.addWidget(item)
        self.area.body.addStretch(1)
        for view in (self.request, self.answer):
            view.viewport().installEventFilter(self)
        head = row(self.place, self.title, self.status, gap=8)
        head.setStretch(1, 1)
        body = column(head, self.origin, self.reason, 4, self.area, gap=4, margins=(16, 12, 8, 8))
        body.setStretch(4, 1)
        self.setLayout(body)

    def show_example(self, shown: Compared, *, place: str, title: str, reason: str, with_request: bool) -> None:
        """Show an example; ``place`` is its number or key, ``reason`` a sentence under its source."""
        example = shown.row
        self.example_id = example.id
        self.place.setText(place)
        self.place.setVisible(bool(place))
        self.title.setText(title)
        self.status.set_status(Status(example.status))
        self.origin.setText(origin_of(example.file, example.line, example.reviewers))
        plain_tooltip(self.origin, self.origin.full_text())
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))
        for item in (self._request_title, self.request, self._answer_title):
            item.setVisible(with_request)
        self.request.set_parts(shown.request)
        self.answer.set_parts(shown.answer)
        spoken = [place, title, self.origin.full_text(), reason, example.content.request, example.content.answer]
        self.setAccessibleName(". ".join(part for part in spoken if part)[:400])
        self.centre(*(shown.first or ("request", 0)))

    def set_chosen(self, *, chosen: bool) -> None:
        """Draw the card as the one that the keys act on."""
        if (self.property("chosen") == "true") != chosen:
            self.setProperty("chosen", "true" if chosen else "false")
            restyle(self)

    def centre(self, field: str, offset: int) -> None:
        """Scroll so that a place in the request or the answer is in the middle, once the texts have their height."""
        QTimer.singleShot(0, self, lambda: self._centre(field, offset))

    def _centre(self, field: str, offset: int) -> None:
        view = self.request if field == "request" else self.answer
        inner = self.area.widget()
        if inner is None or not view.isVisible():
            return
        cursor = QTextCursor(view.document())
        cursor.setPosition(min(offset, max(0, view.document().characterCount() - 1)))
        place = view.viewport().mapTo(inner, QPoint(0, view.cursorRect(cursor).center().y())).y()
        self.area.verticalScrollBar().setValue(place - self.area.viewport().height() // 2)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take the choice when a person clicks into a text."""
        if event.type() == QEvent.Type.MouseButtonPress:
            self.chosen.emit(self.example_id)
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the choice."""
        self.chosen.emit(self.example_id)
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Take the choice when Tab comes here."""
        super().focusInEvent(event)
        if event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}:
            self.chosen.emit(self.example_id)


def origin_of(file: str, line: int, reviewers: tuple[str, ...]) -> str:
    """Return where an example came in and who has reviewed it, on one line."""
    parts = [f"{file}:{line}"] if file else []
    if reviewers:
        parts.append(_("reviewed by {names}", names=", ".join(reviewers)))
    return " · ".join(parts)
