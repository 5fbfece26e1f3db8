"""A program that edits a project for as long as it lives and says each act once it is saved, to be killed at any moment.

Called with the project's path, a number that makes its texts its own, and ``late`` (the honest way: an act is said
after its commit) or ``early`` (the lie that the proof must catch: it is said before).
"""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from accord.domain.ledger import Who
from accord.domain.review import Judgement, Verdict
from accord.storage.project import Unit
from accord.workflows import browsing, projects, reviewing


def main() -> None:
    """Edit example after example, round after round."""
    path, run, when = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    who = Who(actor="ana", device="killed")
    project = projects.open_project(path=path)
    ids = [row.id for row in browsing.examples(project=project, where="text ~ edited")]
    start = int(run) * 37 % len(ids)
    ids = ids[start:] + ids[:start]
    said = _said_before_commit if when == "early" else _said_after_commit
    number = 0
    while True:
        for example in ids:
            number += 1
            text = f"edit {run}-{number}"
            with said(f"{example} {text}"):
                judgement = Judgement(verdict=Verdict.EDIT, edits={1: text})
                reviewing.submit(project=project, who=who, example_id=example, judgement=judgement)


@contextlib.contextmanager
def _said_after_commit(line: str) -> Iterator[None]:
    yield
    _say(line)


@contextlib.contextmanager
def _said_before_commit(line: str) -> Iterator[None]:
    real = Unit.commit

    def commit(unit: Unit) -> None:
        _say(line)
        real(unit)

    Unit.commit = commit  # type: ignore[method-assign,assignment]  # the fault that is to be found
    try:
        yield
    finally:
        Unit.commit = real  # type: ignore[method-assign]


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


main()
