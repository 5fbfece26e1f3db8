"""What a model made of an example stays in its part of a release, however many stand between, and whatever became of them."""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.storage.conftest import record
from tests.storage.runs import begun, reply
from tests.workflows.texts import WHO, accept_all, release

from accord.checks import registry
from accord.domain.generation import Asked, Made, Outcome, Start
from accord.domain.records import RawRecord
from accord.domain.releases import Part, ReleasePlan
from accord.domain.review import Judgement, Origin, Verdict
from accord.storage import generations, imports, listing, releases
from accord.storage import settings as project_settings
from accord.storage.project import Project, create_project
from accord.workflows import duplicates, keeping, projects, releasing, reviewing

BASE = 12


def _row(number: int, group: str = "") -> RawRecord:
    """Return a row whose words no other has."""
    words = " ".join(hashlib.sha256(f"{number}-{n}".encode()).hexdigest()[:9] for n in range(12))
    return record(number, f"What of {words}?", f"It is {words[::-1]}.", group=group)


def _store(project: Project, rows: Sequence[RawRecord], origin: Origin, seeds: Sequence[tuple[int, ...]] = ()) -> None:
    """Bring rows in; with ``seeds``, as what a model made of these, one run for all."""
    run_id = begun(project, WHO, *(Start() for _row in rows)) if seeds else 0
    with project.write(WHO) as unit:
        import_id = imports.begin(unit, file="f", sha256="", format_name="", encoding="", mapping={})
        first = max(listing.seqs(unit), default=0) + 1
        imports.finish(unit, import_id, imports.add_rows(unit, import_id, list(rows), origin=origin))
        for number, seqs in enumerate(seeds, start=1):
            generations.asking(unit, run_id, [Asked(number=number, asked="h")])
            generations.told(unit, run_id, [reply(number)])
            made = [Made(first + number - 1, number, seqs)]
            generations.stored(unit, run_id, {number: Outcome(new=1)}, made, import_id)
        unit.commit()
    imports.ended(unit.act)


def _ids(project: Project) -> dict[int, str]:
    with project.read() as view:
        return {row.seq: row.id for row in listing.iterate(view)}


def _parts(project: Project, name: str, ids: dict[int, str]) -> dict[int, Part]:
    with project.read() as view:
        found = releases.parts(view, name)
    return {seq: found[id_][0] for seq, id_ in ids.items() if id_ in found}


def _lose(project: Project, how: str, example_id: str) -> None:
    """Take an example out of what may be released, in one of the ways there are."""
    match how:
        case "reject":
            rejected = Judgement(verdict=Verdict.REJECT)
            reviewing.submit(project=project, who=WHO, example_id=example_id, judgement=rejected)
        case "set aside":
            duplicates.set_aside(project=project, who=WHO, ids=[example_id])
        case "purge":
            keeping.purge(project=project, who=WHO, example_id=example_id, reason="withdrawn")


LOSSES = st.dictionaries(st.integers(1, BASE + 12), st.sampled_from(["reject", "set aside", "purge"]), max_size=5)
SEEDS = st.lists(st.lists(st.integers(1, BASE + 11), min_size=1, max_size=2, unique=True), min_size=2, max_size=12)


def _families(seeds: Sequence[Sequence[int]]) -> list[set[int]]:
    """Return what belongs together, worked out in another way than the program does."""
    found: list[set[int]] = [{seq} for seq in range(1, BASE + len(seeds) + 1)]
    for number, mine in enumerate(seeds, start=BASE + 1):
        joined = {number, *mine}
        met = [one for one in found if one & joined]
        found = [one for one in found if not one & joined] + [set().union(*met)]
    return found


def _new_project(path: Path) -> Project:
    """Return a project whose releases look for nothing in the texts."""
    none = replace(projects.preset("general").checks, off=tuple(rule.name for rule in registry.RULES))
    project = create_project(path)
    with project.write(WHO) as unit:
        project_settings.append(unit, replace(projects.preset("general"), checks=none))
        unit.commit()
    return project


