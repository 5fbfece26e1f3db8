"""Once an example no longer waits for verdicts: its row on a team's server is derived anew from all of them."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from accord.domain.errors import NotReached, SavedUnread
from accord.domain.ledger import Who
from accord.storage import acts, blindness, states
from accord.storage.project import Project, View
from accord.workflows import conflicts

_T = TypeVar("_T")
_PAUSES = (0.0, 0.1, 0.5, 2.0)  # seconds before each question


def settle(*, project: Project, who: Who) -> None:
    """Derive the rows of examples whose last verdict has been stored, whoever gave it; elsewhere that is done at once.

    On a server nobody but a lead is shown the others' verdicts before her own are committed (``blindness``), and so who
    gives the last one derives what comes of them in a transaction of its own, after each act that may end a waiting.
    Where a crash or a broken connection comes between, whoever acts or opens the project next does it: an act that is
    saved is not told as lost.
    """
    if project.file is None and project.person is not None:
        with suppress(NotReached):
            _settle(project, who)


def read_after(project: Project, read: Callable[[View], _T]) -> _T:
    """Read what came of an act that is saved, again where the connection breaks.

    Raises SavedUnread where the server does not answer any more.
    """
    for pause in _PAUSES:
        time.sleep(pause)
        with suppress(NotReached), project.read() as view:
            return read(view)
    raise SavedUnread


def _settle(project: Project, who: Who) -> None:
    with project.read() as view:
        due = blindness.due(view.connection)
    if not due:
        return
    with project.write(who) as unit:
        due = blindness.due(unit.connection)
        before = acts.keys_of(unit, due)
        states.refresh(unit, due)
        conflicts.refresh(unit, before | acts.keys_of(unit, due))
        unit.commit()
