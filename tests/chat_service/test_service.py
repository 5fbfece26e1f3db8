"""The service itself: keys, limits, scripts, many clients at once, and a stop that never hangs."""

import contextlib
import http.client
import json
import math
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import openai
import pytest

from tests.chat_service import (
    KEY,
    Case,
    ChatService,
    Family,
    Fault,
    Good,
    RateLimit,
    Received,
    always,
    in_order,
    kinds,
    mix,
    self_signed,
    tokens,
)
from tests.chat_service.asking import ask, fields, read, sent, talk

STOP_SECONDS = 8.0  # below the service's own limit: a stop that waits it out has not ended its threads by itself


@contextlib.contextmanager
def connected(service: ChatService) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as connection:
        yield connection


def test_a_wrong_key_and_none_are_refused_before_the_script_is_asked() -> None:
    with ChatService(script=always(Fault.NO_REPLY)) as service:
        wrong, none = ask(service.port, key="sk-wrong-0123456789"), ask(service.port, key=None)
        assert (wrong.status, wrong.json["error"]["code"]) == (401, "invalid_api_key")
        assert (none.status, none.json["error"]["code"]) == (401, None)
        assert [one.done for one in service.exchanges] == [None, None]
        assert [one.key for one in service.requests] == ["sk-wrong-0123456789", None]


def test_a_local_service_asks_for_no_key() -> None:
    with ChatService(key=None) as service:
        assert ask(service.port, key=None).status == 200


def test_a_wrong_address_and_a_wrong_method_are_refused() -> None:
    with ChatService() as service:
        seen = talk(service.port, sent(path="/v1/v1/chat/completions?x=1"))
        assert seen.head.startswith("http/1.1 404")
        assert json.loads(seen.body)["error"]["message"] == "Invalid URL (POST /v1/v1/chat/completions)"
        assert talk(service.port, sent(path="/v1/models")).head.startswith("http/1.1 405")
        assert (service.requests[0].path, service.requests[0].query) == ("/v1/v1/chat/completions", "x=1")


def test_a_key_is_revoked_half_way_and_stays_so() -> None:
    with ChatService() as service:
        service.revoke_key(after=2)
        assert [ask(service.port).status for _ in range(4)] == [200, 200, 401, 401]
    with ChatService(script=in_order(Good(), Fault.KEY_REVOKED)) as service:
        assert [ask(service.port).status for _ in range(4)] == [200, 401, 401, 401]


def test_a_script_is_told_the_number_and_the_request() -> None:
    told: list[tuple[int, str]] = []

    def script(number: int, request: Received) -> Fault | Good:
        told.append((number, request.body["messages"][0]["content"]))
        return Fault.SERVER_ERROR if number == 1 else Good(f"number {number}")

    with ChatService(script=script) as service:
        replies = [ask(service.port, messages=[{"role": "user", "content": str(n)}]) for n in range(3)]
    assert [reply.status for reply in replies] == [200, 500, 200]
    assert replies[2].json["choices"][0]["message"]["content"] == "number 2"
    assert told == [(0, "0"), (1, "1"), (2, "2")]


def test_a_script_that_fails_is_told_when_the_service_stops() -> None:
    def script(number: int, request: Received) -> Good:
        raise KeyError(number)

    service = ChatService(script=script).start()
    assert ask(service.port).status == 500
    with pytest.raises(ExceptionGroup) as caught:
        service.stop()
    assert isinstance(caught.value.exceptions[0], KeyError)


def test_a_place_is_no_reply() -> None:
    service = ChatService(script=always(Fault.NAME_UNKNOWN)).start()
    assert ask(service.port).status == 500
    with pytest.raises(ExceptionGroup):
        service.stop()


def test_a_mix_is_drawn_by_its_seed_alone() -> None:
    request = Received(0, 0, "POST", "/", "", {}, b"", None, 0.0)
    faults = kinds(Family.REFUSAL)
    drawn = [mix(7, faults, good=0.6)(number, request) for number in range(2000)]
    script = mix(7, faults, good=0.6)
    assert [script(number, request) for number in reversed(range(2000))] == drawn[::-1]
    assert drawn != [mix(8, faults, good=0.6)(number, request) for number in range(2000)]
    assert 1100 < drawn.count(Good()) < 1300
    assert set(drawn) == {Good(), *faults}


def test_a_rate_limit_is_kept_and_told() -> None:
    with ChatService(rate_limit=RateLimit(3, 600)) as service:
        replies = [ask(service.port) for _ in range(5)]
    assert [reply.status for reply in replies] == [200, 200, 200, 429, 429]
    assert [reply.headers["x-ratelimit-remaining-requests"] for reply in replies] == ["2", "1", "0", "0", "0"]
    headers = replies[-1].headers
    assert headers["x-ratelimit-limit-requests"] == "3"
    assert headers["x-ratelimit-reset-requests"].startswith(("10m0s", "9m"))
    wait = int(headers["retry-after-ms"])
    assert 0 < wait <= 600_000
    assert headers["retry-after"] == str(math.ceil(wait / 1000))


def test_there_is_room_again_when_a_limit_says_so() -> None:
    with ChatService(rate_limit=RateLimit(1, 0.2)) as service:
        while (reply := ask(service.port)).status != 429:
            pass
        assert 0 < int(reply.headers["retry-after-ms"]) <= 200
        time.sleep(int(reply.headers["retry-after-ms"]) / 1000)
        assert ask(service.port).status == 200


def test_a_limit_holds_for_many_at_once() -> None:
    with ChatService(rate_limit=RateLimit(10, 600)) as service, ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(lambda _: ask(service.port).status, range(40)))
    assert statuses.count(200) == 10
    assert statuses.count(429) == 30


