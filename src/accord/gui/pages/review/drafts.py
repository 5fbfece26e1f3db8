"""Keeps what a person has typed: written within two seconds of a change, and at once when an item is left."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer

from accord.domain.ledger import Who
from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_write
from accord.workflows import reviewing

AFTER_MS = 1000


class DraftKeeper(QObject):
    """Calls ``save`` once, a second after the first change that was not saved yet."""

    def __init__(self, context: Context, save: Callable[[], object]) -> None:
        super().__init__()
        self._context = context
        self._save = save
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(AFTER_MS)
        self._soon.timeout.connect(self.flush)
        self.dirty = False

    def changed(self) -> None:
        """Something was typed or chosen."""
        self.dirty = True
        if not self._soon.isActive():
            self._soon.start()

    def flush(self) -> None:
        """Save now what is not saved."""
        self._soon.stop()
        if self.dirty:
            self.dirty = False
            self._save()

    def forget(self) -> None:
        """Nothing is left to save: it was submitted."""
        self._soon.stop()
        self.dirty = False

    def write(self, example_id: str, value: Mapping[str, Any] | None) -> None:
        """Write a draft, or with None take it away."""
        project, who = self._context.project, who_of(self._context)
        run_write(
            self._context,
            _("Saving a draft"),
            lambda _progress: reviewing.save_draft(project=project, who=who, example_id=example_id, value=value),
        )


def who_of(context: Context) -> Who:
    """Return who acts, on this machine's event chain."""
    return Who(actor=context.actor, device=context.settings.device_id)
