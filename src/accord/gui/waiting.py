"""What waits for a person, counted in a reader thread: for the rail's counts and for Home."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject

from accord.domain.review import Status
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read
from accord.workflows import adjudicating, browsing, duplicates, people, repeating
from accord.workflows.browsing import StageCounts
from accord.workflows.projects import Project

WAITING = (Status.CANDIDATE, Status.NEEDS_ANSWER, Status.IN_REVIEW)
_CLUSTERS_CHANGE_WITH = frozenset({"duplicates", "conflicts", "imports", "examples"})


def to_review(counts: StageCounts) -> int:
    """Return how many examples have no verdict that settles them yet."""
    return sum(counts.by_status.get(status, 0) for status in WAITING)


def left_for(project: Project, name: str) -> int | None:
    """Return how many of the examples that were given to a person she has not judged; None where none was given."""
    yours = people.given_to(project=project, name=name)
    return len(yours.left) if yours.given else None


class RailCounts(QObject):
    """Reads the rail's counts, one reading at a time; clusters only after something that can change them."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clusters = 0
        self._clusters_stale = True
        self._reading = self._again = False
        context.changed.connect(self._changed)
        context.project_changed.connect(self._forget)

    def ask(self, context: Context, deliver: Callable[[Mapping[str, int]], None]) -> None:
        """Give ``deliver`` how much waits on each page, soon."""
        project = context.project
        if project is None or self._reading:
            self._again = project is not None
            return
        self._reading, self._again = True, False
        with_clusters, self._clusters_stale = self._clusters_stale, False

        def done(found: _Waiting) -> None:
            self._reading = False
            counts = found.counts
            if context.project is project:
                self._clusters = self._clusters if found.clusters is None else found.clusters
                context.set_several(several=found.several)
                deliver(
                    {
                        "review": (to_review(counts) if found.hers is None else found.hers) + found.again,
                        "disagreements": counts.by_status.get(Status.DISAGREEMENT, 0) if found.may_decide else 0,
                        "duplicates": counts.conflicts + self._clusters,
                    }
                )
            if self._again:
                self.ask(context, deliver)

        def failed(_error: BaseException) -> None:
            self._reading = False  # a count that cannot be read is no news; what a person does next will say why
            self._clusters_stale |= with_clusters

        work = partial(_read, project, context.actor, with_clusters=with_clusters)
        run_read(context, "", lambda _progress: work(), done=done, failed=failed, outlives=True)

    def _changed(self, kinds: AbstractSet[str]) -> None:
        if _CLUSTERS_CHANGE_WITH & kinds:
            self._clusters_stale = True

    def _forget(self) -> None:
        self._clusters, self._clusters_stale = 0, True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """What was counted; ``clusters`` None where nothing can have changed them, ``hers`` where nothing was given out.

    ``again``: what came back to whoever works, to be judged a second time.
    """

    counts: StageCounts
    hers: int | None
    again: int
    may_decide: bool
    clusters: int | None
    several: bool


def _read(project: Project, name: str, *, with_clusters: bool) -> _Waiting:
    return _Waiting(
        counts=browsing.stage_counts(project=project),
        hers=left_for(project, name),
        again=len(repeating.waiting(project=project, person=name)),
        may_decide=adjudicating.may_decide(project=project),
        clusters=duplicates.open_clusters(project=project) if with_clusters else None,
        several=adjudicating.is_needed(project=project),
    )
