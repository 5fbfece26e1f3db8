"""What asks the same in other words stays in one part of a release, where the plan or the project's rules ask for it."""

import csv
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.workflows.meanings import Meanings
from tests.workflows.texts import WHO, accept_all

from accord.domain.errors import Cancelled, Refused
from accord.domain.meaning import NoMeaning
from accord.domain.progress import CancelFlag, Silent
from accord.domain.releases import Part, Release, ReleasePlan
from accord.domain.review import Judgement, Verdict
from accord.providers.embedding import SidecarEmbedder
from accord.storage import releases
from accord.storage.project import Project
from accord.workflows import browsing, embedding, exporting, importing, projects, releasing, reviewing
from accord.workflows.release_standing import standing_in_release

PAIRS = 20
NUMBERS = [f"n{number}" for number in range(PAIRS)]
FIRST = [f"alpha{n} beta{n} gamma{n} delta{n}" for n in NUMBERS]
OTHER = [f"alfa{n} beeta{n} gama{n} dellta{n}" for n in NUMBERS]
SAME = dict(zip(" ".join(OTHER).split(), " ".join(FIRST).split(), strict=True))
PLAN = ReleasePlan(heldout=0.4, validation=0.2, seed=1)
ASKED = replace(PLAN, semantic_threshold=0.9)


def _bring_in(project: Project, folder: Path, asked: Iterable[str], name: str = "rows") -> None:
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        answers = ((request, f"{name}{n} answers only what row {n} of {name} asked") for n, request in enumerate(asked))
        csv.writer(out).writerows([("question", "answer"), *answers])
    importing.import_file(project=project, who=WHO, path=path, mapping={"request": "question", "answer": "answer"})
    accept_all(project)


def _make(project: Project, name: str, plan: ReleasePlan = ASKED, embedder: Meanings | None = None) -> Release:
    return releasing.make(project=project, who=WHO, name=name, plan=plan, embedder=embedder or Meanings(SAME))


def _parts(project: Project, name: str) -> dict[str, Part]:
    """Return the part of each request of a release."""
    with project.read() as view:
        found = releases.parts(view, name)
    return {row.content.request: found[row.id][0] for row in browsing.examples(project=project) if row.id in found}


def _apart(where: dict[str, Part]) -> list[str]:
    return [a for a, b in zip(FIRST, OTHER, strict=True) if a in where and b in where and where[a] is not where[b]]


def _rule(project: Project, threshold: float) -> None:
    settings = projects.settings_of(project=project)
    rules = replace(settings.rules, semantic_threshold=threshold)
    projects.change_settings(project=project, who=WHO, settings=replace(settings, rules=rules))


def _export(project: Project, name: str, to: Path) -> dict[str, Any]:
    done = exporting.export(project=project, who=WHO, release_name=name, format_name="openai", out=to)
    assert exporting.verify(folder=to, project=project).ok
    manifest = json.loads(done.manifest.read_text("utf-8"))
    assert isinstance(manifest, dict)
    return manifest


def test_other_words_for_the_same_stay_together_and_the_files_say_so(project: Project, tmp_path: Path) -> None:
    _bring_in(project, tmp_path, [*FIRST, *OTHER])
    assert _make(project, "words", PLAN).meaning is None
    assert len(_apart(_parts(project, "words"))) > 5
    manifest = _export(project, "words", tmp_path / "words")
    assert manifest["release"]["leakage"]["meaning"] is None
    assert "meaning" not in (tmp_path / "words" / "CARD.md").read_text("utf-8")


def test_a_server_splits_by_meaning_as_a_file_does(project: Project, database: str, tmp_path: Path) -> None:
    there = projects.new_project(path=database, who=WHO)
    try:
        found = []
        for place, opened in (("file", project), ("server", there)):
            folder = tmp_path / place
            folder.mkdir()
            _bring_in(opened, folder, [*FIRST, *OTHER])
            _rule(opened, 0.9)  # the rule alone asks for it
            _make(opened, "v1", PLAN)
            manifest = _export(opened, "v1", folder / "v1")
            lines = {one.name: one.read_bytes() for one in (folder / "v1").glob("*.jsonl") if one.name != "trace.jsonl"}
            found.append((_parts(opened, "v1"), manifest["release"]["leakage"]["meaning"], lines))
        assert found[0] == found[1]
        assert _apart(found[1][0]) == []
        assert set(found[1][0].values()) == set(Part)
    finally:
        there.close()


