"""SIGKILL while a thousand questions are asked: each is stored once or listed, and the budget is never passed."""

import json
import random
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from tests.chat_service import Behaviour, Case, ChatService, Fault, Good, Received
from tests.reliability.generation_runs import BUDGET, ITEMS, PRICE
from tests.workflows.generation import WHO, import_pairs

from accord.domain.generation import ItemState, RunState
from accord.storage import generations, listing
from accord.workflows import keeping, projects

ROOT = Path(__file__).resolve().parents[2]
NORMAL, LONG = 10, 200
BAD = (
    *(Fault.SERVER_ERROR, Fault.BAD_GATEWAY_HTML, Fault.STREAM_CUT, Fault.WRONG_SCHEMA, Fault.REFUSED),
    *(Fault.RATE_LIMIT_MILLISECONDS, Fault.FINISH_MISSING, Fault.FINISH_LENGTH, Fault.CHOICES_EMPTY),
)
WORDS = [f"{a}{b}{c}" for a in "bdfglmnprst" for b in "aeiou" for c in ("rk", "lm", "nt", "sh")]


def _words(number: int, count: int) -> str:
    return " ".join(random.Random(number).choices(WORDS, k=count))


def _script(turn: int, received: Received) -> Behaviour:
    """Answer eight questions of ten; what is said names the question and the asking, so that no two are the same."""
    asked = json.loads(received.raw)["messages"][-1]["content"]
    number = int(re.findall(r"Question (\d+)", asked)[-1])
    good = Good(json.dumps({"answer": f"Answer {turn} to {number}: {_words(100_000 + turn, 12)}"}))
    dice = random.Random(turn)
    return good if dice.random() < 0.8 else Case(dice.choice(BAD), good=good)


class Killed:
    """A project whose program is killed while it asks."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "clinic.accord"
        self.dice = random.Random(7)
        self.kills = 0
        project = projects.new_project(path=self.path, who=WHO)
        import_pairs(project, folder, [(f"Question {n}: {_words(n, 12)}?", "") for n in range(ITEMS)])
        project.close()

    def life(self, service: ChatService, seconds: float | None) -> bool:
        """Run the program until it ends, or for so long after its first question; say whether it ended."""
        before = len(service.requests)
        words = [sys.executable, "-m", "tests.reliability.generation_runs", str(self.path), service.base_url]
        program = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE)
        if seconds is not None:
            deadline = time.monotonic() + 60
            while program.poll() is None and len(service.requests) == before and time.monotonic() < deadline:
                time.sleep(0.002)
            time.sleep(seconds)
            if program.poll() is None:
                self.kills += 1
            program.kill()
        said = program.communicate(timeout=600)[0].decode()
        assert program.returncode == -9 or said == "done", said
        return said == "done"

    def check(self, service: ChatService, *, done: bool) -> Counter[ItemState]:
        """Fail unless the project is whole, each item is stored once or not at all, and the budget is kept."""
        project = projects.open_project(path=self.path)
        try:
            assert keeping.inspect(project=project) == []
            with project.read() as view:
                (run,) = generations.runs(view)
                items = generations.items(view, run.id)
                rows = [row for row in listing.iterate(view) if row.origin == "generated"]
            numbers = Counter(re.findall(r"Question (\d+):", row.content.request)[0] for row in rows)
            states = Counter(item.state for item in items)
            assert len(items) == ITEMS
            assert set(numbers.values()) <= {1}
            assert len(rows) == states[ItemState.STORED]
            assert run.outcome.new == len(rows)
            prompt, answer = service.billed
            billed = (PRICE.prompt * prompt + PRICE.answer * answer) / 1_000_000
            assert billed <= run.cost <= BUDGET
            if done:
                assert run.state is RunState.DONE
                assert set(states) <= {ItemState.STORED, ItemState.FAILED}
            return states
        finally:
            project.close()


def _killed(folder: Path, kills: int, longest: float) -> tuple[Killed, Counter[ItemState]]:
    killed = Killed(folder)
    with ChatService(script=_script) as service:
        ended = False
        while killed.kills < kills and not ended:
            ended = killed.life(service, killed.dice.random() * longest)
            if not ended:
                killed.check(service, done=False)
        if not ended:
            killed.life(service, None)
        states = killed.check(service, done=True)
    return killed, states


@pytest.mark.usefixtures("light_checks")
@pytest.mark.timeout(600)
def test_each_item_of_a_killed_run_is_stored_once(tmp_path: Path) -> None:
    killed, states = _killed(tmp_path, NORMAL, 0.5)
    assert killed.kills == NORMAL
    assert states[ItemState.STORED] > ITEMS // 2


@pytest.mark.long
@pytest.mark.usefixtures("light_checks")
@pytest.mark.timeout(7200)
def test_200_kills_of_a_run_of_a_thousand_items(tmp_path: Path) -> None:
    started = time.monotonic()
    killed, states = _killed(tmp_path, LONG, 0.04)
    print(  # noqa: T201  (what `prove` prints)
        f"{killed.kills} SIGKILLs while {ITEMS} questions were asked: {dict(states)}, none stored twice, "
        f"the budget kept, {time.monotonic() - started:.0f} s"
    )
    assert killed.kills == LONG
