"""CARD.md, the short plain card of an exported dataset: what it is, how it was reviewed, split and checked."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from accord.domain.releases import InstructionMode, Release, findings_sentences, reason_counted
from accord.domain.signatures import Signature
from accord.domain.wording import _, percent, plural
from accord.formats.tallies import Tallies, ranked

_LINES_SHOWN = 50


def card_text(
    release: Release,
    tallies: Tallies,
    *,
    title: str,
    format_name: str,
    codes: Mapping[str, str],
    signatures: Sequence[Signature] = (),
    seal: str = "",
) -> str:
    """Return the card as Markdown. It holds no time of day but the release's and those of its ``signatures``.

    ``seal`` is the sha256 of the signatures as the manifest has them.
    """
    sections = (
        _head(release, tallies, title, format_name),
        _review(tallies),
        _agreement(release),
        _signed(signatures, seal),
        _split(release, tallies),
        _instruction(release),
        _codes(codes),
        *_tables(tallies),
        _personal(release),
        _limits(tallies),
    )
    return "\n\n".join("\n".join(lines) for section in sections if (lines := list(section))) + "\n"


def _head(release: Release, tallies: Tallies, title: str, format_name: str) -> Iterator[str]:
    yield f"# {_plain(title or release.name)}"
    yield ""
    yield _(
        "Release {name}, frozen on {date} by {person}. Format: {format}.",
        name=_plain(release.name),
        date=release.created_at,
        person=_plain(release.created_by),
        format=format_name,
    )
    yield plural(
        "{n} example of a request and its answer.", "{n} examples of requests and their answers.", tallies.examples
    )
    yield _("Content hash: {hash}", hash=release.hash)


def _review(tallies: Tallies) -> Iterator[str]:
    yield "## " + _("How it was reviewed")
    yield ""
    yield _("Every example was accepted by a person.")
    sentences = {
        "single": _("Decided by one reviewer"),
        "agreed": _("Decided by reviewers who agreed"),
        "adjudicated": _("Decided by an adjudicator"),
    }
    for name, n in ranked(tallies.decided_by).items():
        yield f"- {sentences.get(name, _plain(name))}: {n}"
    yield _("Reviewers: {n}", n=len(tallies.reviewers))


def _agreement(release: Release) -> Iterator[str]:
    if release.agreement:
        yield "## " + _("How well reviewers agreed")
        yield ""
        for one in release.agreement:
            yield f"- {_plain(one.sentence)}"


def _signed(signatures: Sequence[Signature], seal: str) -> Iterator[str]:
    yield "## " + _("Signed off")
    yield ""
    if not signatures:
        yield _("Not signed.")
    for one in signatures:
        yield "- " + _("{who}, on {date}", who=_plain(one.titled), date=one.at)
        yield f"  {_plain(one.statement)}"
    if seal:
        yield f"<!-- signatures {seal} -->"


def _split(release: Release, tallies: Tallies) -> Iterator[str]:
    plan = release.plan
    yield "## " + _("How it was split")
    yield ""
    for part, n in tallies.parts.items():
        yield f"- {part}: {n}"
    yield plural(
        "Split by {n} group; none stands in two parts (seed {seed}, held-out {heldout}, validation {validation}).",
        "Split by {n} groups; none stands in two parts (seed {seed}, held-out {heldout}, validation {validation}).",
        release.groups,
        seed=plan.seed,
        heldout=percent(plan.heldout),
        validation=percent(plan.validation),
    )
    yield _(
        "Checked for leakage: {checked} candidate pairs that share enough words, compared exactly; {found} across "
        "parts are near-duplicates at {threshold} or more.",
        checked=release.leakage_checked,
        found=release.leakage_pairs,
        threshold=plan.threshold,
    )
    if release.meaning is not None:
        yield from map(_plain, release.meaning.sentences)
        yield _("Digest of the model that compared by meaning: {digest}", digest=release.meaning.digest)
    for warning in release.warnings:
        yield f"- {_plain(warning)}"
    if release.outside is not None:
        yield from release.outside.sentences(release.examples)
    elif release.left_out:  # of a release that was made before all of it was written down
        reasons = ranked(Counter(item.reason for item in release.left_out))
        yield ", ".join(reason_counted(reason, n) for reason, n in reasons.items())
    if release.findings is not None:
        yield from findings_sentences(release.findings)


def _instruction(release: Release) -> Iterator[str]:
    if release.instruction_mode is InstructionMode.KEEP or not release.instruction:
        return
    yield "## " + _("Instruction")
    yield ""
    if release.instruction_mode is InstructionMode.ADD:
        yield _("Put first where an example has no system message:")
    else:
        yield _("Put first in place of every system message:")
    yield ""
    yield from (f"    {line}" for line in release.instruction.replace("\r", "").split("\n"))


def _codes(codes: Mapping[str, str]) -> Iterator[str]:
    if not codes:
        return
    yield "## " + _("Codes")
    yield ""
    for label, code in codes.items():
        yield f"- {_plain(code)}: {_plain(label)}"


def _tables(tallies: Tallies) -> Iterator[Iterator[str]]:
    for title, counter in (
        (_("Tags"), tallies.tags),
        (_("Sources"), tallies.sources),
        (_("Licences"), tallies.licences),
        (_("Origin"), tallies.origins),
    ):
        if counter:
            yield _table(title, counter)


def _table(title: str, counter: Counter[str]) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    rows = list(ranked(counter).items())
    for name, n in rows[:_LINES_SHOWN]:
        yield f"- {_plain(name) or _('not stated')}: {n}"
    if len(rows) > _LINES_SHOWN:
        yield "- " + plural("{n} more", "{n} more", len(rows) - _LINES_SHOWN)


def _personal(release: Release) -> Iterator[str]:
    """Say what was done about personal data and what may remain; nothing of a release from before it was looked for."""
    if release.findings is None or release.deidentified is None:
        return
    yield "## " + _("Personal data")
    yield ""
    done, unfound = release.deidentified, release.findings.personal
    if done.examples:
        ways = {
            "surrogate": _("by surrogates: {n}", n=done.how.get("surrogate", 0)),
            "redact": _("by labels: {n}", n=done.how.get("redact", 0)),
            "shift": _("dates alone: {n}", n=done.how.get("shift", 0)),
        }
        yield plural(
            "{n} example was de-identified ({ways}).",
            "{n} examples were de-identified ({ways}).",
            done.examples,
            ways=", ".join(said for way, said in ways.items() if done.how.get(way)),
        )
        yield _(
            "Confirmed by a second person: {confirmed}. Confirmed by nobody but who made them: {alone}.",
            confirmed=done.confirmed,
            alone=done.examples - done.confirmed,
        )
    else:
        yield _("No example was de-identified.")
    yield _("Open findings of personal data: {n}.", n=unfound)
    yield _residual_risk()


def _residual_risk() -> str:
    """Say what may remain, with figures that tests hold on public collections (tests/checks/personal)."""
    return _(
        "Personal data may remain. On labelled public collections the rules for numbers, addresses and dates find at "
        "least 97 of 100 marks in English (Presidio's generated texts) and 95 of 100 in Spanish (MEDDOCAN); names are "
        "found less often, and in other languages hardly. Not looked for: the names of speakers and the arguments of "
        "tool calls that a format carries beside the text, and what describes a person without naming one."
    )


def _limits(tallies: Tallies) -> Iterator[str]:
    yield "## " + _("Limits")
    yield ""
    made = tallies.origins.get("generated", 0)
    yield "- " + plural(
        "{n} example was written by a machine first.", "{n} examples were written by a machine first.", made
    )
    if tallies.worse_by_models:
        yield "- " + plural(
            "{n} worse answer of a preference pair was written by a machine.",
            "{n} worse answers of preference pairs were written by a machine.",
            tallies.worse_by_models,
        )
    if tallies.licences.get(""):
        yield "- " + plural("{n} example has no licence.", "{n} examples have no licence.", tallies.licences[""])
    if tallies.without_pair:
        yield "- " + plural(
            "{n} example has no edited answer and gave no preference pair.",
            "{n} examples have no edited answer and gave no preference pair.",
            tallies.without_pair,
        )
    if tallies.names_left_out:
        yield "- " + plural(
            "{n} example names its speakers; this format has no place for the names.",
            "{n} examples name their speakers; this format has no place for the names.",
            tallies.names_left_out,
        )
    yield "- " + _("The held-out part is for evaluation alone.")


def _plain(text: str) -> str:
    """Return text on one line in which Markdown and HTML mean nothing."""
    line = " ".join(text.split())
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|!" else c for c in line)
