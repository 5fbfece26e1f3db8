"""The people of a project: who works on it and as what, what each is to review, and how far everybody is."""

from accord.domain.wording import _
from accord.gui.actions import Action
from accord.gui.context import Context
from accord.gui.page import PageSpec
from accord.gui.pages.people.page import PeoplePage


def _needed(context: Context) -> bool:
    return context.project is not None and (context.several or context.project.file is None)


SPEC = PageSpec(
    id="people",
    title=_("People"),
    icon="account-group-outline",
    factory=PeoplePage,
    group=5,
    key="Alt+9",
    needed=_needed,
    in_pack=False,
)
ACTIONS = (
    Action(id="people.add", title=_("Add the person"), key="Ctrl+Return", page="people", icon="account-plus-outline"),
    Action(
        id="people.preview",
        title=_("Preview"),
        key="Ctrl+P",
        page="people",
        icon="eye-outline",
        help=_("See who would get how much, before anything is given out"),
    ),
    Action(id="people.give", title=_("Give out"), key="Ctrl+G", page="people", icon="account-arrow-right-outline"),
)

__all__ = ["ACTIONS", "SPEC", "PeoplePage"]
