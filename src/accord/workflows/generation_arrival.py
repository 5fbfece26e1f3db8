"""Replies on their way into the project: compared with all that is there, and stored with their items at once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from accord.domain.generation import Made, Outcome, Reply, RunFacts, RunItem
from accord.domain.ledger import Tally, Who
from accord.domain.project import ProjectSettings
from accord.domain.records import GENERATED, RawRecord, RowFault
from accord.domain.review import Origin, SetAsideReason
from accord.domain.wording import _
from accord.formats import parcels
from accord.storage import decisions, events, generations, imports, listing, purges, states
from accord.storage import settings as project_settings
from accord.storage.project import Project, Unit, View
from accord.workflows import conflicts, indexing
from accord.workflows.generation_candidates import COMPARED, Candidate, Seed, candidate
from accord.workflows.generation_neighbours import PAIR, Met, Neighbours
from accord.workflows.generation_replies import WrongForm, read


@dataclass(slots=True)
class _Judged:
    """What became of the drafts so far, by item, and the rows that come in."""

    counts: dict[int, Counter[str]] = field(default_factory=dict)
    refused: dict[int, Counter[str]] = field(default_factory=dict)
    rows: list[tuple[int, RawRecord]] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    near: dict[str, str] = field(default_factory=dict)

    def refuse(self, number: int, reason: str) -> None:
        self.refused[number][reason] += 1
        # Without the text: it may be too like what is held out, and a deletion for good would not find it here.
        self.faults.append(RowFault(line=number, field="", reason=reason))

    def outcomes(self) -> dict[int, Outcome]:
        return {
            number: Outcome(
                new=counts["new"],
                duplicate=counts["duplicate"],
                near=counts["near"],
                refused=dict(self.refused[number]),
            )
            for number, counts in self.counts.items()
        }


def bring_in(
    *,
    project: Project,
    who: Who,
    run: RunFacts,
    items: Mapping[int, RunItem],
    replies: Sequence[Reply],
    neighbours: Neighbours,
) -> Outcome:
    """Make examples of replies and say so of their items, all in one transaction: each is stored once, or not at all.

    What is the same as an example becomes a further occurrence of it; what is nearly the same is set aside as a
    duplicate; what is close to anything that a release holds out is refused. Raises RunTaken and RunChanged.
    """
    with project.read() as view:  # what takes long is done before others wait to write
        judged, before = _judge(view, run, items, replies, neighbours), events.lengths(view)
    with project.write(who) as unit:
        try:
            if events.lengths(unit) != before:  # somebody has done something meanwhile
                judged = _judge(unit, run, items, replies, neighbours)
            import_id = _store(unit, run, judged) if judged.rows or judged.faults else None
            outcomes = judged.outcomes()
            generations.stored(unit, run.id, outcomes, _made(unit, items, judged), import_id)
            unit.commit()
        finally:
            imports.ended(unit.act)
    indexing.catch_up_if_small(project=project)
    return sum(outcomes.values(), Outcome())


def _judge(
    view: View, run: RunFacts, items: Mapping[int, RunItem], replies: Sequence[Reply], neighbours: Neighbours
) -> _Judged:
    neighbours.catch_up(view)
    judged, settings = _Judged(), project_settings.current(view)
    seeds = _seeds(view, [items[reply.number] for reply in replies])
    found: list[tuple[int, Candidate]] = []
    for reply in replies:
        judged.counts[reply.number], judged.refused[reply.number] = Counter(), Counter()
        found += _candidates(judged, run, items[reply.number], reply, seeds, settings)
    _compare(view, judged, found, neighbours, COMPARED.get(run.plan.recipe.makes, PAIR))
    return judged


def _candidates(  # noqa: PLR0917  (all that decides what becomes of a draft)
    judged: _Judged,
    run: RunFacts,
    item: RunItem,
    reply: Reply,
    seeds: Mapping[int, Seed],
    settings: ProjectSettings,
) -> list[tuple[int, Candidate]]:
    """Return the candidates of a reply; what can be none is refused."""
    try:
        told = read(reply.text, run.plan.recipe, settings)
    except WrongForm as wrong:  # the project wants another form of answers since it was asked
        judged.refuse(item.number, str(wrong))
        return []
    for reason in told.refused:
        judged.refuse(item.number, reason)
    for _surplus in told.drafts[item.start.count :]:
        judged.refuse(item.number, _("More came than was asked for."))
    found = []
    for draft in told.drafts[: item.start.count]:
        try:
            found.append((item.number, candidate(run, item, reply, draft, seeds.get(item.start.seed or 0))))
        except ValueError as problem:
            judged.refuse(item.number, str(problem))
    return found


def _compare(
    view: View, judged: _Judged, found: Sequence[tuple[int, Candidate]], neighbours: Neighbours, fields: str
) -> None:
    """Decide what becomes of each candidate."""
    contents = [made.content for _number, made in found]
    near = neighbours.of(view, contents)
    gone = purges.tombstones(view, [content.hash for content in contents])
    known = listing.seqs_of(view, [content.id for content in contents])
    taken: dict[int, str] = {}
    for place, (number, made) in enumerate(found):
        id_ = made.content.id
        met = Met() if made.beside else near.met(place, fields=fields, besides=made.besides, taken=taken)
        if made.content.hash in gone:
            judged.refuse(number, parcels.purged_fault(number).reason)
            continue
        if met.held_out or (not made.beside and id_ in known and neighbours.is_held_out(known[id_])):
            judged.refuse(number, _("It is close to an example that a release holds out."))
            continue
        if made.beside:
            what = "new"
        elif id_ in known or id_ in taken.values():
            what = "duplicate"
        else:
            what = "near" if met.example else "new"
        if what == "near":
            judged.near[id_] = met.example
        judged.counts[number][what] += 1
        judged.rows.append((number, RawRecord(line=number, content=made.content, source=made.source)))
        if not made.beside:
            taken[place] = id_


def _seeds(view: View, items: Sequence[RunItem]) -> dict[int, Seed]:
    wanted = sorted({item.start.seed for item in items if item.start.seed is not None})
    rows, originals = listing.page(view, wanted), listing.originals(view, wanted)
    sources = listing.first_sources(view, wanted)
    return {row.seq: Seed(row=row, original=originals[row.seq], source=sources[row.seq]) for row in rows}


def _store(unit: Unit, run: RunFacts, judged: _Judged) -> int:
    plan = run.plan
    title = _("{model} by {recipe}", model=plan.model, recipe=plan.recipe.name)
    mapping = {"recipe": plan.recipe.name, "recipe_version": plan.recipe.version, "run": str(run.id)}
    import_id = imports.begin(unit, file=title, sha256="", format_name=GENERATED, encoding="", mapping=mapping)
    tally = Tally()
    rows = [row for _number, row in judged.rows]
    tally.add(imports.add_rows(unit, import_id, [*rows, *judged.faults], origin=Origin.GENERATED))
    imports.finish(unit, import_id, tally)
    _set_aside(unit, judged.near)
    conflicts.refresh_requests(unit, *(row.content for row in rows))
    return import_id


def _set_aside(unit: Unit, near: Mapping[str, str]) -> None:
    """Set candidates aside that are nearly another example; a person may bring each back."""
    seqs = listing.seqs_of(unit, sorted(near))
    for example_id, other in near.items():
        comment = _("Nearly the same as {id}.", id=other)
        reason = SetAsideReason.DUPLICATE.value
        decisions.about_examples(unit, [seqs[example_id]], "set_aside", reason=reason, comment=comment)
    states.refresh(unit, seqs.values())


def _made(unit: Unit, items: Mapping[int, RunItem], judged: _Judged) -> list[Made]:
    """Return which example came of which item, those that were there before among them."""
    seqs = listing.seqs_of(unit, sorted({row.content.id for _number, row in judged.rows}))
    made = {}
    for number, row in judged.rows:
        seq, seed = seqs[row.content.id], items[number].start.seed
        if seq != seed:  # a worse answer lies beside the example itself
            made[number, seq] = Made(seq=seq, number=number, seeds=() if seed is None else (seed,))
    return list(made.values())
