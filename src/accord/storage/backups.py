"""Backups of a project file: whole, opened and checked before they count, thinned with age."""

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from accord.domain.errors import AccordError
from accord.domain.ledger import Backup, Who
from accord.domain.wording import _
from accord.storage import address, events, imports, moving, sqlite
from accord.storage.failures import ProjectExists
from accord.storage.kept import STAMP, copy_file, made_folder, name_of
from accord.storage.kept import folder_of as folder_of
from accord.storage.migrations import CURRENT
from accord.storage.project import Project, open_project

_PROGRAM = Who(actor="accord")
_NAME = re.compile(r"(\d{8}-\d{6}-\d{6})-(.+)")
_CHECK_SECONDS = 3600.0  # the whole of it, however long that takes
_HOURLY, _DAILY, _MONTHLY = timedelta(hours=12), timedelta(days=30), timedelta(days=366)


class BadBackup(AccordError):
    """A backup did not pass its checks; it was removed."""

    def __init__(self, detail: str) -> None:
        super().__init__(_("The backup could not be made ({detail}). The project itself is untouched.", detail=detail))


def make(project: Project, target: Path) -> str:
    """Write a copy to ``target``, open and check it, and return its sha256.

    Raises ProjectExists or BadBackup; a failed copy is removed.
    """
    if target.exists():
        raise ProjectExists(target)
    partial = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        # Empty and this user's alone before anything is in it.
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        if not project.copy_to(partial):
            _copy_rows(project, partial)
        _drop_pending(partial)
        _check(project, partial)
        digest = _sync_and_hash(partial)
        partial.replace(target)
        _sync_folder(target.parent)
    except BaseException as error:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise BadBackup(error.strerror or str(error)) from error
        raise
    return digest


def _drop_pending(copy: Path) -> None:
    """Take out of a copy what an import had stored that was not done: nobody would finish it there."""
    opened = open_project(copy, check=False)
    try:
        drop_pending(opened)
        opened.checkpoint()
    finally:
        opened.close()


def drop_pending(project: Project) -> None:
    """Remove what imports have stored that are not done, whoever began them: of a copy, which no program writes to."""
    with project.read() as view:
        left = imports.pending(view)
    for import_id in left:
        more = True
        while more:
            with project.write(_PROGRAM) as unit:
                more = imports.discard_some(unit, import_id)
                unit.commit()


def _copy_rows(project: Project, target: Path) -> None:
    """Copy a server's project to a file; the second, compact copy is one in which a missing end is noticed."""
    loose = target.with_name(target.name + ".loose")
    try:
        moving.copy(project, loose)
        opened = open_project(loose, check=False)
        opened.copy_to(target)
        opened.close()
    finally:
        for ending in ("", "-wal", "-shm"):
            loose.with_name(loose.name + ending).unlink(missing_ok=True)


def make_dated(project: Project, reason: str) -> Backup:
    """Write a backup into the project's backup folder and thin the older ones there."""
    folder, moment = made_folder(project.path), datetime.now().astimezone()
    target = folder / name_of(moment, reason)
    make(project, target)
    thin(folder, moment)
    return Backup(path=target, at=moment, reason=reason, bytes=target.stat().st_size)


def listed(project: Path) -> list[Backup]:
    """Return the backups of a project, newest first."""
    found = []
    for path in folder_of(project).glob("*.accord"):
        found_name = _NAME.fullmatch(path.stem)
        if found_name is None:
            continue
        stamp, reason = found_name.groups()
        moment = datetime.strptime(stamp, STAMP).astimezone()
        found.append(Backup(path=path, at=moment, reason=reason, bytes=path.stat().st_size))
    return sorted(found, key=lambda b: b.at, reverse=True)


def thin(folder: Path, moment: datetime) -> None:
    """Keep every backup of 12 hours, one a day for 30 days, one a month for a year; remove the rest."""
    kept: set[str] = set()
    for backup in listed(folder.with_name(folder.name.removesuffix("-backups"))):
        age = moment - backup.at
        if age <= _HOURLY:
            continue
        slot = backup.at.strftime("%Y-%m-%d") if age <= _DAILY else backup.at.strftime("%Y-%m")
        if slot in kept or age > _MONTHLY:
            backup.path.unlink(missing_ok=True)
        kept.add(slot)


def restore(source: Path, target: Path | str) -> Project:
    """Make the project of a backup file at ``target``, a new file or a server's database; the backup is only read."""
    if isinstance(target, Path) and target.exists():
        raise ProjectExists(target)
    with _as_of_today(source) as opens:
        backup = open_project(opens)
        try:
            if isinstance(target, str) and address.is_address(target):
                moving.copy(backup, target)
            else:
                make(backup, Path(target))
        finally:
            backup.close()
    restored = open_project(target)
    drop_pending(restored)  # a backup of an earlier version may hold some
    return restored


@contextlib.contextmanager
def _as_of_today(source: Path) -> Iterator[Path]:
    """Give a backup to open; one of an older format as a copy, which opening brings up to date."""
    if sqlite.recognise(source, CURRENT) == CURRENT:
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="accord-") as folder:
        copy = Path(folder) / "backup.accord"
        copy_file(source, copy)
        yield copy


def _check(project: Project, copy: Path) -> None:
    """Open the copy and compare its event chain with the project's."""
    opened = open_project(copy, check=False)
    try:
        with opened.read() as view:
            sqlite.quick_check(view.connection, copy, seconds=_CHECK_SECONDS)
            broken, ends = events.problems(view), events.ends(view)
    finally:
        opened.checkpoint()
        opened.close()
    for leftover in (copy.with_name(copy.name + "-wal"), copy.with_name(copy.name + "-shm")):
        leftover.unlink(missing_ok=True)
    if broken:
        raise BadBackup(broken[0])
    with project.read() as view:
        if not events.contains(view, ends):
            raise BadBackup(_("the copy does not hold the project's own events"))


def _sync_and_hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb+") as file:
        while block := file.read(1 << 20):
            digest.update(block)
        os.fsync(file.fileno())
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest(path: Path) -> str:
    """Return the sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
