"""Findings of a text that somebody is typing: what light rules find now, and what is known of the rest."""

from dataclasses import replace

from accord.checks import registry
from accord.domain.content import Content
from accord.domain.dismissals import Shown, mark_of
from accord.domain.findings import Finding
from accord.storage import listing
from accord.storage import settings as project_settings
from accord.storage.project import Project
from accord.workflows import checking, findings


def of_text(*, project: Project, example_id: str, content: Content) -> tuple[Shown, ...]:
    """Return what is found in ``content``, which somebody makes of an example, or saw before it was changed elsewhere.

    What needs a heavy library is carried over from the text that stands, to where its words are now. Raises NotFound.
    """
    base, standing = findings.of_standing(project=project, example_id=example_id)
    if content == base:
        return standing
    with project.read() as view:
        settings = project_settings.current(view)
        seq = listing.seq_of(view, example_id)
        dates = () if seq is None else listing.source_dates(view, [seq]).get(seq, ())
    said = {one.mark: one.dismissed for one in standing}
    found = []
    for one in checking.findings_of(content, settings, heavy=False, dates=dates):
        mark = mark_of(content, one)
        found.append(Shown(finding=one, sentence=checking.sentence(one), mark=mark, dismissed=said.get(mark)))
    heavy = {rule.name for rule in registry.RULES if rule.needs}
    for shown in standing:
        moved = carried(shown.finding, base, content) if shown.finding.rule in heavy else None
        if moved is not None and moved not in [one.finding for one in found]:  # of two equal names one may be gone
            found.append(replace(shown, finding=moved))
    return tuple(sorted(found, key=lambda one: (one.finding.message, one.finding.start, one.finding.end)))


def carried(finding: Finding, base: Content, content: Content) -> Finding | None:
    """Return a finding of ``base`` where its words are in ``content``; None where they were changed."""
    if finding.message >= len(content.messages):
        return None
    before, after = base.messages[finding.message].content, content.messages[finding.message].content
    shorter = min(len(before), len(after))
    head = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    if finding.end <= head:
        return finding
    tail = next((n for n in range(shorter) if before[-1 - n] != after[-1 - n]), shorter)
    if finding.start < len(before) - tail:
        return None
    shift = len(after) - len(before)
    return replace(finding, start=finding.start + shift, end=finding.end + shift)
