"""The top bar: where I am, one search, who I am."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from accord.domain.wording import _
from accord.gui.actions import shown_key
from accord.gui.theme import theme
from accord.gui.widgets.buttons import Button
from accord.gui.widgets.layout import row
from accord.gui.widgets.text import PlainLabel

HEIGHT = 44


class TopBar(QWidget):
    """Shows project and page; its search opens the command palette."""

    search_wanted = Signal()
    person_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("topbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(_("Where I am"))
        self._project = PlainLabel(role="muted")
        self._between = PlainLabel("›", role="muted")
        self._page = PlainLabel(role="strong")
        self.search = SearchButton()
        self.search.clicked.connect(lambda _checked=False: self.search_wanted.emit())
        self.person = Button(icon="account-circle-outline", kind="quiet", run=self.person_wanted.emit)
        self.setLayout(
            row(self._project, self._between, self._page, None, self.search, self.person, margins=(24, 0, 12, 1))
        )
        theme().changed.connect(self._measure)
        self._measure()

    def set_place(self, project: str, page: str) -> None:
        """Say where one is."""
        self._project.setText(_shortened(project))
        self._project.setVisible(bool(project))
        self._between.setVisible(bool(project))
        self._page.setText(page)

    def set_person(self, name: str) -> None:
        """Say who is at work."""
        self.person.setText(name)
        self.person.setAccessibleName(_("You are {name}", name=name))
        self.person.setVisible(bool(name))

    def set_search_key(self, key: str) -> None:
        """Print the palette's key."""
        self.search.set_key(key)

    def place(self) -> tuple[str, str]:
        """Return the project and page shown."""
        return self._project.full_text(), self._page.full_text()

    def _measure(self) -> None:
        self.setFixedHeight(theme().px(HEIGHT))


def _shortened(name: str, most: int = 60) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


class SearchButton(QPushButton):
    """Looks like a field; opens the palette, where one types."""

    def __init__(self) -> None:
        super().__init__()
        self._words = _("Search or run a command")
        self._key = ""
        self.setAccessibleName(self._words)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_key(self, key: str) -> None:
        """Print the key that opens the palette."""
        self._key = shown_key(key)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the width of a comfortable field."""
        return QSize(theme().px(288), theme().px(30))

    def minimumSizeHint(self) -> QSize:
        """Return the width that still shows the glass and the key."""
        return QSize(theme().px(110), theme().px(30))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the field with glass, words and key."""
        now, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = 2 if self.hasFocus() else 1
        painter.setPen(QPen(now.color("primary" if self.hasFocus() else "border"), ring))
        painter.setBrush(now.color("hover" if self.underMouse() else "window"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(ring / 2, ring / 2, -ring / 2, -ring / 2), 6, 6)
        size = now.px(16)
        painter.drawPixmap(now.px(9), (self.height() - size) // 2, now.icon("magnify", "muted").pixmap(size, size))
        painter.setPen(now.color("muted"))
        area = QRectF(now.px(32), 0, self.width() - now.px(42), self.height())
        painter.setFont(now.font(12))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | middle, self._key)
        room = int(area.width()) - painter.fontMetrics().horizontalAdvance(self._key) - now.px(8)
        painter.setFont(now.font())
        words = painter.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | middle, words)
