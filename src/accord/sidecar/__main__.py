"""``python -m accord.sidecar WORK RUNDIR``: reads the spec of a run folder, works, and tells of it on stdout."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from accord.sidecar import embed
from accord.sidecar.events import Events
from accord.sidecar.life import end_with_parent, stay_offline
from accord.sidecar.spec import BadSpec, read_spec

WORKS: Mapping[str, Callable[[Path, Events], None]] = {"embed": embed.run}
WRONG_USAGE = 2


def main(argv: list[str]) -> int:
    """Run one work and return the exit status; the last line of stderr says what went wrong."""
    if len(argv) != 2 or argv[0] not in WORKS:  # noqa: PLR2004  (the work and its folder)
        sys.stderr.write(f"usage: python -m accord.sidecar {'|'.join(WORKS)} RUNDIR\n")
        return WRONG_USAGE
    events = Events.on_stdout()
    run_dir = Path(argv[1])
    try:
        spec = read_spec(run_dir)
        end_with_parent(run_dir, temporary=bool(spec.get("temporary")))
        stay_offline(threads=int(spec.get("threads", 0)))
        with events.beating():
            WORKS[argv[0]](run_dir, events)
    except (BadSpec, OSError, ValueError, RuntimeError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
