"""Releases: what is together stays together, what was held out stays held out, the same content gives the same files."""

import json
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.workflows.texts import WHO, accept_all, parts, release

from accord.analysis.near_duplicates import near_duplicates
from accord.domain.canonical import canonical_json, request_key, sha256_hex
from accord.domain.content import pair_text
from accord.domain.errors import NotFound, Refused
from accord.domain.ledger import Who
from accord.domain.project import Choice, ProjectSettings
from accord.domain.releases import Part, ReleasePlan, content_hash
from accord.domain.review import Judgement, Verdict
from accord.storage import releases
from accord.storage.project import Project
from accord.workflows import (
    browsing,
    duplicates,
    exporting,
    importing,
    keeping,
    projects,
    releasing,
    reviewing,
    undoing,
)

Row = tuple[str, str, str, str]
MAPPING = {"request": "q", "answer": "a", "group": "g", "tags": "t"}
TOPICS = ["gout", "asthma", "rent", "notice", "fever", "wages", "iron", "wills"]


def _row(number: int, alike: int, group: int, tag: int) -> Row:
    """Return a row; rows with the same ``alike`` are near-duplicates in their answers and ask the same."""
    topic = TOPICS[alike % len(TOPICS)]
    body = " ".join(f"{topic}{alike}word{n}" for n in range(60))
    group_name = f"p{group}" if group < 6 else ""
    return (f"Question {alike} on {topic}?", f"{body} {number}", group_name, ["", "t1", "t2"][tag])


ROWS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 30), st.integers(0, 14), st.integers(0, 2)).map(lambda t: _row(*t)),
    min_size=3,
    max_size=25,
    unique=True,
)


def _bring_in(project: Project, folder: Path, name: str, rows: Sequence[Row]) -> None:
    path = folder / f"{name}.jsonl"
    lines = [json.dumps(dict(zip("qagt", row, strict=True))) + "\n" for row in rows]
    path.write_text("".join(lines), encoding="utf-8")
    importing.import_file(project=project, who=WHO, path=path, mapping=MAPPING)


def _crossing(project: Project, name: str) -> list[tuple[str, set[str]]]:
    """Return what is shared by examples of different parts: group, request or near-duplicate cluster."""
    with project.read() as view:
        where = {example: part.value for example, (part, _hash) in releases.parts(view, name).items()}
    rows = [row for row in browsing.examples(project=project) if row.id in where]
    shared: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for place in browsing.example(project=project, example_id=row.id).places:
            if place.source.group:
                shared[f"group {place.source.group}"].add(where[row.id])
        shared[f"request {request_key(row.content.request)}"].add(where[row.id])
    near = near_duplicates([pair_text(row.content) for row in rows], threshold=0.8, every_pair=True)
    for a, b, _score in near.pairs:
        shared[f"pair {a} {b}"] = {where[rows[a].id], where[rows[b].id]}
    return [(key, found) for key, found in shared.items() if len(found) > 1]


def test_a_copy_that_was_set_aside_still_binds_the_one_that_was_kept(project: Project, tmp_path: Path) -> None:
    rows: list[Row] = []
    for n in range(20):
        body = " ".join(f"n{n}word{k}" for k in range(60))
        rows += [
            (f"What of number {n}?", f"{body} and it is kept", f"other{n}", ""),
            (f"What of number {n}?", body, f"patient{n}", ""),
            (f"Something else, namely {n * 37}?", f"Reply {n * 91}.", f"patient{n}", ""),
        ]
    _bring_in(project, tmp_path, "rows", rows)
    aside = duplicates.find(project=project, who=WHO, apply=True).set_aside
    found = list(browsing.examples(project=project))
    assert set(aside) == {row.id for row in found[1::3]}
    accept_all(project)
    release(project, "v1", ReleasePlan(heldout=0.4))
    with project.read() as view:
        where = releases.parts(view, "v1")
    assert [n for n in range(20) if where[found[3 * n].id][0] is not where[found[3 * n + 2].id][0]] == []


