import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from accord.domain.review import Status
from accord.gui.icons import set_icon
from accord.gui.status import look
from accord.gui.theme import theme
from accord.gui.tokens import Tokens, contrast, mix, tokens
from accord.gui.widgets import Button

SURFACES = ("window", "surface")
TEXTS = ("text", "muted", "primary", "accepted", "disagreement", "rejected", "in_review", "candidate", "set_aside")
TEXT_CONTRAST = 5.4
SMALLEST_CONTRAST = 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_and_status_colours_stand_out_on_their_surfaces(name: str) -> None:
    of = tokens(name)
    for surface in SURFACES:
        for text in TEXTS:
            assert contrast(getattr(of, text), getattr(of, surface)) >= TEXT_CONTRAST, (text, surface)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_stands_out_on_every_coloured_ground(name: str) -> None:
    of = tokens(name)
    pairs = [("text", ground) for ground in ("selected", "added", "removed", "hover", "pressed", "border")]
    pairs += [("on_primary", "primary"), ("on_primary", "primary_hover"), ("muted", "hover"), ("muted", "selected")]
    pairs += [(status, "selected") for status in TEXTS[2:]]
    for text, ground in pairs:
        assert contrast(getattr(of, text), getattr(of, ground)) >= SMALLEST_CONTRAST, (text, ground)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert mix("#000000", "#FFFFFF", 0.5) == "#808080"


def test_the_theme_reaches_palette_and_stylesheet(qapp: QApplication) -> None:
    theme().set(mode="dark")
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == tokens("dark").window
    assert tokens("dark").window in qapp.styleSheet()
    theme().set(mode="light")
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == tokens("light").window


def test_icons_take_the_colours_of_a_new_theme(qtbot: QtBot) -> None:
    button = Button("x")
    qtbot.addWidget(button)
    set_icon(button, "check")
    before = button.icon().pixmap(18, 18).toImage()
    theme().set(mode="dark")
    assert button.icon().pixmap(18, 18).toImage() != before


@pytest.mark.parametrize(("asked", "given"), [(40, 80), (100, 100), (150, 150), (900, 200)])
def test_text_scales_from_80_to_200_percent(asked: int, given: int) -> None:
    theme().set(scale=asked)
    assert theme().scale == given
    assert theme().font().pixelSize() == round(13 * given / 100)


def test_serif_is_a_choice_for_reading_only() -> None:
    theme().set(reading="serif")
    assert "Noto Serif" in theme().reading_font().families()
    assert "Noto Serif" not in theme().font().families()


def test_nothing_moves_when_motion_is_off() -> None:
    theme().set(motion=False)
    assert theme().moves is False


def test_every_status_has_its_own_icon_and_word() -> None:
    looks = [look(status) for status in Status]
    assert len({one.word for one in looks}) == len(looks)
    assert len({one.icon for one in looks}) == len(looks)
    assert all(one.role in Tokens.__dataclass_fields__ for one in looks)
