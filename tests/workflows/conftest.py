"""Projects to try workflows on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from accord.domain.ledger import Who
from accord.storage.project import Project
from accord.workflows import projects


@pytest.fixture
def who() -> Who:
    return Who(actor="ana", device="here")


@pytest.fixture
def project(tmp_path: Path, who: Who, light_checks: None) -> Iterator[Project]:
    opened = projects.new_project(path=tmp_path / "clinic.accord", who=who)
    yield opened
    opened.close()
