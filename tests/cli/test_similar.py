"""The command line searches by meaning and finds what is similar."""

import json
from pathlib import Path

import pytest
from tests.workflows.meanings import Meanings

from accord import bootstrap
from accord.cli import main
from accord.cli.session import Windows

WINDOWS = Windows(project=lambda _services, _place: 0, gallery=lambda: 0)


def call(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main.run([*words, "--json"], WINDOWS) == 0
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_a_search_by_meaning_and_what_is_similar_after_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = Meanings({"pills": "tablets"})
    monkeypatch.setattr(bootstrap, "embedder", lambda _settings: embedder)
    project, rows = str(tmp_path / "p.accord"), tmp_path / "rows.csv"
    rows.write_text(
        "question,answer\nMay I take tablets?,Yes with water\nMay I take pills?,Yes with water\nIs it open?,At nine\n",
        encoding="utf-8",
    )
    call(capsys, "new", project)
    call(capsys, "import", project, str(rows), "--map", "request=question,answer=answer")
    found = call(capsys, "duplicates", project, "--method", "semantic")
    assert (found["method"], found["threshold"], found["examples"]) == ("semantic", 0.9, 3)
    clusters = found["clusters"]
    assert isinstance(clusters, list)
    assert len(clusters) == 1
    near = call(capsys, "similar", project, clusters[0][0], "-n", "1")
    assert near["by"] == "meaning"
    assert isinstance(near["similar"], list)
    assert [one["id"] for one in near["similar"]] == [clusters[0][1]]
    assert main.run(["similar", project, "nobody", "--json"], WINDOWS) == 1
    assert main.run(["similar", project, clusters[0][0], "-n", "0"], WINDOWS) == 2
    call(capsys, "purge", project, "--id", clusters[0][0], "--reason", "withdrawn")
    assert len(embedder.vectors) == 6
