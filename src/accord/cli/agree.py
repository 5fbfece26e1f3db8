"""The verb that measures agreement: agreement, of a project's reviews or of a table of ratings."""

import argparse
from pathlib import Path
from typing import Any

from accord.cli.session import Session
from accord.domain.agreement import Agreement, Figure, Layout, Level, Measured, Undefined
from accord.domain.errors import WrongUsage
from accord.domain.project_agreement import VERDICT, About, ProjectAgreement, Question, QuestionAgreement
from accord.domain.wording import _, between, decimals, number, plural

VERBS = ("agreement",)
_PLACES = 4  # of a figure in the list; sentences have two


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verb of this module."""
    found = verbs.add_parser(
        "agreement",
        parents=[common],
        help=_("how well the reviewers of a project agree, or the raters of a table"),
        description=_("How well people agree: the reviewers of a PROJECT, or the raters of a table of ratings."),
    )
    found.add_argument("project", nargs="?", metavar="PROJECT")
    found.add_argument(
        "--question",
        metavar="Q",
        help=_("verdict, answer, tag:NAME or rating:NAME (default: verdict, with the others)"),
    )
    found.add_argument("--where", metavar="FILTER", help=_("the examples: FIELD OP VALUE joined by and; OP is = != ~"))
    found.add_argument("--report", metavar="FILE", help=_("write all of it as one page (.html) or as a table (.csv)"))
    found.add_argument("--table", metavar="FILE.csv", help=_("the ratings; a blank cell means not rated"))
    found.add_argument(
        "--layout",
        choices=[layout.value for layout in Layout],
        help=_(
            "ratings: a row per item, a column per rater; counts: a column per category; matrix: two raters' square "
            "table; long: a row per rating, with the columns rater, item and label (default: what it looks like)"
        ),
    )
    found.add_argument(
        "--level",
        choices=[level.value for level in Level],
        help=_("what alpha and the weighted coefficients may take of the values of a table (default: nominal)"),
    )
    found.set_defaults(run=_agreement)


def _agreement(session: Session, args: argparse.Namespace) -> int:
    of_table, of_project = (args.table, args.layout, args.level), (args.project, args.question, args.where, args.report)
    if any(of_table) and any(of_project):
        raise WrongUsage(_("Name a project or a table. What belongs to the one cannot be asked of the other."))
    if not args.project and not args.table:
        raise WrongUsage(_("Name a project, or a table of ratings with --table."))
    return _of_table(session, args) if args.table else _of_project(session, args)


def _of_table(session: Session, args: argparse.Namespace) -> int:
    from accord.workflows import agreement  # scipy is loaded for this verb alone

    layout = None if args.layout is None else Layout(args.layout)
    level = Level(args.level or Level.NOMINAL)
    found = agreement.of_table(path=Path(args.table), layout=layout, level=level)
    categories = [agreement.shown(category) for category in found.agreement.categories]
    value = _measured_json(found.agreement) | {
        "layout": found.layout.value,
        "level": level.value,
        "category_names": categories,
        "rater_names": list(found.raters),
    }
    told = _(
        "{items} items, {raters} raters, {categories} categories; read as {layout}",
        items=value["items"],
        raters=value["raters"],
        categories=value["categories"],
        layout=found.layout.value,
    )
    session.out.result(value, [told, *_figure_lines(found.agreement), *found.agreement.warnings])
    return 0


def _of_project(session: Session, args: argparse.Namespace) -> int:
    from accord.workflows import agreement  # scipy is loaded for this verb alone

    question = VERDICT if args.question is None else Question.read(args.question)
    report = None if args.report is None else Path(args.report)
    if report is not None:
        agreement.require_new_report(to=report)
    with session.project(args.project) as project, session.progress(_("agreement")) as bar:
        found = agreement.of_project(
            project=project,
            question=question,
            alone=args.question is not None,
            where=args.where or "",
            me=session.who.actor,
            progress=bar,
        )
        title = project.path.stem
    if report is not None:
        agreement.write_report(found=found, title=title, to=report)
    chosen = found.chosen
    lines = [
        _("{items} examples, {raters} reviewers", items=chosen.agreement.items, raters=chosen.agreement.raters),
        *_figure_lines(chosen.agreement),
        *_sentences(found),
        *chosen.agreement.warnings,
        *(_("Costliest: {id} (alpha {gain} higher without)", id=one.id, gain=one.shown) for one in chosen.costliest),
        *([chosen.more_alike] if chosen.alike else []),
        *(one.sentence for one in found.itself),
    ]
    session.out.result(_project_json(found, alone=args.question is not None), lines)
    return 0


def _sentences(found: ProjectAgreement) -> list[str]:
    """Return what is to say of each question; the tags on which nobody differs are counted."""
    quiet = [
        one
        for one in found.questions
        if one.question.about is About.TAG and not one.differing and one.question != found.question
    ]
    told = [one.sentence for one in found.questions if one not in quiet]
    if quiet:
        n = len(quiet)
        told.append(plural("{n} tag on which nobody differs.", "{n} tags on which nobody differs.", n))
    return told


def _measured_json(measured: Agreement) -> dict[str, Any]:
    return {
        "items": measured.items,
        "raters": measured.raters,
        "categories": len(measured.categories),
        **{name: figure_json(figure) for name, figure in measured.figures.items()},
        "warnings": list(measured.warnings),
    }


def _project_json(found: ProjectAgreement, *, alone: bool) -> dict[str, Any]:
    value = _question_json(found.chosen) | {
        "question": found.question.key,
        "rater_names": list(found.reviewers),
        "pairs": [
            {
                "reviewers": [pair.first, pair.second],
                "percent_agreement": figure_json(pair.percent),
                "kappa": figure_json(pair.kappa),
                "ac1": figure_json(pair.ac1),
            }
            for pair in found.pairs
        ],
        "consensus": {one.reviewer: figure_json(one.share) for one in found.consensus},
        "itself": {one.reviewer: figure_json(one.share) for one in found.itself},
    }
    for name, parts in (("weeks", found.weeks), ("guidelines", found.guidelines)):
        value[name] = [
            {
                "part": one.part,
                "percent_agreement": figure_json(one.percent),
                "krippendorff_alpha": figure_json(one.alpha),
            }
            for one in parts
        ]
    return value if alone else value | {"questions": {one.question.key: _question_json(one) for one in found.questions}}


def _question_json(one: QuestionAgreement) -> dict[str, Any]:
    value = _measured_json(one.agreement)
    if one.question.about is not About.ANSWER:  # texts have no name but themselves
        value["category_names"] = [c if isinstance(c, str) else f"{c:g}" for c in one.agreement.categories]
    return value | {
        "double": one.double,
        "differing": one.differing,
        "decided": one.decided,
        "agreed_or_decided": figure_json(one.settled),
        "costliest": [{"id": costly.id, "gain": costly.gain} for costly in one.costliest],
        "costliest_alike": one.alike,
        "sentence": one.sentence,
    }


def figure_json(figure: Figure) -> dict[str, Any]:
    """Return a figure as it is printed: its value, interval and n, or the reason why there is none."""
    if isinstance(figure, Undefined):
        return {"value": None, "reason": figure.reason}
    return {"value": figure.value, "ci95": None if figure.ci95 is None else list(figure.ci95), "n": figure.n}


def _figure_lines(measured: Agreement) -> list[str]:
    told = [_figure_line(name, figure) for name, figure in measured.figures.items()]
    n = max((figure.n for figure in measured.figures.values() if isinstance(figure, Measured)), default=measured.items)
    if n < measured.items:
        told.append(
            _(
                "n: {n} of the {items} were rated by two or more. The others count for agreement by chance in Fleiss' "
                "and Conger's kappa and AC1, and not at all in alpha.",
                n=number(n),
                items=number(measured.items),
            )
        )
    return told


def _figure_line(name: str, figure: Figure) -> str:
    if isinstance(figure, Undefined):
        return _("{name}: undefined. {reason}", name=name, reason=figure.reason)
    if figure.ci95 is None:
        return _("{name}: {value}, n {n}", name=name, value=decimals(figure.value, _PLACES), n=figure.n)
    interval = between(*figure.ci95, _PLACES)
    return _(
        "{name}: {value} {interval}, n {n}",
        name=name,
        value=decimals(figure.value, _PLACES),
        interval=interval,
        n=figure.n,
    )
