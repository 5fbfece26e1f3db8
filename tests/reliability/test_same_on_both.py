"""A project means the same in a file and on a server: the same history leaves the same rows and finds the same."""

import os
import sys
from pathlib import Path

import pytest
from tests.reliability.same_history import PEOPLE, chains, fixed_chance, play, same_words, written
from tests.servers import Server

from accord.workflows import keeping, projects

QUERIES = [
    "text ~ gout",
    "text ~ go*",
    "text ~ 'dose patient'",
    "text ~ 痛风",
    "text ~ 医",
    "text ~ آمن",
    "text ~ é",
    "text ~ É",
    "tag ~ RECHT",
    "tag = étiquette",
    "reviewer ~ çem",
    "status = accepted",
    "source ~ rows",
]


def _played(place: Path | str, seed: int, folder: Path) -> tuple[list[str], str, list[list[str]]]:
    folder.mkdir()
    with fixed_chance(seed) as fixed:
        project = projects.new_project(path=place, who=PEOPLE[0], title="A clinic")
        try:
            play(project, fixed, folder)
            found = written(project), chains(project), same_words(project, QUERIES)
            assert keeping.inspect(project=project) == []
        finally:
            project.close()
    return found


def _compare(server: Server, tmp_path: Path, seeds: range) -> int:
    lines = 0
    for seed in seeds:
        address = server.new_database()
        try:
            here = _played(tmp_path / f"{seed}.accord", seed, tmp_path / f"{seed}-file")
            there = _played(address, seed, tmp_path / f"{seed}-server")
        finally:
            server.drop(address)
        assert here == there, f"seed {seed}"
        lines += len(here[0])
    return lines


@pytest.mark.usefixtures("light_checks")
def test_some_histories_are_the_same_on_both(server: Server, tmp_path: Path) -> None:
    assert _compare(server, tmp_path, range(12))


@pytest.mark.long
def test_a_thousand_histories_are_the_same_on_both(server: Server, tmp_path: Path) -> None:
    count = int(os.environ.get("ACCORD_HISTORIES", "1000"))
    lines = _compare(server, tmp_path, range(count))
    sys.stdout.write(f"{count} random histories, {lines} rows, the same in a file and on a server\n")
