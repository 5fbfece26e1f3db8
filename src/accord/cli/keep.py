"""Verbs that keep a project safe: backup, restore, inspect, purge, audit."""

import argparse
from pathlib import Path
from typing import Any

from accord.cli.session import Session, place_of
from accord.domain.wording import _
from accord.workflows import keeping
from accord.workflows.keeping import Purged

VERBS = ("backup", "restore", "inspect", "purge", "audit")


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verbs of this module."""
    backup = verbs.add_parser("backup", parents=[common], help=_("make a checked copy"))
    backup.add_argument("project", metavar="PROJECT")
    backup.add_argument("--to", metavar="FILE")
    backup.set_defaults(run=_backup)

    restore = verbs.add_parser("restore", parents=[common], help=_("make a project of a backup"))
    restore.add_argument("file", metavar="FILE")
    restore.add_argument("--to", required=True, metavar="PROJECT")
    restore.set_defaults(run=_restore)

    inspect = verbs.add_parser("inspect", parents=[common], help=_("check a project's health"))
    inspect.add_argument("project", metavar="PROJECT")
    inspect.add_argument("--rebuild", action="store_true", help=_("derive states and search anew first"))
    inspect.set_defaults(run=_inspect)

    purge = verbs.add_parser("purge", parents=[common], help=_("delete an example for good"))
    purge.add_argument("project", metavar="PROJECT")
    purge.add_argument("--id", required=True, metavar="ID")
    purge.add_argument("--reason", required=True)
    purge.set_defaults(run=_purge)

    audit = verbs.add_parser("audit", parents=[common], help=_("the event log and its chain"))
    audit.add_argument("project", metavar="PROJECT")
    audit.add_argument("--export", metavar="FILE", help=_("write the log as JSON lines"))
    audit.add_argument("--verify", action="store_true", help=_("exit 1 unless the chain is whole"))
    audit.set_defaults(run=_audit)


def _backup(session: Session, args: argparse.Namespace) -> int:
    with session.project(args.project) as project:
        path, digest = keeping.backup(project=project, to=Path(args.to) if args.to else None)
    session.out.result({"file": str(path), "sha256": digest}, [f"{path}  {digest}"])
    return 0


def _restore(session: Session, args: argparse.Namespace) -> int:
    project = keeping.restore(source=Path(args.file), to=place_of(args.to))
    project.close()
    session.out.result({"project": project.place}, [_("Made {project}.", project=project.place)])
    return 0


def _inspect(session: Session, args: argparse.Namespace) -> int:
    with session.project(args.project) as project:
        problems = keeping.inspect(project=project, rebuild=args.rebuild, who=session.who)
    session.out.result({"ok": not problems, "problems": problems}, problems or [_("ok")])
    if problems:
        session.out.note(f"accord: {problems[0]}")
    return 1 if problems else 0


def _purge(session: Session, args: argparse.Namespace) -> int:
    with session.project(args.project) as project:
        done = keeping.purge(
            project=project,
            who=session.who,
            example_id=args.id,
            reason=args.reason,
            embedder=session.services.embedder,
        )
    affected = {
        "releases": list(done.releases),
        "backups": list(done.backups),
        "exports": [{"release": one.release, "format": one.format, "by": one.by, "at": one.at} for one in done.exports],
        "records": list(done.records),
        "packs": [{"reviewer": one.reviewer, "at": one.at} for one in done.packs],
    }
    lines = [_("Deleted {id} for good.", id=done.id)]
    lines += [_("  the release {name} held it", name=name) for name in done.releases]
    lines += [
        _("  the file {name} of a service held it, and its bytes are deleted here too", name=n) for n in done.records
    ]
    lines += _outside(done)
    lines += [_("  the backup {file} still holds it; remove it by hand", file=file) for file in done.backups]
    if done.in_log and project.file is None:
        lines.append(
            _("  the server overwrites what is left of the text in its tables in time; their owner can at once")
        )
    elif done.in_log:
        lines.append(_("  another program has the project open; the text is gone from its log once that is closed"))
    session.out.result({"purged": done.id, "affected": affected, "in_log": done.in_log}, lines)
    return 0


def _outside(done: Purged) -> list[str]:
    """Say which files went out with an example, as far as the project's records tell."""
    lines = [
        _(
            "  {at}: {person} exported {release} as {format}",
            at=one.at,
            person=one.by,
            release=one.release,
            format=one.format,
        )
        for one in done.exports
    ]
    lines += [_("  {at}: a pack for {reviewer} took it along", at=one.at, reviewer=one.reviewer) for one in done.packs]
    if lines:
        lines.append(
            _("  Those files are outside Accord's reach and still hold it, as do copies of them; remove them by hand.")
        )
    if done.exports:
        lines.append(_("  accord verify DIR --project PROJECT finds it in a folder that was exported."))
    return lines


def _audit(session: Session, args: argparse.Namespace) -> int:
    with session.project(args.project) as project:
        found, problems, head = keeping.audit(project=project)
        if args.export:
            keeping.export_audit(project=project, to=Path(args.export))
    session.out.result(
        {"events": len(found), "ok": not problems, "head": head, "problems": problems},
        [
            *problems,
            _(
                "{n} events, chain {state}, head {head}",
                n=len(found),
                state="ok" if not problems else "broken",
                head=head,
            ),
        ],
    )
    if problems and args.verify:
        session.out.note(f"accord: {problems[0]}")
    return 1 if problems and args.verify else 0
