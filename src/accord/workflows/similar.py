"""Find similar: the examples nearest to one, by meaning where that is known already, else by the words they share."""

from dataclasses import dataclass

import numpy as np

from accord.analysis.similarity import nearest
from accord.domain.errors import NotFound
from accord.domain.history import ExampleRow
from accord.domain.meaning import Embedder, NoMeaning
from accord.domain.wording import _
from accord.storage import listing, requests
from accord.storage.project import Project
from accord.workflows import embedding

MEANING, WORDS = "meaning", "words"
#: Below this two texts have nothing to do with each other.
LEAST = 0.3
_NEAR_WORDS, _NEAR_CANDIDATES = 8, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """An example that is like another, with a score above 0, to 1."""

    row: ExampleRow
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """What is like an example, the nearest first; ``by`` ``meaning`` or ``words``."""

    by: str
    found: tuple[Neighbour, ...]


def similar(*, project: Project, example_id: str, embedder: Embedder, n: int = 5, settled: bool = False) -> Similar:
    """Return the ``n`` examples in play that are most like one, itself left out. Raises NotFound.

    By meaning where an earlier search has computed the example's vectors: the mean of how alike the requests and the
    answers are. Otherwise by the words that the requests share. Nothing is computed by a model here. ``settled``: only
    among those that are accepted or rejected, which are compared by their requests alone.
    """
    with project.read() as view:
        seq = listing.seq_of(view, example_id)
        if seq is None:
            raise NotFound(_("example"), example_id)
        row = listing.page(view, [seq])[0]
    scores = _by_meaning(project, row, embedder, settled=settled)
    by = MEANING if scores is not None else WORDS
    ranked = scores if scores is not None else _by_words(project, row, settled=settled)
    best = sorted(ranked.items(), key=lambda hit: (-hit[1], hit[0]))[:n]
    with project.read() as view:
        rows = {found.seq: found for found in listing.page(view, [seq for seq, _score in best])}
    found = tuple(Neighbour(row=rows[seq], score=score) for seq, score in best if seq in rows)
    return Similar(by=by, found=found)


def _by_meaning(project: Project, row: ExampleRow, embedder: Embedder, *, settled: bool) -> dict[int, float] | None:
    """Return {number: score}; None where the example's own meaning is not known."""
    parts = (embedding.REQUEST,) if settled else (embedding.REQUEST, embedding.ANSWER)
    own = {part: embedding.keys_of([row.hash], part) for part in parts}
    try:
        if all(embedder.cosines(keys, keys[0]) is None for keys in own.values()):
            return None
    except NoMeaning:
        return None
    examples = embedding.standing(project, settled=settled)
    told = [embedder.cosines(embedding.keys_of(examples.hashes, part), keys[0]) for part, keys in own.items()]
    scores = np.mean([alike for alike in told if alike is not None], axis=0)
    wanted = np.flatnonzero(scores >= LEAST)
    return {examples.numbers[i]: round(float(scores[i]), 6) for i in wanted if examples.numbers[i] != row.seq}


def _by_words(project: Project, row: ExampleRow, *, settled: bool) -> dict[int, float]:
    request = row.content.request
    with project.read() as view:
        near = requests.similar(view, request, words=_NEAR_WORDS, limit=_NEAR_CANDIDATES, settled=settled)
        rows = {found.id: found for found in listing.page(view, near) if found.seq != row.seq}
    ranked = nearest(request, [(found.id, found.content.request) for found in rows.values()], limit=_NEAR_CANDIDATES)
    return {rows[found].seq: score for found, score in ranked}
