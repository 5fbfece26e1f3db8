"""A run of generated candidates is kept question by question, and nothing of it is lost, doubled or spent unseen."""

import platform
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa
from tests.storage.conftest import WHO, bring_in, record
from tests.storage.runs import PASSAGE, PLAN, RECIPE, begun, link, reply, setback

from accord.domain.chat import Trouble, Usage
from accord.domain.generation import Asked, ItemState, Made, Outcome, Reply, RunItem, RunState, Sent, Setback, Start
from accord.domain.recipes import Makes
from accord.domain.records import RawRecord
from accord.domain.review import Judgement, Origin, Verdict
from accord.storage import events, generations, health, imports, listing, owners, reviews, schema, sendings, states
from accord.storage.project import Project, open_project
from accord.workflows import keeping, undoing

DRAFTS = replace(PLAN, recipe=replace(RECIPE, name="draft", makes=Makes.ANSWER))


def _ask(project: Project, run_id: int, *numbers: int, aside: str = "0.02", tries: int = 1) -> None:
    with project.write(WHO) as unit:
        asked = [Asked(number=n, asked=f"hash{n}", aside=Decimal(aside), tries=tries, replaced=n) for n in numbers]
        generations.asking(unit, run_id, asked)
        unit.commit()


def _tell(project: Project, run_id: int, *came: Reply | Setback) -> None:
    with project.write(WHO) as unit:
        generations.told(unit, run_id, came)
        unit.commit()


def _resume(project: Project, run_id: int) -> None:
    with project.write(WHO) as unit:
        try:
            generations.resume(unit, run_id)
            unit.commit()
        finally:
            generations.ended(unit.act)


def _item(project: Project, run_id: int, number: int) -> RunItem:
    with project.read() as view:
        return next(item for item in generations.items(view, run_id) if item.number == number)


def _die(monkeypatch: pytest.MonkeyPatch, *, host: str = platform.node(), number: int = 999_999_999) -> None:
    """Let what is begun from here on be another program's, which runs no more where the host is this one."""
    monkeypatch.setattr(owners, "this_program", lambda: f"{host}:{number}:17")


def test_a_run_comes_back_as_it_was_begun(project: Project) -> None:
    starts = [
        Start(seed=4, shown=(2, 3), count=5, group="patient \0 é"),
        Start(passage=PASSAGE, count=3, group="leaflet.pdf"),
        Start(tag="dosage"),
    ]
    run_id = begun(project, WHO, *starts)
    with project.read() as view:
        facts = generations.run(view, run_id)
        assert facts is not None
        assert facts.plan == PLAN
        assert facts.plan.recipe.version == RECIPE.version
        assert (facts.state, facts.author, facts.cost) == (RunState.RUNNING, "ana", Decimal(0))
        assert facts.items == {ItemState.WAITING: 3}
        assert generations.items(view, run_id) == [RunItem(number=n, start=s) for n, s in enumerate(starts, 1)]
        assert generations.runs(view) == [facts]
        assert generations.run(view, 99) is None
        assert [e.refs for e in events.walk(view)] == [{"run": run_id, "recipe": RECIPE.version, "items": 3}]
    free = replace(PLAN, budget=None, consent=None, parameters={}, surrogates=False)
    other = begun(project, WHO, plan=free)
    with project.read() as view:
        assert [(one.id, one.plan) for one in generations.runs(view)] == [(other, free), (run_id, PLAN)]


