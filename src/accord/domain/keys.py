"""Keys of services: where one was found, and the port to what keeps them; never a file of ours, a log or an error."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from accord.domain.chat import Connection


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


class Keys(Protocol):
    """What keeps the key of each connection. A key belongs to a name and an address: elsewhere it is not sent."""

    def find(self, connection: Connection) -> FoundKey:
        """Return the key of a connection: of the environment first, then of the keyring, then of this session."""

    def keep(self, connection: Connection, key: str) -> Whence:
        """Keep a key in place of an older one; say where: in the keyring, or for this session only."""

    def forget(self, connection: Connection) -> None:
        """Delete the key that was kept; one of the environment stays there."""

    def without_keyring(self) -> str:
        """Return in a sentence why keys are kept for this session only; empty where a keyring keeps them."""
