"""Questions that the next key answers: why an item is rejected, and its ratings."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from accord.domain.review import Verdict
from accord.domain.wording import _
from accord.gui.pages.review.desk import Desk
from accord.gui.pages.review.key_strip import KeyStrip, Option, cancel_option
from accord.gui.pages.review.verdicts import Verdicts


class Asking:
    """Asks in the strip above the bar; ``reading`` gets the focus back."""

    def __init__(
        self, desk: Desk, verdicts: Verdicts, strip: KeyStrip, reading: QWidget, can_judge: Callable[[], bool]
    ) -> None:
        self._desk, self._verdicts, self._strip = desk, verdicts, strip
        self._reading, self._can_judge = reading, can_judge

    def reject(self) -> None:
        """Ask for the reason, then reject; without reasons in the project reject at once."""
        reasons = self._desk.settings.reject_reasons
        if not reasons or not self._can_judge():
            self._verdicts.give(Verdict.REJECT)
            return
        chosen = ", ".join(self._desk.work.reasons)
        options: list[Option] = [(str(n), reason) for n, reason in enumerate(reasons[:9], 1)]
        options += [("Return", chosen or _("No reason")), cancel_option()]
        self._strip.ask(_("Why is it rejected?"), options, self._reject_for, back=self._reading)

    def rate(self) -> None:
        """Ask for each rating in turn."""
        if not self._desk.settings.ratings:
            self._desk.context.notify(_("This project asks for no ratings. Its settings say what is rated."))
        self._ask_rating(0)

    def _reject_for(self, key: str) -> None:
        if key != "Esc":
            reasons = self._desk.settings.reject_reasons
            self._verdicts.give(Verdict.REJECT, reason=reasons[int(key) - 1] if key.isdigit() else "")

    def _ask_rating(self, position: int) -> None:
        questions = self._desk.settings.ratings
        if position >= len(questions) or self._desk.item is None:
            return
        question = questions[position]
        high = min(question.high, 9)
        ends = {1: _("lowest"), high: _("highest")}
        options = [(str(n), ends.get(n, "")) for n in range(1, high + 1)]
        options += [("Return", _("Skip")), cancel_option()]
        self._strip.ask(question.title, options, partial(self._rated, position), back=self._reading)

    def _rated(self, position: int, key: str) -> None:
        if key == "Esc":
            return
        if key.isdigit():
            question = self._desk.settings.ratings[position]
            self._desk.set_work(self._desk.collect().rated(question.name, int(key)))
        self._ask_rating(position + 1)
