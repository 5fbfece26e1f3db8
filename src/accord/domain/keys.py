"""Keys of services: where one was found, and the port to what keeps them; never a file of ours, a log or an error."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from accord.domain import addresses
from accord.domain.chat import Connection, Kind

OPENAI_HOST = "api.openai.com"
_AZURE_HOSTS = (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com", ".openai.azure.us")


class Whence(StrEnum):
    """Where a key is."""

    ENVIRONMENT = "environment"
    KEYRING = "keyring"
    SESSION = "session"  # in this program's memory alone
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundKey:
    """A key, empty where there is none, and where it was. ``variable``: of the environment, where it was there."""

    key: str = field(default="", repr=False)
    whence: Whence = Whence.NOWHERE
    variable: str = ""


def variable(name: str) -> str:
    """Return the variable of the environment in which a connection's key may stand, by the connection's name."""
    return "ACCORD_KEY_" + re.sub(r"[\W_]+", "_", name.upper()).strip("_")


def variables(connection: Connection) -> tuple[str, ...]:
    """Return the variables that may hold a connection's key: its own, then its provider's where it is at the provider.

    The provider's is for nobody else: a connection of that kind to another address does not get it.
    """
    own = variable(connection.name)
    if connection.kind is Kind.OPENAI and at_openai(connection.base_url):
        return own, "OPENAI_API_KEY"
    if connection.kind is Kind.AZURE and at_azure(connection.base_url):
        return own, "AZURE_OPENAI_API_KEY"
    return (own,)


def at_openai(url: str) -> bool:
    """Say whether an address is OpenAI's own."""
    return f".{addresses.host(url)}".endswith(f".{OPENAI_HOST}")


def at_azure(url: str) -> bool:
    """Say whether an address is of Azure OpenAI."""
    return addresses.host(url).endswith(_AZURE_HOSTS)


class Keys(Protocol):
    """What keeps the key of each connection. A key belongs to a name and an address: elsewhere it is not sent."""

    def find(self, connection: Connection) -> FoundKey:
        """Return the key of a connection: of the environment first, then of this session, then of the keyring.

        A keyring that is locked asks the person to open it, so this can take as long as they do.
        """

    def keep(self, connection: Connection, key: str) -> Whence:
        """Keep a key in place of an older one; say where: in the keyring, or for this session only."""

    def forget(self, connection: Connection) -> None:
        """Delete the key that was kept; one of the environment stays there."""

    def without_keyring(self) -> str:
        """Return in a sentence why keys are kept for this session only; empty where a keyring keeps them."""
