"""Purging: not one byte of the text is left in the project's file or its log."""

import re
from pathlib import Path

import sqlalchemy as sa
from tests.storage.conftest import WHO, bring_in, record

from accord.domain.content import pair
from accord.domain.ledger import Who
from accord.domain.review import Judgement, Verdict
from accord.storage import events, listing, schema, states
from accord.storage.project import Project
from accord.workflows import keeping, reviewing

SECRET = ["Zwqxkvbn Ivanova", "zwqxkvbn", "ivanova", "Kjqwzephyr", "kjqwzephyr", "Quuxmantle", "quuxmantle", "zwqx"]


def test_no_byte_of_the_text_stays(project_file: Project) -> None:
    long = "Zwqxkvbn Ivanova told Kjqwzephyr everything. " * 2000
    rows = [record(n, f"Question {n}", f"Answer {n} " * 50) for n in range(200)]
    secret = record(
        201,
        "Does Zwqxkvbn Ivanova take it?",
        long,
        group="Zwqxkvbn Ivanova",
        context="Quuxmantle",
        tags=("Kjqwzephyr",),
    )
    bring_in(project_file, [*rows[:100], secret, *rows[100:]])
    example = secret.content.id
    edit = Judgement(
        verdict=Verdict.EDIT, edits={1: long + "Quuxmantle"}, tags=("Kjqwzephyr",), comment="Zwqxkvbn Ivanova"
    )
    reviewing.submit(project=project_file, who=WHO, example_id=example, judgement=edit)
    reviewing.save_draft(project=project_file, who=WHO, example_id=example, value={"text": "Zwqxkvbn Ivanova " * 500})
    assert _found(project_file.path)
    purged = keeping.purge(project=project_file, who=WHO, example_id=example, reason="withdrawn")
    assert _found(project_file.path) == []
    assert len(purged.backups) == 1
    with project_file.read() as view:
        assert listing.seq_of(view, example) is None
        assert states.differences(view) == []
        assert events.problems(view) == []
        edited = secret.content.with_texts(edit.edits)
        hashes = set(view.connection.execute(sa.select(schema.tombstone.c.hash)).scalars())
        assert hashes == {secret.content.hash, edited.hash}
    assert keeping.inspect(project=project_file) == []


def _found(path: Path) -> list[str]:
    data = b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*") if file.is_file()).lower()
    return [word for word in SECRET if re.search(re.escape(word.lower().encode()), data)]


def test_the_events_never_hold_text(project: Project) -> None:
    bring_in(project, [record(1, "Does Zwqxkvbn take it?", "Kjqwzephyr")])
    example = pair("Does Zwqxkvbn take it?", "Kjqwzephyr").id
    edit = Judgement(verdict=Verdict.EDIT, edits={1: "Quuxmantle"}, comment="Ivanova")
    reviewing.submit(project=project, who=Who(actor="ana"), example_id=example, judgement=edit)
    with project.read() as view:
        told = " ".join(str(event) for event in events.walk(view)).lower()
    assert not [word for word in SECRET if word.lower() in told]


def test_a_purge_needs_the_guard_only_while_it_runs(project: Project) -> None:
    bring_in(project, [record(1, "Q1"), record(2, "Q2")])
    keeping.purge(project=project, who=WHO, example_id=record(1, "Q1").content.id, reason="r")
    with project.read() as view:
        assert view.connection.execute(sa.select(schema.purge_guard)).all() == []
