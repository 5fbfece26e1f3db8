"""A process that stays answers call after call, waits for more, and is gone after an error or a stop."""

import os
import time
from collections.abc import Callable

import pytest

from accord.domain.errors import Cancelled, Refused
from accord.domain.progress import CancelFlag
from accord.jobs import WorkerDied
from accord.jobs.standing import StandingWorker


def _pid(_given: int) -> int:
    return os.getpid()


def _refuse() -> None:
    raise Refused("not this one")


def _leave() -> None:
    os._exit(3)


def _sleep() -> None:
    time.sleep(60)


def _called(function: Callable[..., object], *args: object, progress: CancelFlag | None = None) -> object:
    with StandingWorker() as worker:
        worker.submit(function, args)
        return worker.result(progress)


def test_one_process_answers_all_calls_and_waits_for_the_next_work() -> None:
    found = set()
    for _round in range(2):
        with StandingWorker() as worker:
            for number in range(3):
                worker.submit(_pid, (number,))
                found.add(worker.result())
    assert len(found) == 1
    assert os.getpid() not in found


def test_an_error_travels_and_the_next_work_has_another_process() -> None:
    before = _called(_pid, 1)
    with pytest.raises(Refused, match="not this one"):
        _called(_refuse)
    assert _called(_pid, 1) != before


def test_a_process_that_breaks_down_is_named() -> None:
    with pytest.raises(WorkerDied) as caught:
        _called(_leave)
    assert caught.value.exit_code == 3


def test_a_stop_ends_it_at_once() -> None:
    flag = CancelFlag()
    flag.cancelled = True
    started = time.monotonic()
    with pytest.raises(Cancelled):
        _called(_sleep, progress=flag)
    assert time.monotonic() - started < 30


def test_matrices_are_multiplied_by_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    assert _called(os.getenv, "OPENBLAS_NUM_THREADS") == "1"
    assert "OPENBLAS_NUM_THREADS" not in os.environ
