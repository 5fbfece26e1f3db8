"""Messages that name their parent, one a row, as Open Assistant exports them: each answer is read with its whole path.

A row of the assistant becomes the conversation from the first message down to it, so answers to one request become
examples with the same beginning, in one group named by the first message. A row of the asker is refused with that
reason: it is read with the answers below it. A parent stands before its children; at most ``MOST_CHARACTERS`` of
earlier messages are held, the oldest are let go first.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from accord.domain.content import Message, Role
from accord.domain.wording import _
from accord.formats.conversations import checked
from accord.formats.failures import RowProblem
from accord.formats.found import Found

KEYS = frozenset({"text", "role"})
MOST_CHARACTERS = 64 << 20
_IDS = ("message_id", "user_message_id", "id")
_PARENTS = ("parent_id", "parent_message_id")
_ROLES = {"prompter": Role.USER, "assistant": Role.ASSISTANT}
_LONGEST_PATH = 1_000


class _Node(NamedTuple):
    message: Message
    parent: str | None


def is_message(row: Mapping[str, Any]) -> bool:
    """Whether a row is a message of a tree."""
    named = any(key in row for key in _IDS) and any(key in row for key in _PARENTS)
    return named and isinstance(row.get("text"), str) and row.get("role") in ("prompter", "assistant")


class MessageTree:
    """Reads the messages of one file, in order."""

    def __init__(self) -> None:
        self._nodes: dict[str, _Node] = {}
        self._held = 0

    def read(self, row: Mapping[str, Any], _mapping: Mapping[str, str]) -> Found:
        """Return the conversation that ends with this row's answer. Raises RowProblem."""
        text, role = row.get("text"), row.get("role")
        if not isinstance(text, str):
            raise RowProblem("text", _("This is not text."))
        if not isinstance(role, str) or role not in _ROLES:
            raise RowProblem("role", _("The role “{role}” is not known.", role=str(role)[:40]))
        own = next((row[key] for key in _IDS if isinstance(row.get(key), str)), None)
        parent = next((row[key] for key in _PARENTS if row.get(key) is not None), None)
        if own is None or not isinstance(parent, str | None):
            raise RowProblem("", _("The message does not say which it is and what it answers."))
        self._keep(own, _Node(Message(role=_ROLES[role], content=text), parent))
        if _ROLES[role] is Role.USER:
            raise RowProblem("role", _("A message of the asker; it is read with the answers below it."))
        path = self._path(own)
        messages = [self._nodes[name].message for name in reversed(path)]
        return Found(content=checked(messages), rest=row, group=path[-1])

    def _keep(self, own: str, node: _Node) -> None:
        if own in self._nodes:
            raise RowProblem("", _("Another message before this one has the same id."))
        self._nodes[own] = node
        self._held += len(node.message.content)
        while self._held > MOST_CHARACTERS and len(self._nodes) > 1:
            oldest = next(iter(self._nodes))
            self._held -= len(self._nodes.pop(oldest).message.content)

    def _path(self, own: str) -> list[str]:
        """Return the ids from a message up to the first of its tree."""
        path = [own]
        while (parent := self._nodes[path[-1]].parent) is not None:
            if parent not in self._nodes or len(path) > _LONGEST_PATH:
                raise RowProblem("", _("The message that this one answers does not stand before it."))
            path.append(parent)
        return path
