"""Where a project's backups lie, and the copy of a file that is kept before it is brought to a newer format."""

import os
from datetime import datetime
from pathlib import Path

from accord.storage import sqlite
from accord.storage.failures import CannotSave, DamagedProject

STAMP = "%Y%m%d-%H%M%S-%f"
_CHECK_SECONDS = 3600.0  # the whole of it, however long that takes


def folder_of(project: Path) -> Path:
    """Return where a project's backups are kept: a folder beside it."""
    return project.with_name(project.name + "-backups")


def made_folder(project: Path) -> Path:
    """Return the folder of a project's backups, which only its owner may look into, made where it is not there."""
    folder = folder_of(project)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def name_of(moment: datetime, reason: str) -> str:
    """Return what a backup of a moment is called."""
    return f"{moment.strftime(STAMP)}-{reason}.accord"


def keep_before(project: Path, version: int, to: int) -> Path:
    """Keep a checked copy of a file of format ``version`` before it becomes one of ``to``, unless there is one.

    Returns the copy. Raises CannotSave, and DamagedProject where the copy is not whole; the file is as it was then.
    """
    reason = f"before-format-{to}"
    known = sorted(folder_of(project).glob(f"*-{reason}.accord"))
    if known:
        return known[-1]
    try:
        target = made_folder(project) / name_of(datetime.now().astimezone(), reason)
        partial = target.with_name(target.name + ".part")
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            with sqlite.readable_failures(project):
                copy_file(project, partial)
            with sqlite.readable_failures(partial):
                _check(partial, version, to)
            with partial.open("rb+") as file:
                os.fsync(file.fileno())
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise CannotSave(error.strerror or str(error)) from error
    return target


def copy_file(project: Path, to: Path) -> None:
    """Write a whole, compact copy of a project file of whatever format to an empty or new file."""
    engine = sqlite.engine_for(project)
    try:
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("VACUUM INTO ?", (str(to),))
        finally:
            raw.close()
    finally:
        engine.dispose()


def _check(copy: Path, version: int, known: int) -> None:
    if sqlite.recognise(copy, known) != version:
        raise DamagedProject(copy, "the copy is of another format")
    engine = sqlite.engine_for(copy)
    try:
        with engine.connect() as connection:
            sqlite.quick_check(connection, copy, seconds=_CHECK_SECONDS)
            connection.rollback()
    finally:
        engine.dispose()
        for ending in ("-wal", "-shm"):
            copy.with_name(copy.name + ending).unlink(missing_ok=True)
