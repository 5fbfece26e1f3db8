"""A client that believes nothing: what came over the socket byte for byte, and how it ended."""

import http.client
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.chat_service.service import KEY

PROMPT = "May metformin be given at night?"
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {"answer": {"type": "string"}, "sure": {"type": "boolean"}},
    "required": ["answer", "sure"],
    "additionalProperties": False,
}
FORMAT = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": SCHEMA}}
SILENCE_SECONDS = 0.3  # nothing came for so long: the connection is held
WHOLE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Seen:
    """The bytes that came, and whether the connection was then closed, reset or held in silence."""

    raw: bytes
    ended: str

    @property
    def head(self) -> str:
        """Status line and headers, in lower case."""
        return self.raw.partition(b"\r\n\r\n")[0].decode("latin-1").lower()

    @property
    def body(self) -> bytes:
        """What came after the headers, as it was framed."""
        return self.raw.partition(b"\r\n\r\n")[2]


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply, read by the standard library."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def datas(self) -> list[bytes]:
        """The data of each event of a stream."""
        events = self.body.split(b"\n\n")
        return [event.removeprefix(b"data: ") for event in events if event.startswith(b"data: ")]

    @property
    def chunks(self) -> list[Any]:
        """The JSON of each event but [DONE]."""
        return [json.loads(data) for data in self.datas if data != b"[DONE]"]


def fields(*, streamed: bool = False, **other: Any) -> dict[str, Any]:
    """Return the body of a request."""
    options = {"stream": True, "stream_options": {"include_usage": True}} if streamed else {}
    return {"model": "gpt-4", "messages": [{"role": "user", "content": PROMPT}], **options, **other}


def sent(*, streamed: bool = False, path: str = "/v1/chat/completions", **other: Any) -> bytes:
    """Return a request as bytes, after which the connection shall be closed."""
    body = json.dumps(fields(streamed=streamed, **other)).encode()
    lines = (
        f"POST {path} HTTP/1.1",
        "host: 127.0.0.1",
        f"authorization: Bearer {KEY}",
        "content-type: application/json",
        f"content-length: {len(body)}",
        "connection: close",
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def talk(port: int, request: bytes, *, first: float = WHOLE_SECONDS, silence: float = WHOLE_SECONDS) -> Seen:
    """Send bytes and read until the other side closes, resets, or says nothing.

    ``first`` is how long to wait for the first byte, ``silence`` for each that follows: short ones only where the
    silence is what is looked for, so that a busy machine is not taken for a silent service.
    """
    got = []
    with socket.create_connection(("127.0.0.1", port), timeout=WHOLE_SECONDS) as connection:
        connection.sendall(request)
        connection.settimeout(first)
        try:
            while piece := connection.recv(1 << 20):
                got.append(piece)
                connection.settimeout(silence)
        except ConnectionResetError:
            return Seen(b"".join(got), "reset")
        except TimeoutError:
            return Seen(b"".join(got), "silent")
    return Seen(b"".join(got), "closed")


def ask(port: int, *, streamed: bool = False, key: str | None = KEY, **other: Any) -> Reply:
    """Ask for an answer and return the whole reply."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WHOLE_SECONDS)
    headers = {"content-type": "application/json"} | ({} if key is None else {"authorization": f"Bearer {key}"})
    try:
        connection.request("POST", "/v1/chat/completions", json.dumps(fields(streamed=streamed, **other)), headers)
        return read(connection)
    finally:
        connection.close()


def read(connection: http.client.HTTPConnection) -> Reply:
    """Return the reply to the request that was sent last."""
    response = connection.getresponse()
    return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
