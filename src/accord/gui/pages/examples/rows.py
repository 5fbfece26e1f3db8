"""The rows of the table: what its cells show of an example, cut short in the reading thread, and the columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from accord.domain.history import ExampleRow
from accord.domain.moments import local
from accord.domain.review import Status
from accord.domain.wording import _
from accord.gui.widgets import Column
from accord.workflows import browsing
from accord.workflows.projects import Project

SHOWN_CHARACTERS = 300
SHOWN_PLACE = 18
#: Columns that can be sorted by, and what the lists call that order.
SORTS = {"status": "status", "source": "import", "reviewed": "last_review"}
#: All orders, by the lists' names, and the column whose title shows each (none for the order of coming in).
ORDERS = {"seq": "", **{sort: column for column, sort in SORTS.items()}}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """What the table keeps of one example."""

    number: int
    id: str
    status: Status
    request: str
    answer: str
    tags: str
    source: str
    reviewed: str


def columns() -> list[Column]:
    """Return the columns, in the language in force."""
    return [
        Column(id="status", title=_("Status"), status=lambda row: row.status, width=132, sortable=True),
        Column(id="request", title=_("Request"), text=lambda row: row.request, stretch=True),
        Column(id="answer", title=_("Answer"), text=lambda row: row.answer, stretch=True, muted=True),
        Column(id="tags", title=_("Tags"), text=lambda row: row.tags, width=120),
        Column(id="source", title=_("Source"), text=lambda row: row.source, width=150, muted=True, sortable=True),
        Column(id="reviewed", title=_("Reviewed"), text=lambda row: row.reviewed, width=150, sortable=True),
    ]


def read_rows(project: Project, numbers: Sequence[int]) -> list[TableRow | None]:
    """Return the rows with these numbers, in this order, None for one that is gone."""
    found = {row.seq: table_row(row) for row in browsing.example_page(project=project, numbers=numbers)}
    return [found.get(number) for number in numbers]


def table_row(row: ExampleRow) -> TableRow:
    """Return what the table shows of an example."""
    return TableRow(
        number=row.seq,
        id=row.id,
        status=Status(row.status),
        request=row.content.request[:SHOWN_CHARACTERS],
        answer=row.content.answer[:SHOWN_CHARACTERS],
        tags=", ".join(row.tags),
        source=_short_place(row.file, row.line),
        reviewed=" · ".join(part for part in (", ".join(row.reviewers), day(row.last_review)) if part),
    )


def place_words(file: str, line: int) -> str:
    """Return a file and a line as one word, empty where there is no file."""
    return f"{file}:{line}" if file else ""


def _short_place(file: str, line: int) -> str:
    """Return a place whose line can be read in a narrow column: a long file name is cut, not the line."""
    room = SHOWN_PLACE - len(f":{line}")
    return place_words(file if len(file) <= room else f"{file[: room - 1]}…", line)


def day(at: str) -> str:
    """Return the local day of an ISO time, empty for none."""
    return local(at)[:10]
