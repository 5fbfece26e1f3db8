"""A calibration round: the same examples for all, blind until all are done, measured, discussed, and another one."""

from pathlib import Path

import pytest

from accord.domain.agreement import Measured
from accord.domain.errors import Refused, WrongUsage
from accord.domain.ledger import Who
from accord.domain.people import OnlyFor
from accord.domain.review import Judgement, Status, Verdict
from accord.storage.project import Project
from accord.workflows import agreement, assigning, browsing, calibrating, importing, projects, reviewing, undoing

LEAD = Who(actor="lena")
ACCEPT, REJECT = Judgement(verdict=Verdict.ACCEPT), Judgement(verdict=Verdict.REJECT, tags=("wrong",))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give a project of forty examples, of which four have a tag."""
    made = projects.new_project(path=tmp_path / "clinic.accord", who=LEAD)
    file = tmp_path / "rows.csv"
    rows = "".join(f"Question {n}?,Answer {n}.,{'dosage' * (n % 10 == 0)}\n" for n in range(40))
    file.write_text("q,a,tags\n" + rows)
    importing.import_file(project=made, who=LEAD, path=file, mapping={"request": "q", "answer": "a", "tags": "tags"})
    return made


def _begin(project: Project, **options: object) -> calibrating.Begun:
    return calibrating.begin(project=project, who=LEAD, reviewers=["ana", "bo"], **options)  # type: ignore[arg-type]  # passed on as it is


def _judge(project: Project, name: str, seqs: tuple[int, ...], *rejected: int, done: int | None = None) -> None:
    for place, row in enumerate(browsing.example_page(project=project, numbers=seqs[:done])):
        judgement = REJECT if place in rejected else ACCEPT
        reviewing.submit(project=project, who=Who(actor=name), example_id=row.id, judgement=judgement)


def test_all_get_the_same_examples_spread_over_tags(project: Project) -> None:
    begun = _begin(project, items=8, seed=4)
    given = [
        {row.seq for row in browsing.examples(project=project, where=f"assigned = {name}")} for name in ("ana", "bo")
    ]
    assert given == [set(begun.round.seqs)] * 2
    assert begun.round.items == 8
    tagged = browsing.examples(project=project, where="assigned = ana and tag = dosage")
    assert len(list(tagged)) == 4, "half of the draw is of each kind, though a tenth of the examples have the tag"
    assert "8" in begun.sentence


def test_the_draw_is_the_seeds_and_leaves_out_what_was_judged_or_drawn(project: Project) -> None:
    ids = [row.id for row in browsing.examples(project=project, limit=30)]
    for example in ids:
        reviewing.submit(project=project, who=LEAD, example_id=example, judgement=ACCEPT)
    first = _begin(project, items=6, seed=1)
    undoing.undo(project=project, who=LEAD)
    assert _begin(project, items=6, seed=1).round.seqs == first.round.seqs
    assert min(first.round.seqs) > 30
    _judge(project, "ana", first.round.seqs, done=1)
    calibrating.close(project=project, who=LEAD)
    second = _begin(project, items=6, seed=1)
    assert not set(second.round.seqs) & set(first.round.seqs)
    assert second.round.items == 4
    assert second.sentence.startswith("Only 4")


def test_nobody_knows_of_the_other_until_both_are_done(project: Project) -> None:
    seqs = _begin(project, items=5).round.seqs
    project.sign_in("bo")
    _judge(project, "bo", seqs, 0)
    project.sign_in("ana")
    assert {row.status for row in browsing.example_page(project=project, numbers=seqs)} == {Status.CANDIDATE}
    told = calibrating.progress(project=project)
    assert told is not None
    assert told.done == {"ana": 0, "bo": 0}
    with pytest.raises(Refused):
        calibrating.result(project=project)
    _judge(project, "ana", seqs)
    found = calibrating.result(project=project)
    assert [one.apart for one in found.discuss] == [1.0]
    assert [(v.reviewer, v.verdict) for v in found.discuss[0].versions] == [("bo", "reject"), ("ana", "accept")]
    assert found.discuss[0].seq == seqs[0]


def test_the_result_is_alpha_with_its_interval_and_says_what_to_do(project: Project) -> None:
    seqs = _begin(project, items=20).round.seqs
    _judge(project, "ana", seqs, 0, 1, 2, 3, 4, 5)
    _judge(project, "bo", seqs, 0, 1, 2, 17, 18, 19)
    found = calibrating.result(project=project)
    assert isinstance(found.alpha, Measured)
    # Nominal alpha by hand: 14 of 20 agree, 12 of 40 ratings are "reject".
    expected = 1 - (6 / 20) / (2 * 12 * 28 / (40 * 39))
    assert found.alpha.value == pytest.approx(expected)
    assert found.alpha.ci95 is not None
    low, high = found.alpha.ci95
    assert found.sentence.startswith(
        f"Alpha is {expected:.2f} [{low:.2f}, {high:.2f}], below 0.6; 70% of the verdicts agree. Discuss the 6 items, "
    )
    assert found.reached is False
    assert len(found.discuss) == 6
    assert [question.key for question, _measured in found.questions] == ["verdict", "tag:wrong"]
    assert isinstance(found.percent, Measured)
    assert found.percent.value == pytest.approx(0.7)


def test_the_same_examples_have_the_same_interval_where_the_whole_project_is_measured(project: Project) -> None:
    seqs = calibrating.begin(project=project, who=LEAD, reviewers=["bo", "ana"], items=20).round.seqs
    _judge(project, "ana", seqs, 0, 1, 2, 3, 4, 5)
    _judge(project, "bo", seqs, 0, 19)
    for row in browsing.examples(project=project, where="status = candidate"):  # judged by one alone: no agreement
        reviewing.submit(project=project, who=Who(actor="ana"), example_id=row.id, judgement=ACCEPT)
    whole = agreement.of_project(project=project, me="ana").chosen.agreement.figures
    assert calibrating.result(project=project).alpha == whole["krippendorff_alpha"]


def test_what_is_changed_after_the_discussion_does_not_raise_the_figure(project: Project) -> None:
    seqs = _begin(project, items=6).round.seqs
    _judge(project, "ana", seqs, 0, 1)
    _judge(project, "bo", seqs, 0)
    before = calibrating.result(project=project)
    _judge(project, "bo", seqs, 0, 1)
    assert calibrating.result(project=project).alpha == before.alpha
    row = browsing.example_page(project=project, numbers=[seqs[1]])[0]
    assert row.status == Status.REJECTED, "the verdicts count by the ordinary rules"


def test_all_the_same_is_undefined_and_says_so(project: Project) -> None:
    seqs = _begin(project, items=3).round.seqs
    _judge(project, "ana", seqs)
    _judge(project, "bo", seqs)
    found = calibrating.result(project=project)
    assert found.reached is None
    assert "undefined" in found.sentence
    assert "100%" in found.sentence


def test_closed_early_what_is_there_counts_and_the_rest_is_free(project: Project) -> None:
    seqs = _begin(project, items=6).round.seqs
    _judge(project, "ana", seqs)
    _judge(project, "bo", seqs, 0, done=4)
    found = calibrating.close(project=project, who=LEAD)
    assert calibrating.progress(project=project) is None
    assert found is not None
    assert isinstance(found.percent, Measured)
    assert (found.percent.n, found.percent.value) == (4, 0.75)
    assert not list(browsing.examples(project=project, where="status = in_review"))
    left = browsing.example_page(project=project, numbers=seqs[4:])
    assert {(row.status, row.decided_by) for row in left} == {(Status.ACCEPTED, "single")}


def test_a_round_that_nobody_judged_and_one_without_two_verdicts_say_what_to_do(project: Project) -> None:
    _begin(project, items=3)
    assert calibrating.close(project=project, who=LEAD) is None
    seqs = _begin(project, items=3).round.seqs
    _judge(project, "ana", seqs)
    found = calibrating.close(project=project, who=LEAD)
    assert found is not None
    assert found.reached is None
    assert "Begin another round" in found.sentence


def test_rounds_follow_each_other_with_their_guideline(project: Project) -> None:
    first = _begin(project, items=4)
    with pytest.raises(Refused):
        _begin(project, items=4)
    _judge(project, "ana", first.round.seqs, 0)
    _judge(project, "bo", first.round.seqs, 1)
    calibrating.close(project=project, who=LEAD)
    settings = projects.settings_of(project=project)
    changed = type(settings).from_json({**settings.to_json(), "guideline": "Reject what is wrong."})
    projects.change_settings(project=project, who=LEAD, settings=changed)
    second = _begin(project, items=4)
    _judge(project, "ana", second.round.seqs, 0)
    _judge(project, "bo", second.round.seqs, 0)
    calibrating.close(project=project, who=LEAD)
    found = calibrating.results(project=project)
    assert [one.round.number for one in found] == [1, 2]
    assert found[1].round.guideline == found[0].round.guideline + 1
    assert [one.reached for one in found] == [False, True]
    assert calibrating.result(project=project, round_number=1).alpha == found[0].alpha


def test_a_round_that_is_undone_never_took_place(project: Project) -> None:
    begun = _begin(project, items=4)
    undone = undoing.undo(project=project, who=LEAD)
    assert len(undone.examples) == 4
    assert calibrating.history(project=project) == []
    assert not list(browsing.examples(project=project, where="assigned = ana"))
    with pytest.raises(Refused):
        calibrating.result(project=project)
    again = _begin(project, items=4)
    assert again.round.seqs == begun.round.seqs


def test_only_a_lead_begins_a_round_and_of_two_at_least(project: Project) -> None:
    with pytest.raises(WrongUsage):
        calibrating.begin(project=project, who=LEAD, reviewers=["ana"])
    with pytest.raises(WrongUsage):
        _begin(project, threshold=0.0)
    assigning.assign(project=project, who=LEAD, reviewers=["ana"])
    begun = _begin(project, items=2, new=True)
    assert begun.round.items == 2, "what is given out and not judged can be drawn where nothing else is left"
    project.sign_in("ana")
    with pytest.raises(OnlyFor):
        calibrating.close(project=project, who=Who(actor="ana"))
