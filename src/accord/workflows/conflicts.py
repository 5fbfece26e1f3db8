"""Conflicts: one conversation, answers that differ. A person settles each, with a reason, and can take that back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from accord.analysis.conflicts import conflicting
from accord.domain.batches import batched, paced
from accord.domain.content import Content
from accord.domain.errors import Refused
from accord.domain.history import Decision, ExampleRow
from accord.domain.ledger import Who
from accord.domain.review import ConflictResolution, SetAsideReason
from accord.domain.wording import _
from accord.storage import decisions, events, listing, requests, states
from accord.storage.project import Project, Unit, View, meta, set_meta
from accord.workflows import permissions

_FEW = 2
_STALE = "conflicts_stale"
_ALL = "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """The examples that share a request and the turns before it, and whose answers differ.

    ``settled`` is the decision in force, if any.
    """

    key: str
    request: str
    rows: tuple[ExampleRow, ...]
    settled: Decision | None = None


def listed(*, project: Project, include_settled: bool = False) -> list[Conflict]:
    """Return the conflicts, in the order their first example came in."""
    with project.read() as view:
        found = _judge(view, requests.request_groups(view))
    return [conflict for conflict in found if include_settled or conflict.settled is None]


def settle(
    *,
    project: Project,
    who: Who,
    keys: Sequence[str],
    resolution: ConflictResolution,
    reason: str,
    keep: Mapping[str, str] | None = None,
) -> list[str]:
    """Settle conflicts, singly or in bulk, and return the ids that were set aside.

    ``keep`` names the example to keep for each key (needed for keep_one and merge); the others are set aside.
    Raises Refused without a reason or without the example to keep.
    """
    permissions.require_to_settle(project=project)
    if not reason.strip():
        raise Refused(_("A conflict is settled with a reason. Say why in a few words."))
    if not keys:
        return []
    put_aside: list[str] = []
    with project.write(who) as unit:
        found = {c.key: c for c in _judge(unit, requests.request_groups(unit, list(keys)))}
        for key in dict.fromkeys(keys):
            conflict = found.get(key)
            if conflict is None or conflict.settled is not None:
                raise Refused(_("This conflict is no longer open. Nothing was changed."))
            put_aside += _settle_one(unit, conflict, resolution, reason, keep=(keep or {}).get(key))
        refresh(unit, keys)
        events.append(unit, "settle_conflict", {"keys": list(keys), "how": resolution.value, "set_aside": put_aside})
        unit.commit()
    return put_aside


def _settle_one(
    unit: Unit, conflict: Conflict, resolution: ConflictResolution, reason: str, *, keep: str | None
) -> list[str]:
    """Store one settlement and return the ids it sets aside."""
    ids = [row.id for row in conflict.rows]
    needs_keeper = resolution in {ConflictResolution.KEEP_ONE, ConflictResolution.MERGE}
    if needs_keeper and keep not in ids:
        raise Refused(_("Choose which of the answers to keep. Nothing was changed."))
    decisions.about_request(
        unit, conflict.key, "settle_conflict", reason=resolution.value, comment=reason, payload={"ids": ids}
    )
    others = [row for row in conflict.rows if needs_keeper and row.id != keep]
    seqs = [row.seq for row in others]
    decisions.about_examples(unit, seqs, "set_aside", reason=SetAsideReason.BY_HAND, comment=reason)
    states.refresh(unit, seqs)
    return [row.id for row in others]


def refresh(unit: Unit, keys: Iterable[str]) -> None:
    """Set the conflict flag of the examples that share these requests, in this transaction."""
    for batch in batched(sorted(set(keys))):
        groups = requests.request_groups(unit, batch)
        settled = decisions.settlements(unit, list(groups)) if groups else {}
        flagged: set[int] = set()
        for key in _differing(unit, groups):
            decision = settled.get(key)
            if decision is None or not _covers(decision, listing.ids_of(unit, groups[key])):
                flagged.update(groups[key])
        requests.flag_conflicts(unit, batch, flagged)


def refresh_all(*, project: Project, who: Who) -> None:
    """Set every conflict flag anew, in short transactions."""
    with project.read() as view:
        keys = sorted(set(requests.request_groups(view)) | set(requests.flagged_keys(view)))
    _refresh_in_units(project, who, keys)


def _refresh_in_units(project: Project, who: Who, keys: Sequence[str]) -> None:
    for batch in paced(keys):  # of requests, each of which may be that of thousands of examples
        with project.write(who, lasting=False) as unit:  # should the power fail, the mark stands and it is done again
            refresh(unit, batch)
            unit.commit()
    with project.write(who) as unit:
        set_meta(unit, _STALE, "")
        unit.commit()


def mark_stale(unit: Unit, *, imported: int) -> None:
    """Note, in the transaction that makes an import visible, that its conflicts are yet to be looked for."""
    set_meta(unit, _STALE, _ALL if meta(unit, _STALE) else str(imported))


def refresh_if_stale(*, project: Project, who: Who) -> None:
    """Set the conflict flags anew that an import may have changed, also where a crash came before this was done."""
    with project.read() as view:
        stale = meta(view, _STALE)
    if stale.isdecimal():
        with project.read() as view:
            keys = requests.keys_of_import(view, int(stale))
        _refresh_in_units(project, who, keys)
    elif stale:
        refresh_all(project=project, who=who)


def _differing(view: View, groups: Mapping[str, Sequence[int]]) -> list[str]:
    """Return the requests whose answers conflict; a few of each are read first, which settles most of them."""
    first = [seq for members in groups.values() for seq in members[:_FEW]]
    texts = requests.answers(view, first)
    found = []
    for key, members in groups.items():
        few = [texts[seq] for seq in members[:_FEW]]
        if conflicting(few) or (len(members) > _FEW and conflicting(list(requests.answers(view, members).values()))):
            found.append(key)
    return found


def _covers(decision: Decision | None, ids: Sequence[str]) -> bool:
    """Say whether a settlement is in force: no example has joined since."""
    return decision is not None and set(ids) <= set(decision.payload["ids"])


def _judge(view: View, groups: Mapping[str, Sequence[int]]) -> list[Conflict]:
    settled = decisions.settlements(view, list(groups)) if groups else {}
    found = []
    for batch in batched(list(groups)):
        numbers = [seq for key in batch for seq in groups[key]]
        rows = {row.seq: row for part in batched(numbers) for row in listing.page(view, part)}
        for key in batch:
            members = tuple(rows[seq] for seq in groups[key])
            if conflicting([row.content.answer for row in members]):
                decision = settled.get(key)
                in_force = _covers(decision, [row.id for row in members])
                found.append(
                    Conflict(
                        key=key,
                        request=members[0].content.request,
                        rows=members,
                        settled=decision if in_force else None,
                    )
                )
    return found


def refresh_requests(unit: Unit, *contents: Content) -> None:
    """Set the conflict flags of every request that these texts ask."""
    refresh(unit, {content.conversation_key for content in contents})


def rivals_of(*, project: Project, example_id: str) -> list[ExampleRow]:
    """Return the other examples in play that ask the same, where the answers conflict and nobody settled it."""
    with project.read() as view:
        seq = listing.seq_of(view, example_id)
        rows = [] if seq is None else listing.page(view, [seq])
        if not rows or not rows[0].conflict:
            return []
        others = listing.page(view, requests.sharing(view, rows[0].content.conversation_key))
    return [row for row in others if row.id != example_id and row.conflict]


def settled(*, project: Project) -> list[Conflict]:
    """Return the settled conflicts with all their examples, also those that were set aside; the last settled first."""
    with project.read() as view:
        decided = decisions.settlements(view)
        numbers = listing.seqs_of(view, sorted({i for decision in decided.values() for i in decision.payload["ids"]}))
        rows = {row.id: row for batch in batched(sorted(numbers.values())) for row in listing.page(view, batch)}
    found = []
    for key, decision in sorted(decided.items(), key=lambda item: item[1].id, reverse=True):
        members = tuple(rows[i] for i in decision.payload["ids"] if i in rows)
        if members:
            found.append(Conflict(key=key, request=members[0].content.request, rows=members, settled=decision))
    return found
