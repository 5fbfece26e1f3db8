"""The vectors of a project's examples: keys from the hashes of the texts that stand, texts read only where needed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from accord.domain.batches import batched
from accord.domain.content import Content
from accord.domain.meaning import Embedder
from accord.domain.progress import Progress
from accord.storage import duplicates, listing, purges
from accord.storage.project import Project

U64 = npt.NDArray[np.uint64]
F32 = npt.NDArray[np.float32]

EARLIER, REQUEST, ANSWER = "earlier", "request", "answer"
# Told apart by a pattern of bits that is put over the hash of the whole content; never change one.
_PATTERNS = {EARLIER: 0x9E3779B97F4A7C15, REQUEST: 0xC2B2AE3D27D4EB4F, ANSWER: 0x165667B19E3779F9}
_HASH_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The examples in play: their numbers, ids and the hashes of the texts that stand, each of length n."""

    numbers: tuple[int, ...]
    ids: tuple[str, ...]
    hashes: tuple[str, ...]


def standing(project: Project, *, settled: bool = False) -> Standing:
    """Read which examples are in play, or of them those that are accepted or rejected, without reading a text."""
    with project.read() as view:
        numbers, ids, hashes = duplicates.in_play(view, settled=settled)
    return Standing(numbers=numbers, ids=ids, hashes=hashes)


def keys_of(hashes: Sequence[str], part: str) -> U64:
    """Return the keys under which the vectors of a part of these contents are kept, shape (n, 2)."""
    whole = np.frombuffer(bytes.fromhex("".join(hashes)), dtype="<u8").reshape(-1, _HASH_BYTES // 8)
    return whole[:, :2].astype(np.uint64) ^ np.uint64(_PATTERNS[part])


def vectors(
    *, project: Project, embedder: Embedder, examples: Standing, parts: Sequence[str], progress: Progress
) -> dict[str, F32]:
    """Return a vector for each part of each example, shape (n, dimensions); only what is new is computed.

    Raises NoMeaning, Cancelled, and AccordError where the computing fails.
    """
    n = len(examples.numbers)
    if not n:
        return {part: np.zeros((0, 0), dtype=np.float32) for part in parts}
    forget_purged(project=project, embedder=embedder)
    keys = np.concatenate([keys_of(examples.hashes, part) for part in parts])

    def read(wanted: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Yield the texts of positions among the keys, each content read once."""
        asked: dict[int, list[int]] = {}
        for position in wanted:
            asked.setdefault(position % n, []).append(position)
        for batch in batched(sorted(asked)):
            progress.check()
            with project.read() as view:
                texts = listing.every_text(view, [examples.numbers[i] for i in batch])
            for i in batch:
                content = texts.get((examples.numbers[i], examples.hashes[i]))
                if content is not None:  # purged a moment ago
                    yield from ((position, _text(content, parts[position // n])) for position in asked[i])

    found = embedder.embed(keys, read, progress)
    return {part: found[k * n : (k + 1) * n] for k, part in enumerate(parts)}


def forget_purged(*, project: Project, embedder: Embedder) -> None:
    """Remove what is remembered of texts that were deleted for good, here or elsewhere."""
    with project.read() as view:
        gone = sorted(purges.all_tombstones(view))
    if gone:
        embedder.forget(np.concatenate([keys_of(gone, part) for part in _PATTERNS]))


def _text(content: Content, part: str) -> str:
    return {EARLIER: content.earlier, REQUEST: content.request, ANSWER: content.answer}[part]
