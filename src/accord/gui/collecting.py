"""Keeps Python's garbage collector from holding the window up: a full collection walks every living object."""

import gc

from PySide6.QtCore import QObject, QTimer

from accord.gui.context import Context

_SETTLED_MS = 3000
#: New objects before a collection, and younger collections before an older one: never a long walk a second.
_THRESHOLDS = (20_000, 20, 50)


def spare_the_window(context: Context, window: QObject) -> None:
    """Leave out of every later collection what lives as long as the window does: modules, widgets, the open project.

    Measured: with a window open, full collections took 90 to 220 ms each, several a minute while an import ran.
    """
    gc.set_threshold(*_THRESHOLDS)
    gc.freeze()
    settled = QTimer(window)
    settled.setSingleShot(True)
    settled.setInterval(_SETTLED_MS)
    settled.timeout.connect(gc.freeze)
    context.project_changed.connect(settled.start)
