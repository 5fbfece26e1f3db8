"""What was found in one text, as the page shows it."""

from dataclasses import dataclass
from typing import Any

from accord.domain.content import Content
from accord.domain.dismissals import Dismissal, DismissReason
from accord.domain.findings import Finding, Kind
from accord.domain.wording import _
from accord.gui.pages.review.loading import Item
from accord.gui.severity import severity_look
from accord.gui.widgets.marking import Mark
from accord.workflows import checking, typed_findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding in the words of the page; ``mark`` names it for a dismissal, ``why`` says why it was dismissed."""

    finding: Finding
    title: str
    sentence: str
    mark: str = ""
    why: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nobody dismissed it."""
        return not self.why


def look(project: Any, item: Item, content: Content) -> tuple[Found, ...]:
    """Return what is found in the text that a person made of an item."""
    return tuple(
        Found(
            finding=one.finding,
            title=checking.title(one.finding.rule),
            sentence=one.sentence,
            mark=one.mark,
            why=_why(one.dismissed),
        )
        for one in typed_findings.of_text(project=project, example_id=item.id, content=content)
    )


def reason_word(reason: DismissReason) -> str:
    """Return why a finding is dismissed, in two words."""
    words = {DismissReason.FALSE_ALARM: _("False alarm"), DismissReason.ACCEPTABLE: _("May stay")}
    return words[reason]


def _why(dismissed: Dismissal | None) -> str:
    """Say why a finding was dismissed and by whom; nothing where it was not."""
    if dismissed is None:
        return ""
    return " · ".join(part for part in (reason_word(dismissed.reason), dismissed.author, dismissed.comment) if part)


def span_in(finding: Finding, text: str) -> tuple[int, int] | None:
    """Return the place of a finding within its message; None where it is about the message as a whole."""
    if finding.start >= finding.end or (finding.start <= 0 and finding.end >= len(text)):
        return None
    return finding.start, finding.end


def marks_in(found: tuple[Found, ...], chosen: Found | None, message: int, text: str) -> list[Mark]:
    """Return what to mark in a message: personal data wherever it stands, and the chosen finding."""
    marks = []
    for one in found:
        span = span_in(one.finding, text) if one.finding.message == message and one.is_open else None
        if span is not None and (one == chosen or one.finding.kind is Kind.PERSONAL):
            tone = severity_look(one.finding.severity).tone
            marks.append(Mark(start=span[0], end=span[1], tone=tone, chosen=one == chosen))
    return marks
