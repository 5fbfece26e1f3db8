"""Each reply that does not come over whole: what comes byte for byte, and how the connection ends."""

import contextlib
import gzip
import http.client
import json
import zlib
from collections.abc import Callable, Mapping

import pytest

from tests.chat_service import KEY, Case, ChatService, Family, Fault, Good, always, finished_at, in_order, kinds
from tests.chat_service.asking import SILENCE_SECONDS, WHOLE_SECONDS, Reply, Seen, ask, fields, read, sent, talk

TEXT = "Yes, with food, at night or in the morning."
GOOD = Good(TEXT)
STREAMED = pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])


def _rest_is_missing(seen: Seen) -> bool:
    length = int(seen.head.partition("content-length: ")[2].partition("\r")[0])
    return 0 < len(seen.body) < length and "transfer-encoding" not in seen.head


def _chunk_is_cut(seen: Seen) -> bool:
    size, _, data = seen.body.partition(b"\r\n")
    return "transfer-encoding: chunked" in seen.head and 0 < len(data) < int(size, 16)


def _begins_and_stops(seen: Seen) -> bool:
    return seen.head.startswith("http/1.1 200 ok") and len(seen.body) > 0 and not _is_whole(seen)


def _is_whole(seen: Seen) -> bool:
    if "transfer-encoding: chunked" in seen.head:
        return seen.body.endswith(b"0\r\n\r\n")
    return bool(seen.head) and len(seen.body) == int(seen.head.partition("content-length: ")[2].partition("\r")[0])


def _gzip_is_broken(seen: Seen) -> bool:
    try:
        gzip.decompress(seen.body)
    except (OSError, EOFError, zlib.error):
        return "content-encoding: gzip" in seen.head and _is_whole(seen)
    return False


def _huge_head(seen: Seen) -> bool:
    return len(seen.head) > 200_000 and _is_whole(seen)


# fault -> what must be true of the bytes, and how the connection ends
SIGNS: Mapping[Fault, tuple[Callable[[Seen], bool], str]] = {
    Fault.CLOSED_BEFORE_REPLY: (lambda seen: not seen.raw, "closed"),
    Fault.RESET_BEFORE_REPLY: (lambda seen: not seen.raw, "reset"),
    Fault.RESET_AFTER_HEADERS: (lambda seen: seen.raw.endswith(b"\r\n\r\n") and not seen.body, "reset"),
    Fault.RESET_IN_BODY: (_begins_and_stops, "reset"),
    Fault.NO_REPLY: (lambda seen: not seen.raw, "silent"),
    Fault.SILENT_AFTER_HEADERS: (lambda seen: seen.raw.endswith(b"\r\n\r\n") and not seen.body, "silent"),
    Fault.DRIP: (lambda seen: b"HTTP/1.1 200".startswith(seen.raw), "silent"),
    Fault.SHORT_BODY: (_rest_is_missing, "closed"),
    Fault.CHUNKED_CUT: (_chunk_is_cut, "closed"),
    Fault.HEADERS_CUT: (lambda seen: seen.raw.startswith(b"HTTP/1.1 200") and b"\r\n\r\n" not in seen.raw, "closed"),
    Fault.HEADERS_HUGE: (_huge_head, "closed"),
    Fault.NOT_HTTP: (lambda seen: seen.raw == b"SSH-2.0-OpenSSH_9.6\r\n", "closed"),
    Fault.EMPTY_BODY: (lambda seen: not seen.body and "content-length: 0" in seen.head, "closed"),
    Fault.GZIP_BROKEN: (_gzip_is_broken, "closed"),
    Fault.GZIP_IN_NAME: (lambda seen: "content-encoding: gzip" in seen.head and b"chatcmpl" in seen.body, "closed"),
}


def test_every_kind_stands_in_the_table() -> None:
    assert set(SIGNS) == set(kinds(Family.WIRE))


@STREAMED
@pytest.mark.parametrize("fault", SIGNS, ids=str)
def test_what_comes_over_the_wire(fault: Fault, *, streamed: bool) -> None:
    is_so, ended = SIGNS[fault]
    first = SILENCE_SECONDS if fault is Fault.NO_REPLY else WHOLE_SECONDS
    silence = SILENCE_SECONDS if ended == "silent" else WHOLE_SECONDS
    with ChatService(script=always(Case(fault, good=GOOD))) as service:
        seen = talk(service.port, sent(streamed=streamed), first=first, silence=silence)
        assert [one.status for one in service.exchanges] == [200]
    assert is_so(seen), seen.raw[:500]
    assert seen.ended == ended


@STREAMED
@pytest.mark.parametrize("fault", [Fault.SHORT_BODY, Fault.CHUNKED_CUT], ids=str)
def test_a_body_is_cut_wherever_the_cut_is_asked_for(fault: Fault, *, streamed: bool) -> None:
    for byte in (1, 1_000_000):
        with ChatService(script=always(Case(fault, byte=byte, good=GOOD))) as service:
            assert SIGNS[fault][0](talk(service.port, sent(streamed=streamed)))


