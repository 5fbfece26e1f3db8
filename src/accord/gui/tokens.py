"""The colours of the two themes, read from the palettes in resources, and the arithmetic of contrast."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """One theme's colours as ``#RRGGBB``; the names are those of the table of the look."""

    name: str
    window: str
    surface: str
    border: str
    text: str
    muted: str
    primary: str
    on_primary: str
    selected: str
    accepted: str
    disagreement: str
    rejected: str
    in_review: str
    candidate: str
    set_aside: str
    added: str
    removed: str

    @property
    def dark(self) -> bool:
        """Whether text is light on dark."""
        return luminance(self.window) < luminance(self.text)

    @property
    def hover(self) -> str:
        """The surface under the pointer."""
        return mix(self.surface, self.text, 0.06)

    @property
    def pressed(self) -> str:
        """The surface while a button is held."""
        return mix(self.surface, self.text, 0.12)

    @property
    def control(self) -> str:
        """The border of something one can type in or press; stronger than the border of a card."""
        return mix(self.border, self.text, 0.22)

    @property
    def primary_hover(self) -> str:
        """The primary button under the pointer."""
        return mix(self.primary, self.text if self.dark else "#000000", 0.14)

    @property
    def disabled(self) -> str:
        """Text of what cannot be used now."""
        return mix(self.muted, self.surface, 0.42)

    @property
    def marked(self) -> str:
        """Behind a place of a text that a finding names."""
        return mix(self.surface, self.disagreement, 0.26 if self.dark else 0.2)

    @property
    def placeholder(self) -> str:
        """A cell whose row is on its way."""
        return mix(self.surface, self.text, 0.07)


@cache
def tokens(name: str) -> Tokens:
    """Return the theme ``light`` or ``dark``."""
    text = (resources.files("accord") / "resources" / "palettes" / f"{name}.json").read_text(encoding="utf-8")
    return Tokens(**json.loads(text))


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def mix(first: str, second: str, share: float) -> str:
    """Return ``first`` with ``share`` (0 to 1) of ``second`` in it."""
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def luminance(color: str) -> float:
    """Return the relative luminance of ``#RRGGBB`` (WCAG 2.2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in _channels(color))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)
