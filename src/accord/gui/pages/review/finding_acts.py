"""What one does with a finding: fix it by hand or with a surrogate, dismiss it with a reason, see others like it."""

from functools import partial
from typing import TYPE_CHECKING

from accord.domain.dismissals import DismissReason
from accord.domain.errors import AccordError, NotFound
from accord.domain.findings import Kind
from accord.domain.wording import _
from accord.gui.jobs_bridge import show_failure
from accord.gui.pages.review.findings import Findings
from accord.gui.pages.review.found import Found, span_in
from accord.gui.pages.review.key_strip import Option, cancel_option
from accord.gui.pages.review.loading import Item
from accord.gui.widgets import MessageEditor
from accord.gui.widgets.marking import document_places, select
from accord.workflows import deidentifying
from accord.workflows.deidentifying import Done, How

if TYPE_CHECKING:
    from accord.gui.pages.review.page import ReviewPage

REASONS = {"F": DismissReason.FALSE_ALARM, "M": DismissReason.ACCEPTABLE}
WAYS = {"S": How.SURROGATE, "R": How.REDACT, "D": How.SHIFT}
DATES = frozenset({"date-of-life", "exact-date"})
_LONGEST = 60  # characters of the place in a question


class FindingActs:
    """Acts on the chosen finding, or on the first where none is chosen."""

    def __init__(self, page: "ReviewPage", findings: Findings) -> None:
        self._page, self._context, self._desk = page, page.context, page.desk
        self._findings = findings
        findings.part.restored.connect(self.restore)
        findings.part.alike.clicked.connect(lambda _checked=False: self.show_alike())

    def fix(self) -> None:
        """Open the editor at the place; of personal data ask first what is to take its place."""
        found, item = self._findings.first(), self._desk.item
        if found is None or item is None:
            return
        personal = found.finding.kind is Kind.PERSONAL and self._findings.may_replace
        if not personal or self._findings.looked != item.base:  # a text of one's own has to be submitted first
            self._edit(found)
            return
        options: list[Option] = [("S", _("Made-up surrogate")), ("R", _("Redact to a label"))]
        options += [("D", _("Move the date"))] if found.finding.rule in DATES else []
        options += [("E", _("Edit by hand")), cancel_option()]
        question = _("{title}: what takes the place of “{words}”?", title=found.title, words=self._words(found))
        self._page.strip.ask(question, options, partial(self._replace, item, found), back=self._page.reading)

    def dismiss(self) -> None:
        """Ask why the finding is not to be acted on; the next one is chosen then."""
        found, item = self._findings.first(), self._desk.item
        if found is None or item is None:
            return
        options = [("F", _("False alarm")), ("M", _("It may stay")), cancel_option()]
        question = _("Dismiss “{title}” of “{words}”: why?", title=found.title, words=self._words(found))
        take = partial(self._dismiss, item, found)
        self._page.strip.ask(question, options, take, back=self._page.reading, note=_("Comment, if you like"))

    def restore(self, found: Found) -> None:
        """Take a dismissed finding up again."""
        if self._desk.item is not None:
            self._say(self._desk.item, found, None, "")

    def show_alike(self) -> None:
        """Go to all examples with a finding of the same rule."""
        if self._findings.chosen is not None:
            self._context.navigate("examples", where=f'finding = "{self._findings.chosen.finding.rule}"')

    def _edit(self, found: Found) -> None:
        if self._findings.looked is not None:
            index = found.finding.message
            span = span_in(found.finding, self._findings.looked.messages[index].content) or (0, 0)
            self._page.entry.edit(index)
            block = next((block for block in self._page.reading.blocks() if block.index == index), None)
            edit = None if block is None else block.text_edit()
            if isinstance(edit, MessageEditor):
                edit.setTextCursor(select(edit, *document_places(edit, span)))

    def _replace(self, item: Item, found: Found, key: str) -> None:
        if key == "E":
            self._edit(found)
        if key in WAYS:
            session = self._page.verdicts.session
            rule, mark = found.finding.rule, found.mark
            session.deidentify(item, rule, mark, WAYS[key], done=self._replaced, failed=self._not_said)

    def _replaced(self, done: Done) -> None:
        self._context.notify(" ".join(deidentifying.sentences(done)), tone="good" if done.bulk.changed else "info")
        self._context.tell_changed("examples", "reviews", "findings")

    def _words(self, found: Found) -> str:
        looked = self._findings.looked
        text = "" if looked is None else looked.messages[found.finding.message].content
        words = " ".join(text[found.finding.start : found.finding.end].split())
        return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"

    def _dismiss(self, item: Item, found: Found, key: str) -> None:
        if key in REASONS and self._desk.item is not None and self._desk.item.id == item.id:
            self._say(item, found, REASONS[key], self._page.strip.note_text())
            self._findings.step(1)

    def _say(self, item: Item, found: Found, reason: DismissReason | None, comment: str) -> None:
        self._page.verdicts.session.speak_of(item, found.mark, reason, comment, failed=self._not_said)

    def _not_said(self, error: BaseException) -> None:
        if isinstance(error, NotFound):
            self._page.bar.say(_("This is in a change of yours that is not submitted. Submit it, then dismiss."))
        elif isinstance(error, AccordError):
            self._page.bar.say(str(error))
        else:
            show_failure(self._context, error)
