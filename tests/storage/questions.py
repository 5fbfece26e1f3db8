"""What a person can ask of a project and do in it through the program, drawn by chance; the answer as text."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from tests.workflows.meanings import Meanings

from accord.domain.errors import AccordError
from accord.domain.filters import BadFilter
from accord.domain.ledger import Who
from accord.domain.releases import ReleasePlan
from accord.domain.review import ConflictResolution, Judgement, Verdict
from accord.storage import calibrations
from accord.storage.project import Project
from accord.workflows import (
    adjudicating,
    agreement,
    assigning,
    browsing,
    bulk,
    calibrating,
    conflicts,
    controls,
    duplicates,
    exporting,
    findings,
    guideline_changes,
    keeping,
    majority,
    packing,
    people,
    projects,
    releasing,
    repeating,
    review_files,
    reviewing,
    saved_filters,
    undoing,
)
from accord.workflows.similar import similar

#: A word that one person alone uses, so that wherever another sees it it is his.
RARE = "leakword"
WORDS = ("calm", "brisk", "tired", RARE)
_STATUSES = ("candidate", "needs_answer", "in_review", "accepted", "rejected", "disagreement", "set_aside")


def say(chance: random.Random, seq: int, words: Sequence[str] = WORDS) -> Judgement:
    """Return a random verdict on an example."""
    verdict = chance.choice(list(Verdict))
    word = chance.choice(words)
    # With an address that a check finds.
    edits = {1: f"Answer {seq}, {word} and {chance.random()}, {word}@example.org."} if verdict is Verdict.EDIT else {}
    return Judgement(verdict=verdict, edits=edits, tags=(word,), comment=word * chance.randint(0, 40), seconds=1.5)


def some_filter(chance: random.Random, people: Sequence[str]) -> str:
    """Return a random filter."""
    fields = ["status", "tag", "text", "reviewer", "assigned", "finding", "id"]
    values = [*_STATUSES, *people, "", *WORDS, "t", "x", "conflict", "near-duplicate", "pii", "email-address"]
    terms = [
        f"{chance.choice(fields)} {chance.choice(['=', '!=', '~'])} {chance.choice(values)}"
        for _n in range(chance.randint(1, 3))
    ]
    return " and ".join(terms)


def ask(project: Project, ids: Sequence[str], chance: random.Random, me: str, other: str) -> str:
    """Ask one random question as the pages and verbs do, and return the answer or the refusal."""
    return _answer(chance.choice(_questions(project, ids, chance, me, other)))


def _answer(question: Callable[[], object]) -> str:
    try:
        return repr(question())
    except (AccordError, BadFilter) as error:
        return f"{type(error).__name__}: {error}"


def _questions(
    project: Project, ids: Sequence[str], chance: random.Random, me: str, other: str
) -> list[Callable[[], object]]:
    example = chance.choice(ids)
    number = ids.index(example) + 1
    where = some_filter(chance, (me, other))
    somebody = chance.choice([me, other])
    return [
        lambda: browsing.example_numbers(
            project=project,
            where=where,
            sort=chance.choice(["seq", "status", "last_review", "import", "id"]),
            descending=chance.random() < 0.5,
        ),
        lambda: [asdict(row) for row in browsing.examples(project=project, where=where)],
        lambda: asdict(browsing.example(project=project, example_id=example)),
        lambda: asdict(browsing.full_example(project=project, number=number)),
        lambda: browsing.example_rows(project=project, ids=ids),
        lambda: asdict(browsing.facets_of(project=project)),
        lambda: browsing.stage_counts(project=project),
        lambda: asdict(projects.counts(project=project)),
        lambda: projects.facts(project=project),
        lambda: projects.acts_so_far(project=project),
        lambda: projects.done_by_others(project=project, before={}, besides=me),
        partial(browsing.queue, project=project),
        lambda: browsing.queue(project=project, where=where),
        lambda: browsing.draft_of(project=project, example_id=example, reviewer=somebody),
        lambda: browsing.drafts_of(project=project, reviewer=other),
        lambda: browsing.pace_of(project=project, reviewer=somebody),
        lambda: [
            asdict(n.row) for n in similar(project=project, example_id=example, embedder=Meanings(), settled=True).found
        ],
        lambda: [asdict(c) for c in conflicts.listed(project=project, include_settled=True)],
        lambda: [asdict(c) for c in conflicts.settled(project=project)],
        lambda: [asdict(r) for r in conflicts.rivals_of(project=project, example_id=example)],
        lambda: [asdict(c) for c in duplicates.clusters(project=project, open_only=False)],
        lambda: duplicates.open_clusters(project=project),
        lambda: duplicates.duplicates_of(project=project, example_id=example),
        lambda: undoing.last_act(project=project, who=_who(somebody)),
        lambda: reviewing.offers_after_edit(
            project=project, example_id=example, before="Answer 2.", after="Another answer 2, longer."
        ),
        lambda: reviewing.offers_after_edit(
            project=project, example_id=example, before="Take it with water twice.", after="Take it with milk."
        ),
        lambda: adjudicating.open_disagreements(project=project),
        lambda: adjudicating.disagreement(project=project, example_id=example),
        lambda: assigning.progress(project=project),
        lambda: repeating.questions(project=project, person=me),
        lambda: repeating.self_agreement(project=project, person=somebody),
        lambda: repeating.blind(project=project, example_id=example),
        lambda: repeating.waiting(project=project, person=somebody),
        lambda: repeating.untouched(project=project, numbers=range(1, len(ids) + 1), person=me),
        lambda: repeating.second_looks(project=project, person=somebody),
        lambda: people.blind_until(project=project, number=number),
        lambda: guideline_changes.affected(project=project, after=" ".join(WORDS)).items,
        lambda: findings.counts(project=project),
        lambda: findings.stale(project=project),
        lambda: findings.open_by_severity(project=project),
        lambda: findings.of_example(project=project, example_id=example),
        lambda: list(findings.listed(project=project, where=where)),
        lambda: releasing.checklist(project=project),
        lambda: releasing.work_out(project=project, who=_who(me), name="v9", plan=ReleasePlan(seed=1)).release,
        lambda: exporting.trace(project=project, line=_line(project, example)),
        lambda: agreement.of_project(project=project, where=where),
        lambda: calibrating.history(project=project),
        lambda: calibrating.progress(project=project),
        lambda: calibrating.results(project=project),
        lambda: controls.listed(project=project),
        lambda: controls.rates(project=project),
        lambda: controls.counts(project=project),
        lambda: _known(project),
        lambda: majority.preview_rule(project=project, share=0.6),
        lambda: packing.listed(project=project),
        lambda: people.everyone(project=project),
        lambda: people.given_to(project=project, name=somebody),
        lambda: keeping.inspect(project=project),
        lambda: keeping.audit(project=project),
        lambda: keeping.backup_if_changed(project=project),
        lambda: saved_filters.listed(project=project, person=somebody),
    ]


def _known(project: Project) -> object:
    """Return the controls as a reading connection has them."""
    with project.read() as view:
        return calibrations.controls(view)


def act(project: Project, ids: Sequence[str], chance: random.Random, me: str, folder: Path) -> str:
    """Do one random act as a reviewer, and return what the program answers."""
    return _answer(chance.choice(_acts(project, ids, chance, me, folder)))


def _acts(
    project: Project, ids: Sequence[str], chance: random.Random, me: str, folder: Path
) -> list[Callable[[], object]]:
    example, number, who = chance.choice(ids), chance.randrange(len(ids)) + 1, _who(me)
    some = sorted(chance.sample(range(1, len(ids)), 3))  # never the last one: the other person always can judge it
    verdict = chance.choice([Verdict.ACCEPT, Verdict.REJECT, Verdict.UNSURE])
    judgement = say(chance, number, WORDS[:-1])
    common: dict[str, Any] = {"project": project, "who": who}
    return [
        lambda: asdict(reviewing.submit(**common, example_id=example, judgement=judgement)),
        lambda: reviewing.save_draft(**common, example_id=example, value={"text": "mine"}),
        lambda: _fix(project, who, chance),
        lambda: bulk.judge(**common, numbers=some, verdict=verdict),
        lambda: bulk.change_tag(**common, numbers=some, tag=chance.choice("xyz"), on=chance.random() < 0.6),
        lambda: bulk.set_aside(**common, numbers=some),
        lambda: bulk.bring_back(**common, numbers=range(1, len(ids))),
        lambda: duplicates.find(**common, threshold=0.5).clusters,
        lambda: duplicates.set_aside_suggested(**common),
        lambda: duplicates.not_duplicates(**common, ids=[ids[n - 1] for n in some]),
        lambda: _settle(project, who, chance),
        lambda: review_files.apply(**common, path=_verdicts(ids, chance, folder)),
        lambda: undoing.undo(**common),
        lambda: undoing.undo(**common),
    ]


def _line(project: Project, example_id: str) -> str:
    """Return the line that an export would hold of an example."""
    row = browsing.example(project=project, example_id=example_id).row
    return json.dumps({"messages": [message.to_json() for message in row.content.messages]})


def _fix(project: Project, who: Who, chance: random.Random) -> str:
    """Make a replacement that was offered for some example, wherever it was offered."""
    offers = reviewing.offers_after_edit(
        project=project, example_id="", before="Take it with water twice.", after="Take it with milk, once."
    )
    return reviewing.fix_once(project=project, who=who, offer=chance.choice(offers)) if offers else "none"


def _settle(project: Project, who: Who, chance: random.Random) -> list[str]:
    found = conflicts.listed(project=project)
    if not found:
        return []
    one = chance.choice(found)
    how = chance.choice(list(ConflictResolution))
    keep = {one.key: chance.choice(one.rows).id}
    return conflicts.settle(project=project, who=who, keys=[one.key], resolution=how, reason="so", keep=keep)


def _verdicts(ids: Sequence[str], chance: random.Random, folder: Path) -> Path:
    path = folder / "verdicts.csv"
    rows = [f"{chance.choice(ids)},{chance.choice(['accept', 'reject', 'unsure'])},word" for _n in range(3)]
    path.write_text("\n".join(["id,verdict,comment", *rows]) + "\n", encoding="utf-8")
    return path


def _who(name: str) -> Who:
    return Who(actor=name, device="desk")
