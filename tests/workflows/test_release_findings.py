"""The plan of a release: every example of the project is counted once, in it or out of it with a reason."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from tests.workflows.texts import WHO

from accord.domain.errors import Refused
from accord.domain.ledger import Who
from accord.domain.releases import ReleasePlan
from accord.domain.review import Judgement, SetAsideReason, Verdict
from accord.storage import listing, releases, states
from accord.storage import settings as project_settings
from accord.storage.project import Project
from accord.workflows import duplicates, exporting, importing, releasing, reviewing, signing

BEN = Who(actor="ben", device="there")
UNSEARCHED = "Near-duplicates have not been searched for since the last examples came in."
EVA = Who(actor="eva", device="elsewhere")


@pytest.fixture
def ids(project: Project, tmp_path: Path) -> list[str]:
    """Twenty examples that three people have judged: what became of each is counted by hand in the tests."""
    lines = [f"Question {n} on the ward?,Answer {n} of {n}." for n in range(18)]
    lines += ["Question 0 on the ward?,Never at all.", "Question 19 on the ward?,"]
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(["q,a", *lines]), encoding="utf-8")
    importing.import_file(project=project, who=WHO, path=path, mapping={"request": "q", "answer": "a"})
    with project.read() as view:
        found = listing.ids_of(view, range(1, 21))
    with project.write(WHO) as unit:
        states.require(unit, listing.seqs_of(unit, [*found[4:8]]).values(), 2)
        unit.commit()
    for person, numbers, verdict in (
        (WHO, (0, 1, 2, 3), Verdict.ACCEPT),  # 0 stands against the answer of 18
        (WHO, (4, 5, 6), Verdict.ACCEPT),
        (BEN, (4,), Verdict.ACCEPT),  # 4 accepted by two
        (EVA, (5,), Verdict.REJECT),  # 5 disputed; 6 waits for a second, 7 for two
        (EVA, (8, 9), Verdict.REJECT),
        (BEN, (10,), Verdict.UNSURE),
    ):
        for n in numbers:
            judgement = Judgement(verdict=verdict)
            reviewing.submit(project=project, who=person, example_id=found[n], judgement=judgement)
    duplicates.set_aside(project=project, who=WHO, ids=[found[11]], reason=SetAsideReason.BY_HAND, comment="")
    return found


def by_hand() -> dict[str, int]:
    """What is not in a release of all that is accepted: 0 to 4 are in it."""
    return {"disagreement": 2, "in_review": 1, "rejected": 2, "set_aside": 1, "needs_answer": 1, "candidate": 8}


def rule(project: Project, **rules: object) -> None:
    """Change the project's rules for a release."""
    with project.write(WHO) as unit:
        now = project_settings.current(unit)
        project_settings.append(unit, replace(now, rules=replace(now.rules, **rules)))  # type: ignore[arg-type]  # a test's own
        unit.commit()


def test_each_example_is_counted_once_and_the_same_before_and_after(project: Project, ids: list[str]) -> None:
    planned = releasing.look(project=project, who=WHO, name="v1", plan=ReleasePlan())
    assert releasing.listed(project=project) == []
    outside = planned.release.outside
    assert outside is not None
    assert outside.reasons == by_hand()
    assert planned.release.examples + outside.examples == len(ids)
    assert (outside.conflicts, outside.in_conflict, outside.disagreements, outside.undecided) == (1, 1, 2, 10)
    assert planned.blocks == ()
    assert planned.release.warnings == (
        "1 accepted example answers a request that has another, conflicting answer.",
        "2 examples are disputed or unsure and are not in the release.",
        "1 example waits for another reviewer and is not in the release.",
        UNSEARCHED,
    )
    made = releasing.make(project=project, who=WHO, name="v1", plan=ReleasePlan())
    assert replace(made, created_at="") == planned.release
    assert releasing.named(project=project, name="v1") == made


def test_what_a_filter_or_a_rule_leaves_out_is_counted_too(project: Project, ids: list[str]) -> None:
    rule(project, least_reviewers=2)
    planned = releasing.look(project=project, who=WHO, name="v1", plan=ReleasePlan(where="text ~ 4"))
    assert planned.release.outside is not None
    assert planned.release.examples == 1
    assert planned.release.outside.reasons == {**by_hand(), "filter": 4}
    planned = releasing.look(project=project, who=WHO, name="v1", plan=ReleasePlan())
    assert planned.release.outside is not None
    assert planned.release.outside.reasons == {**by_hand(), "reviewers": 4}
    assert planned.release.examples + planned.release.outside.examples == len(ids)


