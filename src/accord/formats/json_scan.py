"""Finds its way through JSON without holding it: where the elements of a list end, and where a pointer leads."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from accord.domain.wording import _
from accord.formats.encodings import Utf8Stream
from accord.formats.failures import RowProblem
from accord.formats.opening import BLOCK
from accord.formats.strict_json import MAX_DEPTH, load_row

BLANK = b" \t\r\n"
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["\[\]{},:]', re.DOTALL)
_TO_QUOTE = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_TO_BRACKET = re.compile(rb'[^"\[\]{}]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^"\[\]{}]*+)*+([\[\]{}])', re.DOTALL)
_LONGEST_KEY = 1 << 10
_DEEPEST = 5
_MOST_PLACES = 500
_HOPELESS_DEPTH = 10_000
_OBJECTS_SHARE = 0.6


class ElementScan:
    """Finds where the elements of an array end; ``buffer`` starts with the element at hand.

    Of an element longer than ``limit`` nothing is kept while its end is looked for (``skipping``).
    """

    def __init__(self, buffer: bytes, end: bytes, limit: int) -> None:
        self.buffer = buffer
        self.skipping = False
        self._end = end
        self._limit = limit
        self._position = 0
        self._start = 0
        self._depth = 0
        self._in_string = False

    def rest(self) -> bytes:
        """Return what follows the last element that was taken."""
        return self.buffer[self._start :].strip(BLANK)

    def add(self, more: bytes) -> None:
        """Go on with more bytes."""
        if len(self.buffer) - self._start > self._limit:
            self.skipping = True
        if self.skipping:
            self._drop()
        self.buffer = self.buffer[self._start :] + more
        self._position -= self._start
        self._start = 0

    def _drop(self) -> None:
        """Forget what was looked at; of a string whose end is missing, remember only that it is open."""
        rest = self.buffer[self._position :]
        if rest.startswith(b'"') and not self._in_string:
            self._in_string = True
            rest = rest[1:]
        if self._in_string:
            escapes = len(rest) - len(rest.rstrip(b"\\"))
            rest = rest[-1:] if escapes % 2 else b""
        self.buffer = rest
        self._position = self._start = 0

    def next_end(self) -> tuple[bytes | None, bool] | None:
        """Return the next element (None for one that is too long) and whether it was the last; None for more bytes.

        Raises RowProblem for one whose end is not worth looking for.
        """
        if self._in_string:
            quote = _TO_QUOTE.match(self.buffer, self._position)
            if quote is None:
                return None
            self._in_string = False
            self._position = quote.end()
        for token in _TOKEN.finditer(self.buffer, self._position):
            mark = token[0]
            if mark == b'"':
                self._position = token.start()
                return None
            if mark in b"[{":
                self._depth += 1
                if self._depth > _HOPELESS_DEPTH:
                    reason = _(
                        "The row is nested more than {limit} levels deep. What follows was not read.", limit=MAX_DEPTH
                    )
                    raise RowProblem("", reason)
            elif mark in b"]}":
                if self._depth == 0 and mark == self._end:
                    return self._take(token.start(), token.end(), last=True)
                self._depth = max(0, self._depth - 1)
            elif mark == b"," and self._depth == 0:
                return self._take(token.start(), token.end(), last=False)
            self._position = token.end()
        return None

    def _take(self, end: int, following: int, *, last: bool) -> tuple[bytes | None, bool]:
        element = None if self.skipping else self.buffer[self._start : end].strip(BLANK)
        self._start = self._position = following
        self.skipping = False
        return element, last


class _Walk:
    """The tokens of a stream of JSON, with the bytes still to come."""

    def __init__(self, stream: Utf8Stream) -> None:
        self._stream = stream
        self.buffer = stream.read(BLOCK)
        self.position = 0
        self._open_string = False

    def next(self) -> bytes:
        """Return the next token; b"" at the end, and b'"' in place of a string that is too long to be a key."""
        while True:
            if self._open_string:
                quote = _TO_QUOTE.match(self.buffer, self.position)
                if quote:
                    self._open_string = False
                    self.position = quote.end()
                    return b'"'
                escapes = len(self.buffer) - len(self.buffer.rstrip(b"\\"))
                self.buffer, self.position = (self.buffer[-1:] if escapes % 2 else b""), 0
            else:
                token = _TOKEN.search(self.buffer, self.position)
                if token and token[0] != b'"':
                    self.position = token.end()
                    return token[0]
                start = token.start() if token else len(self.buffer)
                self.buffer, self.position = self.buffer[start:], 0
                if len(self.buffer) > _LONGEST_KEY:
                    self._open_string = True
                    self.position = 1
                    continue
            more = self._stream.read(BLOCK)
            if not more:
                return b""
            self.buffer += more

    def rest(self) -> bytes:
        """Return what was read and not taken yet."""
        return self.buffer[self.position :]

    def skip(self, depth: int) -> bytes:
        """Go to the end of the value at hand; return the comma or bracket after it."""
        while token := self.next():
            if token in b"[{":
                depth += 1
            elif token in b"]}":
                if depth == 0:
                    return token
                depth -= 1
            elif token == b"," and depth == 0:
                return token
        return b""


def seek(stream: Utf8Stream, pointer: str) -> bytes | None:
    """Go to the value at a JSON pointer; return the bytes read from there on, None where there is no such value.

    Only a list or an object counts as a value here.
    """
    walk = _Walk(stream)
    token = walk.next()
    for step in steps(pointer):
        if token == b"{":
            token = _to_key(walk, step)
        elif token == b"[":
            token = _to_item(walk, step)
        else:
            return None
    return token + walk.rest() if token in {b"{", b"["} else None


def _value_start(walk: _Walk) -> bytes:
    """Return the bracket that begins the value at hand, or b"" when it is a plain value."""
    start = walk.position
    if walk.buffer[start:].lstrip(BLANK)[:1] in {b"[", b"{"}:
        return walk.next()
    if not walk.buffer[start:].strip(BLANK):  # the buffer ends here; what comes next decides
        token = walk.next()
        return token if token in {b"[", b"{"} else b""
    return b""


def _to_key(walk: _Walk, step: str) -> bytes:
    while (key := walk.next()).startswith(b'"'):
        if walk.next() != b":":
            return b""
        if _text(key) == step:
            return _value_start(walk)
        if walk.skip(0) != b",":
            return b""
    return b""


def _to_item(walk: _Walk, step: str) -> bytes:
    if not step.isdecimal():
        return b""
    for _item in range(int(step)):
        if walk.skip(0) != b",":
            return b""
    return _value_start(walk)


def _text(key: bytes) -> str | None:
    try:
        value = load_row(key)
    except RowProblem:
        return None
    return value if isinstance(value, str) else None


@dataclass(slots=True)
class _Place:
    pointer: str
    kind: bytes
    start: int
    key: str = ""
    items: int = 0
    objects: int = 0
    size: int = 0


class Place(NamedTuple):
    """A list of objects, or an object of objects: its pointer, how many objects it has, where it is, in bytes."""

    pointer: str
    objects: int
    start: int
    size: int
    is_list: bool


def places_of_rows(head: bytes) -> Iterator[Place]:
    """Yield the places that begin in ``head`` and could hold rows, the largest first.

    ``head`` may be cut anywhere. Lists inside rows are not looked for.
    """
    found: list[_Place] = []
    open_places: list[_Place] = []
    key = ""
    previous = b""
    position = 0
    while token := _TOKEN.search(head, position):
        mark = token[0]
        position = token.end()
        ended = mark in {b"]", b"}"} and not open_places
        if ended or mark == b'"' or len(open_places) > MAX_DEPTH or len(found) > _MOST_PLACES:
            break  # the head cuts off a text, or it is no frame around rows
        if mark == b":" and previous.startswith(b'"'):
            key = _text(previous) or ""
        elif mark in {b"[", b"{"}:
            place = _opened(open_places, key, mark, token.start())
            if _is_further_row(open_places, mark):
                # A row like the one before it, in which nothing else is looked for.
                position = _end_of(head, position)
                mark = b"}"
            else:
                open_places.append(place)
        elif mark in {b"]", b"}"}:
            _close(open_places.pop(), position, found, previous)
        elif mark == b"," and open_places:
            open_places[-1].items += 1
        previous = mark
    for place in open_places:
        _close(place, len(head), found, previous)
    for place in sorted(found, key=lambda place: (-place.size, place.pointer)):
        yield Place(place.pointer, place.objects, place.start, place.size, place.kind == b"[")


def _is_further_row(open_places: Sequence[_Place], mark: bytes) -> bool:
    """Whether what begins here is an object of a list, and not the first one."""
    return mark == b"{" and bool(open_places) and open_places[-1].kind == b"[" and open_places[-1].objects > 1


def _end_of(head: bytes, position: int) -> int:
    """Return where the object ends that is open at ``position``; the end of ``head`` where that is cut off."""
    depth = 1
    while depth:
        bracket = _TO_BRACKET.match(head, position)
        if bracket is None:
            return len(head)
        position = bracket.end()
        depth += 1 if bracket[1] in b"[{" else -1
    return position


def _opened(open_places: list[_Place], key: str, mark: bytes, start: int) -> _Place:
    if not open_places:
        return _Place("", mark, start)
    parent = open_places[-1]
    step = str(parent.items) if parent.kind == b"[" else key.replace("~", "~0").replace("/", "~1")
    parent.objects += mark == b"{"
    return _Place(f"{parent.pointer}/{step}", mark, start)


def _close(place: _Place, end: int, found: list[_Place], previous: bytes) -> None:
    place.size = end - place.start
    place.items += previous != place.kind
    if not place.objects or place.objects < _OBJECTS_SHARE * place.items or place.pointer.count("/") > _DEEPEST:
        return
    # A place inside a place whose items are rows is part of a row.
    inside = place.pointer + "/"
    if place.kind == b"[" or place.objects > 1:
        found[:] = [other for other in found if not other.pointer.startswith(inside)]
    elif any(other.pointer.startswith(inside) for other in found):
        return  # an object that holds the one object with the rows
    found.append(place)


def steps(pointer: str) -> Sequence[str]:
    """Return the parts of a JSON pointer."""
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/")] if pointer else []
