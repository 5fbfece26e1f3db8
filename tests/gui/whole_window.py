"""The whole program's window with every page, and a person at its keyboard."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from accord.gui import opening
from accord.gui.app import AppWindow, build_window
from accord.gui.context import Context, Notice
from accord.workflows.projects import Project

W = TypeVar("W", bound=QWidget)
CTRL = Qt.KeyboardModifier.ControlModifier


class Desk:
    """A window, what it said and asked, and keys that go where the focus is."""

    def __init__(self, qtbot: QtBot, context: Context) -> None:
        self.qtbot, self.context = qtbot, context
        self.said: list[Notice] = []
        context.noticed.connect(self.said.append)
        self.window: AppWindow = build_window(context)
        self.window.resize(1280, 800)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    @property
    def project(self) -> Project:
        """The project that is open."""
        found = self.context.project
        assert isinstance(found, Project)
        return found

    def page(self, kind: type[W]) -> W:
        """Return the page that is shown, which is of this kind."""
        shown = self.window.current
        assert isinstance(shown, kind)
        return shown

    def until(self, ready: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(ready()), timeout=20_000)

    def rest(self) -> None:
        """Wait until nothing runs and its news has arrived."""
        for _time in range(2):
            self.until(lambda: all(job.state.final for job in list(self.context.jobs._jobs.values())))
            self.qtbot.wait(20)  # a job leaves the list a moment before its news is sent

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(self.window.focusWidget() or self.window, key, modifier)

    def type(self, text: str) -> None:
        """Type plain ASCII where the focus is."""
        focus = self.window.focusWidget()
        assert focus is not None
        QTest.keyClicks(focus, text)

    def tab_to(self, widget: QWidget) -> None:
        """Go on by Tab until a widget has the focus, as a person without a mouse does."""
        for _step in range(80):
            if self.window.focusWidget() is widget:
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab does not reach {widget.accessibleName()}")

    def open_new(self, path: Path, title: str = "Clinic") -> None:
        """Open a new, empty project without the start page."""
        opening.new_project(self.context, path=path, preset="medical", title=title)
        self.until(lambda: self.context.project is not None)
        self.rest()


@contextmanager
def whole_window(qtbot: QtBot, context: Context) -> Iterator[Desk]:
    """Give a window, and close it and its project at the end (pytest-qt would delete it before its jobs end)."""
    desk = Desk(qtbot, context)
    yield desk
    for job in opening.active_jobs(context):
        job.cancel()
    desk.rest()
    desk.window.close()
    desk.rest()
    context.jobs.shutdown()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.MetaCall)  # the last news, to any receiver
    desk.window.deleteLater()
    QCoreApplication.sendPostedEvents(desk.window, QEvent.Type.DeferredDelete)
    if context.project is not None:
        context.project.close()
