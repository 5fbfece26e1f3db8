"""Which items the queue holds: those that wait, those of one status, and those with certain words."""

from array import array
from dataclasses import dataclass
from typing import Any

from accord.domain.errors import AccordError
from accord.domain.filters import parse_filter
from accord.domain.review import Status
from accord.domain.wording import _
from accord.workflows import browsing

WAITING, EVERYTHING = "waiting", "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """``kind``: WAITING, EVERYTHING or a status; ``text``: words, or a filter such as ``tag = dosage``."""

    kind: str = WAITING
    text: str = ""

    @staticmethod
    def kinds() -> list[tuple[str, str]]:
        """Return (kind, title) in the order of the list."""
        return [
            (WAITING, _("Waiting for review")),
            (Status.DISAGREEMENT.value, _("Unsure or disagreeing")),
            (Status.ACCEPTED.value, _("Accepted")),
            (Status.REJECTED.value, _("Rejected")),
            (Status.SET_ASIDE.value, _("Set aside")),
            (EVERYTHING, _("All examples")),
        ]

    @property
    def where(self) -> str:
        """The filter in the filter language, without the part about what waits."""
        words = self.text.strip()
        if words and not _is_filter(words):
            quoted = words.replace("\\", "\\\\").replace('"', '\\"')
            words = f'text ~ "{quoted}"'
        status = "" if self.kind in {WAITING, EVERYTHING} else f"status = {self.kind}"
        return " and ".join(part for part in (status, words) if part)

    def to_text(self) -> str:
        """Return the filter as it is remembered."""
        return f"{self.kind}:{self.text}"

    @classmethod
    def from_text(cls, text: str) -> "QueueFilter":
        """Read what ``to_text`` wrote; anything else is what waits."""
        kind, colon, words = text.partition(":")
        known = {value for value, _title in cls.kinds()}
        return cls(kind=kind, text=words) if colon and kind in known else cls()


def _is_filter(text: str) -> bool:
    try:
        return bool(parse_filter(text))
    except AccordError:
        return False


def queue_numbers(project: Any, wanted: QueueFilter) -> "array[int]":
    """Return the numbers that fit, ascending. Raises BadFilter."""
    if wanted.kind != WAITING:
        return browsing.example_numbers(project=project, where=wanted.where)
    waiting = browsing.queue(project=project)
    if not wanted.where:
        return waiting
    fitting = set(browsing.example_numbers(project=project, where=wanted.where))
    return array("q", (n for n in waiting if n in fitting))
