"""Verdicts from a file: each row is stored as that person's review, or refused with its reason."""

from dataclasses import dataclass
from pathlib import Path

from accord.domain.content import Content, Role
from accord.domain.errors import AccordError
from accord.domain.ledger import Who
from accord.domain.project import ProjectSettings
from accord.domain.records import RowFault
from accord.domain.review import Judgement
from accord.domain.wording import _
from accord.formats.review_file import ReviewRow, read_reviews
from accord.storage import events, listing, reviews, states
from accord.storage import settings as project_settings
from accord.storage.project import Project, Unit
from accord.workflows import conflicts
from accord.workflows.reviewing import check


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFileReport:
    """The account of a review file: ``read == accepted + rejected``."""

    read: int
    accepted: int
    rejected: int
    rejections: tuple[RowFault, ...]


def apply(*, project: Project, who: Who, path: Path) -> ReviewFileReport:
    """Store the reviews of a file, all in one step. Raises UnreadableFile; then nothing is stored."""
    faults: list[RowFault] = []
    read = 0
    touched: dict[int, list[Content]] = {}
    with project.write(who) as unit:
        settings = project_settings.current(unit)
        for row in read_reviews(path):
            read += 1
            try:
                found = row if isinstance(row, RowFault) else _store(unit, row, who, settings, touched)
            except AccordError as error:
                found = RowFault(line=row.line, field="verdict", reason=str(error))
            if found is not None:
                faults.append(found)
        states.refresh(unit, touched)
        conflicts.refresh_requests(unit, *(content for contents in touched.values() for content in contents))
        if touched:
            events.append(unit, "reviews", {"count": read - len(faults), "rejected": len(faults)})
        unit.commit()
    return ReviewFileReport(read=read, accepted=read - len(faults), rejected=len(faults), rejections=tuple(faults))


def _store(
    unit: Unit, row: ReviewRow, who: Who, settings: ProjectSettings, touched: dict[int, list[Content]]
) -> RowFault | None:
    seq = listing.seq_of(unit, row.id) if row.id else listing.seq_at(unit, row.file, row.file_line)
    if seq is None:
        return RowFault(line=row.line, field="id", reason=_("No example of this project has this id or place."))
    base = listing.base_of(unit, seq)
    current = listing.page(unit, [seq])[0]
    judgement = Judgement(
        verdict=row.verdict,
        edits=_edits(row, base),
        tags=current.tags if row.tags is None else row.tags,
        comment=row.comment,
        citation=row.citation,
    )
    check(judgement, base, settings)
    reviews.append(unit, seq, judgement, base, reviewer=row.reviewer or who.actor)
    touched.setdefault(seq, [current.content]).append(base.with_texts(judgement.edits))
    return None


def _edits(row: ReviewRow, base: Content) -> dict[int, str]:
    if row.messages:
        wanted = {i: str(message.get("content") or "") for i, message in enumerate(row.messages)}
    else:
        answer_at = base.answer_index if base.answer_index is not None else len(base.messages)
        system_at = next((i for i, m in enumerate(base.messages) if m.role is Role.SYSTEM), None)
        places = ((answer_at, row.answer), (base.request_index, row.request), (system_at, row.system))
        wanted = {i: text for i, text in places if i is not None and text is not None}
    return {i: t for i, t in wanted.items() if i >= len(base.messages) or base.messages[i].content != t}
