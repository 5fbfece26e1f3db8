"""What is kept of the terms under which a candidate may be used; cards and manifests count rows by it."""

from dataclasses import replace
from pathlib import Path

from tests.storage.runs import PLAN
from tests.workflows.generation import answering, import_pairs, run

from accord.storage import listing
from accord.storage.project import Project
from accord.workflows.generation_candidates import licence
from accord.workflows.generation_starts import Wish

TERMS = "v3 (accepted by ana, 2026-11-22)"


def test_a_candidate_has_the_terms_of_its_seed_and_those_that_a_person_accepted() -> None:
    assert licence(PLAN, "CC BY 4.0") == f"CC BY 4.0; {TERMS}"
    assert licence(PLAN, "") == TERMS
    assert licence(replace(PLAN, consent=None), "CC BY 4.0") == "CC BY 4.0"


def test_a_draft_has_the_licence_of_its_request(project: Project, tmp_path: Path) -> None:
    import_pairs(project, tmp_path, [("What helps against a cold?", "")], licence="CC BY 4.0")
    with answering(lambda _turn, _asked: {"answer": "Rest and much to drink help against it."}) as service:
        assert run(project, service.base_url, "answers", Wish(n=1)).accepted == 1
    with project.read() as view:
        (drafted,) = (row.seq for row in listing.iterate(view) if row.origin == "generated")
        assert listing.places(view, drafted)[0].source.licence == "CC BY 4.0"
