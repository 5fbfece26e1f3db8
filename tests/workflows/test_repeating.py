"""A few of one's own examples come back blind; the second verdict changes nothing until one says which one stands."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.workflows.counting import statements

from accord.domain.agreement import Measured, Undefined
from accord.domain.errors import Refused, WrongUsage
from accord.domain.ledger import Who
from accord.domain.people import Role
from accord.domain.review import Judgement, Status, Verdict
from accord.storage.project import Project
from accord.workflows import agreement, browsing, bulk, importing, people, projects, repeating, reviewing, undoing
from accord.workflows.permissions import LooksOn

ANA = Who(actor="ana")
ACCEPT = Judgement(verdict=Verdict.ACCEPT)
REJECT = Judgement(verdict=Verdict.REJECT, tags=("wrong",), comment="No source.")
EDIT = Judgement(verdict=Verdict.EDIT, edits={1: "It is mended."}, tags=("mended",))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give a project of forty examples that one person has judged: two edited, two rejected, the rest accepted."""
    made = projects.new_project(path=tmp_path / "clinic.accord", who=ANA)
    file = tmp_path / "rows.csv"
    file.write_text("q,a\n" + "".join(f"Question {n}?,Answer {n}.\n" for n in range(40)))
    importing.import_file(project=made, who=ANA, path=file, mapping={"request": "q", "answer": "a"})
    for row in list(browsing.examples(project=made)):
        judgement = EDIT if row.seq <= 2 else REJECT if row.seq <= 4 else ACCEPT
        reviewing.submit(project=made, who=ANA, example_id=row.id, judgement=judgement)
    return made


def _plan(project: Project, share: float) -> list[str]:
    repeating.plan_repeats(project=project, who=ANA, share=share, after_days=0)
    numbers = repeating.waiting(project=project, person="ana")
    return [row.id for row in browsing.example_page(project=project, numbers=numbers)]


def _row(project: Project, example: str) -> tuple[str, tuple[str, ...], str]:
    row = browsing.example(project=project, example_id=example).row
    return row.status, row.tags, row.content.answer


def test_a_twentieth_comes_back_once_it_is_old_enough_and_is_topped_up(project: Project) -> None:
    young = repeating.plan_repeats(project=project, who=ANA)
    assert (young.planned, young.judged, young.act) == (0, 0, "")
    planned = repeating.plan_repeats(project=project, who=ANA, after_days=0)
    assert (planned.planned, planned.judged) == (2, 40)
    assert repeating.plan_repeats(project=project, who=ANA, after_days=0).planned == 0
    assert repeating.plan_repeats(project=project, who=ANA, share=0.1, after_days=0).planned == 2
    assert len(repeating.waiting(project=project, person="ana")) == 4
    assert len(people.unjudged(project=project, name="ana")) == 0, "they come back blind alone"
    undoing.undo(project=project, who=ANA)
    assert len(repeating.waiting(project=project, person="ana")) == 2
    with pytest.raises(WrongUsage):
        repeating.plan_repeats(project=project, who=ANA, share=0)


