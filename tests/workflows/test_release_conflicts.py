"""What a release says of conflicts is true of the accepted examples it counts."""

from pathlib import Path

import pytest
from tests.workflows.texts import WHO

from accord.domain.releases import ReleasePlan
from accord.domain.review import Judgement, Verdict
from accord.workflows import browsing, importing, projects, releasing, reviewing


@pytest.mark.parametrize(
    ("accepted", "said"),
    [
        (1, "1 accepted example answers a request that has another, conflicting answer."),
        (2, "2 accepted examples answer a request that has another, conflicting answer."),
    ],
)
def test_a_warning_counts_accepted_examples_not_requests(tmp_path: Path, accepted: int, said: str) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("q,a\nWhen does the ward open?,At eight.\nWhen does the ward open?,Never.\n", encoding="utf-8")
    project = projects.new_project(path=tmp_path / "clinic.accord", who=WHO)
    importing.import_file(project=project, who=WHO, path=file, mapping={"request": "q", "answer": "a"})
    for row in list(browsing.examples(project=project))[:accepted]:
        reviewing.submit(
            project=project,
            who=WHO,
            example_id=row.id,
            judgement=Judgement(verdict=Verdict.ACCEPT),
            base_hash=row.hash,
        )
    draft = releasing.work_out(project=project, who=WHO, name="v1", plan=ReleasePlan())
    assert said in draft.release.warnings
    project.close()
