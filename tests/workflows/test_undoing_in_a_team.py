"""Undo on a team's server: what a role may do it may take back, and what an adjudicator types is hers."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from tests.teams import ANA, BO, CARA, LENA, Team, who

from accord.domain.errors import Refused
from accord.domain.people import OnlyFor, Role
from accord.domain.review import Judgement, Verdict
from accord.storage import states
from accord.workflows import (
    adjudicating,
    assigning,
    browsing,
    decision_drafts,
    majority,
    projects,
    reviewing,
    team,
    undoing,
)

ACCEPT, REJECT = (Judgement(verdict=verdict) for verdict in (Verdict.ACCEPT, Verdict.REJECT))


@pytest.fixture
def own(database: str) -> Iterator[Team]:
    """Give a team whose three reviewers and adjudicator differ on the third example."""
    made = Team(database)
    assigning.assign_by_hand(project=made[LENA], who=who(LENA), numbers=[3], reviewers=[ANA, BO, CARA])
    for name, said in ((ANA, ACCEPT), (BO, REJECT), (CARA, REJECT)):
        reviewing.submit(project=made[name], who=who(name), example_id=made.ids[2], judgement=said)
    yield made
    made.close()


def _status(own: Team) -> str:
    return browsing.example(project=own[LENA], example_id=own.ids[2]).row.status


def test_an_adjudicator_takes_back_the_rule_and_a_question(own: Team) -> None:
    cara = {"project": own[CARA], "who": who(CARA)}
    adjudicating.send_back(**cara, example_id=own.ids[2], question="Do we name brands?")  # type: ignore[arg-type]  # as it takes them
    assert majority.settle_by_rule(**cara, share=0.6).settled == 1  # type: ignore[arg-type]
    assert _status(own) == "rejected"
    undone = undoing.undo(**cara)  # type: ignore[arg-type]
    assert (undone.examples, _status(own)) == ((own.ids[2],), "disagreement")
    undoing.undo(**cara)  # type: ignore[arg-type]
    found = adjudicating.disagreement(project=own[LENA], example_id=own.ids[2])
    assert found is not None
    assert found.question == ""


def test_a_lead_takes_back_taking_back_giving_out_and_settings(own: Team) -> None:
    lena = {"project": own[LENA], "who": who(LENA)}
    before = projects.settings_of(project=own[LENA])
    projects.change_settings(**lena, settings=replace(before, guideline="Be brief."))  # type: ignore[arg-type]
    assigning.assign_by_hand(**lena, numbers=[7], reviewers=[ANA, BO])  # type: ignore[arg-type]
    assigning.take_back(**lena, numbers=[7], reviewer=BO)  # type: ignore[arg-type]
    assert _needed(own) == 1
    undoing.undo(**lena)  # type: ignore[arg-type]
    assert _needed(own) == 2
    undoing.undo(**lena)  # type: ignore[arg-type]
    assert _needed(own) == 1
    undoing.undo(**lena)  # type: ignore[arg-type]
    assert projects.settings_of(project=own[ANA]) == before


def _needed(own: Team) -> int:
    with own[LENA].read() as view:
        return states.requirements(view, [7]).get(7, 1)


def test_who_leads_no_more_takes_no_giving_out_back(own: Team) -> None:
    team.change_role(project=own.owner, who=who("dora"), name=LENA, role=Role.REVIEWER)
    with pytest.raises(OnlyFor):
        undoing.undo(project=own[LENA], who=who(LENA))
    assert len(list(browsing.examples(project=own[ANA], where=f"assigned = {ANA}"))) == 1


def test_what_an_adjudicator_types_is_nobodys_business(own: Team) -> None:
    value = {"comment": "half"}
    decision_drafts.save(project=own[CARA], who=who(CARA), example_id=own.ids[2], value=value)
    assert decision_drafts.kept(project=own[CARA], person=CARA) == {own.ids[2]: value}
    assert decision_drafts.kept(project=own[ANA], person=CARA) == {}
    decided = adjudicating.decide(
        project=own[CARA],
        who=who(CARA),
        example_id=own.ids[2],
        verdict=Verdict.REJECT,
        reason="evidence",
        comment="so",
    )
    assert decided.status == "rejected"
    assert decision_drafts.kept(project=own[CARA], person=CARA) == {}


def test_what_somebody_judged_and_took_back_keeps_nobody_from_undoing_a_correction(own: Team) -> None:
    example = own.ids[9]
    offer = reviewing.FixOffer(
        example_id=example,
        base_hash=_hash(own, example),
        old="Answer",
        new="Reply",
        before="Answer 10.",
        after="Reply 10.",
    )
    reviewing.fix_once(project=own[ANA], who=who(ANA), offer=offer)
    reviewing.submit(project=own[CARA], who=who(CARA), example_id=example, judgement=ACCEPT)
    with pytest.raises(Refused):
        undoing.undo(project=own[ANA], who=who(ANA))
    undoing.undo(project=own[CARA], who=who(CARA))
    assert undoing.undo(project=own[ANA], who=who(ANA)).examples == (example,)
    assert browsing.example(project=own[LENA], example_id=example).row.content.answer == "Answer 10."


def test_a_verdict_on_the_same_text_before_a_decision_keeps_nobody_from_undoing_the_decision(own: Team) -> None:
    example = own.ids[0]  # needs two reviewers: what one of them says is hidden from the other
    offer = reviewing.FixOffer(
        example_id=example,
        base_hash=_hash(own, example),
        old="Answer",
        new="Reply",
        before="Answer 1.",
        after="Reply 1.",
    )
    reviewing.fix_once(project=own[ANA], who=who(ANA), offer=offer)
    reviewing.submit(project=own[BO], who=who(BO), example_id=example, judgement=ACCEPT)
    undoing.undo(project=own[ANA], who=who(ANA))
    cara = {"project": own[CARA], "who": who(CARA)}
    adjudicating.decide(
        **cara,  # type: ignore[arg-type]  # as it takes them
        example_id=example,
        verdict=Verdict.EDIT,
        edits={1: "Reply 1."},
        reason="evidence",
        comment="As the leaflet has it.",
    )
    assert undoing.undo(**cara).examples == (example,)  # type: ignore[arg-type]


def test_nobody_is_told_that_a_hidden_act_was_taken_back(own: Team) -> None:
    hidden, shown = own.ids[0], own.ids[9]
    for example in (hidden, shown):
        reviewing.submit(project=own[BO], who=who(BO), example_id=example, judgement=ACCEPT)
        undoing.undo(project=own[BO], who=who(BO))
    with own[LENA].read() as view:
        known = [str(row[0]) for row in view.connection.execute(sa.text("SELECT id FROM event"))]
        about = {row.act: row.seq for row in view.connection.execute(sa.text("SELECT act, seq FROM review"))}
    asked = "SELECT accord_team.retracted(%s)"
    with own.raw(ANA) as ana, own.raw(LENA) as lena:
        to_ana = {row[0] for row in ana.execute(asked, [known])}
        to_lena = {row[0] for row in lena.execute(asked, [known])}
    assert {about[act] for act in to_lena} == {1, 10}
    assert {about[act] for act in to_ana} == {10}


def _hash(own: Team, example: str) -> str:
    return browsing.example(project=own[LENA], example_id=example).row.content.hash