def test_many_clients_are_served_at_once_and_every_request_is_noted_once() -> None:
    with ChatService(script=lambda _n, got: Good(got.body["messages"][0]["content"])) as service:
        all_done = threading.Barrier(50)

        def some(client: int) -> list[str]:
            connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
            with contextlib.closing(connection):
                texts = []
                for n in range(4):
                    body = json.dumps(fields(messages=[{"role": "user", "content": f"{client}-{n}"}]))
                    connection.request("POST", "/v1/chat/completions", body, {"authorization": f"Bearer {KEY}"})
                    texts.append(read(connection).json["choices"][0]["message"]["content"])
                all_done.wait(30)  # so that every connection is open until the last has its answers
            return texts

        with ThreadPoolExecutor(50) as pool:
            said = list(pool.map(some, range(50)))
        assert said == [[f"{client}-{n}" for n in range(4)] for client in range(50)]
        assert [one.number for one in service.requests] == list(range(200))
        assert len({one.connection for one in service.requests}) == 50
        counts = service.connections
        assert (counts.made, counts.most, len(service.exchanges)) == (50, 50, 200)


def test_connections_are_counted_while_they_are_open() -> None:
    with ChatService() as service:
        with connected(service), connected(service):
            _until(lambda: service.connections.open == 2)
        _until(lambda: service.connections.open == 0)
        assert (service.connections.made, service.connections.most) == (2, 2)


def _until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.005)


def test_requests_cut_short_are_not_noted() -> None:
    with ChatService() as service:
        with connected(service) as connection:
            connection.sendall(sent()[:-10])
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(100).startswith(b"HTTP/1.1 400")
        assert service.requests == ()


def test_a_body_in_chunks_and_one_announced_are_read() -> None:
    body = json.dumps(fields()).encode()
    head, _, _ = sent().partition(b"content-length")
    chunks = b"transfer-encoding: chunked\r\n\r\n5\r\n" + body[:5] + b"\r\n%x\r\n" % (len(body) - 5) + body[5:]
    with ChatService() as service:
        with connected(service) as connection:
            connection.sendall(head + b"expect: 100-continue\r\nconnection: close\r\n" + chunks + b"\r\n0\r\n\r\n")
            got = b""
            while piece := connection.recv(65536):
                got += piece
        assert got.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")
        assert service.requests[0].body == fields()


def test_latency_comes_before_each_reply_and_pace_between_pieces() -> None:
    with ChatService(script=always(Good("word" * 5, pace=0.02)), latency=0.05) as service:
        began = time.monotonic()
        ask(service.port, streamed=True)
        assert time.monotonic() - began >= 0.05 + 5 * 0.02


def test_billed_tokens_are_those_of_all_that_was_generated() -> None:
    text = "x" * 40
    script = in_order(
        Good(text),
        Fault.SERVER_ERROR,
        Case(Fault.CLOSED_BEFORE_REPLY, good=Good(text)),
        Case(Fault.FINISH_LENGTH, good=Good(text)),
    )
    with ChatService(script=script) as service:
        usage = ask(service.port).json["usage"]
        for _ in range(3):
            talk(service.port, sent())
        assert usage["completion_tokens"] == tokens(text) == 10
        assert [one.completion_tokens for one in service.exchanges] == [10, 0, 10, 5]
        assert service.billed == (3 * usage["prompt_tokens"], 25)


HOLDING = (Fault.NO_REPLY, Fault.SILENT_AFTER_HEADERS, Fault.STREAM_STALLS, Fault.DRIP, Fault.HUGE_ANSWER)


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_a_stop_ends_what_is_held_dripping_idle_or_not_read(*, tls: bool) -> None:
    certificate = self_signed() if tls else None
    service = ChatService(script=lambda n, _got: HOLDING[n % len(HOLDING)], tls=certificate, latency=0.0).start()
    with contextlib.ExitStack() as opened:
        for number in range(3 * len(HOLDING)):
            connection = opened.enter_context(socket.create_connection(("127.0.0.1", service.port), timeout=10))
            if certificate is not None and number:  # the first never says a word of TLS
                secured = certificate.client_side().wrap_socket(connection, server_hostname="127.0.0.1")
                connection = opened.enter_context(secured)
                connection.sendall(sent(streamed=True))
            elif certificate is None:
                connection.sendall(sent(streamed=True))
        opened.enter_context(socket.create_connection(("127.0.0.1", service.port)))
        _until(lambda: len(service.requests) >= 3 * len(HOLDING) - 1)
        ended = threading.Thread(target=service.stop)
        ended.start()
        ended.join(STOP_SECONDS)
        assert not ended.is_alive()
        assert service.connections.open == 0


def test_a_stop_does_not_wait_for_latency_and_may_come_twice() -> None:
    service = ChatService(latency=3600).start()
    with connected(service) as connection:
        connection.sendall(sent())
        _until(lambda: len(service.requests) == 1)
        service.stop()
        assert connection.recv(100) == b""
    with pytest.raises(RuntimeError):
        _ = ChatService().port


def test_the_official_client_speaks_tls_with_who_it_trusts() -> None:
    certificate = self_signed()
    with (
        ChatService(tls=certificate) as service,
        openai.DefaultHttpxClient(verify=certificate.client_side()) as trusting,
        openai.OpenAI(base_url=service.base_url, api_key=KEY, max_retries=0, http_client=trusting) as client,
    ):
        assert service.base_url.startswith("https://")
        answer = client.chat.completions.create(model="gpt-4", messages=[{"role": "user", "content": "Hello"}])
        assert answer.choices[0].finish_reason == "stop"
