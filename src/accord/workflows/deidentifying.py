"""De-identifying: personal data replaced by surrogates or labels, or dates moved, as texts that are reviewed anew.

What was accepted waits for its reviewers again. The text from before stays in the example's history until the example
is purged; exports and review packs hold the new one alone.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from accord.checks import registry
from accord.checks.personal.surrogates import DATES, LEFT_ALONE, How, Replacement
from accord.domain.batches import batched
from accord.domain.content import Content
from accord.domain.dismissals import DismissReason
from accord.domain.errors import NotFound, WrongUsage
from accord.domain.findings import Kind, Rule
from accord.domain.ledger import Who
from accord.domain.people import Role
from accord.domain.progress import Progress
from accord.domain.project import ProjectSettings
from accord.domain.review import Status, Verdict
from accord.domain.wording import _, plural
from accord.storage import bulk as many
from accord.storage import decisions, deidentified, findings, listing, reviews
from accord.storage import settings as project_settings
from accord.storage.findings import Marked
from accord.storage.project import Project, Unit, View
from accord.workflows import browsing, bulk, checking, permissions
from accord.workflows.bulk import BulkDone, LeftOut
from accord.workflows.findings import fingerprint
from accord.workflows.replacing import Changed, Work
from accord.workflows.replacing_groups import changes, secret_of

__all__ = ["How", "Replacement"]

#: How many replacements a look before the act shows.
SHOWN = 10
#: What is said of a finding in a surrogate, which nobody need look at.
SURROGATE = "surrogate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What would take the place of what in one example, as (number of the message, replacement)."""

    example_id: str
    replacements: tuple[tuple[int, Replacement], ...]
    missing: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was de-identified, or would be.

    ``replaced``: how often, by rule; ``first``: the first replacements; ``missing``: the rules that were not applied,
    for a package that is not installed; ``unconfirmed``: how many examples nobody else has confirmed now;
    ``reopened``: how many an adjudicator had decided, which are open again.
    """

    bulk: BulkDone
    replaced: dict[str, int] = field(default_factory=dict)
    first: tuple[Proposal, ...] = ()
    missing: tuple[Rule, ...] = ()
    unconfirmed: int = 0
    reopened: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmations:
    """How many examples in play stand de-identified, in which way, and of how many somebody else has confirmed it."""

    examples: int
    confirmed: int
    how: dict[str, int] = field(default_factory=dict)
    unconfirmed: tuple[str, ...] = ()


def rules() -> tuple[str, ...]:
    """Return the names of the rules whose finds are replaced unless others are named."""
    return tuple(name for name in known() if name not in LEFT_ALONE)


def known() -> tuple[str, ...]:
    """Return the names of all rules whose finds can be replaced."""
    return tuple(rule.name for rule in registry.RULES if rule.kind is Kind.PERSONAL)


def may(*, project: Project) -> bool:
    """Say whether who works here may de-identify: who leads the project, not in a review pack."""
    return project.pack is None and permissions.leads(project=project)


def propose(
    *,
    project: Project,
    person: Who,
    example_id: str,
    how: How = How.SURROGATE,
    only: Collection[str] = (),
    marks: Collection[str] = (),
    whole: bool = False,
    progress: Progress | None = None,
) -> Proposal:
    """Return what would take the place of what in an example, and change nothing of it.

    Raises NotFound, OnlyFor for who does not lead the project, and WrongUsage for a rule that finds no personal data.
    """
    _require(project)
    work = _work(project, person, how, only, preview=True)
    with project.read() as view:
        seq = listing.seq_of(view, example_id)
    if seq is None:
        raise NotFound(_("example"), example_id)
    found = changes(project=project, seqs=[seq], work=work, marks=marks, whole=whole, progress=progress)
    made = next((one.made for part in found for one in part), ())
    return Proposal(example_id=example_id, replacements=made, missing=_missing(work.settings))


def apply(
    *,
    project: Project,
    actor: Who,
    example_ids: Sequence[str] | None = None,
    numbers: Sequence[int] | None = None,
    where: str = "",
    how: How = How.SURROGATE,
    only: Collection[str] = (),
    marks: Collection[str] = (),
    whole: bool = False,
    progress: Progress | None = None,
    preview: bool = False,
) -> Done:
    """De-identify examples as one act, which ``undo`` takes back: those named, or those that fit a filter.

    ``only``: names of rules (none: ``rules``); ``marks``: these findings alone. What was dismissed or set aside stays.
    The same original has the same surrogate in its patient or matter, else in its example; ``whole``: in the project.
    ``preview``: nothing is stored but the project's secret, so that the act chooses as the look did.

    Raises OnlyFor for who does not lead the project, BadFilter, and WrongUsage for a rule that finds no personal data.
    """
    _require(project)
    work, seqs = _work(project, actor, how, only, preview=preview), _numbers(project, example_ids, numbers, where)
    tally = _Tally()
    parts = changes(project=project, seqs=seqs, work=work, marks=marks, whole=whole, progress=progress)
    done = bulk.in_chunks(
        partial(_write, work=work, tally=tally),
        parts,
        project=project,
        who=actor,
        kind="deidentify",
        total=len(seqs),
        progress=progress,
        preview=preview,
        told={"how": how.value},
    )
    return _done(project, work, done, tally)


@dataclass(slots=True)
class _Tally:
    """What the parts of an act have written so far."""

    counted: Counter[str] = field(default_factory=Counter)
    first: list[Proposal] = field(default_factory=list)
    reopened: int = 0


def _done(project: Project, work: Work, done: BulkDone, tally: _Tally) -> Done:
    return Done(
        bulk=done,
        replaced=dict(tally.counted),
        first=tuple(tally.first),
        missing=_missing(work.settings),
        unconfirmed=len(unconfirmed(project=project)),
        reopened=tally.reopened,
    )


def confirmations(*, project: Project) -> Confirmations:
    """Return what stands de-identified among the examples in play, and how much of it somebody else has confirmed."""
    with project.read() as view:
        return confirmations_in(view)


def confirmations_in(view: View, seqs: Sequence[int] | None = None) -> Confirmations:
    """Return the same within one read of the project, of these examples alone where they are given."""
    found = deidentified.standing(view, seqs)
    aside = {row for row, status in _statuses(view, [one.seq for one in found]).items() if status == Status.SET_ASIDE}
    found = [one for one in found if one.seq not in aside]
    ways = deidentified.ways(view, {one.act for one in found})
    open_ = [one.seq for one in found if not one.confirmed_by]
    return Confirmations(
        examples=len(found),
        confirmed=len(found) - len(open_),
        how=dict(Counter(ways.get(one.act, "") for one in found)),
        unconfirmed=tuple(listing.ids_of(view, open_)),
    )


def unconfirmed(*, project: Project) -> tuple[str, ...]:
    """Return the ids of the de-identified examples that nobody but their author has accepted or edited since."""
    return confirmations(project=project).unconfirmed


def sentences(done: Done, *, preview: bool = False) -> list[str]:
    """Return what was done, or would be, in plain words: what was replaced, what was not, and who is to confirm it."""
    n = done.bulk.changed
    if preview:
        said = [plural("{n} example would be de-identified.", "{n} examples would be de-identified.", n)]
    else:
        said = [plural("{n} example de-identified.", "{n} examples de-identified.", n)]
    said += bulk.left_out_sentences(done.bulk)
    if done.reopened:
        said.append(
            plural(
                "{n} was decided by an adjudicator, whose decision does not hold for the new text.",
                "{n} were decided by an adjudicator, whose decisions do not hold for the new texts.",
                done.reopened,
            )
        )
    if done.missing:
        said.append(checking.missing_sentence(done.missing))
    if done.unconfirmed and not preview:
        said.append(unconfirmed_sentence(done.unconfirmed))
    return said


def unconfirmed_sentence(n: int) -> str:
    """Return that nobody else has confirmed what was de-identified."""
    return plural(
        "{n} de-identified example was confirmed by nobody but who made it: a second person is to accept it.",
        "{n} de-identified examples were confirmed by nobody but who made them: a second person is to accept them.",
        n,
    )


def _require(project: Project) -> None:
    permissions.require(project=project, role=Role.LEAD, act=_("de-identify examples"))


def _rules(only: Collection[str]) -> frozenset[str]:
    unknown = sorted(set(only) - set(known()))
    if unknown:
        raise WrongUsage(
            _(
                "No rule for personal data is called {name}. There are: {known}.",
                name=", ".join(unknown),
                known=", ".join(known()),
            )
        )
    return frozenset(only or rules())


def _work(project: Project, who: Who, how: How, only: Collection[str], *, preview: bool) -> Work:
    wanted = _rules(only)
    if how is How.SHIFT and wanted.isdisjoint(DATES):
        dates = ", ".join(sorted(DATES))
        raise WrongUsage(_("Where dates alone are moved, name one of their rules, or none: {dates}.", dates=dates))
    with project.read() as view:
        settings = project_settings.current(view)
    return Work(key=secret_of(project, who), how=how, only=wanted, settings=settings, preview=preview)


def _missing(settings: ProjectSettings) -> tuple[Rule, ...]:
    return tuple(registry.missing(settings.checks, kinds={Kind.PERSONAL}))


def _numbers(
    project: Project, example_ids: Sequence[str] | None, numbers: Sequence[int] | None, where: str
) -> Sequence[int]:
    if numbers is not None:
        return list(numbers)
    if example_ids is None:
        return list(browsing.example_numbers(project=project, where=where))
    with project.read() as view:
        known = listing.seqs_of(view, example_ids)
    missing = next((one for one in example_ids if one not in known), None)
    if missing is not None:
        raise NotFound(_("example"), missing)
    return sorted(known.values())


def _write(
    unit: Unit,
    part: Sequence[Changed],
    left: "Counter[LeftOut]",
    *,
    work: Work,
    tally: _Tally,
) -> Sequence[int]:
    rows = {row.seq: row for row in listing.page(unit, [one.seq for one in part])}
    visible, changed_back = many.statuses(unit, list(rows)), _changed_back(unit, part)
    written: list[Changed] = []
    for one in part:
        row = rows.get(one.seq)
        if row is None or one.seq not in visible:
            left[LeftOut.GONE] += 1
        elif row.status == Status.SET_ASIDE:
            left[LeftOut.SET_ASIDE] += 1
        elif row.hash != one.before_hash:
            left[LeftOut.CHANGED] += 1
        elif one.broken:
            left[LeftOut.FORM] += 1
        elif one.seq in changed_back:
            left[LeftOut.RETURNED] += 1
        elif one.made:
            written.append(one)
            tally.counted.update(replacement.rule for _message, replacement in one.made)
            if sum(len(shown.replacements) for shown in tally.first) < SHOWN:
                tally.first.append(Proposal(example_id=row.id, replacements=one.made))
    seqs = [one.seq for one in written]
    decided = list(decisions.adjudicated(unit, seqs))
    tally.reopened += len(decided)
    bulk.decide(unit, seqs, lambda: _store(unit, written, {seq: rows[seq].content for seq in seqs}, decided))
    _keep_found(unit, written, work.settings)
    return seqs


def _changed_back(unit: Unit, part: Sequence[Changed]) -> set[int]:
    """Return where a reviewer's edit of just the new text stands: it would count again, and bring the words back."""
    new = {one.seq: Content.from_text(one.after).hash for one in part if one.made}
    said = reviews.newest_of(unit, list(new))
    return {seq for (seq, _who), one in said.items() if one.verdict is Verdict.EDIT and one.base_hash == new[seq]}


def _store(unit: Unit, written: Sequence[Changed], before: Mapping[int, Content], decided: Sequence[int]) -> None:
    """Write the new texts; decisions of an adjudicator were on those before, and their examples are open again."""
    decisions.about_examples(unit, decided, "reopen")
    for one in written:
        deidentified.add(unit, one.seq, before[one.seq], Content.from_text(one.after))
        for rule, mark in dict.fromkeys(one.surrogates):
            about = {"rule": rule, "mark": mark}
            reason = DismissReason.ACCEPTABLE.value
            decisions.about_examples(unit, [one.seq], findings.DISMISS, reason=reason, comment=SURROGATE, payload=about)


def _keep_found(unit: Unit, written: Sequence[Changed], settings: ProjectSettings) -> None:
    """Keep what was found in the new texts, where all was looked for: nobody need check them again."""
    found = {
        (one.seq, Content.from_text(one.after).hash): [Marked(*each) for each in one.found]
        for one in written
        if one.whole
    }
    findings.store(unit, found, fingerprint=fingerprint(settings), kinds=())


def _statuses(view: View, seqs: Sequence[int]) -> dict[int, str]:
    return {seq: status for part in batched(seqs) for seq, status in many.statuses(view, part).items()}
