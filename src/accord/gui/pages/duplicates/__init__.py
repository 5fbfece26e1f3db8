"""Near-duplicates and conflicts: the page, and what can be done there."""

from accord.domain.wording import _
from accord.gui.actions import Action
from accord.gui.page import PageSpec
from accord.gui.pages.duplicates.page import DuplicatesPage

_PAGE = "duplicates"

SPEC = PageSpec(
    id=_PAGE,
    title=_("Duplicates"),
    icon="content-duplicate",
    factory=DuplicatesPage,
    group=2,
    key="Alt+6",
    in_pack=False,
)

ACTIONS: tuple[Action, ...] = (
    Action(
        id="duplicates.set_aside",
        title=_("Set aside"),
        key="S",
        page=_PAGE,
        icon="tray-arrow-down",
        help=_("Set the chosen example aside; it can be brought back."),
    ),
    Action(
        id="duplicates.set_aside_rest",
        title=_("All but the suggested"),
        key="Shift+S",
        page=_PAGE,
        icon="tray-arrow-down",
        help=_("Keep the suggested example and set the others aside."),
    ),
    Action(
        id="duplicates.keep",
        title=_("Keep this one"),
        key="K",
        page=_PAGE,
        icon="check",
        help=_("Keep the chosen example and set the others aside."),
    ),
    Action(
        id="duplicates.not_duplicates",
        title=_("Not duplicates"),
        key="N",
        page=_PAGE,
        icon="not-equal-variant",
        help=_("Keep them all, and go to the next."),
    ),
    Action(id="duplicates.bring_back", title=_("Bring back"), key="B", page=_PAGE, icon="tray-arrow-up"),
    Action(id="duplicates.undo", title=_("Undo"), key="Z", page=_PAGE, icon="undo"),
    Action(
        id="duplicates.search",
        title=_("Search for near-duplicates"),
        key="F",
        page=_PAGE,
        icon="magnify",
        help=_("Search the examples for near-duplicates."),
    ),
    Action(
        id="duplicates.set_aside_all",
        title=_("Set aside all suggestions"),
        page=_PAGE,
        icon="tray-arrow-down",
        help=_("In every open cluster keep the suggested example and set the others aside."),
    ),
    *(
        Action(
            id=f"duplicates.keep_{n}",
            title=_("Keep answer {n}", n=n),
            key=str(n),
            page=_PAGE,
            icon="check",
            listed=False,
        )
        for n in range(1, 10)
    ),
    Action(
        id="duplicates.all_valid",
        title=_("All valid"),
        key="A",
        page=_PAGE,
        icon="check-all",
        help=_("All answers of the selected requests stay."),
    ),
    Action(
        id="duplicates.merge",
        title=_("Merge"),
        key="M",
        page=_PAGE,
        icon="call-merge",
        help=_("Make the chosen answer the base and edit it in Review."),
    ),
    Action(
        id="duplicates.split",
        title=_("Split the request"),
        key="P",
        page=_PAGE,
        icon="call-split",
        help=_("Tell the requests apart, in Review."),
    ),
    Action(
        id="duplicates.reopen",
        title=_("Open again"),
        key="O",
        page=_PAGE,
        icon="lock-open-outline",
        help=_("Take back how this conflict was settled."),
    ),
    Action(
        id="duplicates.other_part", title=_("Near-duplicates or conflicts"), key="C", page=_PAGE, icon="swap-horizontal"
    ),
    Action(id="duplicates.left", title=_("Example before"), key="Left", page=_PAGE, repeats=True, listed=False),
    Action(id="duplicates.right", title=_("Example after"), key="Right", page=_PAGE, repeats=True, listed=False),
    Action(id="duplicates.up", title=_("One up in the list"), key="Up", page=_PAGE, repeats=True, listed=False),
    Action(id="duplicates.down", title=_("One down in the list"), key="Down", page=_PAGE, repeats=True, listed=False),
)
