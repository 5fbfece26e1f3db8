"""What both halves of the page share: who acts, what a write changes, and taking back one's last act here."""

from collections.abc import Callable
from typing import Any

from accord.domain.errors import Refused
from accord.domain.ledger import Event, Who
from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_write
from accord.workflows import undoing

CHANGED = ("examples", "reviews", "duplicates", "conflicts")
MADE_HERE = ("set_aside", "bring_back", "settle_conflict", "not_duplicates")


def who_acts(context: Context) -> Who:
    """Return who acts, on this device's event chain."""
    return Who(actor=context.actor, device=context.settings.device_id)


def undo_last(context: Context, done: Callable[[Event], None]) -> None:
    """Take back one's last act, where it is of the kind that this page makes; ``done`` gets it."""
    project, who = context.project, who_acts(context)
    run_write(context, _("Undo"), lambda _progress: _undo(project, who), done=done, changed=CHANGED)


def undo_sentence(event: Event) -> str:
    """Return what was taken back."""
    match _kind(event):
        case "set_aside":
            return _("Taken back: they are in play again.")
        case "bring_back":
            return _("Taken back: they are set aside again.")
        case "settle_conflict":
            return _("Taken back: the conflict is open again.")
        case _other:
            return _("Taken back: the cluster is open again.")


def _kind(event: Event) -> str:
    """Return what was done; an act on many examples says so itself."""
    return str(event.refs.get("do", event.kind))


def _undo(project: Any, who: Who) -> Event:
    event = undoing.last_act(project=project, who=who)
    if event is None or _kind(event) not in MADE_HERE:
        raise Refused(_("Your last act was not made on this page. Ctrl+Z takes it back."))
    undoing.undo(project=project, who=who, act=event.id)
    return event
