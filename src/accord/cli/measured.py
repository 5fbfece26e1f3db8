"""How ``check`` prints what it measured on a labelled file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from accord.cli.agree import figure_json
from accord.cli.session import Session
from accord.domain.agreement import Figure, Measured
from accord.domain.errors import WrongUsage
from accord.domain.measurement import Measurement, ShareFound, Spot
from accord.domain.wording import _, between, decimals, plural
from accord.workflows import measuring

_PLACES = 20  # of false alarms and of what was missed that are printed; --json has all
_WORDS = 60


def measured(session: Session, project: str, file: str, labels: Sequence[str]) -> int:
    """Measure a project's checks on a labelled file and print it. Raises as ``measuring.measure``."""
    meant = dict(_pair(label) for label in labels)
    with session.project(project) as opened, session.progress(_("Measuring")) as bar:
        found = measuring.measure(project=opened, path=Path(file), labels=meant, progress=bar)
    session.out.result({"findings": [], "counts": {}, "examples": 0, "measured": _value(found)}, _lines(found))
    return 0


def _pair(label: str) -> tuple[str, str]:
    theirs, equals, ours = label.partition("=")
    if not (theirs.strip() and equals and ours.strip()):
        raise WrongUsage(_("A label is written THEIRS=OURS, for example PATIENT=person; {label} is not.", label=label))
    return theirs.strip(), ours


def _value(found: Measurement) -> dict[str, Any]:
    return {
        "file": str(found.file),
        "texts": found.texts,
        "rejected": [
            {"file": str(found.file), "line": one.line, "field": one.field, "reason": one.reason}
            for one in found.rejected
        ],
        "recall": _shares(found.recall),
        "precision": _shares(found.precision),
        "overall": {"recall": figure_json(found.all_recall), "precision": figure_json(found.all_precision)},
        "unknown_labels": dict(found.unknown),
        "unmarked_entities": dict(found.unmarked),
        "not_counted": dict(found.not_counted),
        "not_looked_for": dict(found.missing),
        "missed": [_place(spot) for spot in found.missed],
        "missed_count": len(found.missed),
        "false_alarms": [_place(spot) for spot in found.false_alarms],
        "false_alarm_count": len(found.false_alarms),
    }


def _shares(shares: Sequence[ShareFound]) -> dict[str, Any]:
    return {one.name: figure_json(one.figure) | {"hits": one.hits} for one in shares}


def _place(spot: Spot) -> dict[str, Any]:
    return {"line": spot.line, "start": spot.start, "end": spot.end, "name": spot.name, "text": spot.text}


def _lines(found: Measurement) -> list[str]:
    told = [plural("{n} text measured.", "{n} texts measured.", found.texts)]
    if found.rejected:
        told = [
            plural(
                "{measured} of {all} texts measured; {n} is refused:",
                "{measured} of {all} texts measured; {n} are refused:",
                len(found.rejected),
                measured=found.texts,
                all=found.texts + len(found.rejected),
            )
        ]
    told += [
        _("{file}, line {line}: {reason}", file=found.file.name, line=one.line, reason=one.reason)
        for one in found.rejected
    ]
    told += [
        _("Recall: what was marked and is found, nine tenths of a mark at least"),
        *_table(found.recall, found.all_recall),
    ]
    told += [
        _("Precision: what was found and is marked, half of the shorter at least"),
        *_table(found.precision, found.all_precision),
    ]
    told += measuring.notes(found)
    for title, spots, shares in (
        (_("Missed"), found.missed, found.recall),
        (_("False alarms"), found.false_alarms, found.precision),
    ):
        names = {share.name: _name(share) for share in shares}
        shown = [_spot_line(spot, names.get(spot.name, spot.name)) for spot in spots[:_PLACES]]
        told += [_heading(title, len(spots)), *shown] if spots else []
    return told


def _table(shares: Sequence[ShareFound], whole: Figure) -> list[str]:
    rows = [(_name(one), one.figure) for one in shares] + [(_("all"), whole)]
    figures = [_figure(figure) for _called, figure in rows]
    width = max(map(len, figures))
    return [f"  {figure:{width}}  {name}" for figure, (name, _whole) in zip(figures, rows, strict=True)]


def _name(share: ShareFound) -> str:
    """Return the labels of the file, then what is found for them: "PHONE: Telephone number (phone-number)"."""
    return ": ".join(part for part in (", ".join(share.labels), measuring.called(share.rules)) if part) or share.name


def _figure(figure: Figure) -> str:
    if not isinstance(figure, Measured):
        return figure.reason
    interval = between(*figure.ci95) if figure.ci95 else ""
    return f"{decimals(figure.value)} {interval} n={figure.n}"


def _heading(title: str, count: int) -> str:
    if count <= _PLACES:
        return f"{title}: {count}"
    return _("{title}: {n}, the first {shown} are shown, all with --json", title=title, n=count, shown=_PLACES)


def _spot_line(spot: Spot, name: str) -> str:
    words = "".join(char if char.isprintable() else " " for char in spot.text[:_WORDS])
    return _(
        "  line {line}, {start}-{end}: “{words}”  {name}",
        line=spot.line,
        start=spot.start,
        end=spot.end,
        words=words,
        name=name,
    )
