"""The verb that measures agreement: agreement."""

import argparse
from pathlib import Path
from typing import Any

from accord.cli.session import Session
from accord.domain.agreement import Figure, Layout, Level, Undefined
from accord.domain.wording import _

VERBS = ("agreement",)


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declare the verb of this module."""
    found = verbs.add_parser(
        "agreement",
        parents=[common],
        help=_("how well raters agree, from a table of ratings"),
        description=_(
            "How well raters agree. Takes a table of ratings alone; a project's own reviews are not measured."
        ),
    )
    found.add_argument(
        "--table", required=True, metavar="FILE.csv", help=_("the ratings; a blank cell means not rated")
    )
    found.add_argument(
        "--layout",
        choices=[layout.value for layout in Layout],
        help=_(
            "ratings: a row per item, a column per rater; counts: a column per category; matrix: two raters' square "
            "table (default: what it looks like)"
        ),
    )
    found.add_argument(
        "--level",
        choices=[level.value for level in Level],
        default=Level.NOMINAL.value,
        help=_("what alpha and the weighted coefficients may take of the values (default: nominal)"),
    )
    found.set_defaults(run=_agreement)


def _agreement(session: Session, args: argparse.Namespace) -> int:
    from accord.workflows import agreement  # scipy is loaded for this verb alone

    layout = None if args.layout is None else Layout(args.layout)
    found = agreement.of_table(path=Path(args.table), layout=layout, level=Level(args.level))
    measured = found.agreement
    categories = [agreement.shown(category) for category in measured.categories]
    value = {
        "items": measured.items,
        "raters": measured.raters,
        "categories": len(categories),
        **{name: _figure_json(figure) for name, figure in measured.figures.items()},
        "warnings": list(measured.warnings),
        "layout": found.layout.value,
        "level": args.level,
        "category_names": categories,
        "rater_names": list(found.raters),
    }
    told = _(
        "{items} items, {raters} raters, {categories} categories; read as {layout}",
        items=measured.items,
        raters=measured.raters,
        categories=len(categories),
        layout=found.layout.value,
    )
    lines = [_figure_line(name, figure) for name, figure in measured.figures.items()]
    session.out.result(value, [told, *lines, *measured.warnings])
    return 0


def _figure_json(figure: Figure) -> dict[str, Any]:
    if isinstance(figure, Undefined):
        return {"value": None, "reason": figure.reason}
    return {"value": figure.value, "ci95": None if figure.ci95 is None else list(figure.ci95), "n": figure.n}


def _figure_line(name: str, figure: Figure) -> str:
    if isinstance(figure, Undefined):
        return _("{name}: undefined. {reason}", name=name, reason=figure.reason)
    if figure.ci95 is None:
        return _("{name}: {value}, n {n}", name=name, value=f"{figure.value:.4f}", n=figure.n)
    low, high = figure.ci95
    interval = f"[{low:.4f}, {high:.4f}]"
    return _("{name}: {value} {interval}, n {n}", name=name, value=f"{figure.value:.4f}", interval=interval, n=figure.n)
