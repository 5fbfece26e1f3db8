"""The verb of calibration rounds: calibrate."""

import argparse
from typing import Any

from accord.cli.agree import figure_json
from accord.cli.session import Session
from accord.domain.calibration import CalibrationResult, CalibrationRound
from accord.domain.errors import WrongUsage
from accord.domain.wording import _

VERBS = ("calibrate",)
_ITEMS, _THRESHOLD = 20, 0.6


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verb of this module."""
    found = verbs.add_parser(
        "calibrate",
        parents=[common],
        help=_("rounds in which all review the same examples; how well they agree"),
        description=_("Rounds in which all review the same examples, blind, and how well they then agree."),
    )
    found.add_argument("project", metavar="PROJECT")
    what = found.add_mutually_exclusive_group()
    what.add_argument("--begin", action="store_true", help=_("draw examples and give them to all --reviewers"))
    what.add_argument("--status", action="store_true", help=_("how far each round is, and what came of it (default)"))
    what.add_argument("--close", action="store_true", help=_("end the open round with the verdicts that are there"))
    found.add_argument("--reviewers", default="", metavar="A,B,C", help=_("with --begin: who takes part"))
    found.add_argument("--new", action="store_true", help=_("with --begin: list reviewers whom nobody has listed yet"))
    found.add_argument("--items", type=int, default=_ITEMS, metavar="N", help=_("how many examples (20)"))
    found.add_argument(
        "--threshold", type=float, default=_THRESHOLD, metavar="ALPHA", help=_("the alpha to be reached (0.6)")
    )
    found.add_argument("--seed", type=int, default=0)
    found.add_argument("--where", default="", metavar="FILTER", help=_("only these examples"))
    found.set_defaults(run=_calibrate)


def _calibrate(session: Session, args: argparse.Namespace) -> int:
    from accord.workflows import calibrating  # scipy is loaded for this verb alone

    if args.begin is not bool(args.reviewers):
        raise WrongUsage(_("--begin and --reviewers A,B go together."))
    lines: list[str] = []
    more: dict[str, Any] = {}
    with session.project(args.project) as project:
        if args.begin:
            begun = calibrating.begin(
                project=project,
                who=session.who,
                reviewers=args.reviewers.split(","),
                items=args.items,
                threshold=args.threshold,
                seed=args.seed,
                where=args.where,
                new=args.new,
            )
            lines += [begun.sentence, *begun.met.sentences]
            more["new"] = list(begun.met.new)
        elif args.close and calibrating.close(project=project, who=session.who) is None:
            lines.append(_("The round is closed. Nobody had judged anything, so it does not count: begin another."))
        rounds = calibrating.history(project=project)
        results = {found.round.number: found for found in calibrating.results(project=project)}
    lines += [line for one in rounds for line in _lines(one, results.get(one.number))]
    if not lines:
        lines.append(
            _("No calibration round has taken place. Begin one: accord calibrate PROJECT --begin --reviewers A,B")
        )
    session.out.result({"rounds": [_as_json(one, results.get(one.number)) for one in rounds]} | more, lines)
    return 0


def _lines(one: CalibrationRound, result: CalibrationResult | None) -> list[str]:
    done = ", ".join(f"{name} {one.done[name]}/{one.items}" for name in one.reviewers)
    facts = {"n": one.number, "done": done}
    told = _("round {n}, open: {done}", **facts) if one.open else _("round {n}, closed: {done}", **facts)
    if result is None:
        return [told]
    reached = {True: _("reached"), False: _("not reached"), None: _("cannot be said")}[result.reached]
    goal = _("  to be reached: alpha {threshold} – {reached}", threshold=f"{one.threshold:g}", reached=reached)
    discuss = [_("  to discuss: {ids}", ids=" ".join(item.id for item in result.discuss))] if result.discuss else []
    return [told, f"  {result.sentence}", goal, *discuss]


def _as_json(one: CalibrationRound, result: CalibrationResult | None) -> dict[str, Any]:
    value: dict[str, Any] = {
        "round": one.number,
        "open": one.open,
        "complete": one.complete,
        "items": one.items,
        "threshold": one.threshold,
        "guideline": one.guideline,
        "done": one.done,
    }
    if result is not None:
        value |= {
            "reached": result.reached,
            "alpha": figure_json(result.alpha),
            "percent_agreement": figure_json(result.percent),
            "discuss": [item.id for item in result.discuss],
            "sentence": result.sentence,
        }
    return value