@settings(max_examples=10)
@given(
    seeds=SEEDS,
    lost=LOSSES,
    share=st.sampled_from([0.2, 0.5]),
    generated=st.booleans(),
    draw=st.integers(0, 9),
)
def test_no_candidate_crosses_from_its_seed(
    seeds: list[list[int]], lost: dict[int, str], share: float, draw: int, *, generated: bool
) -> None:
    seeds = [[seq for seq in mine if seq < BASE + n] or [1] for n, mine in enumerate(seeds, start=1)]
    plan = ReleasePlan(heldout=share, validation=0.2, seed=draw, generated_heldout=generated)
    with tempfile.TemporaryDirectory() as folder:
        project = _new_project(Path(folder) / "p.accord")
        _store(project, [_row(n) for n in range(1, BASE + 1)], Origin.IMPORTED)
        accept_all(project)
        release(project, "before", plan)
        _store(project, [_row(BASE + n) for n in range(1, len(seeds) + 1)], Origin.GENERATED, [tuple(s) for s in seeds])
        accept_all(project)
        ids = _ids(project)
        for seq, how in lost.items():
            if seq in ids:
                _lose(project, how, ids[seq])
        made = releasing.make(project=project, who=WHO, name="v1", plan=plan)
        before, parts = _parts(project, "before", ids), _parts(project, "v1", ids)
        project.close()
    for family in _families(seeds):
        found = {parts[seq] for seq in family & parts.keys()}
        assert len(found) <= 1, family
        if any(before.get(seq) is Part.HELDOUT for seq in family if lost.get(seq) != "purge"):
            assert found <= {Part.HELDOUT}
    machine = {seq for seq in parts if seq > BASE}
    if not generated:
        assert Part.HELDOUT not in {parts[seq] for seq in machine}
    left = {item.reason for item in made.left_out}
    assert left <= ({"linked_to_heldout"} if generated else {"linked_to_heldout", "heldout_generated"})


@pytest.fixture
def shared(place: Path | str, light_checks: None) -> Iterator[Project]:
    """Give a project, once in a file and once on a server."""
    made = projects.new_project(path=place, who=WHO)
    yield made
    made.close()


def test_a_candidate_of_a_candidate_stays_with_its_seed_also_where_the_one_between_is_gone(shared: Project) -> None:
    _store(shared, [_row(n) for n in range(1, BASE + 1)], Origin.IMPORTED)
    _store(shared, [_row(BASE + n) for n in range(1, BASE + 1)], Origin.GENERATED, [(n,) for n in range(1, BASE + 1)])
    twice = [(BASE + n,) for n in range(1, BASE + 1)]
    _store(shared, [_row(2 * BASE + n) for n in range(1, BASE + 1)], Origin.GENERATED, twice)
    accept_all(shared)
    ids = _ids(shared)
    for n, how in enumerate(("reject", "set aside", "purge") * 4, start=1):
        _lose(shared, how, ids[BASE + n])
    release(shared, "v1", ReleasePlan(heldout=0.4, validation=0.3, generated_heldout=True))
    parts = _parts(shared, "v1", ids)
    assert set(parts.values()) == set(Part)
    assert [n for n in range(1, BASE + 1) if parts[n] is not parts[2 * BASE + n]] == []


def test_what_shares_a_group_with_a_seed_that_is_not_released_stays_with_its_candidates(shared: Project) -> None:
    _store(shared, [_row(n, group=f"patient{n}") for n in range(1, BASE + 1)], Origin.IMPORTED)
    _store(shared, [_row(BASE + n, group=f"patient{n}") for n in range(1, BASE + 1)], Origin.IMPORTED)
    _store(
        shared, [_row(2 * BASE + n) for n in range(1, BASE + 1)], Origin.GENERATED, [(n,) for n in range(1, BASE + 1)]
    )
    accept_all(shared)
    ids = _ids(shared)
    for n in range(1, BASE + 1):
        _lose(shared, "reject", ids[n])
    release(shared, "v1", ReleasePlan(heldout=0.4, validation=0.3, generated_heldout=True))
    parts = _parts(shared, "v1", ids)
    assert set(parts.values()) == set(Part)
    assert [n for n in range(1, BASE + 1) if parts[BASE + n] is not parts[2 * BASE + n]] == []


def test_what_a_model_made_of_a_held_out_example_is_held_out_only_where_a_person_asks(shared: Project) -> None:
    _store(shared, [_row(n) for n in range(1, BASE + 1)], Origin.IMPORTED)
    accept_all(shared)
    plan = ReleasePlan(heldout=0.5, validation=0)
    release(shared, "v1", plan)
    _store(shared, [_row(BASE + n) for n in range(1, BASE + 1)], Origin.GENERATED, [(n,) for n in range(1, BASE + 1)])
    accept_all(shared)
    ids = _ids(shared)
    held = {seq for seq, part in _parts(shared, "v1", ids).items() if part is Part.HELDOUT}
    made = releasing.make(project=shared, who=WHO, name="v2", plan=plan)
    of_held = {ids[BASE + seq] for seq in held}
    assert {(item.id, item.reason) for item in made.left_out} == {(id_, "heldout_generated") for id_ in of_held}
    assert any("made by a model and belong with what was held out" in s for s in made.warnings)
    assert {seq for seq, part in _parts(shared, "v2", ids).items() if part is Part.HELDOUT} == held
    release(shared, "v3", ReleasePlan(heldout=0.5, validation=0, generated_heldout=True))
    asked = {seq for seq, part in _parts(shared, "v3", ids).items() if part is Part.HELDOUT}
    assert asked == held | {BASE + seq for seq in held}
