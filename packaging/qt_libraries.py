"""The system libraries that Qt needs and no Python package brings: found by trying, installed where that is allowed."""

from __future__ import annotations  # this file also runs on Python 3.9, to say that a newer one is needed

import os
import shutil
import subprocess
from pathlib import Path

import environment

# Measured on a bare Debian 12; enough for offscreen, and then for a real window through xcb.
OFFSCREEN = ("libgl1", "libegl1", "libxkbcommon0", "libfontconfig1", "libdbus-1-3", "libglib2.0-0", "libbrotli1")
WINDOW = (
    "libxkbcommon-x11-0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-xkb1",
    "libxcb-render-util0",
    "libxcb-image0",
    "libxcb-randr0",
    "libxcb-shape0",
    "libxcb-sync1",
    "libxcb-xfixes0",
    "libx11-xcb1",
)
PROGRAMS = {"Xvfb": "xvfb", "objdump": "binutils", "dpkg-deb": "dpkg"}

_TRY = "from PySide6.QtWidgets import QApplication; QApplication([])"
_PLUGIN = "import PySide6, pathlib; print(pathlib.Path(PySide6.__file__).parent / 'Qt/plugins/platforms/libqxcb.so')"


def ensure(python: Path, *, window: bool, programs: tuple[str, ...] = ()) -> bool:
    """Say whether Qt can start, after having installed what was missing where that is allowed.

    ``window``: a real window too, not only drawing off the screen. ``programs`` are wanted beside it.
    """
    packages = missing(python, window=window, programs=programs)
    if not packages:
        return True
    if not environment.install_packages(packages, "Something that Qt needs is missing here."):
        return False
    still = missing(python, window=window, programs=programs)
    if still:
        environment.say(f"Qt still does not start. Looked for: {' '.join(still)}")
    return not still


def missing(python: Path, *, window: bool, programs: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the packages to install; none when everything works."""
    packages: list[str] = []
    if not starts(python):
        packages += OFFSCREEN
    if window and not plugin_is_complete(python):
        packages += WINDOW
    packages += [PROGRAMS[program] for program in programs if shutil.which(program) is None]
    return tuple(packages)


def starts(python: Path) -> bool:
    """Say whether a Qt application starts without a screen; a missing library ends the process that tries."""
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run([str(python), "-c", _TRY], env=surroundings, capture_output=True, check=False).returncode == 0


def plugin_is_complete(python: Path) -> bool:
    """Say whether every library of the xcb plugin is there. Qt's own message blames the wrong one."""
    if os.name == "nt" or shutil.which("ldd") is None:
        return True
    where = subprocess.run([str(python), "-c", _PLUGIN], capture_output=True, text=True, check=False).stdout.strip()
    listed = subprocess.run(["ldd", where], capture_output=True, text=True, check=False).stdout
    return bool(where) and "not found" not in listed
