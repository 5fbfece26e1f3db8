"""Calibration: all review the same examples, see how well they agree, change the guideline, and begin again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from accord.analysis.diffs import edit_size
from accord.analysis.spreading import spread
from accord.domain.agreement import Figure, Measured
from accord.domain.calibration import CalibrationResult, CalibrationRound, ToDiscuss
from accord.domain.disagreements import Version
from accord.domain.errors import Refused, WrongUsage
from accord.domain.filters import Field, Op, Term, read_filter
from accord.domain.ledger import Who
from accord.domain.moments import in_utc, now
from accord.domain.people import Role
from accord.domain.review import Review, Status, Verdict
from accord.domain.wording import _, between, decimals, number, percent, plural
from accord.storage import assignments, calibrations, events, listing, reviews
from accord.storage import settings as project_settings
from accord.storage.assignments import Reviewable
from accord.storage.calibrations import StoredRound
from accord.storage.project import Project, Unit, View
from accord.workflows import assigning, naming, needed, permissions
from accord.workflows.naming import Met
from accord.workflows.needed import Raised

ITEMS = 20
THRESHOLD = 0.6
_TWO = 2
_POOL = 10  # so many times the examples that are wanted are looked at for their sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A new round, the act that can be undone, the sentence that says what was given out, and who was listed."""

    round: CalibrationRound
    act: str
    sentence: str
    met: Met


def begin(
    *,
    project: Project,
    who: Who,
    reviewers: Sequence[str],
    items: int = ITEMS,
    threshold: float = THRESHOLD,
    seed: int = 0,
    where: str = "",
    new: bool = False,
) -> Begun:
    """Draw examples that nobody has judged, spread over tags and sources, and give them all to each of these people.

    They wait until everybody has judged them, so that all judge blind; the verdicts are ordinary reviews. Examples of
    earlier rounds are not drawn again, and those nobody is to review come first. Where no reviewer is listed yet, or
    with ``new``, these people become reviewers of the project. Raises OnlyFor, WrongUsage, BadFilter, NotListed, and
    Refused while a round is open.
    """
    permissions.require(project=project, role=Role.LEAD, act=_("begin a calibration round"))
    names = assigning.names_of(reviewers)
    if len(names) < _TWO or items < 1 or not 0 < threshold <= 1:
        raise WrongUsage(_("A round needs two people or more, an example or more, and a threshold from 0 to 1."))
    terms = read_filter(where)
    with project.write(who) as unit:
        if any(not one.closed_at for one in calibrations.rounds(unit)):
            raise Refused(_("A calibration round is open. Close it first, then begin the next."))
        met = naming.meet(unit, names, server=project.file is None, new=new)
        seqs = _draw(unit, terms, items, seed)
        if not seqs:
            raise Refused(_("There is nothing to draw: every example was judged, or was in an earlier round."))
        guideline = project_settings.guideline_versions(unit)
        made = calibrations.begin(unit, threshold=threshold, guideline=guideline, reviewers=met.names, seqs=seqs)
        raised = _give(unit, seqs, met.names)
        refs = {"round": made.id, "count": len(seqs), "reviewers": list(met.names), "raised": raised}
        events.append(unit, "calibrate", refs | met.refs)
        unit.commit()
        act = unit.act
    sentence = _begun(len(seqs), items, len(met.names))
    return Begun(round=history(project=project)[-1], act=act, sentence=sentence, met=met)


def _give(unit: Unit, seqs: Sequence[int], names: Sequence[str]) -> Raised:
    """Give all of these examples to all of these people, whoever has them already."""
    has = {(one.seq, one.reviewer) for one in assignments.in_force(unit, now(), seqs=seqs)}
    given = {seq: tuple(name for name in names if (seq, name) not in has) for seq in seqs}
    return assigning.give(unit, given, kind="calibration", days=0)


def history(*, project: Project) -> list[CalibrationRound]:
    """Return the rounds, oldest first, as far as the reader may know of them; one closed unjudged never took place."""
    with project.read() as view:
        return [told for told, _stored, _said in _rounds(view)]


def progress(*, project: Project) -> CalibrationRound | None:
    """Return the open round and how far everybody is in it, None where none is open."""
    return next((one for one in history(project=project) if one.open), None)


