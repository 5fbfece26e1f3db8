"""What reviewers did with candidates, by recipe and model: accepted, how much was edited, rejected, at what cost."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from accord.analysis.agreement.proportions import wilson
from accord.analysis.diffs import edit_size
from accord.domain.agreement import Figure
from accord.domain.batches import batched
from accord.domain.content import Content
from accord.domain.generation import Outcome
from accord.domain.people import Role
from accord.domain.progress import Progress, Silent
from accord.domain.review import Status
from accord.domain.wording import _
from accord.storage import generated, listing
from accord.storage.generated import Key, Made
from accord.storage.project import Project, View
from accord.workflows import permissions


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What became of the candidates of one recipe, in one version, and one model.

    ``made`` = waiting + as_they_are + edited + rejected + set_aside. ``edit``: of the edited ones, the median share of
    words that were removed or added; None where none was edited. ``duplicate`` and ``refused``: replies that became no
    candidate. ``accepted_share``: of those that were accepted or rejected, with its 95% interval. ``cost``: US dollars
    of all their runs; ``cost_per_accepted``: None where none is accepted.
    """

    recipe: str
    version: str
    model: str
    made: int = 0
    waiting: int = 0
    as_they_are: int = 0
    edited: int = 0
    edit: float | None = None
    rejected: int = 0
    set_aside: int = 0
    duplicate: int = 0
    refused: int = 0
    accepted_share: Figure
    cost: Decimal = Decimal(0)

    @property
    def accepted(self) -> int:
        """Return how many are accepted, edited or not."""
        return self.as_they_are + self.edited

    @property
    def cost_per_accepted(self) -> Decimal | None:
        """Return US dollars."""
        return self.cost / self.accepted if self.accepted else None


def by_recipe_and_model(*, project: Project, progress: Progress | None = None) -> tuple[Figures, ...]:
    """Return what became of the candidates of each recipe, version and model, the most accepted first.

    Raises OnlyFor for who is no lead: what others said of an example is not everybody's to see. Raises Cancelled.
    """
    permissions.require(project=project, role=Role.LEAD, act=_("compare recipes and models"))
    watch = progress or Silent()
    of: dict[Key, list[Made]] = defaultdict(list)
    with project.read() as view:
        for one in generated.made(view):
            of[one.recipe, one.version, one.model].append(one)
        costs = generated.costs(view)
        edits = _edits(view, [one.seq for found in of.values() for one in found if _is_edited(one)], watch)
    rows = [_figures(key, of.get(key, []), edits, *costs.get(key, (Decimal(0), Outcome()))) for key in {**of, **costs}]
    return tuple(sorted(rows, key=lambda row: (-row.accepted, row.recipe, row.model, row.version)))


def _is_edited(one: Made) -> bool:
    return one.status == Status.ACCEPTED and one.edited


def _figures(key: Key, found: Sequence[Made], edits: dict[int, float], cost: Decimal, outcome: Outcome) -> Figures:
    stands = Counter(one.status for one in found)
    sizes = [size for one in found if (size := edits.get(one.seq, 0.0))]
    accepted, rejected = stands[Status.ACCEPTED], stands[Status.REJECTED]
    recipe, version, model = key
    return Figures(
        recipe=recipe,
        version=version,
        model=model,
        made=len(found),
        waiting=len(found) - accepted - rejected - stands[Status.SET_ASIDE],
        as_they_are=accepted - len(sizes),
        edited=len(sizes),
        edit=median(sizes) if sizes else None,
        rejected=rejected,
        set_aside=stands[Status.SET_ASIDE],
        duplicate=outcome.duplicate,
        refused=sum(outcome.refused.values()),
        accepted_share=wilson(accepted, accepted + rejected, none=_("Nobody has accepted or rejected one yet.")),
        cost=cost,
    )


def _edits(view: View, numbers: Sequence[int], watch: Progress) -> dict[int, float]:
    """Return how much of each of these examples was edited."""
    found: dict[int, float] = {}
    for part in batched(numbers):
        watch.check()
        watch.report(len(found), len(numbers))
        before, after = listing.originals(view, part), listing.texts(view, part)
        found |= {seq: _edit(before[seq], after[seq]) for seq in part}
    return found


def _edit(before: Content, after: Content) -> float:
    """Return the share of what the model wrote that was edited: its answer, or its request where it wrote no answer."""
    answer = edit_size(before.answer, after.answer) if before.answer.strip() else 0.0
    return answer or edit_size(before.request, after.request)
