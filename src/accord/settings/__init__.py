"""Settings: each declared once, and the file of this machine that keeps their values."""

from accord.settings.connections import EVERY_MODEL, SavedConnection
from accord.settings.declared import MACHINE_SETTINGS, Option, Setting, setting
from accord.settings.file import DamagedSettings
from accord.settings.kept import LastPosition, RecentProject
from accord.settings.machine import (
    BadSetting,
    MachineSettings,
    SettingsNotSaved,
    config_folder,
)

__all__ = [
    "EVERY_MODEL",
    "MACHINE_SETTINGS",
    "BadSetting",
    "DamagedSettings",
    "LastPosition",
    "MachineSettings",
    "Option",
    "RecentProject",
    "SavedConnection",
    "Setting",
    "SettingsNotSaved",
    "config_folder",
    "setting",
]
