"""Near-duplicates: find clusters, suggest what to keep, set aside and bring back."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from accord.analysis.clusters import KeeperFacts, KeeperReason, suggest_keeper
from accord.analysis.conflicts import conflicting
from accord.domain.batches import batched, paced
from accord.domain.errors import NotFound, Refused
from accord.domain.history import ExampleRow
from accord.domain.ledger import DuplicateRun, Who
from accord.domain.meaning import Embedder
from accord.domain.progress import Progress
from accord.domain.review import SetAsideReason, Status
from accord.domain.wording import _
from accord.storage import decisions, duplicates, events, listing, states
from accord.storage.project import Project, Unit, View
from accord.workflows import bulk, conflicts, permissions
from accord.workflows.duplicate_search import FIELDS as FIELDS
from accord.workflows.duplicate_search import METHODS as METHODS
from accord.workflows.duplicate_search import Found, search, store


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateReport:
    """What a search found; pairs and clusters as example ids."""

    method: str
    threshold: float
    fields: str
    examples: int
    candidate_pairs: int
    pairs: tuple[tuple[str, str, float], ...]
    clusters: tuple[tuple[str, ...], ...]
    set_aside: tuple[str, ...]
    conflicts: tuple[tuple[str, ...], ...]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Near-duplicates as a card shows them: ``rows`` still in play, the keeper suggested with its reason.

    ``apart``: a person has said that they are no duplicates of each other. ``by_request``: a search found them by their
    requests alone, so that their answers may be anything.
    """

    rows: tuple[ExampleRow, ...]
    keeper: str
    reason: KeeperReason
    set_aside: tuple[ExampleRow, ...] = ()
    apart: bool = False
    by_request: bool = False

    @property
    def open(self) -> bool:
        """Whether two examples are in play and nobody has said what to do with them."""
        return len(self.rows) > 1 and not self.apart


def find(
    *,
    project: Project,
    who: Who,
    method: str = "minhash",
    threshold: float | None = None,
    fields: str = "pair",
    pairs_file: Path | None = None,
    apply: bool = False,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
) -> DuplicateReport:
    """Search the examples that are in play for near-duplicates and store what was found.

    ``pairs_file`` is given every verified pair. With ``apply`` all but the keeper of each cluster are set aside, except
    against a conflict: where only requests were compared, whatever is answered otherwise than the keeper. Stoppable
    until the end. Raises Refused; OSError for the file, and then nothing is stored.
    ``threshold`` None: the method's usual one; the method ``semantic`` needs the ``embedder`` and may raise NoMeaning.
    """
    found = search(
        project,
        method=method,
        threshold=threshold,
        fields=fields,
        every_pair=pairs_file is not None,
        embedder=embedder,
        progress=progress,
    )
    if pairs_file is not None:
        _write_pairs(pairs_file, found)
    store(project=project, who=who, found=found)
    put_aside = set_aside_suggested(project=project, who=who) if apply else []
    return _report(project, found, put_aside)


def _report(project: Project, found: Found, put_aside: Sequence[str]) -> DuplicateReport:
    ids = found.ids
    return DuplicateReport(
        method=found.method,
        threshold=found.threshold,
        fields=found.fields,
        examples=len(ids),
        candidate_pairs=found.near.candidate_pairs,
        pairs=tuple((ids[a], ids[b], score) for a, b, score in found.near.pairs),
        clusters=tuple(tuple(ids[i] for i in cluster) for cluster in found.near.clusters),
        set_aside=tuple(put_aside),
        conflicts=tuple(tuple(row.id for row in c.rows) for c in conflicts.listed(project=project)),
        seconds=found.seconds,
    )


def _write_pairs(path: Path, found: Found) -> None:
    """Write the pairs as JSON lines; only a file of such lines is written over."""
    if path.exists():
        with path.open("rb") as there:
            earlier = there.read(2) in {b"", b'["'}
        if not earlier:
            raise Refused(_("{path} is already there. It was not touched; choose another name.", path=path))
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps([found.ids[a], found.ids[b], score]) + "\n" for a, b, score in found.near.pairs)


def clusters(*, project: Project, open_only: bool = True) -> list[Cluster]:
    """Return the clusters of the newest search that wait for a person (or, if asked, all of them)."""
    with project.read() as view:
        run = duplicates.newest(view)
        cards = [] if run is None else _cards(view, run)
        return [card for card in cards if card.open or not open_only]


