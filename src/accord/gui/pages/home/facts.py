"""What Home shows, read in one go in a reader thread, and the sentences and the next step that follow from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from accord.analysis.pace import FEWEST_ITEMS, finish_date, items_in, items_per_day, minutes_for
from accord.domain.ledger import ImportRun
from accord.domain.releases import Release
from accord.domain.review import Status
from accord.domain.wording import _, number, plural
from accord.gui.waiting import left_for, to_review
from accord.gui.widgets import Stage
from accord.workflows import adjudicating, browsing, duplicates, findings, packing, projects, releasing, repeating
from accord.workflows.browsing import StageCounts
from accord.workflows.packing import PackWork
from accord.workflows.projects import Project
from accord.workflows.repeating import SecondLooks


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFacts:
    """What checks found, by severity and open, and how many examples are not checked as they stand.

    ``may_check``: whether what is found is stored for whoever works.
    """

    open: Mapping[str, int]
    stale: int
    may_check: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeFacts:
    """All that Home tells. ``seconds`` per item, oldest first; ``per_day`` items by ISO day; both one's own.

    ``clusters`` None: not counted yet. The pace and ``checks`` come with them. ``hers``: what is left of what was given
    to whoever works, None where nothing was. ``looks``: what came back to her, to be judged a second time.
    ``pack``: how far she is where this is a review pack.
    """

    counts: StageCounts
    drafts: tuple[str, ...]
    imports: tuple[ImportRun, ...]
    release: Release | None
    hers: int | None = None
    pack: PackWork | None = None
    looks: SecondLooks | None = None
    may_decide: bool = True
    clusters: int | None = None
    seconds: tuple[float, ...] = ()
    per_day: Mapping[str, int] = field(default_factory=dict)
    checks: CheckFacts | None = None

    @property
    def waiting(self) -> int:
        """Examples to review."""
        first = to_review(self.counts) if self.hers is None else self.hers
        return first + (0 if self.looks is None else self.looks.left)

    @property
    def disputed(self) -> int:
        """Disagreements for whoever may settle them."""
        return self.of(Status.DISAGREEMENT) if self.may_decide else 0

    def of(self, *statuses: Status) -> int:
        """Return how many examples have one of these statuses."""
        return sum(self.counts.by_status.get(status, 0) for status in statuses)

    @property
    def released(self) -> int:
        """Examples in the newest release."""
        return 0 if self.release is None else sum(self.release.counts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something to do: a sentence, and the page that does it with what that page is told; none closes the project."""

    title: str
    page: str
    params: Mapping[str, object]
    count: int = 0
    icon: str = ""


def read(*, project: Project, reviewer: str) -> HomeFacts:
    """Read what is counted from indexes alone, at once also where there are a million examples."""
    found = releasing.listed(project=project)
    return HomeFacts(
        counts=browsing.stage_counts(project=project),
        drafts=tuple(name for name, _at in browsing.drafts_of(project=project, reviewer=reviewer)),
        imports=tuple(projects.imports_done(project=project)),
        release=found[-1] if found else None,
        hers=left_for(project, reviewer),
        pack=packing.work_of(project=project),
        may_decide=adjudicating.may_decide(project=project),
    )


def as_before(facts: HomeFacts, before: HomeFacts) -> HomeFacts:
    """Return facts with what takes longer as it was, until it is read again."""
    return replace(
        facts, clusters=before.clusters, seconds=before.seconds, per_day=before.per_day, checks=before.checks
    )


def read_rest(facts: HomeFacts, *, project: Project, reviewer: str, clusters: int | None) -> HomeFacts:
    """Add what takes longer; ``clusters`` spares counting the near-duplicates again where nothing changed them."""
    newest_first, per_day = browsing.pace_of(project=project, reviewer=reviewer)
    return replace(
        facts,
        clusters=duplicates.open_clusters(project=project) if clusters is None else clusters,
        seconds=tuple(reversed(newest_first)),
        per_day=per_day,
        looks=repeating.second_looks(project=project, person=reviewer),
        checks=None if facts.pack is not None else _checks(project),
    )


def _checks(project: Project) -> CheckFacts:
    return CheckFacts(
        open=findings.open_by_severity(project=project),
        stale=findings.stale(project=project),
        may_check=findings.may_store(project=project),
    )


