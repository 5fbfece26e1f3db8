"""What was fetched of a hosted service before it takes it off: kept byte for byte, in parts, and listed."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import sqlalchemy as sa

from accord.storage import events, schema
from accord.storage.inserting import insert_many
from accord.storage.project import Unit, View

_PART = 48 * 1024  # bytes; a move between databases holds some hundreds of them at once
_PARTS_AT_ONCE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRecord:
    """One thing as it was fetched. ``kind``: what the service calls it; ``name``: by which the service knows it.

    ``kept``: its bytes are here; False once a person had them deleted for good.
    """

    id: int
    host: str
    kind: str
    name: str
    sha256: str
    bytes: int
    author: str
    at: str
    kept: bool = True


def keep(unit: Unit, *, host: str, kind: str, name: str, content: BinaryIO) -> int:
    """Keep all bytes of a file and return the record's id; that of an earlier one where those are kept already."""
    total, size = hashlib.sha256(), 0
    content.seek(0)
    while part := content.read(_PART):
        total.update(part)
        size += len(part)
    for known in listed(unit):
        if known.kept and (known.host, known.kind, known.name, known.sha256) == (host, kind, name, total.hexdigest()):
            return known.id
    table = schema.service_record
    said = {"host": host, "kind": kind, "name": name, "sha256": total.hexdigest(), "bytes": size}
    made = {"author": unit.actor, "act": unit.act, "at": unit.at}
    record_id = int(unit.connection.execute(sa.insert(table).values(**said, **made).returning(table.c.id)).scalar_one())
    content.seek(0)
    for first, parts in _parts(content):
        rows = [(record_id, first + n, base64.b64encode(part).decode()) for n, part in enumerate(parts)]
        insert_many(unit, schema.service_part, ("record_id", "number", "content"), rows)
    events.append(unit, "fetch", {"record": record_id, "kind": kind, "sha256": total.hexdigest(), "bytes": size})
    return record_id


def _parts(content: BinaryIO) -> Iterator[tuple[int, list[bytes]]]:
    """Yield some parts at a time and the number of the first; one that is empty where there is nothing at all."""
    first = 1
    while parts := [part for _n in range(_PARTS_AT_ONCE) if (part := content.read(_PART))] or [b""][: first == 1]:
        yield first, parts
        first += len(parts)


def listed(view: View) -> list[ServiceRecord]:
    """Return what was fetched, oldest first."""
    table, part = schema.service_record, schema.service_part
    kept = sa.exists().where(part.c.record_id == table.c.id, part.c.number == 1)
    columns = [table.c[name] for name in ServiceRecord.__dataclass_fields__ if name != "kept"]
    rows = view.connection.execute(sa.select(*columns, kept.label("kept")).order_by(table.c.id))
    return [ServiceRecord(**{**row._mapping, "kept": bool(row.kept)}) for row in rows]  # noqa: SLF001  (SQLAlchemy's public name for it)


def holding(view: View, seq: int) -> list[ServiceRecord]:
    """Return the kept records whose bytes are a file that an example was found in."""
    found, run = schema.occurrence, schema.import_run
    query = sa.select(run.c.sha256).join(found, found.c.import_id == run.c.id).where(found.c.seq == seq)
    hashes = set(view.connection.execute(query).scalars())
    return [record for record in listed(view) if record.kept and record.sha256 in hashes]


def content(view: View, record_id: int) -> Iterator[bytes]:
    """Yield the bytes of a record, a part at a time; nothing where they were deleted for good."""
    table = schema.service_part
    query = sa.select(table.c.number, table.c.content).where(table.c.record_id == record_id).order_by(table.c.number)
    after = 0
    while rows := view.connection.execute(query.where(table.c.number > after).limit(_PARTS_AT_ONCE)).all():
        for row in rows:
            yield base64.b64decode(row.content)
        after = rows[-1].number


def forget(unit: Unit, record_id: int) -> None:
    """Delete the bytes of a record for good; that it was fetched, with which hash, stays listed."""
    if unit.connection.dialect.name == "sqlite":
        unit.connection.exec_driver_sql("PRAGMA secure_delete=ON")
    table = schema.service_part
    unit.connection.execute(sa.delete(table).where(table.c.record_id == record_id))
    events.append(unit, "forget_record", {"record": record_id})