def open_clusters(*, project: Project) -> int:
    """Return how many clusters of the newest search wait for a person, as ``clusters`` would list them."""
    with project.read() as view:
        run = duplicates.newest(view)
        if run is None:
            return 0
        found, apart = duplicates.open_clusters(view, run.id), decisions.apart(view)
        told = listing.seqs_of(view, sorted(apart))
        for number, members in duplicates.clusters_with(view, run.id, sorted(told.values())).items():
            ids = set(listing.ids_of(view, members))
            if any(ids <= together for example_id in ids for together in apart.get(example_id, ())):
                found.discard(number)
    return len(found)


def stale(*, project: Project) -> bool:
    """Say whether examples have come in since the newest search (or there was none and there are examples)."""
    with project.read() as view:
        return unsearched(view)


def unsearched(view: View) -> bool:
    """Say the same within one read of the project."""
    run = duplicates.newest(view)
    return listing.newest(view) > (0 if run is None else run.newest_seq)


def set_aside_suggested(*, project: Project, who: Who, progress: Progress | None = None) -> list[str]:
    """Set aside all but the suggested keeper of each open cluster and return the ids.

    One act, made in short units of work between which others' verdicts come in: what somebody has judged meanwhile, or
    whose keeper somebody has, is left as it is.
    """
    permissions.require_to_settle(project=project)
    told = {row.seq: (row, card.rows[0]) for card in clusters(project=project) for row in spare(card)}
    done: list[str] = []

    def change(unit: Unit, part: Sequence[int], _left: object) -> Sequence[int]:
        numbers = sorted({row.seq for seq in part for row in told[seq]})
        with project.read() as view:  # as the suggestions were read: what is hidden from the person decides nothing
            now = {row.seq: _standing(row) for batch in batched(numbers) for row in listing.page(view, batch)}
        wanted = [seq for seq in part if all(now.get(row.seq) == _standing(row) for row in told[seq])]
        reason = SetAsideReason.DUPLICATE.value
        bulk.decide(unit, wanted, partial(decisions.about_examples, unit, wanted, "set_aside", reason=reason))
        done.extend(told[seq][0].id for seq in wanted)
        return wanted

    parts = paced(sorted(told))
    bulk.in_chunks(change, parts, project=project, who=who, kind="set_aside", total=len(told), progress=progress)
    return done


def _standing(row: ExampleRow) -> tuple[str, str, str]:
    """Return what a suggestion about an example rests on."""
    return row.status, row.hash, row.last_review


def set_aside(
    *,
    project: Project,
    who: Who,
    ids: Sequence[str],
    reason: SetAsideReason = SetAsideReason.DUPLICATE,
    comment: str = "",
) -> str:
    """Set examples aside and return the act. Raises NotFound, and Refused for a duplicate in an open conflict."""
    permissions.require_to_settle(project=project)
    with project.write(who) as unit:
        rows = [row for row in _rows(unit, ids) if row.status != Status.SET_ASIDE]
        if reason is SetAsideReason.DUPLICATE:
            _refuse_against_conflict(unit, rows)
        put_aside(unit, rows, reason=reason, comment=comment)
        unit.commit()
    return unit.act


def bring_back(*, project: Project, who: Who, ids: Sequence[str]) -> str:
    """Bring examples back into play and return the act."""
    permissions.require_to_settle(project=project)
    with project.write(who) as unit:
        rows = [row for row in _rows(unit, ids) if row.status == Status.SET_ASIDE]
        if not rows:
            return unit.act
        decisions.about_examples(unit, [row.seq for row in rows], "bring_back")
        states.refresh(unit, [row.seq for row in rows])
        conflicts.refresh_requests(unit, *(row.content for row in rows))
        events.append(unit, "bring_back", {"examples": [row.id for row in rows]})
        unit.commit()
    return unit.act


def not_duplicates(*, project: Project, who: Who, ids: Sequence[str]) -> str:
    """Say that examples are no duplicates of each other and return the act; their cluster is closed by it.

    A later search that finds the same examples, or some of them, leaves them alone; one more among them asks again.
    """
    permissions.require_to_settle(project=project)
    with project.write(who) as unit:
        members = sorted({row.id for row in _rows(unit, ids)})
        decisions.about_request(unit, f"apart:{members[0]}", "not_duplicates", payload={"ids": members})
        events.append(unit, "not_duplicates", {"examples": members})
        unit.commit()
    return unit.act


