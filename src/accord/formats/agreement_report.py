"""How well a project's reviewers agree as a report: one HTML page that needs nothing else, or CSV."""

import csv
import io
from collections.abc import Iterator, Sequence
from html import escape

from accord.domain.agreement import Figure, Measured, Undefined
from accord.domain.moments import local
from accord.domain.project_agreement import PairAgreement, PartAgreement, ProjectAgreement, QuestionAgreement
from accord.domain.wording import _, between, decimals, number, percent
from accord.formats.accord_csv import guard

_COLUMNS = ("part", "question", "name", "other", "figure", "value", "low", "high", "n", "note")
_STYLE = """
:root { color-scheme: light dark; --window: #F6F7F9; --surface: #FFFFFF; --border: #D5DBE3; --text: #17202B;
  --muted: #566273; --primary: #0B6670; --cell: 11, 102, 112; }
@media (prefers-color-scheme: dark) { :root { --window: #12161B; --surface: #1A2027; --border: #343D49;
  --text: #E7EBF1; --muted: #A5B0BE; --primary: #5EC6CE; --cell: 94, 198, 206; } }
body { font: 15px/1.5 system-ui, sans-serif; background: var(--window); color: var(--text); margin: 24px auto;
  max-width: 960px; padding: 0 16px; }
h1 { font-size: 20px; margin: 0 0 4px; } h2 { font-size: 16px; margin: 24px 0 8px; } p { margin: 4px 0; }
.muted { color: var(--muted); } .wide { overflow-x: auto; }
table { border-collapse: collapse; background: var(--surface); font-variant-numeric: tabular-nums; }
th, td { border: 1px solid var(--border); padding: 4px 8px; text-align: left; vertical-align: top; }
th[scope=row] { min-width: 7em; max-width: 15em; overflow-wrap: anywhere; } td.sentence { overflow-wrap: anywhere; }
td.figure { white-space: nowrap; text-align: right; } td.sentence { color: var(--muted); }
svg { display: block; } svg line { stroke: var(--border); } svg .span { stroke: var(--primary); stroke-width: 2; }
svg circle { fill: var(--primary); }
@page { margin: 14mm; }
@media print { body { font-size: 9pt; background: none; margin: 0; max-width: none; padding: 0; }
  tr { break-inside: avoid; } .wide { overflow: visible; } svg { width: 90px; height: auto; }
  th[scope=row] { max-width: 10em; } }
"""
_WIDTH, _HALF = 160, 8
_Row = tuple[str | float, ...]


