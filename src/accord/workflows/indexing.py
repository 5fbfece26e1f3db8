"""Making what came in findable by its words, in short units of work, so that nobody who saves has to wait."""

import time

from accord.domain.ledger import Who
from accord.domain.progress import Progress, Silent
from accord.storage import search
from accord.storage.project import Project

SMALL = 2_000
"""So many new examples are indexed before their import returns; more wait for ``catch_up``."""

_PROGRAM = Who(actor="accord")
_FIRST, _FEWEST, _MOST = 200, 50, 5_000
_UNIT_SECONDS = 0.1


def waiting(*, project: Project) -> int:
    """Return how many examples the search index has not taken up yet. They are found all the same, only slower."""
    with project.read() as view:
        return search.waiting(view)


def catch_up(*, project: Project, progress: Progress | None = None) -> int:
    """Index all that waits; return how many examples that was. Raises Cancelled; what was indexed then stays so."""
    watch = progress or Silent()
    total, done, size = waiting(project=project), 0, _FIRST
    while total:
        watch.check()
        started = time.monotonic()
        with project.write(_PROGRAM, lasting=False) as unit:
            found = search.index_next(unit, size)
            unit.commit()
        done += found
        if found < size:
            return done
        watch.report(done, max(total, done))
        spent = max(time.monotonic() - started, 0.001)
        size = max(_FEWEST, min(_MOST, int(size * _UNIT_SECONDS / spent), size * 2))
    return 0


def catch_up_if_small(*, project: Project) -> None:
    """Index what waits where that takes no longer than a moment."""
    if 0 < waiting(project=project) <= SMALL:
        catch_up(project=project)
