"""The verbs of known answers: controls, whose right verdict a lead knows, and repeats, what a person judges again."""

import argparse
from typing import Any

from accord.cli.agree import figure_json
from accord.cli.session import Session
from accord.domain.errors import Refused, WrongUsage
from accord.domain.review import Verdict
from accord.domain.wording import _, plural
from accord.workflows import browsing, controls, repeating
from accord.workflows.projects import Project

VERBS = ("controls", "repeats")
_RIGHT = (Verdict.ACCEPT, Verdict.EDIT, Verdict.REJECT)


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verbs of this module."""
    found = verbs.add_parser(
        "controls",
        parents=[common],
        help=_("examples whose right verdict is known, and who catches how many"),
        description=_(
            "Examples whose right verdict a lead knows: accord assign --controls mixes them in, unmarked. Without an "
            "option: which they are, and how many each reviewer caught."
        ),
    )
    found.add_argument("project", metavar="PROJECT")
    what = found.add_mutually_exclusive_group()
    what.add_argument("--mark", metavar="FILTER", help=_("make the examples that fit controls"))
    what.add_argument("--unmark", metavar="FILTER", help=_("take those that fit out of the controls"))
    found.add_argument(
        "--verdict",
        choices=[verdict.value for verdict in _RIGHT],
        help=_("with --mark: the right verdict (default: the one by which each is settled)"),
    )
    found.add_argument("--note", metavar="TEXT", help=_("with --mark: why it is the right one"))
    found.set_defaults(run=_controls)
    _add_repeats(verbs, common)


def _add_repeats(verbs: Any, common: argparse.ArgumentParser) -> None:
    again = verbs.add_parser(
        "repeats",
        parents=[common],
        help=_("how far one agrees with oneself on what comes back, and how much waits"),
        description=_(
            "What a person judged comes back in Review later, unmarked and without what was said of it. Without "
            "--plan: how much waits, how far the verdicts agree, and which of them differ."
        ),
    )
    again.add_argument("project", metavar="PROJECT")
    again.add_argument(
        "--reviewer", default="", metavar="NAME", help=_("whose (default: who acts); others' for a lead")
    )
    again.add_argument("--plan", action="store_true", help=_("let a share come back now"))
    again.add_argument(
        "--share", type=float, metavar="SHARE", help=_("with --plan: the share of what was judged (0.05)")
    )
    again.add_argument("--days", type=int, metavar="N", help=_("with --plan: judged so many days ago or before (7)"))
    again.add_argument("--seed", type=int, default=0)
    again.set_defaults(run=_repeats)


def _controls(session: Session, args: argparse.Namespace) -> int:
    if args.mark is None and (args.verdict or args.note):
        raise WrongUsage(_("--verdict and --note go with --mark."))
    lines: list[str] = []
    with session.project(args.project) as project:
        if args.mark is not None:
            verdict = Verdict(args.verdict) if args.verdict else None
            numbers = _fitting(project, args.mark)
            controls.add(project=project, who=session.who, numbers=numbers, verdict=verdict, note=args.note or "")
            lines.append(plural("{n} example is a control now.", "{n} examples are controls now.", len(numbers)))
        elif args.unmark is not None:
            gone = controls.remove(project=project, who=session.who, numbers=_fitting(project, args.unmark))
            lines.append(plural("{n} example is no control any more.", "{n} examples are no controls any more.", gone))
        listed, rates = controls.listed(project=project), controls.rates(project=project)
    value = {
        "controls": [
            {"id": one.row.id, "verdict": one.control.verdict.value, "note": one.control.note, "met": one.met}
            for one in listed
        ],
        "rates": {
            rate.reviewer: {"caught": rate.caught, "share": figure_json(rate.share), "missed": list(rate.missed)}
            for rate in rates
        },
    }
    lines += [
        _("{id}  {verdict}, met by {n}", id=one.row.id, verdict=one.control.verdict.value, n=one.met) for one in listed
    ]
    session.out.result(value, [*lines, *(rate.sentence for rate in rates)])
    return 0


def _repeats(session: Session, args: argparse.Namespace) -> int:
    if not args.plan and (args.share is not None or args.days is not None):
        raise WrongUsage(_("--share and --days go with --plan."))
    lines: list[str] = []
    value: dict[str, Any] = {}
    with session.project(args.project) as project:
        name = args.reviewer or session.who.actor
        if args.plan:
            planned = repeating.plan_repeats(
                project=project,
                who=session.who,
                reviewer=name,
                share=repeating.SHARE if args.share is None else args.share,
                after_days=repeating.AFTER_DAYS if args.days is None else args.days,
                seed=args.seed,
            )
            lines.append(planned.sentence)
            value = {"planned": planned.planned, "judged": planned.judged}
        found = repeating.self_agreement(project=project, person=name)
        waiting = len(repeating.waiting(project=project, person=name))
    value |= {
        "reviewer": name,
        "waiting": waiting,
        "itself": figure_json(found.share),
        "krippendorff_alpha": figure_json(found.alpha),
        "differing": list(found.differing),
        "sentence": found.sentence,
    }
    lines += [
        plural("{n} example waits for a second look.", "{n} examples wait for a second look.", waiting),
        found.sentence,
        *(_("differs: {id}", id=id_) for id_ in found.differing),
    ]
    session.out.result(value, lines)
    return 0


def _fitting(project: Project, where: str) -> list[int]:
    numbers = list(browsing.example_numbers(project=project, where=where))
    if not numbers:
        raise Refused(_("No example fits this filter. Nothing was changed."))
    return numbers
