"""Bringing a hosted fine-tuned model's things home before the service takes them off: each whole, or listed with why.

What leaves this machine is the model's name and the ids of its job and files; what comes is kept as records, byte for
byte, and the rows of the training files come in as examples too.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Protocol

from accord.domain import addresses
from accord.domain.canonical import sha256_hex
from accord.domain.chat import Connection
from accord.domain.errors import Refused
from accord.domain.fine_tuning import Account, FineTuningService
from accord.domain.generation import Consent, Sent
from accord.domain.ledger import Who
from accord.domain.people import Role
from accord.domain.progress import Progress, Silent
from accord.domain.wording import _
from accord.storage import sendings
from accord.storage.project import Project
from accord.workflows import permissions
from accord.workflows.fetching import Fetching
from accord.workflows.leaving import refuse_if_locked
from accord.workflows.service_visits import Visit

PURPOSE = "bring_home"


class OpenFineTuning(Protocol):
    """What opens a connection to read from; it comes from bootstrap."""

    def __call__(self, connection: Connection, /, *, here_only: bool) -> FineTuningService:
        """Open it; ``here_only``: nothing leaves this machine."""


class NeedsConsent(Refused):
    """Nobody has said yet that the names may be sent."""

    def __init__(self, model: str, host: str) -> None:
        super().__init__(
            _(
                "{host} is not on this machine. It would be sent the name “{model}” and the ids of its job and files, "
                "with your key, and no text of the project. Nothing was sent; say for which purpose it may be.",
                host=host,
                model=model,
            )
        )


def look(
    *,
    project: Project,
    who: Who,
    connection: Connection,
    model: str,
    open_service: OpenFineTuning,
    consent: Consent | None = None,
    progress: Progress | None = None,
) -> Account:
    """Return what there is to bring home, with sizes; it costs nothing and brings nothing.

    Raises NeedsConsent, Locked, OnlyFor, Cancelled.
    """
    with _asking(
        project=project,
        who=who,
        connection=connection,
        model=model,
        open_service=open_service,
        consent=consent,
        progress=progress,
    ) as visit:
        return visit.survey()


def bring(
    *,
    project: Project,
    who: Who,
    connection: Connection,
    model: str,
    open_service: OpenFineTuning,
    consent: Consent | None = None,
    progress: Progress | None = None,
) -> Account:
    """Bring all of it into the project and return what came and what did not, with its reason. Nothing comes twice.

    Each thing is kept in a unit of work of its own: one that was stopped or killed goes on with what is missing.
    Raises NeedsConsent, Locked, OnlyFor, Cancelled.
    """
    with _asking(
        project=project,
        who=who,
        connection=connection,
        model=model,
        open_service=open_service,
        consent=consent,
        progress=progress,
    ) as visit:
        return visit.bring(consent)


@contextmanager
def _asking(
    *,
    project: Project,
    who: Who,
    connection: Connection,
    model: str,
    open_service: OpenFineTuning,
    consent: Consent | None,
    progress: Progress | None,
) -> Iterator[Visit]:
    """Open the service once nothing stands against it, and note that it is asked before it is."""
    permissions.require(project=project, role=Role.LEAD, act=_("bring a model home"))
    refuse_if_locked(project, connection.base_url)
    host, here = addresses.host(connection.base_url), addresses.leads_here(connection.base_url)
    if not here and (consent is None or consent.host != host):
        raise NeedsConsent(model, host)
    with project.write(who) as unit:
        sendings.add(unit, [Sent(purpose=PURPOSE, host=host, asked=sha256_hex(model))])
        unit.commit()
    watch = progress or Silent()
    with closing(open_service(connection, here_only=here)) as service, Fetching(watch) as fetching:
        yield Visit(project=project, who=who, host=host, model=model, service=service, fetching=fetching, watch=watch)
