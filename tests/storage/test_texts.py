"""Any text that a person or a file can bring comes back as it was, in every column, from both databases."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from tests.storage.conftest import WHO, bring_in, record

from accord.domain.errors import UnusableText
from accord.domain.filters import Field, Op, Term
from accord.domain.review import Judgement, Verdict
from accord.storage import listing, schema, texts
from accord.storage.project import Project
from accord.workflows import reviewing

LONG = {"occurrence", "rejection", "decision"}  # the others are indexed by names, which a server limits to 2.7 kB
FREE = [(t.name, c.name) for t in schema.metadata.sorted_tables for c in t.columns if isinstance(c.type, texts.Free)]
TEXTS = [
    "",
    "\0",
    "a\0b",
    "\x1a",
    "\x1a0",
    "\x1a1\0",
    "\0\0",
    "\r\n\u2028\ufeff",
    "é e\u0301",
    "مرحبا",
    "高血压",
    "👩‍⚕️",
]


@given(st.text())
def test_a_stored_text_comes_back(text: str) -> None:
    assert texts.as_it_was(texts.stored(text)) == text
    assert "\0" not in texts.stored(text)


@given(st.text(alphabet="\0\x1a01a"), st.text(alphabet="\0\x1a01a"))
def test_two_texts_are_never_stored_alike(one: str, other: str) -> None:
    assert (texts.stored(one) == texts.stored(other)) == (one == other)


def test_every_column_for_free_text_keeps_any_character(project: Project, data_dir: Path) -> None:
    naughty = json.loads((data_dir / "hostile" / "blns.json").read_text("utf-8"))
    every = "".join(dict.fromkeys([*TEXTS, *naughty]))
    with project.write(WHO) as unit:
        for name, column in FREE:
            table = schema.metadata.tables[name]
            row = {c.name: _value(c) for c in table.columns}
            unit.connection.execute(sa.delete(table)) if name not in schema.APPEND_ONLY else None
            row |= {c.name: f"{column}-{c.name}" for c in table.primary_key if _value(c) == "x" and c.name != column}
            row |= {"number": 7 + len(column)} if name == "event" else {}
            row.pop("id", None) if isinstance(table.c.get("id", sa.Column()).type, sa.Integer) else None
            wanted = every if name in LONG else every[:500]
            row[column] = wanted
            unit.connection.execute(sa.insert(table).values(row))
            found = unit.connection.execute(sa.select(table.c[column]).where(table.c[column] == wanted)).scalars()
            assert list(found) == [wanted], f"{name}.{column}"


def _value(column: "sa.Column[object]") -> object:
    if isinstance(column.type, sa.Boolean):
        return False
    return 1 if isinstance(column.type, sa.Integer | sa.Float) else "x"


@pytest.mark.parametrize("text", TEXTS)
def test_what_files_and_people_bring_is_found_by_itself(project: Project, text: str) -> None:
    source = {
        "group": text,
        "context": text,
        "source": text,
        "source_url": text,
        "licence": text,
        "tags": (f"t{text}",),
    }
    row = record(1, f"Q{text}", f"A{text}", **source)
    bring_in(project, [row], file=f"f{text}")
    judgement = Judgement(verdict=Verdict.ACCEPT, comment=text, citation=text, tags=(f"t{text}",), reasons=(text,))
    reviewing.submit(project=project, who=WHO, example_id=row.content.id, judgement=judgement, reviewer=f"r{text}")
    with project.read() as view:
        (seq,) = listing.seqs(view)
        detail = listing.detail(view, seq)
        assert detail is not None
        assert detail.original == row.content
        assert detail.places[0].source == row.source
        assert detail.places[0].file == f"f{text}"
        assert detail.reviews[0].judgement.comment == text
        asked = [(Field.GROUP, text), (Field.SOURCE, f"f{text}"), (Field.TAG, f"t{text}"), (Field.REVIEWER, f"r{text}")]
        for field, value in asked:
            for op in (Op.IS, Op.CONTAINS):
                assert list(listing.seqs(view, [Term(field=field, op=op, value=value)])) == [seq], (field, op)


def test_half_a_character_is_refused_with_a_sentence(project: Project) -> None:
    with pytest.raises(UnusableText), project.write(WHO) as unit:
        unit.connection.execute(sa.insert(schema.meta).values(key="x", value="\ud800"))


@pytest.mark.parametrize(
    ("value", "found"),
    [("ÄRZTE", {"ÄRZTE"}), ("ärzte", {"ärzte"}), ("rzte", {"ÄRZTE", "ärzte"}), ("%", {"100%"}), ("_", {"a_b"})],
)
def test_part_of_a_name_means_the_same_on_both(project: Project, value: str, found: set[str]) -> None:
    names = ["ÄRZTE", "ärzte", "100%", "a_b", "İstanbul", "STRASSE", "straße"]
    bring_in(project, [record(n, f"Q{n}", source=name) for n, name in enumerate(names)])
    with project.read() as view:
        numbers = listing.seqs(view, [Term(field=Field.SOURCE, op=Op.CONTAINS, value=value)])
        assert {names[seq - 1] for seq in numbers} == found
