"""How well personal data is found, measured on texts in which people marked it: recall and precision with intervals."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from accord.analysis.agreement.proportions import wilson
from accord.checks.personal.spans import Span
from accord.domain.agreement import Undefined

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
        """The share in [0, 1]; not a number where there is nothing to count."""
        return self.hits / self.n if self.n else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of Wilson (1927); anything where there is nothing to count."""
        found = wilson(self.hits, self.n, none="nothing counted")
        return (0.0, 1.0) if isinstance(found, Undefined) or found.ci95 is None else found.ci95


@dataclass(frozen=True, slots=True)
class Measured:
    """Recall by label, precision by entity, and both over all."""

    recall: tuple[Share, ...]
    precision: tuple[Share, ...]
    all_recall: Share
    all_precision: Share


def measure(
    texts: Iterable[tuple[Sequence[Marked], Sequence[Span]]],
    *,
    labels: Mapping[str, frozenset[str]] = LABELS,
) -> Measured:
    """Return how well spans were found in texts, each given as what people marked and what was found.

    A marked span counts as found when spans of the entities of its label cover at least 90% of its characters. A found
    span counts as right when it shares at least half of the shorter one with a marked span whose label it answers.
    Marks with labels that ``labels`` does not name are no part of either.
    """
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("n", "hits", "exact", "found", "right", "same")}
    for marked, found in texts:
        for mark in marked:
            if mark.label in labels:
                counts["n"][mark.label] += 1
                own = [span for span in found if span.entity in labels[mark.label]]
                covered = sum(_shared(mark, span) for span in own)
                counts["hits"][mark.label] += covered >= COVERED * (mark.end - mark.start)
                counts["exact"][mark.label] += any((s.start, s.end) == (mark.start, mark.end) for s in own)
        for span in found:
            counts["found"][span.entity] += 1
            fit = [mark for mark in marked if span.entity in labels.get(mark.label, ())]
            counts["right"][span.entity] += any(_shares_half(mark, span) for mark in fit)
            counts["same"][span.entity] += any((m.start, m.end) == (span.start, span.end) for m in fit)
    recall = _shares(counts["n"], counts["hits"], counts["exact"])
    precision = _shares(counts["found"], counts["right"], counts["same"])
    return Measured(recall, precision, _total(recall), _total(precision))


def _shared(mark: Marked, span: Span) -> int:
    return max(0, min(mark.end, span.end) - max(mark.start, span.start))


def _shares_half(mark: Marked, span: Span) -> bool:
    shorter = min(mark.end - mark.start, span.end - span.start)
    return _shared(mark, span) >= max(1, RIGHT * shorter)


def _shares(n: Counter[str], hits: Counter[str], exact: Counter[str]) -> tuple[Share, ...]:
    return tuple(Share(name, n[name], hits[name], exact[name]) for name in sorted(n))


def _total(shares: Sequence[Share]) -> Share:
    return Share("", sum(s.n for s in shares), sum(s.hits for s in shares), sum(s.exact for s in shares))
