"""Disagreements: which are open, the adjudicator's decision, its precedents, and the question sent back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path

from accord.analysis.diffs import edit_size
from accord.domain.batches import paced
from accord.domain.content import Content
from accord.domain.disagreements import Disagreement, Reason, clash_of, reason_of
from accord.domain.errors import AccordError, NotFound, Refused
from accord.domain.filters import Field, Op, Term
from accord.domain.history import Decision, ExampleRow
from accord.domain.ledger import Who
from accord.domain.meaning import Embedder
from accord.domain.moments import local
from accord.domain.people import Role
from accord.domain.records import RowAccount, RowFault
from accord.domain.review import Judgement, RevisionKind, Status, Verdict
from accord.domain.wording import _
from accord.formats.decision_file import DecisionRow, read_decisions
from accord.storage import decisions, drafts, events, listing, people, reviews, states
from accord.storage import settings as project_settings
from accord.storage.project import Project, Unit, View
from accord.workflows import calibrating, conflicts, permissions, settling
from accord.workflows.reviewing import BadJudgement, TextChanged, check
from accord.workflows.similar import similar

DISAGREEMENT = Term(field=Field.STATUS, op=Op.IS, value=Status.DISAGREEMENT.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a decision led to: the act that can be undone, and where the example stands."""

    act: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    """A settled example that resembles another; ``decision`` is the one in force, None where its reviewers agreed."""

    row: ExampleRow
    score: float
    decision: Decision | None


class AlreadyDecided(AccordError):
    """Somebody has settled the example since it was opened; ``decision`` None where its reviewers agree by now."""

    def __init__(self, decision: Decision | None) -> None:
        if decision is None:
            sentence = _("The reviewers agree on this by now. Nothing of yours was stored; your text is kept.")
        else:
            sentence = _(
                "{name} decided on this at {at}. Nothing of yours was stored; your text is kept.",
                name=decision.author,
                at=local(decision.at),
            )
        super().__init__(sentence)
        self.decision = decision


def may_decide(*, project: Project) -> bool:
    """Say whether who works here may settle disagreements."""
    return permissions.has(project=project, role=Role.ADJUDICATOR)


def is_needed(*, project: Project) -> bool:
    """Say whether disagreements can arise or have arisen: several people, or a disagreement or a decision on one."""
    with project.read() as view:
        several = len(people.everyone(view.connection)) > 1
        return several or listing.count(view, [DISAGREEMENT]) > 0 or decisions.any_adjudicated(view)


def precedents(*, project: Project, example_id: str, embedder: Embedder, limit: int = 3) -> list[Precedent]:
    """Return the settled examples whose requests are the nearest, with how each was decided. Raises NotFound."""
    near = similar(project=project, example_id=example_id, embedder=embedder, n=limit, settled=True).found
    with project.read() as view:
        decided = decisions.adjudicated(view, [one.row.seq for one in near])
    return [Precedent(row=one.row, score=one.score, decision=decided.get(one.row.seq)) for one in near]


def open_disagreements(*, project: Project) -> list[Disagreement]:
    """Return what reviewers disagree about and nobody has decided, the most consequential first."""
    with project.read() as view:
        weighty = set(project_settings.current(view).rules.double_tags)
        found = [
            one for part in paced(listing.seqs(view, [DISAGREEMENT])) for one in _disagreements(view, part, weighty)
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
    while_open: bool = False,
) -> Decided:
    """Settle an example by an adjudicator's decision, a third record beside the reviews.

    ``edits`` change the shared text (message index to new text), ``base_hash`` names the text the adjudicator saw.
    ``while_open`` decides only on what is a disagreement still, so that nobody replaces a decision unseen.
    Raises OnlyFor, NotFound, BadJudgement, AlreadyDecided, TextChanged, and Refused without reason and comment.
    """
    permissions.require(project=project, role=Role.ADJUDICATOR, act=_("settle a disagreement"))
    _require_reason(reason, comment)
    if verdict not in {Verdict.ACCEPT, Verdict.EDIT, Verdict.REJECT}:
        raise BadJudgement(_("A decision accepts, edits or rejects."))
    with project.write(who) as unit:
        if while_open:
            _require_open(unit, example_id)
        status, told = _decide(
            unit, example_id, verdict, edits or {}, base_hash=base_hash, reason=reason.strip(), comment=comment.strip()
        )
        drafts.save_decision(unit, listing.seq_of(unit, example_id) or 0, unit.actor, None)
        events.append(unit, "adjudicate", told)
        unit.commit()
    settling.settle(project=project, who=who)
    return Decided(act=unit.act, status=status)


def _decide(
    unit: Unit,
    example_id: str,
    verdict: Verdict,
    edits: Mapping[int, str],
    *,
    base_hash: str | None,
    reason: str,
    comment: str,
) -> tuple[str, dict[str, str]]:
    """Store one decision; return where the example stands then, and what the act's event tells of it."""
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
    status = Status.REJECTED if judged is Verdict.REJECT else Status.ACCEPTED
    return status.value, {"example": example_id, "verdict": judged.value, "base": base.hash}


