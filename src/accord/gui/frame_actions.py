"""What one can do from anywhere: palette, keys, undo, colours, text size, rail, jobs, and going to a page."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from accord.domain.errors import AccordError
from accord.domain.wording import _
from accord.gui.actions import Action, Actions
from accord.gui.appearance import apply_appearance
from accord.gui.jobs_bridge import show_failure
from accord.gui.page import PageSpec
from accord.gui.theme import HIGHEST_SCALE, LOWEST_SCALE

if TYPE_CHECKING:
    from accord.gui.frame import MainWindow

SCALE_STEP = 10


def declare_frame_actions(actions: Actions, pages: Sequence[PageSpec]) -> None:
    """Declare them; each page is an action too, ``go.PAGE``."""
    actions.declare(
        Action(id=f"go.{p.id}", title=_("Go to {page}", page=p.title), key=p.key, icon=p.icon) for p in pages
    )
    actions.declare(
        [
            Action(id="app.palette", title=_("Command palette"), key="Ctrl+K", icon="magnify", listed=False),
            Action(id="app.keys", title=_("Show the keys"), key="?", icon="keyboard-outline"),
            Action(id="app.undo", title=_("Undo"), key="Ctrl+Z", icon="undo"),
            Action(id="app.jobs", title=_("Show the jobs"), key="Ctrl+J", icon="progress-clock"),
            Action(id="app.theme", title=_("Switch between light and dark"), key="", icon="theme-light-dark"),
            Action(id="app.larger", title=_("Larger text"), key="Ctrl+=", icon="format-font-size-increase"),
            Action(id="app.smaller", title=_("Smaller text"), key="Ctrl+-", icon="format-font-size-decrease"),
            Action(id="app.usual", title=_("Usual text size"), key="Ctrl+0", icon="format-size"),
            Action(id="app.rail", title=_("Fold or unfold the rail"), key="Ctrl+B", icon="dock-left"),
            Action(id="app.quit", title=_("Close Accord"), key="Ctrl+Q", icon="power"),
        ]
    )


def bind_frame_actions(window: "MainWindow", pages: Sequence[PageSpec]) -> None:
    """Give them their functions."""
    actions, context = window.context.actions, window.context
    for spec in pages:
        shown = partial(spec.exists, context)
        actions.bind(f"go.{spec.id}", partial(window.show_page, spec.id), enabled=shown)
    acts: dict[str, Callable[[], object]] = {
        "app.palette": window.palette_card.open,
        "app.keys": window.sheet.open,
        "app.jobs": window.drawer.toggle,
        "app.theme": partial(_toggle_theme, window),
        "app.larger": partial(_scale, window, SCALE_STEP),
        "app.smaller": partial(_scale, window, -SCALE_STEP),
        "app.usual": partial(_scale, window, 0),
        "app.rail": lambda: window.rail.set_collapsed(collapsed=not window.rail.collapsed()),
        "app.quit": window.close,
    }
    for action_id, run in acts.items():
        actions.bind(action_id, run)
    actions.bind("app.undo", partial(_undo, window), enabled=lambda: context.undo is not None)


def _undo(window: "MainWindow") -> None:
    if window.context.undo is not None:
        window.context.undo()


def _toggle_theme(window: "MainWindow") -> None:
    _keep(window, "theme", "light" if window.context.theme.tokens.dark else "dark")


def _scale(window: "MainWindow", step: int) -> None:
    scale = 100 if step == 0 else window.context.theme.scale + step
    _keep(window, "text_scale", min(HIGHEST_SCALE, max(LOWEST_SCALE, scale)))


def _keep(window: "MainWindow", name: str, value: object) -> None:
    """Keep a setting and put it in force, also where the file could not be written."""
    try:
        window.context.settings.set(name, value)
    except AccordError as error:
        show_failure(window.context, error)
    apply_appearance(window.context.theme, window.context.settings)
    window.context.tell_changed("appearance")
