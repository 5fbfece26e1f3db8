"""Signatures under releases: rows that are only ever added, and the verifiers of the phrases that people sign with."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from accord.domain.signatures import Signature, SignatureState
from accord.storage import schema
from accord.storage.project import Unit, View

_SIGN, _WITHDRAW = "sign", "withdraw"


def of_release(view: View, release: str) -> list[Signature]:
    """Return all signatures under a release, oldest first; of one person the newest alone is in force, if it is.

    Whether one is void is not asked here: that takes the release's rows.
    """
    table = schema.signature
    rows = view.connection.execute(
        sa.select(table)
        .join(schema.release, schema.release.c.id == table.c.release_id)
        .where(schema.release.c.name == release)
        .order_by(table.c.id)
    )
    found: list[Signature] = []
    in_force: dict[str, int] = {}
    for row in rows:
        signs = row.kind == _SIGN
        before = in_force.pop(row.author, None)
        if before is not None:
            became = SignatureState.REPLACED if signs else SignatureState.WITHDRAWN
            found[before] = replace(found[before], state=became)
        if signs:
            in_force[row.author] = len(found)
            found.append(_signature(row, release))
    return found


def _signature(row: Any, release: str) -> Signature:
    return Signature(
        id=row.id,
        release=release,
        name=row.name,
        credential=row.credential,
        statement=row.statement,
        hash=row.hash,
        author=row.author,
        at=row.at,
        state=SignatureState.HOLDS,
    )


def sign(unit: Unit, release: str, *, name: str, credential: str, statement: str, hash_: str) -> int:
    """Append the signature of whoever acts. Returns its id."""
    return _append(unit, release, _SIGN, name=name, credential=credential, statement=statement, hash=hash_)


def withdraw(unit: Unit, given: Signature) -> int:
    """Append that whoever acts takes her signature back. Returns the id of that row."""
    return _append(unit, given.release, _WITHDRAW, name=given.name, credential="", statement="", hash=given.hash)


def _append(unit: Unit, release: str, kind: str, **values: str) -> int:
    release_id = unit.connection.execute(
        sa.select(schema.release.c.id).where(schema.release.c.name == release)
    ).scalar_one()
    result = unit.connection.execute(
        sa.insert(schema.signature).values(
            release_id=release_id, kind=kind, author=unit.actor, act=unit.act, at=unit.at, **values
        )
    )
    return int(result.inserted_primary_key[0])  # type: ignore[index]  # one row was inserted


def phrase_of(view: View, name: str) -> str:
    """Return the verifier of a person's phrase; empty where she has none, or is not known."""
    table = schema.person
    found = view.connection.execute(sa.select(table.c.phrase).where(table.c.name == name, table.c.active)).scalar()
    return str(found or "")


def keep_phrase(unit: Unit, name: str, verifier: str) -> None:
    """Keep the verifier of a person's phrase."""
    table = schema.person
    unit.connection.execute(sa.update(table).where(table.c.name == name).values(phrase=verifier))
