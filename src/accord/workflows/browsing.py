"""Looking: lists, one example with its history, what waits for whom."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from accord.domain.errors import NotFound
from accord.domain.filters import Field, Op, Term
from accord.domain.history import Decision, ExampleDetail, ExampleRow
from accord.domain.ledger import ImportRun
from accord.domain.progress import Progress
from accord.domain.review import Status
from accord.domain.wording import _
from accord.storage import decisions, drafts, facets, imports, listing, releases, requests, reviews
from accord.storage.project import Project
from accord.workflows import filter_reading

WAITING = (Status.CANDIDATE, Status.NEEDS_ANSWER, Status.IN_REVIEW)


def example_numbers(
    *,
    project: Project,
    where: str = "",
    sort: str = "seq",
    descending: bool = False,
    progress: Progress | None = None,
) -> "array[int]":
    """Return the numbers of the examples that fit a filter, in order.

    Raises BadFilter, and Cancelled in the middle of the query once ``progress`` is asked to stop.
    """
    terms = filter_reading.read(where)
    with project.read() as view:
        return listing.seqs(view, terms, sort=sort, descending=descending, progress=progress)


def first_numbers(*, project: Project, limit: int) -> "array[int]":
    """Return the numbers of the examples that came in first, at once however many there are."""
    with project.read() as view:
        return listing.first(view, limit)


def example_page(*, project: Project, numbers: Sequence[int]) -> list[ExampleRow]:
    """Return list rows for these numbers."""
    with project.read() as view:
        return listing.page(view, numbers)


def examples(*, project: Project, where: str = "", limit: int | None = None) -> Iterator[ExampleRow]:
    """Yield the examples that fit a filter. Raises BadFilter."""
    terms = filter_reading.read(where)
    with project.read() as view:
        yield from listing.iterate(view, terms, limit=limit)


def example(*, project: Project, example_id: str) -> ExampleDetail:
    """Return one example with its history. Raises NotFound."""
    with project.read() as view:
        seq = listing.seq_of(view, example_id)
        found = None if seq is None else listing.detail(view, seq)
    if found is None:
        raise NotFound(_("example"), example_id)
    return found


def queue(*, project: Project, where: str = "") -> "array[int]":
    """Return the numbers of the examples that wait for a review (or, with a filter, of those that fit it)."""
    if where.strip():
        return example_numbers(project=project, where=where)
    with project.read() as view:
        found = array("q")
        for status in WAITING:
            found.extend(listing.seqs(view, [Term(field=Field.STATUS, op=Op.IS, value=status.value)]))
    return array("q", sorted(found))


def draft_of(*, project: Project, example_id: str, reviewer: str) -> dict[str, object] | None:
    """Return what a reviewer typed for an example without submitting it."""
    with project.read() as view:
        seq = listing.seq_of(view, example_id)
        return None if seq is None else drafts.of_example(view, seq, reviewer)


def drafts_of(*, project: Project, reviewer: str) -> list[tuple[str, str]]:
    """Return (example id, time) of a reviewer's unsubmitted texts, newest first."""
    with project.read() as view:
        return drafts.of_person(view, reviewer)


def pace_of(*, project: Project, reviewer: str) -> tuple[list[float], dict[str, int]]:
    """Return a reviewer's seconds per item (newest first) and items per day."""
    with project.read() as view:
        return reviews.seconds_of(view, reviewer), reviews.per_day(view, reviewer)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCounts:
    """How many examples stand where, and how many conflicts are open: what is counted all the time."""

    examples: int
    by_status: dict[str, int]
    conflicts: int


def stage_counts(*, project: Project) -> StageCounts:
    """Return the counts that Home and the rail show, from indexes alone."""
    with project.read() as view:
        by_status = listing.counts(view, "status")
        return StageCounts(
            examples=sum(by_status.values()), by_status=by_status, conflicts=requests.open_conflicts(view)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """What lists can be narrowed to: for each value how many examples of the whole project have it."""

    total: int
    status: dict[str, int]
    origin: dict[str, int]
    tag: dict[str, int]
    file: dict[str, int]
    source: dict[str, int]
    finding: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class FullExample:
    """One example, the imports that brought it, the releases that hold it, and how its conflict was settled."""

    detail: ExampleDetail
    imports: dict[int, ImportRun]
    releases: tuple[str, ...]
    settlement: Decision | None


def facets_of(*, project: Project, sources: int = 40) -> Facets:
    """Return what lists can be narrowed to, all of one moment; at most ``sources`` named sources."""
    with project.read() as view:
        status = listing.counts(view, "status")
        return Facets(
            total=sum(status.values()),
            status=status,
            origin=listing.counts(view, "origin"),
            tag=facets.by_tag(view),
            file=facets.by_file(view),
            source=facets.by_source(view, limit=sources),
            finding=facets.by_finding(view),
        )


def full_example(*, project: Project, number: int) -> FullExample:
    """Return all that the project knows of the example with this number. Raises NotFound."""
    with project.read() as view:
        found = listing.detail(view, number)
        if found is None:
            raise NotFound(_("example"), str(number))
        key = found.row.content.conversation_key
        mine = {place.import_id for place in found.places}
        return FullExample(
            detail=found,
            imports={run.id: run for run in imports.runs(view) if run.id in mine},
            releases=tuple(releases.holding(view, [number])),
            settlement=decisions.settlements(view, [key]).get(key),
        )


def example_rows(*, project: Project, ids: Sequence[str]) -> list[ExampleRow | None]:
    """Return list rows for these ids, in their order; None for one that is not there."""
    with project.read() as view:
        numbers = listing.seqs_of(view, ids)
        rows = {row.id: row for row in listing.page(view, sorted(numbers.values()))}
    return [rows.get(example_id) for example_id in ids]
