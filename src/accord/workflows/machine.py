"""What this machine has, for ``doctor``."""

import shutil
import subprocess
import sys
from typing import Any

from accord.domain import extras
from accord.domain.extras import Extra
from accord.domain.keys import Keys
from accord.domain.wording import _
from accord.storage import sqlite

_FONTS_SECONDS = 20


def sqlite_check() -> dict[str, Any]:
    """Say which SQLite is in use and whether its write-ahead log is safe."""
    return {"ok": True, "detail": sqlite.platform_note()}


def fonts_check() -> dict[str, Any]:
    """Say for which scripts no font is installed: their texts are kept, but are shown as boxes."""
    languages = _font_languages()
    if languages is None:
        return {"ok": True, "detail": _("fonts of the system")}
    scripts = {
        "ar": _("Arabic"),
        "he": _("Hebrew"),
        "hi": _("Devanagari"),
        "ja": _("Japanese"),
        "ko": _("Korean"),
        "th": _("Thai"),
        "zh-cn": _("Chinese"),
    }
    missing = [name for code, name in scripts.items() if code not in languages]
    if not missing:
        return {"ok": True, "detail": _("Arabic, Hebrew, Devanagari, Japanese, Korean, Thai and Chinese can be shown")}
    detail = _(
        "no font for {names}: such texts are kept as they are but shown as boxes. Install fonts-noto-cjk and "
        "fonts-noto-core (Debian, Ubuntu), or the Noto fonts.",
        names=", ".join(missing),
    )
    return {"ok": True, "detail": detail}


def extra_check(extra: Extra) -> dict[str, Any]:
    """Say whether the packages of an extra are there; without them the program works, and finds less."""
    if missing := extras.missing(extra):
        packages = ", ".join(missing)
        said = _(
            "not installed: {packages}. {adds} {how}", packages=packages, adds=extras.adds(extra), how=extras.how(extra)
        )
        return {"ok": True, "detail": said}
    return {"ok": True, "detail": _("installed")}


def keyring_check(keys: Keys) -> dict[str, Any]:
    """Say whether keys of services outlast the program; without a keyring it works, and asks each time."""
    without = keys.without_keyring()
    if not without:
        return {"ok": True, "detail": _("keys of services are kept by the system's keyring")}
    return {
        "ok": True,
        "detail": without
        + " "
        + _("A desktop brings one (GNOME Keyring, KWallet); elsewhere a key can stand in the environment."),
    }


def _font_languages() -> frozenset[str] | None:
    """Return the languages that the installed fonts cover; None where the system brings its own or cannot tell."""
    program = shutil.which("fc-list")
    if program is None or sys.platform in {"win32", "darwin"}:
        return None
    try:
        done = subprocess.run(  # noqa: S603  (a fixed program and fixed words)
            [program, ":", "lang"], capture_output=True, timeout=_FONTS_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    lines = done.stdout.decode("ascii", "ignore").splitlines()
    return frozenset(code for line in lines for code in line.removeprefix(":lang=").split("|"))
