"""How well people agree: the figures of a table of ratings, or of a project's reviews, with the sentences for them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from accord.analysis.agreement.measuring import measure
from accord.analysis.agreement.ratings import Ratings
from accord.analysis.agreement.warnings import shown as shown
from accord.domain.agreement import Agreement, Layout, Level
from accord.domain.errors import Refused, WrongUsage
from accord.domain.filters import UnknownValue, read_filter
from accord.domain.moments import now
from accord.domain.progress import Progress, Silent
from accord.domain.project import ProjectSettings
from accord.domain.project_agreement import ANSWER, VERDICT, About, ProjectAgreement, Question
from accord.domain.wording import _
from accord.formats import agreement_report
from accord.formats.rating_tables import read_rating_table
from accord.storage import settings as project_settings
from accord.storage.project import Project, View
from accord.storage.votes import Votes, read_votes
from accord.workflows import agreement_details as details
from accord.workflows.kept_figures import Kept as Kept
from accord.workflows.rated_questions import Rated, questions_of
from accord.workflows.text_distances import TextDistances


@dataclass(frozen=True, slots=True, kw_only=True)
class TableAgreement:
    """The figures of a table, whose ``items`` are all its rows; its layout; who rated, where it names them."""

    layout: Layout
    raters: tuple[str, ...]
    agreement: Agreement


def of_table(*, path: Path, layout: Layout | None = None, level: Level = Level.NOMINAL) -> TableAgreement:
    """Measure the agreement in a CSV file, whose layout is guessed where none is named.

    Raises BadTable.
    """
    table = read_rating_table(path, layout=layout, level=level)
    found = measure(Ratings.of_table(table), level=level)
    rated = [any(value is not None for value in column) for column in zip(*table.ratings, strict=True)]
    return TableAgreement(
        layout=table.layout,
        raters=tuple(str(name) for name, did in zip(table.names, rated, strict=True) if did) if rated else (),
        agreement=replace(
            found,
            items=found.items if table.layout is Layout.MATRIX else len(table.ratings or table.counts),
            warnings=(*found.warnings, *table.notes),
        ),
    )


def of_project(
    *,
    project: Project,
    question: Question = VERDICT,
    alone: bool = False,
    where: str = "",
    me: str = "",
    kept: Kept | None = None,
    progress: Progress | None = None,
) -> ProjectAgreement:
    """Measure how well the reviewers agree, from the reviews that the person of the project may see.

    Reviews count that are their reviewer's newest and of the text that stands; a decision changes what became of a
    difference and never the raters' own figures. Who, when and by what guideline is told of ``question``; with
    ``alone`` of nothing else are figures made. ``me``: who is spoken to (else the person who signed in).
    ``kept``: figures of an earlier measurement, of which those that still hold are not made again.
    Raises BadFilter, UnknownValue for a tag or rating that there is not, and Cancelled.
    """
    watch, kept = progress or Silent(), Kept() if kept is None else kept.begin()
    with project.read() as view:
        votes, settings = _read(view, question, where, progress)
        asked = [question] if alone else list(dict.fromkeys([*questions_of(votes), question]))
        summaries = []
        for number, one in enumerate(asked):
            watch.report(number, len(asked) + 1, one.title)
            watch.check()
            measured = _measured(view, _rated(votes, one, settings), kept, watch)
            summaries.append(measured.summary())
            if one == question:
                chosen = measured
        return ProjectAgreement(
            question=question,
            reviewers=votes.reviewers,
            questions=tuple(summaries),
            pairs=chosen.pairs(watch),
            consensus=chosen.consensus(),
            weeks=chosen.weeks(watch),
            guidelines=chosen.guidelines(project_settings.guideline_starts(view), watch),
            itself=chosen.itself(me or (project.person.name if project.person else "")),
        )


def items_of(
    *,
    project: Project,
    question: Question = VERDICT,
    reviewers: Sequence[str] = (),
    differing: bool = False,
    again: bool = False,
    week: str = "",
    guideline: int | None = None,
    where: str = "",
    progress: Progress | None = None,
) -> list[str]:
    """Return the ids of the examples behind a figure, in order; ``differing``: those alone that lower it.

    No reviewer: what two or more answered. Two: what both did. One: what she and the consensus did, or with ``again``
    what came back to her. ``week`` and ``guideline``: parts of ``weeks`` and ``guidelines``.
    Raises as ``of_project``.
    """
    with project.read() as view:
        votes, settings = _read(view, question, where, progress)
        starts = project_settings.guideline_starts(view)
    rated = _rated(votes, question, settings)
    found = details.items(rated, reviewers, differing=differing, again=again)
    if week:
        found &= set(rated.weeks().get(week, np.zeros(0, dtype=np.int64)).tolist())
    if guideline is not None:
        found &= details.items_under(rated, starts, guideline, differing=differing)
    return [votes.ids[item] for item in sorted(found)]


def write_report(*, found: ProjectAgreement, title: str, to: Path) -> None:
    """Write the figures as one HTML page or as CSV, by the ending of a new file's name. Raises Refused, WrongUsage."""
    require_new_report(to=to)
    html = to.suffix.casefold() == ".html"
    text = agreement_report.page(found, title=title, at=now()) if html else agreement_report.table(found)
    try:
        with to.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise _there(to) from None


def require_new_report(*, to: Path) -> None:
    """Raise WrongUsage for a report of another kind and Refused for a file that is there: to ask before measuring."""
    if to.suffix.casefold() not in {".html", ".csv"}:
        raise WrongUsage(_("A report is a .html or a .csv file; {name} is neither.", name=to.name))
    if to.exists():
        raise _there(to)


def _there(to: Path) -> Refused:
    return Refused(_("{path} is already there. It was not touched; choose another name.", path=to))


def _read(view: View, question: Question, where: str, progress: Progress | None) -> tuple[Votes, ProjectSettings]:
    votes, settings = read_votes(view, read_filter(where), progress=progress), project_settings.current(view)
    _require_known(question, votes, settings)
    return votes, settings


def _require_known(question: Question, votes: Votes, settings: ProjectSettings) -> None:
    match question.about:
        case About.TAG:
            known = {tag.name for tag in settings.tags}
        case About.RATING:
            known = {rating.name for rating in settings.ratings}
        case _other:
            return
    known |= {one.name for one in questions_of(votes) if one.about is question.about}
    if question.name not in known:
        raise UnknownValue(question.about.value, question.name, sorted(known))


def _rated(votes: Votes, question: Question, settings: ProjectSettings) -> Rated:
    high = next((rating.high for rating in settings.ratings if rating.name == question.name), 0)
    return Rated(votes, question, high=high)


def _measured(view: View, rated: Rated, kept: Kept, watch: Progress) -> details.Measured:
    """Take a question as far as it can be measured; only answers are told apart by their words."""
    distances = TextDistances(view, rated.keys, watch) if rated.question == ANSWER else None
    return details.Measured(rated, distances, kept)
