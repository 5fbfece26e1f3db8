"""What a person can do, as one list of data: buttons, keys, command palette, shortcut sheet and tooltips read it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence
from rapidfuzz import fuzz, process, utils

from accord.domain.errors import AccordError
from accord.domain.wording import _

EVERYWHERE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing to do.

    ``page`` is the id of the page it belongs to, or EVERYWHERE; ``key`` as Qt writes keys (``A``, ``Ctrl+Return``,
    ``Alt+1``), empty for none; ``repeats`` lets a held key act again; ``listed`` False keeps it out of the palette.
    """

    id: str
    title: str
    key: str = ""
    page: str = EVERYWHERE
    icon: str = ""
    help: str = ""
    repeats: bool = False
    listed: bool = True


class KeyTaken(AccordError):
    """A key that another action of the same page, or one that works everywhere, already has."""

    def __init__(self, key: str, other: Action) -> None:
        super().__init__(
            _("{key} is already the key of “{title}”. Choose another key.", key=shown_key(key), title=other.title)
        )
        self.other = other


@dataclass(frozen=True, slots=True)
class _Bound:
    run: Callable[[], object]
    enabled: Callable[[], bool]


def always() -> bool:
    """Say that an action can always be used."""
    return True


class Actions(QObject):
    """The registry. Pages declare their actions once and bind functions to them when they are built."""

    changed = Signal()
    ran = Signal(str)

    def __init__(
        self,
        *,
        overrides: Mapping[str, str] | None = None,
        save: Callable[[dict[str, str]], None] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Take the keys a person chose (action id to key, "" for none) and where to keep them."""
        super().__init__(parent)
        self._actions: dict[str, Action] = {}
        self._bound: dict[str, _Bound] = {}
        self._overrides = dict(overrides or {})
        self._save = save
        self._page = EVERYWHERE

    def declare(self, actions: Iterable[Action]) -> None:
        """Add actions; declaring the same id again replaces it."""
        self._actions.update((action.id, action) for action in actions)
        self.changed.emit()

    def bind(self, action_id: str, run: Callable[[], object], *, enabled: Callable[[], bool] = always) -> None:
        """Give a declared action its function; KeyError where it was not declared."""
        self._bound[self._actions[action_id].id] = _Bound(run, enabled)
        self.changed.emit()

    def unbind(self, action_id: str) -> None:
        """Take the function away, so that nothing of a closed page is kept alive."""
        if self._bound.pop(action_id, None):
            self.changed.emit()

    def get(self, action_id: str) -> Action:
        """Return an action; KeyError where there is none."""
        return self._actions[action_id]

    def all(self) -> list[Action]:
        """Return every declared action, in the order of declaration."""
        return list(self._actions.values())

    @property
    def page(self) -> str:
        """The page whose actions are in force."""
        return self._page

    def set_page(self, page: str) -> None:
        """Put the actions of a page in force."""
        if page != self._page:
            self._page = page
            self.changed.emit()

    def key(self, action_id: str) -> str:
        """Return the key in force, portable text, empty for none."""
        return self._overrides.get(action_id, self._actions[action_id].key)

    def is_remapped(self, action_id: str) -> bool:
        """Say whether a person chose another key than the default."""
        return action_id in self._overrides

    def conflict(self, action_id: str, key: str) -> Action | None:
        """Return the action that already has ``key`` where ``action_id`` works, or None."""
        wanted, mine = normal_key(key), self._actions[action_id]
        if not wanted:
            return None
        for other in self._actions.values():
            together = EVERYWHERE in {mine.page, other.page} or mine.page == other.page
            if other.id != action_id and together and normal_key(self.key(other.id)) == wanted:
                return other
        return None

    def set_key(self, action_id: str, key: str) -> None:
        """Give an action another key, or none. Raises KeyTaken."""
        other = self.conflict(action_id, key)
        if other is not None:
            raise KeyTaken(key, other)
        self._overrides[action_id] = normal_key(key)
        if self._overrides[action_id] == normal_key(self._actions[action_id].key):
            del self._overrides[action_id]
        self._store()

    def reset_key(self, action_id: str) -> None:
        """Go back to the default key. Raises KeyTaken where another action was given it meanwhile."""
        self.set_key(action_id, self._actions[action_id].key)

    def reset_all(self) -> None:
        """Go back to every default key."""
        self._overrides.clear()
        self._store()

    def in_force(self) -> list[Action]:
        """Return the bound actions of the page in force and those that work everywhere."""
        return [a for a in self._actions.values() if a.id in self._bound and a.page in {EVERYWHERE, self._page}]

    def usable(self, action_id: str) -> bool:
        """Say whether an action is in force and enabled now."""
        bound = self._bound.get(action_id)
        return bound is not None and self._actions[action_id].page in {EVERYWHERE, self._page} and bound.enabled()

    def run(self, action_id: str) -> bool:
        """Do it where it can be used now; return whether it was done."""
        if not self.usable(action_id):
            return False
        self._bound[action_id].run()
        self.ran.emit(action_id)
        return True

    def _store(self) -> None:
        if self._save is not None:
            self._save(dict(self._overrides))
        self.changed.emit()


def normal_key(key: str) -> str:
    """Return a key as portable text, so that ``ctrl+k`` and ``Ctrl+K`` are one."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def shown_key(key: str) -> str:
    """Return a key as it is printed on a button."""
    text = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    signs = {"Return": "↵", "Left": "←", "Right": "→", "Up": "↑", "Down": "↓"}
    parts = text.split("+") if text not in {"+", ""} else [text]
    return "+".join(signs.get(part, part) for part in parts)


def best_matches(text: str, titles: Iterable[str], limit: int = 12) -> list[int]:
    """Return the positions of the titles that fit ``text``, best first; all, in order, for an empty text."""
    listed = list(titles)
    if not text.strip():
        return list(range(len(listed)))[:limit]
    found = process.extract(text, listed, scorer=_fit, processor=utils.default_process, limit=limit, score_cutoff=55)
    return [position for _title, _score, position in found]


def _fit(wanted: str, title: str, *, score_cutoff: float | None = None) -> float:
    """Score 0 to 100: a title or one of its words that begins with what was typed comes first."""
    if title.startswith(wanted):
        return 100.0
    if any(word.startswith(wanted) for word in title.split()):
        return 97.0
    score = max(fuzz.token_set_ratio(wanted, title) * 0.95, fuzz.partial_ratio(wanted, title) * 0.9)
    return score if score >= (score_cutoff or 0) else 0.0
