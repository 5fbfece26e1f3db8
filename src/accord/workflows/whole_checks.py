"""What is found of a project as a whole: unusual lengths, answers and tags too rare or too common, tags at odds."""

from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, exp, log

import numpy as np

from accord.analysis.near_duplicates import near_duplicates
from accord.domain.batches import batched
from accord.domain.content import pair_text
from accord.domain.findings import Finding, Kind, Limits, Rule, Severity
from accord.domain.history import ExampleRow
from accord.domain.progress import Progress, Silent
from accord.domain.project import AnswerKind, ProjectSettings
from accord.domain.review import Status
from accord.domain.wording import _, mark, number
from accord.storage import facets, listing
from accord.storage import settings as project_settings
from accord.storage.project import Project
from accord.workflows import browsing

LISTED = 100  # of the examples that a finding is about
_OUT = {Status.REJECTED.value, Status.SET_ASIDE.value}
_LEAST_ANSWERS = 30  # below them a median says little of what is usual
_LEAST_FACTOR = 3.0  # answers that are all of one length make every other one unusual
_LEAST_TOTAL = 20
_ALIKE = 0.6  # exact Jaccard similarity of request and answer
_LEAST_GROUP = 4
_SCORE_OF_MAD = 0.6745  # the median absolute deviation of a normal distribution, in standard deviations


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeFinding:
    """What a rule found of a project: ``examples`` are the first ids of ``count``; ``details`` fill its sentence."""

    rule: Rule
    count: int
    examples: tuple[str, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def says(self) -> str:
        """The sentence, in the language in force."""
        return _(self.rule.sentence, **self.details)


@dataclass(slots=True, kw_only=True)
class Figures:
    """What the rules need of the examples that are in play, by position: 12 bytes each beside ids, tags and texts.

    ``texts`` are kept only where some example has tags.
    """

    ids: list[str] = field(default_factory=list)
    lengths: "array[int]" = field(default_factory=lambda: array("q"))
    answers: Counter[str] = field(default_factory=Counter)
    tags: list[tuple[str, ...]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


def look(
    *, project: Project, where: str = "", kinds: Collection[Kind] = (), progress: Progress | None = None
) -> tuple[WholeFinding, ...]:
    """Return what is found of the examples that fit a filter, taken together; ``kinds`` narrows it (empty: all).

    Rejected examples, and those set aside, do not count. Everything is as the person who asks sees it. Nothing is
    stored. Raises BadFilter, and Cancelled once ``progress`` is stopped.
    """
    told = progress or Silent()
    with project.read() as view:
        settings = project_settings.current(view)
        wanted = [rule for rule in RULES if rule.name not in settings.checks.off and (not kinds or rule.kind in kinds)]
        alike = any(rule.kind is Kind.TAGS for rule in wanted) and bool(facets.by_tag(view))
    if not wanted:
        return ()
    figures = _figures(project, where, settings, told, texts=alike)
    names = {rule.name for rule in wanted}
    found = (*odd_lengths(figures, settings), *shares(figures, settings), *(odd_tags(figures, told) if alike else ()))
    return tuple(each for each in found if each.rule.name in names)


def _figures(project: Project, where: str, settings: ProjectSettings, told: Progress, *, texts: bool) -> Figures:
    figures = Figures()
    numbers = browsing.example_numbers(project=project, where=where, progress=told)
    done = 0
    for batch in batched(numbers):
        with project.read() as view:
            rows = listing.page(view, batch)
        told.check()
        for row in rows:
            if row.status not in _OUT:
                _take(figures, row, settings, texts=texts)
        done += len(batch)
        told.report(done, len(numbers))
    return figures


def _take(figures: Figures, row: ExampleRow, settings: ProjectSettings, *, texts: bool) -> None:
    answer = row.content.answer
    figures.ids.append(row.id)
    figures.lengths.append(len(answer.strip()))
    figures.tags.append(row.tags)
    if settings.answer_kind is AnswerKind.LIST and answer:
        figures.answers[answer] += 1
    if texts:
        figures.texts.append(pair_text(row.content))


def odd_lengths(figures: Figures, settings: ProjectSettings) -> Iterator[WholeFinding]:
    """Yield which answers are far shorter and far longer than is usual in this project.

    By the modified z-score (Iglewicz and Hoaglin 1993) of the logarithms of the lengths, which are spread evenly around
    their median where the lengths themselves are not; an answer three times as short or long is never unusual.
    """
    lengths = np.asarray(figures.lengths, dtype=np.float64)
    written = lengths > 0
    score = settings.checks.odd_length
    if not score or settings.answer_kind is AnswerKind.LIST or written.sum() < _LEAST_ANSWERS:
        return
    logs = np.log(lengths[written])
    median = float(np.median(logs))
    spread = float(np.median(np.abs(logs - median)))
    reach = max(score * spread / _SCORE_OF_MAD, log(_LEAST_FACTOR))
    shortest, longest, usual = (exp(value) for value in (median - reach, median + reach, median))
    for rule, limit, far in (
        (SHORT_HERE, shortest, written & (lengths < shortest)),
        (LONG_HERE, longest, lengths > longest),
    ):
        positions = np.flatnonzero(far)
        if len(positions):
            details = {"n": number(len(positions)), "limit": number(ceil(limit)), "usual": number(round(usual))}
            yield _finding(rule, [figures.ids[at] for at in positions], details)


def shares(figures: Figures, settings: ProjectSettings) -> Iterator[WholeFinding]:
    """Yield which answers of a closed list, and which tags of the project's set, are too rare or too common to learn.

    A tag's share is of the examples that have any.
    """
    limits = settings.checks
    choices = [choice.label for choice in settings.choices]
    yield from _shares((RARE_ANSWER, COMMON_ANSWER), figures.answers, choices, figures.answers.total(), limits)
    tagged = [tags for tags in figures.tags if tags]
    counts = Counter(tag for tags in tagged for tag in tags)
    yield from _shares((RARE_TAG, COMMON_TAG), counts, [tag.name for tag in settings.tags], len(tagged), limits)


def _shares(
    rules: tuple[Rule, Rule], counts: Counter[str], names: Sequence[str], total: int, limits: Limits
) -> Iterator[WholeFinding]:
    rare, common = rules
    if total < _LEAST_TOTAL:
        return
    for name in names:
        share = counts[name] / total
        details = {"name": name, "n": number(counts[name]), "total": number(total), "share": f"{share:.1%}"}
        if share < limits.least_share and total * limits.least_share >= 1:
            yield WholeFinding(rule=rare, count=counts[name], details={**details, "limit": f"{limits.least_share:.1%}"})
        elif share > limits.most_share:
            yield WholeFinding(rule=common, count=counts[name], details=details)


def odd_tags(figures: Figures, told: Progress | None = None) -> Iterator[WholeFinding]:
    """Yield, tag by tag, the examples that alone have it or lack it among four or more of nearly the same text.

    All the others have the same tags. An example of another tag than its neighbours is as a rule mislabelled (Wilson
    1972, edited nearest neighbours).
    """
    watch = told or Silent()

    def report(_done: int, _total: int) -> None:
        watch.check()

    having: dict[str, list[str]] = {}
    lacking: dict[str, list[str]] = {}
    for group in near_duplicates(figures.texts, threshold=_ALIKE, progress=report).clusters:
        tagged = Counter(frozenset(figures.tags[at]) for at in group)
        usual, agreeing = tagged.most_common(1)[0]
        if agreeing < _LEAST_GROUP - 1 or agreeing != len(group) - 1:
            continue  # all agree, or several do not: of a text that says something else, or of what is open to doubt
        odd = next(at for at in group if usual != frozenset(figures.tags[at]))
        for tag in usual ^ frozenset(figures.tags[odd]):
            (lacking if tag in usual else having).setdefault(tag, []).append(figures.ids[odd])
    for rule, found in ((ODD_TAG, having), (MISSING_TAG, lacking)):
        for tag, ids in sorted(found.items()):
            yield _finding(rule, ids, {"name": tag, "n": number(len(ids))})


def _finding(rule: Rule, ids: Sequence[str], details: Mapping[str, str]) -> WholeFinding:
    return WholeFinding(rule=rule, count=len(ids), examples=tuple(ids[:LISTED]), details=details)


def _nothing(_rule: Rule, _content: object, _limits: Limits) -> Iterator[Finding]:
    yield from ()


def _rule(name: str, kind: Kind, severity: Severity, *, title: str, sentence: str, source: str) -> Rule:
    return Rule(name=name, kind=kind, severity=severity, title=title, sentence=sentence, source=source, find=_nothing)


_OUTLIERS = mark("Iglewicz and Hoaglin 1993: a modified z-score above 3.5, of the logarithms of the lengths.")
_RARE = mark("The project's own limit; a class under 1% is extremely rare (Google, Machine Learning: imbalanced data).")
_COMMON = mark("The project's own limit: a model that always gives the most frequent answer is right as often.")
_NEIGHBOURS = mark("Wilson 1972: an example of another class than its nearest neighbours is as a rule mislabelled.")
SHORT_HERE = _rule(
    "unusually-short",
    Kind.LENGTH,
    Severity.NOTE,
    title=mark("Far shorter than usual"),
    sentence=mark("Answers under {limit} characters: {n}. Usual in this project are {usual} characters."),
    source=_OUTLIERS,
)
LONG_HERE = _rule(
    "unusually-long",
    Kind.LENGTH,
    Severity.NOTE,
    title=mark("Far longer than usual"),
    sentence=mark("Answers over {limit} characters: {n}. Usual in this project are {usual} characters."),
    source=_OUTLIERS,
)
RARE_ANSWER = _rule(
    "rare-answer",
    Kind.BALANCE,
    Severity.WARNING,
    title=mark("Answer too rare to be learnt"),
    sentence=mark("“{name}” answers {n} of {total} examples ({share}); the project asks for {limit} at least."),
    source=_RARE,
)
COMMON_ANSWER = _rule(
    "common-answer",
    Kind.BALANCE,
    Severity.WARNING,
    title=mark("Nearly always the same answer"),
    sentence=mark("“{name}” answers {n} of {total} examples ({share}): who always says it is right as often."),
    source=_COMMON,
)
RARE_TAG = _rule(
    "rare-tag",
    Kind.BALANCE,
    Severity.NOTE,
    title=mark("Tag hardly used"),
    sentence=mark("The tag “{name}” is on {n} of {total} tagged examples ({share}); the limit is {limit}."),
    source=_RARE,
)
COMMON_TAG = _rule(
    "common-tag",
    Kind.BALANCE,
    Severity.NOTE,
    title=mark("Tag on nearly everything"),
    sentence=mark("The tag “{name}” is on {n} of {total} tagged examples ({share}): it tells hardly any apart."),
    source=_COMMON,
)
ODD_TAG = _rule(
    "odd-tag",
    Kind.TAGS,
    Severity.WARNING,
    title=mark("Tag that its neighbours lack"),
    sentence=mark("Examples that alone have the tag “{name}” among four or more of nearly the same text: {n}."),
    source=_NEIGHBOURS,
)
MISSING_TAG = _rule(
    "missing-tag",
    Kind.TAGS,
    Severity.WARNING,
    title=mark("Tag that only its neighbours have"),
    sentence=mark("Examples that alone lack the tag “{name}” among four or more of nearly the same text: {n}."),
    source=_NEIGHBOURS,
)
#: All rules that look at a project as a whole; a project switches them off as it does the others.
RULES = (SHORT_HERE, LONG_HERE, RARE_ANSWER, COMMON_ANSWER, RARE_TAG, COMMON_TAG, ODD_TAG, MISSING_TAG)
