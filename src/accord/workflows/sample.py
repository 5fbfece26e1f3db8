"""The sample project: written for this product, taken through every step that is built."""

from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

from accord.domain.chat import Connection
from accord.domain.disagreements import Clash, Reason
from accord.domain.dismissals import DismissReason
from accord.domain.ledger import Who
from accord.domain.meaning import Embedder, NoMeaning
from accord.domain.people import Role
from accord.domain.progress import Progress, Silent
from accord.domain.project import ProjectSettings, Tag
from accord.domain.releases import ReleasePlan
from accord.domain.review import ConflictResolution, Judgement, Status, Verdict
from accord.domain.wording import _
from accord.settings import SavedConnection
from accord.storage.project import Project
from accord.workflows import (
    adjudicating,
    agreement,
    checking,
    conflicts,
    deidentifying,
    duplicate_search,
    duplicates,
    exporting,
    findings,
    generation_preview,
    importing,
    people,
    projects,
    recipes,
    review_files,
    reviewing,
)
from accord.workflows.generation_starts import Wish

FILES = ("clinic_questions.csv", "legal_questions.jsonl", "spanish_chinese.json", "bad_rows.jsonl")
_MAPPING = {
    "request": "question",
    "answer": "answer",
    "group": "patient",
    "source": "source",
    "source_url": "source_url",
    "source_date": "source_date",
    "licence": "licence",
    "tags": "tags",
    "meta.topic": "topic",
}
_REVIEWERS = {
    "Dr. Amara Osei": "MD, internal medicine",
    "Mateo Ruiz": "registered nurse",
    "Lena Fischer": "attorney at law",
}
_AGE = "age"
_HERE = "http://127.0.0.1:8080/v1"
_PATIENT, _CONFIRMS = "Brindle", "Dr. Amara Osei"
_TAGS = ("symptom", "medication", "chronic", "test-result", "child", "tenancy", "employment", "consumer", "limitation")


def make_sample(*, path: Path, who: Who, progress: Progress | None = None) -> Project:
    """Make the sample project at a new path: files imported, three people's reviews, duplicates searched.

    Raises ProjectExists.
    """
    watch = progress or Silent()
    project = projects.new_project(path=path, who=who, title=_("Sample project"))
    for number, (name, act) in enumerate(_steps(project, who)):
        watch.report(number, len(FILES) + 3, name)
        act()
    return project


def demonstrate(
    *, path: Path, out: Path, who: Who, embedder: Embedder, progress: Progress | None = None
) -> tuple[Project, list[Any]]:
    """Make the sample project and take it on to verified files; returns it and what each step found.

    What packages would be needed for is left out, and the step says so.
    """
    watch = progress or Silent()
    steps: list[Any] = []
    project = projects.new_project(path=path, who=who, title=_("Sample project"))
    further: list[tuple[str, Callable[[], dict[str, Any]]]] = [
        (_("near-duplicates by meaning"), lambda: _by_meaning(project, embedder)),
        (_("the three reviewers"), lambda: _people(project, who)),
        (_("check"), lambda: _check(project, who)),
        (_("dismiss a finding"), lambda: _dismiss_one(project, who)),
        (_("de-identify an example"), lambda: _deidentify_one(project, who)),
        (_("what a chat model would be asked"), lambda: _ask_nobody(project, who)),
        (_("agreement"), lambda: _agreement(project)),
        (_("adjudicate a disagreement"), lambda: _adjudicate_one(project, who)),
        (_("settle a conflict"), lambda: _settle_one(project, who)),
    ]
    acts = [*_steps(project, who), *further]
    for number, (name, act) in enumerate(acts):
        watch.report(number, len(acts) + 1, name)
        steps.append({"step": name, **act()})
    done = exporting.one_click(project=project, who=who, plan=ReleasePlan(), format_name="openai", out=out)
    steps.append(
        {
            "step": _("release, export and verify"),
            "release": done.release.name,
            **done.release.counts,
            "folder": str(out / done.release.name),
            "verified": done.verified.ok,
        }
    )
    return project, steps


def sample_text(name: str) -> str:
    """Return a text file of the sample."""
    return (resources.files("accord") / "resources" / "sample" / name).read_text("utf-8")


def _steps(project: Project, who: Who) -> list[tuple[str, Callable[[], dict[str, Any]]]]:
    steps: list[tuple[str, Callable[[], dict[str, Any]]]] = [
        (_("settings"), lambda: _settings(project, who)),
        *((_("import {file}", file=name), lambda name=name: _import(project, who, name)) for name in FILES),
        (_("reviews of three people"), lambda: _reviews(project, who)),
        (_("near-duplicates"), lambda: _duplicates(project, who)),
    ]
    return steps


def _settings(project: Project, who: Who) -> dict[str, Any]:
    settings: ProjectSettings = projects.settings_of(project=project)
    tags = tuple(Tag(name=name) for name in _TAGS)
    rejects = ("wrong", "unsafe", "out of date", "incomplete", "contains personal data")
    changed = replace(settings, tags=tags, reject_reasons=rejects, guideline=sample_text("guideline.md"))
    projects.change_settings(project=project, who=who, settings=changed)
    return {"tags": len(tags)}


