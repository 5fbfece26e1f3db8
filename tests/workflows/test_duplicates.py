"""Dialogues are copies, or conflict, only where what was said before is alike too; a release still keeps them together."""

import json
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pytest
from tests.workflows.texts import WHO, accept_all

from accord.domain import batches
from accord.domain.ledger import Who
from accord.domain.progress import CancelFlag
from accord.domain.releases import ReleasePlan
from accord.domain.review import ConflictResolution, Judgement, Verdict
from accord.storage import releases
from accord.storage.project import Project
from accord.workflows import conflicts, duplicates, exporting, importing, releasing, reviewing, undoing

THANKS = ("Thank you, that is all I needed today.", "You are welcome, do ask again whenever you like.")
Talk = Sequence[str]


def _bring_in(project: Project, folder: Path, talks: Sequence[Talk]) -> list[str]:
    """Bring dialogues in, user and assistant in turn, and return their ids."""
    lines = [
        json.dumps({"messages": [{"role": ("user", "assistant")[i % 2], "content": t} for i, t in enumerate(talk)]})
        for talk in talks
    ]
    path = folder / "talks.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert importing.import_file(project=project, who=WHO, path=path).accepted == len(talks)
    with project.read() as view:
        return [str(row[0]) for row in view.connection.exec_driver_sql("SELECT id FROM example ORDER BY seq")]


@pytest.mark.parametrize("method", ["minhash", "exact"])
def test_the_same_farewell_after_another_talk_is_no_copy(project: Project, tmp_path: Path, method: str) -> None:
    gout = ("What is gout and what sets it off in the night?", "Crystals of uric acid in a joint.")
    ids = _bring_in(
        project,
        tmp_path,
        [
            (*gout, *THANKS),
            (gout[0].upper(), gout[1], *THANKS),
            ("When does the ward open on a Sunday?", "At nine, and it shuts at five.", *THANKS),
            THANKS,
            (THANKS[0].upper(), THANKS[1]),
        ],
    )
    report = duplicates.find(project=project, who=WHO, method=method, apply=True)
    assert report.clusters == ((ids[0], ids[1]), (ids[3], ids[4]))
    assert len(report.set_aside) == 2
    assert ids[2] not in report.set_aside


def test_answers_conflict_where_all_that_was_said_before_is_the_same(project: Project, tmp_path: Path) -> None:
    dose, ward = ("May I take it twice a day?", "Yes, with food."), ("May I visit on Sundays?", "Yes, from nine.")
    answers = ("It begins to work within the first hour.", "Only after several weeks, so be patient and go on.")
    asked = "When?"
    ids = _bring_in(
        project, tmp_path, [(*dose, asked, answers[0]), (*dose, asked, answers[1]), (*ward, asked, answers[1])]
    )
    found = conflicts.listed(project=project)
    assert [tuple(row.id for row in conflict.rows) for conflict in found] == [(ids[0], ids[1])]
    assert [row.id for row in conflicts.rivals_of(project=project, example_id=ids[0])] == [ids[1]]
    assert conflicts.rivals_of(project=project, example_id=ids[2]) == []
    keys = [conflict.key for conflict in found]
    conflicts.settle(project=project, who=WHO, keys=keys, resolution=ConflictResolution.ALL_VALID, reason="Both are.")
    assert conflicts.listed(project=project) == []
    undoing.undo(project=project, who=WHO)
    assert [conflict.key for conflict in conflicts.listed(project=project)] == keys
    with project.read() as view:
        flagged = view.connection.exec_driver_sql("SELECT id FROM example_state WHERE conflict ORDER BY seq").all()
    assert [row[0] for row in flagged] == ids[:2]


@pytest.mark.parametrize("by_request", [True, False])
def test_a_release_keeps_dialogues_of_one_last_pair_together(
    project: Project, tmp_path: Path, *, by_request: bool
) -> None:
    """The split stays as careful as it was: the last request the same, or the last pair alike, is enough."""
    talks = []
    for n, m in product(range(12), range(3)):
        told = (f"Question {n} about matter {m}?", f"Reply {m * 7 + n}.")
        body = " ".join(f"n{n}word{k}" for k in range(60))
        talks.append(
            (*told, f"Is {n} so?", f"It is {m * 31 + n} so.") if by_request else (*told, f"Thanks {n} {m}", body)
        )
    ids = _bring_in(project, tmp_path, talks)
    assert duplicates.find(project=project, who=WHO).clusters == ()
    accept_all(project)
    releasing.make(project=project, who=WHO, name="v1", plan=ReleasePlan(heldout=0.4))
    with project.read() as view:
        where = {example: part for example, (part, _hash) in releases.parts(view, "v1").items()}
    assert len(set(where.values())) > 1
    assert [n for n in range(12) if len({where[i] for i in ids[3 * n : 3 * n + 3]}) > 1] == []


def test_an_exported_pair_leads_back_to_its_dialogue(project: Project, tmp_path: Path) -> None:
    ids = _bring_in(project, tmp_path, [("Hello", "Hi there.", "What is gout?", "Crystals in a joint.")])
    line = json.dumps({"instruction": "What is gout?", "input": "", "output": "Crystals in a joint."})
    assert [detail.row.id for detail in exporting.trace(project=project, line=line)] == ids


def _copies(project: Project, folder: Path, clusters: int) -> list[str]:
    body = [" ".join(f"c{n}word{k}" for k in range(40)) for n in range(clusters)]
    return _bring_in(
        project, folder, [(f"What of {n}?", f"{body[n]}{end}") for n in range(clusters) for end in ("", " .")]
    )


def test_suggestions_are_applied_in_parts_that_a_verdict_comes_between_and_undone_as_one(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_FIRST", 1)
    monkeypatch.setattr(batches, "_MOST", 1)
    monkeypatch.setattr(batches, "_LEAST", 1)
    ids = _copies(project, tmp_path, 4)
    duplicates.find(project=project, who=WHO)
    last = duplicates.clusters(project=project)[-1]
    ben = Who(actor="ben", device="there")

    class Reviewer(CancelFlag):
        def report(self, done: int, *_more: object) -> None:
            if done == 1:
                spare = duplicates.spare(last)[0].id
                judgement = Judgement(verdict=Verdict.ACCEPT)
                reviewing.submit(project=project, who=ben, example_id=spare, judgement=judgement)

    aside = duplicates.set_aside_suggested(project=project, who=WHO, progress=Reviewer())
    assert len(aside) == 3
    assert not {row.id for row in last.rows} & set(aside)
    undone = undoing.undo(project=project, who=WHO)
    assert sorted(undone.examples) == sorted(aside)
    assert [len(cluster.rows) for cluster in duplicates.clusters(project=project)] == [2] * 4
    assert len(ids) == 8
