"""Candidates on both databases: the same run, in a file and on a server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.workflows.generation import WHO, answering, import_pairs, run
from tests.workflows.texts import accept_all, release

from accord.domain.releases import ReleasePlan
from accord.storage import held_out
from accord.storage.project import Project
from accord.workflows import browsing, generating, projects
from accord.workflows.generation_starts import Wish


@pytest.fixture
def either(place: Path | str, light_checks: None) -> Iterator[Project]:
    opened = projects.new_project(path=place, who=WHO)
    yield opened
    opened.close()


def test_a_run_brings_the_same_in_and_refuses_the_same(either: Project, tmp_path: Path) -> None:
    pairs = [
        (f"What is done about case {n} of the cut hand?", f"It is dressed {n} times with gauze {n}.") for n in range(6)
    ]
    import_pairs(either, tmp_path, pairs)
    accept_all(either)
    release(either, "first", ReleasePlan(heldout=0.4, validation=0))
    with either.read() as view:
        out = sorted(held_out.numbers(view))
    held = next(row.content for row in browsing.examples(project=either) if row.seq == out[0])

    def say(turn: int, _asked: str) -> object:
        new = {"request": f"What does \0 letter {turn} say?", "answer": f"It names {turn} doctors and {turn} days."}
        return {"pairs": [new, {"request": held.request, "answer": held.answer}]}

    with answering(say) as service:
        found = run(either, service.base_url, "variations", Wish(n=4))
    assert (found.accepted, found.duplicate) == (2, 0)
    assert found.refused == {"It is close to an example that a release holds out.": 2}
    drafts = [row for row in browsing.examples(project=either) if row.origin == "generated"]
    assert {row.status for row in drafts} == {"candidate"}
    assert generating.runs(project=either)[0].outcome.new == 2
