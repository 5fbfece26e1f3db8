"""The rules of all checks as a person reads them, and how the examples of a project stand by them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from accord.checks import registry
from accord.domain.dismissals import RuleCount
from accord.domain.findings import Kind, Limits, Rule, Severity
from accord.domain.progress import Progress
from accord.domain.review import Status
from accord.domain.wording import _
from accord.storage import settings as project_settings
from accord.storage.project import Project, open_project
from accord.workflows import browsing, checking, findings, whole_checks
from accord.workflows.whole_checks import WholeFinding

_PARAMETER = re.compile(r"\{\w+\}")
_IN_BRACKETS = re.compile(r"\s*[(（]\{\w+\}[)）]")  # what only a finding can say


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFacts:
    """One rule in words; ``needs``: the package that it cannot do without, "" for none.

    ``whole``: it looks at all examples together, and its findings are not counted with those of single examples.
    """

    name: str
    kind: Kind
    severity: Severity
    title: str
    sentence: str
    source: str
    needs: str
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the examples in play stand: how many there are, how many of them are not checked as they are now.

    ``counts``: by rule. ``missing``: the wanted rules that cannot be applied here. ``may_run``: whether what is found
    may be stored by who works here.
    """

    examples: int
    stale: int
    counts: Mapping[str, RuleCount]
    missing: tuple[RuleFacts, ...]
    may_run: bool

    @property
    def open(self) -> int:
        """How many findings are open."""
        return sum(one.open for one in self.counts.values())


def rules() -> tuple[RuleFacts, ...]:
    """Return all rules, in the language in force, those of a kind in the order of the registry."""
    of_one = [_facts(rule) for rule in (checking.ANSWER_KIND, *registry.RULES)]
    return (*of_one, *(replace(_facts(rule), whole=True) for rule in whole_checks.RULES))


def look_at_whole(path: Path | str, *, progress: Progress) -> tuple[WholeFinding, ...]:
    """Look at all examples of a project together (``path``: its ``Project.opens``), in a process of its own."""
    project = open_project(path, check=False)
    try:
        return whole_checks.look(project=project, progress=progress)
    finally:
        project.close()


def standing(*, project: Project) -> Standing:
    """Read how the examples stand; counted from what is stored, nothing is looked for."""
    with project.read() as view:
        limits = project_settings.current(view).checks
    by_status = browsing.stage_counts(project=project).by_status
    return Standing(
        examples=sum(n for status, n in by_status.items() if status != Status.SET_ASIDE),
        stale=findings.stale(project=project),
        counts={one.rule: one for one in findings.counts(project=project)},
        missing=tuple(_facts(rule) for rule in registry.missing(limits)),
        may_run=findings.may_store(project=project),
    )


def problem(limits: Limits) -> str:
    """Return what keeps limits from being used, "" for nothing."""
    try:
        re.compile(limits.pattern)
    except re.error as error:
        return _("The form of an answer is no regular expression: {reason}.", reason=str(error))
    if limits.longest and limits.shortest > limits.longest:
        return _("The shortest answer is longer than the longest.")
    strange = [code for code in limits.languages if not re.fullmatch(r"[a-z]{2}", code)]
    if strange:
        return _("“{code}” is no language code of two letters, such as en or es.", code=strange[0])
    if limits.least_share > limits.most_share:
        return _("The least share is larger than the largest.")
    return ""


def kind_title(kind: Kind) -> str:
    """Return what a kind of check is called; small kinds that are much the same share a title."""
    titles = {
        Kind.PERSONAL: _("Personal data"),
        Kind.SCHEMA: _("Form of answer"),
        Kind.FORMAT: _("Form of answer"),
        Kind.LENGTH: _("Length"),
        Kind.TOKENS: _("Tokens"),
        Kind.LANGUAGE: _("Language"),
        Kind.BALANCE: _("Balance and tags"),
        Kind.TAGS: _("Balance and tags"),
        Kind.ENCODING: _("Characters"),
        Kind.COPY: _("Copies and boilerplate"),
        Kind.BOILERPLATE: _("Copies and boilerplate"),
        Kind.TEMPLATE: _("Copies and boilerplate"),
        Kind.ABBREVIATIONS: _("Abbreviations"),
        Kind.CODES: _("Codes of diagnoses"),
        Kind.CITATIONS: _("Citations"),
    }
    return titles[kind]


def _facts(rule: Rule) -> RuleFacts:
    return RuleFacts(
        name=rule.name,
        kind=rule.kind,
        severity=rule.severity,
        title=_(rule.title),
        sentence="" if rule.sentence == "{problem}" else _PARAMETER.sub("…", _IN_BRACKETS.sub("", _(rule.sentence))),
        source=_(rule.source),
        needs=rule.needs,
    )