def _require_open(unit: Unit, example_id: str) -> None:
    seq = listing.seq_of(unit, example_id)
    if seq is not None and listing.page(unit, [seq])[0].status in {Status.ACCEPTED, Status.REJECTED}:
        raise AlreadyDecided(decisions.adjudicated(unit, [seq]).get(seq))


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionAccount(RowAccount):
    """The account of a file of decisions: ``read == accepted + already + rejected``.

    ``already``: so many are in force word for word, and were not stored again. ``reasons``: how often each of the
    kinds of reason was understood; ``others``: reasons in other words, which stand before the comment instead.
    """

    already: int = 0
    reasons: Mapping[Reason, int] = field(default_factory=dict)
    others: tuple[str, ...] = ()


def apply(*, project: Project, who: Who, path: Path) -> DecisionAccount:
    """Store the decisions of a file, each that can be stored, as one act. Raises OnlyFor and UnreadableFile."""
    permissions.require(project=project, role=Role.ADJUDICATOR, act=_("settle a disagreement"))
    read, faults, decided, taken = 0, list[RowFault](), list[str](), list[DecisionRow]()
    with project.write(who) as unit:
        for row in read_decisions(path):
            read += 1
            try:
                if isinstance(row, RowFault):
                    faults.append(row)
                    continue
                if _apply_row(unit, row):
                    decided.append(row.id)
                taken.append(row)
            except AccordError as error:
                faults.append(RowFault(line=row.line, field="decision", reason=str(error)))
        if decided:
            events.append(unit, "adjudicate", {"examples": sorted(set(decided))})
            unit.commit()
    settling.settle(project=project, who=who)
    kinds = [reason_of(row.reason) for row in taken]
    return DecisionAccount(
        read=read,
        accepted=len(decided),
        rejected=len(faults),
        rejections=tuple(faults),
        already=len(taken) - len(decided),
        reasons=Counter(kind for kind in kinds if kind is not None),
        others=tuple(dict.fromkeys(row.reason for row, kind in zip(taken, kinds, strict=True) if kind is None)),
    )


def _apply_row(unit: Unit, row: DecisionRow) -> bool:
    """Store a decision; False where the very same is in force."""
    _require_reason(row.reason, row.comment)
    kind = reason_of(row.reason)
    reason, comment = (kind.value, row.comment) if kind is not None else ("", f"{row.reason}: {row.comment}")
    seq = listing.seq_of(unit, row.id)
    if seq is None:
        raise NotFound(_("example"), row.id)
    base = listing.base_of(unit, seq)
    place = base.answer_index if base.answer_index is not None else len(base.messages)
    changed = row.answer is not None and row.answer != base.answer and row.verdict is not Verdict.REJECT
    before = decisions.adjudicated(unit, [seq]).get(seq)
    if before is not None and not changed and (before.reason, before.comment) == (reason, comment):
        rejects = before.payload["verdict"] == Verdict.REJECT.value
        if rejects == (row.verdict is Verdict.REJECT):
            return False
    if row.verdict is Verdict.EDIT and not changed:
        raise BadJudgement(_("An edit needs another answer than the one that stands."))
    edits = {place: str(row.answer)} if changed else {}
    _decide(unit, row.id, row.verdict, edits, base_hash=None, reason=reason, comment=comment)
    return True


def _require_reason(reason: str, comment: str) -> None:
    if not reason.strip() or not comment.strip():
        raise Refused(_("A decision needs a reason and a comment. Nothing was stored."))


def send_back(*, project: Project, who: Who, example_id: str, question: str) -> str:
    """Ask the guideline: the disagreement stays open, with the question beside it; returns the act, to be undone.

    Raises OnlyFor and Refused.
    """
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
    return unit.act


def _disagreements(view: View, seqs: Sequence[int], weighty: set[str]) -> list[Disagreement]:
    bases, votes = listing.bases(view, seqs), reviews.counting(view, seqs)
    told, questions = calibrating.versions_of(view, votes), decisions.questions(view, seqs)
    found = []
    for row in listing.page(view, seqs):
        base = bases[row.seq]
        said = zip(told[row.seq], votes[row.seq], strict=True)
        versions = tuple(replace(version, of_earlier=vote.base_hash != base.hash) for version, vote in said)
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


def _settle(
    unit: Unit, seq: int, base: Content, result: Content, verdict: Verdict, *, reason: str, comment: str
) -> None:
    if result.hash != base.hash:
        reviews.add_revision(unit, seq, result, parent=base, kind=RevisionKind.ADJUDICATE, author=unit.actor)
    payload = {"verdict": verdict.value}
    decisions.about_examples(unit, [seq], "adjudicate", reason=reason, comment=comment, payload=payload)
    states.refresh(unit, [seq])
