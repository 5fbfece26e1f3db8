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
_LEAST = 0.3  # below this two texts have nothing to do with each other
_NEAR_WORDS, _NEAR_CANDIDATES = 8, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """What is like an example: ``by`` ``meaning`` or ``words``; (row, score above 0 to 1), the nearest first."""

    by: str
    found: tuple[tuple[ExampleRow, float], ...]


def similar(*, project: Project, example_id: str, embedder: Embedder, n: int = 5) -> Similar:
    """Return the ``n`` examples in play that are most like one, itself left out. Raises NotFound.

    By meaning where an earlier search has computed the example's vectors: the mean of how alike the requests and the
    answers are. Otherwise by the words that the requests share. Nothing is computed by a model here.
    """
    with project.read() as view:
        seq = listing.seq_of(view, example_id)
        if seq is None:
            raise NotFound(_("example"), example_id)
        row = listing.page(view, [seq])[0]
    scores = _by_meaning(project, row, embedder)
    by = MEANING if scores is not None else WORDS
    ranked = scores if scores is not None else _by_words(project, row)
    best = sorted(ranked.items(), key=lambda hit: (-hit[1], hit[0]))[:n]
    with project.read() as view:
        rows = {found.seq: found for found in listing.page(view, [seq for seq, _score in best])}
    return Similar(by=by, found=tuple((rows[seq], score) for seq, score in best if seq in rows))


def _by_meaning(project: Project, row: ExampleRow, embedder: Embedder) -> dict[int, float] | None:
    """Return {number: score}; None where the example's own meaning is not known."""
    examples = embedding.standing(project)
    scores = np.zeros(len(examples.numbers))
    told = 0
    for part in (embedding.REQUEST, embedding.ANSWER):
        try:
            own_there, own = embedder.known(embedding.keys_of([row.hash], part))
        except NoMeaning:
            return None
        if own_there[0] and own[0].any():
            _there, vectors = embedding.known(embedder=embedder, examples=examples, part=part)
            scores += vectors @ own[0]
            told += 1
    if not told:
        return None
    scores /= told
    wanted = np.flatnonzero(scores >= _LEAST)
    return {examples.numbers[i]: round(float(scores[i]), 6) for i in wanted if examples.numbers[i] != row.seq}


def _by_words(project: Project, row: ExampleRow) -> dict[int, float]:
    with project.read() as view:
        numbers = requests.similar(view, row.content.request, words=_NEAR_WORDS, limit=_NEAR_CANDIDATES)
        rows = {found.id: found for found in listing.page(view, numbers) if found.status != "set_aside"}
    others = [(found.id, found.content.request) for found in rows.values() if found.id != row.id]
    return {rows[found].seq: score for found, score in nearest(row.content.request, others, limit=_NEAR_CANDIDATES)}
