"""Verbs that look and judge: list, status, reviews, duplicates, conflicts."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from accord.cli.session import Session
from accord.domain.history import ExampleRow
from accord.domain.review import ConflictResolution
from accord.domain.wording import _, plural
from accord.workflows import browsing, conflicts, duplicates, findings, projects, review_files
from accord.workflows.review_files import ReviewAccount

VERBS = ("list", "status", "reviews", "duplicates", "conflicts")


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verbs of this module."""
    lists = verbs.add_parser("list", parents=[common], help=_("examples as JSON lines"))
    lists.add_argument("project", metavar="PROJECT")
    lists.add_argument("--where", default="", metavar="FILTER", help=_("FIELD OP VALUE joined by and; OP is = != ~"))
    lists.add_argument("--limit", type=_amount, default=None, metavar="N")
    lists.set_defaults(run=_list)

    status = verbs.add_parser(
        "status",
        parents=[common],
        help=_("counts by stage"),
        description=_(
            "Counts by stage. “reviewers” counts the listed reviewers and adjudicators, and whoever else, such as a "
            "lead, has given a verdict."
        ),
    )
    status.add_argument("project", metavar="PROJECT")
    status.set_defaults(run=_status)

    reviews = verbs.add_parser(
        "reviews",
        parents=[common],
        help=_("verdicts from a CSV or JSON lines file"),
        description=_(
            "Verdicts from a CSV or JSON lines file, with id, reviewer, verdict (accept, edit, reject, unsure), "
            "answer, request, system, tags, comment. A row without a reviewer is said by who acts. A row with the "
            "verdict “edit” needs a text that differs from the one it is about; every other one leaves the text alone."
        ),
    )
    reviews.add_argument("project", metavar="PROJECT")
    reviews.add_argument("file", metavar="FILE")
    reviews.add_argument("--new", action="store_true", help=_("list reviewers whom nobody has listed yet"))
    reviews.set_defaults(run=_reviews)
    _add_duplicates(verbs, common)
    _add_conflicts(verbs, common)


def _add_duplicates(verbs: Any, common: argparse.ArgumentParser) -> None:
    near = verbs.add_parser(
        "duplicates",
        parents=[common],
        help=_("near-duplicate clusters"),
        description=_(
            "Near-duplicate clusters. Dialogues belong together where their earlier turns are as alike too. The method "
            "semantic finds what says the same in other words. It needs the extra “ml” and reads about the first 200 "
            "words of a text; one in a script that its model cannot read is like the very same text alone."
        ),
    )
    near.add_argument("project", metavar="PROJECT")
    near.add_argument("--method", choices=duplicates.METHODS, default="minhash")
    near.add_argument(
        "--threshold", type=float, metavar="N", help=_("from how alike, to 1 (default: 0.8; semantic 0.9)")
    )
    near.add_argument("--fields", choices=duplicates.FIELDS, default="pair")
    near.add_argument("--all-pairs", metavar="FILE", help=_("write every verified pair, as JSON lines"))
    near.add_argument(
        "--apply",
        action="store_true",
        help=_("set all but the keeper of each cluster aside, except what is asked the same and answered otherwise"),
    )
    near.set_defaults(run=_duplicates)


def _add_conflicts(verbs: Any, common: argparse.ArgumentParser) -> None:
    settle = verbs.add_parser(
        "conflicts",
        parents=[common],
        help=_("requests whose answers conflict; settle them"),
        description=_("Requests whose answers conflict. In dialogues all turns before the answer must be the same."),
    )
    settle.add_argument("project", metavar="PROJECT")
    settle.add_argument("--settle", metavar="KEY", nargs="+", help=_("the conflicts to settle, or all"))
    settle.add_argument("--how", choices=[r.value for r in ConflictResolution], default="all_valid")
    settle.add_argument("--keep", metavar="ID", default="", help=_("the example to keep (keep_one, merge)"))
    settle.add_argument("--reason", default="")
    settle.set_defaults(run=_conflicts)


def _amount(text: str) -> int:
    """Read a number of rows, for argparse; a negative one is wrong usage."""
    found = int(text)
    if found < 0:
        raise ValueError(text)
    return found