def test_all_that_blocks_is_shown_beside_the_plan_and_nothing_is_frozen(project: Project, ids: list[str]) -> None:
    assert ids
    releasing.make(project=project, who=WHO, name="v1", plan=ReleasePlan())
    rule(project, refuse_open_conflicts=True, least_alpha=0.9)
    planned = releasing.look(project=project, who=WHO, name="v1", plan=ReleasePlan())
    assert [re.split(r"[.;“]", said)[0].strip() for said in planned.blocks] == [
        "There is already a release",
        "1 accepted example answers a request that has another, conflicting answer",
        "Agreement is too low for a release",
    ]
    assert planned.release.examples == 5
    with pytest.raises(Refused, match=r"conflicting answer.*Agreement is too low.*Nothing was released"):
        releasing.make(project=project, who=WHO, name="v2", plan=ReleasePlan())
    assert [one.name for one in releasing.listed(project=project)] == ["v1"]


def test_nothing_accepted_blocks_and_says_what_is_there(project: Project, ids: list[str]) -> None:
    assert ids
    planned = releasing.look(project=project, who=WHO, name="v1", plan=ReleasePlan(where="text ~ nowhere"))
    assert planned.release.examples == 0
    assert planned.blocks[0].startswith("Nothing that is accepted may be released. 20 of 20 examples are not in it: ")
    with pytest.raises(Refused, match="5 accepted do not fit the filter"):
        releasing.make(project=project, who=WHO, name="v1", plan=ReleasePlan(where="text ~ nowhere"))


def test_the_certificate_and_the_card_say_what_was_open_then(project: Project, ids: list[str], tmp_path: Path) -> None:
    releasing.make(project=project, who=WHO, name="v1", plan=ReleasePlan())
    for n in (5, 10):  # settled later: the certificate tells of the time of the release
        judgement = Judgement(verdict=Verdict.ACCEPT)
        for person in (WHO, BEN, EVA):
            reviewing.submit(project=project, who=person, example_id=ids[n], judgement=judgement)
    said = (
        "15 of 20 examples are not in it: 8 have no review yet, 2 are disputed or unsure, 2 are rejected, 1 waits for "
        "another reviewer, 1 has no answer, 1 is set aside."
    )
    open_ = "Open conflicts: 1 (examples of it concerned: 1); open disagreements: 2; undecided examples: 10."
    path = signing.certificate(project=project, release="v1", to=tmp_path / "c.html")
    page = unescape(path.read_text("utf-8"))
    assert f"<p>{said}</p><p>{open_}</p><p>{UNSEARCHED}</p>" in page
    out = tmp_path / "out"
    exporting.export(project=project, who=WHO, release_name="v1", format_name="openai", out=out)
    card = (out / "CARD.md").read_text("utf-8")
    assert f"{said}\n{open_}\n" in card
    assert card.count(UNSEARCHED) == 1


def test_once_near_duplicates_are_searched_for_nothing_is_said_of_it(
    project: Project, ids: list[str], tmp_path: Path
) -> None:
    assert ids
    duplicates.find(project=project, who=WHO)
    made = releasing.make(project=project, who=WHO, name="v1", plan=ReleasePlan())
    assert UNSEARCHED not in made.warnings
    page = signing.certificate(project=project, release="v1", to=tmp_path / "c.html").read_text("utf-8")
    assert UNSEARCHED not in page


def test_a_release_without_that_account_can_still_be_read(project: Project, ids: list[str], tmp_path: Path) -> None:
    assert ids
    draft = releasing.work_out(project=project, who=WHO, name="v1", plan=ReleasePlan())
    releasing.store(project=project, who=WHO, draft=replace(draft, release=replace(draft.release, outside=None)))
    with project.read() as view:
        found = releases.find(view, "v1")
    assert found is not None
    assert found.outside is None
    page = signing.certificate(project=project, release="v1", to=tmp_path / "c.html").read_text("utf-8")
    assert "not written down yet" in page
