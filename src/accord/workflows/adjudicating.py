"""Disagreements: which are open, the adjudicator's decision, the question sent back, and what a rule may settle."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from accord.analysis.diffs import edit_size
from accord.domain.batches import paced
from accord.domain.content import Content
from accord.domain.disagreements import Disagreement, Version, clash_of
from accord.domain.errors import AccordError, NotFound, Refused
from accord.domain.filters import Field, Op, Term
from accord.domain.ledger import Who
from accord.domain.people import Role
from accord.domain.progress import Progress, Silent
from accord.domain.records import RowAccount, RowFault
from accord.domain.review import Judgement, Review, RevisionKind, Status, Verdict, counted
from accord.domain.wording import _
from accord.formats.decision_file import DecisionRow, read_decisions
from accord.storage import decisions, events, listing, reviews, states
from accord.storage import settings as project_settings
from accord.storage.project import Project, Unit, View
from accord.workflows import conflicts, permissions
from accord.workflows.reviewing import BadJudgement, TextChanged, check

_MAJORITY = "majority"
_FEWEST_OF_A_MAJORITY = 3  # of two reviewers who differ neither is one
_DISAGREEMENT = Term(field=Field.STATUS, op=Op.IS, value=Status.DISAGREEMENT.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a decision led to: the act that can be undone, and where the example stands."""

    act: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a rule did: how many disagreements it settled, and how many of its own decisions it took back."""

    settled: int
    reopened: int
    left: int


def open_disagreements(*, project: Project) -> list[Disagreement]:
    """Return what reviewers disagree about and nobody has decided, the most consequential first."""
    with project.read() as view:
        weighty = set(project_settings.current(view).rules.double_tags)
        found = [
            one for part in paced(listing.seqs(view, [_DISAGREEMENT])) for one in _disagreements(view, part, weighty)
        ]
    return sorted(found, key=lambda one: one.order)


def disagreement(*, project: Project, example_id: str) -> Disagreement | None:
    """Return one open disagreement, None where there is none any more."""
    with project.read() as view:
        seq = listing.seq_of(view, example_id)
        if seq is None or listing.page(view, [seq])[0].status != Status.DISAGREEMENT:
            return None
        return next(iter(_disagreements(view, [seq], set(project_settings.current(view).rules.double_tags))), None)


def decide(
    *,
    project: Project,
    who: Who,
    example_id: str,
    verdict: Verdict,
    edits: Mapping[int, str] | None = None,
    base_hash: str | None = None,
    reason: str,
    comment: str,
) -> Decided:
    """Settle an example by an adjudicator's decision, a third record beside the reviews.

    ``edits`` change the shared text (message index to new text), ``base_hash`` names the text the adjudicator saw.
    Raises OnlyFor, NotFound, BadJudgement, TextChanged, and Refused without reason and comment.
    """
    permissions.require(project=project, role=Role.ADJUDICATOR, act=_("settle a disagreement"))
    _require_reason(reason, comment)
    if verdict not in {Verdict.ACCEPT, Verdict.EDIT, Verdict.REJECT}:
        raise BadJudgement(_("A decision accepts, edits or rejects."))
    with project.write(who) as unit:
        decided = decide_in(
            unit, example_id, verdict, edits or {}, base_hash=base_hash, reason=reason.strip(), comment=comment.strip()
        )
        unit.commit()
    return decided


def decide_in(
    unit: Unit,
    example_id: str,
    verdict: Verdict,
    edits: Mapping[int, str],
    *,
    base_hash: str | None,
    reason: str,
    comment: str,
) -> Decided:
    """Do the same within a unit of work."""
    seq = listing.seq_of(unit, example_id)
    if seq is None:
        raise NotFound(_("example"), example_id)
    base = listing.base_of(unit, seq)
    if base_hash is not None and base.hash != base_hash:
        raise TextChanged(base)
    before = listing.page(unit, [seq])[0]
    if before.status == Status.SET_ASIDE:
        raise Refused(_("This example is set aside. Bring it back to decide on it."))
    result = base.with_texts(edits) if edits and verdict is not Verdict.REJECT else base
    changes = {index: text for index, text in edits.items() if result.hash != base.hash}
    judged = Verdict.EDIT if changes else Verdict.REJECT if verdict is Verdict.REJECT else Verdict.ACCEPT
    check(Judgement(verdict=judged, edits=changes), base, project_settings.current(unit))
    _settle(unit, seq, base, result, judged, reason=reason, comment=comment)
    conflicts.refresh_requests(unit, before.content, listing.texts(unit, [seq])[seq], base)
    events.append(unit, "adjudicate", {"example": example_id, "verdict": judged.value, "base": base.hash})
    return Decided(act=unit.act, status=listing.page(unit, [seq])[0].status)


def apply(*, project: Project, who: Who, path: Path) -> RowAccount:
    """Store the decisions of a file, each that can be stored; all in one step. Raises OnlyFor and UnreadableFile."""
    permissions.require(project=project, role=Role.ADJUDICATOR, act=_("settle a disagreement"))
    read, faults = 0, list[RowFault]()
    with project.write(who) as unit:
        for row in read_decisions(path):
            read += 1
            try:
                if isinstance(row, RowFault):
                    faults.append(row)
                else:
                    _apply_row(unit, row)
            except AccordError as error:
                faults.append(RowFault(line=row.line, field="decision", reason=str(error)))
        unit.commit()
    return RowAccount.of(read, faults)


def _apply_row(unit: Unit, row: DecisionRow) -> None:
    _require_reason(row.reason, row.comment)
    seq = listing.seq_of(unit, row.id)
    if seq is None:
        raise NotFound(_("example"), row.id)
    base = listing.base_of(unit, seq)
    place = base.answer_index if base.answer_index is not None else len(base.messages)
    changed = row.answer is not None and row.answer != base.answer
    if row.verdict is Verdict.EDIT and not changed:
        raise BadJudgement(_("An edit needs another answer than the one that stands."))
    edits = {place: str(row.answer)} if changed and row.verdict is not Verdict.REJECT else {}
    decide_in(unit, row.id, row.verdict, edits, base_hash=None, reason=row.reason, comment=row.comment)


def _require_reason(reason: str, comment: str) -> None:
    if not reason.strip() or not comment.strip():
        raise Refused(_("A decision needs a reason and a comment. Nothing was stored."))


def send_back(*, project: Project, who: Who, example_id: str, question: str) -> None:
    """Ask the guideline: the disagreement stays open, with the question beside it. Raises OnlyFor and Refused."""
    permissions.require(project=project, role=Role.ADJUDICATOR, act=_("settle a disagreement"))
    if not question.strip():
        raise Refused(_("Say what the guideline is to answer."))
    with project.write(who) as unit:
        seq = listing.seq_of(unit, example_id)
        if seq is None:
            raise NotFound(_("example"), example_id)
        decisions.about_examples(unit, [seq], "ask_guideline", comment=question.strip())
        events.append(unit, "ask_guideline", {"example": example_id})
        unit.commit()


def settle_by_rule(*, project: Project, who: Who, share: float, progress: Progress | None = None) -> Settled:
    """Settle the disagreements in which at least ``share`` of the reviewers (more than half) say the very same.

    It can be run again at any time: what it has settled before and would not settle now is opened again. What a person
    has decided it never touches. Raises OnlyFor, Refused for half or less, and Cancelled between two parts.
    """
    permissions.require(project=project, role=Role.ADJUDICATOR, act=_("settle a disagreement"))
    if not 0.5 < share <= 1:  # noqa: PLR2004  (a half)
        raise Refused(_("A rule needs more than half of the reviewers, and at most all of them."))
    watch = progress or Silent()
    counts: Counter[str] = Counter()
    with project.read() as view:
        seqs = sorted({*listing.seqs(view, [_DISAGREEMENT]), *decisions.settled_by_rule(view)})
    for part in paced(seqs):
        watch.check()
        with project.write(who) as unit:
            counts += _apply_rule(unit, part, share)
            unit.commit()
        watch.report(counts.total(), len(seqs))
    return Settled(settled=counts["settled"], reopened=counts["reopened"], left=counts["left"])


def _apply_rule(unit: Unit, seqs: Sequence[int], share: float) -> Counter[str]:
    done: Counter[str] = Counter()
    before = [*listing.bases(unit, seqs).values(), *listing.texts(unit, seqs).values()]
    votes, standing = _votes(unit, seqs), decisions.adjudicated(unit, seqs)
    for seq in seqs:
        known = standing.get(seq)
        if known is not None and "rule" not in known.payload:
            continue
        wanted = _majority(votes[seq], share)
        if known is not None and known.payload != wanted:
            decisions.about_examples(unit, [seq], "reopen", payload={"rule": _MAJORITY})
            done["reopened"] += 1
            known = None
        if known is None and wanted is not None:
            decisions.about_examples(unit, [seq], "adjudicate", reason=_MAJORITY, payload=wanted)
            done["settled"] += 1
        elif known is None:
            done["left"] += 1
    states.refresh(unit, seqs)
    conflicts.refresh_requests(unit, *before, *listing.texts(unit, seqs).values())
    if done["settled"] or done["reopened"]:
        events.append(unit, "settle_by_rule", {"settled": done["settled"], "reopened": done["reopened"]})
    return done


def _majority(votes: Sequence[Review], share: float) -> dict[str, Any] | None:
    """Return the decision that enough of these reviewers make together, None where they do not."""
    said = Counter((v.verdict is Verdict.REJECT, v.result_hash) for v in votes if v.verdict is not Verdict.UNSURE)
    if not said:
        return None
    (rejects, text), most = said.most_common(1)[0]
    if len(votes) < _FEWEST_OF_A_MAJORITY or most < share * len(votes):
        return None
    verdict = Verdict.REJECT if rejects else Verdict.ACCEPT
    return {"verdict": verdict.value, "rule": _MAJORITY, "share": share, "text": "" if rejects else text}


def _votes(view: View, seqs: Sequence[int]) -> dict[int, list[Review]]:
    """Return the reviews that count, as far as the reader may see them."""
    found: dict[int, list[Review]] = {}
    for seq in seqs:
        shared = [revision for revision in reviews.revisions(view, seq) if not revision.of_review]
        author = shared[-1].author if shared and shared[-1].kind is RevisionKind.EDIT else ""
        base = listing.base_of(view, seq)
        found[seq] = counted(reviews.of_example(view, seq), base_hash=base.hash, base_author=author)
    return found


def _disagreements(view: View, seqs: Sequence[int], weighty: set[str]) -> list[Disagreement]:
    bases, votes = listing.bases(view, seqs), _votes(view, seqs)
    questions = decisions.questions(view, seqs)
    found = []
    for row in listing.page(view, seqs):
        base = bases[row.seq]
        versions = tuple(_version(vote, base) for vote in votes[row.seq])
        texts = [version.content.answer for version in versions if version.verdict is not Verdict.REJECT]
        asked = questions.get(row.seq)
        found.append(
            Disagreement(
                seq=row.seq,
                id=row.id,
                base=base,
                versions=versions,
                clash=clash_of([version.verdict for version in versions]),
                distance=max((edit_size(a, b) for a, b in combinations(dict.fromkeys(texts), 2)), default=0.0),
                weighty=any(weighty & set(version.tags) for version in versions),
                question="" if asked is None else asked.comment,
            )
        )
    return found


def _version(vote: Review, base: Content) -> Version:
    said = vote.judgement
    content = base.with_texts(said.edits) if vote.base_hash == base.hash else base
    return Version(
        reviewer=vote.reviewer,
        verdict=said.verdict,
        content=content,
        tags=said.tags,
        comment=said.comment,
        citation=said.citation,
    )


def _settle(
    unit: Unit, seq: int, base: Content, result: Content, verdict: Verdict, *, reason: str, comment: str
) -> None:
    if result.hash != base.hash:
        reviews.add_revision(unit, seq, result, parent=base, kind=RevisionKind.ADJUDICATE, author=unit.actor)
    payload = {"verdict": verdict.value}
    decisions.about_examples(unit, [seq], "adjudicate", reason=reason, comment=comment, payload=payload)
    states.refresh(unit, [seq])
