"""What stands inside a row: its columns, and inside those its lists and objects, each value with its JSON pointer."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from accord.workflows.import_looks import FileShape

POINTER = "/"
_FLAT = frozenset({"csv", "xlsx"})
_MOST_CHILDREN = 60
_CUT_FROM = 1000  # characters from which the cells of a sample are cut
_COMMA = re.compile(r"\s*,\s*")
_LONGEST_ESCAPE = 13  # characters of a pair of surrogates in escapes, and one more


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A value: its key, its own text where it is one, and what it holds. ``place``: a column's name, or a pointer.

    ``left``: how many children more there are than are listed.
    """

    key: str
    place: str
    text: str
    children: tuple["Node", ...] = ()
    left: int = 0
    is_list: bool = False


def nodes(shape: FileShape, position: int) -> tuple[Node, ...]:
    """Return the columns of a sample row as a tree; none where there is no such row."""
    if not 0 <= position < len(shape.sample):
        return ()
    cells = shape.sample[position]
    names = [name for name in shape.columns if not _is_inner(shape, name)]
    if shape.container in _FLAT:
        return tuple(Node(key=name, place=name, text=cells.get(name, "")) for name in names)
    return tuple(_column(name, cells.get(name, "")) for name in names)


def values_at(shape: FileShape, place: str) -> list[str]:
    """Return the texts that stand at a column or a pointer in the sample rows, empty ones left out."""
    found = []
    for position, cells in enumerate(shape.sample):
        text = cells[place] if place in cells else _text_at(nodes(shape, position), place)
        if text.strip():
            found.append(text)
    return found


def readable_place(place: str) -> str:
    """Return a place as people read it: ``instances / 0 / input`` for a pointer."""
    if not place.startswith(POINTER):
        return place
    return " / ".join(_unescaped(part) for part in place[1:].split(POINTER))


def _is_inner(shape: FileShape, name: str) -> bool:
    """Whether a listed column is a pointer into another one, which the tree shows where it stands."""
    return name.startswith(POINTER) and _unescaped(name[1:].split(POINTER, maxsplit=1)[0]) in shape.columns


def _column(name: str, text: str) -> Node:
    value = _parsed(text)
    if value is None:
        return Node(key=name, place=name, text=text)
    inner = _node(name, POINTER + _escaped(name), value)
    return Node(
        key=name, place=name, text=text, children=inner.children, left=inner.left, is_list=isinstance(value, list)
    )


def _parsed(text: str) -> list[object] | dict[str, object] | None:
    """Return the list or object that a cell's text is; None for any other text."""
    if not text.startswith(("{", "[")):
        return None
    try:
        value = json.loads(text)
    except ValueError:
        return _beginning(text)
    except RecursionError:
        return None
    return value if isinstance(value, list | dict) and value else None


def _beginning(text: str) -> list[object] | None:
    """Return the first items of a list whose text was cut, as long texts of a sample are; the last one may be cut."""
    if not text.startswith("[") or len(text) < _CUT_FROM:
        return None
    read, at, items = json.JSONDecoder(), 1, list[object]()
    try:
        while at < len(text):
            item, at = read.raw_decode(text, at)
            items.append(item)
            comma = _COMMA.match(text, at)
            if comma is None:
                return items if at >= len(text) else None
            at = comma.end()
    except (ValueError, RecursionError):
        last = text[at:]
        if last.startswith('"'):
            items.append(_unfinished(last))
    return items or None


def _unfinished(text: str) -> str:
    """Return the text of a JSON string without its end, as far as it goes."""
    for cut in range(_LONGEST_ESCAPE):
        try:
            return str(json.loads(text[: len(text) - cut] + '"'))
        except ValueError:
            continue
    return text


def _node(key: str, place: str, value: object) -> Node:
    items: list[tuple[str, object]] = []
    if isinstance(value, Mapping):
        items = [(str(name), inner) for name, inner in value.items()]
    elif isinstance(value, list):
        items = [(str(number), inner) for number, inner in enumerate(value)]
    children = tuple(_node(name, f"{place}{POINTER}{_escaped(name)}", inner) for name, inner in items[:_MOST_CHILDREN])
    return Node(
        key=key,
        place=place,
        text="" if items else _as_text(value),
        children=children,
        left=max(0, len(items) - _MOST_CHILDREN),
        is_list=isinstance(value, list),
    )


def _as_text(value: object) -> str:
    if value is None or (isinstance(value, list | dict) and not value):
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _text_at(among: tuple[Node, ...], place: str) -> str:
    """Return the text at a pointer, by the nodes on the way to it."""
    for node in among:
        if node.place == place:
            return node.text
        way = POINTER + _escaped(node.key) if not node.place.startswith(POINTER) else node.place
        if place.startswith(way + POINTER):
            return _text_at(node.children, place)
    return ""


def _escaped(key: str) -> str:
    """Return a key as a JSON pointer writes it (RFC 6901)."""
    return key.replace("~", "~0").replace(POINTER, "~1")


def _unescaped(part: str) -> str:
    return part.replace("~1", POINTER).replace("~0", "~")
