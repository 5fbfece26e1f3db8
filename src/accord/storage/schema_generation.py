"""The tables of candidates from a chat model: runs and their questions, what came of them, and what was sent where.

JSON is written in ASCII, so that any text a service sends is kept. Money is a decimal number as text, never a float.
"""

# ruff: noqa: S608  (statements are made of constants of ours alone)

import sqlalchemy as sa

from accord.domain.chat import Trouble
from accord.domain.generation import ItemState
from accord.storage.metadata import metadata
from accord.storage.texts import Free, Plain

# A run of questions. Mutable: how it stands (``state``, ``why``), its ``budget``, the parameters that the model
# ``refused``, and the program that asks (``owner``, host:pid:start), by which act it took the run over (``claim``) and
# when it last wrote (``seen``). ``text`` is the whole recipe, so that a resume asks as the beginning did; no key stands
# anywhere.
generation = sa.Table(
    "generation",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("recipe", Free, nullable=False),
    sa.Column("version", Plain, nullable=False),
    sa.Column("makes", Plain, nullable=False),
    sa.Column("text", Plain, nullable=False),
    sa.Column("connection", Plain, nullable=False),
    sa.Column("model", Free, nullable=False),
    sa.Column("parameters", Plain, nullable=False),
    sa.Column("price", Plain, nullable=False),
    sa.Column("budget", Plain),  # NULL: nothing is charged
    sa.Column("consent", Plain),  # NULL: nothing leaves this machine
    sa.Column("surrogates", sa.Boolean, nullable=False),
    sa.Column("state", Plain, nullable=False),
    sa.Column("why", Free, nullable=False, server_default=""),
    sa.Column("refused", Plain, nullable=False, server_default="[]"),
    sa.Column("owner", Free, nullable=False),
    sa.Column("claim", Plain, nullable=False),
    sa.Column("seen", Plain, nullable=False),
    sa.Column("author", Free, nullable=False),
    sa.Column("act", Plain, nullable=False),
    sa.Column("at", Plain, nullable=False),
)

# Mutable: one question of a run. What it starts from: ``seed``, the examples that are ``shown`` beside it (",3,5,"),
# ``start`` (the rest) and the ``passage``'s text, which goes once it is stored or listed. ``aside`` is what the asking
# under way can cost, ``cost`` what those before it did; ``import_id`` is that of its candidates.
generation_item = sa.Table(
    "generation_item",
    metadata,
    sa.Column("generation_id", sa.Integer, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("state", Plain, nullable=False),
    sa.Column("seed", sa.Integer, index=True),
    sa.Column("shown", Plain, nullable=False),
    sa.Column("start", Plain, nullable=False),
    sa.Column("passage", Free, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("trouble", Plain, nullable=False, server_default=""),
    sa.Column("said", Free, nullable=False, server_default=""),
    sa.Column("aside", Plain, nullable=False, server_default="0"),
    sa.Column("cost", Plain, nullable=False, server_default="0"),
    sa.Column("asked", Plain, nullable=False, server_default=""),
    sa.Column("prompt_tokens", sa.Integer),
    sa.Column("answer_tokens", sa.Integer),
    sa.Column("seconds", sa.Float, nullable=False, server_default="0"),
    sa.Column("model", Free, nullable=False, server_default=""),
    sa.Column("request_id", Free, nullable=False, server_default=""),
    sa.Column("outcome", Plain, nullable=False, server_default=""),
    sa.Column("import_id", sa.Integer),
    sa.Column("at", Plain, nullable=False),
    sa.Index("generation_item_in_state", "generation_id", "state", "number"),
)

# A whole answer, from when it came until its candidates are in the project.
generation_reply = sa.Table(
    "generation_reply",
    metadata,
    sa.Column("generation_id", sa.Integer, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("value", Plain, nullable=False),
    sa.Column("at", Plain, nullable=False),
)

# Which example came of which item of a run, a row for each seed (NULL where there was none). Numbers alone, so they
# stay when one of the two is deleted for good, as those of a release do: siblings still belong together.
generation_source = sa.Table(
    "generation_source",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False, index=True),
    sa.Column("generation_id", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("seed", sa.Integer, index=True),
    sa.Index("generation_source_of_item", "generation_id", "number"),
)

# What left the program for a service: the sha256 of the messages, never their text. NULL: of no run.
sending = sa.Table(
    "sending",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("purpose", Plain, nullable=False),
    sa.Column("host", Free, nullable=False),
    sa.Column("asked", Plain, nullable=False),
    sa.Column("replaced", sa.Integer, nullable=False),
    sa.Column("generation_id", sa.Integer),
    sa.Column("number", sa.Integer),
    sa.Column("author", Free, nullable=False),
    sa.Column("act", Plain, nullable=False),
    sa.Column("at", Plain, nullable=False),
    sa.Index("sending_of_item", "generation_id", "number"),
)

# What a hosted service held and may take off, fetched for keeping. Its bytes are in the parts, in base64; those may be
# deleted for good, and the record stays.
service_record = sa.Table(
    "service_record",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("host", Free, nullable=False),
    sa.Column("kind", Plain, nullable=False),
    sa.Column("name", Free, nullable=False),
    sa.Column("sha256", Plain, nullable=False),
    sa.Column("bytes", sa.Integer, nullable=False),
    sa.Column("author", Free, nullable=False),
    sa.Column("act", Plain, nullable=False),
    sa.Column("at", Plain, nullable=False),
)
service_part = sa.Table(
    "service_part",
    metadata,
    sa.Column("record_id", sa.Integer, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("content", Plain, nullable=False),
)

TABLES = (
    *(generation, generation_item, generation_reply, generation_source),
    *(sending, service_record, service_part),
)
#: Of these no row is ever changed.
APPEND_ONLY = ("generation_source", "sending", "service_record")


def purging(at: str, seq: str) -> tuple[str, ...]:
    """Return the statements that take what an example brought out of the runs, on both databases.

    ``at`` stands before a table's name, ``seq`` for the example's number. A question that starts from
    it and whose candidates are not in the project yet fails; one that is to show it beside another is asked without it.
    """
    mine, word = f"seed = {seq}", f"',' || CAST({seq} AS TEXT) || ','"
    beside = f"shown LIKE '%' || {word} || '%'"
    item, reply = f"{at}generation_item", f"{at}generation_reply"
    of_item = f"one.generation_id = {reply}.generation_id AND one.number = {reply}.number"
    answered = f"state = '{ItemState.ANSWERED}'"
    begun = f"state IN ('{ItemState.WAITING}', '{ItemState.ASKED}', '{ItemState.ANSWERED}')"
    failed = f"state = '{ItemState.FAILED}', trouble = '{Trouble.DELETED}'"
    return (
        f"DELETE FROM {reply} WHERE EXISTS (SELECT 1 FROM {item} one WHERE {of_item} AND ({mine} OR {beside}))",
        f"UPDATE {item} SET {failed}, said = '', passage = '' WHERE ({mine} AND {begun}) OR ({beside} AND {answered})",
        f"UPDATE {item} SET seed = NULL, start = '{{}}', passage = '', said = '' WHERE {mine}",
        f"UPDATE {item} SET shown = replace(shown, {word}, ',') WHERE {beside}",
    )