def table(found: ProjectAgreement) -> str:
    """Return every figure as a row of CSV (RFC 4180); text that a spreadsheet might run is guarded, numbers are not."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for row in _rows(found):
        writer.writerow([guard(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()


def _rows(found: ProjectAgreement) -> Iterator[_Row]:
    yield from _rows_of_questions(found.questions)
    yield from _rows_of_people(found)
    for title, parts in (("week", found.weeks), ("guideline", found.guidelines)):
        for part in parts:
            yield (title, found.question.key, part.part, "", "percent_agreement", *_cells(part.percent))
            yield (title, found.question.key, part.part, "", "krippendorff_alpha", *_cells(part.alpha))


def _rows_of_questions(questions: Sequence[QuestionAgreement]) -> Iterator[_Row]:
    for one in questions:
        key = one.question.key
        for name, figure in one.agreement.figures.items():
            yield ("question", key, "", "", name, *_cells(figure))
        yield ("question", key, "", "", "agreed_or_decided", *_cells(one.settled))
        yield ("question", key, "", "", "sentence", "", "", "", "", one.sentence)
        for warning in one.agreement.warnings:
            yield ("question", key, "", "", "warning", "", "", "", "", warning)
        for costly in one.costliest:
            yield ("costliest", key, costly.id, "", "gain", costly.gain, "", "", "", "")
        if one.alike:
            yield ("costliest", key, "", "", "as_costly_as_the_last", one.alike, "", "", "", "")


def _rows_of_people(found: ProjectAgreement) -> Iterator[_Row]:
    key = found.question.key
    for pair in found.pairs:
        for name, figure in (("percent_agreement", pair.percent), ("kappa", pair.kappa), ("ac1", pair.ac1)):
            yield ("pair", key, pair.first, pair.second, name, *_cells(figure))
    for person in found.consensus:
        yield ("consensus", key, person.reviewer, "", "share", *_cells(person.share))
    for again in found.itself:
        yield ("itself", key, again.reviewer, "", "share", *_cells(again.share))


def _cells(figure: Figure) -> _Row:
    """Return value, low, high, n, and the reason where it is undefined."""
    if isinstance(figure, Undefined):
        return "", "", "", "", figure.reason
    low, high = figure.ci95 or ("", "")
    return figure.value, low, high, figure.n, ""


def page(found: ProjectAgreement, *, title: str, at: str) -> str:
    """Return the page; ``at`` is when it was made. All that people wrote stands in it as text."""
    heading = _("Agreement of reviewers: {title}", title=title)
    told = _("Made {at}. Reviewers: {names}.", at=local(at), names=", ".join(found.reviewers) or _("none"))
    body = [f"<h1>{escape(heading)}</h1>", f'<p class="muted">{escape(told)}</p>', *_questions(found.questions)]
    title_of = found.question.title
    body += _section(_("Each two reviewers: {question}", question=title_of), _matrix(found))
    shares = [(one.reviewer, _share(one.share)) for one in found.consensus]
    columns = [_("Reviewer"), _("Same as the decision, or else as most of the others")]
    body += _section(_("Each reviewer: {question}", question=title_of), _table(columns, shares))
    body += _section(_("Week by week"), _parts(_("Week from"), found.weeks))
    body += _section(_("By version of the guideline"), _parts(_("Version"), found.guidelines))
    again = [(one.reviewer, _share(one.share)) for one in found.itself]
    body += _section(
        _("Each reviewer, when an example came back"), _table([_("Reviewer"), _("Said the same again")], again)
    )
    # Nothing is loaded and nothing runs, whatever a name holds.
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    head = (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(heading)}</title><style>{_STYLE}</style>'
    )
    return "\n".join(["<!doctype html>", f'<html lang="en"><head>{head}</head><body>', *body, "</body></html>", ""])


def _section(title: str, content: str) -> list[str]:
    return [f"<h2>{escape(title)}</h2>", f'<div class="wide">{content}</div>'] if content else []


def _table(columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a table; the first cell of a row is text, the others are figures."""
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    lines = [
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f'<td class="figure">{cell}</td>' for cell in rest)
        + "</tr>"
        for first, *rest in rows
    ]
    return f"<table><tr>{head}</tr>{''.join(lines)}</table>"


def _questions(questions: Sequence[QuestionAgreement]) -> list[str]:
    columns = (_("Question"), _("Agree"), _("Alpha"), "", "AC1", "", _("Double reviews"))
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    lines = []
    for one in questions:
        figures = one.agreement.figures
        alpha, ac1 = figures["krippendorff_alpha"], figures["gwet_ac1"]
        cells = (_percent(figures["percent_agreement"]), _value(alpha), _whisker(alpha), _value(ac1), _whisker(ac1))
        row = "".join(f'<td class="figure">{cell}</td>' for cell in (*cells, escape(number(one.double))))
        told = [one.sentence, *one.agreement.warnings]
        if one.costliest:
            named = [costly.id for costly in one.costliest]
            told.append(_("Costliest: {ids}.", ids=", ".join(filter(None, (*named, one.more_alike)))))
        title, said = escape(one.question.title), "<br>".join(map(escape, told))
        if said.startswith(title):  # which would carry the figure behind it along, where it runs the other way
            said = f"<bdi>{title}</bdi>{said.removeprefix(title)}"
        lines.append(
            f'<tr><th scope="row" rowspan="2">{title}</th>{row}</tr>'
            f'<tr><td class="sentence" colspan="{len(columns) - 1}">{said}</td></tr>'
        )
    return [f'<div class="wide"><table><tr>{head}</tr>{"".join(lines)}</table></div>']


