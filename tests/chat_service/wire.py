"""HTTP/1.1 by hand, so that each byte of it can be wrong: requests as they were got, replies as steps on a socket."""

import json
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from typing import Any

MAX_HEAD_BYTES = 64 * 1024
MAX_BODY_BYTES = 64 * 1024 * 1024
LAST_CHUNK = b"0\r\n\r\n"
JSON = "application/json"
EVENTS = "text/event-stream; charset=utf-8"


class Broken(Exception):
    """What came is no HTTP request."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing for some seconds."""

    seconds: float


class Ending(Enum):
    """How a connection ends after a reply; without one it is kept for the next request."""

    CLOSE = "close"
    RESET = "reset"
    HOLD = "hold"  # nothing more, until the client leaves


Step = bytes | Pause | Ending


@dataclass(frozen=True, slots=True)
class Received:
    """A request that came whole; header names are in lower case, ``body`` is the JSON or None, ``at`` is monotonic."""

    number: int
    connection: int
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    raw: bytes
    body: Any
    at: float

    @property
    def fields(self) -> Mapping[str, Any]:
        """Return the JSON object that came, or an empty one."""
        return self.body if isinstance(self.body, dict) else {}

    @property
    def streamed(self) -> bool:
        """Whether the answer is asked for in pieces."""
        return self.fields.get("stream") is True

    @property
    def key(self) -> str | None:
        """Return the key that came along."""
        scheme, _, key = self.headers.get("authorization", "").partition(" ")
        return key.strip() if scheme.lower() == "bearer" and key.strip() else None


@dataclass(slots=True)
class Response:
    """A reply; ``events`` stand in place of ``body`` where it is streamed, ``pace`` seconds apart."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = JSON
    events: Sequence[bytes] | None = None
    pace: float = 0.0

    @property
    def content(self) -> bytes:
        """Return all that the body is, streamed or not."""
        return self.body if self.events is None else b"".join(self.events)

    def head(self, **other: str | None) -> bytes:
        """Return status line and headers; a name in ``other`` (with _ for -) sets or, as None, removes a header."""
        length = (
            {"transfer-encoding": "chunked"} if self.events is not None else {"content-length": str(len(self.body))}
        )
        lines = {"content-type": self.kind, **self.headers, **length}
        for name, value in other.items():
            lines.pop(name.replace("_", "-"), None)
            if value is not None:
                lines[name.replace("_", "-")] = value
        if not self.body and self.events is None and "content-type" not in self.headers:
            lines.pop("content-type")
        text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"HTTP/1.1 {self.status} {_phrase(self.status)}\r\n{text}\r\n".encode("latin-1")

    def steps(self) -> Iterator[Step]:
        """Yield the reply as it should be."""
        if self.events is None:
            yield self.head() + self.body
            return
        yield self.head()
        for event in self.events:
            yield chunk(event)
            if self.pace:
                yield Pause(self.pace)
        yield LAST_CHUNK


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Site is overloaded"


def chunk(data: bytes) -> bytes:
    """Return data as a chunk of a chunked body; no data makes no chunk, since an empty one would end the body."""
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""


class Reader:
    """Reads the requests of one connection, one after the other."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._left = b""

    def request(self) -> tuple[str, str, dict[str, str], bytes] | None:
        """Return method, target, headers and body of the next request; None when the client has left before one.

        Raises Broken, and OSError where the connection is lost.
        """
        head = self._until(b"\r\n\r\n")
        if head is None:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        words = first.split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            raise Broken(first)
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        if headers.get("expect", "").lower() == "100-continue":
            self._connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        return words[0], words[1], headers, self._body(headers)

    def _body(self, headers: Mapping[str, str]) -> bytes:
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return b"".join(self._chunks())
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MAX_BODY_BYTES:
            raise Broken(length)
        return self._exactly(int(length))

    def _chunks(self) -> Iterator[bytes]:
        while True:
            line = self._until(b"\r\n")
            try:
                length = int((line or b"").split(b";")[0], 16)
            except ValueError:
                raise Broken(str(line)) from None
            data = self._exactly(length + 2)[:-2]
            if not length:
                return
            yield data

    def _until(self, mark: bytes) -> bytes | None:
        while mark not in self._left:
            # TLS, say, is told by its first byte: its client waits for a word and sends no empty line.
            if len(self._left) > MAX_HEAD_BYTES or (self._left and not self._left[:1].isalnum()):
                raise Broken("head")
            if not self._more():
                if self._left:
                    raise Broken("cut")
                return None
        found, _, self._left = self._left.partition(mark)
        return found

    def _exactly(self, length: int) -> bytes:
        pieces = [self._left]
        have = len(self._left)
        while have < length:
            piece = self._connection.recv(65536)
            if not piece:
                raise Broken("cut")
            pieces.append(piece)
            have += len(piece)
        data = b"".join(pieces)
        self._left = data[length:]
        return data[:length]

    def _more(self) -> bool:
        piece = self._connection.recv(65536)
        self._left += piece
        return bool(piece)


def parsed(raw: bytes) -> Any:
    """Return the JSON of a body, or None where it is none."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
