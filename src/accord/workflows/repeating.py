"""The lone expert's second look: a few of one's own examples come back blind, to see how well one agrees with oneself.

The second verdict is stored as a repeat, in a round of its own, and counts for nothing: where an example stands does
not change by it. Where the two differ the person is asked. Her answer, "keep the first" or "take the second", is an
ordinary review again, a copy of the one she chose, which can be undone like any other.
"""

from array import array
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil

from accord.analysis.agreement.judgements import by_question
from accord.analysis.agreement.proportions import wilson
from accord.analysis.spreading import by_lot
from accord.domain.agreement import Agreement, Figure
from accord.domain.batches import batched
from accord.domain.content import Content
from accord.domain.disagreements import Version
from accord.domain.errors import NotFound, Refused, WrongUsage
from accord.domain.filters import Field, Op, Term
from accord.domain.history import ExampleDetail
from accord.domain.ledger import Who
from accord.domain.moments import in_utc, now
from accord.domain.people import Role
from accord.domain.project_agreement import Question
from accord.domain.review import DecidedBy, Judgement, Review, Status, Verdict
from accord.domain.wording import _, plural
from accord.storage import assignments, events, listing, repeats, reviews, states
from accord.storage.assignments import Assignment
from accord.storage.project import Project, Unit, View
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
    until = in_utc((datetime.fromisoformat(now()).astimezone(UTC) - timedelta(days=after_days)).isoformat())
    with project.write(who) as unit:
        given = {a.seq for a in assignments.in_force(unit, now(), reviewer=name) if a.kind == _KIND}
        begun = given | {pair.seq for pair in repeats.pairs(unit, name)}
        fitting = {seq: id_ for seq, id_ in _judged_before(unit, name, until).items() if seq not in begun}
        missing = ceil(Fraction(str(share)) * (len(fitting) + len(begun))) - len(begun)
        by_id = {id_: seq for seq, id_ in fitting.items()}
        chosen = sorted(by_id[id_] for id_ in by_lot(list(by_id), seed)[: max(missing, 0)])
        if chosen:
            rounds = assignments.highest_round(unit, chosen)
            new = [Assignment(seq=seq, reviewer=name, kind=_KIND, round=rounds[seq] + 1) for seq in chosen]
            assignments.add(unit, new)
            events.append(unit, "assign", {"count": len(chosen), "double": 0, "reviewers": [name], "new": []})
            unit.commit()
    return Planned(
        reviewer=name,
        planned=len(chosen),
        judged=len(fitting) + len(begun),
        act=unit.act if chosen else "",
        sentence=_planned(len(chosen), after_days),
    )


def waiting(*, project: Project, person: str) -> "array[int]":
    """Return the numbers of the examples that wait for a person's second look."""
    with project.read() as view:
        given = _given(view, person)
        rows = {row.seq: row for row in listing.page(view, sorted(given))}
        said = assignments.judged(view, sorted(given))
    kept = (seq for seq, row in rows.items() if row.status != Status.SET_ASIDE and not _adjudicated(row.decided_by))
    return array("q", sorted(seq for seq in kept if (seq, person, given[seq].round) not in said))


def blind(*, project: Project, example_id: str) -> ExampleDetail:
    """Return an example as it was before anybody judged it: no verdict, edit, comment, nor the tags that came of them.

    Raises NotFound.
    """
    with project.read() as view:
        seq = listing.seq_of(view, example_id)
        detail = None if seq is None else listing.detail(view, seq)
        if seq is None or detail is None:
            raise NotFound(_("example"), example_id)
        untouched = next(states.derive(view, [seq], judged=False))
    row = replace(
        detail.row,
        status=untouched.row["status"],
        decided_by="",
        hash=untouched.current.hash,
        tags=states.unpack(untouched.row["tags"]),
        reviewers=(),
        last_review="",
        content=untouched.current,
        edited=untouched.current.hash != untouched.original.hash,
    )
    shared = tuple(revision for revision in detail.revisions if not revision.of_review)
    return replace(detail, row=row, revisions=shared, reviews=(), decisions=())


