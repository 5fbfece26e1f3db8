"""The verb that finds the examples most like one."""

import argparse
from typing import Any

from accord.cli.session import Session
from accord.domain.errors import WrongUsage
from accord.domain.wording import _, decimals
from accord.workflows.similar import MEANING, similar

VERBS = ("similar",)
_REQUEST_CHARS = 80


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verb of this module."""
    near = verbs.add_parser(
        "similar",
        parents=[common],
        help=_("the examples most like one"),
        description=_(
            "The examples most like one: by meaning where “duplicates --method semantic” has been run, else by words."
        ),
    )
    near.add_argument("project", metavar="PROJECT")
    near.add_argument("id", metavar="ID")
    near.add_argument("-n", type=int, default=5, metavar="N", help=_("at most so many"))
    near.set_defaults(run=_similar)


def _similar(session: Session, args: argparse.Namespace) -> int:
    if args.n < 1:
        raise WrongUsage(_("-n is at least 1."))
    with session.project(args.project) as project:
        near = similar(project=project, example_id=args.id, embedder=session.services.embedder, n=args.n)
    how = _("by meaning") if near.by == MEANING else _("by words")
    value = {
        "id": args.id,
        "by": near.by,
        "similar": [{"id": one.row.id, "score": one.score, "request": one.row.content.request} for one in near.found],
    }
    lines = [f"{one.row.id}  {decimals(one.score)}  {one.row.content.request[:_REQUEST_CHARS]}" for one in near.found]
    session.out.result(value, [*lines, _("{n} found, {how}", n=len(near.found), how=how)])
    return 0
