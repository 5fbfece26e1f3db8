"""Verdicts that could not be saved: kept with all that was entered, until they are saved or given anew."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from accord.domain.review import Judgement
from accord.gui.pages.review.loading import Item
from accord.gui.pages.review.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaved:
    """A verdict that was given and not saved; ``why`` is the sentence of the failure."""

    item: Item
    judgement: Judgement
    work: Work
    why: str


class UnsavedVerdicts(QObject):
    """The verdicts of this sitting that are not saved, by the number of their item, oldest first."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[int, Unsaved] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, seq: object) -> bool:
        return seq in self._kept

    def keep(self, unsaved: Unsaved) -> None:
        """Keep one."""
        self._kept[unsaved.item.seq] = unsaved
        self.changed.emit()

    def drop(self, seq: int) -> bool:
        """Let one go: it is being saved, or was given anew. Returns whether there was one."""
        found = self._kept.pop(seq, None) is not None
        if found:
            self.changed.emit()
        return found

    def get(self, seq: int | None) -> Unsaved | None:
        """Return the one of an item."""
        return None if seq is None else self._kept.get(seq)

    def all(self) -> list[Unsaved]:
        """Return them all, oldest first."""
        return list(self._kept.values())

    def numbers(self) -> set[int]:
        """Return the numbers of their items."""
        return set(self._kept)
