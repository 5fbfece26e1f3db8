"""What ``generate`` says of runs, as lines."""

import contextlib
from dataclasses import replace
from pathlib import Path

from tests.workflows.generation import answering, import_pairs
from tests.workflows.generation import run as run_it

from accord.cli import generation_told
from accord.domain.generation import RunState
from accord.storage.project import create_project
from accord.workflows import generating
from accord.workflows.generation_starts import Wish


def test_a_run_whose_program_died_is_told_as_stopped_and_how_to_go_on(tmp_path: Path) -> None:
    with contextlib.closing(create_project(tmp_path / "p.accord")) as project:
        import_pairs(project, tmp_path, [("How is a burn cooled in the first minutes?", "")])
        with answering(lambda _turn, _asked: {"answer": "With water."}) as service:
            run_it(project, service.base_url, "answers", Wish(n=1))
        (done,) = generating.runs(project=project)
    assert generation_told.run_line(done) == "1  answers  gpt-4  done  1 candidate  0.00 US$"
    running = replace(done, state=RunState.RUNNING, alive=True)
    assert "running" in generation_told.run_line(running)
    dead = generation_told.run_line(replace(running, alive=False))
    assert "stopped" in dead
    assert dead.endswith("Its program ended; go on with --resume 1.")
