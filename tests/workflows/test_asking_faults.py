"""A run against a service that fails in every way: each item ends answered or listed, and no more is billed than allowed."""

import json
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest
from tests.chat_service import KEY, Behaviour, Case, ChatService, Family, Fault, Good, Received, Script, kinds, mix

from accord.domain.chat import THEN, Answer, Connection, Failure, Question, Then
from accord.domain.spending import Budget, Price
from accord.providers.chat import OpenAIChat
from accord.workflows import asking
from accord.workflows.asking import Asking, Ending, Item, Result

OF_SCHEMA = frozenset({Fault.WRONG_SCHEMA, Fault.SCHEMA_CUT})
PRICE = Price(prompt=Decimal(10), answer=Decimal(30))
SECONDS, MOST_TOKENS = 0.6, 40
MOST = (PRICE.prompt * 60 + PRICE.answer * MOST_TOKENS) / 1_000_000
# What breaks a schema needs one to be asked for: tests/providers/chat/test_faults.py.
SHOWN = tuple(fault for fault in kinds() if fault.family is not Family.ADDRESS and fault not in OF_SCHEMA)
SHORT, LONG = 3, 25
REFUSED = {
    Fault.UNSUPPORTED_PARAMETER: "temperature",
    Fault.UNSUPPORTED_VALUE: "temperature",
    Fault.RESPONSE_FORMAT_REFUSED: "response_format",
}


@pytest.fixture(autouse=True)
def _no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_BACK_OFF", 0.001)
    monkeypatch.setattr(asking, "_LONGEST_WAIT", 0.02)
    monkeypatch.setattr(asking, "_LOOK_SECONDS", 0.01)


