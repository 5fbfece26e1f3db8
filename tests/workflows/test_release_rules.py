"""A project's rules of several reviewers: who is left out and why, what is held out, and the agreement it asks for."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.workflows.texts import WHO, release

from accord.domain.errors import Refused
from accord.domain.ledger import Who
from accord.domain.releases import Part, ReleasePlan
from accord.domain.review import Judgement, Verdict
from accord.storage import listing, releases, states
from accord.storage import settings as project_settings
from accord.storage.project import Project
from accord.workflows import adjudicating, importing, releasing, reviewing
from accord.workflows.release_standing import standing_in_release

BEN = Who(actor="ben", device="there")
Rules = Callable[..., None]


@pytest.fixture
def ids(project: Project, tmp_path: Path) -> list[str]:
    """Thirty examples, of which the last ten have the tag dosage."""
    lines = ["q,a,t"]
    lines += [
        f"Question {n} on topic{n}?,Answer {n} with word{n} and hour{n}.,{'dosage' * (n >= 20)}" for n in range(30)
    ]
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    importing.import_file(project=project, who=WHO, path=path, mapping={"request": "q", "answer": "a", "tags": "t"})
    with project.read() as view:
        return listing.ids_of(view, range(1, 31))


def rule(project: Project, **rules: Any) -> None:
    """Change the project's rules for a release."""
    with project.write(WHO) as unit:
        now = project_settings.current(unit)
        project_settings.append(unit, replace(now, rules=replace(now.rules, **rules)))
        unit.commit()


def say(
    project: Project, who: Who, ids: list[str], verdict: Verdict = Verdict.ACCEPT, tags: tuple[str, ...] = ()
) -> None:
    """Give the same verdict on each of these examples."""
    for id_ in ids:
        judgement = Judgement(verdict=verdict, tags=tags)
        reviewing.submit(project=project, who=who, example_id=id_, judgement=judgement)


def need_two(project: Project, ids: list[str]) -> None:
    """Have each of these reviewed by two."""
    with project.write(WHO) as unit:
        states.require(unit, listing.seqs_of(unit, ids).values(), 2)
        unit.commit()


def parts_of(project: Project, name: str) -> dict[str, Part]:
    """Return the part of each example of a release."""
    with project.read() as view:
        return {id_: part for id_, (part, _hash) in releases.parts(view, name).items()}


def test_an_example_with_too_few_reviewers_is_left_out_and_says_so(project: Project, ids: list[str]) -> None:
    say(project, WHO, ids)
    say(project, BEN, ids[:12])
    with pytest.raises(Refused):  # the two differ, and she decides on one of them
        adjudicating.decide(project=project, who=WHO, example_id=ids[13], verdict=Verdict.ACCEPT, reason="", comment="")
    adjudicating.decide(
        project=project, who=WHO, example_id=ids[13], verdict=Verdict.ACCEPT, reason="right", comment="As the leaflet."
    )
    rule(project, least_reviewers=2)
    made = releasing.make(project=project, who=WHO, name="v1", plan=ReleasePlan())
    assert sorted(parts_of(project, "v1")) == sorted([*ids[:12], ids[13]])
    assert {item.id: item.reason for item in made.left_out} == dict.fromkeys([ids[12], *ids[14:]], "reviewers")
    assert any("17 accepted examples have fewer than 2 reviewers" in sentence for sentence in made.warnings)


def test_a_tag_that_asks_for_two_reviewers_keeps_out_what_one_reviewed(project: Project, ids: list[str]) -> None:
    say(project, WHO, ids[:20])
    say(project, WHO, ids[20:], tags=("dosage",))
    say(project, BEN, ids[20:23], tags=("dosage",))
    rule(project, double_tags=("dosage",))
    made = releasing.make(project=project, who=WHO, name="v1", plan=ReleasePlan())
    assert {item.id: item.reason for item in made.left_out} == dict.fromkeys(ids[23:], "double_tag")


def test_only_what_two_reviewed_is_held_out_and_nothing_is_lost(project: Project, ids: list[str]) -> None:
    say(project, WHO, ids)
    say(project, BEN, ids[:8])
    rule(project, heldout_double=True)
    made = releasing.make(project=project, who=WHO, name="v1", plan=ReleasePlan(heldout=0.2))
    found = parts_of(project, "v1")
    held = {id_ for id_, part in found.items() if part is Part.HELDOUT}
    assert len(held) == 6
    assert held < set(ids[:8])
    assert (set(found), made.left_out) == (set(ids), ())
    assert any("22 examples were reviewed by one person alone and are not held out" in s for s in made.warnings)


def test_what_was_held_out_before_the_rule_leaves_until_two_have_reviewed_it(project: Project, ids: list[str]) -> None:
    say(project, WHO, ids)
    release(project, "v1", ReleasePlan(heldout=0.2))
    held = [id_ for id_, part in parts_of(project, "v1").items() if part is Part.HELDOUT]
    rule(project, heldout_double=True)
    say(project, BEN, held[:2])
    made = releasing.make(project=project, who=WHO, name="v2", plan=ReleasePlan(heldout=0.2))
    found = parts_of(project, "v2")
    assert {item.id: item.reason for item in made.left_out} == dict.fromkeys(held[2:], "heldout_double")
    assert {id_ for id_, part in found.items() if part is Part.HELDOUT} == set(held[:2])
    say(project, BEN, held[2:])
    releasing.make(project=project, who=WHO, name="v3", plan=ReleasePlan(heldout=0.2))
    assert {id_ for id_, part in parts_of(project, "v3").items() if part is Part.HELDOUT} == set(held)


