"""A service that has fine-tuned models is read: what is gone is told from what was never there, and nothing hangs."""

import hashlib
import io
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from tests.chat_service import KEY, Case, ChatService, Fault, Received, always
from tests.chat_service.wire import Response
from tests.fine_tuning_service import MODEL, Account, fine_tuning_service

from accord.domain.chat import Connection, Failure, Kind, Trouble
from accord.domain.fine_tuning import Content, Page
from accord.providers.chat import door
from accord.providers.fine_tuning import OpenAIFineTuning, service

NEVER = threading.Event()


@contextmanager
def _reading(there: ChatService, **more: Any) -> Iterator[OpenAIFineTuning]:
    connection = Connection(name="clinic", base_url=there.base_url, **more)
    with closing(OpenAIFineTuning(connection, KEY, here_only=True)) as reading:
        yield reading


def test_a_file_comes_byte_for_byte_with_its_hash() -> None:
    account = Account.of_clinic(rows=3000)
    data = account.files["file-train"].data
    into = io.BytesIO()
    with fine_tuning_service(account) as there, _reading(there) as reading:
        found = reading.content("file-train", into, len(data), NEVER)
    assert found == Content(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
    assert into.getvalue() == data


def test_a_file_larger_than_an_answer_ever_is_comes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "LARGEST", 1000)
    account = Account.of_clinic(rows=300)
    data = account.files["file-train"].data
    into = io.BytesIO()
    with fine_tuning_service(account) as there, _reading(there) as reading:
        assert isinstance(reading.content("file-train", into, len(data), NEVER), Content)
    assert len(into.getvalue()) > 50_000


@pytest.mark.parametrize(
    ("what", "name"), [("job", "ftjob-9"), ("file", "file-9"), ("events", "ftjob-9"), ("checkpoints", "ftjob-9")]
)
def test_what_is_not_there_is_gone_and_not_the_service(what: str, name: str) -> None:
    with fine_tuning_service(Account.of_clinic()) as there, _reading(there) as reading:
        words = (name, "", NEVER) if what in {"events", "checkpoints"} else (name, NEVER)
        found = getattr(reading, what)(*words)
    assert found.trouble is Trouble.GONE
    assert found.said


def test_a_service_without_such_lists_is_told_from_one_whose_things_are_gone() -> None:
    with ChatService() as there, _reading(there) as reading:
        found = reading.jobs("", NEVER)
        model = reading.model("gpt-4o-none", NEVER)
    assert isinstance(found, Failure)
    assert found.trouble is Trouble.NO_SERVICE
    assert isinstance(model, Failure)


def test_pages_go_on_until_the_service_says_that_there_are_no_more() -> None:
    account = Account.of_clinic(events=[f"Step {n}" for n in range(150)])
    with fine_tuning_service(account) as there, _reading(there) as reading:
        first = reading.events("ftjob-1", "", NEVER)
        assert isinstance(first, Page)
        second = reading.events("ftjob-1", first.after, NEVER)
        assert isinstance(second, Page)
    assert (len(first.rows), len(second.rows), second.after) == (100, 50, "")


@pytest.mark.parametrize(
    "body",
    [b'{"object":"list"}', b'{"data":[1]}', b'{"data":[{"object":"x"}]}', b'{"data":{}}', b"[]", b"null", b'"x"', b"{"],
)
def test_a_list_that_is_none_is_a_failure(body: bytes) -> None:
    def reply(_received: Received) -> Response:
        return Response(200, body)

    with ChatService(more=reply) as there, _reading(there) as reading:
        found = reading.jobs("", NEVER)
    assert isinstance(found, Failure)
    assert found.trouble is Trouble.NOT_JSON


def test_an_error_that_comes_as_a_success_is_no_file() -> None:
    def reply(_received: Received) -> Response:
        return Response(200, b'{"error": {"message": "try later", "type": "server_error"}}')

    with ChatService(more=reply) as there, _reading(there) as reading:
        found = reading.content("file-1", io.BytesIO(), 1000, NEVER)
    assert isinstance(found, Failure)
    assert (found.trouble, found.said) == (Trouble.SERVER, "try later")


def test_a_stop_ends_a_download_that_drips() -> None:
    stop = threading.Event()
    drip = always(Case(Fault.DRIP, seconds=0.2))
    with fine_tuning_service(Account.of_clinic(), drip) as there, _reading(there) as reading:
        timer = threading.Timer(0.3, stop.set)
        timer.start()
        found = reading.content("file-train", io.BytesIO(), 10_000_000, stop)
        timer.join()
    assert isinstance(found, Failure)
    assert found.trouble is Trouble.STOPPED


@pytest.mark.parametrize("fault", [Fault.NO_REPLY, Fault.SILENT_AFTER_HEADERS])
def test_silence_ends_a_download(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_SILENT_SECONDS", 0.3)
    with fine_tuning_service(Account.of_clinic(), always(fault)) as there, _reading(there) as reading:
        found = reading.content("file-train", io.BytesIO(), 10_000_000, NEVER)
    assert isinstance(found, Failure)
    assert found.trouble is Trouble.TIMED_OUT


def test_the_key_is_not_in_what_a_careless_service_says() -> None:
    with fine_tuning_service(Account.of_clinic(), always(Fault.KEY_ECHOED)) as there, _reading(there) as reading:
        found = [
            reading.model(MODEL, NEVER),
            reading.jobs("", NEVER),
            reading.content("file-train", io.BytesIO(), 1000, NEVER),
        ]
    assert all(isinstance(one, Failure) and one.trouble is Trouble.KEY for one in found)
    assert KEY not in str(found)


def test_a_locked_project_reads_nothing_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda *words, **_kept: opened.append(words))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *words, **_kept: opened.append(words))
    connection = Connection(name="OpenAI", base_url="https://api.openai.com/v1", kind=Kind.OPENAI)
    with closing(OpenAIFineTuning(connection, KEY, here_only=True)) as reading:
        found = [reading.jobs("", NEVER), reading.content("file-1", io.BytesIO(), 1000, NEVER)]
    assert all(isinstance(one, Failure) and one.trouble is Trouble.LOCKED and not one.sent for one in found)
    assert opened == []


def test_azure_is_asked_at_its_own_addresses() -> None:
    asked: list[str] = []

    def reply(received: Received) -> Response:
        asked.append(f"{received.path}?{received.query}")
        assert received.headers["api-key"] == KEY
        return Response(200, b'{"data":[],"object":"list"}')

    with ChatService(key=None, more=reply) as there:
        url = there.base_url.removesuffix("/v1")
        connection = Connection(name="azure", base_url=url, kind=Kind.AZURE, api_version="2024-10-21")
        with closing(OpenAIFineTuning(connection, KEY, here_only=True)) as reading:
            assert reading.jobs("", NEVER) == Page(rows=[])
    assert asked == ["/openai/fine_tuning/jobs?api-version=2024-10-21&limit=100"]
