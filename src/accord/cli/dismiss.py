"""The verb that dismisses what checks found, and takes it up again."""

import argparse
from typing import Any

from accord.cli.session import Session
from accord.domain.dismissals import DismissReason
from accord.domain.errors import WrongUsage
from accord.domain.wording import _
from accord.workflows import findings

VERBS = ("dismiss",)


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verb of this module."""
    found = verbs.add_parser(
        "dismiss",
        parents=[common],
        help=_("dismiss what a check finds in an example, with a reason"),
        description=_(
            "Dismisses all that one rule finds in one example. It holds as long as the rule finds the same text in the "
            "same message; undo takes it back."
        ),
    )
    found.add_argument("project", metavar="PROJECT")
    found.add_argument("--id", required=True, metavar="ID", help=_("the example"))
    found.add_argument("--rule", required=True, metavar="RULE", help=_("the rule, as check names it"))
    found.add_argument("--reason", choices=[reason.value for reason in DismissReason], help=_("why"))
    found.add_argument("--comment", default="", metavar="TEXT", help=_("more about why"))
    found.add_argument("--restore", action="store_true", help=_("take up again what was dismissed"))
    found.set_defaults(run=_dismiss)


def _dismiss(session: Session, args: argparse.Namespace) -> int:
    if args.restore == bool(args.reason):
        raise WrongUsage(_("Say why with --reason, or take it up again with --restore."))
    with session.project(args.project) as project:
        about = {"project": project, "actor": session.who, "example_id": args.id, "rule": args.rule}
        if args.restore:
            act = findings.restore_rule(**about, comment=args.comment)
        else:
            act = findings.dismiss_rule(**about, reason=DismissReason(args.reason), comment=args.comment)
    told = _("Taken up again.") if args.restore else _("Dismissed. It holds as long as this text stands.")
    session.out.result({"id": args.id, "rule": args.rule, "reason": args.reason, "act": act}, [told])
    return 0
