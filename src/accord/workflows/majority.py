"""The rule that settles what most reviewers say alike: what it would do, and doing it, again and again."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from accord.domain.batches import paced
from accord.domain.errors import Cancelled, Refused
from accord.domain.ledger import Who
from accord.domain.people import Role
from accord.domain.progress import Progress, Silent
from accord.domain.review import Review, Verdict
from accord.domain.wording import _
from accord.storage import decisions, listing, reviews, states
from accord.storage.project import Project, Unit, View
from accord.workflows import bulk, conflicts, permissions
from accord.workflows.adjudicating import DISAGREEMENT

_MAJORITY = "majority"
_FEWEST_OF_A_MAJORITY = 3  # of two reviewers who differ neither is one


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a rule did: how many disagreements it settled, and how many of its own decisions it took back.

    ``act`` takes all of it back at once, empty where nothing changed.
    """

    settled: int
    reopened: int
    left: int
    act: str = field(default="", compare=False)


def settle_by_rule(*, project: Project, who: Who, share: float, progress: Progress | None = None) -> Settled:
    """Settle the disagreements in which at least ``share`` of the reviewers (more than half) say the very same.

    It is one act, which is undone as one. It can be run again at any time: what it has settled before and would not
    settle now is opened again. What a person has decided it never touches. Raises OnlyFor, Refused for half or less,
    and Cancelled between two parts.
    """
    seqs = _rule_looks_at(project, share)
    counts: Counter[str] = Counter()

    def change(unit: Unit, part: Sequence[int], _left: Counter[bulk.LeftOut]) -> list[int]:
        changed, told = _apply_rule(unit, part, share)
        counts.update(told)
        return changed

    done = bulk.in_chunks(
        change, paced(seqs), project=project, who=who, kind="settle_by_rule", total=len(seqs), progress=progress
    )
    if done.stopped:
        raise Cancelled
    return replace(_settled(counts), act=done.act)


def preview_rule(*, project: Project, share: float, progress: Progress | None = None) -> Settled:
    """Return what ``settle_by_rule`` would do now, and change nothing. Raises the same."""
    seqs, watch = _rule_looks_at(project, share), progress or Silent()
    counts: Counter[str] = Counter()
    for done, part in _parts(seqs):
        watch.check()
        with project.read() as view:
            counts += _counted(_planned(view, part, share))
        watch.report(done, len(seqs))
    return _settled(counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """What the rule does with one example: take back its own decision, decide (``wanted``), both, or neither."""

    seq: int
    reopens: bool
    wanted: dict[str, Any] | None
    stays: bool


def _rule_looks_at(project: Project, share: float) -> list[int]:
    """Return the disagreements, and what a rule has settled. Raises OnlyFor and Refused."""
    permissions.require(project=project, role=Role.ADJUDICATOR, act=_("settle a disagreement"))
    if not 0.5 < share <= 1:  # noqa: PLR2004  (a half)
        raise Refused(_("A rule needs more than half of the reviewers, and at most all of them."))
    with project.read() as view:
        return sorted({*listing.seqs(view, [DISAGREEMENT]), *decisions.settled_by_rule(view)})


def _parts(seqs: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
    """Yield short parts, each with how many examples are done after it."""
    done = 0
    for part in paced(seqs):
        done += len(part)
        yield done, part


def _planned(view: View, seqs: Sequence[int], share: float) -> Iterator[_Step]:
    """Yield what the rule does with each example on which no person has decided."""
    votes, standing = reviews.counting(view, seqs), decisions.adjudicated(view, seqs)
    for seq in seqs:
        known = standing.get(seq)
        if known is None or "rule" in known.payload:
            wanted = _majority(votes[seq], share)
            stays = known is not None and wanted is not None and _decides(known.payload) == _decides(wanted)
            yield _Step(seq=seq, reopens=known is not None and not stays, wanted=wanted, stays=stays)


def _decides(payload: Mapping[str, Any]) -> tuple[Any, Any]:
    return payload.get("verdict"), payload.get("text")


def _counted(steps: Iterable[_Step]) -> Counter[str]:
    done: Counter[str] = Counter()
    for step in steps:
        done["reopened"] += step.reopens
        done["settled"] += step.wanted is not None and not step.stays
        done["left"] += step.wanted is None
    return done


def _settled(counts: Counter[str]) -> Settled:
    return Settled(settled=counts["settled"], reopened=counts["reopened"], left=counts["left"])


def _apply_rule(unit: Unit, seqs: Sequence[int], share: float) -> tuple[list[int], Counter[str]]:
    """Do it; return the examples that changed, and how many of which kind."""
    before = [*listing.bases(unit, seqs).values(), *listing.texts(unit, seqs).values()]
    steps = list(_planned(unit, seqs, share))
    for step in steps:
        if step.reopens:
            decisions.about_examples(unit, [step.seq], "reopen", payload={"rule": _MAJORITY})
        if step.wanted is not None and not step.stays:
            decisions.about_examples(unit, [step.seq], "adjudicate", reason=_MAJORITY, payload=step.wanted)
    states.refresh(unit, seqs)
    conflicts.refresh_requests(unit, *before, *listing.texts(unit, seqs).values())
    changed = [step.seq for step in steps if step.reopens or (step.wanted is not None and not step.stays)]
    return changed, _counted(steps)


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
