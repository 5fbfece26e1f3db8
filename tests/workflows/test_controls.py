"""Controls: met once by each person, without a sign, and measured by what was said first."""

from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.workflows.counting import statements

from accord.domain.agreement import Measured
from accord.domain.errors import Refused
from accord.domain.ledger import Who
from accord.domain.people import OnlyFor, Person, Role
from accord.domain.review import Judgement, Status, Verdict
from accord.storage import assignments, calibrations, events, states
from accord.storage import people as listed
from accord.storage.project import Project
from accord.workflows import (
    adjudicating,
    assigning,
    browsing,
    controls,
    importing,
    people,
    projects,
    repeating,
    reviewing,
    undoing,
)

LEAD, ANA = Who(actor="lena"), Who(actor="ana")
ACCEPT, REJECT = Judgement(verdict=Verdict.ACCEPT), Judgement(verdict=Verdict.REJECT)
KNOWN = (3, 7, 11, 15)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give a project of thirty examples, led by lena, four of which are controls to be rejected."""
    return _project(tmp_path)


def _project(tmp_path: Path) -> Project:
    made = projects.new_project(path=tmp_path / "clinic.accord", who=LEAD)
    file = tmp_path / "rows.csv"
    file.write_text("q,a\n" + "".join(f"Question {n}?,Answer {n}.\n" for n in range(30)))
    importing.import_file(project=made, who=LEAD, path=file, mapping={"request": "q", "answer": "a"})
    with made.write(LEAD) as unit:
        for name, role in (("lena", Role.LEAD), ("ana", Role.REVIEWER), ("bo", Role.REVIEWER), ("cy", Role.REVIEWER)):
            listed.put(unit.connection, Person(name=name, role=role), at=unit.at)
        unit.commit()
    controls.add(project=made, who=LEAD, numbers=KNOWN, verdict=Verdict.REJECT, note="The dose is wrong.")
    return made


def _given(project: Project, name: str) -> set[int]:
    return {row.seq for row in browsing.examples(project=project, where=f"assigned = {name}")}


def _judge(project: Project, name: str, seq: int, judgement: Judgement) -> None:
    row = browsing.example_page(project=project, numbers=[seq])[0]
    reviewing.submit(project=project, who=Who(actor=name), example_id=row.id, judgement=judgement)


def test_a_share_is_mixed_in_and_each_person_meets_each_once(project: Project) -> None:
    first = assigning.assign(
        project=project, who=LEAD, reviewers=["ana", "bo"], overlap=0, where="text ~ '1*'", controls=0.25
    )
    assert sorted(first.controls.values()) == [1, 2], "9 of the 11 are no controls: a quarter of them, rounded up"
    met = {name: _given(project, name) & set(KNOWN) for name in ("ana", "bo")}
    assert not met["ana"] & met["bo"], "each of the others goes to one person, and so does each of these"
    second = assigning.assign(project=project, who=LEAD, reviewers=["ana", "bo"], overlap=1, controls=1)
    assert sum(second.controls.values()) == 3 + 2, "to two people like the others: who had one gets it no second time"
    assert set(KNOWN) == _given(project, "ana") & set(KNOWN) == _given(project, "bo") & set(KNOWN)
    with project.read() as view:
        rows = [one.seq for one in assignments.in_force(view, "2026", reviewer="ana")]
    assert len(rows) == len(set(rows))


@given(
    overlap=st.sampled_from([0.0, 0.2, 0.5, 1.0]),
    per_item=st.integers(2, 3),
    share=st.sampled_from([0.1, 0.3, 1.0]),
    settled=st.sets(st.sampled_from(KNOWN)),
    seed=st.integers(0, 99),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_by_how_many_review_an_example_nobody_tells_the_controls(  # noqa: PLR0917  (what varies)
    tmp_path_factory: pytest.TempPathFactory,
    overlap: float,
    per_item: int,
    share: float,
    settled: set[int],
    seed: int,
) -> None:
    made = _project(tmp_path_factory.mktemp("shape"))
    for seq in settled:
        _judge(made, "lena", seq, REJECT)
    people_, rest = ["ana", "bo", "cy"], set(range(1, 31)) - set(KNOWN)
    assigning.assign(
        project=made, who=LEAD, reviewers=people_, overlap=overlap, per_item=per_item, controls=share, seed=seed
    )
    with made.read() as view:
        needed = states.requirements(view, range(1, 31))
        given_ = {one.seq for one in assignments.in_force(view, "2026")}
    ordinary = {needed.get(seq, 1) for seq in rest}
    assert {needed.get(seq, 1) for seq in given_ & set(KNOWN)} <= ordinary
    for name in people_:
        made.sign_in(name)
        hers = _given(made, name)
        shown = {people.blind_until(project=made, number=seq) for seq in hers & set(KNOWN)}
        assert shown <= {people.blind_until(project=made, number=seq) for seq in hers - set(KNOWN)} | ordinary - {1} | {
            0
        }
        rows = browsing.example_page(project=made, numbers=sorted(hers))
        assert len({(row.status, row.tags, row.reviewers, row.last_review, row.decided_by) for row in rows}) <= 1
        assert not repeating.waiting(project=made, person=name)
    made.close()


def test_a_settled_example_is_a_control_by_what_it_is_settled_as(project: Project) -> None:
    edit = Judgement(verdict=Verdict.EDIT, edits={1: "Better."})
    for seq, judgement in ((1, ACCEPT), (2, REJECT), (4, edit)):
        _judge(project, "cy", seq, judgement)
    controls.add(project=project, who=LEAD, numbers=[1, 2, 4])
    marked = {one.control.seq: one.control.verdict for one in controls.listed(project=project)}
    assert [marked[seq] for seq in (1, 2, 4)] == [Verdict.ACCEPT, Verdict.REJECT, Verdict.EDIT]
    with pytest.raises(Refused, match="not settled"):
        controls.add(project=project, who=LEAD, numbers=[1, 5])
    alone = assigning.assign(project=project, who=LEAD, reviewers=["ana"], overlap=0, controls=1)
    assert not {1, 2, 4} & _given(project, "ana"), "with nobody's double review beside it it would stand out"
    assert alone.controls == {"ana": 4}
    assert (len(alone.mixed.given), alone.mixed.alone, alone.mixed.settled) == (4, 3, 0)
    told = " ".join(alone.mixed.sentences)
    assert f"Controls: 4 of {alone.mixed.asked} asked for. 7 that can be given out are marked." in told
    assert "3 have their reviewers already: they are mixed in only among examples that more people review." in told


def test_what_controls_do_to_settled_examples_is_told(project: Project) -> None:
    for seq in (1, 2):
        _judge(project, "cy", seq, ACCEPT)
    controls.add(project=project, who=LEAD, numbers=[1, 2])
    controls.remove(project=project, who=LEAD, numbers=KNOWN)
    plan = partial(assigning.assign, project=project, who=LEAD, reviewers=["ana", "bo"], overlap=1.0, controls=0.05)
    looked = plan(preview=True)
    given = plan()
    assert (
        looked.mixed.sentences
        == given.mixed.sentences
        == [
            "Controls: 2 of 2 asked for.",
            "2 settled examples are reviewed again as controls and count as in review until then.",
        ]
    )
    rows = browsing.example_page(project=project, numbers=[1, 2])
    assert {row.status for row in rows} == {Status.IN_REVIEW}


def test_rates_take_as_many_queries_for_many_controls_as_for_few(project: Project) -> None:
    few = statements(project, lambda: controls.rates(project=project))
    controls.add(project=project, who=LEAD, numbers=range(1, 31), verdict=Verdict.REJECT)
    for seq in range(1, 31):
        _judge(project, "ana", seq, REJECT)
    assert statements(project, lambda: controls.rates(project=project)) == few
    assert statements(project, lambda: controls.listed(project=project)) <= few + 2


def test_without_a_share_controls_are_given_to_nobody(project: Project) -> None:
    given = assigning.assign(project=project, who=LEAD, reviewers=["ana"])
    assert given.assigned == {"ana": 26}
    assert given.controls == {"ana": 0}
    assert not _given(project, "ana") & set(KNOWN)


def test_nothing_that_a_reviewer_sees_tells_which_they_are(project: Project) -> None:
    assigning.assign(project=project, who=LEAD, reviewers=["ana", "bo"], overlap=0.2, controls=0.3)
    given = _given(project, "ana")
    assert given & set(KNOWN)
    project.sign_in("ana")
    with project.read() as view:
        assert calibrations.controls(view) == {}
        mine = assignments.in_force(view, "2026")
        assert {one.reviewer for one in mine} == {"ana"}, "how many have an example would tell"
        assert {(one.kind, one.round, one.until) for one in mine} == {("plan", 1, "")}
        assert [one.seq for one in mine] == sorted(given), "nor the order in which they were given"
        assert {event.actor for event in events.walk(view)} <= {"ana"}
    rows = browsing.example_page(project=project, numbers=sorted(given))
    assert len({(row.status, row.tags, row.reviewers, row.last_review, row.conflict) for row in rows}) == 1
    for asked in (controls.listed, controls.rates):
        with pytest.raises(OnlyFor):
            asked(project=project)
    with pytest.raises(OnlyFor):
        controls.remove(project=project, who=ANA, numbers=KNOWN)


def test_the_rate_is_of_what_was_said_first_with_wilsons_interval(project: Project) -> None:
    assigning.assign(project=project, who=LEAD, reviewers=["ana", "bo"], overlap=1, controls=1)
    for seq in KNOWN:
        _judge(project, "ana", seq, ACCEPT if seq == KNOWN[0] else REJECT)
        _judge(project, "lena", seq, REJECT)
    _judge(project, "bo", KNOWN[0], ACCEPT)
    undoing.undo(project=project, who=Who(actor="bo"))
    _judge(project, "bo", KNOWN[0], REJECT)
    _judge(project, "ana", KNOWN[0], REJECT)
    ana, bo = controls.rates(project=project)
    assert (ana.reviewer, ana.caught, ana.n) == ("ana", 3, 4), "what she changed afterwards does not count"
    assert len(ana.missed) == 1
    assert (bo.caught, bo.n) == (1, 1), "what he took back himself does not count"
    assert isinstance(ana.share, Measured)
    assert ana.share.ci95 == pytest.approx((0.300642, 0.954413), abs=1e-6)  # Wilson 1927 for 3 of 4
    assert "75% [30, 95]" in ana.sentence
    met = {one.row.seq: one.met for one in controls.listed(project=project)}
    assert met == {KNOWN[0]: 2, KNOWN[1]: 1, KNOWN[2]: 1, KNOWN[3]: 1}


def test_a_control_waits_for_all_who_were_given_it_and_counts_by_the_ordinary_rules(project: Project) -> None:
    assigning.assign(project=project, who=LEAD, reviewers=["ana", "bo"], overlap=1, controls=1)
    project.sign_in("ana")
    assert browsing.example_page(project=project, numbers=KNOWN[:1])[0].status == Status.CANDIDATE
    _judge(project, "ana", KNOWN[0], REJECT)
    project.sign_in("lena")
    assert browsing.example_page(project=project, numbers=KNOWN[:1])[0].status == Status.IN_REVIEW
    _judge(project, "bo", KNOWN[0], REJECT)
    row = browsing.example_page(project=project, numbers=KNOWN[:1])[0]
    assert (row.status, row.decided_by) == (Status.REJECTED, "agreed")


def test_marks_are_changed_taken_out_and_undone(project: Project) -> None:
    controls.add(project=project, who=LEAD, numbers=[3], verdict=Verdict.EDIT)
    assert controls.remove(project=project, who=LEAD, numbers=[7, 8]) == 1
    assert [(one.control.seq, one.control.verdict) for one in controls.listed(project=project)] == [
        (3, Verdict.EDIT),
        (11, Verdict.REJECT),
        (15, Verdict.REJECT),
    ]
    undoing.undo(project=project, who=LEAD)
    undoing.undo(project=project, who=LEAD)
    assert {one.control.verdict for one in controls.listed(project=project)} == {Verdict.REJECT}
    assert len(controls.listed(project=project)) == 4


def test_what_everybody_can_look_up_is_no_control(project: Project) -> None:
    row = browsing.example_page(project=project, numbers=[1])[0]
    adjudicating.decide(
        project=project, who=LEAD, example_id=row.id, verdict=Verdict.ACCEPT, reason="evidence", comment="Seen."
    )
    with pytest.raises(Refused):
        controls.add(project=project, who=LEAD, numbers=[1], verdict=Verdict.ACCEPT)
    with pytest.raises(Refused):
        controls.add(project=project, who=LEAD, numbers=[2], verdict=Verdict.UNSURE)
