"""The certificate of a release: one page of HTML to print, for a client or an ethics board, that needs nothing else."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from accord.domain.moments import in_utc
from accord.domain.releases import Part, Release, unsearched_sentence
from accord.domain.signatures import Signature, SignatureState
from accord.domain.wording import _, number, percent, plural
from accord.formats.failures import CannotWrite
from accord.formats.tallies import Tallies, ranked

_MARK = '<meta name="generator" content="Accord certificate">'
_MOST_NAMED = 6
_APART, _END = "\u2068", "\u2069"
_MOST_TAGS = 3
#: No script, no link, no image, no font from anywhere: the page is what it says.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: only light; }
@page { size: A4; margin: 13mm 17mm; }
* { box-sizing: border-box; }
body { font: 10pt/1.4 system-ui, "Segoe UI", "Noto Sans", Arial, sans-serif; color: #17202b; background: #fff;
  margin: 0 auto; padding: 10mm 12mm; max-width: 210mm; overflow-wrap: anywhere; }
@media print { body { font-size: 9.5pt; padding: 0; max-width: none; } }
header { border-bottom: 2px solid #0b6670; padding-bottom: 6px; margin-bottom: 8px; }
header p { margin: 0; color: #566273; }
h1 { font-size: 17pt; line-height: 1.2; margin: 0 0 2px; }
h2 { font-size: 10pt; margin: 9px 0 2px; color: #0b6670; }
p { margin: 0 0 3px; }
code { font: 8.5pt/1.3 ui-monospace, Consolas, "DejaVu Sans Mono", monospace; }
.parts { display: flex; gap: 22px; margin: 4px 0 2px; }
.parts b { display: block; font-size: 15pt; line-height: 1.15; font-variant-numeric: tabular-nums; }
.parts span { color: #566273; }
.signs { display: grid; grid-template-columns: repeat(auto-fit, minmax(76mm, 1fr)); gap: 6px; margin: 5px 0; }
.sign { border: 1px solid #d5dbe3; border-radius: 6px; padding: 7px 10px; break-inside: avoid; }
.sign b { font-size: 11pt; }
.sign .said { white-space: pre-line; margin: 3px 0; }
.small, footer { color: #566273; font-size: 8.5pt; }
footer { border-top: 1px solid #d5dbe3; margin-top: 10px; padding-top: 5px; break-inside: avoid; }
"""


def certificate_html(
    release: Release,
    tallies: Tallies,
    *,
    title: str,
    purpose: str,
    signatures: Sequence[Signature],
    with_names: bool,
) -> str:
    """Return the page; nothing in it is taken as markup. ``with_names`` False numbers the reviewers.

    ``signatures``: all that were given under the release; those that hold are shown.
    """
    sections = (
        (_("What it holds"), _contents(tallies)),
        (_("What is not in it, and what was open when it was frozen"), _open(release)),
        (_("Who reviewed it"), _reviewers(tallies, with_names=with_names)),
        (_("How well they agreed"), _agreement(release)),
        (_("Held-out part"), _heldout(release)),
        (_("Content hash"), _hash(release)),
        (_("Signed by"), _signatures(signatures, with_names=with_names)),
    )
    body = "".join(f"<section><h2>{escape(head)}</h2>{''.join(lines)}</section>\n" for head, lines in sections)
    name = title or release.name
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n{_MARK}\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(_('Certificate: {name}', name=name))}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"{_top(release, name, purpose)}\n{body}{_foot()}\n</body>\n</html>\n"
    )


