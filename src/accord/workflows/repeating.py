"""The lone expert's second look: a few of one's own examples come back blind, to see how well one agrees with oneself.

The second verdict is stored as a repeat, in a round of its own, and counts for nothing: where an example stands does
not change by it. Where the two differ the person is asked. Her answer, "keep the first" or "take the second", is an
ordinary review again, a copy of the one she chose, which can be undone like any other.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from accord.analysis.agreement.proportions import wilson
from accord.analysis.spreading import by_lot
from accord.domain.agreement import Agreement, Figure
from accord.domain.batches import batched
from accord.domain.content import Content
from accord.domain.disagreements import Version
from accord.domain.errors import NotFound, Refused, WrongUsage
from accord.domain.history import ExampleDetail, ExampleRow
from accord.domain.ledger import Who
from accord.domain.moments import in_utc, now
from accord.domain.people import Role
from accord.domain.project_agreement import Question
from accord.domain.review import Judgement, Review, Verdict
from accord.domain.wording import _, plural
from accord.storage import assignments, events, listing, repeats, reviews, states
from accord.storage import settings as project_settings
from accord.storage.assignments import Assignment
from accord.storage.project import Project, View
from accord.storage.repeats import Pair
from accord.workflows import conflicts, permissions, reviewing
from accord.workflows.agreement_sentences import of_oneself
from accord.workflows.calibrating import versions_of

SHARE = 0.05
AFTER_DAYS = 7
_KIND = "repeat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """How many examples come back now, of how many that are old enough; the act that can be undone (empty: none)."""

    reviewer: str
    planned: int
    judged: int
    act: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """An example that its reviewer judged differently the second time, and has not said which one stands."""

    seq: int
    id: str
    base: Content
    first: Version
    second: Version


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAgreement:
    """How well a person agrees with herself: the share of equal verdicts (Wilson), alpha, each question, a sentence."""

    reviewer: str
    n: int
    share: Figure
    alpha: Figure
    questions: tuple[tuple[Question, Agreement], ...]
    differing: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLooks:
    """How a person's second looks stand: how many are ``left``, the share that is alike, what she has to say to."""

    reviewer: str
    left: int
    share: Figure
    open: tuple[Differs, ...]
    sentence: str


def plan_repeats(
    *,
    project: Project,
    who: Who,
    reviewer: str = "",
    share: float = SHARE,
    after_days: int = AFTER_DAYS,
    seed: int = 0,
) -> Planned:
    """Let that share of one's own judged examples come back blind, those judged so many days ago, drawn by lot.

    Asked again later, it tops up to the share. Left out is what was judged in bulk, set aside or adjudicated, and what
    has another text since. ``reviewer``: somebody else's own examples. Raises OnlyFor and WrongUsage.
    """
    permissions.require(project=project, role=Role.LEAD, act=_("say who reviews what"))
    if not 0 < share <= 1 or after_days < 0:
        raise WrongUsage(_("The share is from 0 to 1, and the days are not negative."))
    name = reviewer or _me(project, who)
    return _plan(project=project, who=who, name=name, share=share, after_days=after_days, seed=seed, kind="assign")


def come_back(*, project: Project, who: Who) -> int:
    """Let what is due of one's own come back, as the project says; return how many examples do.

    For whoever works, each time she begins: it is nothing that one would undo. A person whom others gave work gets
    what a lead plans for her.
    """
    share = share_of(project=project)
    if not share or project.pack is not None or not permissions.leads(project=project):
        return 0
    with project.read() as view:  # so that nothing is written where nothing is due
        if not _due(view, _me(project, who), share, AFTER_DAYS, seed=0).chosen:
            return 0
    name = _me(project, who)
    plan = _plan(project=project, who=who, name=name, share=share, after_days=AFTER_DAYS, seed=0, kind="repeats")
    return plan.planned


def share_of(*, project: Project) -> float:
    """Return the share of one's own that comes back by itself: the project's, else the usual one."""
    with project.read() as view:
        given = project_settings.current(view).second_looks
    return usual_share(project=project) if given is None else given


def usual_share(*, project: Project) -> float:
    """Return the share that comes back where the project names none: for who works alone, where nobody is listed."""
    return SHARE if project.person is None else 0.0


def waiting(*, project: Project, person: str) -> "array[int]":
    """Return the numbers of the examples that wait for a person's second look."""
    with project.read() as view:
        return array("q", sorted(_waiting(view, person)))


def untouched(*, project: Project, numbers: Sequence[int], person: str) -> list[ExampleRow]:
    """Return list rows, in this order; those that wait for a person's second look as if nobody had judged them."""
    with project.read() as view:
        rows = listing.page(view, numbers)
        hidden = _waiting(view, person, [row.seq for row in rows])
        derived = {found.row["seq"]: found for found in states.derive(view, sorted(hidden), judged=False)}
    return [_unjudged(row, derived[row.seq]) if row.seq in derived else row for row in rows]


