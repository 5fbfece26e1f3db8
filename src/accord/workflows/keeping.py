"""Keeping the project safe and honest: backups, health, the event log, and true deletion."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from accord.domain.errors import NotFound, Refused
from accord.domain.ledger import Backup, Event, Who
from accord.domain.meaning import Embedder
from accord.domain.people import Role
from accord.domain.wording import _
from accord.storage import backups, events, findings, health, listing, purges, service_records, states
from accord.storage.project import Project
from accord.workflows import conflicts, embedding, permissions
from accord.workflows.import_storing import backup_before, clear_abandoned


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Files that left the project with an example and that Accord cannot reach: an export, or a reviewer's pack."""

    release: str = ""
    format: str = ""
    reviewer: str = ""
    by: str = ""
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What a purge did; ``releases`` held the example, ``backups`` still hold it until they are removed.

    ``exports`` of those releases and ``packs`` went out with it, as the project's records tell. ``records``: files of a
    service that it came in with, by their ids there, whose bytes are deleted here too.
    ``in_log``: another program reads the project, so the text stays in its write-ahead log until that is closed; on a
    server, the login does not own the tables, so it stays in their freed space until the server's upkeep comes by.
    """

    id: str
    releases: tuple[str, ...]
    backups: tuple[str, ...]
    exports: tuple[Copy, ...] = ()
    packs: tuple[Copy, ...] = ()
    records: tuple[str, ...] = ()
    in_log: bool = False


def backup(*, project: Project, to: Path | None = None, reason: str = "by-hand") -> tuple[Path, str]:
    """Make a checked copy and return (file, sha256). Raises OnlyFor: others see a part of a team's project."""
    if project.pack is None:  # of a pack, its reviewer makes them
        permissions.require(project=project, role=Role.LEAD, act=_("make a backup"))
    if to is not None:
        return to, backups.make(project, to)
    made = backups.make_dated(project, reason)
    return made.path, backups.digest(made.path)


def backups_of(*, project: Project) -> list[Backup]:
    """Return the project's own backups, newest first."""
    return backups.listed(project.path)


def backup_if_changed(*, project: Project) -> Backup | None:
    """Make a backup when anything happened since the newest one (of a team's project a lead's program does)."""
    if project.pack is None and not permissions.has(project=project, role=Role.LEAD):
        return None
    with project.read() as view:
        last = events.last_at(view)
    known = backups.listed(project.path)
    if last is None or (known and known[0].at >= last):
        return None
    return backups.make_dated(project, "timed")


def restore(*, source: Path, to: Path | str) -> Project:
    """Make the project of a backup as a new file or in a server's database; the backup is only read."""
    return backups.restore(source, to)


def inspect(*, project: Project, rebuild: bool = False, who: Who | None = None) -> list[str]:
    """Return what is wrong with a project, a plain line each; ``rebuild`` derives states and search anew first.

    It also removes what an unfinished import on another machine has stored; one that still runs there stops and tells.
    Raises OnlyFor.
    """
    permissions.require(project=project, role=Role.LEAD, act=_("check the whole project"))
    if rebuild:
        actor = who or Who(actor="accord")
        clear_abandoned(project, actor, elsewhere=True)
        with project.write(actor) as unit:
            states.rebuild(unit)
            unit.commit()
        conflicts.refresh_all(project=project, who=actor)
    with project.read() as view:
        found = health.problems(view)
        found += [f"the event chain: {line}" for line in (*events.problems(view), *events.unwitnessed(view))]
        found += [
            f"example {example_id}: its listed state differs from its rows" for example_id in states.differences(view)
        ]
        unlike = listing.ids_of(view, findings.differences(view))
        found += [f"example {id_}: its stored findings are not of its text; run inspect --rebuild" for id_ in unlike]
    return found


def audit(*, project: Project) -> tuple[list[Event], list[str], str]:
    """Return all events, what is wrong with their chains or missing from them, and the end of the chains.

    Raises OnlyFor.
    """
    permissions.require(project=project, role=Role.LEAD, act=_("read the whole event log"))
    with project.read() as view:
        return list(events.walk(view)), [*events.problems(view), *events.unwitnessed(view)], events.head(view)


def export_audit(*, project: Project, to: Path) -> int:
    """Write all events as JSON lines to a new file; returns how many."""
    if to.exists():
        raise Refused(_("{path} is already there. It was not touched; choose another name.", path=to))
    found, _problems, _head = audit(project=project)
    text = "".join(json.dumps(asdict(event), ensure_ascii=False) + "\n" for event in found)
    to.write_text(text, encoding="utf-8")
    return len(found)


def purge(*, project: Project, who: Who, example_id: str, reason: str, embedder: Embedder | None = None) -> Purged:
    """Delete an example for good: its text leaves every table and the search; a tombstone with its hash stays.

    What ``embedder`` remembers of it on this machine goes too; elsewhere it goes at the next comparing by meaning.

    Raises NotFound, and Refused without a reason.
    """
    permissions.require(project=project, role=Role.LEAD, act=_("delete for good"))
    if not reason.strip():
        raise Refused(_("Deleting for good needs a reason. Nothing was deleted."))
    with project.read() as view:
        seq = listing.seq_of(view, example_id)
    if seq is None:
        raise NotFound(_("example"), example_id)
    backup_before(project=project, reason="before-purge")
    with project.write(who) as unit:
        detail = listing.detail(unit, seq)
        if detail is None:
            raise NotFound(_("example"), example_id)
        packed = purges.packs_with(unit, seq)
        records = service_records.holding(unit, seq)
        held = purges.purge(unit, seq, example_id=example_id, content_hash=detail.original.hash, reason=reason)
        conflicts.refresh_requests(unit, detail.row.content, detail.base, detail.original)
        exported = events.exports(unit, held)
        for record in records:
            service_records.forget(unit, record.id)
        unit.commit()
    in_log = not project.checkpoint()
    if embedder is not None:
        embedding.forget_purged(project=project, embedder=embedder)
    return Purged(
        id=example_id,
        releases=tuple(held),
        backups=tuple(str(b.path) for b in backups.listed(project.path)),
        exports=tuple(_exported(one) for one in exported),
        packs=tuple(Copy(reviewer=reviewer, at=at) for reviewer, at in packed),
        records=tuple(record.name for record in records),
        in_log=in_log,
    )


def _exported(event: Event) -> Copy:
    refs = event.refs
    return Copy(release=str(refs["release"]), format=str(refs.get("format", "")), by=event.actor, at=event.at)
