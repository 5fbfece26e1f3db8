"""The import page: files in, each column to its place, every row accounted for."""

from accord.domain.people import Role
from accord.domain.wording import _
from accord.gui.actions import Action
from accord.gui.context import Context
from accord.gui.page import Page, PageSpec

PAGE = "importing"


def _make(context: Context) -> Page:
    from accord.gui.pages.importing.page import ImportPage  # widgets load when the page is first shown

    return ImportPage(context)


SPEC = PageSpec(
    id=PAGE,
    title=_("Import"),
    icon="tray-arrow-down",
    factory=_make,
    group=1,
    key="Alt+2",
    role=Role.LEAD,
    act=_("import"),
    in_pack=False,
)

ACTIONS: tuple[Action, ...] = (
    Action(
        id="importing.choose",
        title=_("Choose files"),
        key="Ctrl+N",
        page=PAGE,
        icon="file-plus-outline",
        help=_("Choose tables, workbooks, JSON, Parquet or XML files; they can be dropped on the page too."),
    ),
    Action(id="importing.run", title=_("Import"), key="Ctrl+Return", page=PAGE, icon="tray-arrow-down"),
    Action(id="importing.clear", title=_("Start over"), page=PAGE, icon="close"),
    Action(id="importing.stop", title=_("Stop the import"), page=PAGE, icon="stop-circle-outline"),
    Action(id="importing.as_file", title=_("Preview as it comes in, or as it stands"), key="Alt+V", page=PAGE),
    *(
        Action(
            id=f"importing.reading_{n}",
            title=_("Take encoding {n}", n=n),
            key=str(n),
            page=PAGE,
            help=_("Where a file's encoding is not certain: read it as shown there."),
        )
        for n in range(1, 9)
    ),
    Action(id="importing.next_row", title=_("Preview the next row"), key="Alt+Right", page=PAGE, repeats=True),
    Action(id="importing.previous_row", title=_("Preview the row before"), key="Alt+Left", page=PAGE, repeats=True),
    Action(id="importing.review", title=_("Review now"), key="R", page=PAGE, icon="clipboard-check-outline"),
    Action(
        id="importing.undo",
        title=_("Take this import back"),
        page=PAGE,
        icon="undo",
        help=_("What it brought and nobody has reviewed is set aside."),
    ),
)
