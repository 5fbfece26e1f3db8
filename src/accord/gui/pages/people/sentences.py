"""The words of the People page: what each role may do, how far somebody is, what the server says of the connection."""

from typing import Literal

from accord.domain.people import Role, ServerFacts
from accord.domain.wording import _, number, plural
from accord.gui.widgets.progress import clock
from accord.workflows.assigning import Progress


def may(role: Role) -> str:
    """Return what a role may do."""
    match role:
        case Role.REVIEWER:
            return _("Reads the examples and reviews them in her own name.")
        case Role.ADJUDICATOR:
            return _("Also settles disagreements, conflicts and duplicates, sets examples aside and tags many at once.")
        case Role.LEAD:
            return _("Also imports, releases, deletes for good, makes backups, changes the project and its people.")


def how_far(progress: Progress, seconds: float | None) -> str:
    """Return how much of what a person was given is done, what is late, and how long she takes for each."""
    if not progress.given and not progress.ended:
        if progress.person.role is not Role.REVIEWER:
            return ""
        parts = [_("Nothing given out")]
    else:
        parts = [_("{done} of {given} done", done=number(progress.done), given=number(progress.given))]
    if progress.ended:
        parts.append(plural("{n} not done in time", "{n} not done in time", progress.ended))
    if seconds is not None:
        parts.append(_("{time} each", time=clock(seconds)))
    return " · ".join(parts)


def encryption(server: ServerFacts) -> tuple[str, Literal["body", "error"]]:
    """Return what to say of the encryption, and the role of the text."""
    if server.encryption:
        return _("Encrypted ({how})", how=server.encryption), "body"
    if server.local:
        return _("Not encrypted; it does not leave this machine"), "body"
    return _("Not encrypted: others on the network could read along"), "error"
