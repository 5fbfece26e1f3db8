"""The counts that an export's manifest and card give, taken in constant memory."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

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
    worse_by_models: int = 0
    names_left_out: int = 0

    def add(self, examples: Sequence[ReleasedExample]) -> None:
        """Count examples; many at once cost a fraction of one by one."""
        facts = [example.facts for example in examples]
        self.parts.update([example.part for example in examples])
        self.origins.update([example.origin for example in examples])
        self.decided_by.update([fact["decided_by"] for fact in facts])
        _count(self.licences, [fact["licence"] for fact in facts])
        _count(self.sources, [fact["source"] or fact["file"] for fact in facts])
        _count(self.tags, chain.from_iterable(fact["tags"] for fact in facts))
        self.worse_by_models += sum(bool(fact.get("rejected_by")) for fact in facts)
        _count(self.reviewers, chain.from_iterable(fact["reviewers"] for fact in facts))

    @property
    def examples(self) -> int:
        """How many there are."""
        return self.parts.total()


def _count(counter: Counter[str], names: Iterable[str]) -> None:
    """Count names; once there are very many of them, new ones are counted together under "…"."""
    for name, times in Counter(names).items():
        counter[name if name in counter or len(counter) < _MOST_NAMES else "…"] += times


def ranked(counter: Counter[str]) -> dict[str, int]:
    """Return the counts, largest first, equal ones by name."""
    return dict(sorted(counter.items(), key=lambda item: (-item[1], item[0])))
