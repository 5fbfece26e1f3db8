"""The seals of a pack file, and the rule that only its reviewer's reviews are written into it, kept at every commit."""

import json
from collections.abc import Iterator

import sqlalchemy as sa

from accord.domain.canonical import canonical_json
from accord.domain.packs import Pack, ReviewsAlone, seal
from accord.storage import schema

_FACTS, _RETURNED = "pack", "pack_returned"
#: What goes out, as far as the outward seal covers it: a later format of the file may add columns.
_GOODS = {
    schema.project_version: ("value",),
    schema.import_run: ("id", "file", "format"),
    schema.example: ("seq", "id", "hash", "content", "origin", "import_id"),
    schema.occurrence: (
        *("seq", "import_id", "line", "context", "source", "source_url", "source_date", "licence", "tags", "metadata"),
        "group_key",
    ),
    schema.revision: ("seq", "parent_hash", "hash", "content", "kind", "of_review", "author", "at"),
    schema.decision: ("seq", "kind", "payload"),
    schema.review: ("seq", "reviewer", "round", "verdict", "base_hash", "result_hash", "judgement", "seconds", "at"),
}
_REVIEW = ("id", *_GOODS[schema.review])
#: Tables in which a pack's reviewer adds nothing.
_OTHERS = (
    *(schema.project_version, schema.import_run, schema.decision, schema.duplicate_run, schema.release),
    *(schema.assignment, schema.calibration, schema.control, schema.signature, schema.pack),
)


def pack_of(connection: sa.Connection) -> Pack | None:
    """Return what a file says of itself as a pack, None where it is none. Raises DamagedText."""
    text = _fact(connection, _FACTS)
    return None if text is None else Pack.from_json(json.loads(text))


def write_facts(connection: sa.Connection, facts: Pack) -> None:
    """Write down that a file is a pack, and seal what reviews it holds so far."""
    _set(connection, _FACTS, canonical_json(facts.to_json()))
    _extend(connection, facts)


def goods(connection: sa.Connection, facts: Pack) -> Iterator[str]:
    """Yield what went out with a pack as canonical lines, in order."""
    yield canonical_json(facts.sealed_facts)
    for table, names in _GOODS.items():
        query = sa.select(*(table.c[name] for name in names)).order_by(*table.primary_key.columns)
        if table in {schema.revision, schema.review}:
            query = query.where(table.c.act == facts.act)
        for row in connection.execute(query):
            yield canonical_json([table.name, *row])


def check_and_seal(connection: sa.Connection, facts: Pack) -> None:
    """Seal the reviews that a unit of work adds to a pack. Raises ReviewsAlone where it adds anything else."""
    revision = schema.revision
    added = [sa.exists().where(table.c.act != facts.act) for table in _OTHERS]
    added.append(sa.exists().where(revision.c.act != facts.act, revision.c.of_review.is_(False)))
    added.append(sa.exists().where(schema.review.c.reviewer != facts.reviewer))
    if connection.execute(sa.select(sa.or_(*added))).scalar():
        raise ReviewsAlone(facts.reviewer)
    _extend(connection, facts)


def returned_seal(connection: sa.Connection) -> str:
    """Return the seal on the reviews that stands in a pack."""
    return _sealed(connection)[1]


def lines_of_reviews(connection: sa.Connection, *, after: int = 0) -> Iterator[str]:
    """Yield the reviews in a pack as canonical lines, in the order in which they were given."""
    table = schema.review
    columns = [table.c[name] for name in _REVIEW]
    for row in connection.execute(sa.select(*columns).where(table.c.id > after).order_by(table.c.id)):
        yield canonical_json(list(row))


def _extend(connection: sa.Connection, facts: Pack) -> None:
    last, before = _sealed(connection)
    newest = connection.execute(sa.select(sa.func.max(schema.review.c.id))).scalar() or 0
    if newest > last or not before:
        found = seal(facts.key, lines_of_reviews(connection, after=last), before=before)
        _set(connection, _RETURNED, canonical_json([newest, found]))


def _sealed(connection: sa.Connection) -> tuple[int, str]:
    """Return up to which review a pack is sealed, and the seal; nothing where somebody wrote past the program."""
    try:
        last, found = json.loads(_fact(connection, _RETURNED) or '[0,""]')
        return int(last), str(found)
    except (ValueError, TypeError):
        return 0, ""


def _fact(connection: sa.Connection, key: str) -> str | None:
    row = connection.execute(sa.select(schema.meta.c.value).where(schema.meta.c.key == key)).first()
    return None if row is None else str(row[0])


def _set(connection: sa.Connection, key: str, value: str) -> None:
    connection.execute(sa.delete(schema.meta).where(schema.meta.c.key == key))
    connection.execute(sa.insert(schema.meta).values(key=key, value=value))