def put_aside(unit: Unit, rows: Sequence[ExampleRow], *, reason: SetAsideReason, comment: str) -> None:
    """Set rows aside within a unit of work that is already open; nothing is noted where there are none."""
    if not rows:
        return
    seqs = [row.seq for row in rows]
    decisions.about_examples(unit, seqs, "set_aside", reason=reason.value, comment=comment)
    states.refresh(unit, seqs)
    conflicts.refresh_requests(unit, *(row.content for row in rows))
    events.append(unit, "set_aside", {"examples": [row.id for row in rows], "reason": reason.value})


def spare(card: Cluster) -> list[ExampleRow]:
    """Return the members to set aside; one that conflicts with the keeper stays."""
    keeper = card.rows[0]
    return [row for row in card.rows[1:] if not _in_conflict(row, keeper, alike=card.by_request)]


def _in_conflict(row: ExampleRow, other: ExampleRow, *, alike: bool = False) -> bool:
    """Say whether two examples ask the same (in other words, where they are known to be ``alike``), answered unlike."""
    same = alike or row.content.conversation_key == other.content.conversation_key
    return same and conflicting([row.content.answer, other.content.answer])


def _refuse_against_conflict(unit: Unit, rows: Sequence[ExampleRow]) -> None:
    """Refuse to set a member of a cluster aside unless one stays that it does not conflict with."""
    run = duplicates.newest(unit)
    leaving = {row.seq: row for row in rows}
    for cluster in [] if run is None else duplicates.clusters(unit, run.id):
        members = [leaving[seq] for seq in cluster if seq in leaving]
        if not members:
            continue
        others = listing.page(unit, [seq for seq in cluster if seq not in leaving])
        stays = [row for row in others if row.status != Status.SET_ASIDE]
        if not stays:
            raise Refused(_("One example of a cluster stays. Nothing was set aside."))
        if any(all(_in_conflict(row, other) for other in stays) for row in members):
            raise Refused(_("An example is not set aside against one whose answer differs. Settle the conflict first."))


def _cards(view: View, run: DuplicateRun) -> list[Cluster]:
    cards = []
    apart, by_request = decisions.apart(view), run.fields == "request"
    groups = duplicates.clusters(view, run.id)
    numbers = sorted({seq for cluster in groups for seq in cluster})
    rows = {row.seq: row for part in batched(numbers) for row in listing.page(view, part)}
    sourced = {seq for part in batched(numbers) for seq in listing.with_source(view, part)}
    for cluster in groups:
        known = [rows[seq] for seq in cluster if seq in rows]
        open_rows = [row for row in known if row.status != Status.SET_ASIDE]
        if not known:
            continue
        index, reason = suggest_keeper([_facts(row, row.seq in sourced) for row in open_rows or known])
        keeper = (open_rows or known)[index]
        ordered = [keeper, *(row for row in open_rows if row is not keeper)] if open_rows else []
        aside = tuple(row for row in known if row.status == Status.SET_ASIDE)
        told_apart = any({row.id for row in known} <= ids for ids in apart.get(known[0].id, ()))
        cards.append(
            Cluster(
                rows=tuple(ordered),
                keeper=keeper.id,
                reason=reason,
                set_aside=aside,
                apart=told_apart,
                by_request=by_request,
            )
        )
    return cards


def _facts(row: ExampleRow, has_source: bool) -> KeeperFacts:  # noqa: FBT001  (a fact among facts)
    return KeeperFacts(
        id=row.id,
        settled=row.status in {Status.ACCEPTED, Status.REJECTED},
        edited=row.edited,
        answer_chars=len(row.content.answer),
        has_source=has_source,
        first_line=row.seq,
    )


def _rows(unit: Unit, ids: Sequence[str]) -> list[ExampleRow]:
    seqs = listing.seqs_of(unit, ids)
    for example_id in ids:
        if example_id not in seqs:
            raise NotFound(_("example"), example_id)
    return [row for part in batched(sorted(seqs.values())) for row in listing.page(unit, part)]


def duplicates_of(*, project: Project, example_id: str) -> list[ExampleRow]:
    """Return the other examples of an example's cluster in the newest search that are still in play."""
    with project.read() as view:
        run = duplicates.newest(view)
        seq = listing.seq_of(view, example_id)
        if run is None or seq is None:
            return []
        near = duplicates.cluster_of(view, run.id, seq)
        rows = listing.page(view, [other for other in near if other != seq])
    return [row for row in rows if row.status != Status.SET_ASIDE]
