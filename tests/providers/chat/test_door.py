"""The door: nothing but this machine where a project is locked to it, by the name and by what the name stands for."""

import ipaddress
import socket
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.domain.chat import Connection, Failure, Question, Trouble
from accord.providers.chat import OpenAIChat
from accord.providers.chat.door import LockedIn, on_this_machine

QUESTION = Question(model="m", messages=[{"role": "user", "content": "Hello"}], most_tokens=5, seconds=5)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.8.7", "::1", "[::1]", "::ffff:127.0.0.1"])
def test_an_address_of_this_machine_is_gone_to(host: str) -> None:
    assert on_this_machine(host, 80) == host.strip("[]")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "llama.localhost"])
def test_localhost_is_this_machine(host: str) -> None:
    assert ipaddress.ip_address(on_this_machine(host, 80)).is_loopback


@pytest.mark.parametrize(
    "host",
    [
        "api.openai.com",
        "localhost.example.com",
        "127.0.0.1.example.com",
        "0.0.0.0",  # noqa: S104  (refused, not bound)
        "10.0.0.1",
        "169.254.169.254",
        "::",
        "fe80::1%lo",
        "::ffff:8.8.8.8",
        "2130706433",
        "0x7f.1",
        "",
    ],
)
def test_another_address_is_refused_and_no_name_is_looked_up(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *words, **_kept: asked.append(words[0]))
    with pytest.raises(LockedIn):
        on_this_machine(host, 443)
    assert asked == []


@given(st.ip_addresses())
def test_no_address_but_loopback_is_ever_gone_to(address: Any) -> None:
    mapped = getattr(address, "ipv4_mapped", None) or address
    if mapped.is_loopback:
        assert on_this_machine(str(address), 1) == str(address)
    else:
        with pytest.raises(LockedIn):
            on_this_machine(str(address), 1)


def test_a_localhost_that_stands_for_another_machine_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("203.0.113.5", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_words, **_kept: found)
    with pytest.raises(LockedIn):
        on_this_machine("localhost", 80)


def test_a_locked_project_asks_nobody_elsewhere_not_even_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []

    def connect(address: Any, *_words: Any, **_kept: Any) -> None:
        opened.append(address)
        raise OSError("opened")

    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setattr(socket, "create_connection", connect)
    service = OpenAIChat(Connection(name="away", base_url="https://api.example.com/v1"), "k", here_only=True)
    found = service.ask(QUESTION, threading.Event())
    assert isinstance(found, Failure)
    assert (found.trouble, found.sent) == (Trouble.LOCKED, False)
    assert isinstance(service.models(), Failure)
    assert opened == []
    service.close()
