"""The event loop while the checks and the embeddings of 100,000 examples run, how fast they are, and a second run of each.

.venv/bin/python tests/benchmarks/bench_checks.py [--n 100000] [--seconds 180]

The real window is open on Review (offscreen unless QT_QPA_PLATFORM says otherwise). Each phase is a job as the window
starts it and is stopped after ``--seconds``: then the rate is printed and the time that the whole would take at that rate.
The light checks alone run first, then all of them, then the embeddings. The floor is the window with nothing running.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402  (the platform is chosen above)
from PySide6.QtCore import QTimer  # noqa: E402
from tests.benchmarks.bench_event_loop import CORPUS_TOOL, Bench  # noqa: E402  (found by the path above)

from accord.checks import registry  # noqa: E402
from accord.domain.dismissals import Ran  # noqa: E402
from accord.domain.errors import Cancelled  # noqa: E402
from accord.domain.progress import Progress, Silent  # noqa: E402
from accord.gui.stall import TICK_MS, StallWatch  # noqa: E402
from accord.jobs import Lane  # noqa: E402
from accord.providers.embedding import SidecarEmbedder  # noqa: E402
from accord.workflows import duplicate_search, embedding, findings, importing, projects  # noqa: E402

GOAL_MS, GOAL_SECONDS, NOTED_MS = 100.0, 1.0, 50.0
Start = Callable[[Callable[[object], object]], Any]


class Stalls(StallWatch):
    """Keeps every delay, not the longest alone."""

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []

    def _measure(self) -> None:
        self.late.append((time.perf_counter() - self._last) * 1000 - TICK_MS)
        super()._measure()


class Phase:
    """One job beside the turning event loop."""

    def __init__(self, bench: Bench, start: Start, seconds: float) -> None:
        result: list[object] = []
        began = time.perf_counter()
        with Stalls() as watch:
            job = start(result.append)
            QTimer.singleShot(int(seconds * 1000), job.cancel)
            while not result:
                bench.turn(0.5, result)
        self.took, self.result, self.watch = time.perf_counter() - began, result[0], watch

    @property
    def stopped(self) -> bool:
        """Whether its time was over first."""
        return isinstance(self.result, Cancelled)

    @property
    def failed(self) -> bool:
        """Whether it ended in an error."""
        return isinstance(self.result, BaseException) and not self.stopped

    def say(self, what: str, done: int, total: int) -> None:
        """Print its stalls and its rate."""
        rate = done / max(self.took, 0.001)
        late = sorted(self.watch.late)
        goal = "" if late[-1] <= GOAL_MS else " MISSED"
        print(
            f"{what}: longest stall {late[-1]:.1f} ms (goal {GOAL_MS:.0f} ms{goal}), p99 {late[int(len(late) * 0.99)]:.1f} ms, "
            f"{sum(ms > NOTED_MS for ms in late)} of {len(late):,} over {NOTED_MS:.0f} ms; load {os.getloadavg()[0]:.1f}"
        )
        whole = f"; all {total:,} at this rate: {total / rate / 60:.0f} min" if self.stopped and rate else ""
        print(f"{what}: {done:,} in {self.took:.0f} s, {rate:.0f} examples/s{whole}", flush=True)


class Checks:
    """The checks of the window's project as a job of the window."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.done = bench, 0

    def start(self, tell: Callable[[object], object]) -> Any:
        """Look at what nobody has looked at, as the page Checks does."""

        def work(progress: Progress) -> Ran:
            return findings.run(project=self.bench.project, actor=self.bench.who, progress=progress)

        return self.bench.jobs.run(Lane.READ, "check", work, done=tell, failed=tell)

    def measure(self, what: str, n: int, seconds: float) -> Phase:
        """Run them and print what they did."""
        before = findings.stale(project=self.bench.project)
        phase = Phase(self.bench, self.start, seconds)
        phase.say(what, before - findings.stale(project=self.bench.project), n)
        return phase

    def only_light(self) -> None:
        """Switch off what needs a large library; what was checked is to be checked anew."""
        settings = projects.settings_of(project=self.bench.project)
        off = tuple(rule.name for rule in registry.RULES if rule.needs)
        self._change(replace(settings, checks=replace(settings.checks, off=off)))

    def everything(self) -> None:
        """Switch all on."""
        settings = projects.settings_of(project=self.bench.project)
        self._change(replace(settings, checks=replace(settings.checks, off=())))

    def _change(self, settings: Any) -> None:
        projects.change_settings(project=self.bench.project, who=self.bench.who, settings=settings)


