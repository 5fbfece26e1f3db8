"""Once an example no longer waits for verdicts: its row on a team's server is derived anew from all of them."""

from accord.domain.ledger import Who
from accord.storage import acts, blindness, states
from accord.storage.project import Project
from accord.workflows import conflicts


def settle(*, project: Project, who: Who) -> None:
    """Derive the rows of examples whose last verdict has been stored, whoever gave it; elsewhere that is done at once.

    On a server nobody but a lead is shown the others' verdicts before her own are committed (``blindness``), and so who
    gives the last one derives what comes of them in a transaction of its own, after each act that may end a waiting.
    Where a crash comes between, whoever opens the project next does it.
    """
    if project.file is not None or project.person is None:
        return
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
