"""Candidates as a run makes them, and what a reviewer says of them."""

from collections.abc import Sequence
from dataclasses import replace

from tests.storage.conftest import WHO
from tests.storage.runs import PLAN, begun, reply

from accord.domain.generation import Asked, Made, Outcome, Start
from accord.domain.records import RawRecord
from accord.domain.review import Judgement, Origin, Verdict
from accord.storage import generations, imports, listing, reviews, states
from accord.storage.project import Project


def ran(project: Project, model: str, rows: Sequence[RawRecord], outcome: Outcome, cost: str = "0.30") -> list[int]:
    """Let a run of one question make these examples and return their numbers."""
    run_id = begun(project, WHO, Start(seed=1), plan=replace(PLAN, model=model))
    with project.write(WHO) as unit:
        before = listing.newest(unit)
        generations.resume(unit, run_id)
        generations.asking(unit, run_id, [Asked(number=1, asked="h")])
        generations.told(unit, run_id, [reply(1, cost=cost)])
        import_id = imports.begin(unit, file="run", sha256="", format_name="run", encoding="utf-8", mapping={})
        imports.finish(unit, import_id, imports.add_rows(unit, import_id, rows, origin=Origin.GENERATED))
        found = [seq for seq in listing.seqs(unit) if seq > before]
        generations.stored(unit, run_id, {1: outcome}, [Made(seq, 1, (1,)) for seq in found], import_id)
        generations.done(unit, run_id)
        unit.commit()
    imports.ended(unit.act)
    generations.ended(unit.act)
    return found


def judge(project: Project, seq: int, verdict: Verdict, **edits: str) -> None:
    with project.write(WHO) as unit:
        given = {int(index.removeprefix("m")): text for index, text in edits.items()}
        base = listing.base_of(unit, seq)
        reviews.append(unit, seq, Judgement(verdict=verdict, edits=given), base, reviewer="ana")
        states.refresh(unit, [seq])
        unit.commit()
