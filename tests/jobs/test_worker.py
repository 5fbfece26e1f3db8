"""Work in real processes: values and errors come back, limits hold, and a stopped worker is gone."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import Queue

import pytest

from accord.domain.errors import Cancelled, NotFound
from accord.domain.progress import CancelFlag, Progress, Silent
from accord.jobs import Jobs, JobState, WorkerDied, WorkerFailed, WorkerOutOfMemory, call_in_worker

WAIT = 60.0


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def pid_and_sum(*numbers: int) -> tuple[int, int]:
    return os.getpid(), sum(numbers)


def raise_known(name: str) -> None:
    raise NotFound("tag", name)


def raise_foreign() -> None:
    raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad byte")


def raise_unpicklable() -> None:
    class Local(Exception):
        pass

    raise Local("only here")


def return_unpicklable() -> Callable[[], int]:
    return lambda: 1


def hoard() -> int:
    held = [bytearray(8 << 20) for _ in range(10_000)]
    return len(held)


def leave(code: int) -> None:
    os._exit(code)


def count(top: int, progress: Progress) -> int:
    for done in range(top):
        progress.report(done, top, "counting")
        progress.check()
        time.sleep(0.02)
    return top


def write_pid_and_sleep(path: str) -> None:
    Path(path).write_text(str(os.getpid()))
    time.sleep(WAIT)


def print_something() -> None:
    print("not for the standard output", flush=True)  # noqa: T201  (what the test is about)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_value_comes_from_another_process() -> None:
    pid, total = call_in_worker(pid_and_sum, (1, 2, 3))
    assert total == 6
    assert pid != os.getpid()


def test_a_known_failure_keeps_its_class_and_its_sentence() -> None:
    with pytest.raises(NotFound) as caught:
        call_in_worker(raise_known, ("urgent",))
    assert str(caught.value) == str(NotFound("tag", "urgent"))
    assert "raise_known" in "".join(caught.value.__notes__)


def test_an_unknown_failure_keeps_its_class_where_it_can() -> None:
    with pytest.raises(UnicodeDecodeError, match="bad byte"):
        call_in_worker(raise_foreign)
    with pytest.raises(WorkerFailed, match="Local: only here"):
        call_in_worker(raise_unpicklable)


def test_a_value_that_cannot_travel_is_an_error_and_not_a_hang() -> None:
    with pytest.raises(Exception, match=r"pickle|local object"):
        call_in_worker(return_unpicklable)


def test_the_memory_limit_stops_the_worker_with_a_sentence() -> None:
    with pytest.raises(WorkerOutOfMemory, match="300 MB"):
        call_in_worker(hoard, memory_mb=300)


def test_a_worker_that_dies_is_an_error_that_says_how() -> None:
    with pytest.raises(WorkerDied, match="exit code 7"):
        call_in_worker(leave, (7,))


def test_a_workers_output_stays_off_the_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    call_in_worker(print_something)
    captured = capfd.readouterr()
    assert captured.out == ""
    assert "not for the standard output" in captured.err


def test_a_stop_asked_for_before_the_start_starts_nothing() -> None:
    flag = CancelFlag()
    flag.cancelled = True
    with pytest.raises(Cancelled):
        call_in_worker(leave, (1,), progress=flag)


def test_reports_of_the_worker_arrive() -> None:
    heard: list[tuple[int, int | None, str]] = []

    class Listener(Silent):
        def report(self, done: int, total: int | None = None, note: str = "") -> None:
            heard.append((done, total, note))

    assert call_in_worker(count, (10,), progress=Listener(), reports=True) == 10
    assert heard[0] == (0, 10, "counting")
    assert [done for done, _total, _note in heard] == sorted({done for done, _total, _note in heard})


def test_cancel_of_a_computation_ends_its_process(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    written = tmp_path / "pid"
    errors: Queue[BaseException] = Queue()
    with Jobs() as jobs:
        job = jobs.compute("Sleep", write_pid_and_sleep, (str(written),), failed=errors.put)
        until(lambda: written.exists() and written.read_text() != "")
        job.cancel()
        assert isinstance(errors.get(timeout=WAIT), Cancelled)
        assert job.state is JobState.CANCELLED
        assert not alive(int(written.read_text()))
    assert set(threading.enumerate()) <= before


def test_a_computation_reaches_done_and_failed() -> None:
    outcomes: Queue[object] = Queue()
    with Jobs() as jobs:
        jobs.compute("Add", pid_and_sum, (1, 2), done=lambda value: outcomes.put(value[1]))
        assert outcomes.get(timeout=WAIT) == 3
        jobs.compute("Fail", raise_known, ("x",), failed=outcomes.put)
        assert isinstance(outcomes.get(timeout=WAIT), NotFound)


def test_shutdown_kills_a_running_worker(tmp_path: Path) -> None:
    written = tmp_path / "pid"
    jobs = Jobs()
    jobs.compute("Sleep", write_pid_and_sleep, (str(written),))
    until(lambda: written.exists() and written.read_text() != "")
    jobs.shutdown()
    assert not alive(int(written.read_text()))
