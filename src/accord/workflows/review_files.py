"""Verdicts from a file: each row is stored as that person's review, or refused with its reason."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from accord.domain.batches import batched
from accord.domain.content import Content, Role
from accord.domain.errors import AccordError, Refused
from accord.domain.history import ExampleRow
from accord.domain.ledger import Who
from accord.domain.project import ProjectSettings
from accord.domain.records import RowAccount, RowFault
from accord.domain.review import Judgement, Review, Status, Verdict
from accord.domain.wording import _
from accord.formats.review_file import ReviewRow, read_reviews
from accord.storage import listing, reviews, states
from accord.storage import settings as project_settings
from accord.storage.project import Project, Unit
from accord.workflows import bulk, conflicts, permissions
from accord.workflows.reviewing import check

_AT_ONCE = 200  # rows, which take about a tenth of a second


def apply(*, project: Project, who: Who, path: Path) -> RowAccount:
    """Store the reviews of a file, as one act in short units of work. Raises UnreadableFile; then nothing is stored.

    Where it was stopped half-way, applying the file again goes on: what has been said is not said twice.
    """
    faults: list[RowFault] = []
    for_others = permissions.leads(project=project)
    with project.read() as view:
        settings = project_settings.current(view)

    def change(unit: Unit, batch: Sequence[ReviewRow | RowFault], _left: object) -> Sequence[int]:
        touched: dict[int, list[Content]] = {}
        for some in batched(batch):
            faults.extend(_store_batch(unit, some, who, settings, touched, for_others=for_others))
        states.refresh(unit, touched)
        conflicts.refresh_requests(unit, *(content for contents in touched.values() for content in contents))
        return list(touched)

    mine = {"", who.actor if project.person is None else project.person.name}
    read, others = 0, False
    for row in read_reviews(path):  # to its end, before the first is stored
        read += 1
        others = others or (isinstance(row, ReviewRow) and row.reviewer not in mine)
    # A server takes another person's verdict only together with the event that tells of it.
    size = read if others and project.person is not None else _AT_ONCE
    bulk.in_chunks(change, _parts(path, size), project=project, who=who, kind="reviews", total=read)
    return RowAccount.of(read, faults)


def _parts(path: Path, size: int) -> Iterator[Sequence[ReviewRow | RowFault]]:
    rows = read_reviews(path)
    while batch := list(islice(rows, size)):
        yield batch


def _store_batch(
    unit: Unit,
    batch: Sequence[ReviewRow | RowFault],
    who: Who,
    settings: ProjectSettings,
    touched: dict[int, list[Content]],
    *,
    for_others: bool,
) -> Iterator[RowFault]:
    by_id = listing.seqs_of(unit, [row.id for row in batch if isinstance(row, ReviewRow) and row.id])
    places = _places(unit, batch)
    seqs = sorted({*by_id.values(), *(seq for seq in places.values() if seq is not None)})
    texts, current = listing.bases(unit, seqs), {row.seq: row for row in listing.page(unit, seqs)}
    accepted: list[tuple[int, Judgement, Content, str]] = []
    newest = reviews.newest_of(unit, seqs)
    for row in batch:
        if isinstance(row, RowFault):
            yield row
            continue
        seq = by_id.get(row.id) if row.id else places[row.file, row.file_line]
        if seq is None:
            yield RowFault(line=row.line, field="id", reason=_("No example of this project has this id or place."))
            continue
        try:
            _refuse_unusable(row, current[seq], texts[seq], by_right=for_others or row.reviewer in {"", unit.actor})
            judgement = _judgement(row, current[seq], texts[seq])
            check(judgement, texts[seq], settings)
        except AccordError as error:
            yield RowFault(line=row.line, field="verdict", reason=str(error))
            continue
        reviewer = row.reviewer or who.actor
        # Taken out once used: of two rows by one person the later counts, even where the first changed nothing.
        if _stands_already(newest.pop((seq, reviewer), None), judgement, texts[seq]):
            continue  # the same file applied twice says nothing new
        accepted.append((seq, judgement, texts[seq], reviewer))
        contents = touched.setdefault(seq, [])
        changes = row.verdict in {Verdict.EDIT, Verdict.REJECT} or current[seq].status == Status.REJECTED
        if changes or current[seq].hash != texts[seq].hash:  # a second opinion takes an edited text back
            contents += [current[seq].content, texts[seq].with_texts(judgement.edits)]
    reviews.append_all(unit, accepted)


def _places(unit: Unit, batch: Sequence[ReviewRow | RowFault]) -> dict[tuple[str, int], int | None]:
    """Return the example at each file and line that a row names instead of an id."""
    return {
        (row.file, row.file_line): listing.seq_at(unit, row.file, row.file_line)
        for row in batch
        if isinstance(row, ReviewRow) and not row.id
    }


def _stands_already(earlier: Review | None, judgement: Judgement, base: Content) -> bool:
    """Say whether a reviewer's newest review of this text says the same."""
    if earlier is None or earlier.verdict is not judgement.verdict or earlier.base_hash != base.hash:
        return False
    return replace(earlier.judgement, seconds=0.0) == judgement


def _refuse_unusable(row: ReviewRow, current: ExampleRow, base: Content, *, by_right: bool) -> None:
    if not by_right:
        raise Refused(_("Only a lead can bring the verdicts of other people."))
    if current.status == Status.SET_ASIDE:
        raise Refused(_("This example is set aside. Bring it back to review it."))
    if not all(isinstance(m, Mapping) and isinstance(m.get("content") or "", str) for m in row.messages):
        raise Refused(_("Each message is an object with its text as content."))
    roles = [message.role for message in base.messages]
    shapes = [roles] if base.answer_index is not None else [roles, [*roles, Role.ASSISTANT]]
    # A line of an export may begin with the instruction: by position alone its texts would land in the wrong messages.
    if row.messages and not any(_fits(row.messages, shape) for shape in shapes):
        raise Refused(_("The messages are not those of this example, in their order. Nothing of the row was stored."))


def _fits(messages: Sequence[Mapping[str, Any]], roles: Sequence[Role]) -> bool:
    return len(messages) == len(roles) and all(
        message.get("role", role) == role for message, role in zip(messages, roles, strict=True)
    )


def _judgement(row: ReviewRow, current: ExampleRow, base: Content) -> Judgement:
    return Judgement(
        verdict=row.verdict,
        edits=_edits(row, base),
        tags=current.tags if row.tags is None else row.tags,
        comment=row.comment,
        citation=row.citation,
    )


def _edits(row: ReviewRow, base: Content) -> dict[int, str]:
    if row.messages:
        wanted = {i: str(message.get("content") or "") for i, message in enumerate(row.messages)}
    else:
        answer_at = base.answer_index if base.answer_index is not None else len(base.messages)
        system_at = next((i for i, m in enumerate(base.messages) if m.role is Role.SYSTEM), None)
        places = ((answer_at, row.answer), (base.request_index, row.request), (system_at, row.system))
        wanted = {i: text for i, text in places if i is not None and text is not None}
    return {i: t for i, t in wanted.items() if i >= len(base.messages) or base.messages[i].content != t}
