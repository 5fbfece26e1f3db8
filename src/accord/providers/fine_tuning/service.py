"""One connection to a service that has fine-tuned models, through the official client; it only reads."""

import contextlib
import hashlib
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, BinaryIO, TypeVar

import httpx2
import openai

from accord.domain.chat import Connection, Failure, Trouble
from accord.domain.fine_tuning import Content, Page
from accord.providers.chat import door, troubles
from accord.providers.chat.clients import client, is_page, told_as_the_client_does, whole_object
from accord.providers.chat.gathering import loads

_SECONDS = 60.0  # for anything but a file
_FILE_SECONDS, _SLOWEST = 120.0, 32 * 1024  # for a file: so long, and longer by its size at so many bytes a second
_SILENT_SECONDS = 60.0  # without a byte of a file
_ROWS = 100  # of a list, asked for at once
_PIECE = 256 * 1024
_GONE = 404

Raw = Any  # the client's answers before they are parsed: it has no common name for them
T = TypeVar("T")


class OpenAIFineTuning:
    """The port ``FineTuningService`` on OpenAI's API and what speaks like it, Azure's too.

    ``here_only``: no connection leaves this machine. ``verify``: for services with a certificate of their own.
    """

    def __init__(
        self, connection: Connection, key: str, *, here_only: bool, verify: ssl.SSLContext | bool = True
    ) -> None:
        self._key = key
        self._client = client(connection, key, here_only=here_only, verify=verify)

    def close(self) -> None:
        """Close the connections that are held open."""
        self._client.close()

    def model(self, name: str, stop: threading.Event) -> Mapping[str, Any] | Failure:
        """Return what the service says of a model."""
        return self._one(lambda: self._client.models.with_raw_response.retrieve(name), stop)

    def jobs(self, after: str, stop: threading.Event) -> Page | Failure:
        """Return the jobs of the account, newest first."""
        jobs = self._client.fine_tuning.jobs.with_raw_response
        return self._page(lambda: jobs.list(after=after or openai.omit, limit=_ROWS), stop)

    def job(self, name: str, stop: threading.Event) -> Mapping[str, Any] | Failure:
        """Return one job."""
        return self._one(lambda: self._client.fine_tuning.jobs.with_raw_response.retrieve(name), stop)

    def events(self, job: str, after: str, stop: threading.Event) -> Page | Failure:
        """Return what a job told, newest first."""
        jobs = self._client.fine_tuning.jobs.with_raw_response
        found = self._page(lambda: jobs.list_events(job, after=after or openai.omit, limit=_ROWS), stop)
        return _of_a_name(found)

    def checkpoints(self, job: str, after: str, stop: threading.Event) -> Page | Failure:
        """Return the models at steps of a job."""
        made = self._client.fine_tuning.jobs.checkpoints.with_raw_response
        return _of_a_name(self._page(lambda: made.list(job, after=after or openai.omit, limit=_ROWS), stop))

    def file(self, name: str, stop: threading.Event) -> Mapping[str, Any] | Failure:
        """Return what the service says of a file: its name, size, and purpose."""
        return self._one(lambda: self._client.files.with_raw_response.retrieve(name), stop)

    def content(self, name: str, into: BinaryIO, most: int, stop: threading.Event) -> Content | Failure:
        """Write a file's bytes, ``most`` of them, into an empty file. What was written counts only with a Content."""
        started = time.monotonic()
        timeout = httpx2.Timeout(_SILENT_SECONDS)
        asked = self._client.files.with_streaming_response.content(name, timeout=timeout)
        seconds = _FILE_SECONDS + most / _SLOWEST
        try:
            with door.watching(seconds, stop, most + door.LARGEST), told_as_the_client_does():
                found = _written(asked, into, most)
        except (openai.OpenAIError, httpx2.DecodingError, ValueError) as error:
            found = troubles.of_error(error, time.monotonic() - started)
        return self._told(_of_a_name(found))

    def _one(self, ask: Callable[[], Raw], stop: threading.Event) -> Mapping[str, Any] | Failure:
        found = _of_a_name(self._object(ask, stop))
        return found if isinstance(found, Failure) or _named(found) else Failure(trouble=Trouble.NOT_JSON)

    def _page(self, ask: Callable[[], Raw], stop: threading.Event) -> Page | Failure:
        found = self._object(ask, stop)
        if isinstance(found, Failure):
            return found
        rows = found.get("data")
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) and _named(row) for row in rows):
            return Failure(trouble=Trouble.NOT_JSON)
        return Page(rows=rows, after=rows[-1]["id"] if rows and found.get("has_more") is not False else "")

    def _object(self, ask: Callable[[], Raw], stop: threading.Event) -> Mapping[str, Any] | Failure:
        started = time.monotonic()
        try:
            with door.watching(_SECONDS, stop), told_as_the_client_does():
                response = ask().http_response
                return self._told(whole_object(response, response.read()))
        except (openai.OpenAIError, ValueError, RecursionError) as error:
            return self._told(troubles.of_error(error, time.monotonic() - started))

    def _told(self, found: T | Failure) -> T | Failure:
        """Return what came; a failure without the key, which some services repeat in what they say."""
        if isinstance(found, Failure) and self._key:
            return replace(found, said=found.said.replace(self._key, "[…]"))
        return found


def _named(row: Mapping[str, Any]) -> bool:
    return isinstance(row.get("id"), str) and bool(row["id"])


def _of_a_name(found: T | Failure) -> T | Failure:
    """Return what came; that nothing is there under a name means that it is gone, not that there is no service."""
    if isinstance(found, Failure) and found.status == _GONE and found.trouble is Trouble.NO_SERVICE:
        return replace(found, trouble=Trouble.GONE)
    return found


def _written(asked: AbstractContextManager[Raw], into: BinaryIO, most: int) -> Content | Failure:
    """Write the body as it comes."""
    digest, size, start = hashlib.sha256(), 0, b""
    with asked as response:
        for piece in response.iter_bytes(_PIECE):
            start = start or piece
            if not size and is_page(response.http_response, piece):
                return Failure(trouble=Trouble.PAGE, status=response.status_code)
            size += len(piece)
            if size > most:
                return Failure(trouble=Trouble.TOO_LARGE, status=response.status_code)
            digest.update(piece)
            into.write(piece)
    failure = _error_in(start) if size == len(start) else None
    return failure or Content(bytes=size, sha256=digest.hexdigest())


def _error_in(body: bytes) -> Failure | None:
    """Return the failure that a service tells with the status of a success; None where the body is a file."""
    with contextlib.suppress(ValueError):
        found = loads(body)
        if isinstance(found, Mapping) and set(found) == {"error"} and isinstance(found["error"], Mapping):
            return troubles.of_body(found["error"], Trouble.SERVER)
    return None
