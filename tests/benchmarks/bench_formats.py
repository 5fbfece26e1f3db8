"""Reading and writing a million chat rows against a bare orjson loop in the same run.

.venv/bin/python tests/benchmarks/bench_formats.py [--n 1000000]

The bare loop parses (or writes) the same lines and keeps nothing; Accord's way is strict, builds domain values, hashes
files and writes a trace. Seconds are of the processor, so that a busy machine does not shift the ratio. Memory is the
growth of the peak while reading and writing, which must not follow the rows.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import orjson

from accord.domain.content import Content, Message, Role, pair
from accord.domain.progress import Silent
from accord.domain.project import ProjectSettings
from accord.domain.records import RawRecord
from accord.domain.releases import InstructionMode, Part, Release, ReleasedExample, ReleasePlan
from accord.formats.layouts import csv_record
from accord.formats.reading import inspect_file, open_rows
from accord.formats.verifying import verify_export
from accord.formats.writing import write_export

READ_GOAL = 15.0
WRITE_GOAL = 3.0
VERIFY_GOAL = 15.0
MEMORY_GOAL_MB = 200
ANSWER = "The usual signs are fever, chills and fatigue; see a physician when they last. " * 8


def content(number: int) -> Content:
    """Return the content of row ``number``, about 900 bytes as a line."""
    request = f"Question {number}: what are the signs of “illness” number {number}, and what: should I do?"
    found = pair(request, ANSWER, system="You answer questions on health.")
    return Content(
        messages=(*found.messages, Message(role=Role.USER, content=f"Thanks, and case {number}?"), found.messages[-1])
    )


def examples(n: int) -> Iterator[ReleasedExample]:
    """Yield ``n`` released examples in the order of their ids, one in ten held out."""
    for number in range(n):
        found = content(number)
        yield ReleasedExample(
            id=f"{number:020x}",
            part=Part.HELDOUT if number % 10 == 0 else Part.TRAIN,
            hash=f"{number:064x}",
            origin="imported",
            text=found.text,
            original=found.text,
            facts={
                "decided_by": "agreed",
                "tags": ["sign"],
                "reviewers": ["ada", "bo"],
                "file": "rows.jsonl",
                "line": number + 1,
                **dict.fromkeys(("source", "source_url", "source_date", "licence", "context", "rejected"), ""),
            },
        )


RELEASE = Release(
    name="bench",
    created_at="2026-01-01T00:00:00Z",
    created_by="bench",
    plan=ReleasePlan(),
    counts={},
    groups=0,
    hash="",
    leakage_pairs=0,
    leakage_checked=0,
    instruction="Be brief.",  # never added, as all rows have a system message; the verifier then takes no hashes
    instruction_mode=InstructionMode.ADD,
)


def write_inputs(folder: Path, n: int) -> tuple[Path, Path]:
    """Write the same rows as JSONL and as CSV."""
    jsonl, table = folder / "rows.jsonl", folder / "rows.csv"
    with jsonl.open("wb") as lines, table.open("wb") as cells:
        cells.write(b"question,answer\n")
        for number in range(n):
            found = content(number)
            lines.write(orjson.dumps({"messages": [m.to_json() for m in found.messages]}) + b"\n")
            cells.write(csv_record([found.messages[1].content, found.answer]) + b"\n")
    return jsonl, table


def bare_read(path: Path) -> float:
    """Return the seconds a bare loop takes to parse all lines."""
    started = time.process_time()
    with path.open("rb") as lines:
        for line in lines:
            orjson.loads(line)
    return time.process_time() - started


def bare_write(path: Path, n: int) -> float:
    """Return the seconds a bare loop takes to write the rows, their making included as in the other figure."""
    started = time.process_time()
    with path.open("wb") as lines:
        for example in examples(n):
            lines.write(orjson.dumps(orjson.loads(example.text)) + b"\n")
    return time.process_time() - started


def read(path: Path) -> tuple[int, float]:
    """Return how many good rows a file has and the seconds it took to read them."""
    started = time.process_time()
    good = sum(isinstance(row, RawRecord) for row in open_rows(inspect_file(path)))
    return good, time.process_time() - started


def peak_mb() -> float:
    """Return the peak memory of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def line(what: str, seconds: float, plain: float, goal: float) -> None:
    """Print one figure against the bare loop."""
    ratio = seconds / plain
    missed = "" if ratio <= goal else "  MISSED"
    print(f"{what}: {seconds:.1f} s, bare orjson {plain:.1f} s, {ratio:.1f} x (goal at most {goal:.0f} x){missed}")


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; return 1 where a row is lost or the export does not verify."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--n", type=int, default=1_000_000)
    n = parser.parse_args(arguments).n
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        jsonl, table = write_inputs(folder, n)
        before = peak_mb()
        plain = bare_read(jsonl)
        rows, seconds = read(jsonl)
        line(f"read {n:,} rows of JSONL ({jsonl.stat().st_size >> 20} MB)", seconds, plain, READ_GOAL)
        csv_rows, seconds = read(table)
        line(f"read {n:,} rows of CSV ({table.stat().st_size >> 20} MB)", seconds, plain, READ_GOAL)
        jsonl.unlink()
        table.unlink()
        plain = bare_write(folder / "bare.jsonl", n)
        (folder / "bare.jsonl").unlink()
        started = time.process_time()
        write_export(
            folder / "out",
            release=RELEASE,
            examples=examples(n),
            settings=ProjectSettings(),
            format="openai",
            project={},
            progress=Silent(),
        )
        line(f"write {n:,} rows of openai with trace", time.process_time() - started, plain, WRITE_GOAL)
        grown = peak_mb() - before
        missed = "" if grown <= MEMORY_GOAL_MB else "  MISSED"
        print(f"memory grown while reading and writing: {grown:.0f} MB (goal at most {MEMORY_GOAL_MB} MB){missed}")
        started = time.process_time()
        report = verify_export(folder / "out")
        line(f"verify {n:,} rows", time.process_time() - started, plain, VERIFY_GOAL)
    for problem in report.problems[:5]:
        print(f"wrong: {problem}")
    if rows != n or csv_rows != n:
        print(f"wrong: {rows:,} rows of JSONL and {csv_rows:,} of CSV were read")
    return int(rows != n or csv_rows != n or not report.ok)


if __name__ == "__main__":
    sys.exit(main())
