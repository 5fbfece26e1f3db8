"""Freezing a release: what is accepted, split by groups, checked for leaks, hashed, compared with the one before."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from accord.analysis.splits import Split, split
from accord.domain.batches import batched
from accord.domain.errors import NotFound, Refused
from accord.domain.ledger import Who
from accord.domain.meaning import Embedder
from accord.domain.people import Role
from accord.domain.progress import Progress, Silent
from accord.domain.project import ProjectSettings
from accord.domain.releases import LeftOut, Part, Release, ReleaseAgreement, ReleasePlan, content_hash
from accord.domain.review import Status
from accord.domain.wording import _, plural
from accord.storage import deidentified, events, facets, listing, releases, requests
from accord.storage import settings as project_settings
from accord.storage.project import Project, View
from accord.workflows import permissions, release_checks, release_findings, release_meaning, release_rules
from accord.workflows.importing import backup_before
from accord.workflows.release_findings import Findings
from accord.workflows.release_material import NO_LINKS, Links, Row, accepted, bystanders, linked, split_item


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReady:
    """One sentence of the checklist, and the filter (or page) that leads to what it speaks of."""

    sentence: str
    page: str
    where: str = ""
    blocks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """How far the project is from a release."""

    accepted: int
    waiting: int
    disagreements: int
    conflicts: int
    missing: tuple[NotReady, ...]

    @property
    def blocked(self) -> bool:
        """Whether the project's own rules refuse a release now."""
        return self.accepted == 0 or any(item.blocks for item in self.missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed from one release to the next, as example ids."""

    previous: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    newly_held_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A release worked out but not yet stored; ``same_as`` names an earlier release with the same content.

    ``blocks``: sentences, each of which refuses it.
    """

    release: Release
    parts: dict[str, Part]
    hashes: dict[str, str]
    seqs: dict[str, int]
    same_as: str
    settings: ProjectSettings
    blocks: tuple[str, ...] = ()


def checklist(*, project: Project) -> Checklist:
    """Say in at most three sentences what is not ready."""
    with project.read() as view:
        by_status = listing.counts(view, "status")
        conflict_count = requests.open_conflicts(view)
        among_accepted = requests.open_conflicts(view, status=Status.ACCEPTED)
        settings = project_settings.current(view)
        refuses = settings.rules.refuse_open_conflicts and among_accepted > 0
        low = _low_agreement(view, settings)
        warned, refused = release_checks.said(release_checks.among_accepted(view), settings.rules)
    waiting = sum(by_status.get(s, 0) for s in (Status.CANDIDATE, Status.IN_REVIEW, Status.NEEDS_ANSWER))
    disagreements = by_status.get(Status.DISAGREEMENT, 0)
    accepted = by_status.get(Status.ACCEPTED, 0)
    missing = []
    if conflict_count:
        sentence = plural(
            "{n} request has answers that conflict.", "{n} requests have answers that conflict.", conflict_count
        )
        missing.append(NotReady(sentence=sentence, page="duplicates", blocks=refuses))
    if worst := (refused or warned)[:1]:
        where = release_checks.WITH_FINDINGS
        missing.append(NotReady(sentence=worst[0], page="examples", where=where, blocks=bool(refused)))
    if low:
        missing.append(NotReady(sentence=low[0], page="agreement", blocks=settings.rules.refuse_low_agreement))
    if disagreements:
        sentence = plural("{n} example is disputed or unsure.", "{n} examples are disputed or unsure.", disagreements)
        missing.append(NotReady(sentence=sentence, page="disagreements"))
    if accepted == 0:
        missing.insert(0, NotReady(sentence=_("Nothing is accepted yet."), page="review", blocks=True))
    elif waiting:
        sentence = plural("{n} example waits for review.", "{n} examples wait for review.", waiting)
        missing.append(NotReady(sentence=sentence, page="review"))
    return Checklist(
        accepted=accepted,
        waiting=waiting,
        disagreements=disagreements,
        conflicts=conflict_count,
        missing=tuple(missing[:3]),
    )


def _low_agreement(view: View, settings: ProjectSettings) -> list[str]:
    if settings.rules.least_alpha <= 0:
        return []
    used = facets.by_tag(view, status=Status.ACCEPTED.value)
    return release_rules.too_low(settings, release_rules.agreement(view, used))


def propose_name(*, project: Project) -> str:
    """Return the next release name: the last one counted up, or ``v1``."""
    with project.read() as view:
        names = [release.name for release in releases.listed(view)]
    if not names:
        return "v1"
    match = re.search(r"(\d+)(?!.*\d)", names[-1])
    name = f"{names[-1]}-2" if match is None else _count_up(names[-1], match)
    while name in names:
        found = re.search(r"(\d+)(?!.*\d)", name)
        name = _count_up(name, found) if found else f"{name}-2"
    return name


def work_out(
    *,
    project: Project,
    who: Who,
    name: str,
    plan: ReleasePlan,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
) -> Draft:
    """Work out a release without storing it; its ``blocks`` say what refuses it. Raises Refused for an odd plan.

    ``embedder``: needed where the plan or the project's rules ask for meaning; then NoMeaning is raised, too.
    """
    watch = progress or Silent()
    _check_plan(plan)
    release_meaning.learn(project, plan, embedder, watch)
    release_checks.look_first(project, who, plan, watch)
    with project.read() as view:
        return _draft(project, view, who=who, name=name, plan=plan, embedder=embedder, watch=watch)


def _draft(
    project: Project, view: View, *, who: Who, name: str, plan: ReleasePlan, embedder: Embedder | None, watch: Progress
) -> Draft:
    """Work out a release as the project stands in one moment."""
    settings = project_settings.current(view)
    plan = replace(plan, semantic_threshold=release_meaning.threshold_of(plan, settings) or None)
    still = release_findings.still_open(view, plan, settings)
    rows, left_out = accepted(view, plan, settings)
    agreement = release_rules.agreement(view, {tag for row in rows for tag in row.tags})
    earlier = releases.earlier_parts(view)
    beside = bystanders(view, rows, earlier)
    compared = release_meaning.compare(project, rows, beside, plan=plan, embedder=embedder, watch=watch)
    alike = compared.near.clusters if compared is not None else ()
    links = linked(view, rows, beside, plan=plan, alike=alike, watch=watch) if rows else NO_LINKS
    previous = releases.listed(view)
    found = _split(rows, links, earlier, plan, settings)
    taken = [row.seq for row in rows if row.id in found.parts]
    checked, replaced = release_checks.among(view, taken), release_checks.deidentified(view, taken)
    found.left_out.update(left_out)
    said = release_findings.find(
        rows, found, plan=plan, settings=settings, still=still, agreement=agreement, checked=checked
    )
    release = _release(name, who, plan, settings, rows, found, links, said, agreement)
    release = replace(release, findings=checked, deidentified=replaced)
    if compared is not None:
        meaning = release_meaning.found(compared, rows, beside, earlier=earlier, parts=found.parts, watch=watch)
        release = replace(release, meaning=meaning, warnings=(*release.warnings, *meaning.warnings))
    return Draft(
        release=release,
        parts=found.parts,
        hashes={row.id: row.hash for row in rows},
        seqs={row.id: row.seq for row in rows},
        same_as=next((r.name for r in reversed(previous) if _says_the_same(r, release)), ""),
        settings=settings,
        blocks=said.blocks,
    )


def _check_plan(plan: ReleasePlan) -> None:
    if not (0 <= plan.heldout < 1 and 0 <= plan.validation < 1 and plan.heldout + plan.validation < 1):
        raise Refused(_("The held-out and validation shares are each from 0 up and together below 1."))
    if not 0 < plan.threshold <= 1:
        raise Refused(_("The threshold of near-duplicates is above 0 and at most 1."))
    if plan.semantic_threshold is not None and not 0 < plan.semantic_threshold <= 1:
        raise Refused(_("The threshold of what is alike in meaning is above 0 and at most 1."))


def _says_the_same(stored: Release, release: Release) -> bool:
    """Say whether a stored release has the same content, and its card says what was asked of meaning now."""
    if release.meaning is None or stored.hash != release.hash:
        return stored.hash == release.hash
    asked, before = release.meaning, stored.meaning
    return before is not None and (before.threshold, before.digest) == (asked.threshold, asked.digest)


def _split(
    rows: Sequence[Row], links: Links, earlier: Mapping[int, Part], plan: ReleasePlan, settings: ProjectSettings
) -> Split:
    double = settings.rules.heldout_double
    items = (
        split_item(row, links.keys.get(row.id, ()), earlier.get(row.seq), plan=plan, heldout_double=double)
        for row in rows
    )
    return split([*items, *links.absent], heldout=plan.heldout, validation=plan.validation, seed=plan.seed)


def look(
    *,
    project: Project,
    who: Who,
    name: str,
    plan: ReleasePlan,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
) -> Draft:
    """Work out what ``make`` would freeze now, with all that blocks it, the name too. Raises OnlyFor, Refused."""
    permissions.require(project=project, role=Role.LEAD, act=_("make a release"))
    draft = work_out(project=project, who=who, name=name, plan=plan, embedder=embedder, progress=progress)
    with project.read() as view:
        problem = _name_problem(view, name)
    return replace(draft, blocks=(problem, *draft.blocks)) if problem else draft


def make(
    *,
    project: Project,
    who: Who,
    name: str,
    plan: ReleasePlan,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
) -> Release:
    """Freeze a release and return it. Raises Refused (the name is taken, nothing accepted, a rule)."""
    permissions.require(project=project, role=Role.LEAD, act=_("make a release"))
    with project.read() as view:
        _check_name(view, name)
    draft = work_out(project=project, who=who, name=name, plan=plan, embedder=embedder, progress=progress)
    return store(project=project, who=who, draft=draft)


def _check_name(view: View, name: str) -> None:
    if problem := _name_problem(view, name):
        raise Refused(problem)


def _name_problem(view: View, name: str) -> str:
    if not re.fullmatch(r"[\w][\w .+-]{0,79}", name):
        return _("A release name is letters, digits, spaces and . _ + -, at most 80 of them.")
    if releases.find(view, name) is not None:
        return _("There is already a release “{name}”. Releases do not change; choose another name.", name=name)
    return ""


def store(*, project: Project, who: Who, draft: Draft) -> Release:
    """Store a release that was worked out; refused where something blocks it or an example changed in between."""
    permissions.require(project=project, role=Role.LEAD, act=_("make a release"))
    if draft.blocks:
        raise Refused(" ".join([*draft.blocks, _("Nothing was released.")]))
    backup_before(project=project, reason="before-release")
    with project.write(who) as unit:
        _check_name(unit, draft.release.name)
        if project_settings.current(unit) != draft.settings:
            raise Refused(
                _("The project's settings changed while the release was made. Nothing was stored; try again.")
            )
        release = replace(draft.release, created_at=unit.at)
        releases.add(unit, release, draft.settings, _items(unit, draft))
        events.append(unit, "release", {"name": release.name, "hash": release.hash, "counts": dict(release.counts)})
        unit.commit()
    return release


def compare(*, project: Project, draft: Draft) -> Comparison | None:
    """Compare a worked-out release with the newest stored one; None where there is none."""
    with project.read() as view:
        stored = releases.listed(view)
        if not stored:
            return None
        before = releases.parts(view, stored[-1].name)
    changed = [i for i in draft.parts if i in before and before[i][1] != draft.hashes[i]]
    held = [
        i for i, part in draft.parts.items() if part is Part.HELDOUT and before.get(i, (None,))[0] is not Part.HELDOUT
    ]
    return Comparison(
        previous=stored[-1].name,
        added=tuple(sorted(set(draft.parts) - set(before))),
        removed=tuple(sorted(set(before) - set(draft.parts))),
        changed=tuple(sorted(changed)),
        newly_held_out=tuple(sorted(held)),
    )


def listed(*, project: Project) -> list[Release]:
    """Return all releases, oldest first."""
    with project.read() as view:
        return releases.listed(view)


def named(*, project: Project, name: str) -> Release:
    """Return a release by its name. Raises NotFound."""
    with project.read() as view:
        found = releases.find(view, name)
    if found is None:
        raise NotFound(_("release"), name)
    return found


def _release(  # noqa: PLR0917
    name: str,
    who: Who,
    plan: ReleasePlan,
    settings: ProjectSettings,
    rows: Sequence[Row],
    found: Split,
    links: Links,
    said: Findings,
    agreement: tuple[ReleaseAgreement, ...],
) -> Release:
    counts = Counter(found.parts.values())
    hashes = {row.id: row.hash for row in rows}
    crossing = sum(
        1 for a, b in links.pairs if a in found.parts and b in found.parts and found.parts[a] is not found.parts[b]
    )
    return Release(
        name=name,
        created_at="",
        created_by=who.actor,
        plan=plan,
        counts={part.value: counts.get(part, 0) for part in Part},
        groups=found.groups,
        hash=content_hash(
            instruction=settings.instruction,
            mode=settings.instruction_mode,
            codes=exported_codes(settings),
            items=((id_, hashes[id_], found.parts[id_]) for id_ in sorted(found.parts)),
        ),
        leakage_pairs=crossing,
        leakage_checked=links.checked,
        instruction=settings.instruction,
        instruction_mode=settings.instruction_mode,
        left_out=tuple(LeftOut(id=i, reason=reason) for i, reason in sorted(found.left_out.items())),
        warnings=said.warnings,
        agreement=agreement,
        outside=said.outside,
    )


def exported_codes(settings: ProjectSettings) -> list[tuple[str, str]]:
    """Return label and code of each choice, where a release exports codes."""
    return [(choice.label, choice.code) for choice in settings.choices] if settings.export_codes else []


def _items(unit: View, draft: Draft) -> Iterator[releases.Item]:
    for batch in batched(sorted(draft.seqs[id_] for id_ in draft.parts)):
        found = releases.standings(unit, batch)
        behind = deidentified.behind(unit, {row.seq: row.hash for row in found})
        # A worse answer that came before may hold what was replaced.
        rejected = listing.rejected_answers(unit, batch, {seq: one.at for seq, one in behind.items()})
        if len(found) < len(batch):
            raise Refused(_("An example went away while the release was made. Nothing was stored; try again."))
        for row in found:
            if row.hash != draft.hashes[row.id] or row.status != Status.ACCEPTED:
                raise Refused(_("An example changed while the release was made. Nothing was stored; try again."))
            worse = rejected.get(row.seq, listing.Worse("", ""))
            facts = {**row.facts, "rejected": worse.text, "rejected_by": worse.model}
            yield releases.Item(row.seq, draft.parts[row.id], row.hash, row.edited, facts)


def _count_up(name: str, match: re.Match[str]) -> str:
    return f"{name[: match.start()]}{int(match[1]) + 1}{name[match.end() :]}"
