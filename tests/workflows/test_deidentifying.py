"""De-identifying on both databases: reviewed anew, undone whole, confirmed by a second person, and nothing let out."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.workflows.texts import WHO

from accord.domain.dismissals import DismissReason
from accord.domain.errors import NotFound, WrongUsage
from accord.domain.ledger import Who
from accord.domain.people import OnlyFor, Role
from accord.domain.releases import ReleasePlan
from accord.domain.review import Judgement, RevisionKind, Verdict
from accord.storage import states
from accord.storage.project import Project, create_project
from accord.workflows import (
    adjudicating,
    browsing,
    bulk,
    deidentifying,
    exporting,
    findings,
    importing,
    keeping,
    packing,
    people,
    projects,
    releasing,
    replacing_groups,
    reviewing,
    undoing,
)
from accord.workflows.bulk import LeftOut
from accord.workflows.deidentifying import How

BEN = replace(WHO, actor="ben")
ROWS = [
    ("p1", "Mail maria.lopez@gmail.com of 2 March 2020.", "Call (415) 555-2671 on 9 March 2020."),
    ("p1", "Is (415) 555-2671 hers?", "Yes, and maria.lopez@gmail.com, since 16 March 2020."),
    ("p2", "What of (415) 555-2671?", "SSN 123-45-6789."),
    ("", "What is a fever?", "A temperature above 38 degrees."),
]


def fill(project: Project, folder: Path, who: Who = WHO) -> list[str]:
    path = folder / "rows.jsonl"
    lines = [json.dumps({"g": g, "q": q, "a": a}) + "\n" for g, q, a in ROWS]
    path.write_text("".join(lines), encoding="utf-8")
    mapping = {"request": "q", "answer": "a", "group": "g"}
    importing.import_file(project=project, who=who, path=path, mapping=mapping)
    return [row.id for row in browsing.examples(project=project)]


@pytest.fixture
def project(place: Path | str) -> Iterator[Project]:
    opened = create_project(place)
    yield opened
    opened.close()


@pytest.fixture
def ids(project: Project, tmp_path: Path) -> list[str]:
    return fill(project, tmp_path)


def texts(project: Project) -> list[str]:
    return [f"{row.content.request} {row.content.answer}" for row in browsing.examples(project=project)]


def statuses(project: Project) -> list[str]:
    return [row.status for row in browsing.examples(project=project)]


def judge(project: Project, who: Who, example_id: str, verdict: Verdict = Verdict.ACCEPT, text: str = "") -> None:
    edits = {1: text} if text else {}
    judgement = Judgement(verdict=Verdict.EDIT if text else verdict, edits=edits)
    reviewing.submit(project=project, who=who, example_id=example_id, judgement=judgement)


def test_the_same_original_is_the_same_in_a_group_and_another_in_the_next(project: Project, ids: list[str]) -> None:
    before = texts(project)
    done = deidentifying.apply(project=project, actor=WHO)
    assert (done.bulk.changed, done.bulk.total) == (3, 4)
    assert done.replaced == {"email-address": 2, "phone-number": 3, "exact-date": 3, "social-security-number": 1}
    one, two, three, four = texts(project)
    assert four == before[3]
    assert re.findall(r"\S+@example.com", one) == re.findall(r"\S+@example.com", two)
    phones = [re.findall(r"\(\d{3}\) 555-01\d\d", text) for text in (one, two, three)]
    assert phones[0] == phones[1] != phones[2]
    dates = [int(found) for text in (one, two) for found in re.findall(r"(\d+) \w+ \d{4}", text)]
    assert len(dates) == 3
    for gone in ("maria", "2671", "March 2020", "6789"):
        assert gone not in f"{one} {two} {three}"
    kinds = [revision.kind for revision in browsing.example(project=project, example_id=ids[0]).revisions]
    assert kinds == [RevisionKind.DEIDENTIFY]
    with project.read() as view:
        assert states.differences(view) == []


def test_a_second_run_changes_nothing_and_a_look_chooses_as_the_act(project: Project, ids: list[str]) -> None:
    looked = deidentifying.apply(project=project, actor=WHO, preview=True)
    assert statuses(project) == ["candidate"] * 4
    assert "maria" in texts(project)[0]
    proposed = deidentifying.propose(project=project, person=WHO, example_id=ids[0])
    deidentifying.apply(project=project, actor=WHO)
    new = texts(project)
    assert all(one.new in new[0] for _message, one in proposed.replacements)
    assert all(one.new in " ".join(new) for shown in looked.first for _message, one in shown.replacements)
    again = deidentifying.apply(project=project, actor=WHO)
    assert (again.bulk.changed, again.bulk.act, texts(project)) == (0, "", new)


def test_what_is_found_in_surrogates_is_no_open_finding(project: Project, ids: list[str]) -> None:
    deidentifying.apply(project=project, actor=WHO)
    for example_id in ids:
        shown = findings.of_example(project=project, example_id=example_id)
        assert [one.finding.rule for one in shown if one.dismissed is None] == []
    deidentifying.apply(project=project, actor=WHO, example_ids=ids[:1], how=How.REDACT)
    assert "@example.com" in texts(project)[0]  # it stays: nobody's


def test_who_brings_the_words_back_is_told_of_and_not_passed_over(project: Project, ids: list[str]) -> None:
    deidentifying.apply(project=project, actor=WHO, example_ids=ids[2:3])
    judge(project, BEN, ids[2], text="SSN 123-45-6789.")  # in place of the surrogate
    again = deidentifying.apply(project=project, actor=WHO)
    assert ids[2] not in {one.example_id for one in again.first}
    assert again.bulk.left_out[LeftOut.RETURNED] == 1
    assert "a reviewer has changed just this replacement" in " ".join(deidentifying.sentences(again))
    judge(project, BEN, ids[2], text="SSN withheld.")
    assert "6789" not in texts(project)[2]


def test_taken_back_in_part_no_old_verdict_brings_the_words_back(project: Project, ids: list[str]) -> None:
    judge(project, WHO, ids[2], text="SSN 123-45-6789, she says.")
    deidentifying.apply(project=project, actor=WHO, only=["social-security-number"])
    between = [(row.status, row.content) for row in browsing.examples(project=project)]
    deidentifying.apply(project=project, actor=WHO, only=["phone-number"])
    undoing.undo(project=project, who=WHO)
    assert [(row.status, row.content) for row in browsing.examples(project=project)] == between
    assert "6789" not in texts(project)[2]


def test_a_dismissed_finding_is_left(project: Project, ids: list[str]) -> None:
    shown = findings.of_example(project=project, example_id=ids[2])
    mark = next(one.mark for one in shown if one.finding.rule == "phone-number")
    reason = DismissReason.ACCEPTABLE
    findings.dismiss(project=project, actor=WHO, example_id=ids[2], mark=mark, reason=reason)
    deidentifying.apply(project=project, actor=WHO)
    assert "(415) 555-2671" in texts(project)[2]
    assert "6789" not in texts(project)[2]


def test_one_finding_alone_and_some_rules_alone(project: Project, ids: list[str]) -> None:
    shown = findings.of_example(project=project, example_id=ids[0])
    mark = next(one.mark for one in shown if one.finding.rule == "email-address")
    done = deidentifying.apply(project=project, actor=WHO, example_ids=[ids[0]], marks=[mark], how=How.REDACT)
    assert done.replaced == {"email-address": 1}
    assert texts(project)[0] == "Mail [EMAIL] of 2 March 2020. Call (415) 555-2671 on 9 March 2020."
    done = deidentifying.apply(project=project, actor=WHO, how=How.REDACT, only=["phone-number"])
    assert done.replaced == {"phone-number": 3}
    done = deidentifying.apply(project=project, actor=WHO, how=How.SHIFT)
    assert done.replaced == {"exact-date": 3}
    with pytest.raises(WrongUsage, match="No rule for personal data is called cut-off"):
        deidentifying.apply(project=project, actor=WHO, only=["cut-off"])
    with pytest.raises(NotFound):
        deidentifying.apply(project=project, actor=WHO, example_ids=["0" * 20])


def test_what_was_accepted_is_reviewed_anew_from_the_text_that_stood(project: Project, ids: list[str]) -> None:
    judge(project, BEN, ids[0], text="Call (415) 555-2671 at noon.")
    judge(project, BEN, ids[3])
    assert statuses(project) == ["accepted", "candidate", "candidate", "accepted"]
    done = deidentifying.apply(project=project, actor=WHO)
    assert statuses(project) == ["candidate", "candidate", "candidate", "accepted"]
    assert texts(project)[0].endswith(" at noon.")
    assert "2671" not in texts(project)[0]
    undone = undoing.undo(project=project, who=WHO, act=done.bulk.act)
    assert len(undone.examples) == 3
    assert statuses(project) == ["accepted", "candidate", "candidate", "accepted"]
    assert texts(project)[0].endswith("Call (415) 555-2671 at noon.")
    assert texts(project)[1:] == [f"{q} {a}" for _g, q, a in ROWS[1:]]
    assert deidentifying.confirmations(project=project).examples == 0
    with project.read() as view:
        assert states.differences(view) == []


def test_an_adjudicators_decision_is_open_again_and_comes_back_with_the_undo(project: Project, ids: list[str]) -> None:
    common = {"project": project, "who": BEN, "example_id": ids[0], "reason": "other", "comment": "Clear."}
    adjudicating.decide(**common, verdict=Verdict.ACCEPT)  # type: ignore[arg-type]  # as they are
    look = deidentifying.apply(project=project, actor=WHO, preview=True)
    done = deidentifying.apply(project=project, actor=WHO)
    assert look.reopened == done.reopened == 1
    assert "1 was decided by an adjudicator, whose decision does not hold" in " ".join(deidentifying.sentences(done))
    assert statuses(project)[0] == "candidate"
    undoing.undo(project=project, who=WHO, act=done.bulk.act)
    assert statuses(project)[0] == "accepted"
    assert "maria" in texts(project)[0]


def test_an_undo_leaves_what_somebody_has_judged_since(project: Project, ids: list[str]) -> None:
    done = deidentifying.apply(project=project, actor=WHO)
    judge(project, BEN, ids[1])
    undone = undoing.undo(project=project, who=WHO, act=done.bulk.act)
    assert (len(undone.examples), undone.kept) == (2, 1)
    assert "maria" in texts(project)[0]
    assert "maria" not in texts(project)[1]


def test_a_second_person_confirms(project: Project, ids: list[str]) -> None:
    assert deidentifying.unconfirmed(project=project) == ()
    done = deidentifying.apply(project=project, actor=WHO)
    assert done.unconfirmed == 3
    assert "a second person is to accept them" in " ".join(deidentifying.sentences(done))
    judge(project, WHO, ids[0])  # who made it is no second person
    assert set(deidentifying.unconfirmed(project=project)) == set(ids[:3])
    judge(project, BEN, ids[1])
    judge(project, BEN, ids[2], text="Nothing.")
    assert deidentifying.unconfirmed(project=project) == (ids[0],)
    bulk.judge(project=project, who=BEN, numbers=[1], verdict=Verdict.ACCEPT)
    assert deidentifying.unconfirmed(project=project) == (ids[0],)  # given without opening it
    found = deidentifying.confirmations(project=project)
    assert (found.examples, found.confirmed, found.how) == (3, 2, {"surrogate": 3})


def test_what_is_set_aside_or_breaks_its_form_is_left(project: Project, tmp_path: Path) -> None:
    ids = fill(project, tmp_path)
    bulk.set_aside(project=project, who=WHO, numbers=[1])
    done = deidentifying.apply(project=project, actor=WHO)
    assert {why: n for why, n in done.bulk.left_out.items() if n} == {LeftOut.SET_ASIDE: 1}
    assert len(ids) == 4


@pytest.fixture
def of_file(tmp_path: Path) -> Iterator[Project]:
    """Give a project in a file, where people are listed without a server's team."""
    opened = create_project(tmp_path / "people.accord")
    yield opened
    opened.close()


