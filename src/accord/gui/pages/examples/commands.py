"""The actions of the page: declared for the palette and the keys, and bound to what they do."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from accord.domain.people import Role
from accord.domain.review import Status, Verdict
from accord.domain.wording import _
from accord.gui.actions import Action, always
from accord.gui.context import Context
from accord.gui.pages.examples.filtering import ExampleFilter
from accord.gui.pages.examples.rows import ORDERS, TableRow
from accord.workflows import permissions

if TYPE_CHECKING:
    from accord.gui.pages.examples.page import ExamplesPage

PAGE = "examples"


def actions() -> tuple[Action, ...]:
    """Return the actions, in the language in force."""
    return (
        Action(
            id="examples.open",
            title=_("Open in Review"),
            key="O",
            page=PAGE,
            icon="arrow-right",
            help=_("Open this example in Review (Enter in the table does it too)"),
        ),
        Action(id="examples.set_aside", title=_("Set aside"), key="S", page=PAGE, icon="tray-arrow-down"),
        Action(id="examples.bring_back", title=_("Bring back"), key="B", page=PAGE, icon="tray-arrow-up"),
        *_on_selected(),
        *_sorting(),
        *_keeping(),
        Action(id="examples.copy", title=_("Copy id"), key="C", page=PAGE, icon="content-copy"),
        Action(
            id="examples.purge",
            title=_("Delete for good…"),
            key="Del",
            page=PAGE,
            icon="delete-forever-outline",
            help=_("Take the text of this example out of the project for ever; asks for a reason first"),
        ),
        Action(id="examples.trace", title=_("Where did this line come from?"), key="W", page=PAGE, icon="map-marker"),
        Action(id="examples.search", title=_("Search examples"), key="/", page=PAGE, icon="magnify"),
        Action(id="examples.clear", title=_("Clear filters"), key="X", page=PAGE, icon="filter-off-outline"),
        *_beside(),
        Action(id="examples.undo", title=_("Undo my last act"), key="Z", page=PAGE, icon="undo"),
    )


def _on_selected() -> list[Action]:
    """Return the actions on all rows that are selected."""
    asks = _("Give your verdict on all selected examples without opening each; asks first")
    return [
        Action(id="examples.accept", title=_("Accept"), key="Shift+A", page=PAGE, icon="check", help=asks),
        Action(id="examples.reject", title=_("Reject"), key="Shift+R", page=PAGE, icon="close", help=asks),
        Action(id="examples.unsure", title=_("Unsure"), key="Shift+U", page=PAGE, icon="help", help=asks),
        Action(id="examples.tag", title=_("Tag…"), key="T", page=PAGE, icon="tag-plus-outline"),
        Action(id="examples.untag", title=_("Untag…"), key="Shift+T", page=PAGE, icon="tag-minus-outline"),
        Action(
            id="examples.give",
            title=_("Give to…"),
            key="G",
            page=PAGE,
            icon="account-arrow-right-outline",
            help=_("Give all selected examples to a reviewer, besides whoever has them"),
        ),
        Action(
            id="examples.deidentify",
            title=_("De-identify…"),
            key="Shift+D",
            page=PAGE,
            icon="shield-account-outline",
            help=_("Replace personal data in all selected examples; shows first what would be replaced"),
        ),
        Action(id="examples.all", title=_("Select all that are shown"), key="Ctrl+A", page=PAGE, icon="select-all"),
    ]


def _beside() -> list[Action]:
    """Return the actions on what stands beside the table."""
    return [
        Action(
            id="examples.fold",
            title=_("Fold or unfold the example"),
            key="D",
            page=PAGE,
            icon="dock-right",
            help=_("Give the table the whole width, with every column, or show the example beside it"),
        ),
        Action(
            id="examples.similar",
            title=_("Similar examples"),
            key="M",
            page=PAGE,
            icon="content-duplicate",
            help=_("Show below the example what is most like it: by meaning where a search by meaning was made"),
        ),
    ]


def _sorting() -> list[Action]:
    """Return an action for each order; the same one again turns it round."""
    help_text = _("The same key again turns the order round")
    titles = {
        "seq": (_("Sort as imported"), "1"),
        "status": (_("Sort by status"), "2"),
        "import": (_("Sort by source"), "3"),
        "last_review": (_("Sort by last review"), "4"),
    }
    return [
        Action(id=f"examples.sort.{sort}", title=title, key=key, page=PAGE, icon="sort", help=help_text)
        for sort, (title, key) in titles.items()
    ]


def _keeping() -> list[Action]:
    """Return the actions on kept filters."""
    return [
        Action(
            id="examples.keep_filter", title=_("Keep this filter…"), key="K", page=PAGE, icon="bookmark-plus-outline"
        ),
        Action(id="examples.kept_filters", title=_("My filters"), key="F", page=PAGE, icon="bookmark-outline"),
    ]


#: What only such people do; to anybody else it is not offered, for it would be refused.
_ROLES = {
    "examples.purge": Role.LEAD,
    "examples.give": Role.LEAD,
    "examples.deidentify": Role.LEAD,
    **dict.fromkeys(("examples.set_aside", "examples.bring_back", "examples.tag", "examples.untag"), Role.ADJUDICATOR),
}


def offered(context: Context, action_id: str) -> bool:
    """Say whether whoever works may do such a thing at all; asked once more while the project is closed."""
    role, project = _ROLES.get(action_id), context.project
    return role is None or (project is not None and permissions.has(project=project, role=role))


def bind_commands(page: "ExamplesPage") -> None:
    """Give the actions their functions."""

    def bind(action_id: str, run: Callable[[], object], *, enabled: Callable[[], bool] = always) -> None:
        allowed = partial(offered, page.context, action_id)
        page.context.actions.bind(action_id, run, enabled=lambda: allowed() and enabled())

    bind("examples.open", partial(_open, page), enabled=lambda: _row(page) is not None)
    bind("examples.set_aside", partial(_set_aside, page), enabled=partial(_is_aside, page, wanted=False))
    bind("examples.bring_back", partial(_bring_back, page), enabled=partial(_is_aside, page, wanted=True))
    for verdict in (Verdict.ACCEPT, Verdict.REJECT, Verdict.UNSURE):
        bind(f"examples.{verdict}", partial(_judge, page, verdict), enabled=partial(_any_selected, page))
    bind("examples.tag", partial(_tag, page, on=True), enabled=partial(_any_selected, page))
    bind("examples.untag", partial(_tag, page, on=False), enabled=partial(_any_selected, page))
    bind("examples.give", partial(_give, page), enabled=lambda: _any_selected(page) and page.acts.giving.possible())
    bind(
        "examples.deidentify",
        lambda: page.acts.deidentifying.ask(page.table.selected_ids()),
        enabled=partial(_any_selected, page),
    )
    bind("examples.all", page.table.selectAll, enabled=lambda: len(page.browser.model.ids) > 0)
    for sort in ORDERS:
        bind(f"examples.sort.{sort}", partial(page.listing.turn, sort))
    bind("examples.keep_filter", page.kept.ask_name, enabled=page.kept.can_keep)
    bind("examples.kept_filters", page.kept.open)
    bind("examples.copy", partial(_copy, page), enabled=lambda: _row(page) is not None)
    bind("examples.purge", partial(_purge, page), enabled=lambda: page.example() is not None)
    bind("examples.search", partial(_search, page))
    bind("examples.clear", lambda: page.listing.narrow(ExampleFilter()))
    bind("examples.trace", page.trace.open)
    bind("examples.fold", lambda: page.detail.setVisible(page.detail.isHidden()))
    bind("examples.similar", partial(_similar, page), enabled=lambda: page.example() is not None)
    bind("examples.undo", page.acts.undo)


def _row(page: "ExamplesPage") -> TableRow | None:
    """Return the row under the cursor; it is there before the example itself has been read."""
    position = page.table.currentIndex().row()
    found = page.browser.model.row(position) if position >= 0 else None
    return found if isinstance(found, TableRow) else None


def _is_aside(page: "ExamplesPage", *, wanted: bool) -> bool:
    if page.table.selected_count() > 1:
        return True  # of many, those that are not concerned are left as they are
    row = _row(page)
    return row is not None and (row.status is Status.SET_ASIDE) is wanted


def _any_selected(page: "ExamplesPage") -> bool:
    return page.table.selected_count() > 0


def _judge(page: "ExamplesPage", verdict: Verdict) -> None:
    page.acts.bulk.judge(page.table.selected_ids(), verdict)


def _tag(page: "ExamplesPage", *, on: bool) -> None:
    page.acts.bulk.tag(page.table.selected_ids(), page.known_tags(), on=on)


def _give(page: "ExamplesPage") -> None:
    page.acts.giving.ask(page.table.selected_ids())


def _open(page: "ExamplesPage") -> None:
    row = _row(page)
    if row is not None:
        page.context.navigate("review", example_id=row.id)


def _set_aside(page: "ExamplesPage") -> None:
    page.acts.set_aside(page.table.selected_ids())


def _bring_back(page: "ExamplesPage") -> None:
    page.acts.bring_back(page.table.selected_ids())


def _purge(page: "ExamplesPage") -> None:
    example = page.example()
    if example is not None:
        page.acts.purge(example)


def _copy(page: "ExamplesPage") -> None:
    row = _row(page)
    if row is not None:
        QGuiApplication.clipboard().setText(row.id)
        page.context.notify(_("Copied: {id}", id=row.id))


def _search(page: "ExamplesPage") -> None:
    page.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
    page.search.selectAll()


def _similar(page: "ExamplesPage") -> None:
    """Open the list below the example and go to it, or close it."""
    button = page.detail.similar.button
    button.toggle()
    if button.isChecked():
        page.detail.area.ensureWidgetVisible(button)
    (button if button.isChecked() else page.table).setFocus(Qt.FocusReason.ShortcutFocusReason)
