"""What a release is made of: the accepted examples, and what binds them to each other."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from accord.analysis.near_duplicates import near_duplicates
from accord.analysis.splits import SplitItem
from accord.domain.batches import batched
from accord.domain.canonical import request_key
from accord.domain.content import pair_text
from accord.domain.filters import Field, Op, Term, read_filter
from accord.domain.progress import Progress
from accord.domain.project import ProjectSettings
from accord.domain.releases import Part, ReleasePlan
from accord.domain.review import Origin, SetAsideReason, Status
from accord.domain.wording import _, plural
from accord.formats.answers import answer_problem
from accord.storage import listing
from accord.storage.project import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a split needs to know of an accepted example, without its text: a million of them fit in memory."""

    seq: int
    id: str
    hash: str
    request: str
    tags: tuple[str, ...]
    origin: str
    conflict: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """For each example the keys that bind it to others, and the near-duplicate pairs behind them."""

    keys: dict[str, tuple[str, ...]]
    pairs: tuple[tuple[str, str], ...]
    checked: int
    absent: tuple[SplitItem, ...]


def accepted(view: View, plan: ReleasePlan, settings: ProjectSettings) -> tuple[list[Row], list[str], list[str]]:
    """Return the accepted examples, beside them the texts that are compared, and the ids that the project now refuses.

    An answer may have been accepted before the project chose its closed list or its schema.
    """
    terms = [*read_filter(plan.where), Term(field=Field.STATUS, op=Op.IS, value=Status.ACCEPTED.value)]
    rows: list[Row] = []
    texts: list[str] = []
    unfit: list[str] = []
    for row in listing.iterate(view, terms):
        if answer_problem(row.content.answer, settings) is not None:
            unfit.append(row.id)
            continue
        texts.append(pair_text(row.content, plan.fields))
        rows.append(
            Row(
                seq=row.seq,
                id=row.id,
                hash=row.hash,
                request=request_key(row.content.request),
                tags=row.tags,
                origin=row.origin,
                conflict=row.conflict,
            )
        )
    return rows, texts, unfit


def unmet(settings: ProjectSettings, unfit: Sequence[str]) -> list[str]:
    """Say what the release leaves out because of the answer kind, and which wish of the project nothing checks yet."""
    found = []
    if unfit:
        found.append(
            plural(
                "{n} accepted answer does not fit the project's answer kind and is left out.",
                "{n} accepted answers do not fit the project's answer kind and are left out.",
                len(unfit),
            )
        )
    if settings.rules.refuse_personal_data:
        found.append(_("Personal data was not looked for: this version has no check for it."))
    return found


def _bystanders(
    view: View, fields: str, released: Collection[int], earlier: Mapping[int, Part]
) -> tuple[list[int], list[str], dict[int, str]]:
    """Return the numbers and texts of what is not released and still binds, and the requests of what was held out.

    A copy that was set aside binds the one that was kept to its own patient; what was ever held out keeps all that
    resembles it out of train. The rows of an import that was undone bind nothing.
    """
    terms = [Term(field=Field.STATUS, op=Op.IS, value=Status.SET_ASIDE.value)]
    rows = {row.seq: row for row in listing.iterate(view, terms) if row.set_aside_reason != SetAsideReason.WITHDRAWN}
    held = sorted(seq for seq, part in earlier.items() if part is Part.HELDOUT and seq not in released)
    for batch in batched(held):
        rows.update((row.seq, row) for row in listing.page(view, batch))
    texts = [pair_text(row.content, fields) for row in rows.values()]
    return list(rows), texts, {seq: request_key(rows[seq].content.request) for seq in held if seq in rows}


def linked(
    view: View,
    rows: Sequence[Row],
    texts: Sequence[str],
    *,
    plan: ReleasePlan,
    earlier: Mapping[int, Part],
    watch: Progress,
) -> Links:
    """Return what binds the accepted examples: group, request, near-duplicate; also through what is not released."""

    def step(done: int, total: int) -> None:
        watch.check()
        watch.report(done, total, _("comparing"))

    aside, aside_texts, ghosts = _bystanders(view, plan.fields, {row.seq for row in rows}, earlier)
    near = near_duplicates([*texts, *aside_texts], threshold=plan.threshold, thorough=True, progress=step)
    seqs = [*(row.seq for row in rows), *aside]
    grouped = listing.groups(view, seqs)
    keys = [[f"request:{row.request}", *(f"group:{key}" for key in sorted(grouped.get(row.seq, ())))] for row in rows]
    near_ghosts: dict[int, list[str]] = {}
    for number, cluster in enumerate(near.clusters):
        members = [index for index in cluster if index < len(rows)]
        for index in members:
            keys[index].append(f"cluster:{number}")
        for index in cluster[len(members) :]:
            if members:
                keys[members[0]] += [f"group:{key}" for key in sorted(grouped.get(seqs[index], ()))]
            near_ghosts.setdefault(seqs[index], []).append(f"cluster:{number}")
    return Links(
        keys={row.id: tuple(found) for row, found in zip(rows, keys, strict=True)},
        pairs=tuple((rows[a].id, rows[b].id) for a, b, _score in near.pairs if max(a, b) < len(rows)),
        checked=near.candidate_pairs,
        absent=tuple(
            _absent(seq, [f"request:{key}", *(f"group:{g}" for g in grouped.get(seq, ())), *near_ghosts.get(seq, ())])
            for seq, key in ghosts.items()
        ),
    )


def _absent(seq: int, links: Sequence[str]) -> SplitItem:
    """Return an example that was held out before and is not released now: it only binds what it resembles."""
    return SplitItem(
        id=f"held out before: {seq}", links=tuple(sorted(links)), tags=(), previous=Part.HELDOUT, present=False
    )


def split_item(row: Row, links: tuple[str, ...], previous: Part | None) -> SplitItem:
    """Return an accepted example as the split takes it; ``previous`` is its part in earlier releases."""
    return SplitItem(
        id=row.id,
        links=links,
        tags=row.tags,
        previous=previous,
        heldout_allowed=row.origin != Origin.GENERATED,
    )
