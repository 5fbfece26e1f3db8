"""The disagreement that is on the desk and what was entered for it; nothing entered for any other is forgotten.

What is entered is written into the project as the drafts of a review are, so that a crash costs seconds of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from accord.domain.content import Content
from accord.domain.wording import plural
from accord.gui.context import Context
from accord.gui.pages.disagreements.case import Case
from accord.gui.pages.disagreements.entered import Entered, from_draft
from accord.gui.pages.disagreements.hunks import Hunk
from accord.gui.pages.disagreements.loading import Loader
from accord.gui.pages.review.drafts import DraftKeeper
from accord.workflows import decision_drafts

Typed = Callable[[Case, Entered], Entered]


class Desk(QObject):
    """``shown`` when another case lies on the desk, or none; ``changed`` when something else was chosen for it.

    ``read_again`` when the same case lies there, with its history alone changed; ``gone`` when the wanted one is open
    no more; ``typed`` is asked for what stands in the page's fields. ``restored``: what is entered was typed before the
    page was opened.
    """

    shown = Signal()
    read_again = Signal()
    changed = Signal()
    gone = Signal(str)

    def __init__(self, context: Context, typed: Typed) -> None:
        super().__init__()
        self._typed = typed
        self.loader = Loader(context, self._arrived)
        self.case: Case | None = None
        self.entered = Entered()
        self.restored = False
        self.drafts = DraftKeeper(context, self.keep, decision_drafts.save)
        self._kept: dict[str, tuple[Content, Entered]] = {}
        self._stored: dict[str, Mapping[str, Any]] = {}
        context.keep(self.would_be_lost)

    def put_stored(self, drafts: Mapping[str, Mapping[str, Any]]) -> None:
        """Take what was entered before the page was opened first, by the ids of the examples."""
        self._stored = dict(drafts)

    def open(self, example_id: str) -> None:
        """Put another case on the desk, soon or at once."""
        if self.case is None or self.case.id != example_id:
            self.keep()
            self.loader.want(example_id)
        if not example_id:
            self._put(None)

    def again(self) -> None:
        """Read the case on the desk anew, with what was entered kept."""
        if self.case is not None:
            self.keep()
            self.loader.want(self.case.id)

    def show_again(self, case: Case) -> None:
        """Put a case back that is open no more, with what was entered for it."""
        if self.case is None or self.case.id != case.id:
            self.keep()
            self._put(case)

    def keep(self) -> None:
        """Keep what was entered for the case on the desk."""
        if self.case is not None:
            self.collect()
            self.restore(self.case.id, self.case.base, self.entered)

    def collect(self) -> Entered:
        """Take what stands in the fields and return all that was entered."""
        if self.case is not None:
            self.entered = self._typed(self.case, self.entered)
        return self.entered

    def restore(self, example_id: str, base: Content, entered: Entered) -> None:
        """Keep what was entered for a case; it is there when the case is opened."""
        if entered.empty:
            self._kept.pop(example_id, None)
        else:
            self._kept[example_id] = (base, entered)
        value, before = entered.to_draft(base), self._stored.get(example_id)
        if value == before:
            return
        if value is None:
            self._stored.pop(example_id, None)
        else:
            self._stored[example_id] = value
        self.drafts.write(example_id, value)

    def drop(self) -> None:
        """Take the case off the desk, and forget what was entered: it is being decided, which takes its draft away."""
        if self.case is not None:
            self._kept.pop(self.case.id, None)
            self._stored.pop(self.case.id, None)
            self.drafts.forget(self.case.id)
            self.drafts.rest()
        self.case, self.entered = None, Entered()

    def let_go(self) -> None:
        """Take the case off the desk for good, with what was entered for it and its draft."""
        if self.case is not None:
            self.restore(self.case.id, self.case.base, Entered())
        self.drafts.rest()
        self.case, self.entered = None, Entered()

    def touch(self) -> None:
        """Something was typed: write it soon."""
        self.drafts.changed()

    def has_entered(self) -> bool:
        """Say whether anything was entered for the case on the desk."""
        return self.case is not None and not self.collect().empty

    def choose(self, change: Callable[[Entered], Entered]) -> None:
        """Change what is entered, with what stands in the fields taken before."""
        if self.case is not None:
            self.entered = change(self.collect())
            self.changed.emit()
            self.touch()

    def ask(self, question: str) -> None:
        """Keep the question to the guideline as it was typed."""
        self.entered = replace(self.entered, question=question)
        self.touch()

    def takes(self, index: int, hunk: Hunk) -> bool:
        """Say whether a change is in the final text."""
        return self.entered.takes(index, hunk)

    def as_text(self) -> str:
        """Return the texts, reason and comment that were entered, to copy."""
        if self.case is None:
            return ""
        entered, base = self.collect(), self.case.base
        texts: Mapping[int, str] = entered.edits(base)
        return "\n\n".join(part for part in (*texts.values(), entered.comment, entered.question) if part.strip())

    def would_be_lost(self) -> str:
        """Say what is entered and neither decided nor written as a draft, or nothing."""
        self.keep()
        if not self.drafts.refused:
            return ""
        return plural(
            "What you entered for {n} disagreement is not saved. If you leave now, it is lost.",
            "What you entered for {n} disagreements is not saved. If you leave now, it is lost.",
            self.drafts.refused,
        )

    def _arrived(self, example_id: str, case: Case | None) -> None:
        if case is None:
            self.gone.emit(example_id)
        else:
            self._put(case)

    def _put(self, case: Case | None) -> None:
        before, self.case = self.case, case
        if case is not None and before is not None and case.found == before.found:
            self.read_again.emit()
            return
        self.entered, self.restored = Entered(), False
        if case is not None and case.id in self._kept:
            base, entered = self._kept[case.id]
            self.entered = entered.moved_to(base, case.base)
        elif case is not None and case.id in self._stored:
            self.entered, self.restored = from_draft(self._stored[case.id], case.base), True
        self.shown.emit()
