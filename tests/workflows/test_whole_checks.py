"""What is found of a project as a whole, by figures that are easy to follow and by real files."""

import csv
import json
from array import array
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.domain.errors import Cancelled
from accord.domain.findings import Kind, Limits
from accord.domain.ledger import Who
from accord.domain.project import AnswerKind, Choice, ProjectSettings, Tag
from accord.storage.project import Project
from accord.workflows import importing, projects, whole_checks
from accord.workflows.whole_checks import Figures, WholeFinding

ADVICE = "Take the tablet with water in the morning, and see a doctor if the pain in the {} does not go away soon."


def of_lengths(*lengths: int) -> Figures:
    return Figures(ids=[f"{n:03}" for n in range(len(lengths))], lengths=array("q", lengths))


def told(found: "list[WholeFinding]") -> list[tuple[str, int]]:
    return [(each.rule.name, each.count) for each in found]


def test_answers_far_shorter_or_longer_than_usual_here_are_listed() -> None:
    usual = [200 + 10 * (n % 20) for n in range(60)]
    found = list(whole_checks.odd_lengths(of_lengths(*usual, 3, 9_000, 0), ProjectSettings()))
    assert told(found) == [("unusually-short", 1), ("unusually-long", 1)]
    short, long = found
    assert short.examples == ("060",)
    assert long.examples == ("061",)
    assert short.says.startswith("Answers under ")
    assert short.says.endswith("characters: 1. Usual in this project are 295 characters.")


def test_lengths_are_not_compared_where_that_says_nothing() -> None:
    same = of_lengths(*[100] * 60, 280, 40)
    assert not list(whole_checks.odd_lengths(same, ProjectSettings()))  # not three times as long or short
    assert told(list(whole_checks.odd_lengths(of_lengths(*[100] * 60, 310, 30), ProjectSettings()))) == [
        ("unusually-short", 1),
        ("unusually-long", 1),
    ]
    few = of_lengths(*[100] * 20, 9_000)
    assert not list(whole_checks.odd_lengths(few, ProjectSettings()))
    off = ProjectSettings(checks=Limits(odd_length=0))
    assert not list(whole_checks.odd_lengths(of_lengths(*[100] * 60, 9_000), off))
    closed = ProjectSettings(answer_kind=AnswerKind.LIST)
    assert not list(whole_checks.odd_lengths(of_lengths(*[3] * 60, 900), closed))


@given(st.lists(st.integers(0, 10_000), max_size=80))
def test_what_is_unusual_is_never_the_greater_part(lengths: list[int]) -> None:
    found = list(whole_checks.odd_lengths(of_lengths(*lengths), ProjectSettings()))
    assert sum(each.count for each in found) <= len(lengths) / 2


def test_an_answer_of_a_closed_list_is_too_rare_or_too_common_by_the_projects_limits() -> None:
    choices = tuple(Choice(label=label) for label in ("Yes", "No", "Maybe"))
    settings = ProjectSettings(answer_kind=AnswerKind.LIST, choices=choices)
    found = list(whole_checks.shares(Figures(answers=Counter(Yes=950, No=46, Maybe=4)), settings))
    assert told(found) == [("common-answer", 950), ("rare-answer", 4)]
    assert found[1].says == "“Maybe” answers 4 of 1\u202f000 examples (0.4%); the project asks for 1.0% at least."
    even = Figures(answers=Counter(Yes=60, No=39, Maybe=1))
    assert not list(whole_checks.shares(even, settings))
    assert not list(whole_checks.shares(Figures(answers=Counter(Yes=50)), ProjectSettings()))
    # Of fifty examples none could be one in a hundred: nothing is said of what is missing.
    assert told(list(whole_checks.shares(Figures(answers=Counter(Yes=25, No=25)), settings))) == []


def test_tags_of_the_project_are_counted_among_what_is_tagged() -> None:
    settings = ProjectSettings(tags=(Tag(name="dose"), Tag(name="never"), Tag(name="other")))
    tags: list[tuple[str, ...]] = [*[("dose",)] * 195, *[("other", "unlisted")] * 5, *[()] * 1000]
    figures = Figures(tags=tags)
    assert told(list(whole_checks.shares(figures, settings))) == [("common-tag", 195), ("rare-tag", 0)]


