"""Many programs on one project file: every act of each is there, the chain is whole, imports and names do not clash."""

import json
import multiprocessing
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.workflows.texts import accept_all

from accord.domain.errors import AccordError, Refused
from accord.domain.ledger import Who
from accord.domain.releases import ReleasePlan
from accord.domain.review import Judgement, Verdict
from accord.storage import listing, reviews
from accord.workflows import browsing, importing, keeping, projects, releasing, reviewing

WHO = Who(actor="ana", device="here")
MAPPING = {"request": "q", "answer": "a"}
PROGRAMS = 8


@pytest.fixture
def path(tmp_path: Path, light_checks: None) -> Path:
    made = projects.new_project(path=tmp_path / "clinic.accord", who=WHO)
    importing.import_file(project=made, who=WHO, path=_write(tmp_path / "rows.jsonl", "first", 30), mapping=MAPPING)
    accept_all(made)
    made.close()
    return tmp_path / "clinic.accord"


def _write(path: Path, name: str, count: int) -> Path:
    path.write_text("".join(json.dumps({"q": f"{name} {n}", "a": "Answer"}) + "\n" for n in range(count)))
    return path


def _together(act: Callable[[Path, int], Any], path: Path) -> list[Any]:
    """Run an act in programs of their own at the same time and return what each says."""
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(PROGRAMS, mp_context=fork) as pool:
        return list(pool.map(_told, [act] * PROGRAMS, [path] * PROGRAMS, range(PROGRAMS)))


def _told(act: Callable[[Path, int], Any], path: Path, number: int) -> Any:
    try:
        return act(path, number)
    except AccordError as error:
        sys.stderr.write(f"{type(error).__name__}: {error} ({error.__cause__!r})\n")  # shown where the test fails
        return type(error).__name__


def _judge(path: Path, number: int, rounds: int = 1) -> int:
    project = projects.open_project(path=path)
    who = Who(actor=f"reviewer{number}", device=f"device{number % 3}")
    done = 0
    try:
        for round_ in range(rounds):
            for row in list(browsing.examples(project=project)):
                verdict = [Verdict.ACCEPT, Verdict.REJECT, Verdict.UNSURE][(number + done + round_) % 3]
                judgement = Judgement(verdict=verdict, comment=str(done))
                reviewing.submit(project=project, who=who, example_id=row.id, judgement=judgement)
                done += 1
    finally:
        project.close()
    return done


def _judge_long(path: Path, number: int) -> int:
    return _judge(path, number, rounds=34)


def _check(path: Path, done: list[int]) -> None:
    project = projects.open_project(path=path)
    with project.read() as view:
        stored = Counter(r.reviewer for seq in listing.seqs(view) for r in reviews.of_example(view, seq))
    assert {f"reviewer{n}": count for n, count in enumerate(done)} == {k: v for k, v in stored.items() if k != "ana"}
    assert keeping.inspect(project=project) == []
    project.close()


def test_eight_reviewers_lose_nothing(path: Path) -> None:
    done = _together(_judge, path)
    assert done == [30] * PROGRAMS
    _check(path, done)


@pytest.mark.long
def test_eight_reviewers_a_thousand_acts_each(path: Path) -> None:
    done = _together(_judge_long, path)
    assert done == [1020] * PROGRAMS
    _check(path, done)


def _bring_in(path: Path, number: int) -> int:
    project = projects.open_project(path=path)
    try:
        file = _write(path.with_name(f"more{number}.jsonl"), f"more{number}", 400)
        return importing.import_file(project=project, who=WHO, path=file, mapping=MAPPING).accepted
    finally:
        project.close()


def test_of_imports_at_the_same_time_each_is_whole_or_refused(path: Path) -> None:
    found = _together(_bring_in, path)
    assert set(found) <= {400, "AnotherImport"}
    assert 400 in found
    project = projects.open_project(path=path)
    assert projects.counts(project=project).examples == 30 + 400 * found.count(400)
    assert keeping.inspect(project=project) == []
    project.close()


def _release(path: Path, number: int) -> str:
    project = projects.open_project(path=path)
    try:
        return releasing.make(project=project, who=WHO, name="v1", plan=ReleasePlan(seed=number)).name
    finally:
        project.close()


def test_a_release_name_is_given_once(path: Path) -> None:
    found = _together(_release, path)
    assert sorted(found) == [Refused.__name__] * (PROGRAMS - 1) + ["v1"]
    project = projects.open_project(path=path)
    assert [release.name for release in releasing.listed(project=project)] == ["v1"]
    assert keeping.inspect(project=project) == []
    project.close()
