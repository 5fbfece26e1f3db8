"""Verbs for review on a machine without a network: pack, merge."""

import argparse
from pathlib import Path
from typing import Any

from accord.cli.session import Session
from accord.domain.errors import WrongUsage
from accord.domain.wording import _, plural
from accord.workflows import packing
from accord.workflows.packing import Merged

VERBS = ("pack", "merge")


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verbs of this module."""
    pack = verbs.add_parser(
        "pack",
        parents=[common],
        help=_("one reviewer's examples as a file for a machine without a network"),
        description=_(
            "What a reviewer is to review, as a small project of its own, without anybody else's work. "
            "An altered pack is found out when it is merged; it proves nobody's identity."
        ),
    )
    pack.add_argument("project", metavar="PROJECT")
    pack.add_argument("--reviewer", required=True, metavar="NAME", help=_("whose pack it is: nobody else works in it"))
    pack.add_argument("--out", required=True, metavar="FILE", help=_("the file to send; the same file comes back"))
    pack.add_argument(
        "--where",
        default=None,
        metavar="FILTER",
        help=_("besides what NAME was given already, these examples: they are given to NAME with the pack"),
    )
    pack.add_argument(
        "--expires",
        type=int,
        metavar="DAYS",
        help=_(
            "when the pack is to be back, in days from now: from then on its examples can be given to others too, and "
            "what comes back later still counts (default: no day)"
        ),
    )
    pack.add_argument("--new", action="store_true", help=_("list NAME as a reviewer if nobody has"))
    pack.set_defaults(run=_pack)

    merge = verbs.add_parser("merge", parents=[common], help=_("bring the reviews in packs home"))
    merge.add_argument("project", metavar="PROJECT")
    merge.add_argument("files", nargs="+", metavar="FILE")
    merge.add_argument("--dry-run", action="store_true", help=_("say what would come in, change nothing"))
    merge.set_defaults(run=_merge)


def _pack(session: Session, args: argparse.Namespace) -> int:
    if args.expires is not None and args.expires < 1:
        raise WrongUsage(_("--expires takes a number of days from now, 1 or more, such as 14."))
    with session.project(args.project) as project:
        made = packing.make(
            project=project,
            who=session.who,
            reviewer=args.reviewer,
            to=Path(args.out),
            where=args.where,
            days=args.expires or 0,
            new=args.new,
        )
    value = {
        "examples": made.examples,
        "file": str(made.file),
        "pack": made.id,
        "reviewer": made.reviewer,
        "assigned": made.assigned,
        "until": made.until,
        "new": list(made.met.new),
    }
    back = _("When it is back: accord merge {project} {file}", project=args.project, file=made.file)
    session.out.result(value, [*made.sentences, back, *made.met.sentences])
    return 0


def _merge(session: Session, args: argparse.Namespace) -> int:
    with session.project(args.project) as project:
        files = [Path(file) for file in args.files]
        report = packing.merge(project=project, who=session.who, files=files, dry_run=args.dry_run)
    found = [_json(one) for one in report.files]
    totals = {name: sum(one[name] for one in found) for name in ("new", "known", "conflicts")}
    items = [item for one in found for item in one["items"]]
    value = {**totals, "items": items, "files": found, "dry_run": args.dry_run, "backup": str(report.backup or "")}
    lines = [line for one in report.files if not one.refused for line in _lines(one)]
    session.out.result(value, lines)
    for one in report.files:
        if one.refused:
            session.out.note(f"accord: {one.refused}")
    return 1 if any(one.refused for one in report.files) else 0


def _json(one: Merged) -> dict[str, Any]:
    items = [
        {
            "id": conflict.example_id,
            "file": str(one.file),
            "kind": conflict.kind.value,
            "stored": conflict.stored,
            "counts": conflict.counts,
            "reason": packing.sentence(conflict),
        }
        for conflict in one.conflicts
    ]
    return {
        "file": str(one.file),
        "pack": one.pack,
        "reviewer": one.reviewer,
        "new": one.new,
        "known": one.known,
        "conflicts": len(items),
        "items": items,
        "drafts": one.drafts,
        "remarks": list(one.remarks),
        "refused": one.refused,
    }


def _lines(one: Merged) -> list[str]:
    counted = {"new": one.new, "known": one.known, "conflicts": len(one.conflicts)}
    facts = {"file": one.file, "name": one.reviewer, **counted}
    told = [_("{file}, {name}: {new} new, {known} known, {conflicts} conflicts", **facts)]
    told += [f"  {remark}" for remark in one.remarks]
    told += [f"  {conflict.example_id}: {packing.sentence(conflict)}" for conflict in one.conflicts]
    if one.drafts:
        drafts = plural("{n} draft was never submitted", "{n} drafts were never submitted", one.drafts)
        told.append(f"  {drafts}")
    return told
