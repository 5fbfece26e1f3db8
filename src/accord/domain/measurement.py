"""How well personal data is found on a labelled file: shares with intervals, and the places that lower them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from accord.domain.agreement import Figure
from accord.domain.records import RowFault


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareFound:
    """The share of what bears a name (a label of the file, an entity of ours) with its interval; ``hits`` of ``n``.

    ``labels``: those of the file that it is about, ``rules``: the names of ours that answer them.
    """

    name: str
    hits: int
    n: int
    figure: Figure
    labels: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Code points ``start`` to ``end`` of the text in a line of the file, what was marked or found, and its words."""

    line: int
    start: int
    end: int
    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """Recall by label, precision by entity, and what they rest on.

    ``texts``: rows that were measured. ``unknown``: labels that no rule answers, with their marks. ``unmarked``: what
    was found of entities that no label of the file stands for; it is no part of the precision over all. ``rules``:
    the rules that found something of each entity.
    ``not_counted``: marks of no more than a country, a state, a year or a weekday, which HIPAA leaves in a text,
    by label.
    ``missing``: the rules that cannot be applied here, with the package that each needs.
    """

    file: Path
    texts: int
    rejected: tuple[RowFault, ...]
    recall: tuple[ShareFound, ...]
    precision: tuple[ShareFound, ...]
    all_recall: Figure
    all_precision: Figure
    unknown: Mapping[str, int]
    unmarked: Mapping[str, int]
    not_counted: Mapping[str, int]
    missing: Mapping[str, str]
    missed: tuple[Spot, ...]
    false_alarms: tuple[Spot, ...]
    rules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
