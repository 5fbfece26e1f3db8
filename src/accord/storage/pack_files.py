"""The pack itself: a small project file of one reviewer's items, written once, and read again when it comes back.

A project file, and the same one on the way back, because everything that a reviewer has (the queue, the difference, the
drafts, undo, backups, a save that survives a cut of power) is there for it already, and because nothing has to be
exported before it can be sent back. Its examples bear the ids that they have at home, their shared text as the text
they came with, and no groups; of its rows only the reviewer's reviews go home.
"""

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from accord.domain.errors import DamagedText, Refused
from accord.domain.ledger import Who
from accord.domain.packs import Pack, reviewer_key, same_seal, seal
from accord.domain.people import Person, Role
from accord.domain.project import ReleaseRules
from accord.domain.review import Judgement, RevisionKind
from accord.domain.wording import _
from accord.storage import (
    assignments,
    decisions,
    events,
    kept,
    pack_seals,
    packs,
    people,
    schema,
    sqlite,
    states,
)
from accord.storage import settings as project_settings
from accord.storage.assignments import Assignment
from accord.storage.failures import DamagedProject, ForeignFile, NoProject, ProjectExists
from accord.storage.inserting import insert_many
from accord.storage.migrations import CURRENT
from accord.storage.packing import pack as packed
from accord.storage.packs import Goods, Item
from accord.storage.project import Project, Unit, create_project, open_project

_PROGRAM = Who(actor="accord")
_EXAMPLE = ("seq", "id", "hash", "content", "origin", "import_id", "at")
_OCCURRENCE = (
    *("seq", "import_id", "line", "group_key", "context", "source", "source_url", "source_date", "licence", "metadata"),
    "tags",
)
_REVISION = ("seq", "parent_hash", "hash", "content", "kind", "of_review", "author", "act", "at")
_REVIEW = (
    *("seq", "reviewer", "round", "verdict", "base_hash", "result_hash", "judgement", "seconds", "at"),
    *("act",),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """One review that was given in a pack, or the taking back of one; ``restored``: which one it brings back."""

    key: str
    example_id: str
    round: int
    verdict: str | None
    base_hash: str
    result_hash: str
    said: Judgement
    seconds: float
    at: str
    restored: str = ""

    @property
    def takes_back(self) -> bool:
        """Whether this is an undo: it takes back what was said before it, and may bring back what stood then."""
        return self.verdict is None or self.restored != ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What came back: the pack, what was reviewed in it, and the reviews that it went out with (by key)."""

    pack: Pack
    reviews: tuple[Returned, ...]
    sent: frozenset[str]
    drafts: int


class AlteredPack(Refused):
    """A pack is not as this project sent it, or its reviews not as the program saved them."""

    def __init__(self, path: Path, *, items: bool) -> None:
        text = (
            _("The items in {path} are not those that were sent. Nothing of it was stored; make a new pack.", path=path)
            if items
            else _(
                "Reviews in {path} were changed past the program, or the file is not whole. Nothing of it was stored; "
                "ask for the file again, or for a backup of it.",
                path=path,
            )
        )
        super().__init__(text)


class DamagedPack(Refused):
    """A pack cannot be read whole; whoever reviews in it has the file, and what is damaged here is a copy of it."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _(
                "{path} is damaged, perhaps on its way here. Nothing of it was stored, and this project was not "
                "changed. Ask for the pack again, or for a backup of it.",
                path=path,
            )
        )


def write(path: Path, facts: Pack, secret: str, goods: Goods) -> None:
    """Write a pack, whole or not at all, and seal it. Raises ProjectExists."""
    if os.path.lexists(path):
        raise ProjectExists(path)
    partial = path.with_name(path.name + ".part")
    partial.unlink(missing_ok=True)
    try:
        made = create_project(partial)
        try:
            with made.write(Who(actor=facts.author)) as unit:
                _fill(unit, facts, secret, goods)
                unit.commit()
            made.checkpoint()
        finally:
            made.close()
        partial.replace(path)
    finally:
        for ending in ("", "-wal", "-shm"):
            partial.with_name(partial.name + ending).unlink(missing_ok=True)


def _fill(unit: Unit, facts: Pack, secret: str, goods: Goods) -> None:
    settings = replace(goods.settings, rules=ReleaseRules())  # what a release takes is not decided here
    project_settings.append(unit, settings)
    events.append(unit, "pack", {"pack": facts.id, "examples": len(goods.items)})
    people.put(unit.connection, Person(name=facts.reviewer, role=Role.REVIEWER), at=unit.at)
    imports = _add_files(unit, goods)
    reviewer = facts.reviewer
    numbered = list(enumerate(goods.items, 1))
    first = {seq: min((imports[p["import_id"]] for p in item.places), default=1) for seq, item in numbered}
    rows = [(n, i.id, i.text.hash, i.text.text, i.origin, first[n], unit.at) for n, i in numbered]
    insert_many(unit, schema.example, _EXAMPLE, rows)
    insert_many(unit, schema.occurrence, _OCCURRENCE, [row for n, i in numbered for row in _occurrences(n, i, imports)])
    for seq, item in numbered:
        if item.round > 1:
            decisions.about_examples(unit, [seq], "reopen", payload={"round": item.round})
    # Why an example was given out (as a control, for calibration) is not told.
    # Here they are hers whatever the day: what is late still counts at home.
    given = (Assignment(seq=n, reviewer=reviewer, kind="hand", round=i.round) for n, i in numbered)
    assignments.add(unit, given)
    _add_own(unit, reviewer, numbered)
    states.refresh(unit, [seq for seq, _item in numbered])
    facts = replace(facts, act=unit.act)
    sealed = seal(secret, pack_seals.goods(unit.connection, facts))
    pack_seals.write_facts(unit.connection, replace(facts, seal=sealed))


