"""Gives the actions of the page their functions."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from accord.domain.disagreements import Reason
from accord.gui.pages.disagreements.columns import MOST
from accord.gui.pages.disagreements.deciding import action_of
from accord.gui.pages.disagreements.entered import Entered, Outcome

if TYPE_CHECKING:
    from accord.gui.pages.disagreements.page import DisagreementsPage


def bind_keys(page: "DisagreementsPage") -> None:
    """Bind every action; most of them need a case that can be decided on."""
    bind, here, desk, view = page.context.actions.bind, page.has_case, page.desk, page.view
    acts: dict[str, Callable[[], object]] = {
        "original": lambda: page.choose(Entered.with_original),
        "reject": lambda: page.choose(lambda entered: entered.with_outcome(Outcome.REJECT)),
        "edit": page.edit,
        "take_change": page.take_change,
        "comment": page.deciding.comment.setFocus,
        "decide": page.decide,
        "send_back": lambda: page.question.ask(desk.entered.question),
        "left": partial(page.columns.go, -1),
        "right": partial(page.columns.go, 1),
        "next": partial(page.inbox.step, 1),
        "previous": partial(page.inbox.step, -1),
        "beside": view.toggle_beside,
        "rule": view.panel.show,
    }
    for name, run in acts.items():
        bind(f"disagreements.{name}", run, enabled=here)
    for reason in Reason:
        bind(action_of(reason), partial(page.give_reason, reason), enabled=here)
    for position in range(MOST):
        take = partial(page.take_version, position)
        bind(f"disagreements.take_{position + 1}", take, enabled=partial(_has_version, page, position))
    bind("disagreements.undo", page.acts.undo)
    arrows_follow(page, opened=False)


def arrows_follow(page: "DisagreementsPage", opened: bool) -> None:  # noqa: FBT001  (Qt's signal gives it so)
    """Leave the arrow keys to the rule's form while it is open."""
    actions = page.context.actions
    for name, by in (("up", -1), ("down", 1)):
        if opened:
            actions.unbind(f"disagreements.{name}")
        else:
            actions.bind(f"disagreements.{name}", partial(page.columns.step, by), enabled=page.has_case)


def _has_version(page: "DisagreementsPage", position: int) -> bool:
    case = page.desk.case
    return page.has_case() and case is not None and position < len(case.told)
