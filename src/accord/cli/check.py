"""The verb that looks for what is wrong with examples."""

import argparse
from collections import Counter
from typing import Any

from accord.cli.measured import measured
from accord.cli.session import Session
from accord.domain.dismissals import DismissReason, Found
from accord.domain.errors import WrongUsage
from accord.domain.findings import Finding, Kind
from accord.domain.wording import _, plural
from accord.workflows import checking, whole_checks
from accord.workflows import findings as stored
from accord.workflows.whole_checks import WholeFinding

VERBS = ("check",)
_WORDS = 40  # characters of what was found


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verb of this module."""
    found = verbs.add_parser(
        "check",
        parents=[common],
        help=_("what is wrong with examples: damage, copies, boilerplate, personal data"),
        description=_(
            "Looks at the text that stands of each example in play and changes none. What is found is stored, and only "
            "what changed is looked at again. The project's settings say which checks it wants, and its limits."
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
    found.add_argument("--dismissed", action="store_true", help=_("list what people have dismissed, too"))
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
    found: list[dict[str, Any]] = []
    lines: list[str] = []
    counts: Counter[str] = Counter()
    examples = 0
    with session.project(args.project) as project, session.progress(_("Checking")) as bar:
        asked = {"project": project, "where": args.where, "kinds": kinds, "progress": bar}
        for each in stored.check(actor=session.who, **asked):
            shown = [(one, why) for one, why in each.findings if args.dismissed or why is None]
            examples += bool(shown)
            counts.update(one.kind.value for one, _why in shown)
            found += [_value(each.id, one, why) for one, why in shown]
            lines += [_line(each, one, why) for one, why in shown]
        wrong = [rule for rule in stored.counts(project=project) if rule.often_wrong]
        whole = whole_checks.look(project=project, where=args.where, kinds=kinds, progress=bar)
        left_out = checking.missing(project=project, kinds=kinds)
    lines += [f"{_('project')}  {one.rule.severity.value:7}  {one.rule.name}: {one.says}" for one in whole]
    told = plural("{n} example has findings.", "{n} examples have findings.", examples)
    summary = [f"{kind}: {count}" for kind, count in sorted(counts.items())]
    value = {
        "findings": found,
        "counts": dict(sorted(counts.items())),
        "examples": examples,
        "project": [_whole(one) for one in whole],
        "not_looked_for": {rule.name: rule.needs for rule in left_out},
    }
    noted = [
        _("“{title}” is dismissed as a false alarm more often than not here: consider switching it off.", title=r.title)
        for r in wrong
    ]
    if left_out:
        noted.append(checking.missing_sentence(left_out))
    session.out.result(value | {"often_wrong": [rule.rule for rule in wrong]}, [*lines, *summary, told, *noted])
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


def _line(found: Found, finding: Finding, why: DismissReason | None) -> str:
    about = f"{found.id}  {finding.severity.value:7}  {finding.rule}: {checking.sentence(finding)}"
    said = f"{about}  {_place(found.content.messages[finding.message].content, finding)}"
    return said if why is None else _("{said} (dismissed: {reason})", said=said, reason=why.value)


def _place(text: str, finding: Finding) -> str:
    """Return which message it is, and what stands there: the first characters of it, on one line."""
    words = text[finding.start : min(finding.end, finding.start + _WORDS)]
    shown = "".join(char if char.isprintable() else " " for char in words)
    if not shown.strip():
        return _("(message {n})", n=finding.message + 1)
    cut = "…" if finding.end - finding.start > _WORDS else ""
    return _("(message {n}: “{words}”)", n=finding.message + 1, words=shown + cut)


def _value(example: str, finding: Finding, why: DismissReason | None) -> dict[str, Any]:
    return {
        "id": example,
        "message": finding.message,
        "kind": finding.kind.value,
        "rule": finding.rule,
        "start": finding.start,
        "end": finding.end,
        "severity": finding.severity.value,
        "says": checking.sentence(finding),
        "dismissed": why.value if why else None,
    }