class Kept:
    """Keeps what came, in memory."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.results: list[Result] = []

    def asking(self, items: Sequence[Item]) -> None:
        self.asked += [item.number for item in items]

    def told(self, results: Sequence[Result]) -> None:
        self.results += results

    def final(self) -> dict[int, Answer | Failure]:
        found = [(result.item.number, result.outcome) for result in self.results if result.final]
        assert len(dict(found)) == len(found)
        return dict(found)


def _number(received: Received) -> int:
    said = json.loads(received.raw)["messages"][0]["content"]
    return int(said.removeprefix("Question "))


def _good(number: int) -> Good:
    return Good(_text(number))


def _text(number: int) -> str:
    return f'"The answer to {number}."'


def _first(fault: Fault, tries: int) -> Script:
    """Fail each item so many times, then answer it. A parameter that is not sent is not what fails the first time."""
    seen: Counter[int] = Counter()

    def script(_turn: int, received: Received) -> Behaviour:
        number = _number(received)
        if tries == 1 and REFUSED.get(fault, "messages") not in received.fields:
            return _good(number)
        seen[number] += 1
        return Case(fault, good=_good(number)) if seen[number] <= tries else _good(number)

    return script


def _run(
    script: Script, count: int, *, most: Decimal, schema: Mapping[str, str] | None = None
) -> tuple[Ending, Kept, Budget]:
    kept, budget = Kept(), Budget(most)
    with ChatService(script=script) as there:
        service = OpenAIChat(Connection(name="s", base_url=there.base_url), KEY, here_only=True)
        run = Asking(service=service, price=PRICE, budget=budget, keeper=kept, stop=threading.Event())
        started = time.monotonic()
        ending = run.run(_items(count, schema))
        assert time.monotonic() - started < SECONDS * asking.PATIENCE * count + 10
        service.close()
        prompt, answer = there.billed
    billed = (PRICE.prompt * prompt + PRICE.answer * answer) / 1_000_000
    assert billed <= budget.spent <= most
    assert not budget.waits()
    return ending, kept, budget


def _items(count: int, schema: Mapping[str, str] | None) -> list[Item]:
    questions = [
        Question(
            model="gpt-4",
            messages=[{"role": "user", "content": f"Question {n}"}],
            most_tokens=MOST_TOKENS,
            parameters={"temperature": 0.5},
            schema=schema,
            seconds=SECONDS,
        )
        for n in range(count)
    ]
    return [Item(number=number, question=question, most=MOST) for number, question in enumerate(questions)]


def _schema(fault: Fault) -> Mapping[str, str] | None:
    return {"type": "string"} if REFUSED.get(fault) == "response_format" else None


def _check(kept: Kept, ending: Ending, count: int) -> None:
    final = kept.final()
    for number, outcome in final.items():
        if isinstance(outcome, Answer):
            assert outcome.text == _text(number)
    if ending == Ending():
        assert sorted(final) == list(range(count))
    else:
        assert ending.out_of_budget or (ending.why is not None and ending.why.trouble in THEN)
        assert set(final) < set(range(count))


def _fails_and_recovers(fault: Fault, count: int) -> None:
    ending, kept, _budget = _run(_first(fault, 1), count, most=MOST * count * 40, schema=_schema(fault))
    _check(kept, ending, count)
    first = next(result.outcome for result in kept.results)
    if isinstance(first, Failure) and THEN[first.trouble] in {Then.AGAIN, Then.PAUSE, Then.WITHOUT}:
        assert all(isinstance(outcome, Answer) for outcome in kept.final().values())


def _fails_for_ever(fault: Fault, count: int) -> None:
    ending, kept, _budget = _run(_first(fault, 1000), count, most=MOST * count * 40, schema=_schema(fault))
    _check(kept, ending, count)
    if fault is Fault.RATE_LIMIT_DAY:
        assert ending.why is not None
        assert ending.why.wait == 86400
    if not fault.answered:
        assert not any(isinstance(outcome, Answer) for outcome in kept.final().values())


@pytest.mark.parametrize("fault", SHOWN, ids=str)
def test_what_fails_once_is_answered_listed_or_stops_the_run(fault: Fault) -> None:
    _fails_and_recovers(fault, SHORT)


@pytest.mark.parametrize("fault", SHOWN, ids=str)
def test_what_always_fails_is_listed_or_stops_the_run(fault: Fault) -> None:
    _fails_for_ever(fault, SHORT)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("fault", SHOWN, ids=str)
def test_each_fault_many_times(fault: Fault) -> None:
    _fails_and_recovers(fault, LONG)
    _fails_for_ever(fault, LONG)


@pytest.mark.parametrize("seed", range(3))
def test_a_mix_of_all_faults_that_do_not_stop_a_run_stays_within_a_budget_that_is_too_small(seed: int) -> None:
    count = 60
    passing = [fault for fault in SHOWN if fault not in _STOPPING and fault not in _SLOW]
    drawn = mix(seed, [Case(fault) for fault in passing], good=0.5)

    def script(turn: int, received: Received) -> Behaviour:
        behaviour, good = drawn(turn, received), _good(_number(received))
        return Case(behaviour.fault, good=good) if isinstance(behaviour, Case) else good

    ending, kept, budget = _run(script, count, most=MOST * 20)
    _check(kept, ending, count)
    assert ending.out_of_budget or budget.spent <= MOST * 20


_STOPPING = frozenset(
    {
        *(Fault.INSUFFICIENT_QUOTA, Fault.BILLING_LIMIT, Fault.BILLING_NOT_ACTIVE, Fault.PROXY_LOGIN),
        *(Fault.MODEL_NOT_FOUND, Fault.PATH_NOT_FOUND, Fault.INVALID_KEY, Fault.KEY_ECHOED, Fault.KEY_REVOKED),
        *(Fault.REGION_REFUSED, Fault.PERMISSION_REFUSED, Fault.REDIRECT_ELSEWHERE, Fault.REDIRECT_LOOP),
    }
)
_SLOW = frozenset({Fault.HUGE_ANSWER, Fault.DRIP, Fault.NO_REPLY, Fault.SILENT_AFTER_HEADERS, Fault.STREAM_STALLS})
