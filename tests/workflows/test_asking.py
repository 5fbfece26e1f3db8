"""A run of questions: each ends answered or listed, the budget is never passed, and the service is given its time."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.domain.chat import THEN as RULES
from accord.domain.chat import Answer, Failure, Offered, Question, Room, Then, Trouble, Usage
from accord.domain.spending import FREE, Budget, Price
from accord.workflows import asking
from accord.workflows.asking import Asking, Ending, Item, Result

PRICE = Price(prompt=Decimal(1_000_000), answer=Decimal(2_000_000))  # a dollar a token read, two a token written
MOST = Decimal(30)
USUAL, ALL_ROOM = Usage(2, 4), Room()
Reply = Callable[[int, Question], Answer | Failure]


@pytest.fixture(autouse=True)
def _no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_BACK_OFF", 0.001)
    monkeypatch.setattr(asking, "_LONGEST_WAIT", 0.05)
    monkeypatch.setattr(asking, "_LOOK_SECONDS", 0.01)


class Scripted:
    """A service that answers as it is told; it counts what was asked, and how many at once."""

    def __init__(self, reply: Reply) -> None:
        self.reply, self.asked, self.times, self.most = reply, [0] * 2000, list[float](), 0
        self._now, self._lock = 0, threading.Lock()

    def models(self) -> Sequence[Offered]:
        return []

    def close(self) -> None:
        pass

    def ask(self, question: Question, stop: threading.Event) -> Answer | Failure:
        number = int(question.messages[0]["content"])
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
            self.asked[number] += 1
            turn = self.asked[number]
            self.times.append(time.monotonic())
        stop.wait(0.001)
        with self._lock:
            self._now -= 1
        return self.reply(turn, question)


class Kept:
    """Keeps a run in memory; ``owed``: what the questions under way can cost."""

    def __init__(self) -> None:
        self.started: dict[int, int] = {}
        self.results: list[Result] = []
        self.at_worst = Decimal(0)
        self._owed, self._spent = Decimal(0), Decimal(0)

    def asking(self, items: Sequence[Item]) -> None:
        for item in items:
            self.started[item.number] = self.started.get(item.number, 0) + 1
            self._owed += item.most
        self.at_worst = max(self.at_worst, self._spent + self._owed)

    def told(self, results: Sequence[Result]) -> None:
        self.results += results
        for result in results:
            self._owed -= result.item.most
            self._spent += result.cost

    def final(self) -> dict[int, Result]:
        found = [result for result in self.results if result.final]
        assert len({result.item.number for result in found}) == len(found)
        return {result.item.number: result for result in found}


def answer(question: Question, *, usage: Usage | None = USUAL, room: Room = ALL_ROOM) -> Answer:
    words = question.messages[0]["content"]
    return Answer(text=words, model="m", usage=usage, request_id="", raw={}, seconds=0.0, room=room)


def items(count: int) -> list[Item]:
    questions = [
        Question(model="m", messages=[{"role": "user", "content": str(n)}], most_tokens=9) for n in range(count)
    ]
    return [Item(number=number, question=question, most=MOST) for number, question in enumerate(questions)]


def run(reply: Reply, count: int, *, most: Decimal | None = None) -> tuple[Ending, Kept, Scripted, Budget]:
    service, kept, budget = Scripted(reply), Kept(), Budget(most)
    price = PRICE if most is not None else FREE
    asked = Asking(service=service, price=price, budget=budget, keeper=kept, stop=threading.Event())
    return asked.run(items(count)), kept, service, budget


def test_every_question_is_asked_once_and_answered() -> None:
    ending, kept, service, _budget = run(lambda _turn, question: answer(question), 200)
    assert ending == Ending()
    assert sorted(kept.final()) == list(range(200))
    assert service.asked[:200] == [1] * 200
    assert 1 < service.most <= asking.MOST_AT_ONCE


@pytest.mark.parametrize("trouble", sorted(RULES))
def test_what_fails_once_is_answered_or_listed_or_stops_the_run(trouble: Trouble) -> None:
    def reply(turn: int, question: Question) -> Answer | Failure:
        first = turn == 1 and question.messages[0]["content"] == "3"
        return Failure(trouble=trouble, parameter="seed") if first else answer(question)

    ending, kept, service, _budget = run(reply, 20)
    then = RULES[trouble]
    if then is Then.STOP:
        assert ending.why is not None
        assert ending.why.trouble is trouble
        assert 3 not in kept.final()
        return
    assert ending == Ending()
    assert sorted(kept.final()) == list(range(20))
    answered = isinstance(kept.final()[3].outcome, Answer)
    assert answered is (then is not Then.LEAVE)
    assert service.asked[3] == (1 if then is Then.LEAVE else 2)


@pytest.mark.parametrize(("trouble", "tries"), [(Trouble.EMPTY, asking.TRIES), (Trouble.RATE_LIMIT, asking.PATIENCE)])
def test_what_always_fails_is_listed_with_its_reason_and_the_others_are_answered(trouble: Trouble, tries: int) -> None:
    def reply(_turn: int, question: Question) -> Answer | Failure:
        return Failure(trouble=trouble) if question.messages[0]["content"] == "0" else answer(question)

    ending, kept, service, _budget = run(reply, 10)
    assert ending == Ending()
    found = kept.final()
    assert [number for number, result in found.items() if isinstance(result.outcome, Failure)] == [0]
    assert service.asked[0] == tries


def test_a_service_that_is_not_there_is_not_asked_a_thousand_times() -> None:
    ending, kept, service, _budget = run(
        lambda _turn, _question: Failure(trouble=Trouble.UNREACHABLE, sent=False), 1000
    )
    assert ending.why is not None
    assert ending.why.trouble is Trouble.UNREACHABLE
    assert sum(service.asked) < 40
    assert not any(isinstance(result.outcome, Answer) for result in kept.results)


def test_a_parameter_that_is_refused_is_left_out_from_then_on() -> None:
    def reply(_turn: int, question: Question) -> Answer | Failure:
        refused = "temperature" not in question.without
        return Failure(trouble=Trouble.PARAMETER, parameter="temperature", status=400) if refused else answer(question)

    ending, kept, service, _budget = run(reply, 50)
    assert ending == Ending()
    assert len(kept.final()) == 50
    assert sum(service.asked) <= 50 + asking.MOST_AT_ONCE


def test_a_service_that_asks_to_wait_is_left_alone_so_long() -> None:
    waited = 0.04

    def reply(turn: int, question: Question) -> Answer | Failure:
        first = turn == 1 and question.messages[0]["content"] == "0"
        return Failure(trouble=Trouble.RATE_LIMIT, wait=waited, status=429) if first else answer(question)

    service, kept = Scripted(reply), Kept()
    asked = Asking(
        service=service, price=FREE, budget=Budget(None), keeper=kept, stop=threading.Event(), most_at_once=1
    )
    assert asked.run(items(3)) == Ending()
    assert service.times[1] - service.times[0] >= waited


def test_room_that_is_used_up_is_waited_for() -> None:
    empty = Room(requests=0, requests_again=0.04)
    service, kept = Scripted(lambda _turn, question: answer(question, room=empty)), Kept()
    asked = Asking(
        service=service, price=FREE, budget=Budget(None), keeper=kept, stop=threading.Event(), most_at_once=1
    )
    assert asked.run(items(3)) == Ending()
    assert min(b - a for a, b in zip(service.times, service.times[1:], strict=False)) >= 0.04


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    most=st.integers(0, 900),
    failing=st.floats(0, 0.9),
)
def test_the_budget_is_never_passed_even_if_everything_under_way_costs_its_most(
    seed: int, most: int, failing: float
) -> None:
    chance, lock = random.Random(seed), threading.Lock()

    def reply(_turn: int, question: Question) -> Answer | Failure:
        with lock:
            drawn, trouble = chance.random(), chance.choice(sorted(RULES))
            usage = chance.choice([None, Usage(chance.randint(0, 10), chance.randint(0, 10))])
        if drawn < failing and RULES[trouble] is not Then.STOP:
            return Failure(trouble=trouble, parameter="seed", usage=usage, sent=drawn < failing / 2)
        return answer(question, usage=usage)

    ending, kept, _service, budget = run(reply, 30, most=Decimal(most))
    assert kept.at_worst <= most
    assert budget.spent == sum((result.cost for result in kept.results), Decimal(0)) <= most
    assert not budget.waits()
    if not ending.out_of_budget:
        assert sorted(kept.final()) == list(range(30))


def test_a_stop_ends_the_run_and_what_was_answered_is_kept() -> None:
    stop = threading.Event()

    def reply(_turn: int, question: Question) -> Answer | Failure:
        if question.messages[0]["content"] == "40":
            stop.set()
        return Failure(trouble=Trouble.STOPPED) if stop.is_set() else answer(question)

    service, kept = Scripted(reply), Kept()
    ending = Asking(service=service, price=FREE, budget=Budget(None), keeper=kept, stop=stop).run(items(1000))
    assert ending.why is not None
    assert ending.why.trouble is Trouble.STOPPED
    assert 30 <= len(kept.final()) < 200
    assert set(kept.started) - {result.item.number for result in kept.results} == set()


def test_a_fault_of_the_keeper_ends_the_run_and_is_raised() -> None:
    class Full(Kept):
        def told(self, results: Sequence[Result]) -> None:
            raise OSError("the disk is full", len(results))

    service = Scripted(lambda _turn, question: answer(question))
    asked = Asking(service=service, price=FREE, budget=Budget(None), keeper=Full(), stop=threading.Event())
    with pytest.raises(OSError, match="disk is full"):
        asked.run(items(100))
    assert sum(service.asked) <= 2 * asking.MOST_AT_ONCE


def test_a_fault_of_ours_in_asking_is_raised_and_what_was_answered_is_kept() -> None:
    def reply(_turn: int, question: Question) -> Answer | Failure:
        if question.messages[0]["content"] == "30":
            raise ZeroDivisionError
        return answer(question)

    service, kept = Scripted(reply), Kept()
    asked = Asking(service=service, price=FREE, budget=Budget(None), keeper=kept, stop=threading.Event())
    with pytest.raises(ZeroDivisionError):
        asked.run(items(1000))
    assert 20 <= len(kept.final()) < 200
    assert 30 not in kept.final()
