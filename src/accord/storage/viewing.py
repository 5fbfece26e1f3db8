"""What one person may see of a project in a file: temporary views that stand before the tables of her connections.

An example that needs several reviewers waits until it has their verdicts, or an adjudicator's decision. While it waits
she sees her own reviews of it and nobody else's, and it is listed as if she alone had looked at it. It is the rule that
a team's server enforces (``blindness``); a file cannot, and so keeps it in the program only.
"""
# ruff: noqa: S608  (statements are made of constants of ours, and of a name that is quoted)

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from accord.domain.content import Content
from accord.domain.review import Status
from accord.storage import schema, sqlite
from accord.storage.packing import packed_pattern

_WAITING = """
CREATE TEMP VIEW waiting AS
SELECT r.seq FROM main.requirement r JOIN main.example_state s ON s.seq = r.seq
WHERE r.required > 1 AND s.verdicts < r.required AND coalesce((
    SELECT kind FROM main.decision WHERE seq = r.seq AND kind IN ('adjudicate', 'reopen') ORDER BY id DESC LIMIT 1
), '') <> 'adjudicate'
"""
_BASE = """
coalesce((SELECT content FROM main.revision WHERE seq = s.seq AND hash = s.base_hash LIMIT 1),
         (SELECT content FROM main.example WHERE seq = s.seq))
"""
_BASE_AUTHOR = """
(SELECT CASE kind WHEN 'edit' THEN author END FROM main.revision
 WHERE seq = s.seq AND NOT of_review ORDER BY id DESC LIMIT 1)
"""
_COUNTS = f"(own.verdict IS NOT NULL AND (own.base_hash = s.base_hash OR {_BASE_AUTHOR} IS {{me}}))"
_LAID_OVER = {
    "status": "CASE WHEN s.status = 'set_aside' THEN s.status "
    f"WHEN {_COUNTS} THEN 'in_review' ELSE accord_unjudged({_BASE}) END",
    "verdicts": f"CASE WHEN {_COUNTS} THEN 1 ELSE 0 END",
    "reviewers": "CASE WHEN own.verdict IS NULL THEN '' ELSE {packed} END",
    "last_review": "CASE WHEN own.verdict IS NULL THEN '' ELSE own.at END",
}
_CALLED_TO = """
coalesce((SELECT json_extract(payload, '$.round') FROM main.decision WHERE seq = s.seq AND kind = 'reopen'
          AND json_extract(payload, '$.round') IS NOT NULL ORDER BY id DESC LIMIT 1), 1)
"""
_NEWEST_OF_HERS = f"""
(SELECT id FROM main.review WHERE seq = s.seq AND reviewer = {{me}} AND round >= {_CALLED_TO}
 AND judgement NOT LIKE '%"repeat":true%' ORDER BY round DESC, id DESC LIMIT 1)
"""
#: Table -> which of its rows she may see.
_ROWS = {
    "review": "reviewer = {me} OR seq NOT IN (SELECT seq FROM temp.waiting)",
    "revision": "NOT of_review OR author = {me} OR seq NOT IN (SELECT seq FROM temp.waiting)",
    "draft": "reviewer = {me}",
    "event": "actor = {me}",
    "assignment": "reviewer = {me}",  # how many have an example would tell which are controls
    "control": "0",  # known answers, and who made which pack, are a lead's to know
    "pack": "0",
    "pack_item": "0",
    # And what was asked of a model, at what price, and what a service held.
    **dict.fromkeys(("generation", "generation_item", "generation_reply"), "0"),
    **dict.fromkeys(("sending", "service_record", "service_part"), "0"),
}


def engine_for(path: Path, person: str) -> sa.Engine:
    """Return an engine whose connections show what this person may see; for reading alone."""
    engine = sqlite.engine_for(path)

    @sa.event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.create_function("accord_unjudged", 1, _unjudged, deterministic=True)
        for statement in _views(person):
            connection.execute(statement)

    return engine


def _views(person: str) -> list[str]:
    me = "'" + person.replace("'", "''") + "'"
    packed = "'" + packed_pattern(person).replace("'", "''") + "'"
    columns = [column.name for column in schema.example_state.columns]
    plain = ", ".join(f"s.{name}" for name in columns)
    laid_over = ", ".join(
        _LAID_OVER.get(name, f"s.{name}").format(me=me, packed=packed) + f" AS {name}" for name in columns
    )
    states = (
        f"CREATE TEMP VIEW example_state AS "
        f"SELECT {plain} FROM main.example_state s WHERE s.seq NOT IN (SELECT seq FROM temp.waiting) "
        f"UNION ALL SELECT {laid_over} FROM temp.waiting w JOIN main.example_state s ON s.seq = w.seq "
        f"LEFT JOIN main.review own ON own.id = {_NEWEST_OF_HERS.format(me=me)}"
    )
    rows = {name: condition.format(me=me) for name, condition in _ROWS.items()}
    covered = [f"CREATE TEMP VIEW {name} AS SELECT * FROM main.{name} WHERE {seen}" for name, seen in rows.items()]
    return [_WAITING, states, *covered]


def _unjudged(text: str) -> str:
    """Return the status of an example with this text that nobody has judged."""
    return (Status.CANDIDATE if Content.from_text(text).has_answer else Status.NEEDS_ANSWER).value