def embed(bench: Bench, cache: Path, n: int, seconds: float) -> Phase:
    """Search by meaning, as the page Duplicates does, and print how many texts got a vector."""
    embedder = SidecarEmbedder(cache=cache)

    def start(tell: Callable[[object], object]) -> Any:
        args = (bench.project.opens, duplicate_search.SEMANTIC, 0.9, "pair", embedder)
        return bench.jobs.compute("search", duplicate_search.search_file, args, done=tell, failed=tell, reports=True)

    phase = Phase(bench, start, seconds)
    # What is kept of a search that was stopped: one vector for each text that differs from all others.
    phase.say("embeddings, texts", len(embedder._store()._records()), n)
    return phase


def second_embedding(bench: Bench, cache: Path) -> None:
    """Print how long the vectors of all examples take when they are all known."""
    embedder = SidecarEmbedder(cache=cache)
    examples = embedding.standing(bench.project)
    drawn = np.random.default_rng(1).normal(size=(len(examples.numbers), 384)).astype(np.float32)
    embedder._store().add(embedding.keys_of(examples.hashes, embedding.REQUEST), drawn)
    began = time.perf_counter()
    again = embedding.standing(bench.project)
    parts = (embedding.REQUEST,)
    embedding.vectors(project=bench.project, embedder=embedder, examples=again, parts=parts, progress=Silent())
    took = time.perf_counter() - began
    per = took * 100_000 / max(len(examples.numbers), 1)
    missed = "" if per < GOAL_SECONDS else " MISSED"
    print(
        f"second embedding of {len(examples.numbers):,} known texts: {took:.2f} s, {per:.2f} s per 100,000 "
        f"(goal {GOAL_SECONDS:.0f} s{missed}); load {os.getloadavg()[0]:.1f}"
    )


def measure(folder: Path, n: int, seconds: float) -> int:
    """Measure with a corpus of ``n`` rows in a folder."""
    corpus, seeds = folder / "corpus.jsonl", folder / "seeds.jsonl"
    for count, path in ((n, corpus), (20, seeds)):
        subprocess.run([sys.executable, str(CORPUS_TOOL), str(count), str(path)], check=True)
    bench = Bench(folder, seeds)
    importing.import_file(project=bench.project, who=bench.who, path=corpus)
    bench.context.navigate("review")
    bench.turn(3, [])
    print(f"idle window: longest stall {bench.idle():.1f} ms (floor)")
    total = len(embedding.standing(bench.project).numbers)
    checks = Checks(bench)
    checks.only_light()
    phases = [checks.measure("light checks", total, seconds)]
    began = time.perf_counter()
    again = findings.stale(project=bench.project)
    if not phases[0].stopped:
        phases.append(checks.measure("light checks, second run", total, seconds))
    else:
        print(f"light checks: {again:,} examples left, counted in {time.perf_counter() - began:.3f} s")
    checks.everything()
    phases.append(checks.measure("all checks", total, seconds))
    phases.append(embed(bench, folder / "cache", 2 * total, seconds))
    second_embedding(bench, folder / "known")
    bench.close()
    wrong = [phase.result for phase in phases if phase.failed]
    for value in wrong:
        print(f"failed: {value!r}")
    return 1 if wrong else 0


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--n", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=180.0)
    args = parser.parse_args()
    if not CORPUS_TOOL.is_file():
        print(f"skipped: {CORPUS_TOOL} is not here")
        return 0
    with tempfile.TemporaryDirectory() as name:
        return measure(Path(name), args.n, args.seconds)


if __name__ == "__main__":
    sys.exit(main())
