"""PostgreSQL's own programs, which the tests start a server with: looked for, installed where that is allowed."""

from __future__ import annotations  # this file also runs on Python 3.9, to say that a newer one is needed

import shutil
from pathlib import Path

import environment

PACKAGE = "postgresql"
LACKING = "Without PostgreSQL the tests of projects on a server are skipped."


def ensure() -> bool:
    """Say whether a server can be started, after having installed PostgreSQL where that is allowed."""
    if there():
        return True
    if not environment.install_packages((PACKAGE,), LACKING):
        return False
    return there()


def there() -> bool:
    """Say whether PostgreSQL's programs are on this machine."""
    return any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb") is not None
