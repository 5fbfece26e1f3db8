"""The keys of services: in the environment, in the system's keyring, or in this program's memory; nowhere else."""

import os
from collections.abc import Callable, Mapping
from typing import Protocol

from accord.domain import addresses
from accord.domain.chat import Connection
from accord.domain.keys import FoundKey, Whence, variables
from accord.domain.wording import _

SERVICE = "Accord"
# Those that hand a secret to the system's own store. Others write it to a file, some of them in plain text, or drop it.
_REAL = frozenset(f"keyring.backends.{name}" for name in ("SecretService", "libsecret", "kwallet", "macOS", "Windows"))


class Backend(Protocol):
    """What is used of a backend of ``keyring``."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return a secret."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a secret."""

    def delete_password(self, service: str, username: str) -> None:
        """Delete a secret."""


def system_keyring() -> Backend | None:
    """Return the backend to the system's own store that ``keyring`` is set to; None where that is no such store."""
    import keyring

    try:
        chosen = keyring.get_keyring()
        several = list(getattr(chosen, "backends", ())) or [chosen]
    except Exception:  # noqa: BLE001  (a keyring's configuration and its plug-ins raise what they like)
        return None
    return next((backend for backend in several if type(backend).__module__ in _REAL), None)


class MachineKeys:
    """The port ``Keys`` on this machine. No failure of a keyring is repeated in words: it could hold the key."""

    def __init__(
        self, backend: Callable[[], Backend | None] | None = None, environment: Mapping[str, str] | None = None
    ) -> None:
        self._backend = backend or system_keyring
        self._environment = os.environ if environment is None else environment
        self._session: dict[str, str] = {}
        self._failed = False

    def find(self, connection: Connection) -> FoundKey:
        """Return the key of a connection: of the environment first, then of this session, then of the keyring."""
        for variable in variables(connection):
            if key := self._environment.get(variable, "").strip():
                return FoundKey(key=key, whence=Whence.ENVIRONMENT, variable=variable)
        entry = _entry(connection)
        if entry in self._session:
            return FoundKey(key=self._session[entry], whence=Whence.SESSION)
        kept = self._read(entry)
        return FoundKey(key=kept, whence=Whence.KEYRING) if kept else FoundKey()

    def keep(self, connection: Connection, key: str) -> Whence:
        """Keep a key in place of an older one; say where: in the keyring, or for this session only."""
        entry = _entry(connection)
        self._session.pop(entry, None)
        if self._write(entry, key) and self._read(entry) == key:
            return Whence.KEYRING
        self._session[entry] = key
        return Whence.SESSION

    def forget(self, connection: Connection) -> None:
        """Delete the key that was kept; one of the environment stays there."""
        entry = _entry(connection)
        self._session.pop(entry, None)
        if self._read(entry):
            self._use(lambda backend: backend.delete_password(SERVICE, entry))

    def without_keyring(self) -> str:
        """Return in a sentence why keys are kept for this session only; empty where a keyring keeps them."""
        if self._backend() is None:
            return _("This system has no keyring that Accord can use, and no key is written to a file.")
        if self._failed:
            return _("The system's keyring is locked or does not answer, and no key is written to a file.")
        return ""

    def _read(self, entry: str) -> str:
        found: list[str | None] = []
        self._use(lambda backend: found.append(backend.get_password(SERVICE, entry)))
        return (found[0] if found else "") or ""

    def _write(self, entry: str, key: str) -> bool:
        return self._use(lambda backend: backend.set_password(SERVICE, entry, key))

    def _use(self, act: Callable[[Backend], None]) -> bool:
        """Do something with the keyring; say whether that went well."""
        backend = self._backend()
        if backend is None:
            return False
        try:
            act(backend)
        except Exception:  # noqa: BLE001  (each system's store raises errors of its own library)
            self._failed = True
            return False
        self._failed = False
        return True


def _entry(connection: Connection) -> str:
    """Return the name under which a key is kept: another address is another entry, so it never gets this key."""
    return f"{connection.name} ({addresses.origin(connection.base_url)})"
