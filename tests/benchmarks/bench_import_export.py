"""Import and export of a whole project against a bare orjson loop into and out of one table, in one run.

.venv/bin/python tests/benchmarks/bench_import_export.py [--n 1000000]

The corpus is ../shared/tools/make_corpus.py's; without it the benchmark says so and passes. The floor keeps nothing but the
text of each row: no hash, no duplicate check, no search, no history, one commit at the end. A large import leaves the
search index to a job of its own, which is timed by itself. Every row is accepted by a
reviewer before the export, which the floor has no word for either; that time is printed too.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import orjson
from pysqlite3 import dbapi2

from accord.domain.ledger import Who
from accord.domain.releases import ReleasePlan
from accord.domain.review import Status
from accord.workflows import browsing, exporting, importing, indexing, projects, releasing, review_files

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("ACCORD_DATA", ROOT.parent / "shared" / "data"))
CORPUS_TOOL = DATA.parent / "tools" / "make_corpus.py"
WHO = Who(actor="bench")
T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Return (seconds, result)."""
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def peak_mb() -> float:
    """Return the most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bare_import(corpus: Path, database: Path) -> int:
    """Load every row and put its text into one table."""
    connection = dbapi2.connect(str(database))
    connection.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, content TEXT)")
    with corpus.open("rb") as lines:
        rows = ((orjson.dumps(orjson.loads(line)["messages"]).decode(),) for line in lines)
        connection.executemany("INSERT INTO row(content) VALUES (?)", rows)
    connection.commit()
    count: int = connection.execute("SELECT count(*) FROM row").fetchone()[0]
    connection.close()
    return count


def bare_export(database: Path, target: Path) -> int:
    """Write every row of the table as a JSON line."""
    connection = dbapi2.connect(str(database))
    count = 0
    with target.open("wb") as out:
        for (content,) in connection.execute("SELECT content FROM row"):
            out.write(orjson.dumps({"messages": orjson.loads(content)}) + b"\n")
            count += 1
    connection.close()
    return count


def accept_all(project: projects.Project, folder: Path) -> tuple[int, int]:
    """Have one reviewer accept every example that has an answer; return (accepted, without an answer)."""
    path = folder / "reviews.jsonl"
    unanswered = 0
    with path.open("wb") as out:
        for row in browsing.examples(project=project):
            if row.status == Status.NEEDS_ANSWER:
                unanswered += 1
                continue
            out.write(orjson.dumps({"id": row.id, "reviewer": "ana", "verdict": "accept"}) + b"\n")
    return review_files.apply(project=project, who=WHO, path=path).accepted, unanswered


def main() -> int:
    """Run the benchmark and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--n", type=int, default=1_000_000)
    n = parser.parse_args().n
    if not CORPUS_TOOL.is_file():
        print(f"skipped: {CORPUS_TOOL} is not here")
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus = folder / "corpus.jsonl"
        subprocess.run([sys.executable, str(CORPUS_TOOL), str(n), str(corpus)], check=True)
        floor_in, _rows = timed(lambda: bare_import(corpus, folder / "bare.db"))
        floor_out, _rows = timed(lambda: bare_export(folder / "bare.db", folder / "bare.jsonl"))
        project = projects.new_project(path=folder / "p.accord", who=WHO)
        spent_in, report = timed(lambda: importing.import_file(project=project, who=WHO, path=corpus))
        memory_in = peak_mb()
        spent_index, _indexed = timed(lambda: indexing.catch_up(project=project))
        spent_review, (accepted, unanswered) = timed(lambda: accept_all(project, folder))
        spent_release, release = timed(lambda: releasing.make(project=project, who=WHO, name="v1", plan=ReleasePlan()))
        spent_out, result = timed(
            lambda: exporting.export(
                project=project, who=WHO, release_name="v1", format_name="openai", out=folder / "out"
            )
        )
        spent_verify, verified = timed(lambda: exporting.verify(folder=folder / "out"))
        project.close()
        print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        print(f"{n:,} rows, {corpus.stat().st_size / 1e6:,.0f} MB")
        print(f"{'':24}{'accord s':>10}{'floor s':>10}{'ratio':>8}")
        print(f"{'import':24}{spent_in:>10.1f}{floor_in:>10.1f}{spent_in / floor_in:>8.1f}")
        print(f"{'export':24}{spent_out:>10.1f}{floor_out:>10.1f}{spent_out / floor_out:>8.1f}")
        print(f"{'search index, afterwards':24}{spent_index:>10.1f}   in short units; found one by one until then")
        print(f"{'accept by review file':24}{spent_review:>10.1f}   {accepted:,} reviews")
        print(f"{'release':24}{spent_release:>10.1f}   {release.groups:,} groups")
        print(f"{'verify':24}{spent_verify:>10.1f}   {'ok' if verified.ok else 'NOT OK'}")
        print(f"peak memory after the import {memory_in:,.0f} MB, at the end {peak_mb():,.0f} MB")
    balanced = report.read == n == report.accepted + report.rejected + report.duplicate
    written = sum(file.rows for file in result.files if Path(file.path).stem in {"train", "validation", "heldout"})
    complete = written + len(release.left_out) == accepted == report.accepted - unanswered
    return 0 if balanced and complete and verified.ok else 1


if __name__ == "__main__":
    sys.exit(main())