def test_a_tag_at_odds_with_nearly_the_same_texts_is_listed() -> None:
    places = ("left knee", "right knee", "left hip", "right hip", "left foot", "back")
    texts = [ADVICE.format(place) for place in places]
    tags: list[tuple[str, ...]] = [*[("joints",)] * 5, ("heart",)]
    figures = Figures(ids=[f"{n}" for n in range(6)], tags=tags, texts=texts)
    found = list(whole_checks.odd_tags(figures))
    assert [(each.rule.name, each.details["name"], each.examples) for each in found] == [
        ("odd-tag", "heart", ("5",)),
        ("missing-tag", "joints", ("5",)),
    ]
    halves: list[tuple[str, ...]] = [*[("joints",)] * 3, *[("heart",)] * 3]
    alike = Figures(ids=figures.ids, tags=halves, texts=texts)
    assert not list(whole_checks.odd_tags(alike))  # doctors differ: nobody stands alone
    three = Figures(ids=figures.ids[:3], tags=[*halves[:2], ()], texts=texts[:3])
    assert not list(whole_checks.odd_tags(three))


def test_real_questions_asked_in_nearly_the_same_words(data_dir: Path) -> None:
    """PrivacyQA's answers to templated questions; the tax cases of LegalBench, whose sums all differ, are no faults."""
    with (data_dir / "legal" / "privacyqa_train_opp_annotations.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    names = ("first", "third", "datasecurity", "dataretention", "user_access", "user_choice", "other")
    tags = [tuple(name for name in names if row[name] == "1") for row in rows]
    figures = Figures(ids=[f"{n}" for n in range(len(rows))], tags=tags, texts=[row["Query"] for row in rows])
    odd = {rows[int(at)]["Query"] for found in whole_checks.odd_tags(figures) for at in found.examples}
    assert "will my data be saved permanently?" in odd
    assert len(odd) <= 10
    cases = list(
        map(json.loads, (data_dir / "legal" / "legalbench_alpaca.jsonl").read_text("utf-8").strip().split("\n"))
    )
    sums = Figures(
        ids=[f"{n}" for n in range(len(cases))],
        tags=[(row["output"],) for row in cases],
        texts=[row["input"] for row in cases],
    )
    assert not list(whole_checks.odd_tags(sums))


def test_a_project_is_looked_at_as_a_whole(project: Project, who: Who, tmp_path: Path) -> None:
    rows = [{"request": f"Question {n}?", "answer": "No" if n else "Yes"} for n in range(200)]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    importing.import_file(project=project, who=who, path=path, mapping={"request": "request", "answer": "answer"})
    assert whole_checks.look(project=project) == ()
    choices = (Choice(label="Yes"), Choice(label="No"))
    limits = Limits(least_share=0.02)
    closed = ProjectSettings(answer_kind=AnswerKind.LIST, choices=choices, checks=limits)
    projects.change_settings(project=project, who=who, settings=closed)
    assert told(list(whole_checks.look(project=project))) == [("rare-answer", 1), ("common-answer", 199)]
    assert whole_checks.look(project=project, kinds={Kind.LENGTH}) == ()
    assert whole_checks.look(project=project, where="text ~ nothing") == ()
    off = ProjectSettings(answer_kind=AnswerKind.LIST, choices=choices, checks=Limits(off=("common-answer",)))
    projects.change_settings(project=project, who=who, settings=off)
    assert told(list(whole_checks.look(project=project))) == [("rare-answer", 1)]

    class Stopped:
        def report(self, done: int, total: int | None = None, note: str = "") -> None: ...

        def check(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        whole_checks.look(project=project, progress=Stopped())


def test_lengths_that_are_unusual_in_real_files(data_dir: Path) -> None:
    """One answer in fifty at most: MedQuAD's answers run from a line to 27,000 characters, and most of that is usual."""
    with (data_dir / "medical" / "medquad_niddk.csv").open(encoding="utf-8", newline="") as lines:
        niddk = [len(row["answer"]) for row in csv.DictReader(lines)]
    huatuo = (data_dir / "multilingual" / "huatuo_llama_med_zh.json").read_text("utf-8").splitlines()
    chinese = [len(json.loads(row)["output"]) for row in huatuo]
    for lengths in (niddk, chinese):
        found = list(whole_checks.odd_lengths(of_lengths(*lengths), ProjectSettings()))
        assert sum(each.count for each in found) <= len(lengths) / 50, found