def _import(project: Project, who: Who, name: str) -> dict[str, Any]:
    with resources.as_file(resources.files("accord") / "resources" / "sample" / name) as path:
        mapping = _MAPPING if name.endswith(".csv") else None
        report = importing.import_file(project=project, who=who, path=path, mapping=mapping)
    return {k: getattr(report, k) for k in ("read", "accepted", "rejected", "duplicate")}


def _reviews(project: Project, who: Who) -> dict[str, Any]:
    with resources.as_file(resources.files("accord") / "resources" / "sample" / "reviews.csv") as path:
        report = review_files.apply(project=project, who=who, path=path)
    return {"read": report.read, "accepted": report.accepted, "rejected": report.rejected}


def _duplicates(project: Project, who: Who) -> dict[str, Any]:
    report = duplicates.find(project=project, who=who)
    return {"clusters": len(report.clusters), "conflicts": len(report.conflicts)}


def _by_meaning(project: Project, embedder: Embedder) -> dict[str, Any]:
    """Search by meaning and store nothing: the clusters by words, just found, are those that wait for the visitor."""
    try:
        found = duplicate_search.search(project, method=duplicate_search.SEMANTIC, threshold=None, embedder=embedder)
    except NoMeaning as error:
        return {"clusters": None, "said": str(error)}
    return {"clusters": len(found.near.clusters)}


def _check(project: Project, who: Who) -> dict[str, Any]:
    ran = findings.run(project=project, actor=who)
    missing = checking.missing_sentence(checking.missing(project=project))
    told: dict[str, Any] = {"checked": ran.checked, **findings.open_by_severity(project=project)}
    return told | ({"said": missing} if missing else {})


def _dismiss_one(project: Project, who: Who) -> dict[str, Any]:
    """Let an age stay that the answer depends on; the other findings stay for the visitor."""
    example = next(findings.listed(project=project, where=f"finding={_AGE}")).id
    comment = _("The answer depends on the age.")
    reason = DismissReason.ACCEPTABLE
    findings.dismiss_rule(project=project, actor=who, example_id=example, rule=_AGE, reason=reason, comment=comment)
    return {"rule": _AGE, "reason": reason.value, "comment": comment}


def _deidentify_one(project: Project, who: Who) -> dict[str, Any]:
    """Replace what the checks find about one invented patient; a reviewer confirms the new text."""
    done = deidentifying.apply(project=project, actor=who, where=f"text ~ {_PATIENT}")
    for proposal in done.first:
        reviewing.submit(
            project=project,
            who=replace(who, actor=_CONFIRMS),
            example_id=proposal.example_id,
            judgement=Judgement(verdict=Verdict.ACCEPT),
        )
    confirmed = deidentifying.confirmations(project=project).confirmed
    replaced = [f"{new.old} -> {new.new}" for proposal in done.first for _message, new in proposal.replacements]
    return {"examples": done.bulk.changed, "replaced": replaced, "confirmed": confirmed}


def _ask_nobody(project: Project, who: Who) -> dict[str, Any]:
    """Prepare drafts for the requests without an answer, for a server on this machine, and send nothing."""
    found = generation_preview.prepare(
        project=project,
        who=who,
        recipe=recipes.find(project=project, name="answers").recipe,
        wish=Wish(n=5),
        saved=SavedConnection(connection=Connection(name=_("Here"), base_url=_HERE)),
        model=_("a local model"),
    )
    return {"questions": len(found.starts.starts), "tokens": found.prompt_tokens, "sent": 0}


def _people(project: Project, who: Who) -> dict[str, Any]:
    for name, credential in _REVIEWERS.items():
        people.add(project=project, who=who, name=name, role=Role.REVIEWER, credential=credential)
    return {"people": len(people.everyone(project=project))}


def _agreement(project: Project) -> dict[str, Any]:
    found = agreement.of_project(project=project, alone=True).chosen
    return {"reviewed_twice": found.double, "differ": found.differing, "said": found.sentence}


def _adjudicate_one(project: Project, who: Who) -> dict[str, Any]:
    """Take the edit where one reviewer edited what another accepted; the others stay for the visitor."""
    open_now = adjudicating.open_disagreements(project=project)
    for one in open_now:
        edits = [version for version in one.versions if version.verdict is Verdict.EDIT]
        if one.clash is Clash.TEXT and len(edits) == 1 and one.base.answer_index is not None:
            adjudicating.decide(
                project=project,
                who=who,
                example_id=one.id,
                verdict=Verdict.EDIT,
                edits={one.base.answer_index: edits[0].content.answer},
                reason=Reason.ONE_VERSION,
                comment=_("The change of {reviewer} says it more exactly.", reviewer=edits[0].reviewer),
            )
            return {"decided": 1, "open": len(open_now) - 1}
    return {"decided": 0, "open": len(open_now)}


def _settle_one(project: Project, who: Who) -> dict[str, Any]:
    """Keep the accepted side of the first conflict that has one; the others stay for the visitor."""
    open_now = conflicts.listed(project=project)
    for conflict in open_now:
        accepted = [row for row in conflict.rows if row.status == Status.ACCEPTED]
        if len(accepted) == 1:
            conflicts.settle(
                project=project,
                who=who,
                keys=[conflict.key],
                resolution=ConflictResolution.KEEP_ONE,
                reason=_("A reviewer accepted this answer; the other one contradicts it."),
                keep={conflict.key: accepted[0].id},
            )
            return {"settled": 1, "open": len(open_now) - 1}
    return {"settled": 0, "open": len(open_now)}
