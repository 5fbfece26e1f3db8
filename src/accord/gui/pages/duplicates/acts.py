"""What both halves of the page share: who acts, what a write changes, and taking back one's last act here."""

from collections.abc import Callable
from functools import partial

from accord.domain.ledger import Event, Who
from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_write
from accord.workflows import undoing
from accord.workflows.act_names import kind_of

CHANGED = ("examples", "reviews", "duplicates", "conflicts")
MADE_HERE = ("set_aside", "bring_back", "settle_conflict", "not_duplicates")


def who_acts(context: Context) -> Who:
    """Return who acts, on this device's event chain."""
    return Who(actor=context.actor, device=context.settings.device_id)


def undo_last(context: Context, done: Callable[[Event], None]) -> None:
    """Take back one's last act, where it is of the kind that this page makes; ``done`` gets it."""
    project, who = context.project, who_acts(context)
    undo = partial(undoing.undo, project=project, who=who, only=MADE_HERE)
    run_write(context, _("Undo"), lambda _progress: undo().act, done=done, changed=CHANGED)


def undo_sentence(event: Event) -> str:
    """Return what was taken back."""
    match kind_of(event):
        case "set_aside":
            return _("Taken back: they are in play again.")
        case "bring_back":
            return _("Taken back: they are set aside again.")
        case "settle_conflict":
            return _("Taken back: the conflict is open again.")
        case _other:
            return _("Taken back: the cluster is open again.")
