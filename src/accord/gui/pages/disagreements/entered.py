"""What an adjudicator has entered for one disagreement: the outcome, the text as changes, reason and comment."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from accord.domain.content import Content
from accord.domain.disagreements import Reason
from accord.domain.review import Verdict
from accord.domain.wording import _
from accord.gui.pages.disagreements.case import Told, text_at
from accord.gui.pages.disagreements.hunks import Hunk, applied, hunks_between, toggled


class Outcome(StrEnum):
    """What is to become of the example."""

    OPEN = "open"
    TEXT = "text"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """Everything that was typed or chosen; ``hunks`` are by message index, ``question`` goes to the guideline."""

    outcome: Outcome = Outcome.OPEN
    hunks: Mapping[int, tuple[Hunk, ...]] = field(default_factory=dict)
    reason: Reason | None = None
    comment: str = ""
    question: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was entered."""
        return self == Entered()

    def edits(self, base: Content) -> dict[int, str]:
        """Return the texts of the messages that change."""
        texts = {index: applied(text_at(base, index), hunks) for index, hunks in self.hunks.items()}
        return {index: text for index, text in texts.items() if text != text_at(base, index)}

    def verdict(self, base: Content) -> Verdict:
        """Return the decision that this is."""
        if self.outcome is Outcome.REJECT:
            return Verdict.REJECT
        return Verdict.EDIT if self.edits(base) else Verdict.ACCEPT

    def missing(self, base: Content) -> str:
        """Return what is still to be done before it is a decision, or nothing."""
        if self.outcome is Outcome.OPEN:
            return _("Choose a text or reject")
        if self.outcome is Outcome.TEXT and not base.with_texts(self.edits(base)).has_answer:
            return _("Write the answer")
        if self.reason is None:
            return _("Choose a reason")
        return "" if self.comment.strip() else _("Write a comment")

    def with_version(self, told: Told) -> "Entered":
        """Return it with a whole version as the outcome."""
        if told.version.verdict is Verdict.REJECT:
            return replace(self, outcome=Outcome.REJECT)
        return replace(self, outcome=Outcome.TEXT, hunks={part.index: part.hunks for part in told.sections})

    def with_original(self) -> "Entered":
        """Return it with the original as the outcome."""
        return replace(self, outcome=Outcome.TEXT, hunks={})

    def with_outcome(self, outcome: Outcome) -> "Entered":
        """Return it with another outcome; the text stays as it is."""
        return replace(self, outcome=outcome)

    def with_reason(self, reason: Reason) -> "Entered":
        """Return it with a reason."""
        return replace(self, reason=reason)

    def with_change(self, index: int, hunk: Hunk) -> "Entered":
        """Return it with a single change taken, or put back where it was taken; without any, nothing is chosen."""
        hunks = {**self.hunks, index: toggled(self.hunks.get(index, ()), hunk)}
        outcome = Outcome.TEXT if any(hunks.values()) else Outcome.OPEN
        return replace(self, outcome=outcome, hunks={i: taken for i, taken in hunks.items() if taken})

    def with_texts(self, base: Content, texts: Mapping[int, str]) -> "Entered":
        """Return it with texts that were typed; changes that were not touched stay the changes that they are."""
        hunks = dict(self.hunks)
        for index, text in texts.items():
            before = text_at(base, index)
            if text != applied(before, hunks.get(index, ())):
                hunks[index] = hunks_between(before, text)
        return replace(self, outcome=Outcome.TEXT, hunks={i: taken for i, taken in hunks.items() if taken})

    def takes(self, index: int, hunk: Hunk) -> bool:
        """Say whether a single change is in the final text."""
        return self.outcome is Outcome.TEXT and hunk in self.hunks.get(index, ())

    def to_draft(self, base: Content) -> dict[str, Any] | None:
        """Return what is kept in the project until the decision is made; None where nothing was entered."""
        if self.empty:
            return None
        return {
            "base": base.hash,
            "outcome": self.outcome.value,
            "hunks": {str(i): [[one.start, one.end, one.text] for one in hunks] for i, hunks in self.hunks.items()},
            "texts": {str(i): text for i, text in self.edits(base).items()},
            "reason": self.reason.value if self.reason is not None else "",
            "comment": self.comment,
            "question": self.question,
        }

    def moved_to(self, old: Content, new: Content) -> "Entered":
        """Return the same texts as changes to another original, where somebody changed it meanwhile."""
        if old.hash == new.hash:
            return self
        fits = {i: text for i, text in self.edits(old).items() if i <= len(new.messages)}
        hunks = {i: hunks_between(text_at(new, i), text) for i, text in fits.items()}
        return replace(self, hunks={i: found for i, found in hunks.items() if found})


def from_draft(draft: Mapping[str, Any], base: Content) -> Entered:
    """Read what ``to_draft`` wrote; of another original than the one that stands, the texts as changes to this one."""
    if draft.get("base") == base.hash:
        hunks = {int(i): tuple(Hunk(*one) for one in found) for i, found in dict(draft.get("hunks") or {}).items()}
    else:
        texts = {int(i): str(text) for i, text in dict(draft.get("texts") or {}).items()}
        fits = {i: text for i, text in texts.items() if i <= len(base.messages)}
        hunks = {i: hunks_between(text_at(base, i), text) for i, text in fits.items()}
    reason = str(draft.get("reason") or "")
    return Entered(
        outcome=Outcome(draft.get("outcome") or Outcome.OPEN),
        hunks={i: found for i, found in hunks.items() if found},
        reason=Reason(reason) if reason in set(Reason) else None,
        comment=str(draft.get("comment") or ""),
        question=str(draft.get("question") or ""),
    )
