"""An XML element as it was read, and its text where marks stand inside: words that the marks part are never glued.

Marks inside a line (bold, links) leave the text as it stands; blocks (paragraphs, list items, line breaks) begin a line
of their own. An element that is known as neither is a block where one follows another with nothing between them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Union


def _set(*words: str) -> frozenset[str]:
    return frozenset(" ".join(words).split())


_PLAIN = _set("b big bold code em font i italic mark small span strike strong sub sup tt u underline")
_INLINE = _PLAIN | _set(
    "abbr acronym bdi bdo cite del dfn emphasis ext-link hi ins kbd math mono monospace named-content samp sc",
    "styled-content subscript superscript xref",
)
_BLOCKS = _set(
    "article aside blockquote body br break caption center dd disp-formula disp-quote div dl dt fieldset figure footer",
    "form h1 h2 h3 h4 h5 h6 header hr lb li line list list-item ol p par para paragraph pre sec section table tbody td",
    "tfoot th thead tr ul verse-line",
)


@dataclass(slots=True)
class Element:
    """An element: its name, the line it begins on, and its texts and elements in order."""

    name: str
    line: int
    attributes: dict[str, str]
    content: list[Union[str, "Element"]] = field(default_factory=list)

    @property
    def children(self) -> list["Element"]:
        """The elements right inside."""
        return [part for part in self.content if isinstance(part, Element)]

    @property
    def has_text(self) -> bool:
        """Whether text stands right inside, beside any elements."""
        return any(isinstance(part, str) and part.strip() for part in self.content)

    @property
    def text(self) -> str:
        """The text right inside: with that of its marks, or where other elements part it, each part on its line."""
        if not self.children:
            return "".join([part for part in self.content if isinstance(part, str)])
        if _holds_marks_alone(self):
            return joined_text(self)
        return "\n".join(part.strip() for part in self.content if isinstance(part, str) and part.strip())


def is_marked_text(element: Element) -> bool:
    """Whether an element is text with marks inside, and no object of other texts."""
    return bool(element.children) and (element.has_text or _holds_marks_alone(element))


def _holds_marks_alone(element: Element) -> bool:
    """Whether nothing but marks is inside, and not only such as are also names of columns."""
    names = {_local(child) for child in element.children}
    return names <= _INLINE | _BLOCKS and (bool(names & _BLOCKS) or names <= _PLAIN)


def joined_text(element: Element) -> str:
    """Return the text of an element with marks inside: as it stands, or where blocks part it, each on its line."""
    lines = [""]
    parted = False
    for piece in _pieces(element):
        if piece is None:
            parted = True
            lines.append("")
        else:
            lines[-1] += piece
    if not parted:
        return lines[0]
    return "\n".join(line for piece in lines if (line := piece.strip()))


def _pieces(element: Element) -> Iterator[str | None]:
    """Yield the texts in order, and None where a block begins or ends."""
    following = _follow_each_other(element)
    for part in element.content:
        if isinstance(part, str):
            yield part
            continue
        name = _local(part)
        block = name in _BLOCKS or (name not in _INLINE and following) or any(map(_is_block, part.children))
        if block:
            yield None
        yield from _pieces(part)
        if block:
            yield None


def _is_block(element: Element) -> bool:
    return _local(element) in _BLOCKS


def _follow_each_other(element: Element) -> bool:
    """Whether two elements of unknown names follow one another with nothing between them."""
    parts = [part for part in element.content if isinstance(part, Element) or part.strip()]
    return any(
        isinstance(one, Element) and isinstance(other, Element) and not {_local(one), _local(other)} & _INLINE
        for one, other in pairwise(parts)
    )


def _local(element: Element) -> str:
    return element.name.rsplit(":", 1)[-1].casefold()
