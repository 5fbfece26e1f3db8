"""Read by every Python that a test starts, before anything else: who asks for another machine is written down, and stopped.

Python tells an audit hook of each look-up and each connection that its own ``socket`` is asked for, whichever library
asks. Libraries in C that open sockets by themselves (libpq) and programs that are no Python are not seen.
"""

import os
import sys

LOG, BEGUN = "ACCORD_TESTS_REACHED", "ACCORD_TESTS_BEGUN"  # the files told in: of reaching out, and of standing here
_LOOK_UPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})
_SENDS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_EVENTS = _LOOK_UPS | _SENDS
_HERE = frozenset({"localhost", "localhost.localdomain", "ip6-localhost", "::1", "", "0.0.0.0", "::", "None"})  # noqa: S104  (names compared, none bound)


class Reached(BaseException):
    """A program of the tests asked for another machine; nothing catches it by chance."""


def is_here(host: object) -> bool:
    """Say whether a host is this machine, by its name alone."""
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    return text in _HERE or text.startswith("127.")


def _watch(event: str, args: tuple[object, ...]) -> None:
    if event not in _EVENTS:
        return
    asked = args[0] if event in _LOOK_UPS else args[-1]
    if event in _SENDS:
        if not isinstance(asked, tuple):
            return  # a path of this machine, or the address of a connection that was let through
        asked = asked[0]
    if not is_here(asked):
        _tell(LOG, f"{event} {asked!r} in {_program()}")
        raise Reached(f"{event} {asked!r}")


def _program() -> str:
    return " ".join(sys.orig_argv)[:200]


def _tell(where: str, what: str) -> None:
    log = os.environ.get(where)
    if log:
        line = what.replace("\n", " ") + "\n"
        file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line.encode("utf-8", "replace"))
        finally:
            os.close(file)


if not hasattr(sys, LOG):  # once a process, by whichever name it is imported
    setattr(sys, LOG, True)
    sys.addaudithook(_watch)
    _tell(BEGUN, _program())
