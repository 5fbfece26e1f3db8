"""Embedding against plain ``encode()``, and a second search by meaning when everything is known already.

.venv/bin/python tests/benchmarks/bench_embeddings.py [--short 2048] [--long 512] [--known 100000]

Plain and Accord take turns on halves of the same real texts (one, other, other, one), so that a machine that slows down
or is busy is so for both. The start of the program and the loading of the model are told apart: plain Python pays them as well.
"""

import argparse
import csv
import hashlib
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks import many_examples  # noqa: E402  (the project's root is put on the path above)

from accord.domain.meaning import EmbeddingModel  # noqa: E402  (as above)
from accord.domain.progress import Silent  # noqa: E402  (as above)
from accord.providers.embedding import SidecarEmbedder  # noqa: E402  (as above)
from accord.providers.models import embedding_model  # noqa: E402  (as above)
from accord.providers.sidecar import events_of  # noqa: E402  (as above)
from accord.storage.project import open_project  # noqa: E402  (as above)
from accord.workflows import embedding  # noqa: E402  (as above)

DATA = Path(os.environ.get("ACCORD_DATA", ROOT.parent / "shared" / "data"))
GOAL_RATIO, GOAL_SECONDS, DIMENSIONS = 0.95, 1.0, 384
PLAIN = """
import json, os, sys, time
os.environ["HF_HUB_OFFLINE"] = "1"
start = time.perf_counter()
from sentence_transformers import SentenceTransformer  # noqa: E402  (as above)
model = SentenceTransformer(sys.argv[1])
texts = json.load(open(sys.argv[2], encoding="utf-8"))
begin = time.perf_counter()
vectors = model.encode(texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False)
end = time.perf_counter()
import numpy
numpy.save(sys.argv[3], vectors)
print(json.dumps([begin - start, end - begin]))
"""


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds until the model was loaded, and seconds for the texts."""

    start: float
    work: float
    vectors: "np.typing.NDArray[np.float32]"


def texts(short: int, long: int) -> tuple[list[str], list[str]]:
    """Return real questions and real answers of 200 words and more."""
    with (DATA / "medical" / "medquad_niddk.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (DATA / "legal" / "privacyqa_train_opp_annotations.csv").open(encoding="utf-8", newline="") as file:
        asked = [row["Query"] for row in csv.DictReader(file, delimiter="\t")]
    questions = list(dict.fromkeys([row["question"] for row in rows] + asked))
    answers = [row["answer"] for row in rows if len(row["answer"].split()) >= 200]
    numbered = (f"{text} ({turn})" for turn in itertools.count(1) for text in questions)
    return [*questions, *itertools.islice(numbered, max(0, short - len(questions)))][:short], answers[:long]


def plain(model: EmbeddingModel, said: Sequence[str], folder: Path) -> Took:
    """Embed with ``encode()`` in a program of its own."""
    (folder / "plain.json").write_text(json.dumps(said), encoding="utf-8")
    words = [sys.executable, "-c", PLAIN, model.folder, str(folder / "plain.json"), str(folder / "plain.npy")]
    done = subprocess.run(words, capture_output=True, check=True, text=True)
    start, work = json.loads(done.stdout.splitlines()[-1])
    return Took(start, work, np.load(folder / "plain.npy"))


def accord(model: EmbeddingModel, said: Sequence[str], folder: Path) -> Took:
    """Embed with Accord's compute program."""
    data = b"".join(json.dumps(text).encode() + b"\n" for text in said)
    (folder / "texts.jsonl").write_bytes(data)
    file = {"name": "texts.jsonl", "sha256": hashlib.sha256(data).hexdigest()}
    (folder / "spec.json").write_text(json.dumps({"model": model.folder, "texts": file, "part_rows": 1024}), "utf-8")
    start = begin = time.perf_counter()
    vectors: np.typing.NDArray[np.float32] | None = None
    for event in events_of("embed", folder, Silent()):
        if event["event"] == "phase" and event["name"] == "embedding":
            begin = time.perf_counter()
        if event["event"] == "part":
            part = np.load(folder / event["vectors"])
            vectors = np.zeros((len(said), part.shape[1]), dtype=np.float32) if vectors is None else vectors
            vectors[np.load(folder / event["rows"])] = part
        if event["event"] == "done":
            end = time.perf_counter()
    assert vectors is not None
    return Took(begin - start, end - begin, vectors)


