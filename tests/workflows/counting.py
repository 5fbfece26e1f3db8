"""Counts the statements that a question takes."""

from collections.abc import Callable

import sqlalchemy as sa

from accord.storage.project import Project


def statements(project: Project, asked: Callable[[], object]) -> int:
    """Return how many statements a question takes."""
    counted: list[str] = []

    def count(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        counted.append(statement)

    with project.read() as view:
        engine = view.connection.engine
    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        asked()
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)
    return len(counted)
