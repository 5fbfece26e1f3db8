"""The rule that settles what most reviewers say alike: what it would do, and doing it, again and again."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accord.domain.batches import paced
from accord.domain.errors import Refused
from accord.domain.ledger import Who
from accord.domain.people import Role
from accord.domain.progress import Progress, Silent
from accord.domain.review import Review, Verdict
from accord.domain.wording import _
from accord.storage import decisions, events, listing, reviews, states
from accord.storage.project import Project, Unit, View
from accord.workflows import conflicts, permissions
from accord.workflows.adjudicating import DISAGREEMENT

_MAJORITY = "majority"
_FEWEST_OF_A_MAJORITY = 3  # of two reviewers who differ neither is one


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a rule did: how many disagreements it settled, and how many of its own decisions it took back."""

    settled: int
    reopened: int
    left: int


def settle_by_rule(*, project: Project, who: Who, share: float, progress: Progress | None = None) -> Settled:
    """Settle the disagreements in which at least ``share`` of the reviewers (more than half) say the very same.

    It can be run again at any time: what it has settled before and would not settle now is opened again. What a person
    has decided it never touches. Raises OnlyFor, Refused for half or less, and Cancelled between two parts.
    """
    seqs, watch = _rule_looks_at(project, share), progress or Silent()
    counts: Counter[str] = Counter()
    for done, part in _parts(seqs):
        watch.check()
        with project.write(who) as unit:
            counts += _apply_rule(unit, part, share)
            unit.commit()
        watch.report(done, len(seqs))
    return _settled(counts)


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


def _apply_rule(unit: Unit, seqs: Sequence[int], share: float) -> Counter[str]:
    before = [*listing.bases(unit, seqs).values(), *listing.texts(unit, seqs).values()]
    steps = list(_planned(unit, seqs, share))
    for step in steps:
        if step.reopens:
            decisions.about_examples(unit, [step.seq], "reopen", payload={"rule": _MAJORITY})
        if step.wanted is not None and not step.stays:
            decisions.about_examples(unit, [step.seq], "adjudicate", reason=_MAJORITY, payload=step.wanted)
    done = _counted(steps)
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