def result(*, project: Project, round_number: int | None = None) -> CalibrationResult:
    """Return what a round (None: the newest) came to, once everybody has judged everything or a lead has closed it.

    Of each example what people said until the last of them had judged it counts: not what they changed after they
    could see each other's verdicts. Raises Refused before that, and where there is no such round.
    """
    from accord.analysis.agreement.judgements import by_question  # scipy is loaded for figures alone

    with project.read() as view:
        told, stored, said = _round(_rounds(view), round_number)
        if told.open and not told.complete:
            done, wanted = sum(told.done.values()), told.items * len(told.reviewers)
            raise Refused(
                _(
                    "{done} of {wanted} verdicts are in. The figures come once everybody has judged everything, or a "
                    "lead has closed the round.",
                    done=number(done),
                    wanted=number(wanted),
                )
            )
        discuss = _to_discuss(view, said)
    judged = [{name: review.judgement for name, review in by_name.items()} for by_name in said.values()]
    questions = by_question(judged, stored.reviewers)
    figures = questions[0][1].figures
    alpha, agreed = figures["krippendorff_alpha"], figures["percent_agreement"]
    reached = alpha.value >= told.threshold if isinstance(alpha, Measured) else None
    return CalibrationResult(
        round=told,
        questions=tuple(questions),
        alpha=alpha,
        percent=agreed,
        reached=reached,
        discuss=tuple(discuss),
        sentence=_sentence(alpha, agreed, told.threshold, len(discuss)),
    )


def results(*, project: Project) -> list[CalibrationResult]:
    """Return what each round came to that has come to anything, oldest first: alpha by guideline version."""
    rounds = history(project=project)
    return [result(project=project, round_number=one.number) for one in rounds if not one.open or one.complete]


def close(*, project: Project, who: Who) -> CalibrationResult | None:
    """Close the open round and return what it came to; None where nobody had judged anything, and it does not count.

    What is not judged by then is taken back from its people; what is there counts. Raises OnlyFor, and Refused where no
    round is open.
    """
    permissions.require(project=project, role=Role.LEAD, act=_("close a calibration round"))
    with project.write(who) as unit:
        open_ = [one for one in calibrations.rounds(unit) if not one.closed_at]
        if not open_:
            raise Refused(_("No calibration round is open."))
        end(unit, open_[-1])
        events.append(unit, "close_calibration", {"round": open_[-1].id})
        unit.commit()
    with project.read() as view:
        place = next((told.number for told, stored, _said in _rounds(view) if stored.id == open_[-1].id), None)
    return None if place is None else result(project=project, round_number=place)


def end(unit: Unit, stored: StoredRound) -> None:
    """Close a round within a unit of work."""
    said = _said(stored, reviews.of_examples(unit, stored.seqs))
    moments = [in_utc(review.at) for by_name in said.values() for review in by_name.values()]
    calibrations.close(unit, stored.id, max([unit.at, *moments]))  # clocks of several machines may differ
    for name in stored.reviewers:
        left = [seq for seq in stored.seqs if name not in said[seq]]
        needed.take_off(unit, left, reviewer=name, act=stored.act)


_Round = tuple[CalibrationRound, StoredRound, dict[int, dict[str, Review]]]


def _rounds(view: View) -> list[_Round]:
    rounds = calibrations.rounds(view)
    given = reviews.of_examples(view, sorted({seq for stored in rounds for seq in stored.seqs}))
    found = [(stored, _said(stored, given)) for stored in rounds]
    real = [(stored, said) for stored, said in found if not stored.closed_at or any(said.values())]
    return [(_told(place, stored, said), stored, said) for place, (stored, said) in enumerate(real, 1)]


def _round(rounds: Sequence[_Round], wanted: int | None) -> _Round:
    if not rounds or not 1 <= (wanted or 1) <= len(rounds):
        raise Refused(_("There is no such calibration round."))
    return rounds[-1 if wanted is None else wanted - 1]


def _told(place: int, stored: StoredRound, said: dict[int, dict[str, Review]]) -> CalibrationRound:
    return CalibrationRound(
        number=place,
        threshold=stored.threshold,
        guideline=stored.guideline,
        reviewers=stored.reviewers,
        seqs=stored.seqs,
        done={name: sum(name in by_name for by_name in said.values()) for name in stored.reviewers},
        begun_at=stored.at,
        closed_at=stored.closed_at,
    )


def _said(stored: StoredRound, given: Mapping[int, Sequence[Review]]) -> dict[int, dict[str, Review]]:
    """Return what each person said of each example before she could know what the others said of it."""
    found: dict[int, dict[str, Review]] = {}
    for seq in stored.seqs:
        by_name: dict[str, Review] = {}
        for review in given[seq]:
            late = stored.closed_at and in_utc(review.at) > stored.closed_at
            if late or review.reviewer not in stored.reviewers or review.judgement.repeat:
                continue
            if review.verdict is None:
                by_name.pop(review.reviewer, None)
            else:
                by_name[review.reviewer] = review
            if len(by_name) == len(stored.reviewers):
                break
        found[seq] = by_name
    return found


