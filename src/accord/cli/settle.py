"""The verbs of an adjudicator: what reviewers disagree about, and the decisions that settle it."""

import argparse
from pathlib import Path
from typing import Any

from accord.cli.session import Session
from accord.domain.disagreements import Disagreement, Reason, Version, reason_title
from accord.domain.wording import _, plural
from accord.workflows import adjudicating, majority
from accord.workflows.adjudicating import DecisionAccount

VERBS = ("disagreements", "adjudicate")
_SHOWN = 5  # reasons in other words


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verbs of this module."""
    listed = verbs.add_parser(
        "disagreements",
        parents=[common],
        help=_("where reviewers differ, or somebody is unsure, the most consequential first"),
    )
    listed.add_argument("project", metavar="PROJECT")
    listed.add_argument(
        "--settle", type=float, metavar="SHARE", help=_("first settle those in which this share of three or more agree")
    )
    listed.set_defaults(run=_disagreements)

    decide = verbs.add_parser("adjudicate", parents=[common], help=_("decisions from a CSV or JSON lines file"))
    decide.add_argument("project", metavar="PROJECT")
    reasons = ", ".join(Reason)
    told = _(
        "columns: id decision answer reason comment; each decision needs a comment and a reason, which is one of "
        "{reasons}, or in words",
        reasons=reasons,
    )
    decide.add_argument("file", metavar="FILE", help=told)
    decide.set_defaults(run=_adjudicate)


def _disagreements(session: Session, args: argparse.Namespace) -> int:
    settled: dict[str, int] = {}
    with session.project(args.project) as project:
        if args.settle is not None:
            with session.progress(_("Settling")) as bar:
                done = majority.settle_by_rule(project=project, who=session.who, share=args.settle, progress=bar)
            settled = {"settled": done.settled, "reopened": done.reopened}
        found = adjudicating.open_disagreements(project=project)
    lines = [
        plural(
            "{n} disagreement is open: reviewers differ, or somebody is unsure.",
            "{n} disagreements are open: reviewers differ, or somebody is unsure.",
            len(found),
        )
    ]
    lines += [f"  {one.id}  {one.clash.value:<8} " + ", ".join(_said(v) for v in one.versions) for one in found]
    session.out.result({"open": [_as_json(one) for one in found], **settled}, lines)
    return 0


def _said(version: Version) -> str:
    said = f"{version.reviewer}: {version.verdict.value}"
    return _("{said} (of an earlier text)", said=said) if version.of_earlier else said


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
                "messages": [message.to_json() for message in version.content.messages],
                "of_earlier_text": version.of_earlier,
                "tags": list(version.tags),
                "comment": version.comment,
                "citation": version.citation,
            }
            for version in one.versions
        ],
    }


def _adjudicate(session: Session, args: argparse.Namespace) -> int:
    with session.project(args.project) as project:
        found = adjudicating.apply(project=project, who=session.who, path=Path(args.file))
    reasons = {reason.value: count for reason, count in found.reasons.items()}
    more = {"already": found.already, "reasons": reasons, "reasons_in_comment": list(found.others)}
    if found.already and not found.accepted and not found.rejected:
        session.out.result({"read": found.read, "accepted": 0, "rejected": 0, "rejections": [], **more}, _beside(found))
        return 0
    return session.out.account(found, more, _beside(found))


def _beside(found: DecisionAccount) -> list[str]:
    """Return what is to be told of decisions beside how many were taken."""
    lines = []
    if found.already:
        lines.append(plural("{n} was already decided so.", "{n} were already decided so.", found.already))
    if found.reasons:
        counted = ", ".join(f"{reason_title(reason)} {count}" for reason, count in found.reasons.items())
        lines.append(_("Reasons understood: {reasons}.", reasons=counted))
    if found.others:
        shown = ", ".join(f"“{text}”" for text in found.others[:_SHOWN])
        kinds = ", ".join(Reason)
        lines.append(_("Kept before the comment, for they are none of {kinds}: {reasons}.", kinds=kinds, reasons=shown))
    return lines
