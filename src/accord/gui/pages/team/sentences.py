"""The words of the Team page: what each role may do, and what the server says of the connection."""

from typing import Literal

from accord.domain.people import Role, ServerFacts
from accord.domain.wording import _


def title(role: Role) -> str:
    """Return a role's name."""
    match role:
        case Role.REVIEWER:
            return _("Reviewer")
        case Role.ADJUDICATOR:
            return _("Adjudicator")
        case Role.LEAD:
            return _("Lead")


def may(role: Role) -> str:
    """Return what a role may do."""
    match role:
        case Role.REVIEWER:
            return _("Reads the examples and reviews them in her own name.")
        case Role.ADJUDICATOR:
            return _("Also settles conflicts and duplicates, sets examples aside and tags many at once.")
        case Role.LEAD:
            return _("Also imports, releases, deletes for good, makes backups, changes the project and its people.")


def encryption(server: ServerFacts) -> tuple[str, Literal["body", "error"]]:
    """Return what to say of the encryption, and the role of the text."""
    if server.encryption:
        return _("Encrypted ({how})", how=server.encryption), "body"
    if server.local:
        return _("Not encrypted; it does not leave this machine"), "body"
    return _("Not encrypted: others on the network could read along"), "error"
