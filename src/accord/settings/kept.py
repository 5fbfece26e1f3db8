"""The shapes of what is remembered between two starts, and their way to JSON and back."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentProject:
    """A project on the start page. ``opened`` is ISO 8601 in UTC, of the last time it was opened."""

    path: str
    title: str
    opened: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LastPosition:
    """Where a person was in a project: the example, the filter that led there, and the cursor in the open text."""

    example_id: str = ""
    filter: str = ""
    cursor: int = 0


def to_value(record: RecentProject | LastPosition) -> dict[str, Any]:
    """Return plain JSON values."""
    return asdict(record)


def read_recent(values: Iterable[Any]) -> tuple[RecentProject, ...]:
    """Read what ``to_value`` wrote; an entry that is not one is left out."""
    names = ("path", "title", "opened")
    return tuple(
        RecentProject(**{name: value[name] for name in names})
        for value in values
        if isinstance(value, Mapping) and all(isinstance(value.get(name), str) for name in names)
    )


def read_position(value: object) -> LastPosition:
    """Read what ``to_value`` wrote; anything else is the start of the project."""
    if not isinstance(value, Mapping):
        return LastPosition()
    example_id, filter_text, cursor = value.get("example_id"), value.get("filter"), value.get("cursor")
    return LastPosition(
        example_id=example_id if isinstance(example_id, str) else "",
        filter=filter_text if isinstance(filter_text, str) else "",
        cursor=cursor if isinstance(cursor, int) and cursor >= 0 else 0,
    )


def position_key(project: object, person: str) -> str:
    """Return the key under which a person's place in a project is kept; of nobody who is named, the project's own."""
    return f"{project}\n{person}" if person else str(project)


def columns_key(columns: Iterable[str]) -> str:
    """Return the key under which a mapping for these columns is kept, whatever their order."""
    return "\n".join(sorted(columns))
