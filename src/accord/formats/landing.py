"""A folder that appears whole or not at all: written beside its place, then put there in one step.

Over an earlier export the two folders change places in one system call (Linux's renameat2 with RENAME_EXCHANGE), so
that a kill leaves the old complete set or the new one. Where the system has no such call the old folder steps aside
first; a kill between the two renames leaves it under its side name, from which ``recover`` brings it back. Side names
start with ``.NAME.accord-``; the next export to the same place, or ``recover``, removes those of killed processes.
"""

import contextlib
import ctypes
import errno
import json
import os
import re
import secrets
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from accord.formats.failures import CannotWrite, TargetNotEmpty

MANIFEST = "manifest.json"

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_NO_EXCHANGE = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)


class Landing:
    """A new folder under a side name; ``land`` puts it in its place, leaving the block without it removes it."""

    def __init__(self, target: Path, *, replace: bool) -> None:
        self.target = target.absolute()
        self._replace = replace
        self.folder = _side_name(self.target, "new")

    def __enter__(self) -> Self:
        """Make the side folder. Raises TargetNotEmpty and CannotWrite."""
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            recover(self.target)
            check_target(self.target, replace=self._replace)
            self.folder.mkdir()
        except OSError as error:
            raise CannotWrite(self.target, error.strerror or str(error)) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove what is left under the side name; a failure of the disk becomes its sentence."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise CannotWrite(self.target, error.strerror or str(error)) from None

    def land(self) -> None:
        """Put the folder, whose files are all on the disk, in its place."""
        sync_folder(self.folder)
        check_target(self.target, replace=self._replace)
        if not self.target.exists():
            self.folder.rename(self.target)
        elif not any(self.target.iterdir()):
            self.target.rmdir()
            self.folder.rename(self.target)
        elif not _exchange(self.folder, self.target):
            self._step_aside()
        with contextlib.suppress(OSError):  # the set is in place and whole; only a power cut now could show the old one
            sync_folder(self.target.parent)

    def _step_aside(self) -> None:
        aside = _side_name(self.target, "old")
        self.target.rename(aside)
        try:
            self.folder.rename(self.target)
        except OSError:
            aside.rename(self.target)
            raise
        shutil.rmtree(aside, ignore_errors=True)


def check_target(target: Path, *, replace: bool) -> None:
    """Raise TargetNotEmpty unless the place is free, or holds nothing but an earlier export that may be replaced."""
    if not os.path.lexists(target):
        return
    if not target.is_dir() or target.is_symlink():
        raise TargetNotEmpty(target, replace=True)
    present = {entry.name for entry in target.iterdir()}
    if present and not (replace and present <= _export_files(target)):
        raise TargetNotEmpty(target, replace=replace)


def _export_files(folder: Path) -> set[str]:
    """Return the names an earlier export of ours says it wrote; empty where it is not one."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        return {MANIFEST, *(file["path"] for file in manifest["files"])} if "accord_version" in manifest else set()
    except (FileNotFoundError, ValueError, LookupError, TypeError):
        return set()


def recover(target: Path) -> None:
    """Bring back an export that a kill left aside, and remove what killed processes left under side names."""
    target = target.absolute()
    pattern = re.compile(re.escape(f".{target.name}.accord-") + r"(\d+)-[0-9a-f]{8}-(new|old)")
    sides = [(path, match) for path in target.parent.iterdir() if (match := pattern.fullmatch(path.name))]
    for path, match in sides:
        own_old = match[2] == "old" and int(match[1]) == os.getpid()  # left when even putting it back failed
        if _is_running(int(match[1])) and not own_old:
            continue
        if match[2] == "old" and not os.path.lexists(target):
            path.rename(target)
        else:
            shutil.rmtree(path, ignore_errors=True)


def _is_running(pid: int) -> bool:
    if os.name != "posix":
        return pid != 0  # no harmless way to ask; what was left stays until a person removes it
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, 0)
        return True
    return False


def _side_name(target: Path, kind: str) -> Path:
    return target.with_name(f".{target.name}.accord-{os.getpid()}-{secrets.token_hex(4)}-{kind}")


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last through a power cut."""
    if os.name != "posix":
        return  # Windows cannot open a folder for this
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system or its file system cannot."""
    call = None if os.name != "posix" else getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if call(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _NO_EXCHANGE:
        return False
    raise OSError(code, os.strerror(code), str(other))
