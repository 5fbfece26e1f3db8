"""Work in real threads: outcomes, progress, cancel, order, and an end that leaves no thread."""

import threading
import time
from collections.abc import Callable, Iterator
from queue import Queue

import pytest

from accord.domain.errors import Cancelled, Refused
from accord.domain.progress import Progress
from accord.jobs import Job, Jobs, JobState, Lane

WAIT = 30.0


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    with Jobs() as running:
        yield running


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.002)


def stuck_until(gate: threading.Event) -> Callable[[Progress], None]:
    def work(progress: Progress) -> None:
        while not gate.wait(0.002):
            progress.check()

    return work


def test_done_gets_the_value_and_the_job_is_listed_as_done(jobs: Jobs) -> None:
    values: Queue[int] = Queue()
    job = jobs.run(Lane.READ, "Count", lambda _progress: 42, done=values.put)
    assert values.get(timeout=WAIT) == 42
    assert job.state is JobState.DONE
    assert job.started is not None
    assert job.finished is not None
    assert job.started <= job.finished
    assert [listed.title for listed in jobs.jobs] == ["Count"]


def test_an_exception_in_the_work_reaches_failed_and_nothing_else(jobs: Jobs) -> None:
    errors: Queue[BaseException] = Queue()

    def work(_progress: Progress) -> int:
        raise Refused("not now")

    job = jobs.run(Lane.WRITE, "Refuse", work, done=lambda _value: errors.put(AssertionError()), failed=errors.put)
    assert str(errors.get(timeout=WAIT)) == "not now"
    assert errors.empty()
    assert job.state is JobState.FAILED
    assert str(job.error) == "not now"


def test_the_lane_goes_on_after_a_failure(jobs: Jobs) -> None:
    values: Queue[str] = Queue()

    def work(_progress: Progress) -> str:
        raise SystemExit(3)

    jobs.run(Lane.WRITE, "Exit", work, failed=lambda error: values.put(type(error).__name__))
    jobs.run(Lane.WRITE, "After", lambda _progress: "after", done=values.put)
    assert [values.get(timeout=WAIT), values.get(timeout=WAIT)] == ["SystemExit", "after"]


def test_running_work_is_cancelled_at_its_next_check(jobs: Jobs) -> None:
    errors: Queue[BaseException] = Queue()
    job = jobs.run(Lane.READ, "Long", stuck_until(threading.Event()), failed=errors.put)
    until(lambda: job.state is JobState.RUNNING)
    job.cancel()
    assert isinstance(errors.get(timeout=WAIT), Cancelled)
    assert job.state is JobState.CANCELLED


def test_queued_work_is_cancelled_without_ever_running(jobs: Jobs) -> None:
    gate, ran = threading.Event(), threading.Event()
    first = jobs.run(Lane.WRITE, "First", stuck_until(gate))
    errors: list[BaseException] = []
    second = jobs.run(Lane.WRITE, "Second", lambda _progress: ran.set(), failed=errors.append)
    second.cancel()
    assert second.state is JobState.CANCELLED
    assert [type(error) for error in errors] == [Cancelled]
    gate.set()
    until(lambda: first.state is JobState.DONE)
    third = jobs.run(Lane.WRITE, "Third", lambda _progress: None)
    until(lambda: third.state is JobState.DONE)
    assert not ran.is_set()
    assert len(errors) == 1


def test_work_that_finishes_in_spite_of_a_cancel_is_done(jobs: Jobs) -> None:
    gate = threading.Event()
    values: Queue[str] = Queue()

    def deaf(_progress: Progress) -> str:
        gate.wait(WAIT)
        return "committed"

    job = jobs.run(Lane.WRITE, "Deaf", deaf, done=values.put)
    until(lambda: job.state is JobState.RUNNING)
    job.cancel()
    gate.set()
    assert values.get(timeout=WAIT) == "committed"
    assert job.state is JobState.DONE


def test_write_work_never_overlaps_and_keeps_its_order(jobs: Jobs) -> None:
    order: list[int] = []
    inside: list[int] = []

    def work(number: int) -> Callable[[Progress], None]:
        def write(_progress: Progress) -> None:
            inside.append(number)
            assert len(inside) == 1
            time.sleep(0.001)
            order.append(number)
            inside.remove(number)

        return write

    written = [jobs.run(Lane.WRITE, str(number), work(number)) for number in range(20)]
    until(lambda: all(job.state.final for job in written))
    assert order == list(range(20))


def test_a_listener_hears_of_every_state_until_it_unsubscribes(jobs: Jobs) -> None:
    heard: list[tuple[str, str]] = []
    stop = jobs.listen(lambda job: heard.append((job.title, job.state.value)))
    gate = threading.Event()
    job = jobs.run(Lane.READ, "One", stuck_until(gate))
    until(lambda: ("One", "running") in heard)
    gate.set()
    until(lambda: ("One", "done") in heard)
    stop()
    other = jobs.run(Lane.READ, "Two", lambda _progress: None)
    until(lambda: other.state.final)
    assert {title for title, _state in heard} == {"One"}
    assert job.state is JobState.DONE


