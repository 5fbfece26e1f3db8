"""The pages of the window, in the order of the rail; each is a package, and its widgets load when it is first shown."""

from importlib import import_module
from importlib.util import find_spec

from accord.gui.actions import Action
from accord.gui.page import PageSpec

NAMES = ("start", "home", "importing", "examples", "review", "duplicates", "release", "project")


def page_specs() -> tuple[list[PageSpec], list[Action]]:
    """Return every page with the actions of all; call it once the language is chosen, for titles are sentences."""
    specs: list[PageSpec] = []
    actions: list[Action] = []
    for name in NAMES:
        found = find_spec(f"{__name__}.{name}")
        if found is None or found.origin is None:
            continue
        package = import_module(f"{__name__}.{name}")
        if hasattr(package, "SPEC"):
            specs.append(package.SPEC)
            actions.extend(getattr(package, "ACTIONS", ()))
    return specs, actions
