"""How well personal data is found in texts in which people marked it: what was found of it, and what beside it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from accord.checks.personal.spans import Span

COVERED = 0.9  # of the characters of a marked span: what is left of an address names nobody
RIGHT = 0.5  # of the shorter of a found and a marked span

_ADDRESS = frozenset({"address", "postcode"})
_PHONE = frozenset({"phone", "fax"})
_PERSON_NUMBER = frozenset({"national-id", "us-ssn", "us-itin", "es-dni", "es-nie", "es-nass"})
# The labels of the usual collections (Presidio, MEDDOCAN), and the entities that answer them.
LABELS: Mapping[str, frozenset[str]] = {
    "ADDRESS": _ADDRESS,
    "AGE": frozenset({"age"}),
    "CALLE": _ADDRESS,
    "CORREO_ELECTRONICO": frozenset({"email"}),
    "CREDIT_CARD": frozenset({"card"}),
    "DATE_TIME": frozenset({"date"}),
    "DOMAIN_NAME": frozenset({"url"}),
    "EDAD_SUJETO_ASISTENCIA": frozenset({"age"}),
    "EMAIL_ADDRESS": frozenset({"email"}),
    "FECHAS": frozenset({"date"}),
    "IBAN_CODE": frozenset({"iban"}),
    "ID_ASEGURAMIENTO": frozenset({"health-plan", "es-nass"}),
    "ID_CONTACTO_ASISTENCIAL": frozenset({"medical-record"}),
    "ID_SUJETO_ASISTENCIA": frozenset({"medical-record", *_PERSON_NUMBER}),
    "ID_TITULACION_PERSONAL_SANITARIO": frozenset({"licence-number"}),
    "IP_ADDRESS": frozenset({"ip"}),
    "NUMERO_FAX": _PHONE,
    "NUMERO_TELEFONO": _PHONE,
    "PHONE_NUMBER": _PHONE,
    "STREET_ADDRESS": _ADDRESS,
    "TERRITORIO": _ADDRESS,
    "URL": frozenset({"url"}),
    "URL_WEB": frozenset({"url"}),
    "US_DRIVER_LICENSE": frozenset({"licence-number"}),
    "US_SSN": _PERSON_NUMBER,
    "ZIP_CODE": _ADDRESS,
}


@dataclass(frozen=True, slots=True)
class Marked:
    """Code points ``start`` to ``end`` of a text that a person marked with ``label``."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``n``; ``exact`` of the hits have the very same start and end."""

    name: str
    n: int
    hits: int
    exact: int

    @property
    def value(self) -> float:
        """The share in [0, 1]; 0 where there is nothing to count."""
        return self.hits / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """Code points ``start`` to ``end`` of text number ``text`` (from 0), and the label or the entity they are of."""

    text: int
    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Recall by label, precision by entity, both over all, and the places that lower them.

    ``unknown``: how many marks have which label that no entity answers. ``unmarked``: the entities found that no label
    of these texts stands for, so that nothing says whether they are right.
    """

    recall: tuple[Share, ...]
    precision: tuple[Share, ...]
    missed: tuple[Place, ...] = ()
    false: tuple[Place, ...] = ()
    unknown: Mapping[str, int] = field(default_factory=dict)
    unmarked: frozenset[str] = frozenset()

    @property
    def all_recall(self) -> Share:
        """All marks with a known label."""
        return _total(self.recall)

    @property
    def all_precision(self) -> Share:
        """All that was found."""
        return _total(self.precision)


def count(
    texts: Iterable[tuple[Sequence[Marked], Sequence[Span]]],
    *,
    labels: Mapping[str, frozenset[str]] = LABELS,
) -> Counted:
    """Return how well spans were found in texts, each given as what people marked and what was found.

    A marked span counts as found when spans of the entities of its label cover at least 90% of its characters. A found
    span counts as right when it shares at least half of the shorter one with a marked span whose label it answers.
    Marks with labels that ``labels`` does not name are no part of either. ``labels`` may name rules beside entities.
    """
    tallies = _Tallies()
    for number, (marked, found) in enumerate(texts):
        known = [(mark, labels[mark.label]) for mark in marked if mark.label in labels]
        tallies.unknown.update(mark.label for mark in marked if mark.label not in labels)
        for mark, wanted in known:
            tallies.take_mark(number, mark, wanted, [span for span in found if _answers(span, wanted)])
        for span in found:
            tallies.take_span(number, span, [mark for mark, wanted in known if _answers(span, wanted)])
    return tallies.counted()


class _Tallies:
    def __init__(self) -> None:
        self.marks, self.spans, self.unknown = _Tally(), _Tally(), Counter[str]()
        self._wanted: set[frozenset[str]] = set()
        self._found: set[Span] = set()  # one of each entity and rule, of no place

    def take_mark(self, text: int, mark: Marked, wanted: frozenset[str], own: Sequence[Span]) -> None:
        self._wanted.add(wanted)
        covered = len({at for span in own for at in range(max(mark.start, span.start), min(mark.end, span.end))})
        self.marks.take(
            Place(text, mark.start, mark.end, mark.label),
            hit=covered >= COVERED * (mark.end - mark.start),
            exact=any((span.start, span.end) == (mark.start, mark.end) for span in own),
        )

    def take_span(self, text: int, span: Span, fit: Sequence[Marked]) -> None:
        self._found.add(Span(0, 0, span.entity, span.rule))
        self.spans.take(
            Place(text, span.start, span.end, span.entity),
            hit=any(_shares_half(mark, span) for mark in fit),
            exact=any((mark.start, mark.end) == (span.start, span.end) for mark in fit),
        )

    def counted(self) -> Counted:
        unmarked = {one.entity for one in self._found if not any(_answers(one, wanted) for wanted in self._wanted)}
        return Counted(
            recall=self.marks.shares(),
            precision=self.spans.shares(),
            missed=tuple(self.marks.others),
            false=tuple(self.spans.others),
            unknown=dict(sorted(self.unknown.items())),
            unmarked=frozenset(unmarked),
        )


class _Tally:
    """Places by name: how many, how many of them hit, and which not."""

    def __init__(self) -> None:
        self.n, self.hits, self.exact, self.others = Counter[str](), Counter[str](), Counter[str](), list[Place]()

    def take(self, place: Place, *, hit: bool, exact: bool) -> None:
        self.n[place.name] += 1
        self.hits[place.name] += hit
        self.exact[place.name] += exact
        if not hit:
            self.others.append(place)

    def shares(self) -> tuple[Share, ...]:
        return tuple(Share(name, self.n[name], self.hits[name], self.exact[name]) for name in sorted(self.n))


def _answers(span: Span, wanted: frozenset[str]) -> bool:
    return span.entity in wanted or span.rule in wanted


def _shares_half(mark: Marked, span: Span) -> bool:
    shared = max(0, min(mark.end, span.end) - max(mark.start, span.start))
    return shared >= max(1, RIGHT * min(mark.end - mark.start, span.end - span.start))


def _total(shares: Sequence[Share]) -> Share:
    return Share("", sum(s.n for s in shares), sum(s.hits for s in shares), sum(s.exact for s in shares))
