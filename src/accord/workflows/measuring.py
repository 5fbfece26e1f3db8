"""Measuring how well a project's checks find personal data, on a file in which people marked it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from accord.analysis.agreement.proportions import wilson
from accord.checks import registry
from accord.checks.personal.labels import known_labels, names_nobody, rules_for, spelled
from accord.checks.personal.measuring import Counted, Marked, Place, Share, count
from accord.checks.personal.spans import Span
from accord.domain.content import Content, Message, Role
from accord.domain.errors import Refused, WrongUsage
from accord.domain.findings import Kind, Limits
from accord.domain.measurement import Measurement, ShareFound, Spot
from accord.domain.progress import Progress, Silent
from accord.domain.records import RowFault
from accord.domain.wording import _, plural
from accord.formats.labelled_file import LabelledText, read_labelled
from accord.formats.measurement_table import write_measurement
from accord.jobs import call_in_worker
from accord.storage import settings as project_settings
from accord.storage.project import Project
from accord.workflows import checking

_SHOWN = 120  # characters of a place
_PERSONAL = frozenset({Kind.PERSONAL})


def measure(
    *, project: Project, path: Path, labels: Mapping[str, str] | None = None, progress: Progress | None = None
) -> Measurement:
    """Measure the project's checks for personal data on a labelled file. Nothing is stored.

    ``labels``: what labels of the file stand for, beside those that are known: rules, entities or known labels, joined
    by commas. It works in a process of its own, for some rules load large libraries.
    Raises UnreadableFile, Refused where no row can be used, WrongUsage for a label that is not there, and Cancelled.
    """
    with project.read() as view:
        limits = project_settings.current(view).checks
    chosen = tuple(sorted((labels or {}).items()))
    found = call_in_worker(_found, (path, limits, chosen), progress=progress, reports=True)
    return _measurement(path, limits, found)


def save(*, found: Measurement, to: Path) -> None:
    """Write all figures and places as CSV; a file that is there is replaced. Raises CannotWrite."""
    write_measurement(found, to)


def called(rules: Sequence[str]) -> str:
    """Return what rules find in the words of their titles, with their names in parentheses."""
    if not rules:
        return ""
    titles = ", ".join(dict.fromkeys(checking.title(rule) for rule in rules))
    return f"{titles} ({', '.join(rules)})"


def notes(found: Measurement) -> list[str]:
    """Return the sentences on what the figures leave out."""
    told = [
        plural(
            "No rule answers the label {name}: {n} mark.", "No rule answers the label {name}: {n} marks.", n, name=one
        )
        for one, n in found.unknown.items()
    ]
    told += [
        plural(
            "{name}: found {n} time, but no label of the file stands for it.",
            "{name}: found {n} times, but no label of the file stands for it.",
            n,
            name=called(found.rules.get(one, ())) or one,
        )
        for one, n in found.unmarked.items()
    ]
    told += [
        plural(
            "{name}: {n} mark is a country, a state, a year or a weekday, which names nobody; it is not counted.",
            "{name}: {n} marks are a country, a state, a year or a weekday, which names nobody; they are not counted.",
            n,
            name=one,
        )
        for one, n in found.not_counted.items()
    ]
    left_out = checking.missing_sentence([registry.rule(name) for name in found.missing])
    return [*told, left_out] if left_out else told


@dataclass(frozen=True, slots=True)
class _Found:
    """What comes back from the worker: the counts, what labels stand for, bad rows, and the places with their words.

    ``rules``: those that found something of each entity.
    """

    counted: Counted
    labels: Mapping[str, frozenset[str]]
    rules: Mapping[str, tuple[str, ...]]
    texts: int
    not_counted: Mapping[str, int]
    rejected: tuple[RowFault, ...]
    missed: tuple[Spot, ...]
    false: tuple[Spot, ...]


@dataclass(slots=True)
class _Beside:
    """Labels of the marks that do not count, and the rules that find each entity, gathered text by text."""

    left: Counter[str] = field(default_factory=Counter)
    rules: dict[str, set[str]] = field(default_factory=dict)


def _found(path: Path, limits: Limits, chosen: tuple[tuple[str, str], ...], progress: Progress | None = None) -> _Found:
    rows = list(read_labelled(path))
    texts = [row for row in rows if isinstance(row, LabelledText)]
    rejected = tuple(row for row in rows if isinstance(row, RowFault))
    if not texts:
        raise Refused(_no_texts(path, rejected))
    labels = _labels(texts, chosen)
    beside = _Beside()
    counted = count(_spans(texts, limits, labels, beside, progress or Silent()), labels=labels)
    return _Found(
        counted,
        labels,
        {entity: tuple(sorted(rules)) for entity, rules in sorted(beside.rules.items())},
        len(texts),
        dict(sorted(beside.left.items())),
        rejected,
        tuple(_spot(texts[place.text], place) for place in counted.missed),
        tuple(_spot(texts[place.text], place) for place in counted.false if place.name not in counted.unmarked),
    )


def _spans(
    texts: Sequence[LabelledText],
    limits: Limits,
    labels: Mapping[str, frozenset[str]],
    beside: _Beside,
    told: Progress,
) -> Iterator[tuple[list[Marked], list[Span]]]:
    """Yield what people marked and what is found in each text."""
    for done, row in enumerate(texts):
        told.report(done, len(texts))
        marked = []
        for mark in row.marks:
            wanted = labels.get(mark.label, frozenset())
            if names_nobody(mark.label, wanted, row.text[mark.start : mark.end]):
                beside.left[mark.label] += 1
            else:
                marked.append(Marked(mark.start, mark.end, mark.label))
        content = Content(messages=(Message(role=Role.USER, content=row.text),))
        found = registry.findings(content, limits, kinds=_PERSONAL)
        spans = [Span(one.start, one.end, one.details.get("entity", one.rule), one.rule) for one in found]
        for one in spans:
            beside.rules.setdefault(one.entity, set()).add(one.rule)
        yield marked, spans
    told.report(len(texts), len(texts))


def _labels(texts: Sequence[LabelledText], chosen: Sequence[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Return what the labels of the texts stand for, by the chosen meanings and else by the known ones."""
    rules = tuple(rule.name for rule in registry.RULES if rule.kind is Kind.PERSONAL)
    known = known_labels(rules)
    here = sorted({mark.label for row in texts for mark in row.marks})
    asked = {spelled(theirs): (theirs, ours) for theirs, ours in chosen}
    absent = [theirs for key, (theirs, _ours) in asked.items() if key not in {spelled(label) for label in here}]
    if absent:
        raise WrongUsage(
            _("No mark has the label {labels}. There are: {known}.", labels=", ".join(absent), known=", ".join(here))
        )
    meant = {**known} | {key: _meant(ours, known) for key, (_theirs, ours) in asked.items()}
    return {label: meant[spelled(label)] for label in here if spelled(label) in meant}


