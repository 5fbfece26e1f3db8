"""The theme as the settings have it: read at start and again after each change."""

from accord.gui.theme import Theme
from accord.settings import MachineSettings


def apply_appearance(theme: Theme, settings: MachineSettings) -> None:
    """Put colours, text size, typeface and motion of the settings in force."""
    theme.set(
        mode=settings.get("theme"),
        scale=settings.get("text_scale"),
        reading=settings.get("review_font"),
        reading_size=settings.get("review_text_size"),
        motion=settings.get("motion") == "on",
    )
