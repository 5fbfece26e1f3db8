"""Quick ways from imported rows to accepted ones and to the texts of an export."""

import json
from pathlib import Path

from accord.domain.content import Content
from accord.domain.ledger import Who
from accord.domain.releases import ReleasePlan
from accord.domain.review import Judgement, Verdict
from accord.storage import events, listing, reviews, states
from accord.storage.project import Project
from accord.workflows import exporting, releasing

WHO = Who(actor="ana", device="here")


def accept_all(project: Project) -> None:
    """Accept every example that has an answer, in one transaction."""
    with project.write(WHO) as unit:
        for row in listing.iterate(unit):
            if row.content.has_answer:
                reviews.append(unit, row.seq, Judgement(verdict=Verdict.ACCEPT), row.content, reviewer="ana")
        states.refresh(unit, listing.seqs(unit))
        events.append(unit, "reviews", {"count": len(listing.seqs(unit))})
        unit.commit()


def exported(project: Project, who: Who, folder: Path) -> list[str]:
    """Release all that is accepted, export it as OpenAI lines and return the canonical texts, sorted."""
    plan = ReleasePlan()
    done = exporting.one_click(project=project, who=who, plan=plan, format_name="openai", out=folder)
    assert not [p for p in done.verified.problems if p.severity == "error"]
    assert not done.release.left_out
    lines = [line for part in parts(folder / done.release.name).values() for line in part]
    return sorted(Content.from_text(json.dumps(json.loads(line))).text for line in lines)


def parts(folder: Path) -> dict[str, list[str]]:
    """Return the lines of each part of an export of OpenAI lines."""
    found = {}
    for part in ("train", "validation", "heldout"):
        found[part] = [line for line in (folder / f"{part}.jsonl").read_bytes().decode().split("\n") if line]
    return found


def release(project: Project, name: str, plan: ReleasePlan | None = None) -> None:
    """Freeze a release of what is accepted."""
    releasing.make(project=project, who=WHO, name=name, plan=plan or ReleasePlan())