def test_an_item_goes_from_waiting_to_stored(project: Project) -> None:
    run_id = begun(project, WHO, Start(passage=PASSAGE), Start(seed=1))
    _ask(project, run_id, 1, 2, aside="0.10")
    with project.read() as view:
        assert generations.spent(view, run_id) == Decimal("0.20")
        assert [item.state for item in generations.items(view, run_id)] == [ItemState.ASKED] * 2
        assert [(one.run, one.number, one.host, one.asked, one.replaced) for one in sendings.listed(view)] == [
            (run_id, n, "chat.example:8443", f"hash{n}", n) for n in (1, 2)
        ]
    whole = reply(1, text='{"pairs": "\0 \ud800 高"}', cost="0.07")
    _tell(project, run_id, whole, setback(2, cost="0.005", final=False))
    with project.read() as view:
        assert generations.replies(view, run_id) == [whole]
        assert generations.spent(view, run_id) == Decimal("0.075")
        assert generations.items(view, run_id, [ItemState.ANSWERED])[0].start.passage == PASSAGE
    again = _item(project, run_id, 2)
    assert (again.state, again.trouble, again.said) == (ItemState.WAITING, Trouble.SERVER, "It \0 failed.")
    _ask(project, run_id, 2, tries=2)
    _tell(project, run_id, setback(2, Trouble.REFUSED))
    assert _item(project, run_id, 2).state is ItemState.FAILED
    assert _item(project, run_id, 2).tries == 2
    with project.write(WHO) as unit:
        outcome = Outcome(new=2, duplicate=1, near=1, refused={"close to held-out": 1})
        generations.stored(unit, run_id, {1: outcome}, [Made(5, 1, (3, 4)), Made(6, 1)], import_id=1)
        generations.done(unit, run_id, {"temperature"})
        unit.commit()
    with project.read() as view:
        assert generations.replies(view, run_id) == []
        item = generations.items(view, run_id, [ItemState.STORED])[0]
        assert item.outcome == outcome
        assert item.usage == Usage(100, 20)
        assert item.start.passage == replace(PASSAGE, text="")
        assert generations.made(view, run_id) == [Made(5, 1, (3, 4)), Made(6, 1)]
        assert generations.seeds_of(view, [5, 6, 7]) == {5: (3, 4)}
        facts = generations.run(view, run_id)
        assert facts is not None
        assert (facts.state, facts.without, facts.outcome) == (RunState.DONE, frozenset({"temperature"}), outcome)
        assert not facts.alive
    with pytest.raises(generations.RunIsDone):
        _resume(project, run_id)


def test_an_answer_that_turns_out_not_to_count_is_asked_again_or_listed(project: Project) -> None:
    run_id = begun(project, WHO, Start(), Start())
    _ask(project, run_id, 1, 2)
    _tell(project, run_id, reply(1), reply(2))
    wrong = setback(1, Trouble.WRONG_FORM)
    _tell(project, run_id, wrong, replace(wrong, number=2, final=False))
    with project.read() as view:
        assert generations.replies(view, run_id) == []
        assert [i.state for i in generations.items(view, run_id)] == [ItemState.FAILED, ItemState.WAITING]
        assert generations.spent(view, run_id) == Decimal("0.02")
        facts = generations.run(view, run_id)
        assert facts is not None
        assert facts.items == {ItemState.FAILED: 1, ItemState.WAITING: 1}