def _meant(ours: str, known: Mapping[str, frozenset[str]]) -> frozenset[str]:
    wanted: frozenset[str] = frozenset()
    for name in ours.split(","):
        if spelled(name) not in known:
            raise WrongUsage(
                _("Nothing here is called {name}. Name a rule or one of: {known}.", name=name, known=", ".join(known))
            )
        wanted |= known[spelled(name)]
    return wanted


def _no_texts(path: Path, rejected: Sequence[RowFault]) -> str:
    first = rejected[0] if rejected else RowFault(line=1, field="", reason=_("It is empty."))
    return _(
        "{file} has no labelled text that can be used. Line {line}: {reason}",
        file=path.name,
        line=first.line,
        reason=first.reason,
    )


def _spot(row: LabelledText, place: Place) -> Spot:
    words = row.text[place.start : min(place.end, place.start + _SHOWN)]
    return Spot(line=row.line, start=place.start, end=place.end, name=place.name, text=words)


def _measurement(path: Path, limits: Limits, found: _Found) -> Measurement:
    counted = found.counted
    judged = tuple(share for share in counted.precision if share.name not in counted.unmarked)
    return Measurement(
        file=path,
        texts=found.texts,
        rejected=found.rejected,
        recall=tuple(_share(one, (one.name,), rules_for(found.labels[one.name])) for one in counted.recall),
        precision=tuple(_share(one, _labels_of(one.name, found), found.rules[one.name]) for one in judged),
        all_recall=_share(counted.all_recall).figure,
        all_precision=_share(Share("", sum(s.n for s in judged), sum(s.hits for s in judged), 0)).figure,
        unknown=counted.unknown,
        unmarked={share.name: share.n for share in counted.precision if share.name in counted.unmarked},
        not_counted=found.not_counted,
        missing={rule.name: rule.needs for rule in registry.missing(limits, kinds=_PERSONAL)},
        missed=found.missed,
        false_alarms=found.false,
        rules=found.rules,
    )


def _labels_of(entity: str, found: _Found) -> tuple[str, ...]:
    """Return the labels of the file that what was found of an entity answers."""
    ours = {entity, *found.rules[entity]}
    return tuple(label for label, wanted in found.labels.items() if not ours.isdisjoint(wanted))


def _share(one: Share, labels: tuple[str, ...] = (), rules: tuple[str, ...] = ()) -> ShareFound:
    figure = wilson(one.hits, one.n, none=_("There is nothing to count."))
    return ShareFound(name=one.name, hits=one.hits, n=one.n, figure=figure, labels=labels, rules=rules)