def test_what_was_judged_in_bulk_does_not_come_back(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "more.csv"
    file.write_text("q,a\n" + "".join(f"Later {n}?,Answer {n}.\n" for n in range(10)))
    importing.import_file(project=project, who=ANA, path=file, mapping={"request": "q", "answer": "a"})
    bulk.judge(project=project, who=ANA, numbers=range(41, 51), verdict=Verdict.ACCEPT)
    assert repeating.plan_repeats(project=project, who=ANA, share=1, after_days=0).judged == 40


def test_it_is_shown_as_if_nobody_had_judged_it(project: Project) -> None:
    for example in _plan(project, 1)[:4]:
        detail = repeating.blind(project=project, example_id=example)
        assert (detail.row.status, detail.row.tags, detail.row.reviewers) == (Status.CANDIDATE, (), ())
        assert detail.row.content.answer.startswith("Answer")
        assert (detail.reviews, detail.revisions, detail.row.last_review) == ((), (), "")
        text = repr(detail)
        assert not any(word in text for word in ("mended", "wrong", "No source"))


def test_the_same_again_changes_nothing_and_asks_nothing(project: Project) -> None:
    waiting = _plan(project, 1)
    before = [_row(project, example) for example in waiting[:5]]
    for example, judgement in zip(waiting, (EDIT, EDIT, REJECT, REJECT, ACCEPT), strict=False):
        repeating.judge_again(project=project, who=ANA, example_id=example, judgement=judgement)
    assert [_row(project, example) for example in waiting[:5]] == before
    assert repeating.questions(project=project, person="ana") == []
    assert len(repeating.waiting(project=project, person="ana")) == 35
    with pytest.raises(Refused):
        repeating.judge_again(project=project, who=ANA, example_id=waiting[0], judgement=ACCEPT)


def test_where_they_differ_one_is_asked_and_either_can_stand(project: Project) -> None:
    edited, _other, rejected, *_more, accepted = _plan(project, 1)
    for example, judgement in ((edited, ACCEPT), (rejected, ACCEPT), (accepted, REJECT)):
        repeating.judge_again(project=project, who=ANA, example_id=example, judgement=judgement)
    assert [_row(project, one)[0] for one in (edited, rejected, accepted)] == ["accepted", "rejected", "accepted"]
    asked = {one.id: one for one in repeating.questions(project=project, person="ana")}
    assert set(asked) == {edited, rejected, accepted}
    assert (asked[edited].first.content.answer, asked[edited].second.content.answer[:6]) == ("It is mended.", "Answer")
    repeating.settle(project=project, who=ANA, example_id=edited, take_second=False)
    assert _row(project, edited) == ("accepted", ("mended",), "It is mended.")
    repeating.settle(project=project, who=ANA, example_id=accepted, take_second=True)
    assert _row(project, accepted)[:2] == ("rejected", ("wrong",))
    assert [one.id for one in repeating.questions(project=project, person="ana")] == [rejected]
    undoing.undo(project=project, who=ANA)
    assert _row(project, accepted)[:2] == ("accepted", ())
    assert {one.id for one in repeating.questions(project=project, person="ana")} == {rejected, accepted}
    with pytest.raises(Refused):
        repeating.settle(project=project, who=ANA, example_id=edited, take_second=True)


def test_who_is_no_longer_listed_chooses_nothing(project: Project) -> None:
    example = _plan(project, 1)[0]
    repeating.judge_again(project=project, who=ANA, example_id=example, judgement=REJECT)
    people.add(project=project, who=Who(actor="lena"), name="lena", role=Role.LEAD)
    people.retire(project=project, who=Who(actor="lena"), name="ana")
    project.sign_in("ana")
    with pytest.raises(LooksOn):
        repeating.settle(project=project, who=ANA, example_id=example, take_second=True)


def test_a_second_look_is_undone_and_waits_again(project: Project) -> None:
    example = _plan(project, 1)[0]
    before = _row(project, example)
    repeating.judge_again(project=project, who=ANA, example_id=example, judgement=REJECT)
    undoing.undo(project=project, who=ANA)
    assert _row(project, example) == before
    assert repeating.questions(project=project, person="ana") == []
    assert len(repeating.waiting(project=project, person="ana")) == 40
    repeating.judge_again(project=project, who=ANA, example_id=example, judgement=REJECT)
    assert len(repeating.questions(project=project, person="ana")) == 1


def test_how_well_one_agrees_with_oneself_stays_whatever_one_then_takes(project: Project) -> None:
    none = repeating.self_agreement(project=project, person="ana")
    assert isinstance(none.share, Undefined)
    waiting = _plan(project, 1)
    for place, example in enumerate(waiting[:20]):
        first = (EDIT, EDIT, REJECT, REJECT, *[ACCEPT] * 16)[place]
        again = REJECT if place in {4, 5} else first
        repeating.judge_again(project=project, who=ANA, example_id=example, judgement=again)
    found = repeating.self_agreement(project=project, person="ana")
    assert (found.n, found.sentence) == (20, "You agree with yourself 90% [70, 97], n 20.")
    assert isinstance(found.alpha, Measured)
    assert set(found.differing) == set(waiting[4:6])
    assert [question.key for question, _measured in found.questions] == ["verdict", "tag:mended", "tag:wrong"]
    repeating.settle(project=project, who=ANA, example_id=waiting[4], take_second=True)
    assert repeating.self_agreement(project=project, person="ana").share == found.share
    (told,) = agreement.of_project(project=project, me="ana").itself
    assert told.share == found.share, "the page of agreement says the same"


def test_for_who_works_alone_a_twentieth_comes_back_by_itself_once_a_week_is_over(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert repeating.come_back(project=project, who=ANA) == 0, "a week is not over"
    later = "2999-01-01T00:00:00.000+00:00"
    monkeypatch.setattr("accord.workflows.repeating.now", lambda: later)
    before = undoing.last_act(project=project, who=ANA)
    assert repeating.come_back(project=project, who=ANA) == 2
    assert repeating.come_back(project=project, who=ANA) == 0
    assert undoing.last_act(project=project, who=ANA) == before, "it is no act of hers, and undo takes her last verdict"
    decided = projects.settings_of(project=project)
    projects.change_settings(project=project, who=ANA, settings=replace(decided, second_looks=0.0))
    assert repeating.share_of(project=project) == 0
    projects.change_settings(project=project, who=ANA, settings=replace(decided, second_looks=0.25))
    assert repeating.come_back(project=project, who=ANA) == 8
    for name, role in (("lena", Role.LEAD), ("ana", Role.REVIEWER)):
        people.add(project=project, who=Who(actor="lena"), name=name, role=role)
    project.sign_in("ana")
    assert repeating.come_back(project=project, who=ANA) == 0, "a lead says what comes back to reviewers"


def test_rows_of_what_comes_back_are_as_if_nobody_had_judged_it(project: Project) -> None:
    numbers = range(1, 41)
    before = browsing.example_page(project=project, numbers=list(numbers))
    back = repeating.waiting(project=project, person="ana")
    waiting = _plan(project, 0.5)
    rows = repeating.untouched(project=project, numbers=list(numbers), person="ana")
    hidden = [row for row in rows if row.id in waiting]
    assert not back
    assert len(hidden) == 20
    assert {(row.status, row.reviewers, row.last_review, row.decided_by) for row in hidden} == {
        ("candidate", (), "", "")
    }
    assert [row for row in rows if row.id not in waiting] == [row for row in before if row.id not in waiting]


@given(
    verdict=st.sampled_from(list(Verdict)),
    word=st.sampled_from(["", "leakword", "wrong"]),
    at=st.integers(0, 3),
    tags=st.sets(st.sampled_from(["x", "leakword"])),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_comes_back_depends_on_what_was_said_of_it(
    project: Project, verdict: Verdict, word: str, at: int, tags: set[str]
) -> None:
    numbers = [1, 2, 3, 4]
    edits = {1: f"An answer with {word}!"} if verdict is Verdict.EDIT else {}
    first = Judgement(verdict=verdict, edits=edits, tags=tuple(sorted(tags)), comment=word, reasons=(word,))
    example = browsing.example_page(project=project, numbers=numbers)[at].id
    reviewing.submit(project=project, who=ANA, example_id=example, judgement=first)
    repeating.plan_repeats(project=project, who=ANA, share=1, after_days=0)
    shown = [
        repr(repeating.untouched(project=project, numbers=numbers, person="ana")),
        repr([repeating.waits(project=project, person="ana", number=number) for number in numbers]),
        *(repr(repeating.blind(project=project, example_id=one)) for one in _ids(project, numbers)),
    ]
    assert "leakword" not in repr(shown)
    assert shown == _SHOWN.setdefault(project.id, shown)


_SHOWN: dict[str, list[str]] = {}


def _ids(project: Project, numbers: list[int]) -> list[str]:
    return [row.id for row in browsing.example_page(project=project, numbers=numbers)]


def test_second_looks_take_as_many_statements_for_many_as_for_few(project: Project) -> None:
    waiting = _plan(project, 1)
    taken = []
    for part in (waiting[:4], waiting[4:36]):
        for example in part:
            other = ACCEPT if browsing.example(project=project, example_id=example).row.status == "rejected" else REJECT
            repeating.judge_again(project=project, who=ANA, example_id=example, judgement=other)
        taken.append(
            [
                statements(project, lambda: repeating.questions(project=project, person="ana")),
                statements(project, lambda: repeating.second_looks(project=project, person="ana")),
                statements(project, lambda: repeating.self_agreement(project=project, person="ana")),
                statements(project, lambda: repeating.waiting(project=project, person="ana")),
            ]
        )
    assert len(repeating.questions(project=project, person="ana")) == 36
    assert taken[0] == taken[1]