def test_it_is_told_in_the_release_its_manifest_and_its_card(project: Project, tmp_path: Path) -> None:
    _bring_in(project, tmp_path, [*FIRST, *OTHER])
    made = _make(project, "v1")
    where = _parts(project, "v1")
    assert len(where) == 2 * PAIRS
    assert _apart(where) == []
    assert set(where.values()) == set(Part)
    told = {
        "threshold": 0.9,
        "model": "words",
        "digest": "0",
        "compared": 40,
        "pairs": 20,
        "groups": 20,
        "across": 0,
        "unread": 0,
        "parted": 0,
    }
    assert made.leakage()["meaning"] == told
    assert made.groups == 20
    manifest = _export(project, "v1", tmp_path / "out")
    assert manifest["release"]["leakage"]["meaning"] == told
    assert manifest["release"]["plan"]["semantic_threshold"] == 0.9
    card = (tmp_path / "out" / "CARD.md").read_text("utf-8").replace("\\", "")
    assert "Requests compared by meaning, by the model words: 40." in card
    assert "Groups of them kept in one part as they are alike at 0.9 or more: 20, by 20 pairs." in card
    assert "Pairs across train, validation and held-out alike in meaning: 0." in card
    assert "Digest of the model that compared by meaning: 0\n" in card
    assert releasing.named(project=project, name="v1") == made


def test_the_rule_of_a_project_holds_where_the_plan_says_nothing(project: Project, tmp_path: Path) -> None:
    _bring_in(project, tmp_path, [*FIRST, *OTHER])
    _rule(project, 0.8)
    by_rule = _make(project, "v1", PLAN)
    assert by_rule.meaning is not None
    assert (by_rule.meaning.threshold, by_rule.plan.semantic_threshold) == (0.8, 0.8)
    assert _apart(_parts(project, "v1")) == []
    asked = _make(project, "v2", ASKED)
    assert asked.meaning is not None
    assert asked.meaning.threshold == 0.9


@pytest.mark.parametrize("threshold", [0.0, -0.1, 1.01, float("nan")])
def test_a_threshold_that_is_none_is_refused(project: Project, tmp_path: Path, threshold: float) -> None:
    _bring_in(project, tmp_path, FIRST)
    with pytest.raises(Refused, match="alike in meaning"):
        _make(project, "v1", replace(PLAN, semantic_threshold=threshold))


def test_where_meaning_cannot_be_told_nothing_is_written(project: Project, tmp_path: Path) -> None:
    _bring_in(project, tmp_path, FIRST)

    def events() -> int:
        with project.read() as view:
            return int(view.connection.exec_driver_sql("SELECT count(*) FROM event").scalar_one())

    before = events()
    with pytest.raises(NoMeaning):
        _make(project, "v1", embedder=Meanings(missing=True))
    with pytest.raises(NoMeaning):
        exporting.one_click(
            project=project,
            who=WHO,
            plan=ASKED,
            format_name="openai",
            out=tmp_path / "out",
            embedder=Meanings(missing=True),
        )
    with pytest.raises(TypeError):
        releasing.make(project=project, who=WHO, name="v1", plan=ASKED)
    flag = CancelFlag()
    flag.cancelled = True
    with pytest.raises(Cancelled):
        releasing.make(project=project, who=WHO, name="v1", plan=ASKED, embedder=Meanings(SAME), progress=flag)
    assert events() == before
    assert releasing.listed(project=project) == []
    assert not (tmp_path / "out").exists()


