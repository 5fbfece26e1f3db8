"""The sentences of the page that stand for a value: why to keep one, how a conflict was settled, ready-made reasons."""

from accord.analysis.clusters import KeeperReason
from accord.domain.ledger import DuplicateRun
from accord.domain.review import ConflictResolution
from accord.domain.wording import _
from accord.workflows.duplicate_search import SEMANTIC


def keeper_sentence(reason: KeeperReason) -> str:
    """Return why an example is suggested to be kept."""
    match reason:
        case KeeperReason.SETTLED:
            return _("Suggested: it has been reviewed, the others have not.")
        case KeeperReason.EDITED:
            return _("Suggested: someone has corrected its text.")
        case KeeperReason.SOURCED:
            return _("Suggested: it names its source.")
        case KeeperReason.LONGEST:
            return _("Suggested: its answer is the longest.")
        case KeeperReason.FIRST:
            return _("Suggested: it came in first; nothing else sets it apart.")


def how_searched(search: DuplicateRun) -> str:
    """Return how alike texts had to be for a search, and in what."""
    if search.method == "exact":
        return _("word for word")
    share = round(search.threshold * 100)
    if search.method == SEMANTIC:
        return _("similar in meaning from {n} %", n=share)
    return _("from {n} % alike", n=share)


def settled_sentence(how: str, reason: str) -> str:
    """Return how a conflict was settled, with the reason that was given."""
    words = {
        ConflictResolution.ALL_VALID: _("Settled: all answers are valid."),
        ConflictResolution.KEEP_ONE: _("Settled: one answer was kept."),
        ConflictResolution.MERGE: _("Settled: the answers are merged into one."),
        ConflictResolution.SPLIT: _("Settled: the request is split."),
    }
    sentence = words.get(ConflictResolution(how), "") if how in list(ConflictResolution) else ""
    return f"{sentence} {reason}".strip()


def ready_reasons(resolution: ConflictResolution) -> tuple[str, ...]:
    """Return the reasons that fit a resolution, the most usual first."""
    match resolution:
        case ConflictResolution.ALL_VALID:
            return (
                _("Each answer is right in its own context"),
                _("The answers complete each other"),
                _("The sources differ and both hold"),
            )
        case ConflictResolution.KEEP_ONE:
            return (
                _("It is the most complete"),
                _("It is the most recent"),
                _("Its source is the most reliable"),
                _("The others are wrong"),
            )
        case ConflictResolution.MERGE:
            return (_("Each answer holds a part of the whole"), _("One answer should say all of it"))
        case ConflictResolution.SPLIT:
            return (_("The request means different things"), _("The request lacks what tells the cases apart"))
