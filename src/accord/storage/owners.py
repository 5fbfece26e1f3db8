"""Which program writes an import, on which machine, and whether it still runs."""

import os
import platform
from datetime import datetime, timedelta
from pathlib import Path

_LONGEST = timedelta(days=1)


def this_program() -> str:
    """Return what names this program among those of all machines: host, number of the process, when it started."""
    return f"{platform.node()}:{os.getpid()}:{_started(os.getpid())}"


def is_alive(owner: str, since: str) -> bool:
    """Say whether the program that owns an import, begun at ``since``, still runs, as far as this machine can tell."""
    host, pid_text, started = owner.rsplit(":", 2)
    if host != platform.node():
        # Another machine's program cannot be asked; but a machine may be renamed, or gone, and no import takes a day.
        return datetime.now().astimezone() - datetime.fromisoformat(since) < _LONGEST
    pid = int(pid_text)
    if pid == os.getpid():
        return False  # an earlier program had our number: our own imports are known by their acts
    if started or os.name != "posix":
        return _started(pid) == started
    try:
        os.kill(pid, 0)  # no /proc on this system: at least ask whether there is such a process
    except OSError:
        return False
    return True


def other_machine(owner: str) -> str:
    """Return the machine of a program, empty for this one."""
    host = owner.rsplit(":", 2)[0]
    return "" if host == platform.node() else host


def _started(pid: int) -> str:
    """Return when a process started, so that a recycled number is not taken for it; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except OSError:
        return ""
