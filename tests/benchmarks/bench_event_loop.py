"""The longest stall of the window's event loop while 100,000 rows import and near-duplicates are searched.

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

from accord import bootstrap
from accord.domain.progress import Progress
from accord.domain.review import Judgement, Verdict
from accord.gui.app import Application, build_window
from accord.gui.context import Context
from accord.gui.jobs_bridge import GuiDelivery
from accord.gui.stall import StallWatch
from accord.jobs import Jobs, Lane
from accord.settings import MachineSettings
from accord.workflows import browsing, duplicates, importing, projects, reviewing

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("ACCORD_DATA", ROOT.parent / "shared" / "data"))
CORPUS_TOOL = DATA.parent / "tools" / "make_corpus.py"
GOAL_MS = 100.0


def run(application: Application, until: float | None, flag: list[object]) -> None:
    """Let the event loop turn until a moment, or until ``flag`` holds something."""
    while (until is None or time.monotonic() < until) and not flag:
        application.processEvents()
        time.sleep(0.001)


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
    os.environ["ACCORD_CONFIG_DIR"] = str(folder / "config")
    application = Application()
    delivery = GuiDelivery()
    settings = MachineSettings()
    jobs = Jobs(delivery.deliver)
    services = bootstrap.Services(settings=settings, jobs=jobs)
    who = services.who("ana")
    project = projects.new_project(path=folder / "p.accord", who=who)
    importing.import_file(project=project, who=who, path=seeds)
    context = Context(jobs=jobs, settings=settings, actor="ana")
    window = build_window(context)
    window.resize(1280, 800)
    window.show()
    context.set_project(project, name="bench", file=str(project.path))
    context.navigate("home")
    run(application, time.monotonic() + 2, [])

    watch = StallWatch()
    with watch:
        run(application, time.monotonic() + 3, [])
    floor = watch.longest_ms
    waiting = iter(list(browsing.examples(project=project)))
    saved: list[float] = []

    def save(example_id: str) -> None:
        started = time.perf_counter()

        def work(_progress: Progress) -> reviewing.Reviewed:
            judgement = Judgement(verdict=Verdict.ACCEPT)
            return reviewing.submit(project=project, who=who, example_id=example_id, judgement=judgement)

        def done(_reviewed: reviewing.Reviewed) -> None:
            saved.append((time.perf_counter() - started) * 1000)

        jobs.run(Lane.WRITE, "verdict", work, done=done)

    def busy(title: str, work: Callable[[Progress], object]) -> tuple[float, object]:
        result: list[object] = []
        jobs.run(Lane.READ, title, work, done=result.append, failed=result.append)
        with watch:
            while not result:
                row = next(waiting, None)
                if row is not None:
                    save(row.id)
                run(application, time.monotonic() + 0.5, result)
        return watch.longest_ms, result[0]

    import_ms, report = busy(
        "import", lambda p: importing.import_file(project=project, who=who, path=corpus, progress=p)
    )
    near_ms, found = busy("near-duplicates", lambda p: duplicates.find(project=project, who=who, progress=p))
    window.close()
    run(application, time.monotonic() + 0.5, [])
    jobs.shutdown()
    project.close()
    saved.sort()
    print(f"longest event-loop stall, idle window:            {floor:7.1f} ms (floor)")
    print(f"longest event-loop stall, {n:,} rows import:     {import_ms:7.1f} ms {verdict(import_ms)}")
    print(f"longest event-loop stall, near-duplicates on them: {near_ms:7.1f} ms {verdict(near_ms)}")
    if saved:
        print(
            f"a verdict saved meanwhile: median {saved[len(saved) // 2]:.0f} ms, longest {saved[-1]:.0f} ms ({len(saved)})"
        )
    wrong = [value for value in (report, found) if isinstance(value, BaseException)]
    for value in wrong:
        print(f"failed: {value!r}")
    return 1 if wrong else 0


def verdict(stall: float) -> str:
    """Return the word beside a figure."""
    return f"(goal {GOAL_MS:.0f} ms)" if stall <= GOAL_MS else f"(goal {GOAL_MS:.0f} ms) MISSED"


if __name__ == "__main__":
    sys.exit(main())
