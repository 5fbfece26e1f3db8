"""What releases hold out: which examples, and the texts that were frozen where others stand by now."""

from collections.abc import Iterator

import sqlalchemy as sa

from accord.domain.content import Content
from accord.domain.releases import Part
from accord.storage import schema
from accord.storage.among import tuples
from accord.storage.project import View


def newest_release(view: View) -> int:
    """Return the number of the release that was made last, 0 where there is none."""
    return int(view.connection.execute(sa.select(sa.func.max(schema.release.c.id))).scalar() or 0)


def numbers(view: View) -> set[int]:
    """Return the examples that any release holds out."""
    item = schema.release_item
    query = sa.select(item.c.seq).where(item.c.part == Part.HELDOUT.value).distinct()
    return {seq for (seq,) in tuples(view.connection.execute(query))}


def frozen_texts(view: View) -> Iterator[tuple[int, Content]]:
    """Yield (number, text) of what is held out with another text than the one that stands, each text once."""
    item, example, revision, state = schema.release_item, schema.example, schema.revision, schema.example_state
    text = sa.func.coalesce(revision.c.content, example.c.content)
    query = (
        sa.select(item.c.seq, text)
        .join(example, example.c.seq == item.c.seq)
        .join(state, state.c.seq == item.c.seq)
        .outerjoin(revision, revision.c.id == item.c.revision_id)
        .where(item.c.part == Part.HELDOUT.value, item.c.hash != state.c.hash)
        .distinct()
    )
    for seq, content in tuples(view.connection.execute(query)):
        yield seq, Content.from_text(content)
