"""Vectors of meaning: what is remembered is taken, the rest is computed by the compute program and remembered."""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from accord.domain.errors import AccordError
from accord.domain.meaning import EmbeddingModel, Read
from accord.domain.progress import Progress
from accord.domain.wording import _, number
from accord.providers.models import embedding_model
from accord.providers.sidecar import SidecarFailed, events_of
from accord.providers.vector_store import F32, U64, VectorStore

_COMPLETE = "complete.json"
_WAY = 2  # counted up where the compute program makes something else of a text by the same model


def cache_folder() -> Path:
    """Return where vectors are kept: ACCORD_CACHE_DIR where it is set, the system's place otherwise."""
    named = os.environ.get("ACCORD_CACHE_DIR")
    return Path(named) if named else platformdirs.user_cache_path("accord", appauthor=False)


class VectorsLost(AccordError):
    """What was just written cannot be read back."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            _("What was computed could not be read back from {path}. Is the disk full or damaged?", path=str(folder))
        )


@dataclass(frozen=True)
class SidecarEmbedder:
    """The port ``Embedder`` on this machine. It may be handed to another process.

    ``folder``: of a model, empty for the usual one. ``cache``: None for the usual place. ``threads``: 0 for all.
    ``part_rows``: after how many texts what was computed is kept.
    """

    folder: str = ""
    cache: Path | None = None
    threads: int = 0
    part_rows: int = 1024

    @cached_property
    def _model(self) -> EmbeddingModel:
        return embedding_model(self.folder)

    def model(self) -> EmbeddingModel:
        """Return the model in force. Raises NoMeaning."""
        return self._model

    def cosines(self, keys: U64, to: Any) -> F32 | None:
        """Return how alike each key is to one; None where nothing is remembered of that one, or it is blank."""
        store = self._store()
        _there, own = store.find(np.asarray(to, dtype=np.uint64).reshape(1, 2))
        return store.cosines(keys, own[0]) if own.any() else None

    def embed(self, keys: U64, read: Read, progress: Progress) -> F32:
        """Return a vector for each key, computing those that are not remembered."""
        store = self._store()
        there, vectors = store.find(keys)
        missing = np.flatnonzero(~there)
        if not len(missing):
            return vectors
        progress.check()
        texts, own = _texts(read, missing.tolist())
        self._compute(store, _array(texts), list(texts.values()), progress)
        missing = missing[[position in own for position in missing.tolist()]]
        known = _array(own[position] for position in missing.tolist())
        store.link(keys[missing], known)
        there, found = store.find(known)
        if not there.all() and any(text.strip() for text in texts.values()):
            raise VectorsLost(store.folder)
        if not vectors.shape[1]:
            vectors = np.zeros((len(keys), found.shape[1]), dtype=np.float32)
        vectors[missing] = found
        return vectors

    def forget(self, keys: U64) -> None:
        """Remove what is remembered under these keys, by every model."""
        root = self._root()
        for folder in sorted(root.iterdir()) if root.is_dir() else ():
            VectorStore(folder).forget(keys)

    def _root(self) -> Path:
        return (self.cache or cache_folder()) / "vectors"

    def _store(self) -> VectorStore:
        model = self._model
        name = re.sub(r"[^\w.-]", "_", model.name)[:60]
        return VectorStore(self._root() / f"{name}-{model.digest[:16]}-{_WAY}")

    def _compute(self, store: VectorStore, keys: U64, texts: Sequence[str], progress: Progress) -> None:
        """Have the compute program embed the texts that are not remembered by their own keys."""
        there, _vectors = store.find(keys)
        blank = np.array([not text.strip() for text in texts], dtype=np.bool_)
        new = np.flatnonzero(~there & ~blank)
        if len(new):
            self._launch(store, keys[new], [texts[i] for i in new.tolist()], progress)
        missing = keys[~there & blank]
        if store.dimensions:
            store.add(missing, np.zeros((len(missing), store.dimensions), dtype=np.float32))

    def _launch(self, store: VectorStore, keys: U64, texts: Sequence[str], progress: Progress) -> None:
        with tempfile.TemporaryDirectory(prefix="accord-embed-") as name:
            run_dir = Path(name)
            self._write(run_dir, texts)
            for event in events_of("embed", run_dir, progress):
                if event["event"] == "part":
                    rows = np.load(run_dir / event["rows"], allow_pickle=False)
                    store.add(keys[rows], np.load(run_dir / event["vectors"], allow_pickle=False))
                _tell(event, len(texts), progress)
            if not (run_dir / _COMPLETE).exists():
                raise SidecarFailed(0, [])

    def _write(self, run_dir: Path, texts: Sequence[str]) -> None:
        data = b"".join(json.dumps(text).encode("ascii") + b"\n" for text in texts)
        spec = {
            "model": self._model.folder,
            "texts": {"name": "texts.jsonl", "sha256": hashlib.sha256(data).hexdigest()},
            "threads": self.threads,
            "part_rows": self.part_rows,
            "temporary": True,
        }
        (run_dir / "texts.jsonl").write_bytes(data)
        (run_dir / "spec.json").write_text(json.dumps(spec), encoding="utf-8")


def _array(keys: Iterable[tuple[int, int]]) -> U64:
    return np.array(list(keys), dtype=np.uint64).reshape(-1, 2)


def _tell(event: dict[str, Any], total: int, progress: Progress) -> None:
    if event["event"] == "phase" and event["name"] == "loading":
        progress.report(0, total, _("loading the model"))
    elif event["event"] == "progress":
        pace = _("{n} texts a second", n=number(max(round(event["per_second"]), 1)))
        progress.report(event["done"], total, pace)


def _texts(read: Read, wanted: Sequence[int]) -> tuple[dict[tuple[int, int], str], dict[int, tuple[int, int]]]:
    """Return {key of a text: the text}, each once, and the key of the text at each position."""
    texts: dict[tuple[int, int], str] = {}
    own: dict[int, tuple[int, int]] = {}
    for position, text in read(wanted):
        key = text_key(text)
        texts[key] = text
        own[position] = key
    return texts, own


def text_key(text: str) -> tuple[int, int]:
    """Return the key of a text by itself, so that the same request in two examples is computed once."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")
