"""Picks the window or the command line: a first word that is a verb is a verb."""

import os
import sys
from pathlib import Path

from accord.bootstrap import Services
from accord.domain.wording import _


def main() -> int:
    """Run Accord and return the exit status."""
    from accord.cli import main as command_line
    from accord.cli.session import Windows

    argv = sys.argv[1:]
    if argv and (argv[0].startswith("-") or argv[0] in command_line.verb_names()):
        return command_line.run(argv, Windows(project=_open_window, gallery=_open_gallery))
    if argv and not _like_a_project(argv[0]):
        sys.stderr.write(_("accord: “{word}” is neither a verb nor a project. See accord --help.", word=argv[0]) + "\n")
        return 2
    if len(argv) > 1:
        sys.stderr.write(_("accord: the window opens one project. See accord --help.") + "\n")
        return 2
    from accord import bootstrap

    return _open_window(bootstrap.start(), _place(argv[0]) if argv else None)


def _like_a_project(word: str) -> bool:
    """Say whether a first word is meant as a file or an address: it is one, or it is written like one."""
    path_like = word.endswith(".accord") or "/" in word or os.sep in word
    return path_like or os.path.lexists(word)


def _place(word: str) -> Path | str:
    """Return a file as a path and the address of a server as it is: a path would lose one of its slashes."""
    return word if "://" in word else Path(word)


def _has_display() -> bool:
    """Say whether a window can be opened; Qt itself would end the whole process with an abort where it cannot."""
    if sys.platform in {"win32", "darwin"}:
        return True
    platform = os.environ.get("QT_QPA_PLATFORM", "").split(":", maxsplit=1)[0].split(";", maxsplit=1)[0]
    if platform and not platform.startswith(("xcb", "wayland")):
        return True  # offscreen and the like need none
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _refuse_without_display() -> bool:
    if _has_display():
        return False
    sys.stderr.write(
        _("accord: there is no display to open a window on. Use a verb (accord --help), or set DISPLAY.") + "\n"
    )
    return True


def _open_window(services: Services, path: Path | str | None) -> int:
    if _refuse_without_display():
        return 1
    from accord.gui.app import run  # Qt stays out of every verb that opens no window

    return run(services, path)


def _open_gallery() -> int:
    if _refuse_without_display():
        return 1
    from accord.gui.gallery import run

    return run()


if __name__ == "__main__":
    sys.exit(main())
