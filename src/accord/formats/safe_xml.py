"""Reads XML as a stream of events, with nothing that reaches outside the file or grows: no entities, no fetching."""

from collections.abc import Iterator
from typing import Any, Protocol
from xml.parsers import expat

from accord.domain.wording import _

MAX_DEPTH = 100
_CHUNK = 256 << 10


class BrokenXml(Exception):
    """The file is no XML from ``line`` on, or has what is never read; ``reason`` is a finished sentence."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


class RefusedXml(BrokenXml):
    """What is well-formed and is not read for safety's sake."""


class Readable(Protocol):
    """Anything bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` bytes."""
        ...


class Handler(Protocol):
    """What is told of each element and text; names are as written, with their prefix."""

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Text stands here."""


def parse(file: Readable, handler: Handler, *, encoding: str | None = None) -> Iterator[None]:
    """Feed ``file`` to ``handler``; yields after each piece, so that what was found can be taken.

    Raises BrokenXml, and RefusedXml for entities and for elements nested too deep.
    """
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    parser.buffer_size = _CHUNK
    _attach(parser, handler)
    try:
        while block := file.read(_CHUNK):
            parser.Parse(block, False)
            yield
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise BrokenXml(error.lineno, _detail(error)) from None
    yield


def _attach(parser: expat.XMLParserType, handler: Handler) -> None:
    """Let the parser tell the handler what it finds, and refuse what is not read."""
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise RefusedXml(parser.CurrentLineNumber, _too_deep())
        handler.start(name, attributes, parser.CurrentLineNumber)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end(name)

    def refuse(*_declaration: Any) -> int:
        raise RefusedXml(
            parser.CurrentLineNumber,
            _("It defines abbreviations of its own (XML entities), which are not read for safety."),
        )

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handler.text
    parser.EntityDeclHandler = refuse
    parser.UnparsedEntityDeclHandler = refuse
    parser.SkippedEntityHandler = refuse
    parser.ExternalEntityRefHandler = refuse


def _too_deep() -> str:
    return _("Its elements are nested more than {limit} levels deep.", limit=MAX_DEPTH)


def _detail(error: expat.ExpatError) -> str:
    detail = expat.ErrorString(error.code)
    return _("The XML is broken in line {line} ({detail}).", line=error.lineno, detail=detail)
