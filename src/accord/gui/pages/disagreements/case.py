"""One disagreement with all that the page shows of it, worked out in a reader thread."""

from dataclasses import dataclass
from typing import Any

from accord.analysis.diffs import DiffPart
from accord.domain.content import Content
from accord.domain.disagreements import Disagreement, Version
from accord.domain.meaning import Embedder
from accord.domain.review import Verdict
from accord.gui.pages.disagreements.hunks import Hunk, hunks_between, numbered_parts
from accord.workflows import adjudicating, browsing
from accord.workflows.adjudicating import Precedent
from accord.workflows.browsing import FullExample


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What a version changes in one message: the changes, and the parts to show, each with the change it belongs to."""

    index: int
    hunks: tuple[Hunk, ...]
    parts: tuple[DiffPart, ...]
    numbers: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A reviewer's version and what of the original it changes."""

    version: Version
    sections: tuple[Section, ...]

    def changes(self) -> list[tuple[int, Hunk]]:
        """Return (message index, change) of every single change, in their order."""
        return [(section.index, hunk) for section in self.sections for hunk in section.hunks]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A disagreement, its versions, its precedents, its example's history."""

    found: Disagreement
    told: tuple[Told, ...]
    full: FullExample
    precedents: tuple[Precedent, ...]

    @property
    def id(self) -> str:
        """The example's id."""
        return self.found.id

    @property
    def base(self) -> Content:
        """The text that was judged."""
        return self.found.base

    @property
    def answer_index(self) -> int:
        """The position of the answer; one past the end where there is none yet."""
        return answer_index(self.base)

    def indexes(self) -> list[int]:
        """Return the messages that the final text shows: the answer, and whatever a version changes."""
        changed = {section.index for told in self.told for section in told.sections}
        return sorted({*changed, self.answer_index})


def answer_index(base: Content) -> int:
    """Return the position of the answer; one past the end where there is none yet."""
    return len(base.messages) if base.answer_index is None else base.answer_index


def text_at(content: Content, index: int) -> str:
    """Return a message's text, empty for an answer that is still to be written."""
    return content.messages[index].content if index < len(content.messages) else ""


def read_case(project: Any, example_id: str, embedder: Embedder) -> Case | None:
    """Read one disagreement; None where it is open no more."""
    found = adjudicating.disagreement(project=project, example_id=example_id)
    if found is None:
        return None
    return Case(
        found=found,
        told=tuple(_told(version, found.base) for version in found.versions),
        full=browsing.full_example(project=project, number=found.seq),
        precedents=tuple(adjudicating.precedents(project=project, example_id=example_id, embedder=embedder)),
    )


def _told(version: Version, base: Content) -> Told:
    if version.verdict is Verdict.REJECT:
        return Told(version=version, sections=())
    changed = base.edits_towards(version.content)
    sections = tuple(_section(text_at(base, index), text, index) for index, text in sorted(changed.items()))
    return Told(version=version, sections=sections)


def _section(before: str, after: str, index: int) -> Section:
    hunks = hunks_between(before, after)
    parts, numbers = numbered_parts(before, hunks)
    return Section(index=index, hunks=hunks, parts=parts, numbers=numbers)
