"""What the window's tests share: one look to begin with, jobs that end with the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from accord.gui.context import Context
from accord.gui.jobs_bridge import GuiDelivery
from accord.gui.theme import theme
from accord.jobs import Jobs
from accord.settings import MachineSettings


@pytest.fixture(autouse=True)
def usual_look(qapp: QApplication) -> Iterator[None]:
    """Begin and end in the light theme at 100 percent, without motion."""
    theme().set(mode="light", scale=100, reading="sans", reading_size=16, motion=False)
    yield
    theme().set(mode="light", scale=100, reading="sans", reading_size=16, motion=False)


@pytest.fixture
def context(qapp: QApplication, tmp_path: Path) -> Iterator[Context]:
    """Give a context whose jobs and settings are the test's own."""
    delivery = GuiDelivery()
    jobs = Jobs(delivery.deliver)
    yield Context(jobs=jobs, settings=MachineSettings(tmp_path / "config"), actor="Ana Ruiz")
    jobs.shutdown()
    qapp.processEvents()
