"""Embedding: each text of the run folder as a vector of length 1, in files that are announced as they are whole."""

import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from accord.sidecar.events import Events
from accord.sidecar.legible import Legible
from accord.sidecar.spec import BadSpec, mark_complete, read_data, read_spec

_AT_ONCE = 128
# Measured with MiniLM: of texts of 250 pieces 16 at once take 8% less time than 32, of short ones 64 at once 10% less.
_PIECES, _MOST = 4096, 64


def run(run_dir: Path, events: Events) -> None:
    """Embed the texts of ``spec["texts"]`` (JSON lines, a string each) by the model in the folder ``spec["model"]``.

    Every ``spec["part_rows"]`` texts make a part: ``{"event": "part", "vectors": NAME, "rows": NAME}``, float32 of
    shape (n, dimensions) and the positions of their texts, int64 of shape (n,).
    """
    spec = read_spec(run_dir)
    texts = _texts(read_data(run_dir, spec["texts"], once=bool(spec.get("temporary"))))
    events.phase("loading")
    model = _load(str(spec["model"]))
    legible = Legible(model.tokenizer)
    events.phase("embedding")
    parts = _Parts(run_dir, events, int(spec["part_rows"]))
    started, done = time.monotonic(), 0
    for rows in _alike_in_length(texts):
        pieces = legible.pieces([texts[i] for i in rows])
        for batch in _batches([len(ids) for ids in pieces]):
            chosen = [texts[rows[i]] for i in batch]
            vectors = model.encode(
                chosen, batch_size=_MOST, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
            )
            mended = legible.mended(chosen, [pieces[i] for i in batch], np.asarray(vectors, dtype=np.float32))
            parts.add([rows[i] for i in batch], mended)
        done += len(rows)
        events.progress(done, len(texts), done / max(time.monotonic() - started, 1e-9))
    parts.close()
    mark_complete(run_dir, {"texts": len(texts), "parts": parts.count})
    events.tell("done")


def _load(folder: str) -> Any:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(folder, local_files_only=True, trust_remote_code=False)


def _texts(data: bytes) -> list[str]:
    texts = [json.loads(line) for line in data.split(b"\n") if line]
    if not all(isinstance(text, str) for text in texts):
        raise BadSpec("the texts are not strings, one a line")
    return texts


def _alike_in_length(texts: Sequence[str]) -> Iterator[list[int]]:
    """Yield all positions in batches of texts of like length, short and long mixed so that the pace told is steady."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    batches = [order[start : start + _AT_ONCE] for start in range(0, len(order), _AT_ONCE)]
    random.Random(1).shuffle(batches)
    yield from batches


def _batches(pieces: Sequence[int]) -> Iterator[list[int]]:
    """Yield all positions in batches that the model reads at once: of like length, fewer of long texts."""
    batch: list[int] = []
    for i in sorted(range(len(pieces)), key=lambda i: pieces[i]):
        if batch and (len(batch) == _MOST or (len(batch) + 1) * pieces[i] > _PIECES):
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


class _Parts:
    """Gathers vectors and writes them in parts."""

    def __init__(self, run_dir: Path, events: Events, rows: int) -> None:
        self.count = 0
        self._run_dir, self._events, self._most = run_dir, events, rows
        self._rows: list[int] = []
        self._vectors: list[npt.NDArray[np.float32]] = []

    def add(self, rows: Sequence[int], vectors: npt.NDArray[np.float32]) -> None:
        self._rows += rows
        self._vectors.append(vectors)
        if len(self._rows) >= self._most:
            self.close()

    def close(self) -> None:
        """Write what is gathered."""
        if not self._rows:
            return
        vectors, rows = f"vectors-{self.count}.npy", f"rows-{self.count}.npy"
        np.save(self._run_dir / vectors, np.concatenate(self._vectors))
        np.save(self._run_dir / rows, np.array(self._rows, dtype=np.int64))
        self._events.tell("part", vectors=vectors, rows=rows)
        self.count += 1
        self._rows, self._vectors = [], []
