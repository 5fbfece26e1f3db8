"""What this machine has, for ``doctor``."""

from typing import Any

from accord.storage import sqlite


def sqlite_check() -> dict[str, Any]:
    """Say which SQLite is in use and whether its write-ahead log is safe."""
    return {"ok": True, "detail": sqlite.platform_note()}
