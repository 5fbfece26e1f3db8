"""The verbs of an adjudicator: what reviewers disagree about, and the decisions that settle it."""

import argparse
from pathlib import Path
from typing import Any

from accord.cli.session import Session
from accord.domain.disagreements import Disagreement
from accord.domain.wording import _, plural
from accord.workflows import adjudicating, majority

VERBS = ("disagreements", "adjudicate")


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verbs of this module."""
    listed = verbs.add_parser(
        "disagreements", parents=[common], help=_("what reviewers disagree about, the most consequential first")
    )
    listed.add_argument("project", metavar="PROJECT")
    listed.add_argument(
        "--settle", type=float, metavar="SHARE", help=_("first settle those in which this share of three or more agree")
    )
    listed.set_defaults(run=_disagreements)

    decide = verbs.add_parser("adjudicate", parents=[common], help=_("decisions from a CSV or JSON lines file"))
    decide.add_argument("project", metavar="PROJECT")
    decide.add_argument("file", metavar="FILE", help=_("columns: id decision answer reason comment"))
    decide.set_defaults(run=_adjudicate)


def _disagreements(session: Session, args: argparse.Namespace) -> int:
    settled: dict[str, int] = {}
    with session.project(args.project) as project:
        if args.settle is not None:
            with session.progress(_("Settling")) as bar:
                done = majority.settle_by_rule(project=project, who=session.who, share=args.settle, progress=bar)
            settled = {"settled": done.settled, "reopened": done.reopened}
        found = adjudicating.open_disagreements(project=project)
    lines = [plural("{n} disagreement is open.", "{n} disagreements are open.", len(found))]
    lines += [
        f"  {one.id}  {one.clash.value:<8} " + ", ".join(f"{v.reviewer}: {v.verdict.value}" for v in one.versions)
        for one in found
    ]
    session.out.result({"open": [_as_json(one) for one in found], **settled}, lines)
    return 0


def _as_json(one: Disagreement) -> dict[str, Any]:
    return {
        "id": one.id,
        "clash": one.clash.value,
        "distance": round(one.distance, 4),
        "messages": [message.to_json() for message in one.base.messages],
        "question": one.question or None,
        "versions": [
            {
                "reviewer": version.reviewer,
                "verdict": version.verdict.value,
                "answer": version.content.answer,
                "tags": list(version.tags),
                "comment": version.comment,
                "citation": version.citation,
            }
            for version in one.versions
        ],
    }


def _adjudicate(session: Session, args: argparse.Namespace) -> int:
    with session.project(args.project) as project:
        report = adjudicating.apply(project=project, who=session.who, path=Path(args.file))
    return session.out.account(report)
