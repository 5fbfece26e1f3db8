"""Verbs on many examples at once: bulk (tags, verdicts, set aside, back, undo) and filters (kept by name)."""

import argparse
from collections.abc import Callable
from typing import Any

from accord.cli.session import Session
from accord.domain.errors import WrongUsage
from accord.domain.ledger import Event, Who
from accord.domain.progress import Progress
from accord.domain.review import Verdict
from accord.domain.wording import _, number
from accord.workflows import browsing, bulk, saved_filters, undoing
from accord.workflows.act_names import kind_of, name_of
from accord.workflows.bulk import BulkDone

VERBS = ("bulk", "filters")


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verbs of this module."""
    many = verbs.add_parser("bulk", parents=[common], help=_("tags, verdicts, set aside or back for many at once"))
    many.add_argument("project", metavar="PROJECT")
    many.add_argument("--where", default=None, metavar="FILTER", help=_("which examples; all needs --where ''"))
    act = many.add_mutually_exclusive_group(required=True)
    act.add_argument("--tag", metavar="T")
    act.add_argument("--untag", metavar="T")
    for verdict in (Verdict.ACCEPT, Verdict.REJECT, Verdict.UNSURE):
        act.add_argument(
            f"--{verdict}", dest="verdict", action="store_const", const=verdict, help=_("as oneself, marked as bulk")
        )
    act.add_argument("--set-aside", metavar="REASON", nargs="?", const="")
    act.add_argument("--bring-back", action="store_true")
    act.add_argument(
        "--undo", action="store_true", help=_("take back one's own last act, whichever it was, and say which")
    )
    many.add_argument("--act", metavar="ID", help=_("with --undo: this act of one's own, as the JSON of bulk names it"))
    many.add_argument("--dry-run", action="store_true", help=_("say how many or what, change nothing"))
    many.set_defaults(run=_bulk)

    kept = verbs.add_parser("filters", parents=[common], help=_("filters kept by name, for oneself"))
    kept.add_argument("project", metavar="PROJECT")
    kept.add_argument("--where", default="", metavar="FILTER", help=_("the filter that --save keeps"))
    change = kept.add_mutually_exclusive_group()
    change.add_argument("--save", metavar="NAME")
    change.add_argument("--rename", metavar="NAME", nargs=2)
    change.add_argument("--delete", metavar="NAME")
    kept.set_defaults(run=_filters)


def _bulk(session: Session, args: argparse.Namespace) -> int:
    if args.where is None and not args.undo:
        raise bulk.NothingNamed
    if args.act is not None and not args.undo:
        raise WrongUsage(_("--act names what --undo takes back."))
    with session.project(args.project) as project, session.progress("bulk") as bar:
        if args.undo:
            session.out.result(*_undo(project, session.who, args, bar))
            return 0
        numbers = browsing.example_numbers(project=project, where=args.where)
        common = {"project": project, "who": session.who, "numbers": numbers, "progress": bar, "preview": args.dry_run}
        done = _act(args)(common)
    left = [{"reason": why.value, "count": n} for why, n in sorted(done.left_out.items()) if n]
    value = {"act": done.act, "changed": done.changed, "total": done.total, "left_out": left, "stopped": done.stopped}
    value["dry_run"] = args.dry_run
    told = _("{changed} of {total} changed", changed=number(done.changed), total=number(done.total))
    if args.dry_run:
        told = _("{changed} of {total} would change", changed=number(done.changed), total=number(done.total))
    session.out.result(value, [told, *(f"  {sentence}" for sentence in bulk.left_out_sentences(done))])
    return 1 if done.stopped else 0


def _undo(project: Any, who: Who, args: argparse.Namespace, bar: Progress) -> tuple[dict[str, Any], list[str]]:
    """Take back an act, or with --dry-run only name it; return the JSON and the lines that tell of it."""
    if args.dry_run:
        ahead = undoing.look(project=project, who=who, act=args.act)
        return {**_told(ahead.act), "changed": ahead.examples, "kept": 0, "dry_run": True}, [ahead.sentence()]
    undone = undoing.undo(project=project, who=who, act=args.act, progress=bar)
    value = {**_told(undone.act), "changed": len(undone.examples), "kept": undone.kept, "dry_run": False}
    return value, undone.sentences()


def _told(act: Event) -> dict[str, Any]:
    return {"act": act.kind, "did": kind_of(act), "name": name_of(act), "id": act.id, "at": act.at, "by": act.actor}


def _act(args: argparse.Namespace) -> Callable[[dict[str, Any]], BulkDone]:
    if args.tag is not None:
        return lambda common: bulk.add_tag(**common, tag=args.tag)
    if args.untag is not None:
        return lambda common: bulk.remove_tag(**common, tag=args.untag)
    if args.verdict is not None:
        return lambda common: bulk.judge(**common, verdict=args.verdict)
    if args.bring_back:
        return lambda common: bulk.bring_back(**common)
    return lambda common: bulk.set_aside(**common, comment=args.set_aside)


def _filters(session: Session, args: argparse.Namespace) -> int:
    with session.project(args.project) as project:
        if args.save is not None:
            saved_filters.save(project=project, who=session.who, name=args.save, where=args.where)
        elif args.rename is not None:
            saved_filters.rename(project=project, who=session.who, name=args.rename[0], to=args.rename[1])
        elif args.delete is not None:
            saved_filters.delete(project=project, who=session.who, name=args.delete)
        found = saved_filters.listed(project=project, person=session.who.actor)
    value = {"filters": [{"name": kept.name, "where": kept.where} for kept in found]}
    session.out.result(value, [f"{kept.name}: {kept.where}" for kept in found])
    return 0
