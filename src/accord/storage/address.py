"""The address of a team's project: what it says, what of it may be shown, and whether it is safe to use."""

import os
from collections.abc import Iterable
from ipaddress import ip_address
from pathlib import Path

import sqlalchemy as sa

from accord.domain.errors import AccordError
from accord.domain.wording import _

_SCHEMES = ("postgresql://", "postgres://")
_SECRET = ("password", "sslpassword")
_OPEN = ("disable", "allow", "prefer")


class BadAddress(AccordError):
    """A text that looks like the address of a database and is none."""

    def __init__(self) -> None:
        super().__init__(
            _("This is not the address of a database. It looks like postgresql://NAME@HOST:PORT/DATABASE.")
        )


class OpenConnection(AccordError):
    """The address asks for a connection that others could read."""

    def __init__(self, place: str, mode: str) -> None:
        super().__init__(
            _(
                "{place} asks for sslmode={mode}, with which others on the network could read the project. "
                "Nothing was sent. Leave sslmode out, or write sslmode=verify-full.",
                place=place,
                mode=mode,
            )
        )


def is_address(text: str) -> bool:
    """Say whether a text names a server's project rather than a file."""
    return text.lower().startswith(_SCHEMES)


def read(text: str) -> sa.URL:
    """Return the address as the driver takes it. Raises BadAddress, and OpenConnection for a mode without TLS."""
    try:
        parsed = sa.make_url(text.strip())
        address = parsed.set(drivername="postgresql+psycopg")
    except (sa.exc.ArgumentError, ValueError):
        raise BadAddress from None  # the text may hold a password: it is not repeated
    if not address.database and "service" not in address.query:
        raise BadAddress
    if is_near(address):
        return address
    mode = _first(address, "sslmode")
    if mode in _OPEN:
        raise OpenConnection(shown(address), mode)
    if not mode:
        address = address.update_query_dict({"sslmode": "verify-full"})
    if not mode and not _own_authority(address):
        address = address.update_query_dict({"sslrootcert": "system"})
    return address


def with_password(text: str, password: str) -> str:
    """Return the text of an address with a password in it; an empty one leaves it as it is. Raises BadAddress."""
    if not is_address(text):
        raise BadAddress
    read(text)
    parsed = sa.make_url(text)
    return (parsed.set(password=password) if password else parsed).render_as_string(hide_password=False)


def shown(address: sa.URL) -> str:
    """Return the address without a password: what a person, a message, a log and the settings may hold."""
    kept = {name: value for name, value in address.query.items() if name not in _SECRET}
    if kept.get("sslrootcert") == "system":
        kept.pop("sslrootcert")
        kept.pop("sslmode", None)
    # Made anew: ``set(password=None)`` leaves the password as it is.
    plain = sa.URL.create(
        "postgresql",
        username=address.username,
        host=address.host,
        port=address.port,
        database=address.database,
        query=kept,
    )
    return plain.render_as_string(hide_password=False)


def of_login(text: str, login: str) -> str:
    """Return the address with which another login opens the same project."""
    return shown(sa.make_url(text).set(username=login, password=None))


def is_near(address: sa.URL) -> bool:
    """Say whether the address leads to this machine alone: a socket file or loopback."""
    if _first(address, "service") or os.environ.get("PGSERVICE"):
        return False
    named = address.host or "host" in address.query
    hosts = [] if named else _each(os.environ.get("PGHOST", ""))
    if "hostaddr" not in address.query:  # the driver goes where it says, whatever host the address names
        hosts += _each(os.environ.get("PGHOSTADDR", ""))
    hosts += [*_each(address.host or ""), *_each(address.query.get("host", ())), *_each(_first(address, "hostaddr"))]
    return all(_is_loopback(host) for host in hosts)


def _first(address: sa.URL, name: str) -> str:
    value = address.query.get(name, "")
    return value if isinstance(value, str) else value[-1]


def _each(value: str | Iterable[str]) -> list[str]:
    values = [value] if isinstance(value, str) else list(value)
    return [host for joined in values for host in joined.split(",") if host]


def _is_loopback(host: str) -> bool:
    if host.startswith(("/", "@")) or host == "localhost":
        return True
    name = host.rpartition(":")[0] if host.count(":") == 1 else host  # several hosts are written with their ports
    try:
        return ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return name == "localhost"


def _own_authority(address: sa.URL) -> bool:
    """Say whether this person has named the certificates to trust; otherwise those of the system are."""
    home = Path.home() / ".postgresql" / "root.crt"
    return bool(_first(address, "sslrootcert") or os.environ.get("PGSSLROOTCERT")) or home.exists()
