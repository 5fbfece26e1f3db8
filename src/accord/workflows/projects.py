"""Making, opening and describing a project, and changing what it decides for itself."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

from accord.domain.errors import Refused
from accord.domain.ledger import Who
from accord.domain.people import Role
from accord.domain.project import ProjectSettings
from accord.domain.wording import _
from accord.formats import answers
from accord.storage import address, duplicates, events, imports, listing, people, releases, requests, reviews
from accord.storage import project as store
from accord.storage import settings as project_settings
from accord.storage.project import Project as Project
from accord.workflows import conflicts, import_storing, permissions, settling, undoing

PRESETS = ("medical", "legal", "general")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectCounts:
    """What ``status`` tells: how many examples stand where. ``reviewers``: who is listed as one, or has reviewed."""

    examples: int
    by_status: dict[str, int]
    by_origin: dict[str, int]
    reviewers: list[str]
    reviews: int
    open_disagreements: int
    conflicts: int
    releases: list[str]


def preset(name: str) -> ProjectSettings:
    """Return the settings that a preset starts a project with."""
    text = (resources.files("accord") / "resources" / "presets" / f"{name}.json").read_text("utf-8")
    guideline = (resources.files("accord") / "resources" / "presets" / f"{name}.md").read_text("utf-8")
    return replace(ProjectSettings.from_json(json.loads(text)), preset=name, guideline=guideline)


def is_address(text: str) -> bool:
    """Say whether a text names a project on a server (postgresql://…) rather than a file."""
    return address.is_address(text)


def with_password(text: str, password: str) -> str:
    """Return the address with a password in it, for opening alone. Raises BadAddress."""
    return address.with_password(text, password)


def without_password(text: str) -> str:
    """Return the address of a project as it may be shown and kept. Raises BadAddress or OpenConnection."""
    return address.shown(address.read(text))


def new_project(*, path: Path | str, who: Who, preset_name: str = "general", title: str = "") -> Project:
    """Make a project with a preset's settings, a file or in a server's database, and return it, open.

    Raises ProjectExists.
    """
    settings = preset(preset_name)
    project = store.create_project(path)
    with project.write(who) as unit:
        project_settings.append(unit, replace(settings, title=title or project.path.stem.replace("_", " ")))
        events.append(unit, "project", {"preset": preset_name})
        unit.commit()
    return project


def open_project(*, path: Path | str) -> Project:
    """Open a project, a file or a server's; what an import left half-done (a crash, a kill) is cleared away first.

    Raises NoProject, ForeignFile, NewerProject or DamagedProject; none of them changes the file.
    """
    project = store.open_project(path)
    program = Who(actor="accord")
    try:
        with project.read() as view:
            left = imports.abandoned(view)
        may = permissions.has(project=project, role=Role.LEAD)  # what others left half-done, a lead clears away
        if left and may:
            import_storing.clear_abandoned(project, program)
        if may:
            conflicts.refresh_if_stale(project=project, who=program)
            undoing.finish_undone(project=project, who=program)
        settling.settle(project=project, who=program)
    except BaseException:
        project.close()
        raise
    return project


def settings_of(*, project: Project) -> ProjectSettings:
    """Return what the project decides for itself."""
    with project.read() as view:
        return project_settings.current(view)


def change_settings(*, project: Project, who: Who, settings: ProjectSettings) -> bool:
    """Store a new version of the project's settings; returns False where nothing differs.

    Raises OnlyFor, and Refused for a form of answers that is no regular expression.
    """
    permissions.require(project=project, role=Role.LEAD, act=_("change what the project decides"))
    _require_pattern(settings.checks.pattern)
    with project.write(who) as unit:
        if project_settings.current(unit) == settings:
            return False
        project_settings.append(unit, settings)
        events.append(unit, "settings", {"version": project_settings.version(unit)})
        unit.commit()
    return True


def _require_pattern(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise Refused(
            _(
                "“{pattern}” is no regular expression ({reason}). Nothing was changed.",
                pattern=pattern,
                reason=str(error),
            )
        ) from None


def change_double_reviews(*, project: Project, who: Who, overlap: float, tags: Sequence[str]) -> bool:
    """Keep which share of the examples, and which tags, several people review; False where nothing differs."""
    now = settings_of(project=project)
    known = [tag.name for tag in now.tags]
    kept = (*tags, *(tag for tag in now.rules.double_tags if tag not in {*known, *tags}))
    rules = replace(now.rules, overlap=overlap, double_tags=kept)
    return change_settings(project=project, who=who, settings=replace(now, rules=rules))


def counts(*, project: Project) -> ProjectCounts:
    """Return the project's counts by stage, all of one moment.

    Its reviewers are the listed reviewers and adjudicators, and whoever else, such as a lead, has given a verdict.
    """
    with project.read() as view:
        by_status = listing.counts(view, "status")
        names, total = reviews.totals(view)
        listed = [p.name for p in people.everyone(view.connection) if p.active and p.role is not Role.LEAD]
        return ProjectCounts(
            examples=sum(by_status.values()),
            by_status=by_status,
            by_origin=listing.counts(view, "origin"),
            reviewers=sorted({*names, *listed}),
            reviews=total,
            open_disagreements=by_status.get("disagreement", 0),
            conflicts=requests.open_conflicts(view),
            releases=[release.name for release in releases.listed(view)],
        )


def facts(*, project: Project) -> dict[str, Any]:
    """Return the project's identity and the end of its event chain, as exports name them."""
    with project.read() as view:
        title = project_settings.current(view).title
        return {"id": store.meta(view, "project_id"), "title": title, "head": events.head(view)}


def imports_done(*, project: Project) -> list[Any]:
    """Return the finished imports, newest first, those that were taken back among them."""
    with project.read() as view:
        return list(imports.runs(view))


def newest_duplicate_search(*, project: Project) -> Any:
    """Return the newest near-duplicate search, or None."""
    with project.read() as view:
        return duplicates.newest(view)


def guideline_number(*, project: Project) -> int:
    """Return the version of the guideline that stands: how often its text has changed, 0 where there is none."""
    with project.read() as view:
        return project_settings.guideline_versions(view)


def schema_problem(*, text: str) -> str | None:
    """Return the sentence that says why a text is no JSON schema for answers, or None where it is one."""
    return answers.schema_problem(text)


def changed_elsewhere(*, project: Project) -> bool:
    """Say whether another program has written to the project since this was last asked."""
    return project.changed_elsewhere()


def acts_so_far(*, project: Project) -> dict[str, int]:
    """Return how long the chains of events are now, for ``done_by_others``."""
    with project.read() as view:
        return events.lengths(view)


def done_by_others(*, project: Project, before: Mapping[str, int], besides: str) -> set[str]:
    """Return the kinds of acts (review, import, undo...) of everybody ``besides`` one person since ``before``."""
    with project.read() as view:
        return events.kinds_since(view, before, besides=besides)


def is_replaced(*, project: Project) -> bool:
    """Say whether the project file was moved, deleted or replaced since it was opened; nothing is written then."""
    return project.is_replaced()
