"""What says the same in other words is found, set aside and brought back like any other near-duplicate."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.workflows.meanings import Meanings
from tests.workflows.texts import WHO

from accord.domain.errors import Cancelled
from accord.domain.meaning import NoMeaning
from accord.domain.progress import CancelFlag
from accord.domain.review import Judgement, Status, Verdict
from accord.providers.embedding import SidecarEmbedder
from accord.storage.project import Project
from accord.workflows import browsing, duplicates, importing, keeping, projects, reviewing, undoing
from accord.workflows.similar import similar

SAME = {"tablets": "medicine", "pills": "medicine", "swallow": "take", "receive": "take"}
PAIRS = [
    ("How shall I take tablets?", "Take tablets with water in the morning"),
    ("How shall I swallow pills?", "Swallow pills with water in the morning"),
    ("How shall I take tablets?", "Never before noon; ask the pharmacist about everything else you want to know"),
    ("When does the ward open?", "At eight, on Sundays at ten"),
]


def _bring_in(project: Project, folder: Path, talks: Sequence[Sequence[str]], name: str = "talks") -> list[str]:
    lines = [
        json.dumps({"messages": [{"role": ("user", "assistant")[i % 2], "content": t} for i, t in enumerate(talk)]})
        for talk in talks
    ]
    path = folder / f"{name}.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert importing.import_file(project=project, who=WHO, path=path).accepted == len(talks)
    with project.read() as view:
        return [str(row[0]) for row in view.connection.exec_driver_sql("SELECT id FROM example ORDER BY seq")]


def _status(project: Project, example_id: str) -> str:
    return browsing.example(project=project, example_id=example_id).row.status


def test_other_words_are_found_set_aside_and_brought_back(project: Project, tmp_path: Path) -> None:
    ids = _bring_in(project, tmp_path, PAIRS)
    report = duplicates.find(project=project, who=WHO, method="semantic", embedder=Meanings(SAME), apply=True)
    assert report.method == "semantic"
    assert report.threshold == 0.9
    assert report.clusters == ((ids[0], ids[1]),)
    assert report.pairs == ((ids[0], ids[1], 1.0),)
    assert report.set_aside == (ids[0],)
    run = projects.newest_duplicate_search(project=project)
    assert run is not None
    assert (run.method, run.threshold, run.examples) == ("semantic", 0.9, 4)
    undoing.undo(project=project, who=WHO)
    assert _status(project, ids[0]) == Status.CANDIDATE


def test_an_answer_that_differs_keeps_both_however_alike_the_questions_are(project: Project, tmp_path: Path) -> None:
    asked, other = ("When does the ward open?", "When opens the ward?"), "Never; ring the bell beside the side door"
    talks = [(asked[0], PAIRS[3][1]), (asked[1], other), (asked[1], PAIRS[3][1]), (asked[0], other)]
    ids = _bring_in(project, tmp_path, talks)
    same = Meanings({"does": "the", "opens": "open"})
    report = duplicates.find(
        project=project, who=WHO, method="semantic", fields="request", threshold=0.7, embedder=same, apply=True
    )
    assert report.clusters == (tuple(ids),)
    in_play = [i for i in ids if _status(project, i) != Status.SET_ASIDE]
    assert {browsing.example(project=project, example_id=i).row.content.answer for i in in_play} == {PAIRS[3][1], other}
    assert report.set_aside == (ids[3],)
    duplicates.bring_back(project=project, who=WHO, ids=report.set_aside)
    again = duplicates.find(project=project, who=WHO, method="semantic", threshold=0.7, embedder=same, apply=True)
    assert len(again.clusters) == 2
    assert len(again.set_aside) == 2


def test_the_same_words_after_another_talk_are_no_copy(project: Project, tmp_path: Path) -> None:
    thanks = ("Thank you", "You are welcome")
    talks = [("What is gout?", "Crystals in a joint", *thanks), ("When is it open?", "At nine", *thanks), thanks]
    _bring_in(project, tmp_path, talks)
    assert duplicates.find(project=project, who=WHO, method="semantic", embedder=Meanings()).clusters == ()


def test_a_second_search_reads_only_what_came_in_since(project: Project, tmp_path: Path) -> None:
    embedder = Meanings(SAME)
    _bring_in(project, tmp_path, PAIRS[:2])
    duplicates.find(project=project, who=WHO, method="semantic", embedder=embedder)
    assert len(embedder.read) == 6
    duplicates.find(project=project, who=WHO, method="semantic", embedder=embedder)
    assert len(embedder.read) == 6
    _bring_in(project, tmp_path, PAIRS[3:], name="more")
    duplicates.find(project=project, who=WHO, method="semantic", embedder=embedder)
    assert embedder.read[6:] == ["", *PAIRS[3]]


def test_what_is_deleted_for_good_is_forgotten_here_at_once_and_elsewhere_at_the_next_search(
    project: Project, tmp_path: Path
) -> None:
    ids = _bring_in(project, tmp_path, PAIRS)
    here, elsewhere = Meanings(), Meanings()
    for embedder in (here, elsewhere):
        duplicates.find(project=project, who=WHO, method="semantic", embedder=embedder)
    keeping.purge(project=project, who=WHO, example_id=ids[3], reason="withdrawn", embedder=here)
    assert (len(here.vectors), len(elsewhere.vectors)) == (9, 12)
    duplicates.find(project=project, who=WHO, method="semantic", embedder=elsewhere)
    assert len(elsewhere.vectors) == 9


def test_it_can_be_stopped_and_says_what_is_missing(project: Project, tmp_path: Path) -> None:
    _bring_in(project, tmp_path, PAIRS)
    flag = CancelFlag()
    flag.cancelled = True
    with pytest.raises(Cancelled):
        duplicates.find(project=project, who=WHO, method="semantic", embedder=Meanings(), progress=flag)
    with pytest.raises(NoMeaning):
        duplicates.find(project=project, who=WHO, method="semantic", embedder=Meanings(missing=True))
    assert projects.newest_duplicate_search(project=project) is None


def test_similar_goes_by_meaning_once_it_is_known_and_by_words_before(project: Project, tmp_path: Path) -> None:
    ids = _bring_in(project, tmp_path, PAIRS)
    embedder = Meanings(SAME)
    before = similar(project=project, example_id=ids[0], embedder=embedder)
    assert before.by == "words"
    assert {one.row.id for one in before.found} == {ids[1], ids[2]}
    assert similar(project=project, example_id=ids[0], embedder=Meanings(missing=True)).by == "words"
    duplicates.find(project=project, who=WHO, method="semantic", embedder=embedder)
    after = similar(project=project, example_id=ids[0], embedder=embedder, n=2)
    assert after.by == "meaning"
    assert [one.row.id for one in after.found] == [ids[1], ids[2]]
    assert after.found[0].score == pytest.approx(1, abs=1e-5)
    assert len(similar(project=project, example_id=ids[0], embedder=embedder, n=1).found) == 1


def test_precedents_go_by_meaning_too_and_are_settled_ones(project: Project, tmp_path: Path) -> None:
    ids = _bring_in(project, tmp_path, PAIRS)
    embedder = Meanings(SAME)
    duplicates.find(project=project, who=WHO, method="semantic", embedder=embedder)
    for wanted in (ids[1], ids[3]):
        reviewing.submit(project=project, who=WHO, example_id=wanted, judgement=Judgement(verdict=Verdict.ACCEPT))
    near = similar(project=project, example_id=ids[0], embedder=embedder, settled=True)
    assert near.by == "meaning"
    assert [one.row.id for one in near.found] == [ids[1]]


# Questions of a real file (MedQuAD, with the first answer to each), by what a person says of the two.
ALIKE = {
    "one treatment, written for two circles of readers": (
        "What are the treatments for Diarrhea ?",
        "What are the treatments for What I need to know about Diarrhea ?",
    ),
    "one list of symptoms, written for two circles of readers": (
        "What are the symptoms of Lactose Intolerance ?",
        "What are the symptoms of What I need to know about Lactose Intolerance ?",
    ),
}
APART = {
    "one question of two illnesses": (
        "What is (are) What I need to know about Hepatitis A ?",
        "What is (are) What I need to know about Hepatitis B ?",
    ),
    "the signs in grown-ups and in children": (
        "What are the symptoms of Kidney Stones in Adults ?",
        "What are the symptoms of Kidney Stones in Children ?",
    ),
    "what it is and what it comes from": ("What is (are) Dumping Syndrome ?", "What causes Dumping Syndrome ?"),
}
ADVICE = [("What helps a migraine?", "Rest in a dark room."), ("What helps a migraine?", "A triptan, taken early.")]


def test_real_questions_and_answers_are_judged_as_a_person_would(
    project: Project, tmp_path: Path, data_dir: Path
) -> None:
    answers: dict[str, str] = {}
    with (data_dir / "medical" / "medquad_niddk.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            answers.setdefault(row["question"], row["answer"])
    talks = [(question, answers[question]) for two in (*ALIKE.values(), *APART.values()) for question in two]
    with (data_dir / "multilingual" / "huatuo_llama_med_zh.json").open(encoding="utf-8") as file:
        chinese = [json.loads(next(file)) for _number in range(60)]
    talks += [(row["instruction"], row["output"]) for row in chinese]
    with (data_dir / "multilingual" / "algerian_darija_triage.csv").open(encoding="utf-8", newline="") as file:
        talks += [(row["sentence"], f"{row['urgency']}: {row['service']}") for row in list(csv.DictReader(file))[:60]]
    asked = dict(zip(_bring_in(project, tmp_path, [*talks, *ADVICE]), (*talks, *ADVICE), strict=True))
    embedder = SidecarEmbedder(cache=tmp_path / "cache")
    report = duplicates.find(project=project, who=WHO, method="semantic", embedder=embedder)
    assert {frozenset(asked[i][0] for i in cluster) for cluster in report.clusters} == set(
        map(frozenset, ALIKE.values())
    )
    one = next(example_id for example_id, talk in asked.items() if talk == ADVICE[0])
    near = similar(project=project, example_id=one, embedder=embedder, n=1)
    assert near.by == "meaning"
    assert near.found[0].row.content.request == "What helps a migraine?"
