"""Gives the page's actions their functions."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from accord.domain.project import AnswerKind
from accord.domain.review import Verdict
from accord.gui.pages.review.choices import choice_actions
from accord.gui.pages.review.keys import KEYED_TAGS, choice_action, tag_action

if TYPE_CHECKING:
    from accord.gui.pages.review.page import ReviewPage

MOVES = (("previous", -1), ("up", -1), ("next", 1), ("down", 1))


def bind_actions(page: "ReviewPage") -> None:
    """Bind every action of the page."""
    bind, entry, desk, asides, pane = page.context.actions.bind, page.entry, page.desk, page.asides, page.pane
    judge = entry.can_judge
    bind("review.accept", partial(page.verdicts.give, Verdict.ACCEPT), enabled=judge)
    bind("review.edit", partial(_edit, page), enabled=partial(_can_edit, page))
    bind("review.reject", page.asking.reject, enabled=judge)
    bind("review.unsure", partial(page.verdicts.give, Verdict.UNSURE), enabled=judge)
    bind("review.submit", partial(page.verdicts.give, Verdict.EDIT), enabled=judge)
    unsaved = page.desk.unsaved
    bind("review.save_again", page.verdicts.save_again, enabled=lambda: bool(len(unsaved)))
    bind("review.unsaved", page.verdicts.go_back, enabled=lambda: bool(len(unsaved)))
    bind("review.undo", page.verdicts.undo)
    for name, by in MOVES:
        bind(f"review.{name}", partial(desk.move, by), enabled=partial(desk.can_move, by))
    bind("review.next_waiting", asides.next_waiting)
    bind("review.rate", page.asking.rate, enabled=judge)
    bind("review.more_tags", pane.tag_field.open, enabled=judge)
    bind("review.comment", partial(entry.focus_note, pane.comment), enabled=judge)
    bind("review.cite", partial(entry.focus_note, pane.citation), enabled=judge)
    bind("review.diff", entry.toggle_diff)
    bind("review.history", asides.toggle_history)
    bind("review.fold", page.fold)
    findings = asides.findings
    for name, by in (("next_finding", 1), ("previous_finding", -1)):
        bind(f"review.{name}", partial(findings.step, by), enabled=lambda: bool(findings.open))
    bind("review.fix_finding", asides.finding_acts.fix, enabled=lambda: judge() and bool(findings.open))
    bind("review.dismiss_finding", asides.finding_acts.dismiss, enabled=lambda: bool(findings.open))
    bind("review.same_sentence", asides.same.look)
    for n in range(1, KEYED_TAGS + 1):
        bind(tag_action(n), partial(entry.toggle_tag_number, n), enabled=judge)


def bind_choices(page: "ReviewPage") -> None:
    """Declare and bind the answers of a closed list, with letters that are free."""
    settings, actions = page.desk.settings, page.context.actions
    if settings.answer_kind is AnswerKind.LIST:
        actions.declare(choice_actions(settings.choices))
        for n in range(1, len(settings.choices) + 1):
            actions.bind(choice_action(n), partial(page.entry.pick_choice, n), enabled=page.entry.can_judge)


def is_typing(page: "ReviewPage") -> bool:
    """Say whether the next key goes into a field or answers a question, or another view is shown."""
    focused = page.window().focusWidget()
    types = focused is not None and focused.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    return page.strip.isVisible() or page.entry.elsewhere or (types and page.isAncestorOf(focused))


def _edit(page: "ReviewPage") -> None:
    """Open the editor; where the item is still on its way, as soon as it is there."""
    if page.desk.item is None:
        page.edit_on_arrival = page.desk.order.current or ""
    else:
        page.entry.edit()


def _can_edit(page: "ReviewPage") -> bool:
    return page.entry.can_judge() or (page.desk.item is None and page.desk.order.current is not None)
