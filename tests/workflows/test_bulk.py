"""Acts on many examples at once: as the same acts one by one, undone whole, and nobody's own work written over."""

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.workflows.texts import WHO

from accord.domain import batches
from accord.domain.errors import Cancelled, Refused
from accord.domain.progress import CancelFlag
from accord.domain.releases import ReleasePlan
from accord.domain.review import Judgement, SetAsideReason, Verdict
from accord.storage import events, schema, states
from accord.storage.project import Project
from accord.workflows import (
    browsing,
    bulk,
    duplicates,
    importing,
    keeping,
    projects,
    releasing,
    reviewing,
    undoing,
)
from accord.workflows.bulk import LeftOut

BEN = replace(WHO, actor="ben")


def _fill(project: Project, folder: Path, rows: int = 6) -> list[int]:
    """Import rows of which the last has no answer and the first two have tags; return their numbers."""
    path = folder / "rows.jsonl"
    found = [
        {"q": f"Question {n}?", "a": "" if n == rows - 1 else f"Answer {n}.", "t": ("t1", "t1;t2")[n] if n < 2 else ""}
        for n in range(rows)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in found), encoding="utf-8")
    mapping = {"request": "q", "answer": "a", "tags": "t"}
    importing.import_file(project=project, who=WHO, path=path, mapping=mapping)
    return list(browsing.example_numbers(project=project))


@pytest.fixture
def numbers(project: Project, tmp_path: Path) -> list[int]:
    return _fill(project, tmp_path)


def _tags(project: Project) -> list[tuple[str, ...]]:
    return [row.tags for row in browsing.examples(project=project)]


def _statuses(project: Project) -> list[str]:
    return [row.status for row in browsing.examples(project=project)]


def _submit(project: Project, number: int, verdict: Verdict, *, who: object = WHO, tags: tuple[str, ...] = ()) -> None:
    row = browsing.example_page(project=project, numbers=[number])[0]
    judgement = Judgement(verdict=verdict, tags=tags)
    reviewing.submit(project=project, who=who, example_id=row.id, judgement=judgement)  # type: ignore[arg-type]  # a Who


def test_a_tag_is_put_on_and_taken_off_without_any_verdict(project: Project, numbers: list[int]) -> None:
    done = bulk.add_tag(project=project, who=WHO, numbers=numbers, tag="t2")
    assert (done.changed, done.total, dict(done.left_out)[LeftOut.ALREADY]) == (5, 6, 1)
    assert _tags(project) == [("t1", "t2"), ("t1", "t2"), *[("t2",)] * 4]
    assert set(_statuses(project)) == {"candidate", "needs_answer"}
    assert len(browsing.example_numbers(project=project, where="tag = t2")) == 6
    bulk.remove_tag(project=project, who=WHO, numbers=numbers, tag="t1")
    assert _tags(project) == [("t2",)] * 6
    assert browsing.facets_of(project=project).tag == {"t2": 6}


def test_a_tag_goes_with_its_example_into_the_release(project: Project, numbers: list[int]) -> None:
    _submit(project, numbers[2], Verdict.ACCEPT, tags=("x",))
    bulk.add_tag(project=project, who=BEN, numbers=numbers, tag="y")
    releasing.make(project=project, who=WHO, name="v1", plan=ReleasePlan(heldout=0.0, validation=0.0))
    with project.read() as view:
        facts = json.loads(view.connection.execute(schema.release_item.select()).one().facts)
    assert facts["tags"] == ["x", "y"]


def test_a_later_review_names_all_tags_anew(project: Project, numbers: list[int]) -> None:
    bulk.add_tag(project=project, who=BEN, numbers=numbers[:1], tag="y")
    assert _tags(project)[0] == ("t1", "y")
    _submit(project, numbers[0], Verdict.ACCEPT, tags=("x",))
    assert _tags(project)[0] == ("x",)
    undoing.undo(project=project, who=WHO)  # the review: what was decided before it counts again
    assert _tags(project)[0] == ("t1", "y")


def test_undoing_a_tag_changes_nothing_that_came_after_it(project: Project, numbers: list[int]) -> None:
    done = bulk.add_tag(project=project, who=BEN, numbers=numbers, tag="y")
    _submit(project, numbers[0], Verdict.ACCEPT, tags=("y", "z"))
    bulk.add_tag(project=project, who=WHO, numbers=numbers, tag="w")
    undoing.undo(project=project, who=BEN, act=done.act)
    assert _tags(project) == [("w", "y", "z"), ("t1", "t2", "w"), *[("w",)] * 4]