def _draw(unit: Unit, terms: Sequence[Term], items: int, seed: int) -> list[int]:
    before = {seq for _told, stored, _said in _rounds(unit) for seq in stored.seqs} | set(calibrations.controls(unit))
    seqs = sorted(
        {
            seq
            for status in (Status.CANDIDATE, Status.NEEDS_ANSWER)
            for seq in listing.seqs(unit, [*terms, Term(field=Field.STATUS, op=Op.IS, value=status.value)])
        }
        - before
    )
    rows = [row for row in assignments.reviewable(unit, seqs) if row.round == 1]
    taken = {one.seq for one in assignments.in_force(unit, now())}
    found = _spread(unit, [row for row in rows if row.seq not in taken], items, seed)
    found += _spread(unit, [row for row in rows if row.seq in taken], items - len(found), seed)
    return sorted(found)


def _spread(unit: Unit, rows: Sequence[Reviewable], count: int, seed: int) -> list[int]:
    by_id = {row.id: row for row in rows}
    pool = sorted(by_id[id_].seq for id_ in spread([(row.id, row.tags) for row in rows], count * _POOL, seed))
    sources = listing.first_sources(unit, pool)
    kinds = [(row.id, (row.tags, sources[row.seq].source or row.file)) for row in listing.page(unit, pool)]
    return [by_id[id_].seq for id_ in spread(kinds, count, seed)]


def _to_discuss(view: View, said: dict[int, dict[str, Review]]) -> list[ToDiscuss]:
    rows = {row.seq: row.id for row in listing.page(view, list(said))}
    bases = listing.bases(view, list(said))
    told = versions_of(view, {seq: list(by_name.values()) for seq, by_name in said.items()})
    found = []
    for seq, versions in told.items():
        pairs = list(combinations(versions, 2))
        apart = sum(a.verdict is not b.verdict for a, b in pairs) / max(len(pairs), 1)
        kept = dict.fromkeys(one.content.answer for one in versions if one.verdict is not Verdict.REJECT)
        distance = max((edit_size(a, b) for a, b in combinations(kept, 2)), default=0.0)
        if apart or distance:
            base = bases[seq]
            found.append(ToDiscuss(seq=seq, id=rows[seq], base=base, versions=versions, apart=apart, distance=distance))
    return sorted(found, key=lambda one: (-one.apart, -one.distance, one.id))


def versions_of(view: View, said: Mapping[int, Sequence[Review]]) -> dict[int, tuple[Version, ...]]:
    """Return what these reviews lead to, by example, each as a version with its text."""
    texts = listing.every_text(view, sorted(said))
    originals = listing.originals(view, sorted(said))
    return {
        seq: tuple(
            Version(
                reviewer=review.reviewer,
                verdict=review.judgement.verdict,
                content=texts.get((seq, review.result_hash), originals[seq]),
                tags=review.judgement.tags,
                comment=review.judgement.comment,
                citation=review.judgement.citation,
            )
            for review in given
        )
        for seq, given in said.items()
    }


def _begun(drawn: int, wanted: int, people: int) -> str:
    if drawn < wanted:
        return plural(
            "Only {n} example was left to draw; it goes to {people} people.",
            "Only {n} examples were left to draw; they go to {people} people.",
            drawn,
            people=people,
        )
    return plural("{n} example goes to {people} people.", "{n} examples go to {people} people.", drawn, people=people)


def _sentence(alpha: Figure, agreed: Figure, threshold: float, discuss: int) -> str:
    """Return what a round came to, whether that is enough, and what to do next."""
    if not isinstance(agreed, Measured):
        return _(
            "Nothing was judged by two people, so there is no agreement to measure. Begin another round, and close it "
            "once everybody has judged."
        )
    share = percent(agreed.value)
    if not isinstance(alpha, Measured):
        return _(
            "Alpha is undefined. {reason} Of the verdicts {share} agree. Begin another round with more, or harder, "
            "examples.",
            reason=alpha.reason,
            share=share,
        )
    told = decimals(alpha.value) if alpha.ci95 is None else f"{decimals(alpha.value)} {between(*alpha.ci95)}"
    facts = {"alpha": told, "threshold": f"{threshold:g}", "share": share}
    if alpha.value < threshold:
        return plural(
            "Alpha is {alpha}, below {threshold}; {share} of the verdicts agree. Discuss the item, change the "
            "guideline and begin another round.",
            "Alpha is {alpha}, below {threshold}; {share} of the verdicts agree. Discuss the {n} items, change the "
            "guideline and begin another round.",
            discuss,
            **facts,
        )
    if alpha.ci95 is not None and alpha.ci95[0] < threshold:
        return _(
            "Alpha is {alpha}, at or above {threshold}, but with {n} items it may be lower: its interval begins below. "
            "{share} of the verdicts agree. A further round makes it surer; or give the examples out.",
            n=number(alpha.n),
            **facts,
        )
    return _(
        "Alpha is {alpha}, at or above {threshold}; {share} of the verdicts agree. The guideline is understood alike: "
        "give the examples out.",
        **facts,
    )
