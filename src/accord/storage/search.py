"""The search index. It may lag behind the examples: those after a mark are looked through one by one instead.

The mark (a fact about the project, ``search_from``) is the number of the first example that may be missing from the
index; without it none is. An import sets it before its first row, ``index_next`` moves it on, in short units of work.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

import sqlalchemy as sa

from accord.domain.content import Content
from accord.storage import postgres_search, schema
from accord.storage.project import Unit, View, meta, set_meta
from accord.storage.texts import ByDatabase
from accord.storage.words import any_of, match_expression, words

_MARK = "search_from"
_INDEX = sa.table("search", sa.column("rowid", sa.Integer), sa.column("rank", sa.Float))


def expect(unit: Unit, first: int) -> None:
    """Note that examples from this number on come in without being indexed; it lasts until they are."""
    mark = _mark(unit)
    if not _on_server(unit) and (mark is None or first < mark):
        set_meta(unit, _MARK, str(first))


def arrived(unit: Unit, texts: Iterable[tuple[int, str]]) -> None:
    """Index what has come in, (number, content as text), where nothing waits: a server cannot look through texts."""
    if _on_server(unit):
        _write(unit, [(seq, _body([Content.from_text(text)])) for seq, text in texts])


def index(unit: Unit, seq: int, contents: Iterable[Content]) -> None:
    """Make the search find an example by the words of these contents, and by no others."""
    _write(unit, [(seq, _body(contents))])


def forget(unit: Unit, seqs: Sequence[int]) -> None:
    """Make the search find these examples no more. Their words stay in the index's pieces until ``purge_words``."""
    if seqs and _on_server(unit):
        postgres_search.forget(unit, seqs)
    elif seqs:
        unit.connection.exec_driver_sql("DELETE FROM search WHERE rowid = ?", [(seq,) for seq in seqs])


def purge_words(unit: Unit) -> None:
    """Merge the index's pieces, so that nothing is left of what was forgotten."""
    if not _on_server(unit):
        unit.connection.exec_driver_sql("INSERT INTO search(search) VALUES ('optimize')")


def reset(unit: Unit) -> None:
    """Empty the index; every example waits to be indexed."""
    if _on_server(unit):
        postgres_search.reset(unit)
    else:
        unit.connection.exec_driver_sql("INSERT INTO search(search) VALUES ('delete-all')")
    set_meta(unit, _MARK, "0")


def index_next(unit: Unit, most: int) -> int:
    """Index the next ``most`` examples that wait, in the order they came in; return how many there were.

    Those of an unfinished import wait until it is done; with the last of all others the mark goes.
    """
    mark = _mark(unit)
    if mark is None:
        return 0
    end = _first_pending(unit)
    texts = _waiting_texts(unit, mark, end, most)
    _write(unit, [(seq, _body(contents)) for seq, contents in texts])
    if len(texts) == most:
        set_meta(unit, _MARK, str(texts[-1][0] + 1))
    elif end is not None:
        set_meta(unit, _MARK, str(end))
    else:
        unit.connection.execute(sa.delete(schema.meta).where(schema.meta.c.key == _MARK))
    return len(texts)


def waiting(view: View) -> int:
    """Return how many examples are not indexed yet, those of an unfinished import aside."""
    mark = _mark(view)
    if mark is None:
        return 0
    state = schema.example_state
    query = sa.select(sa.func.count()).where(state.c.seq >= mark, state.c.import_id.not_in(schema.pending_imports()))
    return int(view.connection.execute(query).scalar() or 0)


