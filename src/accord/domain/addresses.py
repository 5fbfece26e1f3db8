"""Addresses of services: where one leads, and whether that is on this machine."""

import ipaddress
from urllib.parse import urlsplit

_USUAL_PORTS = {"http": 80, "https": 443}


def host(url: str) -> str:
    """Return the host in lower case, without brackets and the dot at the end; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def port(url: str) -> int | None:
    """Return the port, the scheme's usual one where none is named; None where there is none that can be."""
    try:
        parts = urlsplit(url)
        return parts.port or _USUAL_PORTS.get(parts.scheme)
    except ValueError:
        return None


def origin(url: str) -> str:
    """Return scheme, host and port in one way of writing: two addresses of one origin are the same service's."""
    return f"{urlsplit(url).scheme}://{host(url)}:{port(url)}"


def is_loopback(address: str) -> bool:
    """Say whether an address is of this machine alone. Raises ValueError where it is no address."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None)
    return bool((mapped or parsed).is_loopback)


def is_here(name: str) -> bool:
    """Say whether a host, by its name alone and without looking it up, is this machine."""
    bare = name.strip("[]").rstrip(".").lower()
    try:
        return is_loopback(bare)
    except ValueError:
        return bare == "localhost" or bare.endswith(".localhost")


def leads_here(url: str) -> bool:
    """Say whether a service's address is on this machine, by its name alone."""
    return is_here(host(url))
