"""What the window's tests share: no screen, any Qt warning is a failure, jobs that end with the test."""

import os
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before the first import of Qt

import pytest
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from accord.gui.context import Context
from accord.gui.jobs_bridge import GuiDelivery
from accord.gui.theme import theme
from accord.jobs import Jobs
from accord.settings import MachineSettings

NOISE = ("This plugin does not support propagateSizeHints", "XDG_RUNTIME_DIR")


@pytest.fixture(autouse=True)
def qt_warnings() -> Iterator[list[str]]:
    """Fail the test on any warning of Qt that is not known noise of the offscreen platform."""
    heard: list[str] = []

    def hear(kind: QtMsgType, _where: QMessageLogContext, message: str) -> None:
        if kind != QtMsgType.QtDebugMsg and not any(noise in message for noise in NOISE):
            heard.append(message)

    before = qInstallMessageHandler(hear)
    yield heard
    qInstallMessageHandler(before)
    assert heard == []


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