def condition(text: str) -> sa.ColumnElement[bool]:
    """Return the condition on ``example_state`` that an example holds all words of ``text``; ``dos*`` is a prefix."""
    expression = match_expression(text)
    if expression is None:
        return sa.false()
    example, fact = schema.example, schema.meta
    mark = sa.select(sa.cast(fact.c.value, sa.Integer)).where(fact.c.key == _MARK).scalar_subquery()
    indexed = sa.select(_INDEX.c.rowid).where(_matches(expression))
    # An edited example is indexed at once by both its texts, wherever the mark is.
    asked = text.replace("\0", " ")  # SQLite hands a text to a function up to the first of these
    behind = sa.select(example.c.seq).where(example.c.seq >= mark, sa.func.accord_holds(example.c.content, asked) == 1)
    seq = schema.example_state.c.seq
    return ByDatabase(seq.in_(sa.union_all(indexed, behind)), seq.in_(_on_postgres(expression)))


def similar(text: str, *, most_words: int) -> sa.ColumnElement[bool] | None:
    """Return the condition on ``example_state`` that an indexed example holds any of a text's longest words.

    None where the text has no word.
    """
    expression = any_of(text, most_words)
    if expression is None:
        return None
    seq = schema.example_state.c.seq
    return ByDatabase(seq.in_(sa.select(_INDEX.c.rowid).where(_matches(expression))), seq.in_(_on_postgres(expression)))


def look_anew(view: View) -> None:
    """Let a file's connection see how other connections have left the index since it searched last.

    A search does so by itself; SQLite's check of a whole file (3.53.4) does not, and takes pieces that were merged
    meanwhile for damage. What is damaged is left to that check to tell.
    """
    with suppress(sa.exc.DatabaseError):
        view.connection.exec_driver_sql("SELECT rowid FROM search WHERE search MATCH 'a' LIMIT 1").all()


def _on_postgres(expression: str) -> sa.Select[tuple[int]]:
    return sa.select(postgres_search.INDEX.c.seq).where(postgres_search.matches(expression))


def _matches(expression: str) -> sa.ColumnElement[bool]:
    return sa.literal_column("search").op("MATCH", is_comparison=True)(expression)


def _on_server(view: View) -> bool:
    return view.connection.dialect.name == "postgresql"


def _mark(view: View) -> int | None:
    found = meta(view, _MARK)
    return int(found) if found else None


def _first_pending(view: View) -> int | None:
    """Return the number of the first example of an unfinished import, which may be still to come; None without one."""
    run, table = view.connection.execute, schema.example
    if run(schema.pending_imports().limit(1)).first() is None:
        return None
    found = run(sa.select(sa.func.min(table.c.seq)).where(table.c.import_id.in_(schema.pending_imports()))).scalar()
    if found is None:
        found = 1 + (run(sa.select(sa.func.max(table.c.seq))).scalar() or 0)
    return int(found)


def _waiting_texts(view: View, mark: int, end: int | None, most: int) -> list[tuple[int, list[Content]]]:
    """Return the texts by which each waiting example is found: as imported and, where another stands, that one."""
    example, state, revision = schema.example, schema.example_state, schema.revision
    standing = sa.select(revision.c.content).where(revision.c.seq == example.c.seq, revision.c.hash == state.c.hash)
    edited = sa.case((state.c.hash != example.c.hash, standing.limit(1).scalar_subquery()))
    query = (
        sa.select(example.c.seq, example.c.content, edited)
        .outerjoin(state, state.c.seq == example.c.seq)
        .where(example.c.seq >= mark)
        .order_by(example.c.seq)
        .limit(most)
    )
    if end is not None:
        query = query.where(example.c.seq < end)
    rows = view.connection.execute(query)
    return [(row[0], [Content.from_text(text) for text in row[1:] if text is not None]) for row in rows]


def _body(contents: Iterable[Content]) -> str:
    return words("\n".join(m.content for content in contents for m in content.messages))


def _write(unit: Unit, bodies: Sequence[tuple[int, str]]) -> None:
    if not bodies:
        return
    if _on_server(unit):
        postgres_search.write(unit, bodies)
        return
    run: Any = unit.connection.exec_driver_sql
    run("DELETE FROM search WHERE rowid = ?", [(seq,) for seq, _body in bodies])
    run("INSERT INTO search(rowid, body) VALUES (?, ?)", list(bodies))