def test_agreement_that_is_too_low_refuses_a_release_with_the_figure(project: Project, ids: list[str]) -> None:
    say(project, WHO, ids)
    for n, id_ in enumerate(ids):
        say(project, BEN, [id_], Verdict.REJECT if n % 3 == 0 else Verdict.ACCEPT)
    rule(project, least_alpha=0.67)
    with pytest.raises(
        Refused, match=r"On the verdict alpha is -0\.\d\d \[-0\.\d\d, .*\], from 30 double reviews; .*0\.67"
    ):
        releasing.make(project=project, who=WHO, name="v1", plan=ReleasePlan())
    assert releasing.listed(project=project) == []
    checked = releasing.checklist(project=project)
    assert checked.blocked
    assert [item.page for item in checked.missing][:1] == ["agreement"]
    rule(project, refuse_low_agreement=False)
    made = releasing.make(project=project, who=WHO, name="v1", plan=ReleasePlan())
    assert any(sentence.startswith("On the verdict alpha is -0.") for sentence in made.warnings)
    figure = made.agreement[0]
    assert (figure.question, figure.n) == ("verdict", 30)
    assert figure.value is not None
    assert figure.value < 0
    assert releasing.listed(project=project)[0].agreement == made.agreement


def test_the_agreement_of_a_release_tells_nothing_of_what_still_waits(project: Project, ids: list[str]) -> None:
    say(project, WHO, ids)
    for n, id_ in enumerate(ids):
        say(project, BEN, [id_], Verdict.REJECT if n % 3 == 0 else Verdict.ACCEPT)
    with project.write(WHO) as unit:
        states.require(unit, listing.seqs_of(unit, ids[:6]).values(), 3)
        unit.commit()
    before = releasing.make(project=project, who=WHO, name="v1", plan=ReleasePlan()).agreement
    say(project, BEN, ids[:6], Verdict.REJECT)
    assert releasing.make(project=project, who=WHO, name="v2", plan=ReleasePlan()).agreement == before
    assert before[0].n == len(ids) - 6


def test_a_tag_in_use_must_be_agreed_on_too_and_no_double_review_is_no_agreement(
    project: Project, ids: list[str]
) -> None:
    rule(project, least_alpha=0.5)
    say(project, WHO, ids)
    with pytest.raises(Refused, match="No example was reviewed by two people"):
        releasing.make(project=project, who=WHO, name="v1", plan=ReleasePlan())
    for n, id_ in enumerate(ids):
        say(project, WHO, [id_], tags=("dosage",) if n % 2 else ())
        say(project, BEN, [id_], tags=("dosage",) if n % 3 else ())
    (block,) = releasing.look(project=project, who=WHO, name="v1", plan=ReleasePlan()).blocks
    assert "On the tag “dosage” alpha is" in block
    assert "verdict" not in block  # both accepted all: nothing to disagree about
    for n, id_ in enumerate(ids):
        say(project, BEN, [id_], tags=("dosage",) if n % 2 else ())
    made = releasing.work_out(project=project, who=WHO, name="v1", plan=ReleasePlan()).release
    assert any(s.startswith("Agreement on the verdict cannot be told from 30 double reviews") for s in made.warnings)
    assert [one.value for one in made.agreement] == [None, 1.0]


def test_why_an_example_is_in_or_out_is_told(project: Project, ids: list[str]) -> None:
    say(project, WHO, ids[:10])
    say(project, BEN, ids[:6])
    say(project, WHO, ids[10:11], Verdict.REJECT)
    say(project, WHO, ids[11:12], Verdict.UNSURE)
    need_two(project, ids[12:14])
    say(project, WHO, ids[12:13])
    rule(project, least_reviewers=2)
    plan = ReleasePlan()
    draft = releasing.work_out(project=project, who=WHO, name="v1", plan=plan)

    def told(id_: str) -> tuple[str, str]:
        found = standing_in_release(project=project, example_id=id_, plan=plan, draft=draft)
        assert found == standing_in_release(project=project, example_id=id_, plan=plan)
        return (found.part or found.reason, found.sentence)

    assert told(ids[0]) == (draft.parts[ids[0]], told(ids[0])[1])
    assert told(ids[0])[1].endswith("ana, ben reviewed it and agree.")
    assert told(ids[8])[0] == "reviewers"
    assert "fewer than 2 people" in told(ids[8])[1]
    assert told(ids[10]) == ("rejected", "It is rejected.")
    assert told(ids[11])[0] == "disagreement"
    assert told(ids[12]) == ("in_review", "It waits for 1 more reviewer.")
    assert told(ids[14]) == ("candidate", "It waits for review.")
    other = replace(plan, where="text ~ topic1")
    assert standing_in_release(project=project, example_id=ids[0], plan=other).reason == "filter"