def test_a_tag_does_not_keep_a_set_aside_from_being_undone(project: Project, numbers: list[int]) -> None:
    aside = bulk.set_aside(project=project, who=WHO, numbers=numbers[:2], comment="draft letters")
    bulk.add_tag(project=project, who=BEN, numbers=numbers, tag="y")
    assert undoing.undo(project=project, who=WHO, act=aside.act).kept == 0
    assert _statuses(project) == [*["candidate"] * 5, "needs_answer"]


def test_a_verdict_in_bulk_is_marked_and_leaves_ones_own_work_alone(project: Project, numbers: list[int]) -> None:
    _submit(project, numbers[0], Verdict.REJECT)
    bulk.set_aside(project=project, who=WHO, numbers=[numbers[1]])
    typed = browsing.example_page(project=project, numbers=[numbers[2]])[0].id
    reviewing.save_draft(project=project, who=WHO, example_id=typed, value={"edits": {"1": "Better."}})
    done = bulk.judge(project=project, who=WHO, numbers=numbers, verdict=Verdict.ACCEPT)
    left = {why: n for why, n in done.left_out.items() if n}
    assert left == {LeftOut.OWN_REVIEW: 1, LeftOut.SET_ASIDE: 1, LeftOut.DRAFT: 1, LeftOut.NO_ANSWER: 1}
    assert (done.changed, done.total) == (2, 6)
    assert _statuses(project) == ["rejected", "set_aside", "candidate", "accepted", "accepted", "needs_answer"]
    marked = [
        [review.judgement.bulk for review in browsing.example(project=project, example_id=row.id).reviews]
        for row in browsing.examples(project=project)
    ]
    assert marked == [[False], [], [], [True], [True], []]
    per_day = browsing.pace_of(project=project, reviewer="ana")[1]
    assert list(per_day.values()) == [1]  # a day's pace is of what was opened


def test_an_undo_keeps_what_someone_has_decided_since(project: Project, numbers: list[int]) -> None:
    done = bulk.judge(project=project, who=WHO, numbers=numbers, verdict=Verdict.ACCEPT)
    _submit(project, numbers[0], Verdict.REJECT)
    undone = undoing.undo(project=project, who=WHO, act=done.act)
    assert (len(undone.examples), undone.kept) == (4, 1)
    assert _statuses(project) == ["rejected", *["candidate"] * 4, "needs_answer"]
    with pytest.raises(Refused):
        undoing.undo(project=project, who=WHO, act=done.act)


def test_an_undo_is_refused_once_a_release_has_used_it(project: Project, numbers: list[int]) -> None:
    bulk.judge(project=project, who=WHO, numbers=numbers, verdict=Verdict.ACCEPT)
    releasing.make(project=project, who=WHO, name="v1", plan=ReleasePlan(heldout=0.0, validation=0.0))
    with pytest.raises(Refused):
        undoing.undo(project=project, who=WHO)
    assert _statuses(project).count("accepted") == 5


class _StopAfter(CancelFlag):
    """Asks to stop once so many chunks are done."""

    def __init__(self, chunks: int) -> None:
        super().__init__()
        self._left = chunks

    def report(self, *_how_far: object) -> None:
        self._left -= 1
        self.cancelled = self._left <= 0


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    for size in ("_FIRST", "_LEAST", "_MOST"):
        monkeypatch.setattr(batches, size, 2)


@pytest.mark.usefixtures("small_chunks")
def test_a_stop_says_how_far_it_went_and_one_undo_takes_that_back(project: Project, numbers: list[int]) -> None:
    before = _tags(project)
    done = bulk.add_tag(project=project, who=WHO, numbers=numbers, tag="y", progress=_StopAfter(2))
    assert (done.stopped, done.changed, done.total) == (True, 4, 6)
    assert sum("y" in tags for tags in _tags(project)) == 4
    assert keeping.inspect(project=project) == []
    undone = undoing.undo(project=project, who=WHO)
    assert (undone.kind, len(undone.examples)) == ("bulk", 4)
    assert _tags(project) == before
    assert keeping.inspect(project=project) == []


@pytest.mark.usefixtures("small_chunks")
def test_an_undo_that_was_stopped_is_finished_by_the_next(project: Project, numbers: list[int]) -> None:
    done = bulk.judge(project=project, who=WHO, numbers=numbers, verdict=Verdict.REJECT)
    assert _statuses(project) == ["rejected"] * 6
    with pytest.raises(Cancelled):
        undoing.undo(project=project, who=WHO, progress=_StopAfter(2))
    assert _statuses(project).count("rejected") == 2
    undoing.undo(project=project, who=WHO)
    assert _statuses(project) == [*["candidate"] * 5, "needs_answer"]
    with pytest.raises(Refused):
        undoing.undo(project=project, who=WHO, act=done.act)
    with project.read() as view:
        assert states.differences(view) == []
        assert events.problems(view) == []