class _Stopping(Silent):
    """Stops once it is told that vectors are compared."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def report(self, done: int, total: int | None = None, note: str = "") -> None:  # noqa: ARG002  (the port's)
        self.notes.append(note)

    def check(self) -> None:
        if self.notes[-1:] == ["comparing"]:
            raise Cancelled


def test_it_tells_how_far_it_is_and_can_be_stopped_while_it_compares(project: Project, tmp_path: Path) -> None:
    _bring_in(project, tmp_path, FIRST)
    watch = _Stopping()
    embedder = Meanings(SAME)
    with pytest.raises(Cancelled):
        releasing.make(project=project, who=WHO, name="v1", plan=ASKED, embedder=embedder, progress=watch)
    assert watch.notes[0] == "words"
    assert watch.notes[-1] == "comparing"
    assert releasing.listed(project=project) == []
    read = len(embedder.read)
    assert _make(project, "v1", embedder=embedder).meaning is not None
    assert len(embedder.read) == read == 2 * PAIRS  # each request, and the empty talk before it


def test_what_was_held_out_never_moves_and_what_was_trained_on_beside_it_leaves(
    project: Project, tmp_path: Path
) -> None:
    _bring_in(project, tmp_path, [*FIRST, *OTHER])
    _make(project, "v1", PLAN)
    before = _parts(project, "v1")
    made = _make(project, "v2")
    after = _parts(project, "v2")
    held = {request for request, part in before.items() if part is Part.HELDOUT}
    assert {request for request, part in after.items() if part is Part.HELDOUT} >= held
    gone = set(before) - set(after)
    partner = dict(zip([*FIRST, *OTHER], [*OTHER, *FIRST], strict=True))
    assert gone == {request for request in before if request not in held and partner[request] in held}
    assert gone
    assert {item.reason for item in made.left_out} == {"linked_to_heldout"}
    assert made.meaning is not None
    assert (made.meaning.parted, made.meaning.across, len(made.left_out)) == (len(gone), 0, len(gone))
    assert any(f"{len(gone)} examples of train or validation are alike in meaning" in said for said in made.warnings)
    assert _apart(after) == []
    row = next(row for row in browsing.examples(project=project) if row.content.request in gone)
    standing = standing_in_release(project=project, example_id=row.id, plan=ASKED, embedder=Meanings(SAME))
    assert standing.reason == "linked_to_heldout"


def test_what_is_like_an_earlier_held_out_example_that_is_gone_is_held_out(project: Project, tmp_path: Path) -> None:
    _bring_in(project, tmp_path, FIRST)
    _make(project, "v1")
    held = [request for request, part in _parts(project, "v1").items() if part is Part.HELDOUT]
    for row in list(browsing.examples(project=project)):
        if row.content.request in held:
            judgement = Judgement(verdict=Verdict.REJECT)
            reviewing.submit(project=project, who=WHO, example_id=row.id, judgement=judgement)
    _bring_in(project, tmp_path, OTHER, name="more")
    for row in list(browsing.examples(project=project)):
        if row.content.request in held:
            judgement = Judgement(verdict=Verdict.REJECT)
            reviewing.submit(project=project, who=WHO, example_id=row.id, judgement=judgement)
    made = _make(project, "v2", replace(ASKED, heldout=0, validation=0))
    where = _parts(project, "v2")
    assert not set(held) & set(where)
    told = {other: where[other] for first, other in zip(FIRST, OTHER, strict=True) if first in held}
    assert len(told) == len(held) == 8
    assert set(told.values()) == {Part.HELDOUT}
    assert made.counts["heldout"] == 8
    assert made.meaning is not None
    assert (made.meaning.compared, made.meaning.across) == (40, 0)


def test_texts_that_the_model_cannot_read_are_counted_and_told(project: Project, tmp_path: Path) -> None:
    _bring_in(project, tmp_path, [*FIRST, *OTHER])
    made = _make(project, "v1", embedder=Meanings(SAME, unread=OTHER[:3]))
    assert made.meaning is not None
    assert (made.meaning.unread, made.meaning.groups) == (3, 17)
    said = "3 examples have a text that the model words cannot read; by meaning each is like the very same text alone."
    assert said in made.warnings
    _export(project, "v1", tmp_path / "out")
    assert said in (tmp_path / "out" / "CARD.md").read_text("utf-8")


def test_an_earlier_release_that_says_nothing_of_meaning_is_not_exported_for_one_that_asks(
    project: Project, tmp_path: Path
) -> None:
    _bring_in(project, tmp_path, FIRST)

    def click(plan: ReleasePlan) -> tuple[bool, str]:
        done = exporting.one_click(
            project=project, who=WHO, plan=plan, format_name="openai", out=tmp_path / "out", embedder=Meanings(SAME)
        )
        return done.made, done.release.name

    assert [click(PLAN), click(ASKED), click(ASKED), click(PLAN)] == [
        (True, "v1"),
        (True, "v2"),
        (False, "v2"),
        (False, "v2"),
    ]


def _questions(data_dir: Path) -> list[str]:
    """Return the questions of the real file: those of patients and the frequent ones that people matched with them."""
    # The file comes with the tests' data, and holds no declaration of entities.
    tree = ET.parse(data_dir / "neardup" / "rqe_amia2016_test302.xml")  # noqa: S314
    asked = [found.text.strip() for name in ("chq", "faq") for found in tree.iter(name) if found.text]
    return list(dict.fromkeys(asked))


def test_real_questions_that_mean_the_same_do_not_cross(
    project: Project, tmp_path: Path, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = _questions(data_dir)
    _bring_in(project, tmp_path, asked)
    embedder = SidecarEmbedder(cache=tmp_path / "cache")
    plan = replace(ASKED, semantic_threshold=0.7)
    by_words = releasing.work_out(project=project, who=WHO, name="v1", plan=PLAN)
    draft = releasing.work_out(project=project, who=WHO, name="v1", plan=plan, embedder=embedder)
    standing = embedding.standing(project)
    part = embedding.REQUEST
    vectors = embedding.vectors(
        project=project, embedder=embedder, examples=standing, parts=(part,), progress=Silent()
    )[part]
    crossed = _across(vectors, [by_words.parts[i] for i in standing.ids])
    assert crossed > 0
    assert _across(vectors, [draft.parts[i] for i in standing.ids]) == 0
    meaning = draft.release.meaning
    assert meaning is not None
    assert (meaning.across, meaning.model, len(meaning.digest)) == (0, "all-MiniLM-L6-v2", 64)
    assert meaning.pairs > meaning.groups > 0
    with capsys.disabled():
        print(f"\n{len(asked)} real questions: {crossed} pairs across by words alone; {meaning.sentences}")  # noqa: T201


def _across(vectors: Any, parts: Sequence[Part], threshold: float = 0.7) -> int:
    alike = np.argwhere(np.triu(vectors @ vectors.T >= threshold, 1))
    return sum(parts[a] is not parts[b] for a, b in alike.tolist())
