"""The bar at the bottom: the verdicts with their keys, undo, moving, and how fast one goes."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from accord.analysis.pace import finish_date, items_in, minutes_for, seconds_per_item
from accord.domain import moments
from accord.domain.wording import _, number, plural
from accord.gui.actions import Actions
from accord.gui.widgets import ActionButton, PlainLabel, column, row

PLAN_MINUTES = 40


class ActionBar(QFrame):
    """Buttons of the page's actions and the pace."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setProperty("kind", "panel")
        self.setAccessibleName(_("Verdict"))
        self.accept_button = ActionButton(actions, "review.accept", tone="accepted")
        self.edit = ActionButton(actions, "review.edit")
        self.reject = ActionButton(actions, "review.reject", tone="rejected")
        self.unsure = ActionButton(actions, "review.unsure", tone="disagreement")
        self.submit = ActionButton(actions, "review.submit", kind="primary")
        self.undo = ActionButton(actions, "review.undo")
        self.previous = ActionButton(actions, "review.previous", text=_("Back"))
        self.next = ActionButton(actions, "review.next", text=_("Next"))
        self.fault = PlainLabel("", role="error", wrap=True)
        self.done = PlainLabel("", role="small")
        self.plan = PlainLabel("", role="small", elide=True)
        for label in (self.done, self.plan):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        pace = column(self.done, self.plan, gap=0)
        verdicts = [self.accept_button, self.edit, self.reject, self.unsure]
        line = row(*verdicts, self.submit, 8, pace, 8, self.undo, self.previous, self.next, gap=8)
        line.setStretch(line.indexOf(pace), 1)
        self.setLayout(column(self.fault, line, gap=6, margins=(16, 8, 16, 8)))
        self.buttons = [*verdicts, self.submit, self.undo, self.previous, self.next]
        self.say("")

    def follow(self, *, editing: bool, first: bool = False) -> None:
        """Show what can be used now; while editing, also the button that submits the edit or the ``first`` answer."""
        self.submit.setText(_("Submit the answer") if first else _("Submit the edit"))
        self.submit.setVisible(editing)
        for button in self.buttons:
            button.update_from_action()

    def say(self, fault: str) -> None:
        """Show why something could not be done, or nothing."""
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))

    def show_pace(self, *, today: int, history: Sequence[float], left: int, per_day: float) -> None:
        """Show what was done today, the usual seconds for an item, and what they mean for the rest.

        ``history`` is seconds per item, oldest first; ``per_day`` the items of a usual day. A day is named only where
        one session does not do.
        """
        pace = seconds_per_item(history)
        done = plural("{n} done today", "{n} done today", today)
        self.done.setText(done if pace is None else f"{done}, {_('{time} avg', time=clock(pace))}")
        fit = items_in(PLAN_MINUTES, history)
        sentences = []
        if fit is not None and fit >= left:
            minutes = minutes_for(left, history) or 0
            if minutes:
                sentences.append(
                    plural("all that is left: about {n} minute", "all that is left: about {n} minutes", minutes)
                )
        elif fit is not None:
            sentences.append(_("{minutes} minutes: about {n} items", minutes=PLAN_MINUTES, n=number(fit)))
        end = finish_date(left, per_day, moments.today())
        if end is not None and fit is not None and fit < left:
            day = end.strftime("%d %b" if (end - moments.today()).days < 300 else "%d %b %Y").lstrip("0")
            sentences.append(_("at {n} a day all by {day}", n=number(max(1, round(per_day))), day=day))
        self.plan.setText(" · ".join(sentences))
        self.plan.setToolTip("")
        self.plan.setVisible(bool(sentences))


def clock(seconds: float) -> str:
    """Return seconds as minutes and seconds, 3:10."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
