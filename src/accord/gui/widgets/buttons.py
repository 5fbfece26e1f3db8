"""Things to press: buttons with their key printed on them, sentences that are links, and one-of-several controls."""

from collections.abc import Callable, Iterable
from typing import Literal

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from accord.domain.wording import _
from accord.gui.actions import Actions, shown_key
from accord.gui.icons import set_icon
from accord.gui.theme import SMALL, theme
from accord.gui.widgets.text import plain_tooltip, restyle

Kind = Literal["plain", "primary", "danger", "quiet", "link"]
Size = Literal["small", "medium", "large", "bar"]


class Button(QPushButton):
    """A button in the look; its text is plain (an ampersand is an ampersand). ``name`` where the text is not enough."""

    def __init__(
        self,
        text: str = "",
        *,
        kind: Kind = "plain",
        size: Size = "medium",
        icon: str = "",
        name: str = "",
        run: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", kind)
        self.setProperty("measure", size)  # "size" is a property that every widget has
        self.kind: Kind = kind
        self._plain = ""
        self.setText(text)
        if name:
            self.setAccessibleName(name)
            plain_tooltip(self, name)
        if icon:
            small = size in {"small", "bar"}
            set_icon(self, icon, {"primary": "on_primary", "link": "primary"}.get(kind, "text"), 16 if small else 18)
        if run is not None:
            self.clicked.connect(lambda _checked=False: run())
        self.setAutoDefault(False)

    def setText(self, text: str) -> None:
        """Print ``text`` as it is."""
        self._plain = text
        super().setText(text.replace("&", "&&"))
        if text:
            self.setAccessibleName(text)

    def plain_text(self) -> str:
        """Return the text as it was set."""
        return self._plain

    def set_kind(self, kind: Kind) -> None:
        """Change the look."""
        self.kind = kind
        self.setProperty("kind", kind)
        restyle(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press with Enter as well as with Space."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)


class KeyButton(Button):
    """A button with a key cap before its label. ``tone`` is a token for the label, such as ``accepted``."""

    def __init__(self, text: str, key: str = "", *, kind: Kind = "plain", tone: str = "text", icon: str = "") -> None:
        self._key = key
        self._tone = tone
        self._icon_name = icon
        super().__init__(text, kind=kind)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_key(key)
        theme().changed.connect(self.updateGeometry)

    def set_key(self, key: str) -> None:
        """Print another key, portable text, or none."""
        self._key = key
        self.setAccessibleDescription(_("Key {key}", key=shown_key(key)) if key else "")
        self.updateGeometry()
        self.update()

    def key(self) -> str:
        """Return the key that is printed."""
        return self._key

    def sizeHint(self) -> QSize:
        """Return 32 px of height and the width of cap, icon and label."""
        look = theme()
        width = 24 + self.fontMetrics().horizontalAdvance(self._plain) + (26 if self._icon_name else 0)
        return QSize(look.px(24) - 24 + width + (self._cap_width() + look.px(8) if self._key else 0), look.px(32))

    def minimumSizeHint(self) -> QSize:
        """Return the size hint: a cut label would not be one."""
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Repaint under the pointer."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Repaint when the pointer leaves."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw surface, ring, cap and label."""
        look, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        back, edge, text = self._colors()
        ring = 2 if self.hasFocus() else 1
        painter.setPen(QPen(look.color(edge), ring))
        painter.setBrush(look.color(back))
        half = ring / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 6, 6)
        x = float(look.px(12))
        if self._key:
            x = self._draw_cap(painter, x - look.px(4), text) + look.px(8)
        if self._icon_name:
            size = look.px(18)
            pixmap = look.icon(self._icon_name, text).pixmap(size, size)
            painter.drawPixmap(round(x), (self.height() - size) // 2, pixmap)
            x += size + look.px(8)
        font = self.font()
        font.setWeight(font.Weight.DemiBold if self.kind == "primary" else font.Weight.Normal)
        painter.setFont(font)
        painter.setPen(look.color(text))
        area = QRectF(x, 0, self.width() - x, self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._plain)

    def _colors(self) -> tuple[str, str, str]:
        """Return the tokens of surface, edge and label."""
        if not self.isEnabled():
            return "window", "border", "disabled"
        if self.kind == "primary":
            back = "primary_hover" if self.underMouse() or self.isDown() else "primary"
            return back, "text" if self.hasFocus() else back, "on_primary"
        back = "pressed" if self.isDown() else "hover" if self.underMouse() else "surface"
        return back, "primary" if self.hasFocus() else "control", self._tone

    def _cap_font_width(self) -> int:
        font = theme().font(SMALL, strong=True)
        metrics = self.fontMetrics().__class__(font)
        return metrics.horizontalAdvance(shown_key(self._key))

    def _cap_width(self) -> int:
        return max(theme().px(20), self._cap_font_width() + theme().px(10))

    def _draw_cap(self, painter: QPainter, x: float, text: str) -> float:
        look, width, height = theme(), self._cap_width(), theme().px(20)
        cap = QRectF(x, (self.height() - height) / 2, width, height).adjusted(0.5, 0.5, -0.5, -0.5)
        color = look.color(text)
        color.setAlpha(150 if self.isEnabled() else 70)
        painter.setPen(QPen(color, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(cap, 4, 4)
        painter.setFont(look.font(SMALL, strong=True))
        painter.setPen(look.color(text))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, shown_key(self._key))
        return x + width


class ActionButton(KeyButton):
    """The button of an action: title, key, tooltip and whether it can be pressed come from the registry."""

    def __init__(
        self,
        actions: Actions,
        action_id: str,
        *,
        kind: Kind = "plain",
        tone: str = "text",
        text: str = "",
        icon: bool = False,
    ) -> None:
        action = actions.get(action_id)
        super().__init__(text or action.title, actions.key(action_id), kind=kind, tone=tone, icon=action.icon * icon)
        self._actions = actions
        self.action_id = action_id
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self._run)
        actions.changed.connect(self.update_from_action)
        self.update_from_action()

    def update_from_action(self) -> None:
        """Take key, tooltip and usability from the registry again; call it when what ``enabled`` looks at changed."""
        action = self._actions.get(self.action_id)
        self.set_key(self._actions.key(self.action_id))
        plain_tooltip(self, action.help or action.title)
        usable = self._actions.usable(self.action_id)
        self.setEnabled(usable or self._actions.page not in {action.page, ""})

    def _run(self, _checked: bool = False) -> None:  # noqa: FBT001, FBT002  (Qt's signal gives it so)
        self._actions.run(self.action_id)


class LinkList(QWidget):
    """Sentences that are links, one under the other; ``activated`` gives the id of the one that was chosen."""

    activated = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._links: list[Button] = []

    def set_links(self, links: Iterable[tuple[str, str]]) -> None:
        """Show (id, sentence) pairs."""
        for old in self._links:
            old.deleteLater()
            self._column.removeWidget(old)
        self._links = [self._link(key, sentence) for key, sentence in links]

    def links(self) -> list[Button]:
        """Return the buttons that are shown."""
        return list(self._links)

    def _link(self, key: str, sentence: str) -> Button:
        made = Button(sentence, kind="link", run=lambda: self.activated.emit(key))
        made.setCursor(Qt.CursorShape.PointingHandCursor)
        self._column.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)
        return made


class Segmented(QWidget):
    """One of a few values, side by side; ``changed`` gives the value a person chose."""

    changed = Signal(str)

    def __init__(self, name: str, options: Iterable[tuple[str, str]], *, value: str = "") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._values: dict[str, _Segment] = {}
        listed = list(options)
        for position, (option, title) in enumerate(listed):
            button = _Segment(title, first=position == 0, last=position == len(listed) - 1)
            button.setAccessibleName(f"{name}: {title}")
            button.clicked.connect(lambda _checked=False, chosen=option: self.changed.emit(chosen))
            self._group.addButton(button)
            line.addWidget(button)
            self._values[option] = button
        if listed:
            self.set_value(value or listed[0][0])

    def value(self) -> str:
        """Return the value in force."""
        return next((value for value, button in self._values.items() if button.isChecked()), "")

    def set_value(self, value: str) -> None:
        """Put a value in force without a signal; the keys go to it where the control is given them."""
        self._values[value].setChecked(True)
        self.setFocusProxy(self._values[value])


class _Segment(QPushButton):
    """One segment; only the outer corners of the control are round."""

    def __init__(self, title: str, *, first: bool, last: bool) -> None:
        super().__init__(title.replace("&", "&&"))
        self._plain, self._first, self._last = title, first, last
        self.setCheckable(True)
        self.setAutoDefault(False)

    def sizeHint(self) -> QSize:
        """Return 32 px of height and the width of the title."""
        look = theme()
        return QSize(self.fontMetrics().horizontalAdvance(self._plain) + look.px(28), look.px(32))

    def minimumSizeHint(self) -> QSize:
        """Return the size hint."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the segment, chosen or not."""
        look, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if not self._first:
            area.setLeft(area.left() - 7)
        if not self._last:
            area.setRight(area.right() + 7)
        chosen = self.isChecked()
        painter.setClipRect(self.rect())
        painter.setPen(look.color("control"))
        painter.setBrush(look.color("selected" if chosen else "hover" if self.underMouse() else "surface"))
        painter.drawRoundedRect(area, 6, 6)
        if not self._first:
            painter.drawLine(0, 1, 0, self.height() - 2)
        if self.hasFocus():
            painter.setPen(QPen(look.color("primary"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
        font = self.font()
        font.setWeight(font.Weight.DemiBold if chosen else font.Weight.Normal)
        painter.setFont(font)
        painter.setPen(look.color("disabled" if not self.isEnabled() else "text" if chosen else "muted"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._plain)