def test_exports_and_packs_hold_the_new_text_alone(of_file: Project, tmp_path: Path) -> None:
    project, ids = of_file, fill(of_file, tmp_path)
    deidentifying.apply(project=project, actor=WHO)
    for example_id in ids:
        judge(project, BEN, example_id)
    releasing.make(project=project, who=WHO, name="v1", plan=ReleasePlan(heldout=0.0, validation=0.0))
    out = tmp_path / "out"
    exporting.export(project=project, who=WHO, release_name="v1", format_name="openai", out=out)
    told = b"".join(path.read_bytes() for path in out.rglob("*") if path.is_file())
    assert b"@example.com" in told
    for gone in (b"maria", b"2671", b"6789", b"March 2020"):
        assert gone not in told
    judge(project, BEN, ids[3], Verdict.EDIT, "It is a temperature above 38 degrees Celsius.")
    judge(project, BEN, ids[0], Verdict.EDIT, "Whom she wrote to is told on the telephone.")
    releasing.make(project=project, who=WHO, name="v2", plan=ReleasePlan(heldout=0.0, validation=0.0))
    pairs = tmp_path / "pairs"
    exporting.export(project=project, who=WHO, release_name="v2", format_name="preference", out=pairs)
    told = b"".join(path.read_bytes() for path in pairs.rglob("*") if path.is_file())
    assert len((pairs / "train.jsonl").read_text("utf-8").splitlines()) == len({ids[0], ids[3]})
    for gone in (b"maria", b"2671", b"6789", b"March 2020"):
        assert gone not in told
    people.add(project=project, who=WHO, name=WHO.actor, role=Role.LEAD)
    people.add(project=project, who=WHO, name="cleo", role=Role.REVIEWER)
    pack = tmp_path / "cleo.accord"
    packing.make(project=project, who=WHO, reviewer="cleo", to=pack, where="")
    raw = pack.read_bytes()
    assert b"@example.com" in raw
    for gone in (b"maria", b"2671", b"6789", b"deidentify_secret"):
        assert gone not in raw


