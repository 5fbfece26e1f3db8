"""Whatever is done, killed or taken over in whatever order, no question is lost or doubled, and no cost goes unseen."""

import tempfile
from collections import Counter
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.storage.conftest import WHO
from tests.storage.runs import begun, reply, setback

from accord.domain.generation import Asked, ItemState, Made, Outcome, Reply, Setback, Start
from accord.storage import generations, owners, sendings
from accord.storage.generations import RunBusy, RunChanged, RunTaken
from accord.storage.project import Project, create_project

CENTS = st.integers(0, 40).map(lambda cents: Decimal(cents) / 1000)
PROGRAMS = st.integers(0, 2)


class Run(RuleBasedStateMachine):
    """Three programs ask the questions of one run; each may die at any moment, and any may take the run over.

    The model of it: the state of each question, what was put aside and what was spent, and whose the run is.
    """

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.folder = tempfile.TemporaryDirectory()
        self.project: Project = create_project(Path(self.folder.name) / "p.accord")
        self.alive: dict[int, int] = {0: 0, 1: 0, 2: 0}  # how often each was started anew
        self.patch.setattr(owners, "is_alive", lambda owner, _since: owner in map(self.name, self.alive))
        self.held_by: str | None = None
        self.states: dict[int, ItemState] = {}
        self.aside: dict[int, Decimal] = {}
        self.spent: dict[int, Decimal] = {}
        self.sent, self.made = 0, Counter[int]()

    def name(self, program: int) -> str:
        """Return what names a program as it runs now."""
        return f"here:{program}:{self.alive[program]}"

    def act_as(self, program: int) -> bool:
        """Let a program act; return whether the run is its own."""
        self.patch.setattr(owners, "this_program", lambda: self.name(program))
        return self.held_by == self.name(program)

    def some(self, data: st.DataObject, *states: ItemState) -> list[int]:
        found = [number for number, state in self.states.items() if state in states]
        return sorted(data.draw(st.sets(st.sampled_from(found)))) if found else []

    @initialize(count=st.integers(1, 6), program=PROGRAMS)
    def begin(self, count: int, program: int) -> None:
        self.act_as(program)
        self.run = begun(self.project, WHO, *(Start(seed=n) for n in range(1, count + 1)))
        self.held_by = self.name(program)
        self.states = dict.fromkeys(range(1, count + 1), ItemState.WAITING)
        self.spent = dict.fromkeys(self.states, Decimal(0))

    @rule(program=PROGRAMS)
    def die(self, program: int) -> None:
        self.alive[program] += 1

    @rule(program=PROGRAMS)
    def resume(self, program: int) -> None:
        own = self.act_as(program)
        busy = not own and self.held_by in [self.name(one) for one in self.alive]
        try:
            with self.project.write(WHO) as unit:
                generations.resume(unit, self.run)
                unit.commit()
        except RunBusy:
            assert busy or own
            return
        finally:
            generations.ended(unit.act)
        assert not busy
        self.held_by = self.name(program)
        for number, put in self.aside.items():
            self.spent[number] += put
            self.states[number] = ItemState.WAITING
        self.aside = {}

    @rule(program=PROGRAMS, data=st.data(), committed=st.booleans())
    def ask(self, program: int, data: st.DataObject, *, committed: bool) -> None:
        own, numbers = self.act_as(program), self.some(data, ItemState.WAITING)
        asked = [Asked(number=n, asked="h", aside=data.draw(CENTS)) for n in numbers]
        with suppress(RunTaken), self.project.write(WHO) as unit:
            generations.asking(unit, self.run, asked)
            assert own
            if committed:
                unit.commit()
                self.states |= dict.fromkeys(numbers, ItemState.ASKED)
                self.aside |= {one.number: one.aside for one in asked}
                self.sent += len(asked)

    @rule(program=PROGRAMS, data=st.data())
    def ask_what_does_not_wait(self, program: int, data: st.DataObject) -> None:
        numbers = self.some(data, ItemState.ASKED, ItemState.ANSWERED, ItemState.STORED, ItemState.FAILED)
        if self.act_as(program) and numbers:
            with pytest.raises(RunChanged), self.project.write(WHO) as unit:
                generations.asking(unit, self.run, [Asked(number=n, asked="h") for n in numbers])

    @rule(program=PROGRAMS, data=st.data(), committed=st.booleans())
    def tell(self, program: int, data: st.DataObject, *, committed: bool) -> None:
        own, numbers = self.act_as(program), self.some(data, ItemState.ASKED)
        states, costs = dict[int, ItemState](), dict[int, Decimal]()
        came: list[Reply | Setback] = []
        for number in numbers:
            costs[number] = min(data.draw(CENTS), self.aside[number])
            states[number] = data.draw(st.sampled_from([ItemState.ANSWERED, ItemState.FAILED, ItemState.WAITING]))
            if states[number] is ItemState.ANSWERED:
                came.append(reply(number, cost=str(costs[number])))
            else:
                final = states[number] is ItemState.FAILED
                came.append(setback(number, cost=str(costs[number]), final=final))
        with suppress(RunTaken), self.project.write(WHO) as unit:
            generations.told(unit, self.run, came)
            assert own
            if committed:
                unit.commit()
                self.states |= states
                for number in numbers:
                    self.spent[number] += costs[number]
                    del self.aside[number]

    @rule(program=PROGRAMS, data=st.data(), committed=st.booleans())
    def store(self, program: int, data: st.DataObject, *, committed: bool) -> None:
        own, numbers = self.act_as(program), self.some(data, ItemState.ANSWERED)
        with suppress(RunTaken), self.project.write(WHO) as unit:
            made = [Made(100 + number, number, (number,)) for number in numbers]
            generations.stored(unit, self.run, dict.fromkeys(numbers, Outcome(new=1)), made)
            assert own
            if committed:
                unit.commit()
                self.states |= dict.fromkeys(numbers, ItemState.STORED)
                self.made.update(numbers)

    @rule(program=PROGRAMS, data=st.data())
    def store_what_is_stored(self, program: int, data: st.DataObject) -> None:
        numbers = self.some(data, ItemState.STORED, ItemState.FAILED, ItemState.WAITING)
        if self.act_as(program) and numbers:
            with pytest.raises(RunChanged), self.project.write(WHO) as unit:
                generations.stored(unit, self.run, dict.fromkeys(numbers, Outcome(new=1)), [])

    @rule(program=PROGRAMS)
    def stop(self, program: int) -> None:
        own = self.act_as(program)
        with suppress(RunTaken), self.project.write(WHO) as unit:
            generations.stop(unit, self.run)
            unit.commit()
            assert own
            self.held_by = None

    @invariant()
    def it_is_as_the_model_says(self) -> None:
        if not self.states:
            return
        with self.project.read() as view:
            items = generations.items(view, self.run)
            assert {item.number: item.state for item in items} == self.states
            assert {item.number: item.cost for item in items} == self.spent
            assert {item.number: item.aside for item in items if item.aside} == {
                n: a for n, a in self.aside.items() if a
            }
            total = sum(self.spent.values(), Decimal(0)) + sum(self.aside.values(), Decimal(0))
            assert generations.spent(view, self.run) == total
            answered = [n for n, state in self.states.items() if state is ItemState.ANSWERED]
            assert [one.number for one in generations.replies(view, self.run)] == answered
            assert Counter(one.number for one in generations.made(view, self.run)) == self.made
            assert len(sendings.listed(view)) == self.sent
            facts = generations.run(view, self.run)
            assert facts is not None
            assert facts.items == Counter(self.states.values())
            assert facts.outcome.new == self.made.total()

    def teardown(self) -> None:
        self.patch.undo()
        self.project.close()
        self.folder.cleanup()


TestRun = Run.TestCase
TestRun.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
