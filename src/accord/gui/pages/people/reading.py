"""What the People page shows, read in one go."""

from dataclasses import dataclass
from statistics import median
from typing import Any

from accord.analysis.pace import FEWEST_ITEMS
from accord.domain.agreement import Measured
from accord.domain.calibration import CalibrationResult, CalibrationRound
from accord.domain.people import Person, ServerFacts
from accord.domain.project import ProjectSettings
from accord.domain.review import Verdict
from accord.workflows import assigning, browsing, calibrating, controls, people, projects, repeating, team
from accord.workflows.assigning import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFacts:
    """``pace``: the usual seconds for one item, of who judged enough.

    For a lead: ``left_to_give``; ``controls`` by their right verdict, and the catch ``rates``; ``looks``: how far those
    to whom something came back agree with themselves.
    """

    people: list[Person]
    server: ServerFacts | None
    owner: str
    progress: list[Progress]
    pace: dict[str, float]
    settings: ProjectSettings
    left_to_give: int
    rounds: list[CalibrationRound]
    results: list[CalibrationResult]
    controls: dict[Verdict, int]
    rates: list[str]
    looks: list[str]


def read_facts(*, project: Any, leads: bool, me: str) -> PeopleFacts:
    """Read everybody; how far others are, and what is left to give out, for a lead alone."""
    everyone = people.everyone(project=project)
    progress = [p for p in assigning.progress(project=project) if leads or p.person.name == me] if everyone else []
    return PeopleFacts(
        people=everyone,
        server=team.server(project=project),
        owner=team.owner_of(project=project),
        progress=progress,
        pace={p.person.name: found for p in progress if (found := _pace(project, p.person.name)) is not None},
        settings=projects.settings_of(project=project),
        left_to_give=assigning.left_to_give(project=project) if leads and everyone else 0,
        rounds=calibrating.history(project=project),
        results=calibrating.results(project=project),
        controls=controls.counts(project=project) if leads else {},
        rates=[rate.sentence for rate in controls.rates(project=project) if rate.n] if leads else [],
        looks=[told for p in everyone if (told := _again(project, p.name))] if leads else [],
    )


def _again(project: Any, name: str) -> str:
    found = repeating.second_looks(project=project, person=name)
    return found.sentence if isinstance(found.share, Measured) else ""


def _pace(project: Any, name: str) -> float | None:
    seconds, _days = browsing.pace_of(project=project, reviewer=name)
    return median(seconds) if len(seconds) >= FEWEST_ITEMS else None