def next_step(facts: HomeFacts) -> Step | None:
    """Return the one thing to do now: import, review, settle, release, or bring in more; None while it is not known."""
    if not facts.counts.examples:
        return Step(title=_("Import your first file"), page="importing", params={}, icon="tray-arrow-down")
    if facts.waiting:
        title = plural("Review {n} example", "Review {n} examples", facts.waiting)
        return Step(title=title, page="review", params={}, icon="clipboard-check-outline")
    if facts.pack is not None:
        return Step(title=_("Close the pack"), page="", params={}, icon="close")
    if facts.clusters is None:
        return None
    unsettled = [step for step in waiting_steps(facts) if step.page == "duplicates"]
    if unsettled:
        return Step(title=_("Settle what is left"), page="duplicates", params=unsettled[0].params)
    if facts.disputed:
        return Step(title=_("Settle the disagreements"), page="disagreements", params={})
    if facts.of(Status.ACCEPTED) != facts.released:
        return Step(title=_("Make a release"), page="release", params={}, icon="package-variant-closed")
    return Step(title=_("Import more"), page="importing", params={}, icon="tray-arrow-down")


def waiting_steps(facts: HomeFacts) -> list[Step]:
    """Return what waits for a person, the most useful first."""
    disputed, drafts, conflicts = facts.disputed, len(facts.drafts), facts.counts.conflicts
    draft = facts.drafts[0] if facts.drafts else ""
    review = plural("example to review", "examples to review", facts.waiting)
    unsubmitted = plural("text of yours not submitted", "texts of yours not submitted", drafts)
    unsure = plural("example disputed or unsure", "examples disputed or unsure", disputed)
    conflicting = plural("request with conflicting answers", "requests with conflicting answers", conflicts)
    groups = facts.clusters or 0
    clusters = plural("cluster of near-duplicates", "clusters of near-duplicates", groups)
    listed: list[tuple[int, str, str, dict[str, object], str]] = [
        (facts.waiting, review, "review", {}, "clipboard-check-outline"),
        (drafts, unsubmitted, "review", {"example_id": draft}, "pencil-outline"),
        (disputed, unsure, "disagreements", {}, "scale-balance"),
        (conflicts, conflicting, "duplicates", {"tab": "conflicts"}, "call-split"),
        (groups, clusters, "duplicates", {"tab": "near"}, "content-duplicate"),
    ]
    return [
        Step(title=title, page=page, params=params, count=count, icon=icon)
        for count, title, page, params, icon in listed
        if count and (facts.pack is None or page == "review")
    ]


def stages(facts: HomeFacts) -> list[Stage]:
    """Return the funnel, from raw rows to the newest release."""
    counts = facts.counts
    return [
        Stage(id="raw", title=_("Rows read"), count=sum(run.read for run in facts.imports), role="candidate"),
        Stage(id="examples", title=_("Examples"), count=counts.examples, role="candidate"),
        Stage(
            id="in_play",
            title=_("Not set aside"),
            count=counts.examples - facts.of(Status.SET_ASIDE),
            role="in_review",
        ),
        Stage(
            id="judged",
            title=_("Reviewed"),
            count=facts.of(Status.ACCEPTED, Status.REJECTED, Status.DISAGREEMENT),
            role="disagreement",
        ),
        Stage(id="accepted", title=_("Accepted"), count=facts.of(Status.ACCEPTED), role="accepted"),
        Stage(id="released", title=_("Released"), count=facts.released, role="primary"),
    ]


def pace_sentence(facts: HomeFacts, *, minutes: int, today: date) -> str:
    """Say how many items a session holds at one's own pace, and when the rest is done."""
    items = items_in(minutes, facts.seconds)
    if not facts.waiting:
        return ""
    if items is None:
        missing = max(1, FEWEST_ITEMS - len(facts.seconds))
        if facts.pack is not None and missing > facts.waiting:
            return ""
        return plural(
            "Review {n} more example and your pace shows here.",
            "Review {n} more examples and your pace shows here.",
            missing,
        )
    if items >= facts.waiting:
        whole = minutes_for(facts.waiting, facts.seconds) or 0
        return plural("All that waits takes about {n} minute.", "All that waits takes about {n} minutes.", whole)
    session = plural(
        "{minutes} minutes: about {n} item.", "{minutes} minutes: about {n} items.", items, minutes=minutes
    )
    finish = finish_date(facts.waiting, items_per_day(facts.per_day, today), today)
    if finish is None:
        return session
    return _("{session} At your pace of the last days, all are done on {day}.", session=session, day=shown_day(finish))


def shown_day(day: date) -> str:
    """Return a day as people in every country read it."""
    return f"{day:%Y-%m-%d}"


def account(run: ImportRun) -> str:
    """Return an import in a few words."""
    parts = [plural("{n} row", "{n} rows", run.read), _("{n} new", n=number(run.accepted))]
    if run.duplicate:
        parts.append(_("{n} seen before", n=number(run.duplicate)))
    return " · ".join(parts)
