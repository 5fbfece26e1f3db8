"""How well people agree: the figures of a table of ratings, with the sentences to read with them."""

from dataclasses import dataclass, replace
from pathlib import Path

from accord.analysis.agreement.measuring import measure
from accord.analysis.agreement.ratings import Ratings
from accord.analysis.agreement.warnings import shown as shown
from accord.domain.agreement import Agreement, Layout, Level
from accord.formats.rating_tables import read_rating_table


@dataclass(frozen=True, slots=True, kw_only=True)
class TableAgreement:
    """The figures of a table, whose ``items`` are all its rows; its layout; who rated, where it names them."""

    layout: Layout
    raters: tuple[str, ...]
    agreement: Agreement


def of_table(*, path: Path, layout: Layout | None = None, level: Level = Level.NOMINAL) -> TableAgreement:
    """Measure the agreement in a CSV file, whose layout is guessed where none is named.

    Raises UnreadableFile and BadTable.
    """
    table = read_rating_table(path, layout=layout, level=level)
    found = measure(Ratings.of_table(table), level=level)
    rated = [any(value is not None for value in column) for column in zip(*table.ratings, strict=True)]
    return TableAgreement(
        layout=table.layout,
        raters=tuple(str(name) for name, did in zip(table.names, rated, strict=True) if did) if rated else (),
        agreement=replace(
            found,
            items=found.items if table.layout is Layout.MATRIX else len(table.ratings or table.counts),
            warnings=(*found.warnings, *table.notes),
        ),
    )
