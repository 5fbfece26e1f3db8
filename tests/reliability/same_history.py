"""One random history of a project, the same for the same seed wherever the project lives, and all it wrote as lines."""

import itertools
import json
import random
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from accord.domain.errors import AccordError, NotFound
from accord.domain.ledger import Who
from accord.domain.releases import ReleasePlan
from accord.domain.review import ConflictResolution, Judgement, Verdict
from accord.storage import events, listing, schema
from accord.storage import project as store
from accord.storage.project import Project
from accord.workflows import (
    browsing,
    bulk,
    conflicts,
    duplicates,
    importing,
    keeping,
    projects,
    releasing,
    reviewing,
    undoing,
)

PEOPLE = [Who(actor=name, device=f"device of {name}") for name in ("ana", "ben", "Çem 陈")]
REQUESTS = [
    "What is gout?",
    "what  is GOUT?",
    "هل هذا آمن؟",
    "痛风是什么?",
    "Is it safe\u2028or not? \u0000 e\u0301 👩‍⚕️",
    "É È é è",
]
ANSWERS = [
    "",
    "Yes, it is.",
    "No, and it would be a mistake.",
    "It depends on the dose and on the patient.",
    "不,要问医生。",
]
TAGS = ["", "dosage", "dosage;Recht", "étiquette"]
_UPKEEP = {"catch_up", "backup_before", "refresh_all"}
DERIVED = (schema.example_state, schema.draft)