def judge_again(
    *, project: Project, who: Who, example_id: str, judgement: Judgement, base_hash: str | None = None
) -> reviewing.Reviewed:
    """Store a second, blind judgement. Raises Refused where none is asked for, and what ``reviewing.submit`` raises."""
    name = _me(project, who)
    with project.read() as view:
        seq = listing.seq_of(view, example_id)
        given = {} if seq is None else _given(view, name)
    if seq is None or seq not in waiting(project=project, person=name):
        raise Refused(_("This example does not wait for a second look of yours."))
    return reviewing.submit(
        project=project,
        who=who,
        example_id=example_id,
        judgement=replace(judgement, repeat=True),
        base_hash=base_hash,
        review_round=given[seq].round,
    )


def questions(*, project: Project, person: str) -> list[Differs]:
    """Return where a person's second look differs and she has not said yet which one stands."""
    with project.read() as view:
        return [
            Differs(seq=pair.seq, id=listing.ids_of(view, [pair.seq])[0], base=base, first=first, second=second)
            for pair, base in _open(view, person)
            for first, second in [versions_of(view, pair.seq, [pair.now, pair.second])]
        ]


def settle(*, project: Project, who: Who, example_id: str, take_second: bool) -> str:
    """Keep one's first verdict or take the second; return the act, which can be undone. Raises Refused."""
    name = _me(project, who)
    with project.write(who) as unit:
        seq = listing.seq_of(unit, example_id)
        pair = next((pair for pair, _base in _open(unit, name) if pair.seq == seq), None)
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
    with project.read() as view:
        pairs = [pair for pair in repeats.pairs(view, person) if pair.first.base_hash == pair.second.base_hash]
        ids = {pair.seq: listing.ids_of(view, [pair.seq])[0] for pair in pairs}
    judged = [{"first": pair.first.judgement, "second": pair.second.judgement} for pair in pairs]
    measured = by_question(judged, ("first", "second"))
    same = sum(one["first"].verdict is one["second"].verdict for one in judged)
    share = wilson(same, len(pairs), none=_("Nothing has come back to be judged again yet."))
    me = project.person is None or project.person.name == person
    return OwnAgreement(
        reviewer=person,
        n=len(pairs),
        share=share,
        alpha=measured[0][1].figures["krippendorff_alpha"],
        questions=tuple(measured),
        differing=tuple(ids[pair.seq] for pair in pairs if _differ(pair.first, pair.second)),
        sentence=of_oneself(person, share, me=me),
    )


def _me(project: Project, who: Who) -> str:
    return project.person.name if project.person else who.actor


def _adjudicated(decided_by: str) -> bool:
    return decided_by == DecidedBy.ADJUDICATED


def _judged_before(unit: Unit, name: str, until: str) -> dict[int, str]:
    """Return the ids, by number, of what a person judged one by one until a moment and whose text still stands."""
    found: dict[int, str] = {}
    for part in batched(listing.seqs(unit, [Term(field=Field.REVIEWER, op=Op.IS, value=name)])):
        said, bases = reviews.newest_of(unit, part), listing.bases(unit, part)
        for row in listing.page(unit, part):
            mine = said.get((row.seq, name))
            if mine is None or mine.verdict is None or mine.judgement.bulk or in_utc(mine.at) > until:
                continue
            gone = row.status == Status.SET_ASIDE or _adjudicated(row.decided_by)
            if not gone and mine.base_hash == bases[row.seq].hash:
                found[row.seq] = row.id
    return found


def _given(view: View, person: str) -> dict[int, Assignment]:
    given = assignments.in_force(view, now(), reviewer=person)
    return {one.seq: one for one in given if one.kind == _KIND}


def _open(view: View, person: str) -> list[tuple[Pair, Content]]:
    """Return the pairs that differ and wait for an answer, each with the text that was judged twice."""
    found = []
    for pair in repeats.pairs(view, person):
        row, base = listing.page(view, [pair.seq])[0], listing.base_of(view, pair.seq)
        asked = _differ(pair.now, pair.second) and pair.now.place < pair.second.place
        same_text = pair.now.base_hash == pair.second.base_hash == base.hash
        if asked and same_text and row.status != Status.SET_ASIDE and not _adjudicated(row.decided_by):
            found.append((pair, base))
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
