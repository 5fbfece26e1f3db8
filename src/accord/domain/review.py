"""Reviews, decisions and the one rule that turns them into an example's status."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from accord.domain.content import Content


class Verdict(StrEnum):
    """What a reviewer says of an example."""

    ACCEPT = "accept"
    EDIT = "edit"
    REJECT = "reject"
    UNSURE = "unsure"


class Status(StrEnum):
    """Where an example stands."""

    NEEDS_ANSWER = "needs_answer"
    CANDIDATE = "candidate"
    IN_REVIEW = "in_review"
    DISAGREEMENT = "disagreement"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SET_ASIDE = "set_aside"


class DecidedBy(StrEnum):
    """Who settled an accepted or rejected example."""

    SINGLE = "single"
    AGREED = "agreed"
    ADJUDICATED = "adjudicated"


class SetAsideReason(StrEnum):
    """Why an example is set aside."""

    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"
    BY_HAND = "by_hand"


class Origin(StrEnum):
    """How an example entered."""

    IMPORTED = "imported"
    GENERATED = "generated"


class RevisionKind(StrEnum):
    """Why a revision was written."""

    IMPORT = "import"
    EDIT = "edit"
    DEIDENTIFY = "deidentify"
    ADJUDICATE = "adjudicate"


class ConflictResolution(StrEnum):
    """How a conflict was settled."""

    ALL_VALID = "all_valid"
    KEEP_ONE = "keep_one"
    MERGE = "merge"
    SPLIT = "split"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a reviewer enters for one example.

    ``bulk``: it was given to many at once, without opening each. ``repeat``: it was given blind, a second time, to see
    how well one agrees with oneself; it counts for nothing else.
    """

    verdict: Verdict
    edits: Mapping[int, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    ratings: Mapping[str, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    comment: str = ""
    citation: str = ""
    seconds: float = 0.0
    bulk: bool = False
    repeat: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One stored judgement; ``base_hash`` names the revision judged, ``verdict`` None takes an earlier one back.

    ``restores``: the id of the review that an undo brought back with this one, whose place in the order it takes.
    """

    id: int
    reviewer: str
    round: int
    verdict: Verdict | None
    base_hash: str
    result_hash: str
    judgement: Judgement
    at: str
    restores: int | None = None

    @property
    def place(self) -> int:
        """The place of the judgement among all, which an undo does not change."""
        return self.id if self.restores is None else self.restores


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What ``standing`` finds: the status, who decided, and the hash of the text that stands."""

    status: Status
    decided_by: DecidedBy | None
    current_hash: str
    verdicts: int


def latest_per_reviewer(reviews: Sequence[Review]) -> list[Review]:
    """Return each reviewer's newest review of the newest round, without those taken back, oldest first.

    A blind repeat is left out: what it would change, its reviewer is asked, and the answer is a review of its own.
    """
    newest: dict[str, Review] = {}
    for review in sorted(reviews, key=lambda r: (r.round, r.id)):
        if not review.judgement.repeat:
            newest[review.reviewer] = review
    return sorted((r for r in newest.values() if r.verdict is not None), key=lambda r: r.place)


def since_round(reviews: Sequence[Review], called: int) -> list[Review]:
    """Return the reviews of the round that an example was called to, and later: those before count no more."""
    return [review for review in reviews if review.round >= called]


def counted(reviews: Sequence[Review], *, base_hash: str, base_author: str) -> list[Review]:
    """Return the reviews that count: a later revision by someone else reopens an item for its reviewers."""
    return [r for r in latest_per_reviewer(reviews) if r.base_hash == base_hash or r.reviewer == base_author]


def standing(
    *,
    base_hash: str,
    base_author: str,
    has_answer: bool,
    reviews: Sequence[Review],
    required: int = 1,
    adjudicated: Verdict | None = None,
    adjudicated_hash: str = "",
    set_aside: bool = False,
) -> Standing:
    """Return where an example stands; the rule is DESIGN's word "Status".

    ``base_hash`` and ``base_author`` are of the shared revision (import, edit outside a review, de-identify,
    adjudicate); ``reviews`` are all of the example's; ``required`` is how many reviewers it needs; ``adjudicated``
    is the verdict of a decision in force, ``adjudicated_hash`` the text that it takes where that is not the shared one.
    """
    votes = counted(reviews, base_hash=base_hash, base_author=base_author)
    status, decided_by, current = _settle(votes, base_hash, required, has_answer=has_answer)
    if adjudicated is not None:
        status = Status.REJECTED if adjudicated is Verdict.REJECT else Status.ACCEPTED
        decided_by, current = DecidedBy.ADJUDICATED, adjudicated_hash or base_hash
    if set_aside:
        status, decided_by = Status.SET_ASIDE, None
    return Standing(status=status, decided_by=decided_by, current_hash=current, verdicts=len(votes))


def _settle(
    votes: Sequence[Review], base_hash: str, required: int, *, has_answer: bool
) -> tuple[Status, DecidedBy | None, str]:
    if not votes:
        return (Status.CANDIDATE if has_answer else Status.NEEDS_ANSWER), None, base_hash
    if len(votes) < required:
        return Status.IN_REVIEW, None, base_hash
    decided_by = DecidedBy.SINGLE if len(votes) == 1 else DecidedBy.AGREED
    verdicts = {v.verdict for v in votes}
    if verdicts == {Verdict.REJECT}:
        return Status.REJECTED, decided_by, base_hash
    results = {v.result_hash for v in votes}
    if verdicts <= {Verdict.ACCEPT, Verdict.EDIT} and len(results) == 1:
        return Status.ACCEPTED, decided_by, results.pop()
    return Status.DISAGREEMENT, None, base_hash


def problem_with(judgement: Judgement, base: Content) -> str | None:
    """Return a short code for what makes a judgement unusable, or None.

    ``no_change``: an edit that changes nothing; ``no_answer``: accepting an example without an answer;
    ``edits_without_edit``: texts were changed but the verdict is not edit; ``bad_index``: an edit of no message.
    """
    if any(not 0 <= index <= len(base.messages) for index in judgement.edits):
        return "bad_index"
    result = base.with_texts(judgement.edits)
    if judgement.verdict is Verdict.EDIT and result.hash == base.hash:
        return "no_change"
    if judgement.verdict is not Verdict.EDIT and judgement.edits:
        return "edits_without_edit"
    if judgement.verdict in {Verdict.ACCEPT, Verdict.EDIT} and not result.has_answer:
        return "no_answer"
    return None
