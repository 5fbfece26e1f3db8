"""The settings file: JSON, written whole or not at all, readable by its owner alone, kept aside when damaged."""

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from accord.domain.wording import _

if sys.platform != "win32":
    import fcntl


@dataclass(frozen=True, slots=True, kw_only=True)
class DamagedSettings:
    """A settings file that could not be read: why, and where it was put (None when it could not be moved)."""

    reason: str
    kept: Path | None

    @property
    def sentence(self) -> str:
        """Return what to tell the person."""
        if self.kept is None:
            return _("The settings could not be read ({reason}); the usual ones are in use.", reason=self.reason)
        return _(
            "The settings could not be read ({reason}); the usual ones are in use and the old file is {path}.",
            reason=self.reason,
            path=str(self.kept),
        )


class SettingsFile:
    """One JSON object in a file. ``problem`` says what was wrong when it was read; None when nothing was."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem: DamagedSettings | None = None

    def read(self) -> dict[str, Any] | None:
        """Return the values; none where there is no file yet. A damaged file is put aside and gives None.

        Raises OSError when the file is there and may not be read.
        """
        try:
            text = self.path.read_bytes()
        except FileNotFoundError:
            return {}
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            self.problem = DamagedSettings(reason=str(error), kept=self._put_aside())
            return None
        if not isinstance(values, dict):
            self.problem = DamagedSettings(reason=_("it holds no settings"), kept=self._put_aside())
            return None
        return values

    def read_what_can_be(self) -> dict[str, Any]:
        """Return the values, or none at all with the reason in ``problem``; for the start, which must not fail."""
        try:
            return self.read() or {}
        except OSError as error:
            self.problem = DamagedSettings(reason=error.strerror or str(error), kept=None)
            return {}

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Hold off other programs while the file is read, changed and written. Raises OSError."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("ab") as lock:
            if sys.platform != "win32":
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def write(self, values: Mapping[str, Any]) -> None:
        """Replace the file; a reader, and the next start after a power cut, sees the old or the new. Raises OSError."""
        folder = self.path.parent
        handle, name = mkstemp(prefix=f"{self.path.stem}.", suffix=".tmp", dir=folder)  # made with mode 0600
        new = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(values, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self.path)
        except BaseException:
            new.unlink(missing_ok=True)
            raise
        _sync_folder(folder)

    def _put_aside(self) -> Path | None:
        kept = self.path.with_name(f"{self.path.stem}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.json")
        try:
            self.path.rename(kept)
        except OSError:
            return None
        return kept


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut; elsewhere than on POSIX the rename itself does."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
