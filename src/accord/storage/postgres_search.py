"""The search index on PostgreSQL: the same words as in SQLite's, as a tsvector that nothing has stemmed or dropped."""

from collections.abc import Sequence

import sqlalchemy as sa

from accord.storage.inserting import insert_as_json
from accord.storage.project import Unit

_LONGEST_WORD = 500  # letters; PostgreSQL takes words of up to 2 046 bytes, and two that share 500 letters are rare

INDEX = sa.table("search", sa.column("seq", sa.Integer), sa.column("body"))


def write(unit: Unit, bodies: Sequence[tuple[int, str]]) -> None:
    """Make the search find examples by these words, (number, words with spaces between), and by no others."""
    rows = [(seq, _words(body)) for seq, body in bodies]
    if rows:
        insert_as_json(unit, _WRITE, ("seq", "words"), rows)


def forget(unit: Unit, seqs: Sequence[int]) -> None:
    """Make the search find these examples no more."""
    unit.connection.exec_driver_sql("DELETE FROM search WHERE seq = ANY(%s)", (list(seqs),))


def reset(unit: Unit) -> None:
    """Empty the index."""
    unit.connection.exec_driver_sql("DELETE FROM search")


def matches(expression: str) -> sa.ColumnElement[bool]:
    """Return the condition on INDEX that an FTS5 expression of ``words`` holds."""
    return INDEX.c.body.op("@@", is_comparison=True)(sa.cast(sa.literal(_query(expression), sa.Text()), _TSQuery()))


class _TSQuery(sa.types.UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **_how: object) -> str:
        return "tsquery"


def _words(body: str) -> str:
    return " ".join({word[:_LONGEST_WORD] for word in body.split()})


_WRITE = (
    "INSERT INTO search (seq, body) "
    "SELECT seq, array_to_tsvector(string_to_array(words, ' ')) "
    "FROM json_to_recordset(%s::json) AS given(seq integer, words text) "
    "ON CONFLICT (seq) DO UPDATE SET body = excluded.body"
)


def _query(expression: str) -> str:
    """Return the expression in PostgreSQL's own form; its words hold letters, digits and ``_`` alone."""
    return " ".join(_TERMS.get(part) or _term(part) for part in expression.split())


def _term(part: str) -> str:
    word = part.rstrip("*")[1:-1][:_LONGEST_WORD]
    return f"'{word}':*" if part.endswith("*") else f"'{word}'"


_TERMS = {"AND": "&", "OR": "|"}
