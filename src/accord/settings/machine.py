"""The settings of this machine: values by name, and what is remembered between two starts."""

import contextlib
import json
import os
import threading
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import platformdirs

from accord.domain.errors import AccordError
from accord.domain.wording import _
from accord.settings.declared import setting
from accord.settings.file import DamagedSettings, SettingsFile
from accord.settings.kept import (
    LastPosition,
    RecentProject,
    columns_key,
    position_key,
    read_position,
    read_recent,
    to_value,
)

FILE_NAME = "settings.json"
_RECENT_KEPT = 12
_REMEMBERED_KEPT = 200


class BadSetting(AccordError):
    """A value that a setting cannot have."""


class SettingsNotSaved(AccordError):
    """The file could not be written; the new value holds until the program ends."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            _(
                "The setting holds until you close Accord, but {path} could not be written ({reason}).",
                path=str(path),
                reason=reason,
            )
        )


def config_folder() -> Path:
    """Return the folder of the settings: ACCORD_CONFIG_DIR where it is set, the system's place otherwise."""
    named = os.environ.get("ACCORD_CONFIG_DIR")
    return Path(named) if named else platformdirs.user_config_path("accord", appauthor=False)


class MachineSettings:
    """Reads and keeps the settings of this machine; may be used from any thread and by several programs at once."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = config_folder() if folder is None else Path(folder)
        self.path = self.folder / FILE_NAME
        self._file = SettingsFile(self.path)
        self._lock = threading.RLock()
        self._unsaved: dict[str, Any] = {}
        self._values = self._file.read_what_can_be()

    @property
    def problem(self) -> DamagedSettings | None:
        """Return what was wrong with the file when it was read."""
        return self._file.problem

    def get(self, name: str) -> Any:
        """Return the value of a declared setting; its default where none, or one it cannot have, is in the file."""
        declared = setting(name)
        with self._lock:
            value = self._values.get(name)
        if value is None or declared.fault(value):
            value = declared.default
        return json.loads(json.dumps(value))  # a copy: a list that a caller changes must not change the setting

    def set(self, name: str, value: Any) -> None:
        """Keep a value. Raises BadSetting (nothing changed) or SettingsNotSaved (changed until the end)."""
        fault = setting(name).fault(value)
        if fault:
            raise BadSetting(fault)
        self.change(name, lambda _old: value)

    def reset(self, name: str) -> None:
        """Go back to the default."""
        self.change(setting(name).name, lambda _old: None)

    @property
    def device_id(self) -> str:
        """Return the random id of this device, made at the first call: each device has its own event chain."""
        if not self.get("device_id"):
            # Another program may have made one a moment ago; the first one stays. Unwritable: it lasts this run.
            with contextlib.suppress(SettingsNotSaved):
                self.change("device_id", lambda old: old or str(uuid.uuid4()))
        return str(self.get("device_id"))

    @property
    def recent_projects(self) -> tuple[RecentProject, ...]:
        """Return the projects of the start page, the last opened first."""
        return read_recent(self.get("last_projects"))

    def remember_project(self, path: str | Path, title: str, *, opened: datetime | None = None) -> None:
        """Put a project first on the start page."""
        when = (opened or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
        entry = to_value(RecentProject(path=str(path), title=title, opened=when))

        def add(old: Any) -> Any:
            others = [project for project in read_recent(old or ()) if project.path != str(path)]
            return [entry, *map(to_value, others[: _RECENT_KEPT - 1])]

        self.change("last_projects", add)

    def forget_project(self, path: str | Path) -> None:
        """Take a project off the start page; its file stays."""
        self.change(
            "last_projects",
            lambda old: [to_value(project) for project in read_recent(old or ()) if project.path != str(path)],
        )

    def position(self, project: str | Path, person: str = "") -> LastPosition:
        """Return where a person was in a project; ``person`` is empty where its people are not named."""
        return read_position(self.get("positions").get(position_key(project, person)))

    def remember_position(self, project: str | Path, position: LastPosition, person: str = "") -> None:
        """Keep where a person is in a project; everybody who works on it has a place of their own."""
        self._put("positions", position_key(project, person), to_value(position))

    def kept_of(self, project: str | Path, setting: str) -> str:
        """Return what is remembered of a project (``last_pages``, ``last_people``); empty for nothing."""
        found = self.get(setting).get(str(project))
        return found if isinstance(found, str) else ""

    def keep_of(self, project: str | Path, setting: str, value: str) -> None:
        """Remember something of a project: the page it was left on, who worked last."""
        self._put(setting, str(project), value)

    def mapping(self, columns: tuple[str, ...]) -> dict[str, str] | None:
        """Return how a file with these columns was read last time (target to column); None when never."""
        found = self.get("import_mappings").get(columns_key(columns))
        return {str(target): str(column) for target, column in found.items()} if isinstance(found, dict) else None

    def remember_mapping(self, columns: tuple[str, ...], mapping: Mapping[str, str]) -> None:
        """Keep how a file with these columns was read."""
        self._put("import_mappings", columns_key(columns), dict(mapping))

    def remember_column_widths(self, table: str, widths: Mapping[str, int]) -> None:
        """Keep how wide the columns of a table are."""
        self._put("column_widths", table, dict(widths))

    def export_settings(self, project: str | Path) -> dict[str, Any]:
        """Return the last export settings of a project; empty when it was never exported here."""
        found = self.get("last_exports").get(str(project))
        return found if isinstance(found, dict) else {}

    def remember_export(self, project: str | Path, settings: Mapping[str, Any]) -> None:
        """Keep the export settings of a project (JSON values)."""
        self._put("last_exports", str(project), dict(settings))

    def _put(self, name: str, key: str, value: Any) -> None:
        """Set one entry of a remembered table, the newest last, and drop the oldest of too many."""

        def put(old: Any) -> Any:
            entries = {k: v for k, v in (old or {}).items() if k != key}
            entries[key] = value
            return dict(list(entries.items())[-_REMEMBERED_KEPT:])

        self.change(name, put)

    def change(self, name: str, change: Callable[[Any], Any]) -> None:
        """Change one value in what is in the file now, which another program may have changed since it was read.

        ``change`` gets the value there, None where there is none that can be. Raises SettingsNotSaved.
        """
        with self._lock:
            try:
                with self._file.alone():
                    found = self._file.read()
                    values = {**(self._values if found is None else found), **self._unsaved}
                    self._values = _changed(values, name, change)
                    self._file.write(self._values)
                self._unsaved.clear()
            except OSError as error:
                self._values = _changed(self._values, name, change)
                self._unsaved[name] = self._values[name]
                raise SettingsNotSaved(self.path, error.strerror or str(error)) from error


def _changed(values: Mapping[str, Any], name: str, change: Callable[[Any], Any]) -> dict[str, Any]:
    old = values.get(name)
    return {**values, name: change(None if old is None or setting(name).fault(old) else old)}
