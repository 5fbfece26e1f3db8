"""The look that is in force: colours, sizes, fonts and icons, and a signal when any of them changes."""

from importlib import resources
from typing import Literal, cast

import qtawesome
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from accord.gui.stylesheet import stylesheet
from accord.gui.tokens import Tokens, tokens

Mode = Literal["system", "light", "dark"]
Reading = Literal["sans", "serif"]
BASE, READING, TITLE, SMALL = 13, 16, 20, 11
LOWEST_SCALE, HIGHEST_SCALE = 80, 200
_NAME = "accord-theme"


class Theme(QObject):
    """The appearance of the whole program; there is one for each QApplication, its child.

    ``changed`` comes after palette and stylesheet were set, so that widgets that paint or hold icons follow.
    """

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName(_NAME)
        self._app = app
        self._system_font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        self.mode: Mode = "system"
        self.scale = 100
        self.reading: Reading = "sans"
        self.reading_size = READING
        self._motion = True
        self.tokens: Tokens = tokens("light")
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.apply)
        app.setStyle(QStyleFactory.create("Fusion"))
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        self.apply()

    def set(
        self,
        *,
        mode: Mode | None = None,
        scale: int | None = None,
        reading: Reading | None = None,
        reading_size: int | None = None,
        motion: bool | None = None,
    ) -> None:
        """Change what is given; ``scale`` is held between 80 and 200 percent, ``reading_size`` is in px at 100."""
        before = self._choices()
        self.mode = self.mode if mode is None else mode
        self.scale = self.scale if scale is None else min(HIGHEST_SCALE, max(LOWEST_SCALE, scale))
        self.reading = self.reading if reading is None else reading
        self.reading_size = self.reading_size if reading_size is None else reading_size
        self._motion = self._motion if motion is None else motion
        if self._choices() != before:  # a stylesheet is worked out anew for every widget there is
            self.apply()

    def _choices(self) -> tuple[object, ...]:
        return (self.mode, self.scale, self.reading, self.reading_size, self._motion)

    def apply(self) -> None:
        """Give the application palette, font and stylesheet of the theme in force."""
        dark = self.mode == "dark" or (self.mode == "system" and self._system_is_dark())
        self.tokens = tokens("dark" if dark else "light")
        self._app.setPalette(palette(self.tokens))
        self._app.setFont(self.font())
        self._app.setStyleSheet(stylesheet(self.tokens, self.scale, icon_folder()))
        self.changed.emit()

    def toggle(self) -> Mode:
        """Switch between light and dark and return the new mode."""
        self.set(mode="light" if self.tokens.dark else "dark")
        return self.mode

    @property
    def moves(self) -> bool:
        """Whether things may move: a person and the system both allow it."""
        return self._motion and QApplication.isEffectEnabled(Qt.UIEffect.UI_General)

    def px(self, size: float) -> int:
        """Return a length of the drawing at 100 percent as pixels at the scale in force."""
        return round(size * self.scale / 100)

    def font(self, size: int = BASE, *, strong: bool = False, figures: bool = False) -> QFont:
        """Return the system's face at ``size`` px; ``figures`` asks for tabular ones."""
        font = QFont(self._system_font)
        font.setStyleHint(QFont.StyleHint.SansSerif)
        font.setPixelSize(self.px(size))
        font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
        if figures:
            font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def reading_font(self) -> QFont:
        """Return the face of text under review."""
        font = self.font(self.reading_size)
        if self.reading == "serif":
            font.setFamilies(["Noto Serif", "Georgia", "Charter", "DejaVu Serif", "serif"])
            font.setStyleHint(QFont.StyleHint.Serif)
        return font

    def color(self, role: str) -> QColor:
        """Return the colour of a token, or of a derived one such as ``hover``."""
        return QColor(cast("str", getattr(self.tokens, role)))

    def icon(self, name: str, role: str = "text") -> QIcon:
        """Return the icon ``name`` of Material Design Icons in a token's colour; re-create it on ``changed``."""
        disabled = QColor(self.tokens.disabled)
        return cast("QIcon", qtawesome.icon(f"mdi6.{name}", color=self.color(role), color_disabled=disabled))

    def _system_is_dark(self) -> bool:
        return self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark

    def _system_changed(self) -> None:
        if self.mode == "system":
            self._soon.start(0)


def theme() -> Theme:
    """Return the theme of the running application; the first call makes it."""
    app = cast("QApplication | None", QApplication.instance())
    if app is None:
        raise RuntimeError("a QApplication must exist before its theme")
    found = app.findChild(Theme, _NAME, Qt.FindChildOption.FindDirectChildrenOnly)
    return found if isinstance(found, Theme) else Theme(app)


def icon_folder() -> str:
    """Return the folder of the icons that the stylesheet names, as a path with forward slashes."""
    return str(resources.files("accord") / "resources" / "icons").replace("\\", "/")


def palette(of: Tokens) -> QPalette:
    """Return the palette for Fusion; the stylesheet refines it."""
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: of.window,
        QPalette.ColorRole.WindowText: of.text,
        QPalette.ColorRole.Base: of.surface,
        QPalette.ColorRole.AlternateBase: of.window,
        QPalette.ColorRole.Text: of.text,
        QPalette.ColorRole.PlaceholderText: of.muted,
        QPalette.ColorRole.Button: of.surface,
        QPalette.ColorRole.ButtonText: of.text,
        QPalette.ColorRole.ToolTipBase: of.surface,
        QPalette.ColorRole.ToolTipText: of.text,
        QPalette.ColorRole.Highlight: of.selected,
        QPalette.ColorRole.HighlightedText: of.text,
        QPalette.ColorRole.Link: of.primary,
        QPalette.ColorRole.LinkVisited: of.primary,
        QPalette.ColorRole.Accent: of.primary,
        QPalette.ColorRole.Light: of.surface,
        QPalette.ColorRole.Midlight: of.border,
        QPalette.ColorRole.Mid: of.border,
        QPalette.ColorRole.Dark: of.control,
        QPalette.ColorRole.Shadow: of.control,
    }
    for role, color in roles.items():
        made.setColor(role, QColor(color))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(of.disabled))
    return made
