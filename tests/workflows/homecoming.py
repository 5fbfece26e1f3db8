"""A service with a fine-tuned model, and bringing it home from there."""

import hashlib

from tests.chat_service import KEY, ChatService
from tests.fine_tuning_service import MODEL

from accord.domain.chat import Connection
from accord.domain.fine_tuning import Account, FineTuningService, Part, Thing
from accord.domain.ledger import Who
from accord.providers.fine_tuning import OpenAIFineTuning
from accord.storage import service_records
from accord.storage.project import Project
from accord.workflows import bringing_home

FILES = (Part.TRAINING, Part.VALIDATION, Part.RESULT)


def opened(connection: Connection, *, here_only: bool) -> FineTuningService:
    """Open a connection as the program does."""
    return OpenAIFineTuning(connection, KEY, here_only=here_only)


def at(service: ChatService) -> Connection:
    """Return the connection to a service of the tests."""
    return Connection(name="clinic", base_url=service.base_url)


def bring(project: Project, who: Who, service: ChatService, model: str = MODEL) -> Account:
    """Bring a model home."""
    return bringing_home.bring(project=project, who=who, connection=at(service), model=model, open_service=opened)


def kept(project: Project, part: Part) -> bytes:
    """Return the only record of a kind, whole."""
    with project.read() as view:
        (record,) = [one for one in service_records.listed(view) if one.kind == part]
        data = b"".join(service_records.content(view, record.id))
    assert (record.sha256, record.bytes) == (hashlib.sha256(data).hexdigest(), len(data))
    return data


def the(account: Account, part: Part) -> Thing:
    """Return the only thing of a kind."""
    (thing,) = [one for one in account.things if one.part is part]
    return thing
