"""The verb that replaces personal data by surrogates or labels, or moves dates."""

import argparse
from collections.abc import Sequence
from typing import Any

from accord.cli.session import Session
from accord.domain.wording import _
from accord.workflows import deidentifying
from accord.workflows.deidentifying import Done, How

VERBS = ("deidentify",)


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verb of this module."""
    made = verbs.add_parser(
        "deidentify",
        parents=[common],
        help=_("personal data replaced by surrogates or labels, or dates moved"),
        description=_(
            "Writes new texts, which are reviewed anew and which bulk --undo takes back. It replaces what the checks "
            "find, which is not all there is: somebody else is to read the texts."
        ),
    )
    made.add_argument("project", metavar="PROJECT")
    made.add_argument(
        "--how",
        choices=[how.value for how in How],
        default=How.SURROGATE.value,
        help=_("by surrogates of the same form, by labels such as [PHONE], or dates moved alone"),
    )
    made.add_argument(
        "--only",
        default="",
        metavar="RULE,...",
        help=_(
            "what these rules find (without it all of them but {left}): {rules}",
            left=", ".join(name for name in deidentifying.known() if name not in deidentifying.rules()),
            rules=", ".join(deidentifying.known()),
        ),
    )
    made.add_argument("--where", default="", metavar="FILTER", help=_("the examples that fit"))
    made.add_argument(
        "--whole-project",
        action="store_true",
        help=_("one surrogate for one original in the whole project, not in each patient or matter"),
    )
    made.add_argument("--dry-run", action="store_true", help=_("say what would be replaced, change no example"))
    made.set_defaults(run=_deidentify)


def _deidentify(session: Session, args: argparse.Namespace) -> int:
    only = [name.strip() for name in args.only.split(",") if name.strip()]
    with session.project(args.project) as project, session.progress(_("De-identifying")) as bar:
        done = deidentifying.apply(
            project=project,
            actor=session.who,
            where=args.where,
            how=How(args.how),
            only=only,
            whole=args.whole_project,
            progress=bar,
            preview=args.dry_run,
        )
    lines = [*deidentifying.sentences(done, preview=args.dry_run), *_counted(done)]
    looked = [*_shown(done), _why_other_counts(only)] if args.dry_run else []
    session.out.result(_value(done, dry_run=args.dry_run), [*lines, *looked])
    return 1 if done.bulk.stopped else 0


def _counted(done: Done) -> list[str]:
    return [f"  {rule}: {n}" for rule, n in sorted(done.replaced.items())]


def _why_other_counts(only: Sequence[str]) -> str:
    """Return why there are more or fewer replacements than check has findings."""
    said = _(
        "Counted are the places to replace, and check counts what it finds: words found in one place are replaced "
        "wherever they stand again, and what overlaps is one place."
    )
    left = [] if only else [name for name in deidentifying.known() if name not in deidentifying.rules()]
    if not left:
        return said
    return f"{said} {_('These stay unless --only names them: {rules}.', rules=', '.join(left))}"


def _shown(done: Done) -> list[str]:
    return [f"  {one['id']}  {one['old']!r} -> {one['new']!r}" for one in _first(done)]


def _first(done: Done) -> list[dict[str, Any]]:
    shown = [
        {"id": one.example_id, "message": message, "rule": change.rule, "old": change.old, "new": change.new}
        for one in done.first
        for message, change in one.replacements
    ]
    return shown[: deidentifying.SHOWN]


def _value(done: Done, *, dry_run: bool) -> dict[str, Any]:
    left = [{"reason": why.value, "count": n} for why, n in sorted(done.bulk.left_out.items()) if n]
    value: dict[str, Any] = {
        "examples": done.bulk.changed,
        "replaced": dict(sorted(done.replaced.items())),
        "unconfirmed": done.unconfirmed,
        "act": done.bulk.act,
        "total": done.bulk.total,
        "left_out": left,
        "not_looked_for": {rule.name: rule.needs for rule in done.missing},
        "stopped": done.bulk.stopped,
        "dry_run": dry_run,
    }
    return value | ({"first": _first(done)} if dry_run else {})
