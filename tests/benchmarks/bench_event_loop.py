"""The longest stall of the window's event loop while 100,000 rows import, near-duplicates are searched and texts embedded.

.venv/bin/python tests/benchmarks/bench_event_loop.py [--n 100000]

The real window is open (offscreen unless QT_QPA_PLATFORM says otherwise) on the page that counts change most, Home; a
verdict is saved every half second meanwhile, as a reviewer would. The floor is the same window with nothing running.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer

from accord import bootstrap
from accord.domain.errors import Cancelled
from accord.domain.progress import Progress
from accord.domain.review import Judgement, Verdict
from accord.gui.app import Application, build_window
from accord.gui.context import Context
from accord.gui.jobs_bridge import GuiDelivery
from accord.gui.stall import StallWatch
from accord.jobs import Jobs, Lane
from accord.providers.embedding import SidecarEmbedder
from accord.settings import MachineSettings
from accord.workflows import browsing, duplicate_search, importing, projects, reviewing

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("ACCORD_DATA", ROOT.parent / "shared" / "data"))
CORPUS_TOOL = DATA.parent / "tools" / "make_corpus.py"
GOAL_MS = 100.0
EMBEDDING_SECONDS = 60


class Bench:
    """The real window on a project, a reviewer who saves a verdict every half second, and a watch on the event loop."""

    def __init__(self, folder: Path, seeds: Path) -> None:
        os.environ["ACCORD_CONFIG_DIR"] = str(folder / "config")
        self.application = Application()
        self.delivery = GuiDelivery()
        self.jobs = Jobs(self.delivery.deliver)
        services = bootstrap.Services(settings=MachineSettings(), jobs=self.jobs)
        self.who = services.who("ana")
        self.project = projects.new_project(path=folder / "p.accord", who=self.who)
        importing.import_file(project=self.project, who=self.who, path=seeds)
        self.context = Context(jobs=self.jobs, settings=services.settings, actor="ana")
        self.window = build_window(self.context)
        self.window.resize(1280, 800)
        self.window.show()
        self.context.set_project(self.project, name="bench", file=str(self.project.path))
        self.context.navigate("home")
        self.waiting = iter(list(browsing.examples(project=self.project)))
        self.saved: list[float] = []
        self.turn(4, [])

    def turn(self, seconds: float, until: list[object]) -> None:
        """Let the event loop turn for a while, or until ``until`` holds something."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not until:
            self.application.processEvents()
            time.sleep(0.001)

    def idle(self) -> float:
        """Return the longest stall with nothing running."""
        with StallWatch() as watch:
            self.turn(3, [])
        return watch.longest_ms

    def during(self, start: Callable[[Callable[[object], object]], object]) -> tuple[float, object]:
        """Return the longest stall while work runs and verdicts are saved, and what the work gave."""
        result: list[object] = []
        start(result.append)
        with StallWatch() as watch:
            while not result:
                row = next(self.waiting, None)
                if row is not None:
                    self.save(row.id)
                self.turn(0.5, result)
        return watch.longest_ms, result[0]

    def save(self, example_id: str) -> None:
        """Save a verdict as the review page does, and note how long that took."""
        started = time.perf_counter()

        def work(_progress: Progress) -> reviewing.Reviewed:
            judgement = Judgement(verdict=Verdict.ACCEPT)
            return reviewing.submit(project=self.project, who=self.who, example_id=example_id, judgement=judgement)

        def done(_reviewed: reviewing.Reviewed) -> None:
            self.saved.append((time.perf_counter() - started) * 1000)

        self.jobs.run(Lane.WRITE, "verdict", work, done=done)

    def close(self) -> None:
        """Close the window and end every thread."""
        self.window.close()
        self.turn(0.5, [])
        self.jobs.shutdown()
        self.project.close()


def main() -> int:
    """Run the benchmark and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--n", type=int, default=100_000)
    n = parser.parse_args().n
    if not CORPUS_TOOL.is_file():
        print(f"skipped: {CORPUS_TOOL} is not here")
        return 0
    with tempfile.TemporaryDirectory() as name:
        return measure(Path(name), n)


def measure(folder: Path, n: int) -> int:
    """Measure with a corpus of ``n`` rows in a folder."""
    corpus, seeds = folder / "corpus.jsonl", folder / "seeds.jsonl"
    for count, path in ((n, corpus), (200, seeds)):
        subprocess.run([sys.executable, str(CORPUS_TOOL), str(count), str(path)], check=True)
    bench = Bench(folder, seeds)
    floor = bench.idle()

    def bring_in(tell: Callable[[object], object]) -> object:
        def work(progress: Progress) -> importing.FileReport:
            return importing.import_file(project=bench.project, who=bench.who, path=corpus, progress=progress)

        return bench.jobs.run(Lane.READ, "import", work, done=tell, failed=tell)

    def compare(tell: Callable[[object], object]) -> object:
        args = (bench.project.path, "minhash", 0.8, "pair")
        return bench.jobs.compute("search", duplicate_search.search_file, args, done=tell, failed=tell, reports=True)

    import_ms, report = bench.during(bring_in)

    def by_meaning(tell: Callable[[object], object]) -> object:
        embedder = SidecarEmbedder(cache=folder / "cache")
        args = (bench.project.path, duplicate_search.SEMANTIC, 0.9, "pair", embedder)
        job = bench.jobs.compute("search", duplicate_search.search_file, args, done=tell, failed=tell, reports=True)
        # All of them would take many minutes, each like the others.
        QTimer.singleShot(EMBEDDING_SECONDS * 1000, job.cancel)
        return job

    near_ms, found = bench.during(compare)
    meaning_ms, stopped = bench.during(by_meaning)
    bench.close()
    saved = sorted(bench.saved)
    print(f"longest event-loop stall, idle window:              {floor:7.1f} ms (floor)")
    print(f"longest event-loop stall, {n:,} rows import:      {import_ms:7.1f} ms {verdict(import_ms)}")
    print(f"longest event-loop stall, near-duplicate search:    {near_ms:7.1f} ms {verdict(near_ms)}")
    print(
        f"longest event-loop stall, {EMBEDDING_SECONDS} s of embedding:      {meaning_ms:7.1f} ms {verdict(meaning_ms)}"
    )
    if saved:
        middle = saved[len(saved) // 2]
        print(f"a verdict saved meanwhile: median {middle:.0f} ms, longest {saved[-1]:.0f} ms ({len(saved)})")
    wrong = [value for value in (report, found) if isinstance(value, BaseException)]
    wrong += [stopped] if isinstance(stopped, BaseException) and not isinstance(stopped, Cancelled) else []
    for value in wrong:
        print(f"failed: {value!r}")
    return 1 if wrong else 0


def verdict(stall: float) -> str:
    """Return the word beside a figure."""
    return f"(goal {GOAL_MS:.0f} ms)" if stall <= GOAL_MS else f"(goal {GOAL_MS:.0f} ms) MISSED"


if __name__ == "__main__":
    sys.exit(main())