def test_a_worse_answer_from_before_leaves_in_no_pair(of_file: Project, tmp_path: Path) -> None:
    project, path = of_file, tmp_path / "pairs.jsonl"
    names = ("maria.lopez@gmail.com", "ana.ruiz@gmail.com")
    rows = [{"prompt": f"Who is {n}?", "chosen": f"A reader, {n}.", "rejected": f"Mail {n}."} for n in names]
    rows.append({"prompt": "What is a fever?", "chosen": "A high temperature.", "rejected": "A cold."})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    importing.import_file(project=project, who=WHO, path=path)
    deidentifying.apply(project=project, actor=WHO)
    for row in browsing.examples(project=project):
        judge(project, BEN, row.id)
    releasing.make(project=project, who=WHO, name="v1", plan=ReleasePlan(heldout=0.0, validation=0.0))
    for name in ("preference", "csv"):
        exporting.export(project=project, who=WHO, release_name="v1", format_name=name, out=tmp_path / name)
        told = b"".join(path.read_bytes() for path in (tmp_path / name).rglob("*") if path.is_file())
        assert b"A cold." in told
        assert b"gmail.com" not in told


def test_who_does_not_lead_changes_nothing(of_file: Project, tmp_path: Path) -> None:
    project, ids = of_file, fill(of_file, tmp_path)
    people.add(project=project, who=WHO, name=WHO.actor, role=Role.LEAD)
    people.add(project=project, who=WHO, name="ben", role=Role.REVIEWER)
    assert deidentifying.may(project=project)
    project.sign_in("ben")
    assert not deidentifying.may(project=project)
    with pytest.raises(OnlyFor):
        deidentifying.apply(project=project, actor=BEN)
    with pytest.raises(OnlyFor):
        deidentifying.propose(project=project, person=BEN, example_id=ids[0])


