"""Adjudicators' decisions in a file: CSV or JSON lines, a decision a row, used or refused with its reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accord.domain.records import RowFault
from accord.domain.review import Verdict
from accord.domain.wording import _
from accord.formats.review_file import value_rows

_DECISIONS = (Verdict.ACCEPT, Verdict.EDIT, Verdict.REJECT)
_TEXTS = ("id", "answer", "reason", "comment")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """One decision about the example ``id``; ``answer`` None leaves the answer as it is."""

    line: int
    id: str
    verdict: Verdict
    answer: str | None
    reason: str
    comment: str


def read_decisions(path: Path) -> Iterator[DecisionRow | RowFault]:
    """Yield every row of a file of decisions. Raises UnreadableFile."""
    missing = _("There is no column “decision”: this does not look like a file of decisions.")
    for line, values in value_rows(path, "decision", missing):
        yield values if isinstance(values, RowFault) else _row(line, values)


def _row(line: int, values: Mapping[str, Any]) -> DecisionRow | RowFault:
    for name in _TEXTS:
        if not isinstance(values.get(name, ""), str):
            return RowFault(line=line, field=name, reason=_("This must be text."))
    said = str(values.get("decision", "")).strip()
    if said not in _DECISIONS:
        allowed = ", ".join(_DECISIONS)
        return RowFault(line=line, field="decision", reason=_("The decision is one of {allowed}.", allowed=allowed))
    if not values.get("id"):
        return RowFault(line=line, field="id", reason=_("The row names no example: give its id."))
    return DecisionRow(
        line=line,
        id=values["id"],
        verdict=Verdict(said),
        answer=values.get("answer"),
        reason=str(values.get("reason", "")).strip(),
        comment=str(values.get("comment", "")).strip(),
    )