def _add_files(unit: Unit, goods: Goods) -> dict[int, int]:
    """Note the files that the items came from; returns their numbers here, by those at home."""
    found: dict[int, int] = {}
    for number in sorted(goods.files):
        name, kind = goods.files[number]
        told = {"file": name, "format": kind, "encoding": "", "mapping": "{}", "state": "done", "owner": ""}
        made = {"author": unit.actor, "act": unit.act, "at": unit.at}
        row = unit.connection.execute(sa.insert(schema.import_run).values(**told, **made))
        found[number] = int(row.inserted_primary_key[0])  # type: ignore[index]  # one row was inserted
        events.append(unit, "import", {"import": found[number]})
    return found


def _occurrences(seq: int, item: Item, imports: dict[int, int]) -> Iterator[tuple[Any, ...]]:
    for place in item.places:
        source = [place[name] for name in ("context", "source", "source_url", "source_date", "licence", "metadata")]
        yield (seq, imports[place["import_id"]], place["line"], "", *source, packed(item.tags))


def _add_own(unit: Unit, reviewer: str, numbered: Sequence[tuple[int, Item]]) -> None:
    """Give the reviewer's own reviews and drafts along, as they stand."""
    for seq, item in numbered:
        if item.draft is not None:
            unit.connection.execute(
                sa.insert(schema.draft).values(seq=seq, reviewer=reviewer, value=item.draft, at=unit.at)
            )
        if item.review is None:
            continue
        values = {**item.review, "seq": seq, "reviewer": reviewer, "act": unit.act}
        if values["result_hash"] != values["base_hash"]:
            edits = {int(k): v for k, v in json.loads(values["judgement"])["edits"].items()}
            result = item.text.with_texts(edits)
            kind = RevisionKind.EDIT.value
            edited = (seq, item.text.hash, result.hash, result.text, kind, True, reviewer, unit.act, values["at"])
            insert_many(unit, schema.revision, _REVISION, [edited])
        insert_many(unit, schema.review, _REVIEW, [tuple(values[name] for name in _REVIEW)])


def read(path: Path, secret_for: Callable[[Pack], str]) -> Contents:
    """Read what came back; the file itself is only read. ``secret_for`` returns a pack's secret, or raises Refused.

    Raises NewerProject, UnreadableProject, AlteredPack, and Refused for what is no pack or not whole, and for no file.
    """
    try:
        return _read(path, secret_for)
    except NoProject:
        raise Refused(_("There is no file {path}. Nothing was stored; check its name.", path=path)) from None
    except ForeignFile:
        raise Refused(
            _(
                "{path} is no review pack. Nothing of it was stored; choose the file that was sent back, or ask for it "
                "again.",
                path=path,
            )
        ) from None
    except (DamagedProject, DamagedText) as error:
        raise DamagedPack(path) from error


def _read(path: Path, secret_for: Callable[[Pack], str]) -> Contents:
    sqlite.recognise(path, CURRENT)
    with tempfile.TemporaryDirectory(prefix="accord-") as folder:
        copy = Path(folder) / "pack.accord"
        with sqlite.readable_failures(path, opening=True):
            _copy(path, copy)
        opened = open_project(copy)
        try:
            if opened.pack is None:
                raise Refused(_("{path} is a project, and no review pack. Nothing of it was stored.", path=path))
            return _checked(path, opened, opened.pack, secret_for(opened.pack))
        finally:
            opened.close()


def _copy(path: Path, copy: Path) -> None:
    """Copy a pack, also one that is open, or that lies where nothing can be written (SQLite would have to)."""
    if os.access(path.parent, os.W_OK):
        kept.copy_file(path, copy)
        return
    shutil.copyfile(path, copy)
    log = path.with_name(path.name + "-wal")
    with contextlib.suppress(FileNotFoundError):
        shutil.copyfile(log, copy.with_name(copy.name + "-wal"))


def _checked(path: Path, opened: Project, facts: Pack, secret: str) -> Contents:
    with opened.write(_PROGRAM) as unit:  # of a copy, and never committed: here every row is seen, whosever
        connection = unit.connection
        key = reviewer_key(secret, facts.id)
        if not same_seal(facts.seal, seal(secret, pack_seals.goods(connection, facts))):
            raise AlteredPack(path, items=True)
        if not same_seal(pack_seals.returned_seal(connection), seal(key, pack_seals.lines_of_reviews(connection))):
            raise AlteredPack(path, items=False)
        drafts = connection.execute(sa.select(sa.func.count()).select_from(schema.draft)).scalar() or 0
        return _contents(connection, facts, int(drafts))


def _contents(connection: sa.Connection, facts: Pack, drafts: int) -> Contents:
    table, example = schema.review, schema.example
    query = sa.select(table, example.c.id.label("example_id")).join(example, example.c.seq == table.c.seq)
    keys: dict[int, str] = {}
    given: list[Returned] = []
    sent: set[str] = set()
    for row in connection.execute(query.where(table.c.reviewer == facts.reviewer).order_by(table.c.id)):
        keys[row.id] = key = packs.key_of(row.example_id, facts.reviewer, row)
        if row.act == facts.act:
            sent.add(key)
            continue
        review = states.review_of(row)
        restored = keys.get(review.restores or 0, "")
        values = {
            name: getattr(row, name) for name in ("round", "verdict", "base_hash", "result_hash", "seconds", "at")
        }
        said = review.judgement
        given.append(Returned(key=key, example_id=row.example_id, said=said, restored=restored, **values))
    return Contents(pack=facts, reviews=tuple(given), sent=frozenset(sent), drafts=drafts)
