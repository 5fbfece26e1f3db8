"""The search for near-duplicates itself: it reads and compares, and may do so in a process of its own."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from accord.analysis.meaning import alike_in_meaning
from accord.analysis.near_duplicates import NearDuplicates, exact_duplicates, near_duplicates
from accord.domain.content import pair_text
from accord.domain.errors import Refused
from accord.domain.ledger import Who
from accord.domain.meaning import Embedder
from accord.domain.progress import Progress, Silent
from accord.domain.review import Status
from accord.domain.wording import _
from accord.storage import duplicates, events, listing
from accord.storage.project import Project, open_project
from accord.workflows import embedding

SEMANTIC = "semantic"
METHODS = ("minhash", "exact", SEMANTIC)
FIELDS = ("pair", "request", "answer")
# By meaning, measured on 1,192 real questions with answers (MedQuAD): from 0.9 on, 6 of 8 pairs that are no copies are
# one page written for two circles of readers; below, most ask the same of two illnesses or of grown-ups and children.
THRESHOLDS = {"minhash": 0.8, "exact": 1.0, SEMANTIC: 0.9}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found, before it is stored: example numbers beside their ids, links and clusters as positions."""

    method: str
    threshold: float
    fields: str
    numbers: tuple[int, ...]
    ids: tuple[str, ...]
    near: NearDuplicates
    seconds: float


def search(
    project: Project,
    *,
    method: str = "minhash",
    threshold: float | None = None,
    fields: str = "pair",
    every_pair: bool = False,
    embedder: Embedder | None = None,
    progress: Progress | None = None,
) -> Found:
    """Search the examples that are in play for near-duplicates. Changes nothing; can be stopped.

    ``threshold``: None for the method's usual one. The method ``semantic`` needs an ``embedder``; it raises NoMeaning
    where texts cannot be compared by meaning here.
    """
    threshold = THRESHOLDS.get(method, 1.0) if threshold is None else threshold
    if method not in METHODS or fields not in FIELDS or not 0 < threshold <= 1:
        raise Refused(_("The search needs a known method and fields, and a threshold above 0 and at most 1."))
    watch = progress or Silent()
    started = time.monotonic()
    if method == SEMANTIC:
        if embedder is None:
            raise TypeError("a search by meaning needs what turns texts into vectors")
        numbers, ids, near = _by_meaning(project, embedder, fields, threshold, every_pair=every_pair, watch=watch)
    else:
        numbers, ids, texts, earlier = _texts(project, fields, watch)
        near = _compare(texts, earlier, method=method, threshold=threshold, every_pair=every_pair, watch=watch)
    return Found(
        method=method,
        threshold=threshold,
        fields=fields,
        numbers=tuple(numbers),
        ids=tuple(ids),
        near=near,
        seconds=time.monotonic() - started,
    )


def search_file(
    path: Path | str,
    method: str,
    threshold: float,
    fields: str,
    embedder: Embedder | None = None,
    *,
    progress: Progress,
) -> Found:
    """Search a project (``path``: its ``Project.opens``) in a process of its own, which holds up no window."""
    project = open_project(path, check=False)
    try:
        return search(project, method=method, threshold=threshold, fields=fields, embedder=embedder, progress=progress)
    finally:
        project.close()


def store(*, project: Project, who: Who, found: Found) -> None:
    """Store what a search found; the newest search is the one that counts."""
    with project.write(who) as unit:
        duplicates.add_run(
            unit,
            method=found.method,
            threshold=found.threshold,
            fields=found.fields,
            seqs=found.numbers,
            links=[_link(found.numbers[a], found.numbers[b], score) for a, b, score in found.near.pairs],
            clusters=[[found.numbers[i] for i in cluster] for cluster in found.near.clusters],
        )
        facts = {"method": found.method, "examples": len(found.ids), "clusters": len(found.near.clusters)}
        events.append(unit, "duplicates", facts)
        unit.commit()


def _by_meaning(
    project: Project, embedder: Embedder, fields: str, threshold: float, *, every_pair: bool, watch: Progress
) -> tuple[Sequence[int], Sequence[str], NearDuplicates]:
    """Compare the vectors of the texts; those that are not remembered from an earlier search are computed."""
    examples = embedding.standing(project)
    parts = (embedding.REQUEST, embedding.ANSWER) if fields == "pair" else (fields,)
    vectors = embedding.vectors(
        project=project, embedder=embedder, examples=examples, parts=(embedding.EARLIER, *parts), progress=watch
    )

    def step(done: int, total: int) -> None:
        watch.check()
        watch.report(done, total, _("comparing"))

    near = alike_in_meaning(
        [vectors[part] for part in parts],
        earlier=vectors[embedding.EARLIER],
        threshold=threshold,
        every_pair=every_pair,
        progress=step,
    )
    return examples.numbers, examples.ids, near


def _link(a: int, b: int, score: float) -> tuple[int, int, float]:
    return min(a, b), max(a, b), score


def _texts(project: Project, fields: str, watch: Progress) -> tuple[list[int], list[str], list[str], list[str]]:
    numbers: list[int] = []
    ids: list[str] = []
    texts: list[str] = []
    earlier: list[str] = []
    with project.read() as view:
        total = listing.count(view)
        for done, row in enumerate(listing.iterate(view)):
            if row.status != Status.SET_ASIDE:
                numbers.append(row.seq)
                ids.append(row.id)
                texts.append(pair_text(row.content, fields))
                earlier.append(row.content.earlier)
            if done % 1000 == 0:
                watch.check()
                watch.report(done, total * 2, _("reading"))
    return numbers, ids, texts, earlier


def _compare(
    texts: Sequence[str], earlier: Sequence[str], *, method: str, threshold: float, every_pair: bool, watch: Progress
) -> NearDuplicates:
    if method == "exact":
        return exact_duplicates(texts, earlier=earlier)

    def step(done: int, total: int) -> None:
        watch.check()
        watch.report(len(texts) + done * len(texts) // max(total, 1), 2 * len(texts), _("comparing"))

    return near_duplicates(texts, earlier=earlier, threshold=threshold, every_pair=every_pair, progress=step)
