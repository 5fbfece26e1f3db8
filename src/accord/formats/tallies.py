"""The counts that an export's manifest and card give, taken row by row in constant memory."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accord.domain.releases import Part, ReleasedExample

_MOST_NAMES = 10_000
_COUNTED = ("decided_by", "licence", "source", "file", "tags", "reviewers")


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
        facts = {name: getattr(example, name) for name in _COUNTED}
        self.count(example.part, example.origin, facts)

    def count(self, part: Part, origin: str, facts: Mapping[str, Any]) -> None:
        """Count one example by the facts that ReleasedExample names."""
        self.parts[part.value] += 1
        self.origins[origin] += 1
        self.decided_by[facts["decided_by"]] += 1
        _count(self.licences, facts["licence"])
        _count(self.sources, facts["source"] or facts["file"])
        for tag in facts["tags"]:
            _count(self.tags, tag)
        for reviewer in facts["reviewers"]:
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
