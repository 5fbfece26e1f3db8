"""Near-duplicates against plain datasketch, in one run: time, recall against an exhaustive join, and verification.

.venv/bin/python tests/benchmarks/bench_near_duplicates.py [--n 52000]

The corpus is ../shared/tools/make_corpus.py's (text = request + newline + answer); without it the benchmark says so and
passes. The true pairs come from an exact set-similarity join (prefix and length filter, Bayardo, Ma and Srikant 2007) over
the plain shingle sets, sharing no code with the product beyond the definition of a shingle.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from math import ceil
from pathlib import Path

from accord.analysis.near_duplicates import NearDuplicates, near_duplicates
from accord.analysis.shingles import jaccard, shingle_set

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("ACCORD_DATA", ROOT.parent / "shared" / "data"))
CORPUS_TOOL = DATA.parent / "tools" / "make_corpus.py"
THRESHOLD = 0.8
PERMUTATIONS = 128
RECALL_FLOOR = 0.97
SPEED_GOAL = 10.0

Pairs = set[tuple[int, int]]


def corpus(n: int) -> list[str]:
    """Return the texts of a corpus of ``n`` pairs, the same for the same ``n``."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "corpus.jsonl")
        subprocess.run([sys.executable, str(CORPUS_TOOL), str(n), str(path)], check=True)
        with path.open(encoding="utf-8") as lines:
            rows = [json.loads(line)["messages"] for line in lines]
    return ["\n".join(message["content"] for message in row) for row in rows]


def plain_datasketch(texts: list[str]) -> Pairs:
    """Find the pairs as datasketch's own examples do: one update per shingle, one query per text, exact verification."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    sets, sketches = [], []
    for number, text in enumerate(texts):
        shingles = shingle_set(text)
        sketch = MinHash(num_perm=PERMUTATIONS)
        for shingle in shingles:
            sketch.update(shingle.encode())
        index.insert(number, sketch)
        sets.append(shingles)
        sketches.append(sketch)
    found = set()
    for number, sketch in enumerate(sketches):
        for other in index.query(sketch):
            if other < number:
                shared = len(sets[number] & sets[other])
                if shared and shared / (len(sets[number]) + len(sets[other]) - shared) >= THRESHOLD:
                    found.add((other, number))
    return found


def true_pairs(texts: list[str]) -> Pairs:
    """Return every pair at or above the threshold, by an exhaustive join."""
    sets = [shingle_set(text) for text in texts]
    frequency = Counter(shingle for shingles in sets for shingle in shingles)
    number = {shingle: i for i, (shingle, _count) in enumerate(sorted(frequency.items(), key=lambda item: item[1]))}
    rare_first = [sorted(number[shingle] for shingle in shingles) for shingles in sets]
    found = set()
    holding: dict[int, list[int]] = {}
    # Texts by size: a text is compared with the smaller ones that share one of its rarest shingles. Two sets at the
    # threshold must share one among the first |x| - ceil(threshold * |x|) + 1 of each.
    for text in sorted(range(len(texts)), key=lambda i: len(rare_first[i])):
        shingles = rare_first[text]
        prefix = shingles[: len(shingles) - ceil(THRESHOLD * len(shingles) - 1e-9) + 1]
        met = {other for shingle in prefix for other in holding.get(shingle, ())}
        members = sets[text]
        for other in met:
            if len(sets[other]) >= THRESHOLD * len(members) - 1e-9:
                shared = len(members & sets[other])
                if shared / (len(members) + len(sets[other]) - shared) >= THRESHOLD:
                    found.add((min(text, other), max(text, other)))
        for shingle in prefix:
            holding.setdefault(shingle, []).append(text)
    return found


def clustered(pairs: Pairs, clusters: tuple[tuple[int, ...], ...]) -> float:
    """Return the share of the pairs whose texts are in one cluster."""
    cluster_of = {text: number for number, cluster in enumerate(clusters) for text in cluster}
    together = sum(i in cluster_of and cluster_of[i] == cluster_of.get(j) for i, j in pairs)
    return together / len(pairs) if pairs else 1.0


def unverified(texts: list[str], result: NearDuplicates) -> int:
    """Return how many of the pairs are not what the definition says of their texts, or below the threshold."""
    return sum(score < THRESHOLD or score != jaccard(texts[i], texts[j]) for i, j, score in result.pairs)


def main(arguments: list[str] | None = None) -> int:
    """Run the comparison and print it; return 1 if recall or verification is below its floor."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--n", type=int, default=52_000)
    n = parser.parse_args(arguments).n
    if not CORPUS_TOOL.exists():
        print(f"skipped: {CORPUS_TOOL} is not here")
        return 0
    texts = corpus(n)
    started = time.perf_counter()
    result = near_duplicates(texts, threshold=THRESHOLD, permutations=PERMUTATIONS)
    ours = time.perf_counter() - started
    wrong = unverified(texts, result)
    started = time.perf_counter()
    plain = plain_datasketch(texts)
    theirs = time.perf_counter() - started
    truth = true_pairs(texts)
    recall = clustered(truth, result.clusters)
    print(f"near-duplicates, {n:,} texts, threshold {THRESHOLD}, {PERMUTATIONS} permutations")
    print(f"  seconds               {ours:10.2f}")
    print(f"  seconds, datasketch   {theirs:10.2f}")
    print(f"  times faster          {theirs / ours:10.1f}   goal {SPEED_GOAL:.0f}")
    print(f"  pairs compared        {result.candidate_pairs:10,}")
    print(f"  true pairs            {len(truth):10,}   exhaustive join")
    print(f"  in one cluster        {recall:10.4f}   floor {RECALL_FLOOR}")
    print(f"  found by datasketch   {len(plain & truth) / max(len(truth), 1):10.4f}")
    print(f"  links unverified      {wrong:10,}   floor 0, of {len(result.pairs):,}")
    return int(recall < RECALL_FLOOR or wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
