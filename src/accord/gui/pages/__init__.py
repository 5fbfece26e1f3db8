"""The pages of the window, in the order of the rail; each is a package that declares itself by SPEC and ACTIONS."""

from accord.gui.actions import Action
from accord.gui.page import PageSpec

NAMES = (
    "start",
    "home",
    "importing",
    "generate",
    "examples",
    "review",
    "disagreements",
    "agreement",
    "duplicates",
    "checks",
    "release",
    "people",
    "guideline",
    "project",
    "help_text",
)


def page_specs() -> tuple[list[PageSpec], list[Action]]:
    """Return every page with the actions of all; call it once the language is chosen, for titles are sentences."""
    from accord.gui.pages import (
        agreement,
        checks,
        disagreements,
        duplicates,
        examples,
        generate,
        guideline,
        help_text,
        home,
        importing,
        people,
        project,
        release,
        review,
        start,
    )

    packages = (
        start,
        home,
        importing,
        generate,
        examples,
        review,
        disagreements,
        agreement,
        duplicates,
        checks,
        release,
        people,
        guideline,
        project,
        help_text,
    )
    return [package.SPEC for package in packages], [action for package in packages for action in package.ACTIONS]
