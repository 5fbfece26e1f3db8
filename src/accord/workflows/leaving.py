"""What may leave this machine for a service: nothing of a locked project, and of others what a person allowed."""

from accord.domain import addresses, moments
from accord.domain.errors import Refused
from accord.domain.generation import Consent
from accord.domain.ledger import Who
from accord.domain.project import DataClass
from accord.domain.wording import _
from accord.storage import settings as project_settings
from accord.storage.project import Project


class Locked(Refused):
    """The project is locked to this machine, and the address is not on it."""

    def __init__(self, host: str) -> None:
        super().__init__(
            _(
                "This project is locked to this machine, and {host} is not on it. Nothing was sent. Choose a service "
                "on this machine, or let the project's data leave it (Project, data class).",
                host=host,
            )
        )


def refuse_if_locked(project: Project, base_url: str) -> bool:
    """Say whether the project is locked to this machine. Raises Locked where it is and the address is not on it."""
    with project.read() as view:
        locked = project_settings.current(view).data_class is DataClass.LOCKED
    if locked and not addresses.leads_here(base_url):
        raise Locked(addresses.host(base_url))
    return locked


def consent(*, project: Project, who: Who, base_url: str, purpose: str, terms: str = "") -> Consent:
    """Return that ``who`` allows what was shown to be sent to an address. ``terms``: the provider's, on what comes.

    Raises Refused for an empty purpose.
    """
    if not purpose.strip():
        raise Refused(_("Say for which purpose it may leave this machine. Nothing was sent."))
    with project.read() as view:
        data_class = project_settings.current(view).data_class.value
    return Consent(
        author=who.actor,
        purpose=purpose.strip(),
        host=addresses.host(base_url),
        terms=terms.strip(),
        data_class=data_class,
        at=moments.now(),
    )