@STREAMED
def test_a_reply_that_drips_comes_whole_in_the_end(*, streamed: bool) -> None:
    with ChatService(script=always(Case(Fault.DRIP, seconds=0.0001, good=GOOD))) as service:
        reply = ask(service.port, streamed=streamed)
    if streamed:
        assert said_in(reply) == TEXT
    else:
        assert reply.json["choices"][0]["message"]["content"] == TEXT


def test_a_list_of_models_breaks_on_the_wire_too() -> None:
    with ChatService(script=always(Fault.SHORT_BODY)) as service:
        request = sent().replace(b"POST /v1/chat/completions", b"GET /v1/models")
        assert _rest_is_missing(talk(service.port, request))


def said_in(reply: Reply) -> str:
    choices = [choice for one in reply.chunks for choice in one["choices"]]
    return "".join(choice["delta"].get("content") or "" for choice in choices)


def streamed_with(case: Case) -> Reply:
    with ChatService(script=always(case)) as service:
        return ask(service.port, streamed=True)


def test_a_stream_is_cut_at_every_byte_and_known_to_be_whole_from_one_on() -> None:
    good = Good("At night.")
    whole = streamed_with(Case(Fault.STREAM_CUT_IN_ORDER, byte=1_000_000, good=good)).body
    request, headers = json.dumps(fields(streamed=True)), {"authorization": f"Bearer {KEY}"}
    cut_at = (Case(Fault.STREAM_CUT_IN_ORDER, byte=byte, good=good) for byte in range(len(whole) + 1))
    with ChatService(script=in_order(*cut_at)) as service:
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
        with contextlib.closing(connection):
            for byte in range(len(whole) + 1):
                connection.request("POST", "/v1/chat/completions", request, headers)
                body = read(connection).body
                assert len(body) == byte
                events = body[: body.rfind(b"\n\n") + 2] if b"\n\n" in body else b""
                assert (b'"finish_reason":"stop"' in events) == (byte >= finished_at(whole))
        assert service.connections.made == 1


@pytest.mark.parametrize("byte", [0, 1, 400, 100_000])
def test_a_lost_stream_ends_without_its_last_chunk(byte: int) -> None:
    with ChatService(script=always(Case(Fault.STREAM_CUT, byte=byte, good=GOOD))) as service:
        seen = talk(service.port, sent(streamed=True))
    assert seen.ended == "closed"
    assert not _is_whole(seen)
    assert bool(seen.body) == bool(byte)


def test_a_stream_that_stalls_keeps_its_connection() -> None:
    with ChatService(script=always(Case(Fault.STREAM_STALLS, good=GOOD))) as service:
        seen = talk(service.port, sent(streamed=True), silence=SILENCE_SECONDS)
        assert seen.ended == "silent"
        assert _begins_and_stops(seen)


def test_a_stream_without_done_has_its_reason() -> None:
    reply = streamed_with(Case(Fault.STREAM_NO_DONE, good=GOOD))
    assert b"[DONE]" not in reply.body
    assert finished_at(reply.body)
    assert said_in(reply) == TEXT


def test_a_stream_of_nothing() -> None:
    assert streamed_with(Case(Fault.STREAM_NOTHING)).body == b"data: [DONE]\n\n"


def test_an_error_comes_in_a_stream() -> None:
    reply = streamed_with(Case(Fault.STREAM_ERROR, good=GOOD))
    assert reply.status == 200
    assert reply.chunks[-1]["error"]["type"] == "server_error"
    assert sum(bool(one.get("choices")) for one in reply.chunks) > 0
    assert b"[DONE]" not in reply.body
    assert b'"stop"' not in reply.body


def test_comments_come_between_events() -> None:
    reply = streamed_with(Case(Fault.STREAM_KEEP_ALIVES, good=GOOD))
    assert reply.body.count(b": keep-alive\n\n") == len(reply.datas)
    assert said_in(reply) == TEXT


def test_a_stream_may_be_one_object() -> None:
    reply = streamed_with(Case(Fault.STREAM_AS_JSON, good=GOOD))
    assert reply.headers["content-type"] == "application/json"
    assert json.loads(reply.body)["choices"][0]["message"]["content"] == TEXT


@pytest.mark.parametrize("fault", kinds(Family.STREAM), ids=str)
def test_a_fault_of_streams_leaves_a_whole_answer_alone_and_says_so(fault: Fault) -> None:
    with ChatService(script=always(Case(fault, good=GOOD))) as service:
        reply = ask(service.port)
        assert [one.done for one in service.exchanges] == [GOOD]
    assert reply.json["choices"][0]["message"]["content"] == TEXT
