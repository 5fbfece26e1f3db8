"""One connection to a chat service, through the official client, asked once a question and never by itself again."""

import contextlib
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx2
import openai

from accord.domain.chat import Answer, Connection, Failure, Kind, Offered, Question, Trouble
from accord.providers.chat import door, troubles
from accord.providers.chat.clients import client, told_as_the_client_does, whole_object
from accord.providers.chat.gathering import Reply, gathered, judged

_LIST_SECONDS = 20.0


class OpenAIChat:
    """The port ``ChatService`` on OpenAI's API and what speaks like it. Safe to use from several threads at once.

    ``here_only``: no connection leaves this machine. ``verify``: for services with a certificate of their own.
    """

    def __init__(
        self, connection: Connection, key: str, *, here_only: bool, verify: ssl.SSLContext | bool = True
    ) -> None:
        self._kind, self._key = connection.kind, key
        self._client = client(connection, key, here_only=here_only, verify=verify)

    def close(self) -> None:
        """Close the connections that are held open."""
        self._client.close()

    def models(self) -> Sequence[Offered] | Failure:
        """Return what the service lists."""
        started = time.monotonic()
        try:
            with door.watching(_LIST_SECONDS, threading.Event()), told_as_the_client_does():
                response = self._client.models.with_raw_response.list().http_response
                listed = whole_object(response, response.read())
        except (openai.OpenAIError, ValueError, RecursionError) as error:
            return self._without_key(troubles.of_error(error, time.monotonic() - started))
        if isinstance(listed, Failure):
            return self._without_key(listed)
        rows = listed.get("data")
        if not isinstance(rows, list):
            return Failure(trouble=Trouble.NOT_JSON, status=response.status_code, seconds=time.monotonic() - started)
        return [_offered(row) for row in rows if isinstance(row, Mapping) and isinstance(row.get("id"), str)]

    def ask(self, question: Question, stop: threading.Event) -> Answer | Failure:
        """Ask once; never twice. Returns within the question's seconds, and soon after ``stop`` is set."""
        started = time.monotonic()
        try:
            with door.watching(question.seconds, stop), told_as_the_client_does():
                raw = self._client.chat.completions.with_raw_response.create(**self._words(question), stream=True)
                with contextlib.closing(raw.http_response) as response:
                    found = _reply(raw, response)
        except (openai.OpenAIError, ValueError, RecursionError) as error:
            return self._without_key(troubles.of_error(error, time.monotonic() - started))
        facts = {
            "room": troubles.room(response.headers),
            "request_id": response.headers.get("x-request-id", ""),
            "seconds": time.monotonic() - started,
        }
        outcome = found if isinstance(found, Failure) else judged(found, question, facts)
        return self._without_key(outcome) if isinstance(outcome, Failure) else outcome

    def _without_key(self, failure: Failure) -> Failure:
        """Return the failure without the key, which some services repeat in what they say."""
        return replace(failure, said=failure.said.replace(self._key, "[…]")) if self._key else failure

    def _words(self, question: Question) -> dict[str, Any]:
        """Return the question in the service's words, without what the model refused before."""
        old, new = "max_tokens", "max_completion_tokens"
        first, second = (old, new) if self._kind is Kind.COMPATIBLE else (new, old)
        optional: dict[str, Any] = {"stream_options": {"include_usage": True}, **question.parameters}
        if question.schema is not None:
            form = {"name": "answer", "strict": True, "schema": question.schema}
            optional["response_format"] = {"type": "json_schema", "json_schema": form}
        kept = {name: value for name, value in optional.items() if name not in question.without}
        length = {second if first in question.without else first: question.most_tokens}
        return {"model": question.model, "messages": list(question.messages), **length, **kept}


def _reply(raw: Any, response: httpx2.Response) -> Reply | Failure:
    """Return what came: in parts, or whole where the service does not send in parts."""
    kind = response.headers.get("content-type", "").lower()
    if "text/event-stream" in kind:
        return gathered(
            (part.to_dict(warnings=False) if hasattr(part, "to_dict") else part for part in raw.parse()), holder="delta"
        )
    found = whole_object(response, response.read())
    return found if isinstance(found, Failure) else gathered([found], holder="message")


def _offered(row: Mapping[str, Any]) -> Offered:
    return Offered(str(row["id"]), _day(row.get("shutdown_date") or row.get("deprecation_date")))


def _day(said: object) -> str:
    """Return the day, ISO 8601, of a day, a time or seconds since 1970; empty for anything else."""
    try:
        if isinstance(said, int | float):
            return datetime.fromtimestamp(said, UTC).date().isoformat()
        return datetime.fromisoformat(said.strip()).date().isoformat() if isinstance(said, str) else ""
    except (ValueError, OverflowError, OSError):
        return ""