@pytest.mark.usefixtures("small_chunks")
def test_a_verdict_comes_in_between_two_chunks(project: Project, numbers: list[int]) -> None:
    class Reviewer(CancelFlag):
        def report(self, done: int, *_more: object) -> None:
            if done == 2:
                _submit(project, numbers[5], Verdict.REJECT, who=BEN)

    bulk.add_tag(project=project, who=WHO, numbers=numbers, tag="y", progress=Reviewer())
    assert _statuses(project)[5] == "rejected"
    assert _tags(project)[5] == ("y",)


ACTS = ("add_tag", "remove_tag", "set_aside", "bring_back", "accept", "reject", "unsure")


@contextmanager
def _twins(first: Sequence[tuple[str, int]]) -> Iterator[tuple[Project, Project]]:
    folder = Path(tempfile.mkdtemp())
    made = []
    for name in ("bulk", "single"):
        (folder / name).mkdir()
        project = projects.new_project(path=folder / name / "p.accord", who=WHO)
        made.append(project)
        numbers = _fill(project, folder / name)
        for act, which in first:
            _one(project, act, [numbers[which]], BEN)
    try:
        yield made[0], made[1]
    finally:
        for project in made:
            project.close()
        shutil.rmtree(folder)


def _one(project: Project, act: str, numbers: Sequence[int], who: object = WHO) -> bulk.BulkDone:
    more = {"project": project, "who": who, "numbers": numbers}
    match act:
        case "add_tag":
            return bulk.add_tag(**more, tag="t1")  # type: ignore[arg-type]  # as it takes them
        case "remove_tag":
            return bulk.remove_tag(**more, tag="t1")  # type: ignore[arg-type]
        case "set_aside":
            return bulk.set_aside(**more)  # type: ignore[arg-type]
        case "bring_back":
            return bulk.bring_back(**more)  # type: ignore[arg-type]
        case verdict:
            return bulk.judge(**more, verdict=Verdict(verdict))  # type: ignore[arg-type]


def _by_hand(project: Project, act: str, number: int) -> None:
    """Do to one example what the pages do, where a person could."""
    row = browsing.example_page(project=project, numbers=[number])[0]
    if act == "set_aside":
        duplicates.set_aside(project=project, who=WHO, ids=[row.id], reason=SetAsideReason.BY_HAND)
    elif act == "bring_back":
        duplicates.bring_back(project=project, who=WHO, ids=[row.id])
    else:
        mine = any(r.reviewer == "ana" for r in browsing.example(project=project, example_id=row.id).reviews)
        judgement = Judgement(verdict=Verdict(act), tags=row.tags)
        try:
            if not mine:
                reviewing.submit(project=project, who=WHO, example_id=row.id, judgement=judgement)
        except (Refused, reviewing.BadJudgement):
            return


def _state(project: Project, *, times: bool = True) -> list[tuple[object, ...]]:
    with project.read() as view:
        rows = view.connection.execute(schema.example_state.select().order_by(schema.example_state.c.seq)).all()
        assert states.differences(view) == []
        assert events.problems(view) == []
    left = () if times else ("last_review",)
    return [tuple(v for k, v in row._mapping.items() if k not in left) for row in rows]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    first=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 5)), max_size=5),
    act=st.sampled_from(ACTS),
    which=st.sets(st.integers(0, 5), min_size=1),
)
def test_a_bulk_act_is_the_same_acts_one_by_one_and_its_undo_restores_the_states(
    first: list[tuple[str, int]], act: str, which: set[int]
) -> None:
    with _twins(first) as (one, other):
        numbers = list(browsing.example_numbers(project=one))
        chosen = [numbers[i] for i in sorted(which)]
        before = _state(one)
        done = _one(one, act, chosen)
        for number in chosen:
            if act in {"add_tag", "remove_tag"}:
                _one(other, act, [number])
            else:
                _by_hand(other, act, number)
        assert _state(one, times=False) == _state(other, times=False)
        if done.act:
            undone = undoing.undo(project=one, who=WHO)
            assert (len(undone.examples), undone.kept) == (done.changed, 0)
        assert _state(one) == before
