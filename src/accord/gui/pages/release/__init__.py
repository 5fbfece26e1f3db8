"""Release: the page, and what can be done there."""

from accord.domain.people import Role
from accord.domain.wording import _
from accord.gui.actions import Action
from accord.gui.page import PageSpec
from accord.gui.pages.release.page import ReleasePage

SPEC = PageSpec(
    id="release",
    title=_("Release"),
    icon="package-variant-closed-check",
    factory=ReleasePage,
    group=3,
    key="Alt+8",
    role=Role.LEAD,
    act=_("make a release"),
    in_pack=False,
)

ACTIONS: tuple[Action, ...] = (
    Action(
        id="release.go",
        title=_("Release, export and verify"),
        key="Ctrl+Return",
        page="release",
        icon="package-variant-closed-check",
        help=_("Freeze what is accepted, write the files and prove that they hold it."),
    ),
)
