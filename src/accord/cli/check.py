"""The verb that looks for what is wrong with examples."""

import argparse
from collections import Counter
from typing import Any

from accord.cli.measured import measured
from accord.cli.session import Session
from accord.domain.errors import WrongUsage
from accord.domain.findings import Finding, Kind
from accord.domain.wording import _, plural
from accord.workflows import checking, whole_checks
from accord.workflows.whole_checks import WholeFinding

VERBS = ("check",)


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verb of this module."""
    found = verbs.add_parser(
        "check",
        parents=[common],
        help=_("what is wrong with examples: damage, copies, boilerplate, personal data"),
        description=_(
            "Looks at the text that stands of each example and changes nothing. The project's settings say which "
            "checks it wants, and its limits."
        ),
    )
    found.add_argument("project", metavar="PROJECT")
    found.add_argument(
        "--only",
        default="",
        metavar="KIND,...",
        help=_("look for these alone: {kinds}", kinds=", ".join(kind.value for kind in Kind)),
    )
    found.add_argument("--where", default="", metavar="FILTER", help=_("look at the examples that fit"))
    found.add_argument(
        "--labelled",
        metavar="FILE",
        help=_(
            "measure how well personal data is found in these texts, instead of looking at the examples: JSON lines or "
            "an array of objects with text and spans, each with start, end and label"
        ),
    )
    found.add_argument(
        "--label",
        action="append",
        default=[],
        metavar="THEIRS=OURS",
        help=_("what a label of that file stands for: a rule, or a label that is known"),
    )
    found.set_defaults(run=_check)


def _check(session: Session, args: argparse.Namespace) -> int:
    if args.labelled:
        return measured(session, args.project, args.labelled, args.label)
    if args.label:
        raise WrongUsage(_("--label belongs to a file that is named with --labelled."))
    kinds = _kinds(args.only)
    findings: list[dict[str, Any]] = []
    lines: list[str] = []
    counts: Counter[str] = Counter()
    examples = 0
    with session.project(args.project) as project, session.progress(_("Checking")) as bar:
        for each in checking.check(project=project, where=args.where, kinds=kinds, progress=bar):
            examples += 1
            counts.update(one.kind.value for one in each.findings)
            findings += [_value(each.id, one) for one in each.findings]
            lines += [f"{each.id}  {one.severity.value:7}  {checking.sentence(one)}" for one in each.findings]
        whole = whole_checks.look(project=project, where=args.where, kinds=kinds, progress=bar)
    lines += [f"{_('project')}  {one.rule.severity.value:7}  {one.says}" for one in whole]
    told = plural("{n} example has findings.", "{n} examples have findings.", examples)
    summary = [f"{kind}: {count}" for kind, count in sorted(counts.items())]
    value = {
        "findings": findings,
        "counts": dict(sorted(counts.items())),
        "examples": examples,
        "project": [_whole(one) for one in whole],
    }
    session.out.result(value, [*lines, *summary, told])
    return 0


def _kinds(text: str) -> set[Kind]:
    names = {name.strip() for name in text.split(",") if name.strip()}
    unknown = sorted(names - {kind.value for kind in Kind})
    if unknown:
        known = ", ".join(kind.value for kind in Kind)
        raise WrongUsage(_("There is no check {name}. There are: {known}.", name=", ".join(unknown), known=known))
    return {Kind(name) for name in names}


def _whole(finding: WholeFinding) -> dict[str, Any]:
    return {
        "kind": finding.rule.kind.value,
        "rule": finding.rule.name,
        "severity": finding.rule.severity.value,
        "count": finding.count,
        "examples": list(finding.examples),
        "says": finding.says,
    }


def _value(example: str, finding: Finding) -> dict[str, Any]:
    return {
        "id": example,
        "message": finding.message,
        "kind": finding.kind.value,
        "rule": finding.rule,
        "start": finding.start,
        "end": finding.end,
        "severity": finding.severity.value,
        "says": checking.sentence(finding),
    }