def compare(short: Sequence[str], long: Sequence[str]) -> bool:
    """Print how fast both are; return whether they gave the same vectors."""
    model, right = embedding_model(""), True
    halves = [half for said in (short, long) for half in (said[: len(said) // 2], said[len(said) // 2 :])]
    sums = {plain: [0.0, 0.0], accord: [0.0, 0.0]}
    for number, said in enumerate(halves):
        took = {}
        first, second = (plain, accord) if number % 2 else (accord, plain)
        for way in (first, second, second, first):
            with tempfile.TemporaryDirectory() as folder:
                took[way] = way(model, said, Path(folder))
            sums[way][0] += took[way].start / len(halves) / 2
            sums[way][1] += took[way].work / 2
        right = right and bool(np.allclose(took[plain].vectors, took[accord].vectors, atol=1e-4))
    ratio = sums[plain][1] / sums[accord][1]
    count = len(short) + len(long)
    print(
        f"embedding {len(short):,} short and {len(long):,} long texts: {sums[accord][1]:.1f} s "
        f"({count / sums[accord][1]:.0f}/s), plain encode() {sums[plain][1]:.1f} s, {ratio:.2f} of its speed "
        f"(goal {GOAL_RATIO}{'' if ratio >= GOAL_RATIO else ', MISSED'}); "
        f"start and loading: {sums[accord][0]:.1f} s, plain {sums[plain][0]:.1f} s"
    )
    return right


def second_run(count: int) -> bool:
    """Print how long the vectors of a project take that are all known; return whether they came back."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        many_examples.open_or_make(folder / "p.accord", count).close()
        project = open_project(folder / "p.accord", check=False)
        embedder, examples = SidecarEmbedder(cache=folder / "cache"), embedding.standing(project)
        n = len(examples.numbers)
        drawn = _remember(embedder, examples)
        right = True
        for parts in ((embedding.REQUEST,), tuple(drawn)):
            best = 1e9
            for _turn in range(3):
                started = time.perf_counter()
                again = embedding.standing(project)
                found = embedding.vectors(
                    project=project, embedder=embedder, examples=again, parts=parts, progress=Silent()
                )
                best = min(best, time.perf_counter() - started)
            right = right and all(bool((found[part] == drawn[part]).all()) for part in parts)
            per = best * 100_000 / n
            print(
                f"second run, {n:,} known examples, {len(parts)} of 3 parts: {best:.2f} s with reading their hashes, "
                f"{per:.2f} s per 100,000 (goal {GOAL_SECONDS} s{'' if per < GOAL_SECONDS else ', MISSED'}); "
                f"load average {os.getloadavg()[0]:.1f}"
            )
        project.close()
        return right


def _remember(embedder: SidecarEmbedder, examples: embedding.Standing) -> dict[str, "np.typing.NDArray[np.float32]"]:
    """Store vectors as a first search does: by text, not in the order of the examples, and nothing said earlier."""
    n, chance, store = len(examples.numbers), np.random.default_rng(1), embedder._store()
    drawn = {part: np.zeros((n, DIMENSIONS), dtype=np.float32) for part in (embedding.EARLIER,)}
    blank = np.array([[1, 1]], dtype=np.uint64)
    store.add(blank, np.zeros((1, DIMENSIONS), dtype=np.float32))
    store.link(embedding.keys_of(examples.hashes, embedding.EARLIER), np.repeat(blank, n, axis=0))
    for part in (embedding.REQUEST, embedding.ANSWER):
        drawn[part] = chance.normal(size=(n, DIMENSIONS)).astype(np.float32)
        texts = chance.integers(2, 2**63, size=(n, 2), dtype=np.uint64)
        order = chance.permutation(n)
        store.add(texts[order], drawn[part][order])
        store.link(embedding.keys_of(examples.hashes, part), texts)
    return drawn


def main() -> int:
    """Run both benchmarks."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--short", type=int, default=2048)
    parser.add_argument("--long", type=int, default=512)
    parser.add_argument("--known", type=int, default=100_000)
    args = parser.parse_args()
    if not DATA.is_dir():
        print(f"the data files are not at {DATA}")
        return 0
    right = second_run(args.known)
    right = compare(*texts(args.short, args.long)) and right
    if not right:
        print("WRONG: the vectors are not those of encode(), or did not come back as they were stored")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