def test_what_a_dead_program_had_under_way_waits_again_and_counts_as_spent(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        _die(patched)
        run_id = begun(project, WHO, Start(), Start(), Start())
        _ask(project, run_id, 1, 2, aside="0.30")
        _tell(project, run_id, reply(1, cost="0.11"))
    with project.read() as view:
        assert generations.abandoned(view) == [run_id]
    _resume(project, run_id)
    with project.read() as view:
        assert [i.state for i in generations.items(view, run_id)] == [
            ItemState.ANSWERED,
            ItemState.WAITING,
            ItemState.WAITING,
        ]
        assert [i.cost for i in generations.items(view, run_id)] == [Decimal("0.11"), Decimal("0.30"), Decimal(0)]
        assert generations.spent(view, run_id) == Decimal("0.41")
        assert len(generations.replies(view, run_id)) == 1


def test_a_run_that_another_program_asks_is_not_taken_over(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        _die(patched, host="elsewhere")  # a machine that cannot be asked: it may run
        run_id = begun(project, WHO, Start())
    with pytest.raises(generations.RunBusy, match="elsewhere"):
        _resume(project, run_id)
    with pytest.raises(generations.RunTaken):
        _ask(project, run_id, 1)
    with project.read() as view:
        assert generations.abandoned(view) == []
        assert generations.spent(view, run_id) == 0
        assert sendings.listed(view) == []


def test_a_second_window_of_one_program_does_not_take_it_over_either(project: Project) -> None:
    with project.write(WHO) as unit:
        run_id = generations.begin(unit, PLAN, [Start()])
        unit.commit()
    with pytest.raises(generations.RunBusy):
        _resume(project, run_id)
    with project.read() as view:
        assert generations.abandoned(view) == []
        assert generations.runs(view)[0].alive
    generations.ended(unit.act)
    _resume(project, run_id)


def test_who_was_taken_for_dead_writes_no_more(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        _die(patched)
        run_id = begun(project, WHO, Start())
        _ask(project, run_id, 1)
    _resume(project, run_id)
    _die(monkeypatch)
    with pytest.raises(generations.RunTaken):
        _tell(project, run_id, reply(1))
    with project.read() as view:
        assert generations.replies(view, run_id) == []


def test_a_stopped_run_says_why_and_goes_on(project: Project) -> None:
    run_id = begun(project, WHO, Start())
    with project.write(WHO) as unit:
        generations.stop(unit, run_id, "The account has no credit left. \ud800", {"seed", "logprobs"})
        unit.commit()
    with pytest.raises(generations.RunTaken):
        _ask(project, run_id, 1)
    with project.read() as view:
        facts = generations.run(view, run_id)
        assert facts is not None
        assert (facts.state, facts.why) == (RunState.STOPPED, "The account has no credit left. ?")
        assert facts.without == {"seed", "logprobs"}
        assert generations.abandoned(view) == []
    _resume(project, run_id)
    _ask(project, run_id, 1)
    with pytest.raises(ValueError, match="neither"), project.write(WHO) as unit:
        generations.done(unit, run_id)
    with pytest.raises(generations.NoRun):
        _resume(project, 77)


def test_what_is_not_committed_was_not_asked_and_not_stored(project: Project) -> None:
    run_id = begun(project, WHO, Start())
    with project.write(WHO) as unit:
        generations.asking(unit, run_id, [Asked(number=1, asked="h", aside=Decimal(1))])
    assert _item(project, run_id, 1) == RunItem(number=1, start=Start())
    _ask(project, run_id, 1)
    _tell(project, run_id, reply(1))
    with project.write(WHO) as unit:
        generations.stored(unit, run_id, {1: Outcome(new=1)}, [Made(1, 1)])
    with project.read() as view:
        assert len(generations.replies(view, run_id)) == 1
        assert generations.made(view, run_id) == []
    link(project, WHO, run_id, 1, {1: ()})
    with pytest.raises(generations.RunChanged):
        link(project, WHO, run_id, 1, {1: ()})
    with pytest.raises(generations.RunChanged):
        _ask(project, run_id, 1)


def _candidates(
    project: Project, run_id: int, number: int, rows: Sequence[RawRecord], seeds: tuple[int, ...] = ()
) -> list[int]:
    """Bring candidates in as one import, with the item they came of; returns their numbers."""
    with project.write(WHO) as unit:
        import_id = imports.begin(unit, file="gpt-4.1", sha256="", format_name="generated", encoding="", mapping={})
        tally = imports.add_rows(unit, import_id, list(rows), origin=Origin.GENERATED)
        imports.finish(unit, import_id, tally)
        query = sa.select(schema.occurrence.c.seq).where(schema.occurrence.c.import_id == import_id)
        seqs = sorted(unit.connection.execute(query).scalars())
        made = [Made(seq, number, seeds) for seq in seqs]
        generations.stored(unit, run_id, {number: Outcome(new=len(made))}, made, import_id)
        unit.commit()
    imports.ended(unit.act)
    return seqs


def _drafted(project: Project, *seeds: int) -> tuple[int, list[int]]:
    run_id = begun(project, WHO, *(Start(seed=seed) for seed in seeds), plan=DRAFTS)
    _ask(project, run_id, *range(1, len(seeds) + 1))
    _tell(project, run_id, *(reply(n) for n in range(1, len(seeds) + 1)))
    found = []
    for number, seed in enumerate(seeds, start=1):
        found += _candidates(project, run_id, number, [record(1, f"Q{seed}", f"draft of run {run_id}")], (seed,))
    return run_id, found


def test_a_request_is_drafted_while_its_draft_lives(project: Project) -> None:
    bring_in(project, [record(n, f"Q{n}", "") for n in range(1, 5)])
    _run, (first, second, _third) = _drafted(project, 1, 2, 3)
    with project.read() as view:
        assert generations.drafted(view) == {1, 2, 3}
    with project.write(WHO) as unit:
        reviews.append(unit, first, Judgement(verdict=Verdict.REJECT), listing.base_of(unit, first), reviewer="ana")
        states.refresh(unit, [first])
        unit.commit()
    with project.read() as view:
        assert generations.drafted(view) == {2, 3}
    undoing.undo(project=project, who=WHO)  # the import of the third
    with project.read() as view:
        assert generations.drafted(view) == {2}
    keeping.purge(project=project, who=WHO, example_id=_id(project, second), reason="withdrawn")
    with project.read() as view:
        assert generations.drafted(view) == set()
        (facts,) = generations.runs(view)
        assert facts.undone == 1
        assert facts.outcome.new == 3
        assert health.problems(view) == []


def _id(project: Project, seq: int) -> str:
    """Return the id of an example."""
    with project.read() as view:
        return listing.ids_of(view, [seq])[0]


def test_variations_are_no_drafts(project: Project) -> None:
    bring_in(project, [record(1, "Q1")])
    run_id = begun(project, WHO, Start(seed=1))
    _ask(project, run_id, 1)
    _tell(project, run_id, reply(1))
    _candidates(project, run_id, 1, [record(1, "Q1, in other words")], (1,))
    with project.read() as view:
        assert generations.drafted(view) == set()
        assert generations.families(view) == {1: 1, 2: 1}


def test_what_came_of_what_came_of_a_seed_is_of_one_family(project: Project) -> None:
    run_id = begun(project, WHO, *(Start() for _n in range(4)))
    _ask(project, run_id, 1, 2, 3, 4)
    _tell(project, run_id, *(reply(n) for n in range(1, 5)))
    each: list[dict[int, tuple[int, ...]]] = [{9: (7,)}, {8: (9,)}, {4: (5,), 6: ()}, {10: (5, 11)}]
    for number, made in enumerate(each, start=1):
        link(project, WHO, run_id, number, made)
    with project.read() as view:
        assert generations.families(view) == {7: 7, 8: 7, 9: 7, 4: 4, 5: 4, 10: 4, 11: 4}


def _words(project: Project) -> str:
    """Return all that the tables of runs hold, as one text."""
    tables = (schema.generation, schema.generation_item, schema.generation_reply, schema.generation_source)
    with project.read() as view:
        return "\n".join(repr(tuple(row)) for t in tables for row in view.connection.execute(sa.select(t)))


def test_a_purge_takes_its_text_out_of_the_runs(project: Project) -> None:
    bring_in(project, [record(n, f"Q{n}") for n in range(1, 5)])
    starts = [
        Start(seed=2, group="Ms Secret"),
        Start(seed=2, group="Ms Secret"),
        Start(seed=1, shown=(3, 2, 4)),
        Start(seed=1, shown=(2,)),
        Start(seed=2, passage=replace(PASSAGE, text="secret passage")),
        Start(seed=22, shown=(12, 23)),
    ]
    run_id = begun(project, WHO, *starts)
    _ask(project, run_id, 1, 2, 3, 4, 6)
    _tell(project, run_id, reply(1, text="a secret"), replace(setback(2, final=False), said="a secret"))
    _tell(project, run_id, reply(3, text="a secret too"), reply(6, text="of others"))
    keeping.purge(project=project, who=WHO, example_id=_id(project, 2), reason="withdrawn")
    assert "ecret" not in _words(project)
    with project.read() as view:
        found = generations.items(view, run_id)
        waits = [ItemState.FAILED] * 3 + [ItemState.ASKED, ItemState.FAILED, ItemState.ANSWERED]
        assert [item.state for item in found] == waits
        assert {item.trouble for item in found[:3]} == {Trouble.DELETED}
        assert [item.start for item in found] == [
            *(Start(), Start(), Start(seed=1, shown=(3, 4)), Start(seed=1)),
            *(Start(), Start(seed=22, shown=(12, 23))),
        ]
        assert [one.number for one in generations.replies(view, run_id)] == [6]
        assert health.problems(view) == []


def test_an_answer_about_a_purged_example_is_paid_for_and_not_kept(project: Project) -> None:
    bring_in(project, [record(1, "Q1"), record(2, "Q2")])
    run_id = begun(project, WHO, Start(seed=1), Start(seed=2))
    _ask(project, run_id, 1, aside="0.50")
    keeping.purge(project=project, who=WHO, example_id=_id(project, 1), reason="withdrawn")
    _tell(project, run_id, reply(1, text="a secret", cost="0.20"))
    with project.read() as view:
        assert generations.replies(view, run_id) == []
        assert generations.spent(view, run_id) == Decimal("0.20")
    keeping.purge(project=project, who=WHO, example_id=_id(project, 2), reason="withdrawn")
    with pytest.raises(generations.RunChanged):
        _ask(project, run_id, 2)


def test_the_number_of_a_purged_seed_or_candidate_is_never_another_s(project: Project) -> None:
    bring_in(project, [record(1, "Q1"), record(2, "Q2", "")])
    _run, (candidate,) = _drafted(project, 2)
    for seq in (candidate, 2):
        keeping.purge(project=project, who=WHO, example_id=_id(project, seq), reason="withdrawn")
    bring_in(project, [record(1, "another")])
    with project.read() as view:
        assert list(listing.seqs(view)) == [1, candidate + 1]
        assert generations.families(view) == {2: 2, candidate: 2}


def test_inspect_tells_of_an_answer_without_its_question_and_of_a_question_without_its_answer(project: Project) -> None:
    run_id = begun(project, WHO, Start(), Start())
    _ask(project, run_id, 1, 2)
    _tell(project, run_id, reply(1), reply(2))
    table = schema.generation_reply
    with project.write(WHO) as unit:
        unit.connection.execute(sa.delete(table).where(table.c.number == 1))
        unit.connection.execute(sa.insert(table).values(generation_id=run_id, number=7, value="{}", at=unit.at))
        unit.commit()
    with project.read() as view:
        assert health.problems(view) == [
            "1 answers of a chat model belong to no question that waits for them",
            "1 questions to a chat model are answered, and the answer is gone",
        ]


def test_a_run_of_a_closed_project_is_there_when_it_opens(project: Project) -> None:
    run_id = begun(project, WHO, Start(seed=1, passage=PASSAGE))
    _ask(project, run_id, 1)
    with project.read() as view:
        before = generations.items(view, run_id), sendings.listed(view, run=run_id, purpose=generations.PURPOSE)
    project.close()
    opened = open_project(project.opens)
    with opened.read() as view:
        after = generations.items(view, run_id), sendings.listed(view)
    opened.close()
    assert before == after
    assert len(before[1]) == 1


def test_what_is_sent_for_another_purpose_is_in_the_same_log(project: Project) -> None:
    with project.write(WHO) as unit:
        sendings.add(unit, [Sent(purpose="bring_home", host="chat.example", asked="h")])
        unit.commit()
    with project.read() as view:
        (found,) = sendings.listed(view, purpose="bring_home")
        assert (found.author, found.run, found.at) == ("ana", None, unit.at)
        assert sendings.listed(view, purpose="generation") == []
