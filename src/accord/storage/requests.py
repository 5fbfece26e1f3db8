"""Examples that share a request and what was said before it: the ground of conflicts and precedents."""

from collections.abc import Collection, Sequence

import orjson
import sqlalchemy as sa

from accord.domain.batches import batched
from accord.domain.content import request_and_answer
from accord.storage import schema, search
from accord.storage.among import among, tuples
from accord.storage.filtering import visible
from accord.storage.project import Unit, View


def request_groups(view: View, keys: Sequence[str] | None = None) -> dict[str, list[int]]:
    """Return the numbers of the active examples for each request that two or more of them share.

    An example without an answer is none of them, nor does a verdict make it one while others are awaited: a conflict
    would tell of it.
    """
    table = schema.example_state
    active = [visible(), table.c.status.not_in(("set_aside", "rejected", "needs_answer"))]
    query = sa.select(table.c.request_key, table.c.seq, table.c.status).order_by(table.c.seq)
    if keys is None:
        shared = sa.select(table.c.request_key).where(*active).group_by(table.c.request_key).having(sa.func.count() > 1)
        query = query.where(*active, table.c.request_key.in_(shared))
    else:
        query = query.where(*active, among(view, table.c.request_key, keys))
    found: dict[str, list[int]] = {}
    waiting: list[int] = []
    for key, seq, status in tuples(view.connection.execute(query)):
        found.setdefault(key, []).append(seq)
        if status == "in_review":
            waiting.append(seq)
    silent = {seq for seq, answer in answers(view, waiting).items() if not answer.strip()}
    members = {key: [seq for seq in seqs if seq not in silent] for key, seqs in found.items()} if silent else found
    return {key: seqs for key, seqs in members.items() if len(seqs) > 1}


def open_conflicts(view: View, *, status: str = "") -> int:
    """Return how many requests have answers that conflict and are not settled (with an example of a status)."""
    table = schema.example_state
    query = sa.select(sa.func.count(sa.distinct(table.c.request_key))).where(table.c.conflict.is_(True), visible())
    if status:
        query = query.where(table.c.status == status)
    return int(view.connection.execute(query).scalar() or 0)


def flagged_keys(view: View) -> list[str]:
    """Return the requests whose examples carry the conflict flag."""
    table = schema.example_state
    query = sa.select(table.c.request_key).where(table.c.conflict.is_(True)).distinct()
    return list(view.connection.execute(query).scalars())


def keys_of_import(view: View, import_id: int) -> list[str]:
    """Return the requests, shared by two or more examples, of the examples that an import found."""
    table, occurrence = schema.example_state, schema.occurrence
    shared = sa.select(table.c.request_key).group_by(table.c.request_key).having(sa.func.count() > 1)
    met = sa.select(occurrence.c.seq).where(occurrence.c.import_id == import_id)
    query = sa.select(table.c.request_key).where(table.c.request_key.in_(shared), table.c.seq.in_(met))
    return list(view.connection.execute(query.distinct().order_by(table.c.request_key)).scalars())


def answers(view: View, numbers: Sequence[int]) -> dict[int, str]:
    """Return the answers that stand, and nothing else of the examples."""
    return {seq: answer for seq, (_request, answer) in talks(view, numbers).items()}


def talks(view: View, numbers: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return the requests and answers that stand, and nothing else of the examples."""
    state, example, revision = schema.example_state, schema.example, schema.revision
    standing = sa.select(revision.c.content).where(revision.c.seq == state.c.seq, revision.c.hash == state.c.hash)
    text = sa.case(
        (state.c.hash == example.c.hash, example.c.content), else_=standing.limit(1).scalar_subquery()
    ).label("text")
    query = sa.select(state.c.seq, text).join(example, example.c.seq == state.c.seq)
    found: dict[int, tuple[str, str]] = {}
    for batch in batched(numbers):
        for seq, content in tuples(view.connection.execute(query.where(among(view, state.c.seq, batch)))):
            found[seq] = request_and_answer(orjson.loads(content)["messages"])
    return found


def flag_conflicts(unit: Unit, keys: Sequence[str], flagged: Collection[int]) -> None:
    """Make the conflict flag of the examples with these requests true for ``flagged`` and false for the others."""
    table = schema.example_state
    query = sa.select(table.c.seq).where(among(unit, table.c.request_key, keys), table.c.conflict.is_(True))
    before = {seq for (seq,) in tuples(unit.connection.execute(query))}
    for value, numbers in ((False, before.difference(flagged)), (True, set(flagged) - before)):
        if numbers:
            changed = sa.update(table).where(among(unit, table.c.seq, sorted(numbers)))
            unit.connection.execute(changed.values(conflict=value))


def similar(view: View, text: str, *, words: int, limit: int, settled: bool) -> list[int]:
    """Return examples in play that hold any of the text's longest words (a net, not a ranking).

    ``settled``: only those that are accepted or rejected.
    """
    found = search.similar(text, most_words=words)
    if found is None:
        return []
    table = schema.example_state
    wanted = table.c.status.in_(("accepted", "rejected")) if settled else table.c.status != "set_aside"
    query = sa.select(table.c.seq).where(found, wanted, visible()).order_by(table.c.seq).limit(limit)
    return list(view.connection.execute(query).scalars())


def sharing(view: View, key: str) -> list[int]:
    """Return the examples with this conversation key."""
    table = schema.example_state
    return list(view.connection.execute(sa.select(table.c.seq).where(table.c.request_key == key, visible())).scalars())


def asking(view: View, key: str) -> list[int]:
    """Return the examples whose text asks this request (given by its key), whatever was said before it."""
    found = schema.example_state.c.request_key
    # What follows the request's key, if anything, begins with a colon, which a semicolon follows.
    query = sa.select(schema.example_state.c.seq).where(found >= key, found < f"{key};", visible())
    return list(view.connection.execute(query).scalars())
