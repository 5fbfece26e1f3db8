"""Reads the command line, runs one verb, and turns known failures into one sentence and an exit status."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from accord import __version__, bootstrap
from accord.cli import (
    agree,
    bring_home,
    bring_in,
    calibration,
    check,
    connections,
    deidentify,
    dismiss,
    freeze,
    generate,
    judge,
    keep,
    known,
    many,
    packs,
    people,
    recipes,
    settle,
    similar,
    window,
)
from accord.cli.output import Output, use_utf8
from accord.cli.session import Session, Windows
from accord.domain.errors import AccordError, WrongUsage
from accord.domain.wording import _

REFUSED, WRONG_USAGE = 1, 2
Verb = Callable[[Session, argparse.Namespace], int]
_ROOMS = (
    bring_in,
    judge,
    similar,
    agree,
    calibration,
    known,
    check,
    deidentify,
    dismiss,
    settle,
    many,
    generate,
    freeze,
    packs,
    keep,
    people,
    connections,
    recipes,
    bring_home,
    window,
)


def parser() -> argparse.ArgumentParser:
    """Return the parser with every verb."""
    top = argparse.ArgumentParser(
        prog="accord",
        description=_("Turn request/answer pairs into a validated fine-tuning dataset, on your own machine."),
        epilog=_("accord [PROJECT] opens the window. Exit status: 0 done, 1 refused or failed, 2 wrong usage."),
    )
    top.add_argument("--version", action="version", version=f"accord {__version__}")
    verbs = top.add_subparsers(title=_("verbs"), dest="verb", required=True, metavar="VERB")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help=_("print one JSON object to stdout"))
    common.add_argument(
        "--as", dest="actor", default="", metavar="NAME", help=_("who acts (default: the system's user)")
    )
    for room in _ROOMS:
        room.add_verbs(verbs, common)
    return top


def verb_names() -> tuple[str, ...]:
    """Return the names of all verbs."""
    names: list[str] = []
    for room in _ROOMS:
        names += room.VERBS
    return tuple(names)


def run(argv: Sequence[str], windows: Windows) -> int:
    """Run one verb and return the exit status; ``windows`` is how a verb opens one."""
    use_utf8()
    args = parser().parse_args(list(argv))
    services = bootstrap.start()
    out = Output(as_json=args.json)
    session = Session(services=services, windows=windows, who=services.who(args.actor), out=out, named=args.actor)
    verb: Verb = args.run
    try:
        return verb(session, args)
    except WrongUsage as error:
        sys.stderr.write(f"accord: {error}\n")
        return WRONG_USAGE
    except AccordError as error:
        sys.stderr.write(f"accord: {error}\n")
        return REFUSED
    except KeyboardInterrupt:
        sys.stderr.write(_("accord: stopped. What was saved before is kept; the step under way is not.") + "\n")
        return REFUSED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python's own last flush would complain
        return 0
    except OSError as error:
        sentence = _(
            "{path} cannot be used: {reason}. What was saved before is safe.",
            path=error.filename or _("A file"),
            reason=error.strerror or error,
        )
        sys.stderr.write(f"accord: {sentence}\n")
        return REFUSED
    finally:
        services.jobs.shutdown()
