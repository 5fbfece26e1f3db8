"""What an adjudicator has entered and not decided: kept in the project as what a reviewer types is, for herself."""

from collections.abc import Mapping
from typing import Any

from accord.domain.errors import NotFound
from accord.domain.ledger import Who
from accord.domain.wording import _
from accord.storage import drafts, listing
from accord.storage.project import Project


def save(*, project: Project, who: Who, example_id: str, value: Mapping[str, Any] | None) -> None:
    """Keep what was entered so far for an example (None forgets it); it never counts as a decision. Raises NotFound."""
    with project.write(who) as unit:
        seq = listing.seq_of(unit, example_id)
        if seq is None:
            raise NotFound(_("example"), example_id)
        drafts.save_decision(unit, seq, who.actor, value)
        unit.commit()


def kept(*, project: Project, person: str) -> dict[str, dict[str, Any]]:
    """Return what a person has entered and not decided, by the ids of the examples."""
    with project.read() as view:
        return drafts.decisions_of(view, person)
