"""What is said of a release before it is frozen: what is not in it and why, what is open, what warns, what blocks."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from accord.analysis.splits import Split
from accord.domain.dismissals import FindingCounts
from accord.domain.project import ProjectSettings
from accord.domain.releases import Outside, Part, ReleaseAgreement, ReleasePlan, unsearched_sentence
from accord.domain.review import Origin, Status
from accord.domain.wording import _, plural
from accord.storage import listing, requests
from accord.storage.project import View
from accord.workflows import duplicates, release_checks, release_rules
from accord.workflows.release_material import Row, unmet

FILTERED = "filter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """How many examples have each status in the project, and how many requests have answers that conflict.

    ``unsearched``: examples came in since near-duplicates were last searched for. ``unchecked``: how many of the
    accepted examples that the plan takes were not checked by the settings of now.
    """

    by_status: Mapping[str, int]
    conflicts: int
    unsearched: bool
    unchecked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What is said: ``warnings`` go into the release, any of ``blocks`` refuses it."""

    outside: Outside
    warnings: tuple[str, ...]
    blocks: tuple[str, ...]


def still_open(view: View, plan: ReleasePlan, settings: ProjectSettings) -> Open:
    """Return what is open in the project."""
    return Open(
        by_status=listing.counts(view, "status"),
        conflicts=requests.open_conflicts(view),
        unsearched=duplicates.unsearched(view),
        unchecked=release_checks.unlooked(view, plan, settings),
    )


def find(
    rows: Sequence[Row],
    found: Split,
    *,
    plan: ReleasePlan,
    settings: ProjectSettings,
    still: Open,
    agreement: Sequence[ReleaseAgreement],
    checked: FindingCounts,
) -> Findings:
    """Work out what is to be said of a split; what may not be held out is taken out of it."""
    away = _keep_from_heldout(rows, found, plan) if settings.rules.heldout_double else []
    if not plan.generated_heldout:
        made = [row.id for row in rows if row.origin == Origin.GENERATED]
        _take_out_of_heldout(made, found, release_rules.HELDOUT_GENERATED)
    outside = _outside(rows, found, still)
    warnings, blocks = _conflicts(rows, settings)
    warnings += _waiting(outside)
    if outside.unsearched and found.parts:
        warnings.append(unsearched_sentence())
    warnings += unmet(found.left_out)
    warns, refusals = release_checks.said(checked, settings.rules, still.unchecked)
    warnings, blocks = [*warnings, *warns, *release_checks.left_out(settings)], [*blocks, *refusals]
    low = release_rules.too_low(settings, agreement)
    if low and settings.rules.refuse_low_agreement:
        blocks.append(
            _(
                "Agreement is too low for a release. {sentences} Settle the disagreements, make the guideline clearer, "
                "or have more examples reviewed twice.",
                sentences=" ".join(low),
            )
        )
    else:
        warnings += low
    warnings += [*release_rules.untold(settings, agreement), *away]
    warnings += release_rules.left_out_sentences(found.left_out.values(), settings.rules)
    if not found.parts:
        blocks.insert(0, _nothing(outside, still))
    return Findings(outside=outside, warnings=tuple(warnings), blocks=tuple(blocks))


def _outside(rows: Sequence[Row], found: Split, still: Open) -> Outside:
    reasons = Counter({status: n for status, n in still.by_status.items() if status != Status.ACCEPTED})
    reasons.update(found.left_out.values())
    reasons[FILTERED] = still.by_status.get(Status.ACCEPTED, 0) - len(found.parts) - len(found.left_out)
    in_conflict = sum(row.conflict and row.id in found.parts for row in rows)
    return Outside(
        reasons=dict(+reasons), conflicts=still.conflicts, in_conflict=in_conflict, unsearched=still.unsearched
    )


def _nothing(outside: Outside, still: Open) -> str:
    if still.by_status.get(Status.ACCEPTED, 0):
        return " ".join([_("Nothing that is accepted may be released."), outside.sentences(0)[0]])
    return _("Nothing is accepted yet, so there is nothing to release. Review some examples first.")


def _conflicts(rows: Sequence[Row], settings: ProjectSettings) -> tuple[list[str], list[str]]:
    """Return what the conflicts among the accepted examples warn of, and what of them blocks."""
    conflicted = sum(row.conflict for row in rows)
    if not conflicted:
        return [], []
    sentence = plural(
        "{n} accepted example answers a request that has another, conflicting answer.",
        "{n} accepted examples answer a request that has another, conflicting answer.",
        conflicted,
    )
    if settings.rules.refuse_open_conflicts:
        return [], [_("{sentence} This project releases only once they are settled.", sentence=sentence)]
    return [sentence], []


def _waiting(outside: Outside) -> list[str]:
    found = []
    if outside.disagreements:
        found.append(
            plural(
                "{n} example is disputed or unsure and is not in the release.",
                "{n} examples are disputed or unsure and are not in the release.",
                outside.disagreements,
            )
        )
    if begun := outside.reasons.get(Status.IN_REVIEW, 0):
        found.append(
            plural(
                "{n} example waits for another reviewer and is not in the release.",
                "{n} examples wait for another reviewer and are not in the release.",
                begun,
            )
        )
    return found


def _keep_from_heldout(rows: Sequence[Row], found: Split, plan: ReleasePlan) -> list[str]:
    """Take out of held-out what one person alone reviewed and an earlier release bound to it; say what is kept away."""
    single = [row.id for row in rows if not row.by_several]
    _take_out_of_heldout(single, found, release_rules.HELDOUT_SINGLE)
    kept = sum(id_ in found.parts for id_ in single)
    if not kept or not plan.heldout:
        return []
    return [release_rules.heldout_sentence(kept)]


def _take_out_of_heldout(ids: Iterable[str], found: Split, reason: str) -> None:
    """Leave out which of these an earlier release bound to what is held out."""
    for id_ in ids:
        if found.parts.get(id_) is Part.HELDOUT:
            del found.parts[id_]
            found.left_out[id_] = reason
