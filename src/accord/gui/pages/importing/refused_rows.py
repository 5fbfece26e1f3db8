"""The list of refused rows, before an import and after it: where each stands and why, all of them by scrolling."""

from collections.abc import Sequence

from accord.domain.records import RowFault
from accord.domain.wording import _, number, plural
from accord.gui.context import Context
from accord.gui.theme import theme
from accord.gui.widgets import Column, PagedModel, TableView

ROW_PX, HEADER_PX = 28, 36


def refused_table(
    context: Context, faults: Sequence[RowFault], *, name: str, in_sheet: bool, rows_shown: int
) -> TableView:
    """Return a table of refused rows that shows so many at a time; the place in a sheet is a row, else a line."""
    columns = [
        Column(
            id="line",
            title=_("Row") if in_sheet else _("Line"),
            text=lambda fault: number(fault.line),
            width=72,
            align="right",
        ),
        Column(id="field", title=_("Field"), text=lambda fault: fault.field or _("whole row"), width=120),
        Column(id="reason", title=_("Reason"), text=lambda fault: fault.reason, stretch=True),
    ]
    kept = tuple(faults)
    model = PagedModel(context, columns, lambda ids, _progress: [kept[at] for at in ids])
    model.set_ids(range(len(kept)))
    table = TableView(name, model)
    table.setFixedHeight(theme().px(HEADER_PX + ROW_PX * min(rows_shown, len(kept))))
    return table


def refused_words(listed: int, refused: int, looked_at: int, *, first: bool = False) -> str:
    """Return how many rows would be refused, of all or of the ``first`` ones, and how many are listed."""
    told = (
        plural(
            "{n} of the first {total} rows would be refused.",
            "{n} of the first {total} rows would be refused.",
            refused,
            total=number(looked_at),
        )
        if first
        else plural(
            "{n} of {total} rows would be refused.",
            "{n} of {total} rows would be refused.",
            refused,
            total=number(looked_at),
        )
    )
    return told if listed == refused else f"{told} {listed_words(listed, refused)}."


def listed_words(listed: int, refused: int) -> str:
    """Return how many refused rows are listed, of how many there are."""
    if listed < refused:
        return _("The first {n} of {total} refused rows", n=number(listed), total=number(refused))
    return plural("{n} refused row", "{n} refused rows", refused)
