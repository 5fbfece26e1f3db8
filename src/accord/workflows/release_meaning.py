"""What of a release is alike in meaning: the requests that are, what they bind, and what stands across its parts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from accord.analysis.meaning import alike_across, alike_in_meaning, unread
from accord.analysis.near_duplicates import NearDuplicates
from accord.domain.meaning import Embedder, EmbeddingModel
from accord.domain.progress import Progress
from accord.domain.project import ProjectSettings
from accord.domain.releases import Part, ReleaseMeaning, ReleasePlan
from accord.domain.wording import _
from accord.storage import releases
from accord.storage import settings as project_settings
from accord.storage.project import Project
from accord.workflows import embedding
from accord.workflows.embedding import F32, Standing
from accord.workflows.release_material import Bystanders, Row, accepted, bystanders

_PARTS = (embedding.EARLIER, embedding.REQUEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Requests compared by meaning: those that may be released and, after them, what else binds; ``near`` by place."""

    threshold: float
    model: EmbeddingModel
    vectors: Mapping[str, F32]
    near: NearDuplicates


def threshold_of(plan: ReleasePlan, settings: ProjectSettings) -> float:
    """Return from how alike in meaning on requests stay together: as the plan says, else the rules; 0: not asked."""
    return settings.rules.semantic_threshold if plan.semantic_threshold is None else plan.semantic_threshold


def learn(project: Project, plan: ReleasePlan, embedder: Embedder | None, watch: Progress) -> None:
    """Compute the vectors that are not known yet, so that the project is not read as of one moment for minutes.

    Does nothing where meaning is not asked. Raises NoMeaning where it cannot be told here.
    """
    with project.read() as view:
        settings = project_settings.current(view)
        if not threshold_of(plan, settings):
            return
        able = _given(embedder)
        able.model()
        rows, _left_out = accepted(view, plan, settings)
        beside = bystanders(view, rows, releases.earlier_parts(view))
    _vectors(project, rows, beside, able, watch)


def compare(
    project: Project,
    rows: Sequence[Row],
    beside: Bystanders,
    *,
    plan: ReleasePlan,
    embedder: Embedder | None,
    watch: Progress,
) -> Compared | None:
    """Compare all requests with each other, as the search for duplicates by meaning does; None where it is not asked.

    ``plan``: with the threshold that holds. Raises NoMeaning.
    """
    threshold = plan.semantic_threshold
    if not threshold or not rows:
        return None
    able = _given(embedder)
    vectors = _vectors(project, rows, beside, able, watch)
    near = alike_in_meaning(
        [vectors[embedding.REQUEST]],
        earlier=vectors[embedding.EARLIER],
        threshold=threshold,
        progress=_step(watch),
    )
    return Compared(threshold=threshold, model=able.model(), vectors=vectors, near=near)


def found(
    compared: Compared,
    rows: Sequence[Row],
    beside: Bystanders,
    *,
    earlier: Mapping[int, Part],
    parts: Mapping[str, Part],
    watch: Progress,
) -> ReleaseMeaning:
    """Return what is to be said of the comparison, given the final part of each example by its id."""
    n = len(rows)
    near = compared.near
    places = np.array([i for i, row in enumerate(rows) if row.id in parts], dtype=np.int64)
    released = {part: vectors[places] for part, vectors in compared.vectors.items()}
    across = alike_across(
        [released[embedding.REQUEST]],
        earlier=released[embedding.EARLIER],
        sides=np.array([_SIDES[parts[rows[i].id]] for i in places.tolist()], dtype=np.int64),
        threshold=compared.threshold,
        progress=_step(watch),
    )
    return ReleaseMeaning(
        threshold=compared.threshold,
        model=compared.model.name,
        digest=compared.model.digest,
        compared=n + len(beside.texts),
        pairs=sum(a < n for a, _b, _score in near.pairs),
        groups=sum(cluster[0] < n for cluster in near.clusters),
        across=across,
        unread=int(np.logical_or.reduce([unread(vectors) for vectors in released.values()]).sum()),
        parted=_parted(near, rows, beside, earlier),
    )


#: The largest comes last: each side is compared with those after it, and the fewer rows it has the better.
_SIDES = {Part.VALIDATION: 0, Part.HELDOUT: 1, Part.TRAIN: 2}


def _parted(near: NearDuplicates, rows: Sequence[Row], beside: Bystanders, earlier: Mapping[int, Part]) -> int:
    """Return how many examples were on another side before than something alike that was held out."""
    before = [earlier.get(seq) for seq in (*(row.seq for row in rows), *beside.texts)]
    return sum(
        before[i] in {Part.TRAIN, Part.VALIDATION}
        for cluster in near.clusters
        if any(before[i] is Part.HELDOUT for i in cluster)
        for i in cluster
        if i < len(rows)
    )


def _vectors(
    project: Project, rows: Sequence[Row], beside: Bystanders, embedder: Embedder, watch: Progress
) -> dict[str, F32]:
    examples = Standing(
        numbers=(*(row.seq for row in rows), *beside.texts),
        ids=(*(row.id for row in rows), *(id_ for id_, _hash in beside.texts.values())),
        hashes=(*(row.hash for row in rows), *(hash_ for _id, hash_ in beside.texts.values())),
    )
    return embedding.vectors(project=project, embedder=embedder, examples=examples, parts=_PARTS, progress=watch)


def _given(embedder: Embedder | None) -> Embedder:
    """Return it. Raises TypeError: who makes a release has to bring what turns texts into vectors along."""
    if embedder is None:
        raise TypeError("a release by meaning needs what turns texts into vectors")
    return embedder


def _step(watch: Progress) -> Callable[[int, int], None]:
    def step(done: int, total: int) -> None:
        watch.check()
        watch.report(done, total, _("comparing"))

    return step