def example_json(row: ExampleRow) -> dict[str, Any]:
    """Return an example as ``list`` prints it."""
    return {
        "id": row.id,
        "messages": [message.to_json() for message in row.content.messages],
        "status": row.status,
        "decided_by": row.decided_by or None,
        "tags": list(row.tags),
        "origin": row.origin,
        "source": {"file": row.file, "line": row.line},
        "group": row.group,
        "hash": row.hash,
    }


def _list(session: Session, args: argparse.Namespace) -> int:
    with session.project(args.project) as project:
        for row in browsing.examples(project=project, where=args.where, limit=args.limit):
            session.out.row(example_json(row))
    return 0


def _status(session: Session, args: argparse.Namespace) -> int:
    with session.project(args.project) as project:
        counts = projects.counts(project=project)
        open_findings = findings.open_by_severity(project=project)
    found = asdict(counts) | {
        "reviewers": len(counts.reviewers),
        "releases": len(counts.releases),
        "reviewer_names": counts.reviewers,
        "release_names": counts.releases,
        "findings": open_findings,
    }
    lines = [f"{name}: {value}" for name, value in found.items() if not isinstance(value, dict | list)]
    lines += [f"  {status}: {n}" for status, n in sorted(found["by_status"].items())]
    lines += [_("open findings, {severity}: {n}", severity=name, n=n) for name, n in open_findings.items() if n]
    session.out.result(found, lines)
    return 0


def _reviews(session: Session, args: argparse.Namespace) -> int:
    with session.project(args.project, stands_in=True) as project:
        report = review_files.apply(project=project, who=session.who, path=Path(args.file), new=args.new)
    more = {"already": report.already, "not_given": report.not_given, "new": list(report.met.new)}
    return session.out.account(report, more, [*_beside(report), *report.met.sentences])


def _beside(report: ReviewAccount) -> list[str]:
    """Return what is worth knowing of the rows that were accepted."""
    found = []
    if report.already:
        found.append(
            plural(
                "  {n} already there: the same was stored before",
                "  {n} already there: the same was stored before",
                report.already,
            )
        )
    if report.not_given:
        found.append(
            plural(
                "  {n} of these is about an example that its reviewer was not given; it counts all the same",
                "  {n} of these are about examples that their reviewers were not given; they count all the same",
                report.not_given,
            )
        )
    return found


def _duplicates(session: Session, args: argparse.Namespace) -> int:
    with session.project(args.project) as project, session.progress(_("near-duplicates")) as bar:
        report = duplicates.find(
            project=project,
            who=session.who,
            method=args.method,
            threshold=args.threshold,
            fields=args.fields,
            pairs_file=None if args.all_pairs is None else Path(args.all_pairs),
            apply=args.apply,
            embedder=session.services.embedder,
            progress=bar,
        )
    lines = [
        _(
            "{n} examples, {c} clusters, {p} verified links",
            n=report.examples,
            c=len(report.clusters),
            p=len(report.pairs),
        ),
        *("  " + " ".join(cluster) for cluster in report.clusters[:50]),
        _("{n} set aside, {c} requests with conflicting answers", n=len(report.set_aside), c=len(report.conflicts)),
    ]
    session.out.result(asdict(report), lines)
    return 0


def _conflicts(session: Session, args: argparse.Namespace) -> int:
    with session.project(args.project) as project:
        found = conflicts.listed(project=project)
        put_aside: list[str] = []
        settled: list[str] = []
        if args.settle:
            settled = [c.key for c in found] if args.settle == ["all"] else list(args.settle)
            put_aside = conflicts.settle(
                project=project,
                who=session.who,
                keys=settled,
                resolution=ConflictResolution(args.how),
                reason=args.reason,
                keep=dict.fromkeys(settled, args.keep) if args.keep else None,
            )
            found = conflicts.listed(project=project)
    value = {
        "conflicts": [{"key": c.key, "request": c.request, "ids": [row.id for row in c.rows]} for c in found],
        "settled": settled,
        "set_aside": put_aside,
    }
    lines = [f"{c.key}  {len(c.rows)}  {c.request[:80]}" for c in found]
    session.out.result(value, [*lines, _("{n} open, {s} settled now", n=len(found), s=len(settled))])
    return 0