def _matrix(found: ProjectAgreement) -> str:
    if not found.pairs:
        return ""
    cells = {(pair.first, pair.second): pair for pair in found.pairs}
    cells |= {(pair.second, pair.first): pair for pair in found.pairs}
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in found.reviewers)
    lines = [
        f'<tr><th scope="row">{escape(row)}</th>'
        + "".join(_cell(cells.get((row, column))) for column in found.reviewers)
        + "</tr>"
        for row in found.reviewers
    ]
    note = escape(
        _("Cohen's kappa, Gwet's AC1 in brackets, and on how many examples; of texts the share that is the same.")
    )
    return f'<table><tr><td></td>{head}</tr>{"".join(lines)}</table><p class="muted">{note}</p>'


def _cell(pair: PairAgreement | None) -> str:
    if pair is None:
        return "<td></td>"
    shown = pair.kappa if isinstance(pair.kappa, Measured) else pair.percent
    if isinstance(shown, Undefined):
        return f'<td title="{escape(shown.reason)}">-</td>'
    told = decimals(shown.value) if shown is pair.kappa else percent(shown.value)
    beside = f" ({decimals(pair.ac1.value)})" if isinstance(pair.ac1, Measured) else ""
    strength = max(0.0, min(shown.value, 1.0)) * 0.45
    n = escape(_("n {n}", n=number(shown.n)))
    return (
        f'<td class="figure" style="background: rgba(var(--cell), {strength:.2f})">{escape(told + beside)}<br>{n}</td>'
    )


def _parts(title: str, parts: Sequence[PartAgreement]) -> str:
    rows = [(one.part, _percent(one.percent), _value(one.alpha), _whisker(one.alpha), _n(one.percent)) for one in parts]
    return _table((title, _("Agree"), _("Alpha"), "", _("Double reviews")), rows)


def _n(figure: Figure) -> str:
    return escape(number(figure.n)) if isinstance(figure, Measured) else "0"


def _percent(figure: Figure) -> str:
    if isinstance(figure, Undefined):
        return f'<span title="{escape(figure.reason)}">-</span>'
    return escape(percent(figure.value))


def _share(figure: Figure) -> str:
    if isinstance(figure, Undefined) or figure.ci95 is None:
        return _percent(figure)
    low, high = figure.ci95
    told = f"{percent(figure.value)} [{low * 100:.0f}, {high * 100:.0f}], {_('n {n}', n=number(figure.n))}"
    return escape(told)


def _value(figure: Figure) -> str:
    if isinstance(figure, Undefined):
        return f'<span title="{escape(figure.reason)}">{escape(_("undefined"))}</span>'
    interval = "" if figure.ci95 is None else f" {between(*figure.ci95)}"
    return escape(decimals(figure.value) + interval)


def _whisker(figure: Figure) -> str:
    """Return the interval drawn from -1 to 1, with a line at 0."""
    if isinstance(figure, Undefined):
        return ""
    low, high = figure.ci95 or (figure.value, figure.value)
    left, at, right = ((max(-1.0, min(value, 1.0)) + 1) / 2 * (_WIDTH - 8) + 4 for value in (low, figure.value, high))
    return (
        f'<svg viewBox="0 0 {_WIDTH} {2 * _HALF}" width="{_WIDTH}" height="{2 * _HALF}" aria-hidden="true">'
        f'<line x1="4" y1="{_HALF}" x2="{_WIDTH - 4}" y2="{_HALF}"/>'
        f'<line x1="{_WIDTH / 2}" y1="2" x2="{_WIDTH / 2}" y2="{2 * _HALF - 2}"/>'
        f'<line class="span" x1="{left:.1f}" y1="{_HALF}" x2="{right:.1f}" y2="{_HALF}"/>'
        f'<circle cx="{at:.1f}" cy="{_HALF}" r="3"/></svg>'
    )
