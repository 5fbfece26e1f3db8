"""The counts that an export's manifest and card give, taken row by row in constant memory."""

from collections import Counter
from dataclasses import dataclass, field

from accord.domain.releases import Part, ReleasedExample

_MOST_NAMES = 10_000


@dataclass(slots=True, kw_only=True)
class Tallies:
    """How many examples each part, tag, source, licence, origin and way of deciding has."""

    parts: Counter[str] = field(default_factory=lambda: Counter({part.value: 0 for part in Part}))
    tags: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    licences: Counter[str] = field(default_factory=Counter)
    origins: Counter[str] = field(default_factory=Counter)
    decided_by: Counter[str] = field(default_factory=Counter)
    reviewers: Counter[str] = field(default_factory=Counter)
    without_pair: int = 0
    names_left_out: int = 0

    def add(self, example: ReleasedExample) -> None:
        """Count one example."""
        self.parts[example.part.value] += 1
        self.origins[example.origin] += 1
        self.decided_by[example.decided_by] += 1
        _count(self.licences, example.licence)
        _count(self.sources, example.source or example.file)
        for tag in example.tags:
            _count(self.tags, tag)
        for reviewer in example.reviewers:
            _count(self.reviewers, reviewer)

    @property
    def examples(self) -> int:
        """How many there are."""
        return self.parts.total()


def _count(counter: Counter[str], name: str) -> None:
    """Count a name; once there are very many of them, new ones are counted together under "…"."""
    counter[name if name in counter or len(counter) < _MOST_NAMES else "…"] += 1


def ranked(counter: Counter[str]) -> dict[str, int]:
    """Return the counts, largest first, equal ones by name."""
    return dict(sorted(counter.items(), key=lambda item: (-item[1], item[0])))
