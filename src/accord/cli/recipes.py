"""The verb that lists, shows, changes and compares the recipes by which a chat model is asked for candidates."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from accord.cli.session import Session
from accord.domain.agreement import Measured
from accord.domain.errors import WrongUsage
from accord.domain.wording import _, percent
from accord.workflows import generation_coverage, generation_figures, recipes
from accord.workflows.generation_coverage import Coverage
from accord.workflows.generation_figures import Figures
from accord.workflows.projects import Project
from accord.workflows.recipes import Known

VERBS = ("recipes",)


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verb of this module."""
    found = verbs.add_parser(
        "recipes",
        parents=[common],
        help=_("how a chat model is asked for candidates"),
        description=_(
            "Lists the recipes of a project. A recipe is a Markdown text and a JSON file: what it starts from, what it "
            "makes, the schema of a reply. A changed one is kept in the project with all its versions."
        ),
    )
    found.add_argument("project", metavar="PROJECT")
    act = found.add_mutually_exclusive_group()
    act.add_argument("--show", metavar="NAME", help=_("its text, its facts and its versions"))
    act.add_argument("--save", metavar="NAME", help=_("keep --text, and --facts, as its newest version"))
    act.add_argument("--reset", metavar="NAME", help=_("take the one that comes along again"))
    act.add_argument("--coverage", action="store_true", help=_("how many examples each tag has"))
    act.add_argument("--compare", action="store_true", help=_("what reviewers did with the candidates of each"))
    found.add_argument("--text", metavar="FILE", help=_("with --save: the Markdown"))
    found.add_argument("--facts", metavar="FILE", help=_("with --save: the JSON (default: as it is)"))
    found.set_defaults(run=_recipes)


def _recipes(session: Session, args: argparse.Namespace) -> int:
    if bool(args.save) != bool(args.text) or (args.facts and not args.save):
        raise WrongUsage(_("--save NAME goes with --text FILE, and with --facts FILE where those change."))
    with session.project(args.project) as project:
        if args.show:
            _show(session, project, args.show)
        elif args.save:
            _save(session, project, args)
        elif args.reset:
            changed = recipes.reset(project=project, who=session.who, name=args.reset)
            told = _("The recipe that comes along counts.") if changed else _("Nothing differs.")
            session.out.result({"name": args.reset, "changed": changed}, [told])
        elif args.coverage:
            table = generation_coverage.coverage(project=project)
            session.out.result({"tags": [asdict(one) for one in table]}, [_tag_line(one) for one in table])
        elif args.compare:
            with session.progress(_("comparing")) as bar:
                rows = generation_figures.by_recipe_and_model(project=project, progress=bar)
            none = [_("No run has made a candidate yet.")]
            session.out.result({"rows": [_compared(row) for row in rows]}, [_row_line(row) for row in rows] or none)
        else:
            found = recipes.listed(project=project)
            session.out.result({"recipes": [_told(one) for one in found]}, [_line(one) for one in found])
    return 0


def _show(session: Session, project: Project, name: str) -> None:
    one = recipes.find(project=project, name=name)
    versions = recipes.history(project=project, name=name)
    history = [{"at": v.at, "author": v.author, "version": v.version} for v in versions]
    value = {**_told(one), "markdown": one.markdown, "facts": one.facts, "history": history}
    lines = [one.markdown.rstrip("\n"), "", one.facts.rstrip("\n")]
    lines += [f"{v.at}  {v.author}  {v.version or _('reset')}" for v in versions]
    session.out.result(value, [*lines, *([one.problem] if one.problem else [])])


def _save(session: Session, project: Project, args: argparse.Namespace) -> None:
    known = {one.recipe.name: one for one in recipes.listed(project=project)}
    if not args.facts and args.save not in known:
        raise WrongUsage(_("There is no recipe “{name}” yet: a new one needs --facts FILE.", name=args.save))
    facts = _read(Path(args.facts)) if args.facts else known[args.save].facts
    text = _read(Path(args.text))
    one = recipes.save(project=project, who=session.who, name=args.save, markdown=text, facts=facts)
    session.out.result(_told(one), [_line(one)])


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongUsage(_("{file} is no text in UTF-8.", file=file.name)) from None


def _told(one: Known) -> dict[str, Any]:
    recipe = one.recipe
    return {
        "name": recipe.name,
        "title": recipe.title,
        "about": recipe.about,
        "takes": recipe.takes.value,
        "makes": recipe.makes.value,
        "version": recipe.version,
        "most_tokens": recipe.most_tokens,
        "built_in": one.built_in,
        "own": one.own,
        "problem": one.problem,
    }


def _line(one: Known) -> str:
    own = _("the project's own") if one.own else ""
    return "  ".join(part for part in (one.recipe.name.ljust(12), one.recipe.version, one.recipe.title, own) if part)


def _tag_line(one: Coverage) -> str:
    return _("{tag}: {accepted} accepted, {waiting} waiting, {wanted} more wanted", **asdict(one))


def _compared(row: Figures) -> dict[str, Any]:
    share = row.accepted_share
    return {
        "recipe": row.recipe,
        "version": row.version,
        "model": row.model,
        "made": row.made,
        "waiting": row.waiting,
        "accepted_as_they_are": row.as_they_are,
        "accepted_edited": row.edited,
        "median_edit": row.edit,
        "rejected": row.rejected,
        "set_aside": row.set_aside,
        "duplicate": row.duplicate,
        "refused": row.refused,
        "accepted_share": {"value": share.value, "ci95": share.ci95, "n": share.n}
        if isinstance(share, Measured)
        else {"value": None, "reason": share.reason},
        "cost_usd": float(row.cost),
        "cost_per_accepted_usd": None if row.cost_per_accepted is None else float(row.cost_per_accepted),
    }


def _row_line(row: Figures) -> str:
    line = _(
        "{recipe} {version} by {model}: {made} made, {as_they_are} accepted as they are, {edited} after an edit, "
        "{rejected} rejected, {set_aside} set aside, {waiting} waiting",
        recipe=row.recipe,
        version=row.version,
        model=row.model,
        made=row.made,
        as_they_are=row.as_they_are,
        edited=row.edited,
        rejected=row.rejected,
        set_aside=row.set_aside,
        waiting=row.waiting,
    )
    share = row.accepted_share
    if isinstance(share, Measured) and share.ci95 is not None:
        low, high = share.ci95
        line += " · " + _(
            "{share} accepted [{low}, {high}]", share=percent(share.value), low=percent(low), high=percent(high)
        )
    if row.edit is not None:
        line += " · " + _("the median edit changes {share}", share=percent(row.edit))
    if row.cost_per_accepted is not None:
        line += " · " + _("{cost} US$ for each accepted", cost=f"{row.cost_per_accepted:.4f}")
    return line