def test_progress_is_told_at_most_twenty_times_a_second_and_is_always_readable(jobs: Jobs) -> None:
    told: list[float] = []
    gate = threading.Event()

    def work(progress: Progress) -> float:
        began = time.monotonic()
        for done in range(1, 3001):
            progress.report(done, 4000, "rows")
            time.sleep(0.0001)
        spent = time.monotonic() - began
        gate.wait(WAIT)
        return spent

    spent: Queue[float] = Queue()
    jobs.listen(lambda job: told.append(job.done) if job.state is JobState.RUNNING else None)
    job = jobs.run(Lane.READ, "Import", work, done=spent.put)
    until(lambda: job.done == 3000)
    assert (job.total, job.note) == (4000, "rows")
    left = job.seconds_left
    assert left is not None
    assert left > 0
    gate.set()
    assert 2 <= len(told) <= spent.get(timeout=WAIT) * 20 + 3


def test_quiet_work_is_neither_listed_nor_told(jobs: Jobs) -> None:
    heard: list[Job] = []
    values: Queue[int] = Queue()
    jobs.listen(heard.append)
    jobs.run(Lane.READ, "Query", lambda _progress: 1, done=values.put, quiet=True)
    assert values.get(timeout=WAIT) == 1
    assert jobs.jobs == ()
    assert heard == []


def test_a_quiet_error_that_nobody_takes_is_reported_as_a_threads_error(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: Queue[BaseException | None] = Queue()
    monkeypatch.setattr(threading, "excepthook", lambda args: reported.put(args.exc_value))

    def work(_progress: Progress) -> None:
        raise ValueError("a bug")

    jobs.run(Lane.READ, "Query", work, quiet=True)
    assert str(reported.get(timeout=WAIT)) == "a bug"


def test_a_fault_in_a_callback_is_reported_and_leaves_the_outcome(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    reported: Queue[BaseException | None] = Queue()
    monkeypatch.setattr(threading, "excepthook", lambda args: reported.put(args.exc_value))

    def take(_value: None) -> None:
        raise ValueError("in the callback")

    job = jobs.run(Lane.READ, "Work", lambda _progress: None, done=take)
    assert str(reported.get(timeout=WAIT)) == "in the callback"
    assert job.state is JobState.DONE


def test_every_callback_goes_through_deliver() -> None:
    posted: Queue[Callable[[], None]] = Queue()
    seen: list[tuple[str, int]] = []
    here = threading.get_ident()
    with Jobs(posted.put) as jobs:
        jobs.listen(lambda job: seen.append((job.state.value, threading.get_ident())))
        job = jobs.run(
            Lane.READ, "Work", lambda _progress: 5, done=lambda n: seen.append((str(n), threading.get_ident()))
        )
        until(lambda: job.state.final)
        assert seen == []
        while not seen or seen[-1][0] != "5":  # a job is over before everyone has been told
            posted.get(timeout=WAIT)()
    assert seen[-1] == ("5", here)
    assert {thread for _what, thread in seen} == {here}


def test_a_listener_that_left_is_not_called_by_what_was_already_posted() -> None:
    posted: Queue[Callable[[], None]] = Queue()
    heard: list[Job] = []
    with Jobs(posted.put) as jobs:
        stop = jobs.listen(heard.append)
        jobs.run(Lane.READ, "Work", lambda _progress: None)
        stop()
    while not posted.empty():
        posted.get()()
    assert heard == []


def test_shutdown_finishes_writes_cancels_the_rest_and_leaves_no_thread() -> None:
    before = set(threading.enumerate())
    jobs = Jobs()
    written: list[int] = []
    read = jobs.run(Lane.READ, "Query", stuck_until(threading.Event()))
    sent = jobs.run(Lane.NETWORK, "Send", stuck_until(threading.Event()))
    for number in range(10):
        jobs.run(Lane.WRITE, "Save", lambda _progress, number=number: written.append(number))  # type: ignore[misc]  # a default binds the loop's value
    jobs.shutdown()
    assert written == list(range(10))
    assert {read.state, sent.state} == {JobState.CANCELLED}
    assert set(threading.enumerate()) <= before
    with pytest.raises(RuntimeError):
        jobs.run(Lane.READ, "Late", lambda _progress: None)


def test_only_the_last_finished_jobs_are_kept(jobs: Jobs) -> None:
    ran = [jobs.run(Lane.READ, str(number), lambda _progress: None) for number in range(80)]
    until(lambda: all(job.state.final for job in ran))
    until(lambda: len(jobs.jobs) == 50)
