"""Keeps what a person has typed: written within two seconds of a change, and at once when an item is left."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer

from accord.domain.errors import NotFound
from accord.domain.ledger import Who
from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.jobs_bridge import cause_of, run_write
from accord.workflows import reviewing

AFTER_MS = 1000
AGAIN_MS = 2000
Draft = Mapping[str, Any] | None


class DraftKeeper(QObject):
    """Calls ``save`` once, a second after the first change that was not saved yet; ``store`` is what writes a draft.

    A draft that could not be written is kept and tried again until it can be.
    """

    def __init__(
        self, context: Context, save: Callable[[], object], store: Callable[..., object] = reviewing.save_draft
    ) -> None:
        super().__init__()
        self._context = context
        self._save, self._store = save, store
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(AFTER_MS)
        self._soon.timeout.connect(self.flush)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self._send_all)
        self._project = context.project
        self._kept: dict[str, Draft] = {}
        self._refused: set[str] = set()
        self._flying: set[str] = set()
        self.dirty = False

    @property
    def refused(self) -> int:
        """How many drafts could not be written and wait for it."""
        return len(self._refused)

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

    def rest(self) -> None:
        """Nothing is left to save of what is being typed: it was submitted."""
        self._soon.stop()
        self.dirty = False

    def forget(self, example_id: str) -> None:
        """Write no draft of an example any more: it is being submitted."""
        self._drop(example_id)

    def newest(self, example_id: str, read: Draft) -> Draft:
        """Return the draft as it was typed last: the one that is still to be written, else the one that was read."""
        return self._kept.get(example_id, read)

    def write(self, example_id: str, value: Draft) -> None:
        """Write a draft, or with None take it away."""
        self._kept[example_id] = value
        self._send(example_id)

    def _send(self, example_id: str) -> None:
        project, who, value = self._project, who_of(self._context), self._kept[example_id]
        if example_id in self._flying or self._context.project is not project:
            return  # what was typed since goes when this one has arrived
        self._flying.add(example_id)
        run_write(
            self._context,
            _("Saving a draft"),
            lambda _progress: self._store(project=project, who=who, example_id=example_id, value=value),
            done=lambda _none: self._written(example_id, value),
            failed=partial(self._not_written, example_id),
        )

    def _send_all(self) -> None:
        for example_id in list(self._kept):
            self._send(example_id)

    def _written(self, example_id: str, value: Draft) -> None:
        self._flying.discard(example_id)
        if self._kept.get(example_id) == value:
            self._drop(example_id)
        if self._kept:
            self._send_all()

    def _not_written(self, example_id: str, error: BaseException) -> None:
        self._flying.discard(example_id)
        if isinstance(error, NotFound):  # the example was purged: there is nothing to write it to
            self._drop(example_id)
        if example_id not in self._kept:
            return
        if not self._refused:
            self._context.notify(
                _("What you typed is not saved yet. It stays in the window, and Accord saves it as soon as it can."),
                tone="error",
                cause=cause_of(error),
            )
        self._refused.add(example_id)
        self._again.start()

    def _drop(self, example_id: str) -> None:
        self._kept.pop(example_id, None)
        self._refused.discard(example_id)


def who_of(context: Context) -> Who:
    """Return who acts, on this machine's event chain."""
    return Who(actor=context.actor, device=context.settings.device_id)
