"""The versions of a project's own decisions (answer kind, tags, guideline, rules); the newest one counts."""

import json
from collections.abc import Collection

import sqlalchemy as sa

from accord.domain.canonical import canonical_json
from accord.domain.moments import in_utc
from accord.domain.project import ProjectSettings
from accord.storage import schema
from accord.storage.project import Unit, View


def current(view: View) -> ProjectSettings:
    """Return the newest settings, or the defaults."""
    table = schema.project_version
    row = view.connection.execute(sa.select(table.c.value).order_by(table.c.id.desc()).limit(1)).first()
    return ProjectSettings() if row is None else ProjectSettings.from_json(json.loads(row[0]))


def version(view: View) -> int:
    """Return how many versions there have been."""
    return int(view.connection.execute(sa.select(sa.func.count()).select_from(schema.project_version)).scalar() or 0)


def append(unit: Unit, settings: ProjectSettings) -> None:
    """Append a new version."""
    unit.connection.execute(
        sa.insert(schema.project_version).values(
            at=unit.at, author=unit.actor, act=unit.act, value=canonical_json(settings.to_json())
        )
    )


def before(view: View, act: str, taken_back: Collection[str]) -> ProjectSettings | None:
    """Return the settings that an act replaced; None where another act, not ``taken_back``, has replaced its own."""
    table = schema.project_version
    rows = view.connection.execute(sa.select(table.c.act, table.c.value).order_by(table.c.id)).all()
    place = next((number for number, row in enumerate(rows) if row.act == act), None)
    if place is None or any(row.act not in taken_back for row in rows[place + 1 :]):
        return None
    return ProjectSettings.from_json(json.loads(rows[place - 1].value)) if place else ProjectSettings()


def guideline_versions(view: View) -> int:
    """Return how many different guidelines there have been one after the other, 0 for none."""
    return len(guideline_starts(view))


def guidelines(view: View) -> list[str]:
    """Return the different guidelines one after the other, version 1 first."""
    found, before = [], ""
    table = schema.project_version
    for value in view.connection.execute(sa.select(table.c.value).order_by(table.c.id)).scalars():
        text = str(json.loads(value).get("guideline", ""))
        if text != before:
            found.append(text)
        before = text
    return found


def guideline_starts(view: View) -> list[str]:
    """Return the moment, in UTC, from which each version of the guideline was in force, the first one first."""
    found, before = [], ""
    table = schema.project_version
    for at, value in view.connection.execute(sa.select(table.c.at, table.c.value).order_by(table.c.id)):
        text = str(json.loads(value).get("guideline", ""))
        if text != before:
            found.append(in_utc(at))
        before = text
    return found


def history(view: View) -> list[tuple[str, str, ProjectSettings]]:
    """Return every version with its moment, in UTC, and its author, the first one first."""
    table = schema.project_version
    rows = view.connection.execute(sa.select(table.c.at, table.c.author, table.c.value).order_by(table.c.id))
    return [(in_utc(row.at), row.author, ProjectSettings.from_json(json.loads(row.value))) for row in rows]
