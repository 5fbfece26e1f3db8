"""What checks found in the texts that stand, kept so that it can be listed and counted; derived, and made anew.

A row is there only while the text that it speaks of stands, is in play, and may be seen by everybody: ``refresh`` of an
example's state takes off what was found in a text that stands no more (``forget``), in the same transaction.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from accord.domain.batches import batched
from accord.domain.canonical import canonical_json
from accord.domain.dismissals import Dismissal, DismissReason, FindingCounts
from accord.domain.findings import Finding, Kind, Severity
from accord.domain.review import Status
from accord.storage import schema
from accord.storage.inserting import insert_many
from accord.storage.packing import pack, unpack
from accord.storage.project import Unit, View

#: Decisions on findings; they stand beside verdicts.
DISMISS, RESTORE = "dismiss_finding", "restore_finding"
_ROWS = 5_000  # at a time
_FINDING = (
    *("seq", "number", "kind", "rule", "severity", "message", "start", "stop"),
    *("details", "mark", "dismissed"),
)


class Marked(NamedTuple):
    """A finding and what it is known by."""

    finding: Finding
    mark: str


class Tally(NamedTuple):
    """How many findings of a rule there are, ``dismissed`` for one reason or, where that is empty, open."""

    kind: str
    rule: str
    severity: str
    dismissed: str
    findings: int
    examples: int


def in_play() -> sa.ColumnElement[bool]:
    """Return the condition on states of the examples that are checked: what is set aside is not."""
    return schema.example_state.c.status != Status.SET_ASIDE.value


def store(
    unit: Unit, found: Mapping[tuple[int, str], Sequence[Marked]], *, fingerprint: str, kinds: Collection[Kind]
) -> int:
    """Store what was found in texts, by (number, hash); what stands no more is left out. Returns how many examples.

    ``kinds``: what was looked for (none named: every kind). What was found of other kinds by the same settings stays.
    """
    stored = 0
    by = _checkings(unit)
    for batch in batched(sorted(found)):
        hashes = dict(batch)
        standing = _standing(unit, hashes)
        before = _before(unit, standing, fingerprint, by) if kinds else {}
        for wanted in {before.get(seq, ()) for seq in standing} or {()}:
            seqs = [seq for seq in standing if before.get(seq, ()) == wanted]
            looked = tuple(sorted({*wanted, *kinds})) if kinds else ()
            _replace(unit, {seq: found[seq, hashes[seq]] for seq in seqs}, kinds if wanted else ())
            checking = _checking(unit, fingerprint, looked, by)
            rows = [(seq, hashes[seq], checking) for seq in seqs]
            insert_many(unit, schema.checked, ("seq", "hash", "checking_id"), rows)
        stored += len(standing)
    return stored


def _standing(unit: Unit, hashes: Mapping[int, str]) -> list[int]:
    state = schema.example_state
    query = sa.select(state.c.seq, state.c.hash).where(state.c.seq.in_(list(hashes)), in_play())
    return [row.seq for row in unit.connection.execute(query) if row.hash == hashes[row.seq]]


def _before(
    unit: Unit, seqs: Sequence[int], fingerprint: str, by: Mapping[tuple[str, tuple[str, ...]], int]
) -> dict[int, tuple[str, ...]]:
    """Return for which kinds by these settings each of these texts was looked at before."""
    named = {number: kinds for (print_, kinds), number in by.items() if print_ == fingerprint}
    table = schema.checked
    query = sa.select(table.c.seq, table.c.checking_id).where(table.c.seq.in_(seqs))
    return {row.seq: named.get(row.checking_id, ()) for row in unit.connection.execute(query)}


def _replace(unit: Unit, found: Mapping[int, Sequence[Marked]], kinds: Collection[Kind]) -> None:
    """Put what was found in place of what is there; where ``kinds`` are named, of what is there of those kinds."""
    table, seqs = schema.finding, list(found)
    of_kinds = [table.c.kind.in_([kind.value for kind in kinds])] if kinds else []
    unit.connection.execute(sa.delete(table).where(table.c.seq.in_(seqs), *of_kinds))
    unit.connection.execute(sa.delete(schema.checked).where(schema.checked.c.seq.in_(seqs)))
    first: dict[int, int] = {}
    if kinds:
        newest = sa.select(table.c.seq, sa.func.max(table.c.number)).where(table.c.seq.in_(seqs)).group_by(table.c.seq)
        first = {row[0]: row[1] + 1 for row in unit.connection.execute(newest)}
    said = dismissals(unit, [seq for seq in seqs if found[seq]])
    rows = [
        _row(seq, number, one, said.get(seq, {}))
        for seq in seqs
        for number, one in enumerate(found[seq], first.get(seq, 0))
    ]
    insert_many(unit, table, _FINDING, rows)


def _row(seq: int, number: int, one: Marked, said: Mapping[str, Dismissal]) -> tuple[object, ...]:
    finding, dismissal = one.finding, said.get(one.mark)
    place = (finding.message, finding.start, finding.end)
    names = (finding.kind.value, finding.rule, finding.severity.value)
    reason = dismissal.reason.value if dismissal else ""
    return (seq, number, *names, *place, canonical_json(dict(finding.details)), one.mark, reason)


def _checkings(view: View) -> dict[tuple[str, tuple[str, ...]], int]:
    rows = view.connection.execute(sa.select(schema.checking))
    return {(row.fingerprint, tuple(unpack(row.kinds))): row.id for row in rows}


def _checking(unit: Unit, fingerprint: str, kinds: tuple[str, ...], by: dict[tuple[str, tuple[str, ...]], int]) -> int:
    if (fingerprint, kinds) not in by:
        values = {"fingerprint": fingerprint, "kinds": pack(kinds) if kinds else ""}
        made = unit.connection.execute(sa.insert(schema.checking).values(**values)).inserted_primary_key
        by[fingerprint, kinds] = int(made[0]) if made else 0
    return by[fingerprint, kinds]


def forget(unit: Unit, seqs: Sequence[int]) -> None:
    """Take off what was found in texts of these examples that stand no more, or are in play no more."""
    for table in (schema.checked, schema.finding):  # in this order, which a server asks for (``grants``)
        if seqs:
            unit.connection.execute(sa.delete(table).where(table.c.seq.in_(list(seqs))))


def forget_dated(unit: Unit, import_id: int) -> None:
    """Take off what was found in texts that an import gives the dates of their sources: some rules go by these."""
    table, known = schema.occurrence, schema.checked
    dated = sa.select(table.c.seq).join(known, known.c.seq == table.c.seq)
    dated = dated.where(table.c.import_id == import_id, table.c.source_date != "").distinct()
    for batch in batched(unit.connection.execute(dated).scalars().all()):
        forget(unit, batch)


def of_text(view: View, seq: int, hash_: str) -> list[Marked]:
    """Return what is stored of one text, in its order; nothing where another text was checked."""
    table, checked = schema.finding, schema.checked
    query = sa.select(table).join(checked, checked.c.seq == table.c.seq)
    wanted = query.where(table.c.seq == seq, checked.c.hash == hash_)
    return [_marked(row) for row in view.connection.execute(wanted.order_by(*_IN_ORDER))]


_IN_ORDER = [schema.finding.c[name] for name in ("message", "start", "stop", "rule", "number")]


def of_examples(view: View, seqs: Sequence[int], kinds: Collection[Kind] = ()) -> dict[int, list[tuple[Marked, str]]]:
    """Return what is stored of these examples (of these kinds), each with the reason of its dismissal or ""."""
    table = schema.finding
    found: dict[int, list[tuple[Marked, str]]] = defaultdict(list)
    of_kinds = [table.c.kind.in_([kind.value for kind in kinds])] if kinds else []
    query = sa.select(table).where(table.c.seq.in_(list(seqs)), *of_kinds).order_by(table.c.seq, *_IN_ORDER)
    for row in view.connection.execute(query):
        found[row.seq].append((_marked(row), row.dismissed))
    return found


def _marked(row: sa.Row[Any]) -> Marked:
    finding = Finding(
        kind=Kind(row.kind),
        rule=row.rule,
        severity=Severity(row.severity),
        message=row.message,
        start=row.start,
        end=row.stop,
        details=json.loads(row.details),
    )
    return Marked(finding, row.mark)


def dismissals(view: View, seqs: Sequence[int]) -> dict[int, dict[str, Dismissal]]:
    """Return the dismissals in force on findings of these examples, by their marks."""
    table = schema.decision
    found: dict[int, dict[str, Dismissal]] = defaultdict(dict)
    for batch in batched(seqs):
        query = sa.select(table).where(table.c.seq.in_(batch), table.c.kind.in_((DISMISS, RESTORE)))
        for row in view.connection.execute(query.order_by(table.c.id)):
            mark = str(json.loads(row.payload)["mark"])
            found[row.seq].pop(mark, None)
            if row.kind == DISMISS:
                about = {"comment": row.comment, "author": row.author, "at": row.at}
                found[row.seq][mark] = Dismissal(mark=mark, reason=DismissReason(row.reason), **about)
    return found


def note_dismissals(unit: Unit, seqs: Sequence[int]) -> None:
    """Write on the findings of these examples which decision is in force on them, in the transaction that made it."""
    table = schema.finding
    for seq, reasons in _noted(unit, seqs).items():
        for mark, reason in reasons.items():
            here = sa.and_(table.c.seq == seq, table.c.mark == mark)
            unit.connection.execute(sa.update(table).where(here).values(dismissed=reason))


def _noted(view: View, seqs: Sequence[int]) -> dict[int, dict[str, str]]:
    """Return what is to be written on findings of these examples and is not, by mark."""
    table, said = schema.finding, dismissals(view, seqs)
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for batch in batched(seqs):
        query = sa.select(table.c.seq, table.c.mark, table.c.dismissed).where(table.c.seq.in_(batch))
        for row in view.connection.execute(query):
            dismissal = said.get(row.seq, {}).get(row.mark)
            reason = dismissal.reason.value if dismissal else ""
            if row.dismissed != reason:
                found[row.seq][row.mark] = reason
    return found


def tallies(view: View) -> list[Tally]:
    """Return how many findings there are of each rule, open and by the reason of their dismissal."""
    table = schema.finding
    by = (table.c.dismissed, table.c.rule, table.c.kind, table.c.severity)
    amounts = (sa.func.count(), sa.func.count(sa.distinct(table.c.seq)))
    return [
        Tally(row.kind, row.rule, row.severity, row.dismissed, row[4], row[5])
        for row in view.connection.execute(sa.select(*by, *amounts).group_by(*by).order_by(*by))
    ]


class Row(NamedTuple):
    """What is counted of one finding."""

    seq: int
    kind: str
    rule: str
    severity: str
    dismissed: str


def listed(view: View, status: Status | None = None) -> Iterator[Row]:
    """Yield all findings, in examples of one status where it is given."""
    table, state = schema.finding, schema.example_state
    query = sa.select(table.c.seq, table.c.kind, table.c.rule, table.c.severity, table.c.dismissed)
    if status is not None:
        query = query.join(state, state.c.seq == table.c.seq).where(state.c.status == status.value)
    for row in view.connection.execute(query, execution_options={"yield_per": _ROWS}):
        yield Row(*row)


def counted(rows: Iterable[Row], guessing: Collection[str] = ()) -> FindingCounts:
    """Return how many of these there are; what rules of these names find counts as no proof of personal data."""
    found: Counter[str] = Counter()
    dismissed: Counter[str] = Counter()
    examples: dict[str, set[int]] = defaultdict(set)
    personal: set[int] = set()
    for row in rows:
        if row.dismissed:
            dismissed[row.dismissed] += 1
            continue
        found[row.severity] += 1
        examples[row.severity].add(row.seq)
        if row.kind == Kind.PERSONAL and row.severity == Severity.ERROR and row.rule not in guessing:
            personal.add(row.seq)
    return FindingCounts(
        open=dict(sorted(found.items())),
        examples={severity: len(seqs) for severity, seqs in sorted(examples.items())},
        dismissed=dict(sorted(dismissed.items())),
        personal=len(personal),
    )


def rebuild(unit: Unit) -> None:
    """Take off what is not of a text that stands, and write anew which findings are dismissed."""
    state, table = schema.example_state, schema.checked
    same = sa.exists().where(state.c.seq == table.c.seq, state.c.hash == table.c.hash, in_play())
    unit.connection.execute(sa.delete(table).where(sa.not_(same)))
    found = schema.finding
    unit.connection.execute(sa.delete(found).where(found.c.seq.not_in(sa.select(table.c.seq))))
    note_dismissals(unit, _spoken_of(unit))


def differences(view: View) -> list[int]:
    """Return the examples of which something is stored that their rows do not say."""
    state, table, found = schema.example_state, schema.checked, schema.finding
    same = sa.exists().where(state.c.seq == table.c.seq, state.c.hash == table.c.hash, in_play())
    orphans = sa.select(found.c.seq).where(found.c.seq.not_in(sa.select(table.c.seq)))
    wrong = {seq for query in (sa.select(table.c.seq).where(sa.not_(same)), orphans) for seq in _numbers(view, query)}
    return sorted(wrong | set(_noted(view, _spoken_of(view))))


def _spoken_of(view: View) -> list[int]:
    """Return the examples with a finding that is, or was, dismissed."""
    table, decision = schema.finding, schema.decision
    noted = _numbers(view, sa.select(table.c.seq).where(table.c.dismissed != ""))
    return sorted(noted | _numbers(view, sa.select(decision.c.seq).where(decision.c.kind.in_((DISMISS, RESTORE)))))


def _numbers(view: View, query: sa.Select[Any]) -> set[int]:
    return {row[0] for row in view.connection.execute(query)}
