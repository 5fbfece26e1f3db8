"""Verdicts that stand in imported rows: those of new examples are worked out while nobody sees these yet."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from accord.domain.content import Content
from accord.domain.records import ReadyRow
from accord.domain.review import Review
from accord.storage import reviews, schema, search, states
from accord.storage.inserting import known_examples
from accord.storage.project import Unit, View


class Prepared(NamedTuple):
    """What is left to be stored of the verdicts on new examples once their import is made visible."""

    rows: reviews.Rows
    edited: tuple[tuple[int, str, str], ...] = ()
    """Example, text as imported, text that stands."""

    @property
    def people(self) -> list[str]:
        """Whose the verdicts are, one by one."""
        return [row[1] for row in self.rows.reviews]


def known(view: View, rows: Sequence[ReadyRow]) -> Collection[str]:
    """Return which of the examples that these rows judge are there already; to be asked before they are stored."""
    return known_examples(view, [row.id for row in rows if row.verdicts]).keys()


def prepare(unit: Unit, import_id: int, rows: Sequence[ReadyRow], known: Collection[str]) -> tuple[Prepared, set[int]]:
    """Work out the verdicts on the new examples among stored rows, and give these examples the states they lead to.

    Also returns the places of the rows whose verdicts these are. A row of an example that was ``known``, also from a
    row before it, or that has two verdicts of one person, is left to ``reviews.append_unsaid``.
    """
    if not any(row.verdicts for row in rows):
        return Prepared(reviews.Rows()), set()
    first: dict[str, int] = {}
    for place, row in enumerate(rows):
        first.setdefault(row.id, place)
    mine = {id_: place for id_, place in first.items() if id_ not in known and _of_different_people(rows[place])}
    numbers, at = known_examples(unit, list(mine)), begun(unit, import_id)
    judged: list[reviews.Judged] = []
    changed: list[states.Judged] = []
    edited: list[tuple[int, str, str]] = []
    for id_, place in mine.items():
        row, seq = rows[place], numbers[id_]
        text = Content.from_text(row.text)
        own = [(seq, given.judgement_of(text, row.tags), text, given.reviewer) for given in row.verdicts]
        judged += own
        change = states.judged(seq, text, row.tags, [_review(n, one, at) for n, one in enumerate(own)], _texts(own))
        changed.append(change)
        if change.current.hash != text.hash:
            edited.append((seq, text.text, change.current.text))
    states.write_judged(unit, changed)
    return Prepared(reviews.rows_of(judged), tuple(edited)), set(mine.values())


def _of_different_people(row: ReadyRow) -> bool:
    people = {given.reviewer for given in row.verdicts}
    return 0 < len(people) == len(row.verdicts)


def _texts(own: Sequence[reviews.Judged]) -> Mapping[str, Content]:
    """Return the texts that verdicts lead to, by hash."""
    return {text.hash: text for text in (reviews.result_of(judgement, base) for _seq, judgement, base, _who in own)}


def _review(place: int, one: reviews.Judged, at: str) -> Review:
    _seq, judgement, base, reviewer = one
    return Review(
        id=place,
        reviewer=reviewer,
        round=1,
        verdict=judgement.verdict,
        base_hash=base.hash,
        result_hash=reviews.result_of(judgement, base).hash,
        judgement=judgement,
        at=at,
    )


def begun(view: View, import_id: int) -> str:
    """Return when an import began: the time that its verdicts on new examples bear."""
    run = schema.import_run
    return str(view.connection.execute(sa.select(run.c.at).where(run.c.id == import_id)).scalar())


def store(unit: Unit, prepared: Prepared, *, at: str) -> None:
    """Store what was prepared, in the unit of work that makes the import visible."""
    reviews.insert(unit, prepared.rows, at=at)
    for seq, imported, standing in prepared.edited:
        search.index(unit, seq, [Content.from_text(imported), Content.from_text(standing)])
