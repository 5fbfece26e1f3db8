"""Verdicts from a file: each row is stored as that person's review, or refused with its reason."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from accord.domain.batches import batched
from accord.domain.content import Content, Role
from accord.domain.errors import AccordError, Refused
from accord.domain.history import ExampleRow
from accord.domain.ledger import Who
from accord.domain.people import Role as People
from accord.domain.project import ProjectSettings
from accord.domain.records import RowAccount, RowFault
from accord.domain.review import Judgement, Review, Status, Verdict
from accord.domain.wording import _
from accord.formats.review_file import ReviewRow, read_reviews
from accord.storage import assignments, events, listing, people, reviews, states
from accord.storage import settings as project_settings
from accord.storage.project import Project, Unit
from accord.workflows import bulk, conflicts, naming, permissions
from accord.workflows.naming import Met
from accord.workflows.reviewing import check

_AT_ONCE = 200  # rows, which take about a tenth of a second


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAccount(RowAccount):
    """The account of a file of reviews, and what is worth knowing of those that were accepted.

    ``already``: so many say what the same person had said before, and add nothing. ``not_given``: so many are about
    examples that their reviewers were not given, of people or projects in which examples are given out. ``met``: whose
    first reviews these are.
    """

    already: int = 0
    not_given: int = 0
    met: Met = field(default_factory=Met)


def apply(*, project: Project, who: Who, path: Path, new: bool = False) -> ReviewAccount:
    """Store the reviews of a file, as one act in short units of work. Raises UnreadableFile; then nothing is stored.

    Where it was stopped half-way, applying the file again goes on: what has been said is not said twice. Where a file's
    reviewers are listed, reviews by anybody else are refused as a whole, unless ``new`` lists them. Raises NotListed.
    """
    read, names = 0, set[str]()
    for row in read_reviews(path):  # to its end, before the first is stored
        read += 1
        if isinstance(row, ReviewRow):
            names.add(row.reviewer or who.actor)
    met = _meet(project, who, sorted(names), new=new)
    with project.read() as view:
        settings = project_settings.current(view)
        listed = people.everyone(view.connection)
    written = {name: person.name for name in names if (person := people.among(listed, name)) is not None}
    applying = _Applying(who=who, settings=settings, written=written, for_others=permissions.leads(project=project))
    # A server takes another person's verdict only together with the event that tells of it.
    size = read if project.person is not None and names - {project.person.name} else _AT_ONCE
    bulk.in_chunks(applying.store, _parts(path, size), project=project, who=who, kind="reviews", total=read)
    account = ReviewAccount.of(read, applying.faults)
    return replace(account, already=applying.already, not_given=applying.not_given, met=met)


def _meet(project: Project, who: Who, names: Sequence[str], *, new: bool) -> Met:
    """Return who of these is new to the project, listing them where that is wanted.

    Raises NotListed, OnlyFor, and LooksOn for verdicts of one's own by who is not listed.
    """
    if project.pack is not None:
        return Met()
    if who.actor.casefold() in map(str.casefold, names):
        permissions.require_listed(project=project, act=_("give a verdict"))
    with project.read() as view:
        everyone = people.everyone(view.connection)
        reviewed = naming.reviewers(view)
    unknown = [name for name in names if name not in reviewed and people.among(everyone, name) is None]
    if not unknown or project.file is None or not naming.has_reviewers(everyone):
        return Met(new=tuple(unknown))
    if not new:
        raise naming.NotListed(unknown, [person.name for person in everyone if person.active], option="--new")
    permissions.require(project=project, role=People.LEAD, act=_("add, change or remove people"))
    with project.write(who) as unit:
        met = naming.meet(unit, unknown, server=False, new=True)
        for name in met.new:
            events.append(unit, "team", {"person": name, "role": People.REVIEWER.value})
        unit.commit()
    return met


def _parts(path: Path, size: int) -> Iterator[Sequence[ReviewRow | RowFault]]:
    rows = read_reviews(path)
    while batch := list(islice(rows, size)):
        yield batch


@dataclass(slots=True, kw_only=True)
class _Applying:
    """One file on its way into a project, and what has come of its rows so far.

    ``written``: the names in it, as the project writes them.
    """

    who: Who
    settings: ProjectSettings
    written: Mapping[str, str]
    for_others: bool
    faults: list[RowFault] = field(default_factory=list)
    already: int = 0
    not_given: int = 0

    def store(self, unit: Unit, part: Sequence[ReviewRow | RowFault], _left: object) -> Sequence[int]:
        """Store some rows and return the examples that they changed."""
        touched: dict[int, list[Content]] = {}
        for some in batched(part):
            self.faults.extend(self._store_batch(unit, some, touched))
        states.refresh(unit, touched)
        conflicts.refresh_requests(unit, *(content for contents in touched.values() for content in contents))
        return list(touched)

    def _store_batch(
        self, unit: Unit, batch: Sequence[ReviewRow | RowFault], touched: dict[int, list[Content]]
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
            named = row.reviewer or self.who.actor
            reviewer = self.written.get(named, named)
            try:
                by_right = self.for_others or not row.reviewer or reviewer == unit.actor
                judgement = _judgement_of(row, current[seq], texts[seq], self.settings, by_right=by_right)
            except AccordError as error:
                yield RowFault(line=row.line, field="verdict", reason=str(error))
                continue
            # Taken out once used: of two rows by one person the later counts, even where the first changed nothing.
            if _stands_already(newest.pop((seq, reviewer), None), judgement, texts[seq]):
                self.already += 1  # the same file applied twice says nothing new
                continue
            accepted.append((seq, judgement, texts[seq], reviewer))
            contents = touched.setdefault(seq, [])
            changes = row.verdict in {Verdict.EDIT, Verdict.REJECT} or current[seq].status == Status.REJECTED
            if changes or current[seq].hash != texts[seq].hash:  # a second opinion takes an edited text back
                contents += [current[seq].content, texts[seq].with_texts(judgement.edits)]
        self.not_given += _not_given(unit, [(seq, reviewer) for seq, _said, _text, reviewer in accepted])
        reviews.append_all(unit, accepted)


def _judgement_of(
    row: ReviewRow, current: ExampleRow, base: Content, settings: ProjectSettings, *, by_right: bool
) -> Judgement:
    _refuse_unusable(row, current, base, by_right=by_right)
    judgement = _judgement(row, current, base)
    check(judgement, base, settings)
    return judgement


def _not_given(unit: Unit, said: Sequence[tuple[int, str]]) -> int:
    """Return how many of these (example, reviewer) were not given out so, in a project where examples are given out."""
    if not assignments.any_given(unit):
        return 0
    given = {(one.seq, one.reviewer) for one in assignments.of(unit, [seq for seq, _reviewer in said])}
    return sum(one not in given for one in said)


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
