"""Eight reviewers in programs of their own: nothing is lost or doubled, and every conflict is told to whom it concerns."""

import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.reliability.deciding import DEVICE, MOST, shared

from accord.domain.ledger import Event, Who
from accord.domain.review import Status
from accord.storage import events, listing, reviews
from accord.workflows import importing, keeping, projects

PROGRAMS = 8
WHO = Who(actor="lead", device=DEVICE)


class Said(NamedTuple):
    """What one reviewer's program said of one act."""

    reviewer: str
    example: str
    opened: str
    outcome: str
    seconds: float


def project_of(place: Path | str, count: int, folder: Path) -> None:
    """Make a project with enough examples for reviewers who decide ``count`` times each."""
    made = projects.new_project(path=place, who=WHO)
    file = folder / "rows.jsonl"
    rows = shared(count) + MOST * (count + 20)
    file.write_text("".join(json.dumps({"q": f"Question {n}", "a": f"Answer {n}."}) + "\n" for n in range(rows)))
    importing.import_file(project=made, who=WHO, path=file, mapping={"request": "q", "answer": "a"})
    made.close()


def together(
    place: Path | str, count: int, pause: float = 0.0, *, numbers: Sequence[int] = range(PROGRAMS)
) -> list[Said]:
    """Let one program for each number decide at the same time and return all that they said."""
    command = [sys.executable, str(Path(__file__).with_name("deciding.py")), str(place)]
    programs = [
        subprocess.Popen([*command, str(number), str(count), str(pause)], stdout=subprocess.PIPE, text=True)
        for number in numbers
    ]
    said: list[Said] = []
    for number, program in zip(numbers, programs, strict=True):
        out, _err = program.communicate()
        assert program.returncode == 0
        said += [Said(reviewer=f"reviewer{number}", **json.loads(line)) for line in out.splitlines()]
    return said


def check(place: Path | str, said: list[Said]) -> None:
    """Compare what the programs were told with what the project holds."""
    project = projects.open_project(path=place)
    try:
        assert keeping.inspect(project=project) == []
        with project.read() as view:
            chain = [event for event in events.walk(view) if event.kind in {"review", "fix_once"}]
            stored = Counter(r.reviewer for seq in listing.seqs(view) for r in reviews.of_example(view, seq))
            bases = {row.id: listing.base_of(view, row.seq).hash for row in listing.iterate(view)}
            status = {row.id: row.status for row in listing.iterate(view)}
    finally:
        project.close()
    assert stored == Counter(one.reviewer for one in said if one.outcome == "saved")
    assert _told(chain, "review") == Counter((s.reviewer, s.example, s.opened) for s in said if s.outcome == "saved")
    assert _told(chain, "fix_once") == Counter((s.reviewer, s.example, s.opened) for s in said if s.outcome == "fixed")
    _check_order(chain, bases, status)
    _check_refusals(chain, said)


def _told(chain: list[Event], kind: str) -> Counter[tuple[str, str, str]]:
    seen = {"review": "base", "fix_once": "from"}[kind]
    return Counter((e.actor, e.refs["example"], e.refs[seen]) for e in chain if e.kind == kind)


def _check_order(chain: list[Event], bases: dict[str, str], status: dict[str, str]) -> None:
    """Play the acts again in their order: each was made on the text that stood then, and their sum is what stands."""
    standing: dict[str, str] = {}
    votes: dict[str, dict[str, str]] = defaultdict(dict)
    for event in chain:
        example = event.refs["example"]
        seen = event.refs["base" if event.kind == "review" else "from"]
        assert standing.setdefault(example, seen) == seen
        if event.kind == "fix_once":
            assert not votes[example]
            standing[example] = event.refs["to"]
        else:
            votes[example][event.actor] = event.refs["verdict"]
    assert {example: bases[example] for example in standing} == standing
    for example, given in votes.items():
        verdicts = set(given.values())
        if len(verdicts) > 1 or (verdicts == {"edit"} and len(given) > 1):  # every edit writes another text
            assert verdicts == {"accept", "edit"} or status[example] == Status.DISAGREEMENT
        elif verdicts:
            assert status[example] == (Status.REJECTED if verdicts == {"reject"} else Status.ACCEPTED)


def _check_refusals(chain: list[Event], said: list[Said]) -> None:
    """Each refusal was true, and each reviewer met each change of a text at most once."""
    replaced = {(e.refs["example"], e.refs["from"]) for e in chain if e.kind == "fix_once"}
    judged = {e.refs["example"] for e in chain if e.kind == "review"}
    for one in said:
        assert one.outcome in {"saved", "fixed", "TextChanged", "Refused"}
        if one.outcome == "TextChanged":
            assert (one.example, one.opened) in replaced
        if one.outcome == "Refused":
            assert one.example in judged


def worst(said: list[Said], share: float) -> float:
    """Return the seconds within which this share of the acts was answered."""
    ordered = sorted(one.seconds for one in said)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@pytest.mark.parametrize("count", [pytest.param(100), pytest.param(1000, marks=pytest.mark.long)])
def test_nothing_is_lost_or_doubled_and_each_conflict_is_told(place: Path | str, tmp_path: Path, count: int) -> None:
    project_of(place, count, tmp_path)
    said = together(place, count)
    check(place, said)
    told = Counter(one.outcome for one in said)
    assert told["saved"] == PROGRAMS * count
    assert told["TextChanged"]
    where = "server" if isinstance(place, str) else "file"
    sys.stdout.write(f"{where}: {len(said)} acts, {dict(told)}, p99 {1000 * worst(said, 0.99):.0f} ms\n")