class Chance:
    """The clock and the source of ids of one history; each act begins them anew, and upkeep takes nothing from them."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._aside = random.Random(seed)
        self.turn(0)

    def turn(self, act: int) -> None:
        """Begin an act."""
        self._ids = random.Random(f"{self.seed} {act}")
        self._seconds = itertools.count(act * 1000)

    def now(self) -> str:
        """Return the next second."""
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=0 if _upkeep() else next(self._seconds))
        return moment.isoformat(timespec="milliseconds")

    def uuid4(self) -> uuid.UUID:
        """Return the next id."""
        return uuid.UUID(int=(self._aside if _upkeep() else self._ids).getrandbits(128), version=4)


def _upkeep() -> bool:
    """Say whether this is work that a file or a server needs at a moment of its own."""
    return any(frame.f_code.co_name in _UPKEEP for frame, _line in traceback.walk_stack(None))


@contextmanager
def fixed_chance(seed: int) -> Iterator[Chance]:
    """Make the clock and all ids follow from the seed."""
    chance = Chance(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "now", chance.now)
        patch.setattr(uuid, "uuid4", chance.uuid4)
        yield chance


def play(project: Project, fixed: Chance, folder: Path, acts: int = 12) -> None:
    """Do as many random acts; one that the project refuses is part of the history."""
    chance = random.Random(fixed.seed)
    fixed.turn(1)
    _bring_in(project, chance, folder)
    for number in range(acts):
        fixed.turn(number + 2)
        act: Callable[[Project, random.Random, Path], None] = chance.choice(_ACTS)
        try:
            act(project, chance, folder)
        except AccordError:
            continue


def written(project: Project) -> list[str]:
    """Return every row of every table as a line, with the numbers that a database gives out as ranks."""
    with project.read() as view:
        tables = [schema.metadata.tables[name] for name in ("import_run", *schema.APPEND_ONLY)]
        ranks = {table.name: _ranks(view, table) for table in tables if "id" in table.c}
        return [line for table in (*tables, *DERIVED) for line in _lines(view, table, ranks)]


def _ranks(view: store.View, table: sa.Table) -> dict[Any, int]:
    if not isinstance(table.c.id.type, sa.Integer):
        return {}
    ids = view.connection.execute(sa.select(table.c.id).order_by(table.c.id)).scalars()
    return {number: rank for rank, number in enumerate(ids, start=1)}


_POINTS_AT = {"import_id": "import_run", "revision_id": "revision", "run_id": "duplicate_run", "release_id": "release"}


def _lines(view: store.View, table: sa.Table, ranks: dict[str, dict[Any, int]]) -> list[str]:
    lines = []
    for row in view.connection.execute(sa.select(table).order_by(*table.primary_key.columns)):
        value = {key: item for key, item in row._mapping.items() if key != "owner"}
        for key, other in (*_POINTS_AT.items(), ("id", table.name)):
            value[key] = ranks.get(other, {}).get(value.get(key), value.get(key))
        if table is schema.review and (judgement := json.loads(row.judgement)).get("restores") is not None:
            value["judgement"] = {**judgement, "restores": ranks["review"][judgement["restores"]]}
        lines.append(f"{table.name} {json.dumps(value, sort_keys=True)}")
    return lines if table.primary_key.columns.keys() == ["id"] else sorted(lines)


def _bring_in(project: Project, chance: random.Random, folder: Path) -> None:
    path = folder / f"rows{chance.randrange(4)}.jsonl"
    rows = [
        {
            "q": chance.choice(REQUESTS),
            "a": chance.choice(ANSWERS),
            "g": chance.choice(["", "p1", "p2"]),
            "t": chance.choice(TAGS),
            "note": chance.choice(["", "Zeile\u0000", "ملاحظة"]),
        }
        for _number in range(chance.randrange(1, 8))
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + chance.choice(["", '{"q": \n']))
    mapping = {"request": "q", "answer": "a", "group": "g", "tags": "t"}
    importing.import_file(project=project, who=chance.choice(PEOPLE), path=path, mapping=mapping, backup=False)


def _judge(project: Project, chance: random.Random, _folder: Path) -> None:
    example_id = _any(project, chance)
    with project.read() as view:
        base = listing.base_of(view, listing.seqs_of(view, [example_id])[example_id])
    verdict = chance.choice(list(Verdict))
    edits = {chance.randrange(len(base.messages)): chance.choice(ANSWERS[1:])} if verdict is Verdict.EDIT else {}
    judgement = Judgement(
        verdict=verdict,
        edits=edits,
        tags=tuple(chance.sample(["dosage", "Recht", "é"], chance.randrange(3))),
        comment=chance.choice(["", "ok", "\u0000 نعم"]),
    )
    reviewing.submit(project=project, who=chance.choice(PEOPLE), example_id=example_id, judgement=judgement)


def _fix(project: Project, chance: random.Random, _folder: Path) -> None:
    example_id = _any(project, chance)
    with project.read() as view:
        base = listing.base_of(view, listing.seqs_of(view, [example_id])[example_id])
    offer = reviewing.FixOffer(
        example_id=example_id, base_hash=base.hash, old="", new="", before=base.answer, after=chance.choice(ANSWERS[1:])
    )
    reviewing.fix_once(project=project, who=chance.choice(PEOPLE), offer=offer)


def _draft(project: Project, chance: random.Random, _folder: Path) -> None:
    value = {"edits": {"1": chance.choice(ANSWERS)}, "note": "\u0000"}
    reviewing.save_draft(project=project, who=chance.choice(PEOPLE), example_id=_any(project, chance), value=value)


def _move(project: Project, chance: random.Random, _folder: Path) -> None:
    act = chance.choice([duplicates.set_aside, duplicates.bring_back])
    act(project=project, who=chance.choice(PEOPLE), ids=[_any(project, chance)])


def _find(project: Project, chance: random.Random, _folder: Path) -> None:
    threshold = chance.choice([0.5, 0.8])
    duplicates.find(project=project, who=chance.choice(PEOPLE), threshold=threshold, apply=chance.random() < 0.5)


def _settle(project: Project, chance: random.Random, _folder: Path) -> None:
    listed = sorted(conflicts.listed(project=project), key=lambda conflict: conflict.key)
    if listed:
        found = chance.choice(listed)
        how = chance.choice(list(ConflictResolution))
        keep = {found.key: chance.choice(sorted(row.id for row in found.rows))}
        who = chance.choice(PEOPLE)
        conflicts.settle(project=project, who=who, keys=[found.key], resolution=how, reason="geprüft", keep=keep)


def _decide_settings(project: Project, chance: random.Random, _folder: Path) -> None:
    settings = replace(projects.settings_of(project=project), title=chance.choice(["Klinik", "诊所", "עיון"]))
    projects.change_settings(project=project, who=chance.choice(PEOPLE), settings=settings)


def _release(project: Project, chance: random.Random, _folder: Path) -> None:
    plan = ReleasePlan(heldout=0.3, validation=0.2, seed=chance.randrange(3))
    releasing.make(project=project, who=PEOPLE[0], name=releasing.propose_name(project=project), plan=plan)


def _undo(project: Project, chance: random.Random, _folder: Path) -> None:
    undoing.undo(project=project, who=chance.choice(PEOPLE))


def _purge(project: Project, chance: random.Random, _folder: Path) -> None:
    keeping.purge(project=project, who=PEOPLE[0], example_id=_any(project, chance), reason="withdrawn")


def _many(project: Project, chance: random.Random, _folder: Path) -> None:
    acts: list[Callable[..., object]] = [
        partial(bulk.add_tag, tag=chance.choice(["bulk", "é"])),
        partial(bulk.remove_tag, tag=chance.choice(["bulk", "dosage"])),
        bulk.set_aside,
        bulk.bring_back,
        partial(bulk.judge, verdict=chance.choice([Verdict.ACCEPT, Verdict.REJECT, Verdict.UNSURE])),
    ]
    numbers = [number for number in browsing.example_numbers(project=project) if chance.randrange(3)]
    chance.choice(acts)(project=project, who=chance.choice(PEOPLE), numbers=numbers)


def _any(project: Project, chance: random.Random) -> str:
    ids = sorted(row.id for row in browsing.examples(project=project))
    if not ids:
        raise NotFound("example", "")
    return chance.choice(ids)


_ACTS = (
    *[_judge] * 6,
    *[_bring_in] * 2,
    *[_fix] * 2,
    _draft,
    *[_move] * 2,
    _find,
    *[_settle] * 2,
    _decide_settings,
    *[_release] * 2,
    *[_many] * 3,
    *[_undo] * 3,
    _purge,
)


def same_words(project: Project, queries: list[str]) -> list[list[str]]:
    """Return what each search finds."""
    return [sorted(row.id for row in browsing.examples(project=project, where=query)) for query in queries]


def chains(project: Project) -> str:
    """Return the one hash over the ends of all event chains."""
    with project.read() as view:
        return events.head(view)
