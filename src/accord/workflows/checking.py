"""Checking: what is wrong with the examples of a project, by the checks that it wants."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from accord.checks import registry, sources
from accord.domain import extras
from accord.domain.batches import batched
from accord.domain.content import Content
from accord.domain.extras import Extra
from accord.domain.findings import Finding, Kind, Rule
from accord.domain.progress import Progress, Silent
from accord.domain.project import ProjectSettings
from accord.domain.wording import _
from accord.formats.answers import answer_problem
from accord.storage import listing
from accord.storage import settings as project_settings
from accord.storage.project import Project
from accord.workflows import browsing
from accord.workflows.answer_rule import ANSWER_KIND as ANSWER_KIND


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """An example and what was found in the text that stands, its ``content``, in its order."""

    id: str
    findings: tuple[Finding, ...]
    content: Content


def check(
    *,
    project: Project,
    where: str = "",
    kinds: Collection[Kind] = (),
    progress: Progress | None = None,
) -> Iterator[Checked]:
    """Yield the examples that fit a filter and have findings; ``kinds`` narrows what is looked for (empty: all).

    Nothing is stored. Raises BadFilter, and Cancelled between two examples.
    """
    told = progress or Silent()
    with project.read() as view:
        settings = project_settings.current(view)
    numbers = browsing.example_numbers(project=project, where=where, progress=progress)
    done = 0
    for batch in batched(numbers):
        with project.read() as view:
            rows = listing.page(view, batch)
            dates = listing.source_dates(view, batch)
        for row in rows:
            told.check()
            found = findings_of(row.content, settings, kinds=kinds, dates=dates.get(row.seq, ()))
            if found:
                yield Checked(id=row.id, findings=found, content=row.content)
        done += len(batch)
        told.report(done, len(numbers))


def missing(*, project: Project, kinds: Collection[Kind] = ()) -> tuple[Rule, ...]:
    """Return the rules that a project wants and that cannot be applied here, for packages that are not installed."""
    with project.read() as view:
        settings = project_settings.current(view)
    return tuple(registry.missing(settings.checks, kinds=kinds))


def missing_sentence(rules: Collection[Rule]) -> str:
    """Return what is not looked for here, and how it can be; "" where nothing is missing."""
    if not rules:
        return ""
    return _(
        "Not looked for, as packages are not installed: {rules}. {how}",
        rules=", ".join(_(rule.title) for rule in rules),
        how=extras.how(Extra.CHECKS),
    )


def findings_of(
    content: Content,
    settings: ProjectSettings,
    *,
    kinds: Collection[Kind] = (),
    heavy: bool = True,
    dates: Sequence[str] = (),
) -> tuple[Finding, ...]:
    """Return what a project's checks find in one content, in the order of its text; ``heavy`` as in the registry.

    ``dates``: those of the sources that the example was taken from, as they are written.
    """
    found = registry.findings(content, settings.checks, kinds=kinds, heavy=heavy)
    if dates and (not kinds or Kind.CITATIONS in kinds):
        found += sources.of_dates(content, dates, settings.checks, datetime.now(UTC).date())
    wanted = (not kinds or Kind.SCHEMA in kinds) and ANSWER_KIND.name not in settings.checks.off
    problem = answer_problem(content.answer, settings) if wanted and content.has_answer else None
    if problem is None or content.answer_index is None:
        return tuple(found)
    return (ANSWER_KIND.at(content.answer_index, 0, len(content.answer), problem=problem), *found)


def title(name: str) -> str:
    """Return what a rule is called in a list, in the language in force. Raises NotFound."""
    return _((ANSWER_KIND if name == ANSWER_KIND.name else registry.rule(name)).title)


def sentence(finding: Finding) -> str:
    """Return what a finding says, in the language in force."""
    if finding.rule == ANSWER_KIND.name:
        return finding.details["problem"]  # a sentence already
    return registry.sentence(finding)