def write_certificate(path: Path, page: str) -> None:
    """Write the page in one step. Raises CannotWrite; what was there is then as it was."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            with partial.open("wb") as file:
                file.write(page.encode("utf-8"))
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise CannotWrite(path, error.strerror or str(error)) from error


def _top(release: Release, name: str, purpose: str) -> str:
    made = _("Release {name}, frozen on {date}.", name=_apart(release.name), date=_when(release.created_at))
    about = _paragraph(_("Purpose: {purpose}", purpose=_apart(_short(purpose)))) if purpose.strip() else ""
    certified = _paragraph(_("Certificate of a dataset for training a language model"))
    return f"<header>{certified}<h1>{_markup(_apart(name))}</h1>{_paragraph(made)}{about}</header>"


def _contents(tallies: Tallies) -> Iterator[str]:
    yield _paragraph(
        plural(
            "{n} pair of a request and its answer; a person accepted it.",
            "{n} pairs of a request and its answer; a person accepted each.",
            tallies.examples,
        )
    )
    words = {Part.TRAIN: _("train"), Part.VALIDATION: _("validation"), Part.HELDOUT: _("held out")}
    shown = (
        f"<div><b>{escape(number(tallies.parts[part.value]))}</b><span>{escape(word)}</span></div>"
        for part, word in words.items()
    )
    yield f'<div class="parts">{"".join(shown)}</div>'
    yield _paragraph(_("Sources: {list}.", list=_listed(tallies.sources)))
    yield _paragraph(_("Licences: {list}.", list=_listed(tallies.licences)))
    if made := tallies.origins.get("generated", 0):
        yield _paragraph(
            plural(
                "{n} was first written by a machine and then reviewed.",
                "{n} were first written by a machine and then reviewed.",
                made,
            )
        )


def _open(release: Release) -> Iterator[str]:
    if release.outside is None:
        yield _paragraph(_("This was not written down yet when the release was made."))
        return
    yield from map(_paragraph, release.outside.sentences(release.examples))
    if release.outside.unsearched:
        yield _paragraph(unsearched_sentence())


def _reviewers(tallies: Tallies, *, with_names: bool) -> Iterator[str]:
    people = ranked(tallies.reviewers)
    if with_names:
        said = ", ".join(f"{_apart(name)} ({number(n)})" for name, n in people.items())
    else:
        said = ", ".join(
            _("reviewer {number} ({n})", number=place, n=number(n)) for place, n in enumerate(people.values(), start=1)
        )
    yield _paragraph(
        plural(
            "{n} reviewer, with the examples reviewed: ",
            "{n} reviewers, with the examples each reviewed: ",
            len(people),
        )
        + (f"{said}." if said else "–")
    )
    by = tallies.decided_by
    yield _paragraph(
        _(
            "Accepted by one reviewer: {single}; by several who agreed: {agreed}; by an adjudicator's decision: "
            "{adjudicated}.",
            single=number(by.get("single", 0)),
            agreed=number(by.get("agreed", 0)),
            adjudicated=number(by.get("adjudicated", 0)),
        )
    )


def _agreement(release: Release) -> Iterator[str]:
    if not release.agreement:
        yield _paragraph(_("No example was reviewed by two people, so agreement was not measured."))
        return
    verdict, *tags = release.agreement
    lowest_first = sorted(tags, key=lambda one: (one.value is None, one.value or 0.0, one.question))
    for one in (verdict, *lowest_first[:_MOST_TAGS]):
        yield _paragraph(one.sentence)
    if len(tags) > _MOST_TAGS:
        yield _paragraph(
            plural(
                "{n} more tag is on the card; its alpha is as high or higher, or not defined.",
                "{n} more tags are on the card; their alpha is as high or higher, or not defined.",
                len(tags) - _MOST_TAGS,
            )
        )
    yield _small(
        _(
            "1 is full agreement, 0 what chance alone would give; in brackets the 95% interval. Counted before "
            "adjudication."
        )
    )


def _heldout(release: Release) -> Iterator[str]:
    yield _paragraph(
        plural(
            "Split by {n} group (seed {seed}); held-out wanted: {share}. What belongs together stands in one part.",
            "Split by {n} groups (seed {seed}); held-out wanted: {share}. What belongs together stands in one part.",
            release.groups,
            seed=release.plan.seed,
            share=percent(release.plan.heldout),
        )
    )
    checked = number(release.leakage_checked)
    if release.leakage_pairs:
        yield _paragraph(
            plural(
                "Leak check: of {checked} candidate pairs that share enough words, compared exactly, {n} "
                "near-duplicate stands across parts.",
                "Leak check: of {checked} candidate pairs that share enough words, compared exactly, {n} "
                "near-duplicates stand across parts.",
                release.leakage_pairs,
                checked=checked,
            )
        )
    else:
        yield _paragraph(
            plural(
                "Leak check: {n} candidate pair that shares enough words, compared exactly; no near-duplicate stands "
                "across parts.",
                "Leak check: {n} candidate pairs that share enough words, compared exactly; no near-duplicate stands "
                "across parts.",
                release.leakage_checked,
            )
        )
    if release.meaning is not None:
        yield _paragraph(" ".join(release.meaning.sentences))


def _hash(release: Release) -> Iterator[str]:
    yield f"<p><code>{escape(release.hash)}</code></p>"
    yield _small(_("The manifest of an export of this release bears the same hash; “accord verify” checks the files."))


def _signatures(signatures: Sequence[Signature], *, with_names: bool) -> Iterator[str]:
    holding = [one for one in signatures if one.holds]
    if not holding:
        yield _paragraph(_("Not signed."))
        return
    yield '<div class="signs">'
    for one in holding:
        credential = one.credential or _("no credential given")
        yield (
            f'<div class="sign"><b>{_markup(_apart(one.name))}</b> · {_markup(_apart(credential))}'
            f'<p class="said" dir="auto">{escape(one.statement)}</p>'
            f"{_small(' '.join(_signed(one, signatures, with_names=with_names)))}</div>"
        )
    yield "</div>"


def _signed(given: Signature, signatures: Sequence[Signature], *, with_names: bool) -> Iterator[str]:
    """Say when a signature was given, by whom of the project, and which earlier one it replaces."""
    if with_names and given.author != given.name:
        said = _(
            "Signed on {date} by “{person}” of this project, under the content hash above.",
            person=_apart(given.author),
            date=_when(given.at),
        )
    else:
        said = _("Signed on {date}, under the content hash above.", date=_when(given.at))
    yield said
    before = [one for one in signatures if one.author == given.author and one.state is SignatureState.REPLACED]
    if before:
        yield _("It takes the place of one of {dates}.", dates=", ".join(_when(one.at) for one in before))


def _foot() -> str:
    said = _(
        "A signature in Accord is a record: that the person named typed her own password or phrase for this release at "
        "this time, bound to its content hash. It is no qualified electronic signature in the sense of eIDAS or any "
        "other law, and in a project file, unlike on a server with logins, it proves no identity. Any change of the "
        "release voids it."
    )
    return f"<footer>{escape(said)}</footer>"


def _listed(counter: Counter[str]) -> str:
    rows = [(name, n) for name, n in ranked(counter).items()]
    said = [
        f"{_apart(_short(name)) if name.strip() else _('not stated')} ({number(n)})" for name, n in rows[:_MOST_NAMED]
    ]
    if len(rows) > _MOST_NAMED:
        said.append(plural("{n} more", "{n} more", len(rows) - _MOST_NAMED))
    return ", ".join(said) or "–"


def _short(text: str, most: int = 160) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _when(moment: str) -> str:
    text = in_utc(moment)
    return f"{text[:10]} {text[11:16]} UTC" if text.endswith("+00:00") else text


def _paragraph(text: str) -> str:
    return f"<p>{_markup(text)}</p>"


def _small(text: str) -> str:
    return f'<p class="small">{_markup(text)}</p>'


def _apart(text: str) -> str:
    """Return words of a person's own so that their direction moves nothing beside them, such as a number."""
    return f"{_APART}{text.replace(_APART, '').replace(_END, '')}{_END}"


def _markup(text: str) -> str:
    return escape(text).replace(_APART, "<bdi>").replace(_END, "</bdi>")