def test_a_purge_takes_the_original_and_every_surrogate_along(project: Project, ids: list[str]) -> None:
    deidentifying.apply(project=project, actor=WHO)
    keeping.purge(project=project, who=WHO, example_id=ids[0], reason="withdrawn")
    if project.file is not None:
        project.checkpoint()
        raw = project.file.read_bytes()
        assert b"SSN 123-45-6789" in raw  # of the example that stays
        assert b"Call (415) 555-2671 on" not in raw
    assert len(deidentifying.unconfirmed(project=project)) == 2


def test_the_card_says_what_was_replaced_who_confirmed_it_and_what_may_remain(of_file: Project, tmp_path: Path) -> None:
    ids = fill(of_file, tmp_path)
    deidentifying.apply(project=of_file, actor=WHO)
    deidentifying.apply(project=of_file, actor=WHO, example_ids=ids[3:])
    for who, example_id in zip((WHO, BEN, BEN, BEN), ids, strict=True):
        judge(of_file, who, example_id)
    draft = releasing.make(project=of_file, who=WHO, name="v1", plan=ReleasePlan(heldout=0.0, validation=0.0))
    assert draft is not None
    out = tmp_path / "out"
    exporting.export(project=of_file, who=WHO, release_name="v1", format_name="openai", out=out)
    card = (out / "CARD.md").read_text("utf-8")
    assert "3 examples were de-identified (by surrogates: 3)." in card
    assert "Confirmed by a second person: 2. Confirmed by nobody but who made them: 1." in card
    assert "Open findings of personal data: 0." in card
    assert "Personal data may remain." in card
    assert "anonym" not in card.casefold()
    assert "complian" not in card.casefold()


def test_names_are_loaded_only_for_what_rests_on_them(
    project: Project, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = projects.settings_of(project=project)
    settings = replace(settings, checks=replace(settings.checks, off=()))
    projects.change_settings(project=project, who=WHO, settings=settings)

    def refuse() -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(replacing_groups, "StandingWorker", refuse)
    done = deidentifying.apply(project=project, actor=WHO, example_ids=ids[:1], only=["phone-number"])
    assert done.replaced == {"phone-number": 1}
    shifted = deidentifying.apply(project=project, actor=WHO, example_ids=ids[:1], how=How.SHIFT)
    assert set(shifted.replaced) == {"exact-date"}
    with pytest.raises(AssertionError, match="was started"):
        deidentifying.apply(project=project, actor=WHO, example_ids=ids[:1], only=["email-address"])