PLANS = st.builds(
    ReleasePlan,
    heldout=st.sampled_from([0.0, 0.15, 0.4]),
    validation=st.sampled_from([0.0, 0.1, 0.3]),
    seed=st.integers(0, 5),
)


@settings(max_examples=12)
@given(rows=st.tuples(ROWS, ROWS, ROWS), plan=PLANS)
def test_nothing_that_is_shared_crosses_and_held_out_stays_held_out(
    rows: tuple[list[Row], ...], plan: ReleasePlan
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = projects.new_project(path=folder / "p.accord", who=WHO)
        held: set[str] = set()
        for number, some in enumerate(rows):
            _bring_in(project, folder, f"f{number}", some)
            accept_all(project)
            made = releasing.make(project=project, who=WHO, name=f"v{number}", plan=plan)
            assert _crossing(project, f"v{number}") == []
            assert made.leakage_pairs == 0
            with project.read() as view:
                where = releases.parts(view, f"v{number}")
            now_held = {example for example, (part, _hash) in where.items() if part == "heldout"}
            assert held <= now_held
            accepted = {row.id for row in browsing.examples(project=project, where="status = accepted")}
            assert set(where) | {item.id for item in made.left_out} == accepted
            assert all(item.reason == "linked_to_heldout" for item in made.left_out)
            held = now_held
        project.close()


@settings(max_examples=12)
@given(first=ROWS, second=ROWS, plan=PLANS)
def test_the_order_of_import_does_not_matter(first: list[Row], second: list[Row], plan: ReleasePlan) -> None:
    found = []
    with tempfile.TemporaryDirectory() as name:
        for number, order in enumerate([("a", "b"), ("b", "a")]):
            folder = Path(name) / str(number)
            folder.mkdir()
            project = projects.new_project(path=folder / "p.accord", who=WHO)
            for file in order:
                _bring_in(project, folder, file, {"a": first, "b": second}[file])
            accept_all(project)
            release(project, "v1", plan)
            exporting.export(project=project, who=WHO, release_name="v1", format_name="openai", out=folder / "out")
            project.close()
            found.append(
                {part: (folder / "out" / f"{part}.jsonl").read_bytes() for part in ("train", "validation", "heldout")}
            )
    assert found[0] == found[1]


@pytest.fixture
def filled(project: Project, tmp_path: Path) -> Project:
    _bring_in(project, tmp_path, "rows", [_row(n, n, n % 15, n % 3) for n in range(40)])
    accept_all(project)
    return project


def test_the_same_project_and_seed_give_the_same_bytes(filled: Project, tmp_path: Path) -> None:
    release(filled, "v1")
    copy, _digest = keeping.backup(project=filled, to=tmp_path / "copy.accord")
    restored = keeping.restore(source=copy, to=tmp_path / "restored.accord")
    for number, project in enumerate([filled, filled, restored]):
        out = tmp_path / f"out{number}"
        exporting.export(project=project, who=WHO, release_name="v1", format_name="openai", out=out)
    files = [{p.name: p.read_bytes() for p in (tmp_path / f"out{n}").iterdir()} for n in range(3)]
    assert files[0] == files[1] == files[2]
    again = releasing.work_out(project=restored, who=WHO, name="v2", plan=ReleasePlan())
    restored.close()
    assert again.same_as == "v1"


def test_unchanged_content_exports_the_same_release_again(filled: Project, tmp_path: Path) -> None:
    one = exporting.one_click(project=filled, who=WHO, plan=ReleasePlan(), format_name="openai", out=tmp_path / "out")
    before = {p.name: p.read_bytes() for p in (tmp_path / "out" / "v1").iterdir()}
    two = exporting.one_click(project=filled, who=WHO, plan=ReleasePlan(), format_name="openai", out=tmp_path / "out")
    assert (one.made, two.made, two.release.name) == (True, False, "v1")
    assert {p.name: p.read_bytes() for p in (tmp_path / "out" / "v1").iterdir()} == before
    first = next(browsing.examples(project=filled))
    edit = Judgement(verdict=Verdict.EDIT, edits={1: "Another answer."})
    reviewing.submit(project=filled, who=WHO, example_id=first.id, judgement=edit)
    three = exporting.one_click(project=filled, who=WHO, plan=ReleasePlan(), format_name="openai", out=tmp_path / "out")
    assert (three.made, three.release.name) == (True, "v2")
    assert {p.name: p.read_bytes() for p in (tmp_path / "out" / "v1").iterdir()} == before
    texts = [line for part in parts(tmp_path / "out" / "v2").values() for line in part]
    assert sum("Another answer." in line for line in texts) == 1


@pytest.mark.parametrize("name", ["v1", "", ".", "..", "../x", "a/b", "x" * 81, "\n", " v"])
def test_a_name_that_is_taken_or_no_name_is_refused(filled: Project, name: str, tmp_path: Path) -> None:
    release(filled, "v1")
    first = next(browsing.examples(project=filled))
    reviewing.submit(project=filled, who=WHO, example_id=first.id, judgement=Judgement(verdict=Verdict.REJECT))
    plan = ReleasePlan(seed=3)
    with pytest.raises(Refused):
        releasing.make(project=filled, who=WHO, name=name, plan=plan)
    if name:
        with pytest.raises(Refused):
            exporting.one_click(
                project=filled, who=WHO, plan=plan, format_name="openai", out=tmp_path / "out", name=name
            )
    assert [found.name for found in releasing.listed(project=filled)] == ["v1"]
    assert not (tmp_path / "out").exists()


def test_an_example_that_changes_while_a_release_is_made_refuses_it(filled: Project) -> None:
    draft = releasing.work_out(project=filled, who=WHO, name="v1", plan=ReleasePlan())
    first = next(browsing.examples(project=filled))
    reviewing.submit(project=filled, who=WHO, example_id=first.id, judgement=Judgement(verdict=Verdict.REJECT))
    with pytest.raises(Refused):
        releasing.store(project=filled, who=WHO, draft=draft)
    assert releasing.listed(project=filled) == []


def test_a_purge_stops_the_export_of_the_releases_that_held_it(filled: Project, tmp_path: Path) -> None:
    release(filled, "v1")
    gone = list(browsing.examples(project=filled))[-1]
    purged = keeping.purge(project=filled, who=WHO, example_id=gone.id, reason="withdrawn")
    assert purged.releases == ("v1",)
    _bring_in(filled, tmp_path, "more", [_row(99, 99, 20, 0)])
    with pytest.raises(Refused, match="deleted for good"):
        exporting.export(project=filled, who=WHO, release_name="v1", format_name="openai", out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    release(filled, "v2")
    done = exporting.export(project=filled, who=WHO, release_name="v2", format_name="openai", out=tmp_path / "out")
    assert gone.content.answer not in (tmp_path / "out" / "train.jsonl").read_text()
    assert done.manifest.is_file()
    with pytest.raises(NotFound):
        exporting.export(project=filled, who=WHO, release_name="v9", format_name="openai", out=tmp_path / "no")


def test_what_a_release_holds_is_not_undone(filled: Project) -> None:
    first = next(browsing.examples(project=filled))
    reviewing.submit(project=filled, who=WHO, example_id=first.id, judgement=Judgement(verdict=Verdict.ACCEPT))
    release(filled, "v1")
    with pytest.raises(Refused, match="v1"):
        undoing.undo(project=filled, who=WHO)


def test_undo_never_overrides_what_another_has_decided_since(filled: Project) -> None:
    first = next(browsing.examples(project=filled))
    ben = Who(actor="ben", device="there")
    duplicates.set_aside(project=filled, who=WHO, ids=[first.id])
    duplicates.bring_back(project=filled, who=ben, ids=[first.id])
    duplicates.set_aside(project=filled, who=ben, ids=[first.id])
    with pytest.raises(Refused):
        undoing.undo(project=filled, who=WHO)
    undoing.undo(project=filled, who=ben)
    undoing.undo(project=filled, who=ben)
    undoing.undo(project=filled, who=WHO)
    assert next(browsing.examples(project=filled)).status == "accepted"


def test_an_older_act_of_ones_own_is_not_undone_over_a_newer_one(filled: Project) -> None:
    first = next(browsing.examples(project=filled))
    acts = []
    for verdict in (Verdict.REJECT, Verdict.UNSURE):
        judgement = Judgement(verdict=verdict)
        acts.append(reviewing.submit(project=filled, who=WHO, example_id=first.id, judgement=judgement).act)
    with pytest.raises(Refused):
        undoing.undo(project=filled, who=WHO, act=acts[0])
    undoing.undo(project=filled, who=WHO, act=acts[1])
    undoing.undo(project=filled, who=WHO, act=acts[0])
    assert next(browsing.examples(project=filled)).status == "accepted"


def test_setting_aside_twice_is_undone_once(filled: Project) -> None:
    first = next(browsing.examples(project=filled))
    duplicates.set_aside(project=filled, who=WHO, ids=[first.id])
    duplicates.set_aside(project=filled, who=WHO, ids=[first.id])
    undoing.undo(project=filled, who=WHO)
    assert next(browsing.examples(project=filled)).status == "accepted"


@pytest.mark.parametrize("seed", range(6))
def test_what_resembles_an_earlier_held_out_example_stays_out_of_train(tmp_path: Path, who: Who, seed: int) -> None:
    project = projects.new_project(path=tmp_path / "clinic.accord", who=who)
    _bring_in(project, tmp_path, "first", [_row(n, n, 9, 0) for n in range(12)])
    accept_all(project)
    plan = ReleasePlan(heldout=0.3, validation=0.1, seed=seed)
    first = releasing.work_out(project=project, who=who, name="v1", plan=plan)
    releasing.store(project=project, who=who, draft=first)
    held = [i for i, part in first.parts.items() if part.value == "heldout"]
    alike = {row.content.request: row.id for row in browsing.examples(project=project) if row.id in held}

    # Each held-out example goes: set aside or rejected. Copies of all twelve come in and are accepted.
    duplicates.set_aside(project=project, who=who, ids=held[:1])
    for example_id in held[1:]:
        reviewing.submit(project=project, who=who, example_id=example_id, judgement=Judgement(verdict=Verdict.REJECT))
    copies = [_row(n + 100, n, 9, 0) for n in range(12)]
    _bring_in(project, tmp_path, "copies", copies)
    for row in list(browsing.examples(project=project, where="status = candidate")):
        reviewing.submit(project=project, who=who, example_id=row.id, judgement=Judgement(verdict=Verdict.ACCEPT))
    none_new = ReleasePlan(heldout=0, validation=0, seed=seed)  # so that only what was held out before is
    second = releasing.work_out(project=project, who=who, name="v2", plan=none_new)
    assert len(held) > 1
    requests_of = {row.id: row.content.request for row in browsing.examples(project=project)}
    for example_id, part in second.parts.items():
        if requests_of[example_id] in alike:
            assert part.value == "heldout"
    project.close()


@given(
    st.dictionaries(st.from_regex(r"[0-9a-f]{20}", fullmatch=True), st.sampled_from(list(Part)), max_size=8),
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.booleans(),
)
def test_the_hash_of_a_release_is_that_of_its_content_as_one_json(
    parts: dict[str, Part],
    instruction: str,
    coded: bool,  # noqa: FBT001  (hypothesis gives it)
) -> None:
    hashes = {id_: sha256_hex(id_) for id_ in parts}
    choices = (Choice(label="Yes é", code="1"),) if coded else ()
    chosen = ProjectSettings(instruction=instruction, choices=choices, export_codes=coded)
    whole = {
        "items": sorted([i, hashes[i], part.value] for i, part in parts.items()),
        "instruction": [chosen.instruction, chosen.instruction_mode.value],
        "codes": [[c.label, c.code] for c in chosen.choices] if chosen.export_codes else [],
    }
    found = content_hash(
        instruction=chosen.instruction,
        mode=chosen.instruction_mode,
        codes=releasing.exported_codes(chosen),
        items=((id_, hashes[id_], parts[id_]) for id_ in sorted(parts)),
    )
    assert found == sha256_hex(canonical_json(whole))
