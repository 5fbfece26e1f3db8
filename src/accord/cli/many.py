"""Verbs on many examples at once: bulk (tags, verdicts, set aside, back, undo) and filters (kept by name)."""

import argparse
from collections.abc import Callable
from typing import Any

from accord.cli.session import Session
from accord.domain.review import Verdict
from accord.domain.wording import _, number, plural
from accord.workflows import browsing, bulk, saved_filters, undoing
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
    act.add_argument("--undo", action="store_true", help=_("take back one's own last act"))
    many.add_argument("--dry-run", action="store_true", help=_("say how many, change nothing"))
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
    with session.project(args.project) as project, session.progress("bulk") as bar:
        if args.undo:
            undone = undoing.undo(project=project, who=session.who, progress=bar)
            said = plural("{n} example taken back", "{n} examples taken back", len(undone.examples))
            value = {"act": undone.kind, "changed": len(undone.examples), "kept": undone.kept}
            session.out.result(value, [said])
            return 0
        numbers = browsing.example_numbers(project=project, where=args.where)
        common = {"project": project, "who": session.who, "numbers": numbers, "progress": bar}
        done = BulkDone(act="", changed=0, total=len(numbers)) if args.dry_run else _act(args)(common)
    left = [{"reason": why.value, "count": n} for why, n in sorted(done.left_out.items()) if n]
    value = {"act": done.act, "changed": done.changed, "total": done.total, "left_out": left, "stopped": done.stopped}
    told = _("{changed} of {total} changed", changed=number(done.changed), total=number(done.total))
    session.out.result(value, [told, *(f"  {sentence}" for sentence in bulk.left_out_sentences(done))])
    return 1 if done.stopped else 0


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
