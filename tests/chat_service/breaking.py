"""Good replies that do not come over whole: each as the steps that are taken on the connection."""

import gzip
from collections.abc import Callable, Iterator, Mapping

from tests.chat_service.faults import Case, Fault
from tests.chat_service.wire import LAST_CHUNK, Ending, Pause, Response, Step, chunk

# What was sent shall be read before the reset: a reset throws away what is still under way.
SETTLE = Pause(0.05)


def _words(response: Response, body: bytes) -> bytes:
    """Return a body as it is framed in this reply."""
    return body if response.events is None else chunk(body)


def _part(response: Response, case: Case) -> bytes:
    return _words(response, response.content[: case.cut(len(response.content))])


def _closed(_response: Response, _case: Case) -> Iterator[Step]:
    yield Ending.CLOSE


def _reset(_response: Response, _case: Case) -> Iterator[Step]:
    yield Ending.RESET


def _reset_after_headers(response: Response, _case: Case) -> Iterator[Step]:
    yield response.head()
    yield SETTLE
    yield Ending.RESET


def _reset_in_body(response: Response, case: Case) -> Iterator[Step]:
    yield response.head() + _part(response, case)
    yield SETTLE
    yield Ending.RESET


def _no_reply(_response: Response, _case: Case) -> Iterator[Step]:
    yield Ending.HOLD


def _silent(response: Response, _case: Case) -> Iterator[Step]:
    yield response.head()
    yield Ending.HOLD


def _drip(response: Response, case: Case) -> Iterator[Step]:
    for step in response.steps():
        if isinstance(step, bytes):
            for byte in step:
                yield bytes([byte])
                yield Pause(case.wait(1))


def _short(response: Response, case: Case) -> Iterator[Step]:
    content = response.content
    yield response.head(transfer_encoding=None, content_length=str(len(content)))
    yield content[: min(case.cut(len(content)), len(content) - 1)]
    yield Ending.CLOSE


def _chunked_cut(response: Response, case: Case) -> Iterator[Step]:
    content = response.content
    yield response.head(transfer_encoding="chunked", content_length=None)
    yield b"%x\r\n" % len(content) + content[: min(case.cut(len(content)), len(content) - 1)]
    yield Ending.CLOSE


def _headers_cut(response: Response, _case: Case) -> Iterator[Step]:
    head = response.head()
    yield head[: len(head) // 2]
    yield Ending.CLOSE


def _headers_huge(response: Response, _case: Case) -> Iterator[Step]:
    response.headers["x-proxy-trace"] = "0123456789abcdef" * 12_800
    yield from response.steps()


def _not_http(_response: Response, _case: Case) -> Iterator[Step]:
    yield b"SSH-2.0-OpenSSH_9.6\r\n"
    yield Ending.CLOSE


def _empty(response: Response, _case: Case) -> Iterator[Step]:
    yield response.head(transfer_encoding=None, content_length="0")


def _gzip_broken(response: Response, case: Case) -> Iterator[Step]:
    packed = bytearray(gzip.compress(response.content))
    middle = case.cut(len(packed))
    packed[middle : middle + 8] = b"\xff" * len(packed[middle : middle + 8])
    yield response.head(transfer_encoding=None, content_length=str(len(packed)), content_encoding="gzip")
    yield bytes(packed)


def _gzip_in_name(response: Response, _case: Case) -> Iterator[Step]:
    response.headers["content-encoding"] = "gzip"
    yield from response.steps()


def _stream_cut(response: Response, case: Case) -> Iterator[Step]:
    yield response.head() + _part(response, case)
    yield Ending.CLOSE


def _stream_cut_in_order(response: Response, case: Case) -> Iterator[Step]:
    yield response.head() + _part(response, case)
    yield LAST_CHUNK


def _stalls(response: Response, case: Case) -> Iterator[Step]:
    yield response.head() + _part(response, case)
    yield Ending.HOLD


BREAKS: Mapping[Fault, Callable[[Response, Case], Iterator[Step]]] = {
    Fault.CLOSED_BEFORE_REPLY: _closed,
    Fault.RESET_BEFORE_REPLY: _reset,
    Fault.RESET_AFTER_HEADERS: _reset_after_headers,
    Fault.RESET_IN_BODY: _reset_in_body,
    Fault.NO_REPLY: _no_reply,
    Fault.SILENT_AFTER_HEADERS: _silent,
    Fault.DRIP: _drip,
    Fault.SHORT_BODY: _short,
    Fault.CHUNKED_CUT: _chunked_cut,
    Fault.HEADERS_CUT: _headers_cut,
    Fault.HEADERS_HUGE: _headers_huge,
    Fault.NOT_HTTP: _not_http,
    Fault.EMPTY_BODY: _empty,
    Fault.GZIP_BROKEN: _gzip_broken,
    Fault.GZIP_IN_NAME: _gzip_in_name,
    Fault.STREAM_CUT: _stream_cut,
    Fault.STREAM_CUT_IN_ORDER: _stream_cut_in_order,
    Fault.STREAM_STALLS: _stalls,
}


def broken_steps(response: Response, case: Case) -> Iterator[Step]:
    """Return the steps in which a good reply goes wrong on its way."""
    return BREAKS[case.fault](response, case)
