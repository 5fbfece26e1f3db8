"""Generators in processes of their own: batches come in order, limits hold, and one that is left early is gone."""

import os
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from accord.domain.errors import Cancelled, NotFound
from accord.domain.progress import CancelFlag, Progress, Silent
from accord.jobs import WorkerDied, WorkerOutOfMemory, WorkerSilent, stream_from_worker, streams

WAIT = 60.0


def numbers(top: int) -> Iterator[tuple[int, int]]:
    for number in range(top):
        yield os.getpid(), number


def fail_after(top: int) -> Iterator[int]:
    yield from range(top)
    raise NotFound("tag", "urgent")


def hoard() -> Iterator[int]:
    held = [bytearray(8 << 20) for _ in range(10_000)]
    yield len(held)


def be_silent() -> Iterator[int]:
    yield 1
    time.sleep(WAIT)
    yield 2


def tell_now_and_then(progress: Progress) -> Iterator[int]:
    for done in range(8):
        time.sleep(0.2)
        progress.report(done, 8, "reading")
    yield 1


def leave() -> Iterator[int]:
    yield 1
    os._exit(7)


def endless(path: str) -> Iterator[bytes]:
    Path(path).write_text(str(os.getpid()))
    for _number in count():
        yield bytes(1 << 20)


def large_once() -> Iterator[int]:
    yield len(bytes(300 << 20) + b"x")


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_batches_come_in_order_from_one_other_process_that_serves_again() -> None:
    first = list(stream_from_worker(numbers, (1000,)))
    assert [number for _pid, number in first] == list(range(1000))
    assert len({pid for pid, _number in first} | {os.getpid()}) == 2
    again = list(stream_from_worker(numbers, (3,)))
    assert again == [(first[0][0], n) for n in range(3)]


def test_processes_that_wait_with_other_limits_give_way_to_the_newest() -> None:
    for memory_mb in (400, 500, 600):
        list(stream_from_worker(numbers, (1,), memory_mb=memory_mb))
    first = list(stream_from_worker(numbers, (1,)))
    assert list(stream_from_worker(numbers, (1,))) == first


def test_a_known_failure_comes_after_what_was_given_before_it() -> None:
    found: list[int] = []
    with pytest.raises(NotFound) as caught:
        found.extend(stream_from_worker(fail_after, (3,)))
    assert "fail_after" in "".join(caught.value.__notes__)
    stream = stream_from_worker(fail_after, (2,))
    assert [next(stream), next(stream)] == [0, 1]
    with pytest.raises(NotFound):
        next(stream)
    assert list(stream) == []
    assert found == [0, 1, 2]


def test_the_memory_limit_stops_it_with_a_sentence_and_the_next_has_its_own() -> None:
    with pytest.raises(WorkerOutOfMemory, match="300 MB"):
        list(stream_from_worker(hoard, memory_mb=300))
    assert len(list(stream_from_worker(numbers, (3,), memory_mb=300))) == 3


def test_silence_is_ended_and_signs_of_progress_are_no_silence() -> None:
    stream = stream_from_worker(be_silent, idle_seconds=0.5)
    assert next(stream) == 1
    with pytest.raises(WorkerSilent, match="no progress"):
        next(stream)
    heard: list[int] = []

    class Listener(Silent):
        def report(self, done: int, total: int | None = None, note: str = "") -> None:  # noqa: ARG002  (the port's)
            heard.append(done)

    assert list(stream_from_worker(tell_now_and_then, idle_seconds=1, progress=Listener(), reports=True)) == [1]
    assert heard


def test_a_process_that_dies_is_an_error_that_says_how() -> None:
    with pytest.raises(WorkerDied, match="exit code 7"):
        list(stream_from_worker(leave))


@pytest.mark.parametrize("how", ["close", "cancel", "forget"])
def test_a_stream_that_is_left_early_ends_its_process(tmp_path: Path, how: str) -> None:
    flag, written = CancelFlag(), tmp_path / "pid"
    stream = stream_from_worker(endless, (str(written),), progress=flag)
    assert len(next(stream)) == 1 << 20
    pid = int(written.read_text())
    if how == "close":
        stream.close()
    elif how == "cancel":
        flag.cancelled = True
        with pytest.raises(Cancelled):
            for _batch in stream:
                pass
    del stream
    until(lambda: not alive(pid))


def test_a_process_that_waits_too_long_or_has_grown_large_is_not_used_again() -> None:
    (pid, _number), *_rest = stream_from_worker(numbers, (1,))
    os.kill(pid, 9)
    until(lambda: not _is_running(pid))
    ((other, _number),) = stream_from_worker(numbers, (1,))
    assert other != pid
    assert list(stream_from_worker(large_once)) == [(300 << 20) + 1]
    assert all(one._process.pid != other for one in streams._waiting)


def _is_running(pid: int) -> bool:
    return any(one._process.pid == pid and one._process.is_alive() for one in streams._waiting)
