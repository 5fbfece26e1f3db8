"""Deleting an example for good in the window: what is asked before, and which files are named that went out with it."""

from pathlib import Path

from tests.gui.pages.examples.conftest import ANA, Desk
from tests.light import light

from accord.domain.releases import ReleasePlan
from accord.workflows import exporting, projects, releasing


def test_the_files_that_went_out_with_it_are_named(real: Desk, tmp_path: Path) -> None:
    settings = light(projects.settings_of(project=real.project))
    projects.change_settings(project=real.project, who=ANA, settings=settings)
    releasing.make(project=real.project, who=ANA, name="v1", plan=ReleasePlan(threshold=1.0))
    for number, form in enumerate(("openai", "csv")):
        out = tmp_path / str(number)
        exporting.export(project=real.project, who=ANA, release_name="v1", format_name=form, out=out)
    real.settle()
    example = real.page.detail.example
    assert example is not None
    assert example.detail.row.status == "accepted"
    real.page.acts.purge(example)
    real.page.reasons.field.setText("asked for")
    real.click(real.page.reasons.confirm)
    real.click(real.page.reasons.confirm)
    said = real.said[-1]
    assert said.tone == "warning"
    assert "Files that went out still hold it, out of Accord's reach: v1 as csv, 20" in said.text
    assert "; v1 as openai, 20" in said.text
