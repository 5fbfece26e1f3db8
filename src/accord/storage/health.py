"""Whether a project file is whole: SQLite's own check, and the links between rows."""

import sqlalchemy as sa

from accord.domain.generation import ItemState
from accord.storage import schema, search, states
from accord.storage.project import View


def problems(view: View) -> list[str]:
    """Return a plain line for everything that is wrong, none where all is well."""
    found: list[str] = []
    if view.connection.dialect.name == "sqlite":
        search.look_anew(view)
        lines = [row[0] for row in view.connection.exec_driver_sql("PRAGMA integrity_check(20)")]
        found += [f"the file: {line}" for line in lines if line != "ok"]
    for table, column in (
        (schema.occurrence, "seq"),
        (schema.revision, "seq"),
        (schema.review, "seq"),
        (schema.draft, "seq"),
        (schema.example_state, "seq"),
    ):
        found += _orphans(view, table, column)
    listed, examples = _count(view, schema.example_state), _count(view, schema.example)
    if listed != examples:
        found.append(f"{examples} examples but {listed} states; run inspect --rebuild")
    found += _unbalanced_imports(view)
    found += _stray_replies(view)
    found += states.unreadable(view)
    if _count(view, schema.purge_guard):
        found.append("the guards against changing history are switched off")
    return found


def _orphans(view: View, table: sa.Table, column: str) -> list[str]:
    known = sa.select(schema.example.c.seq)
    query = sa.select(sa.func.count()).select_from(table).where(table.c[column].not_in(known))
    n = view.connection.execute(query).scalar()
    return [f"{n} rows of {table.name} belong to no example"] if n else []


def _unbalanced_imports(view: View) -> list[str]:
    table = schema.import_run
    rows = view.connection.execute(
        sa.select(table.c.file).where(
            table.c.state == "done", table.c.read != table.c.accepted + table.c.rejected + table.c.duplicate
        )
    )
    return [f"import of {name}: its counts do not add up" for name in rows.scalars()]


def _stray_replies(view: View) -> list[str]:
    """Look for answers of a chat model that are brought in already, and for questions whose answer is gone."""
    item, reply = schema.generation_item, schema.generation_reply
    same = sa.and_(item.c.generation_id == reply.c.generation_id, item.c.number == reply.c.number)
    answered = item.c.state == ItemState.ANSWERED.value
    queries = {
        "{n} answers of a chat model belong to no question that waits for them": (
            sa.select(sa.func.count()).select_from(reply).where(~sa.exists().where(same, answered))
        ),
        "{n} questions to a chat model are answered, and the answer is gone": (
            sa.select(sa.func.count()).select_from(item).where(answered, ~sa.exists().where(same))
        ),
    }
    counted = {line: view.connection.execute(query).scalar() for line, query in queries.items()}
    return [line.format(n=n) for line, n in counted.items() if n]


def _count(view: View, table: sa.Table) -> int:
    return int(view.connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() or 0)