def waits(*, project: Project, person: str, number: int) -> bool:
    """Say whether an example waits for a person's second look."""
    with project.read() as view:
        return number in _waiting(view, person, [number])


def blind(*, project: Project, example_id: str) -> ExampleDetail:
    """Return an example as it was before anybody judged it: no verdict, edit, comment, nor the tags that came of them.

    Raises NotFound.
    """
    with project.read() as view:
        seq = listing.seq_of(view, example_id)
        detail = None if seq is None else listing.detail(view, seq)
        if seq is None or detail is None:
            raise NotFound(_("example"), example_id)
        found = next(states.derive(view, [seq], judged=False))
    shared = tuple(revision for revision in detail.revisions if not revision.of_review)
    row = _unjudged(detail.row, found)
    return replace(detail, row=row, revisions=shared, reviews=(), decisions=())


def judge_again(
    *, project: Project, who: Who, example_id: str, judgement: Judgement, base_hash: str | None = None
) -> reviewing.Reviewed:
    """Store a second, blind judgement. Raises Refused where none is asked for, and what ``reviewing.submit`` raises."""
    name = _me(project, who)
    with project.read() as view:
        seq = listing.seq_of(view, example_id)
        given = {} if seq is None else _waiting(view, name, [seq])
    if seq is None or seq not in given:
        raise Refused(_("This example does not wait for a second look of yours."))
    return reviewing.submit(
        project=project,
        who=who,
        example_id=example_id,
        judgement=replace(judgement, repeat=True),
        base_hash=base_hash,
        review_round=given[seq],
    )


def questions(*, project: Project, person: str) -> list[Differs]:
    """Return where a person's second look differs and she has not said yet which one stands."""
    with project.read() as view:
        open_ = _open(view, person)
        versions = versions_of(view, {pair.seq: [pair.now, pair.second] for pair, _row, _base in open_})
    return [
        Differs(seq=pair.seq, id=row.id, base=base, first=versions[pair.seq][0], second=versions[pair.seq][1])
        for pair, row, base in open_
    ]


def settle(*, project: Project, who: Who, example_id: str, take_second: bool) -> str:
    """Keep one's first verdict or take the second; return the act, which can be undone. Raises Refused and LooksOn."""
    permissions.require_listed(project=project, act=_("give a verdict"))
    name = _me(project, who)
    with project.write(who) as unit:
        seq = listing.seq_of(unit, example_id)
        pair = next((pair for pair, _row, _base in _open(unit, name) if pair.seq == seq), None)
        if pair is None:
            raise Refused(_("There is nothing to choose here any more."))
        chosen = pair.second if take_second else pair.now
        before = listing.texts(unit, [pair.seq])
        rounds = assignments.rounds(unit, [pair.seq])
        reviews.append_again(unit, pair.seq, name, chosen, review_round=rounds.get(pair.seq, 1), anew=True)
        states.refresh(unit, [pair.seq])
        conflicts.refresh_requests(unit, *before.values(), *listing.texts(unit, [pair.seq]).values())
        refs = {"example": example_id, "reviewer": name, "base": chosen.base_hash}
        events.append(unit, "review", refs | {"verdict": chosen.judgement.verdict.value})
        unit.commit()
    return unit.act


def self_agreement(*, project: Project, person: str) -> OwnAgreement:
    """Measure how well a person agrees with herself, by what she said first and again of the same text."""
    from accord.analysis.agreement.judgements import by_question  # scipy is loaded for figures alone

    with project.read() as view:
        pairs = _same_text(repeats.pairs(view, person))
        ids = dict(zip(seqs := sorted(pair.seq for pair in pairs), listing.ids_of(view, seqs), strict=True))
    judged = [{"first": pair.first.judgement, "second": pair.second.judgement} for pair in pairs]
    measured = by_question(judged, ("first", "second"))
    share = _share(pairs)
    return OwnAgreement(
        reviewer=person,
        n=len(pairs),
        share=share,
        alpha=measured[0][1].figures["krippendorff_alpha"],
        questions=tuple(measured),
        differing=tuple(ids[pair.seq] for pair in pairs if _differ(pair.first, pair.second)),
        sentence=_sentence(project, person, share),
    )


def second_looks(*, project: Project, person: str) -> SecondLooks:
    """Return what came of a person's second looks, without the figures that take long to work out."""
    with project.read() as view:
        left = len(_waiting(view, person))
        share = _share(_same_text(repeats.pairs(view, person)))
    return SecondLooks(
        reviewer=person,
        left=left,
        share=share,
        open=tuple(questions(project=project, person=person)),
        sentence=_sentence(project, person, share),
    )


