"""What a reviewer has entered for one example and not yet submitted, and its way into drafts and judgements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from accord.domain.history import ExampleDetail
from accord.domain.review import Judgement, Review, Verdict, latest_per_reviewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Edits by message position, tags, ratings by question, reasons for a rejection, comment and citation."""

    edits: Mapping[int, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    ratings: Mapping[str, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    comment: str = ""
    citation: str = ""

    def with_edit(self, index: int, text: str, base: str) -> "Work":
        """Return a copy in which a message has this text; the text it came with is no edit."""
        edits = {i: t for i, t in self.edits.items() if i != index}
        if text != base:
            edits[index] = text
        return replace(self, edits=dict(sorted(edits.items())))

    def without_edits(self) -> "Work":
        """Return a copy in which no text is changed."""
        return replace(self, edits={})

    def toggled_tag(self, tag: str) -> "Work":
        """Return a copy with the tag put on or taken off."""
        return replace(self, tags=toggled(self.tags, tag))

    def toggled_reason(self, reason: str) -> "Work":
        """Return a copy with the reason put on or taken off."""
        return replace(self, reasons=toggled(self.reasons, reason))

    def rated(self, question: str, value: int | None) -> "Work":
        """Return a copy with the rating of a question, None for none."""
        ratings = {q: r for q, r in self.ratings.items() if q != question}
        if value is not None:
            ratings[question] = value
        return replace(self, ratings=ratings)

    def judgement(self, verdict: Verdict, *, seconds: float) -> Judgement:
        """Return the judgement to submit; only an edit carries texts, only a rejection carries reasons."""
        return Judgement(
            verdict=verdict,
            edits=dict(self.edits) if verdict is Verdict.EDIT else {},
            tags=self.tags,
            ratings=dict(self.ratings),
            reasons=self.reasons if verdict is Verdict.REJECT else (),
            comment=self.comment,
            citation=self.citation,
            seconds=round(seconds, 1),
        )

    def to_draft(self, base_hash: str) -> dict[str, Any]:
        """Return plain JSON values; ``base_hash`` names the text the edits are of."""
        return {
            "base": base_hash,
            "edits": {str(index): text for index, text in self.edits.items()},
            "tags": list(self.tags),
            "ratings": dict(self.ratings),
            "reasons": list(self.reasons),
            "comment": self.comment,
            "citation": self.citation,
        }


def toggled(values: Sequence[str], value: str) -> tuple[str, ...]:
    """Return the values with this one put at the end, or without it where it is among them."""
    without = tuple(v for v in values if v != value)
    return without if len(without) < len(values) else (*without, value)


def from_draft(draft: Mapping[str, Any]) -> Work:
    """Read what ``to_draft`` wrote; keys that are missing are empty."""
    return Work(
        edits={int(index): str(text) for index, text in dict(draft.get("edits") or {}).items()},
        tags=tuple(map(str, draft.get("tags") or ())),
        ratings={str(q): int(r) for q, r in dict(draft.get("ratings") or {}).items()},
        reasons=tuple(map(str, draft.get("reasons") or ())),
        comment=str(draft.get("comment") or ""),
        citation=str(draft.get("citation") or ""),
    )


def from_judgement(judgement: Judgement) -> Work:
    """Return the fields as they were when this judgement was made."""
    return Work(
        edits=dict(judgement.edits),
        tags=judgement.tags,
        ratings=dict(judgement.ratings),
        reasons=judgement.reasons,
        comment=judgement.comment,
        citation=judgement.citation,
    )


def review_by(detail: ExampleDetail, reviewer: str) -> Review | None:
    """Return a reviewer's newest review in force."""
    return next((r for r in latest_per_reviewer(detail.reviews) if r.reviewer == reviewer), None)


def stored(detail: ExampleDetail, reviewer: str) -> Work:
    """Return what the project holds of a reviewer for an example: their review, else the tags it came with.

    Texts edited on an earlier shared text are left out: they no longer fit.
    """
    mine = review_by(detail, reviewer)
    if mine is None:
        return Work(tags=detail.row.tags if not detail.reviews else ())
    work = from_judgement(mine.judgement)
    return work if mine.base_hash == detail.base.hash else work.without_edits()
