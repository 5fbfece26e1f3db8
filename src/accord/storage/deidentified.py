"""Texts that were de-identified: which stand, who made them, who else has accepted them, and the way back.

A text counts as de-identified while it, or a text that came of it, is the shared text of its example; going back to a
text from before ends that. It is confirmed once a person other than its author accepted or edited it, having opened it:
a verdict in bulk and a rule's decision confirm nothing.
"""

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from accord.domain.batches import batched
from accord.domain.content import Content
from accord.domain.moments import in_utc
from accord.domain.review import Review, RevisionKind, Verdict, latest_per_reviewer
from accord.storage import decisions, events, listing, reviews, schema
from accord.storage.among import tuples
from accord.storage.project import Unit, View, meta, set_meta

_SECRET = "deidentify_secret"  # noqa: S105  (the name of a fact)
_SECRET_BYTES = 32
_CONFIRM = (Verdict.ACCEPT, Verdict.EDIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deidentified:
    """One example whose de-identified text stands: whose work and which act it was, and who else confirmed it."""

    seq: int
    author: str
    act: str
    confirmed_by: tuple[str, ...] = ()


class Behind(NamedTuple):
    """A de-identified text, as canonical JSON, and when it was made."""

    text: str
    at: str


@dataclass(slots=True)
class _Line:
    """The shared texts of one example one after the other; ``of``: the de-identification that each text rests on."""

    seq: int
    of: dict[str, Any]
    now: Any = None

    def add(self, row: Any) -> None:
        if row.kind == RevisionKind.DEIDENTIFY:
            self.of[row.hash] = row
        else:
            self.of.setdefault(row.hash, self.of.get(row.parent_hash))
        self.now = self.of[row.hash]

    def texts(self) -> set[str]:
        """Return the hashes of the texts that rest on the de-identification in force."""
        return {hash_ for hash_, row in self.of.items() if row is self.now}


def secret(view: View) -> bytes:
    """Return the project's secret that surrogates follow from; empty where there is none yet."""
    return bytes.fromhex(meta(view, _SECRET))


def make_secret(unit: Unit) -> None:
    """Give the project its secret, which no event, export or review pack holds."""
    if not secret(unit):
        set_meta(unit, _SECRET, secrets.token_hex(_SECRET_BYTES))


def groups(view: View) -> dict[int, str]:
    """Return the group of each example that has one: by the first name of the patients or matters that bind it."""
    table = schema.occurrence
    query = sa.select(table.c.seq, table.c.group_key).where(table.c.group_key != "", schema.occurrences_that_count())
    of_key: dict[str, str] = {}

    def root(key: str) -> str:
        while of_key.setdefault(key, key) != key:
            of_key[key] = of_key[of_key[key]]
            key = of_key[key]
        return key

    first: dict[int, str] = {}
    for seq, key in view.connection.execute(query):
        low, high = sorted((root(first.setdefault(seq, key)), root(key)))
        of_key[high] = low
    return {seq: root(key) for seq, key in first.items()}


def standing(view: View, seqs: Sequence[int] | None = None) -> list[Deidentified]:
    """Return the examples (among ``seqs`` where given) whose de-identified text stands, as far as one may see."""
    table = schema.revision
    marked = sa.select(table.c.seq).where(table.c.kind == RevisionKind.DEIDENTIFY.value).distinct()
    numbers = sorted(set(view.connection.execute(marked).scalars()) & set(seqs if seqs is not None else _all(view)))
    return [one for batch in batched(numbers) for one in _standing(view, batch)]


def ways(view: View, acts: Collection[str]) -> dict[str, str]:
    """Return in which way each of these acts de-identified, as far as the reader may see its event."""
    found = {act: events.find(view, act) for act in acts}
    return {act: str(event.refs.get("how", "")) for act, event in found.items() if event is not None}


def _all(view: View) -> Collection[int]:
    return set(listing.seqs(view))


def _standing(view: View, seqs: Sequence[int]) -> Iterator[Deidentified]:
    said, decided = reviews.of_examples(view, seqs), decisions.adjudicated(view, seqs)
    for line in _lines(view, seqs):
        if line.now is not None:
            names = {one.reviewer for one in _confirming(said[line.seq], line.texts())}
            decision = decided.get(line.seq)
            if decision is not None and "rule" not in decision.payload and decision.payload["verdict"] in _CONFIRM:
                names.add(decision.author)
            others = tuple(sorted(names - {line.now.author}))
            yield Deidentified(seq=line.seq, author=line.now.author, act=line.now.act, confirmed_by=others)


def _confirming(said: Sequence[Review], texts: Collection[str]) -> Iterator[Review]:
    for one in latest_per_reviewer(said):
        if one.base_hash in texts and one.verdict in _CONFIRM and not one.judgement.bulk:
            yield one


def _lines(view: View, seqs: Sequence[int]) -> Iterator[_Line]:
    table, example = schema.revision, schema.example
    columns = (table.c.seq, table.c.hash, table.c.parent_hash, table.c.kind, table.c.author, table.c.act)
    shared: dict[int, list[Any]] = defaultdict(list)
    query = sa.select(*columns).where(table.c.seq.in_(list(seqs)), table.c.of_review.is_(False)).order_by(table.c.id)
    for row in view.connection.execute(query):
        shared[row.seq].append(row)
    for seq, hash_ in view.connection.execute(sa.select(example.c.seq, example.c.hash).where(example.c.seq.in_(seqs))):
        line = _Line(seq, {hash_: None})
        for row in shared[seq]:
            line.add(row)
        yield line


def behind(view: View, released: Mapping[int, str]) -> dict[int, Behind]:
    """Return, of the examples whose text of this hash rests on a de-identification, that one.

    Texts of one review count too, for a release may have frozen one.
    """
    table, example = schema.revision, schema.example
    marked = sa.select(table.c.seq).where(table.c.kind == RevisionKind.DEIDENTIFY.value, table.c.seq.in_(released))
    numbers = sorted(set(view.connection.execute(marked).scalars()))
    if not numbers:
        return {}
    imported = sa.select(example.c.seq, example.c.hash).where(example.c.seq.in_(numbers))
    of: dict[tuple[int, str], Behind | None] = dict.fromkeys(tuples(view.connection.execute(imported)))
    columns = (table.c.seq, table.c.hash, table.c.parent_hash, table.c.kind, table.c.content, table.c.at)
    later = sa.select(*columns).where(table.c.seq.in_(numbers)).order_by(table.c.id)
    for seq, hash_, parent, kind, content, at in view.connection.execute(later):
        if kind == RevisionKind.DEIDENTIFY:
            of[seq, hash_] = Behind(content, at)
        else:
            of.setdefault((seq, hash_), of.get((seq, parent)))
    return {seq: one for seq in numbers if (one := of.get((seq, released[seq]))) is not None}


def add(unit: Unit, seq: int, before: Content, after: Content) -> None:
    """Append a de-identified text as the shared one. What was judged or decided of the text before is open again."""
    reviews.add_revision(unit, seq, after, parent=before, kind=RevisionKind.DEIDENTIFY, author=unit.actor)


def take_back(unit: Unit, act: str, seqs: Sequence[int]) -> None:
    """Append, for each of these examples that an act de-identified, the text from before as the shared one.

    It is whose it was: were it the edit of whoever takes back, an old verdict of theirs, on a text with the personal
    data in it, would count again.
    """
    table = schema.revision
    made = sa.and_(table.c.act.concat("") == act, table.c.kind == RevisionKind.DEIDENTIFY.value)
    rows = unit.connection.execute(sa.select(table).where(table.c.seq.in_(list(seqs)), made).order_by(table.c.id)).all()
    texts = listing.every_text(unit, [row.seq for row in rows])
    shared = _shared_before(unit, rows)
    for row in rows:
        hash_, editor = shared[row.seq]
        kind = RevisionKind.EDIT if editor else RevisionKind.IMPORT
        before, now = texts[row.seq, hash_], texts[row.seq, row.hash]
        reviews.add_revision(unit, row.seq, before, parent=now, kind=kind, author=editor or unit.actor)


def _shared_before(view: View, rows: Sequence[Any]) -> dict[int, tuple[str, str]]:
    """Return the hash of the text that was the shared one before each of these rows, and whose edit it was, or "".

    What was de-identified may have been a reviewer's text; with the shared one back, that review counts again.
    """
    table, example, numbers = schema.revision, schema.example, [row.seq for row in rows]
    query = sa.select(example.c.seq, example.c.hash).where(example.c.seq.in_(numbers))
    found = {row.seq: (row.hash, "") for row in view.connection.execute(query)}
    until = {row.seq: row.id for row in rows}
    shared = sa.select(table.c.seq, table.c.id, table.c.hash, table.c.kind, table.c.author).where(
        table.c.seq.in_(numbers), table.c.of_review.is_(False)
    )
    for row in view.connection.execute(shared.order_by(table.c.id)):
        if row.id < until[row.seq]:
            found[row.seq] = (row.hash, row.author if row.kind == RevisionKind.EDIT else "")
    return found


def overtaken_among(view: View, act: str, seqs: Sequence[int]) -> set[int]:
    """Return on which of these examples someone has judged, changed or decided since an act de-identified them."""
    table, review, decision = schema.revision, schema.review, schema.decision
    shared = sa.select(table.c.seq, table.c.id, table.c.hash, table.c.act, table.c.at, table.c.kind).where(
        table.c.seq.in_(list(seqs)), table.c.of_review.is_(False)
    )
    mine: dict[int, Any] = {}
    since: set[tuple[int, str]] = set()
    for row in view.connection.execute(shared.order_by(table.c.id)):
        if row.act == act and row.kind == RevisionKind.DEIDENTIFY:
            mine[row.seq] = row
        elif row.seq in mine:
            since.add((row.seq, row.act))
    judged = sa.select(review.c.seq, review.c.act, review.c.base_hash, review.c.at).where(
        review.c.seq.in_(list(mine)), review.c.verdict.is_not(None), review.c.act != act
    )
    for verdict in view.connection.execute(judged):
        one = mine[verdict.seq]
        if verdict.base_hash == one.hash and in_utc(verdict.at) >= in_utc(one.at):
            since.add((verdict.seq, verdict.act))
    decided = sa.select(decision.c.seq, decision.c.act, decision.c.at).where(
        decision.c.seq.in_(list(mine)), decision.c.kind == "adjudicate", decision.c.act != act
    )
    for made in view.connection.execute(decided):
        if in_utc(made.at) >= in_utc(mine[made.seq].at):
            since.add((made.seq, made.act))
    gone = events.taken_back_among(view, {later for _seq, later in since})
    return {seq for seq, later in since if later not in gone}