def _same_text(pairs: Sequence[Pair]) -> list[Pair]:
    return [pair for pair in pairs if pair.first.base_hash == pair.second.base_hash]


def _share(pairs: Sequence[Pair]) -> Figure:
    same = sum(pair.first.judgement.verdict is pair.second.judgement.verdict for pair in pairs)
    return wilson(same, len(pairs), none=_("Nothing has come back to be judged again yet."))


def _sentence(project: Project, person: str, share: Figure) -> str:
    return of_oneself(person, share, me=project.person is None or project.person.name == person)


def _me(project: Project, who: Who) -> str:
    return project.person.name if project.person else who.actor


def _plan(*, project: Project, who: Who, name: str, share: float, after_days: int, seed: int, kind: str) -> Planned:
    with project.write(who) as unit:
        due = _due(unit, name, share, after_days, seed)
        if due.chosen:
            rounds = assignments.highest_round(unit, due.chosen)
            new = [Assignment(seq=seq, reviewer=name, kind=_KIND, round=rounds[seq] + 1) for seq in due.chosen]
            assignments.add(unit, new)
            events.append(unit, kind, {"count": len(due.chosen), "double": 0, "reviewers": [name], "new": []})
            unit.commit()
    return Planned(
        reviewer=name,
        planned=len(due.chosen),
        judged=due.judged,
        act=unit.act if due.chosen else "",
        sentence=_planned(len(due.chosen), after_days),
    )


class _Due(NamedTuple):
    chosen: list[int]
    judged: int


def _due(view: View, name: str, share: float, after_days: int, seed: int) -> _Due:
    """Return what comes back now, of how many that are old enough."""
    until = in_utc((datetime.fromisoformat(now()).astimezone(UTC) - timedelta(days=after_days)).isoformat())
    begun = {one.seq for one in _given(view, name)} | repeats.begun(view, name)
    fitting = {id_: seq for seq, id_ in repeats.judged_until(view, name, until).items() if seq not in begun}
    missing = ceil(Fraction(str(share)) * (len(fitting) + len(begun))) - len(begun)
    chosen = sorted(fitting[id_] for id_ in by_lot(list(fitting), seed)[: max(missing, 0)])
    return _Due(chosen, len(fitting) + len(begun))


def _given(view: View, person: str, seqs: Sequence[int] | None = None) -> list[Assignment]:
    return assignments.in_force(view, now(), seqs=seqs, reviewer=person, kind=_KIND)


def _waiting(view: View, person: str, seqs: Sequence[int] | None = None) -> dict[int, int]:
    """Return the round of each example (of these) that waits for a person's second look."""
    given = {one.seq: one.round for one in _given(view, person, seqs)}
    said = assignments.judged(view, sorted(given))
    left = {seq: number for seq, number in given.items() if (seq, person, number) not in said}
    kept = repeats.still_in_play(view, sorted(left))
    return {seq: number for seq, number in left.items() if seq in kept}


def _unjudged(row: ExampleRow, found: states.Derived) -> ExampleRow:
    return replace(
        row,
        status=found.row["status"],
        decided_by="",
        hash=found.current.hash,
        tags=states.unpack(found.row["tags"]),
        reviewers=(),
        conflict=False,  # an open conflict is one of accepted answers
        last_review="",
        content=found.current,
        edited=found.current.hash != found.original.hash,
    )


def _open(view: View, person: str) -> list[tuple[Pair, ExampleRow, Content]]:
    """Return the pairs that differ and wait for an answer, each with the text that was judged twice."""
    asked = [p for p in repeats.pairs(view, person) if _differ(p.now, p.second) and p.now.place < p.second.place]
    in_play = repeats.still_in_play(view, sorted(pair.seq for pair in asked))
    found = []
    for part in batched([pair for pair in asked if pair.seq in in_play]):
        bases = listing.bases(view, [pair.seq for pair in part])
        rows = {row.seq: row for row in listing.page(view, [pair.seq for pair in part])}
        found += [
            (pair, rows[pair.seq], bases[pair.seq])
            for pair in part
            if pair.now.base_hash == pair.second.base_hash == bases[pair.seq].hash
        ]
    return found


def _differ(one: Review, other: Review) -> bool:
    texts = {Verdict.ACCEPT, Verdict.EDIT}
    said = (one.judgement, other.judgement)
    if said[0].verdict is not said[1].verdict or set(said[0].tags) != set(said[1].tags):
        return True
    return said[0].verdict in texts and one.result_hash != other.result_hash


def _planned(count: int, days: int) -> str:
    if not count:
        return _("Nothing comes back now: what was judged {days} days ago or before has had its share.", days=days)
    return plural(
        "{n} example comes back, without what was said of it.",
        "{n} examples come back, without what was said of them.",
        count,
    )
