"""Which items the queue holds: those that wait for a person, or for anybody, of one status, with certain words."""

from array import array
from dataclasses import dataclass, field
from typing import Any

from accord.domain.errors import AccordError
from accord.domain.filters import parse_filter
from accord.domain.review import Status
from accord.domain.wording import _
from accord.workflows import browsing, people, repeating

WAITING, OPEN, EVERYTHING = "waiting", "open", "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """``kind``: WAITING (hers, for whom examples were given out), OPEN (all that waits), EVERYTHING or a status.

    ``text``: words, or a filter such as ``tag = dosage``.
    """

    kind: str = WAITING
    text: str = ""

    @staticmethod
    def kinds() -> list[tuple[str, str]]:
        """Return (kind, title) in the order of the list."""
        return [
            (WAITING, _("Waiting for review")),
            (OPEN, _("Waiting for anybody")),
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
        status = "" if self.kind in {WAITING, OPEN, EVERYTHING} else f"status = {self.kind}"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The numbers that fit, ascending; ``given``: how many examples were given to whoever works, 0 for none.

    ``again``: what comes back to her besides, to be judged a second time.
    """

    numbers: "array[int]"
    given: int = 0
    again: "array[int]" = field(default_factory=lambda: array("q"))


def read_queue(project: Any, wanted: QueueFilter, reviewer: str) -> Queue:
    """Read the queue: for whom examples were given out, what waits is what she was given. Raises BadFilter.

    What comes back is in it where no words are looked for: they would find what is hidden of it.
    """
    person = project.person
    yours = people.given_to(project=project, name=person.name) if person is not None else None
    given = yours.given if yours is not None else 0
    if wanted.kind not in {WAITING, OPEN}:
        return Queue(numbers=browsing.example_numbers(project=project, where=wanted.where), given=given)
    hers = yours is not None and given and wanted.kind == WAITING
    waiting = yours.left if hers and yours is not None else browsing.queue(project=project)
    if wanted.where:
        fitting = set(browsing.example_numbers(project=project, where=wanted.where))
        waiting = array("q", (n for n in waiting if n in fitting))
    if wanted.kind == OPEN or wanted.where:
        return Queue(numbers=waiting, given=given)
    again = repeating.waiting(project=project, person=reviewer)
    return Queue(numbers=waiting, given=given + len(again) if given else 0, again=again)
