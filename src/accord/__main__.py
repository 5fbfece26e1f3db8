"""Picks the window or the command line: a first word that is a verb is a verb."""

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
    if len(argv) > 1:
        sys.stderr.write(_("accord: “{word}” is not a verb. See accord --help.", word=argv[0]) + "\n")
        return 2
    from accord import bootstrap

    return _open_window(bootstrap.start(), Path(argv[0]) if argv else None)


def _open_window(services: Services, path: Path | None) -> int:
    from accord.gui.app import run  # Qt stays out of every verb that opens no window

    return run(services, path)


def _open_gallery() -> int:
    from accord.gui.gallery import run

    return run()


if __name__ == "__main__":
    sys.exit(main())
