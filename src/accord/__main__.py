"""Picks the window or the command line: a first word that is a verb is a verb."""

import sys
from pathlib import Path


def main() -> int:
    """Run Accord and return the exit status."""
    from accord.cli import main as command_line

    argv = sys.argv[1:]
    if argv and (argv[0].startswith("-") or argv[0] in command_line.verb_names()):
        return command_line.run(argv)
    if len(argv) > 1:
        sys.stderr.write(f"accord: “{argv[0]}” is not a verb. See accord --help.\n")
        return 2
    from accord import bootstrap
    from accord.gui.app import run

    return run(bootstrap.start(), Path(argv[0]) if argv else None)


if __name__ == "__main__":
    sys.exit(main())
