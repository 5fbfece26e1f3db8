"""The Examples page, Home and the workflows behind them at a million examples, each figure beside its floor.

.venv/bin/python tests/benchmarks/bench_million.py [--n 1000000] [--keep FOLDER] [--place postgresql://...]

The project is made through storage (imported in four files, three tenths judged); ``--keep`` names a folder in which it is
found again. The page is the real one, offscreen, its table 1400 x 900 px. Floors, in the same run: the same statements
through the bare driver, a bare table view of constant strings, one INSERT and COMMIT with synchronous=FULL. With
``--place`` the workflows alone are measured on a server at 100,000, 300,000 and n examples, and how each figure grows.
The exit status is 1 where a goal is missed, as is said beside it.
"""

import argparse
import math
import os
import random
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QAbstractTableModel, QEventLoop, QPoint, QPointF, Qt, QTimer  # noqa: E402  (the platform is chosen above)
from PySide6.QtGui import QWheelEvent  # noqa: E402
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QHeaderView, QTableView  # noqa: E402
from pysqlite3 import dbapi2  # noqa: E402
from tests.benchmarks.many_examples import WHO, grow, open_or_make  # noqa: E402  (found by the path above)

from accord.domain.review import Judgement, Verdict  # noqa: E402
from accord.gui.app import build_window  # noqa: E402
from accord.gui.context import Context  # noqa: E402
from accord.gui.jobs_bridge import GuiDelivery  # noqa: E402
from accord.gui.pages.examples.filtering import ExampleFilter  # noqa: E402
from accord.gui.pages.examples.page import ExamplesPage  # noqa: E402
from accord.gui.pages.home import facts as home  # noqa: E402
from accord.gui.stall import StallWatch  # noqa: E402
from accord.gui.widgets.table import PAGE_ROWS  # noqa: E402
from accord.jobs import Jobs  # noqa: E402
from accord.settings import MachineSettings  # noqa: E402
from accord.storage.project import Project, create_project  # noqa: E402
from accord.workflows import browsing, bulk, reviewing, undoing  # noqa: E402

JUMPS, WHEELS, SAVES = 60, 150, 60
VISIBLE = "import_id NOT IN (SELECT id FROM import_run WHERE state = 'pending')"


@dataclass
class Table:
    """The figures: what, how long, its floor, its goal, all in ms (or MB)."""

    missed: list[str] = field(default_factory=list)

    def say(
        self, what: str, value: float, *, floor: float | None = None, goal: float | None = None, unit: str = "ms"
    ) -> None:
        """Print one line."""
        beside = "" if floor is None else f"floor {floor:8.1f}, {value / max(floor, 0.1):5.1f} x"
        verdict = "" if goal is None else f"goal {goal:5.0f} {'ok' if value <= goal else 'MISSED'}"
        print(f"{what:52}{value:9.1f} {unit}   {beside:26} {verdict}", flush=True)
        if goal is not None and value > goal:
            self.missed.append(what)


def ms(work: Callable[[], object], times: int = 1) -> float:
    """Return the median time of some runs."""
    taken = []
    for _time in range(times):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return sorted(taken)[len(taken) // 2]


def p95(values: Sequence[float]) -> float:
    """Return the value that 95 of 100 do not exceed."""
    return sorted(values)[math.ceil(len(values) * 0.95) - 1]


def memory_mb() -> float:
    """Return what this process holds now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Window:
    """The whole window on a project, and the event loop in this program's hand."""

    def __init__(self, folder: Path) -> None:
        os.environ["ACCORD_CONFIG_DIR"] = str(folder / "config")
        self.app = QApplication.instance() or QApplication([])
        self.jobs = Jobs(GuiDelivery().deliver)
        self.context = Context(jobs=self.jobs, settings=MachineSettings(), actor="ana")
        self.window = build_window(self.context)
        self.window.resize(1400, 900)
        self.window.show()
        self._tick = QTimer()
        self._tick.start(2)

    def until(self, ready: Callable[[], object], limit: float = 120.0) -> float:
        """Turn the event loop until something is so; return the ms that took.

        It sleeps between events, as a running window does: a loop that never rests keeps Python's lock from the readers.
        """
        started = time.perf_counter()
        while not ready():
            self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if time.perf_counter() - started > limit:
                raise TimeoutError("the window never became ready")
        return (time.perf_counter() - started) * 1000

    def rest(self, seconds: float = 0.4) -> None:
        """Let what is under way come to its end."""
        self.until(lambda: all(job.state.final for job in list(self.jobs._jobs.values())))
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self.app.processEvents()
            time.sleep(0.001)

    def open(self, project: Project) -> ExamplesPage:
        """Put a project in force and show all examples."""
        self.context.set_project(project, name="bench", file=str(project.place))
        self.context.navigate("examples")
        page = self.window.current
        assert isinstance(page, ExamplesPage)
        return page

    def close(self) -> None:
        """End every thread."""
        self.window.close()
        self.rest(0.2)
        self.jobs.shutdown()


class Constant(QAbstractTableModel):
    """A model of as many rows and columns whose cells are all one text: what a table costs without any data."""

    def __init__(self, rows: int, columns: int) -> None:
        super().__init__()
        self._size = rows, columns

    def rowCount(self, _parent: object = None) -> int:
        """Return the rows."""
        return self._size[0]

    def columnCount(self, _parent: object = None) -> int:
        """Return the columns."""
        return self._size[1]

    def data(self, _index: object, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text."""
        return "the same words in every cell" if role == Qt.ItemDataRole.DisplayRole else None


def on_screen(page: ExamplesPage) -> bool:
    """Say whether every row that is seen has been read."""
    table, model = page.table, page.browser.model
    first = max(0, table.rowAt(0))
    last = table.rowAt(table.viewport().height() - 1)
    last = last if last >= 0 else len(model.ids) - 1
    return len(model.ids) > 0 and all(row // PAGE_ROWS in model._pages for row in range(first, last + 1))


def wheel(area: QAbstractScrollArea, app: Any) -> float:
    """Turn the wheel one notch and paint; return the ms."""
    started = time.perf_counter()
    place = QPointF(area.viewport().rect().center())
    event = QWheelEvent(
        place, area.viewport().mapToGlobal(place), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    app.sendEvent(area.viewport(), event)
    app.processEvents()  # paints what came into view
    return (time.perf_counter() - started) * 1000


class Floor:
    """The same questions through the bare driver."""

    def __init__(self, project: Project, folder: Path) -> None:
        self.read = dbapi2.connect(str(project.path), isolation_level=None)
        self.read.execute("PRAGMA cache_size=-8192")
        self.write = dbapi2.connect(str(folder / "floor.db"), isolation_level=None)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE t(a INTEGER, b TEXT)"):
            self.write.execute(statement)

    def seqs(self, more: str = "", order: str = "seq") -> float:
        """Return the ms of a vector of ids."""
        return self.ask(f"SELECT seq FROM example_state WHERE {VISIBLE} {more} ORDER BY {order}")  # noqa: S608  (this file's own words)

    def counts(self) -> float:
        """Return the ms of the counts by status."""
        return self.ask(f"SELECT status, count(*) FROM example_state WHERE {VISIBLE} GROUP BY status")  # noqa: S608  (this file's own words)

    def ask(self, sql: str, *values: object) -> float:
        """Return the ms of a statement whose rows are fetched and dropped, one by one: the memory measured is Accord's."""
        return ms(lambda: deque(self.read.execute(sql, values), maxlen=0), 3)

    def page(self, numbers: Sequence[int]) -> float:
        """Return the ms of fetching one page of texts."""
        marks = ",".join("?" * len(numbers))
        return self.ask(f"SELECT seq, substr(content, 1, 300) FROM example WHERE seq IN ({marks})", *numbers)  # noqa: S608  (question marks)

    def save(self) -> float:
        """Return the 95th percentile of one insert made to last."""

        def one() -> None:
            self.write.execute("BEGIN IMMEDIATE")
            self.write.execute("INSERT INTO t VALUES (1, ?)", ("x" * 300,))
            self.write.execute("COMMIT")

        return p95([ms(one) for _time in range(SAVES)])

    def close(self) -> None:
        """Close both."""
        self.read.close()
        self.write.close()


def bare_view(app: Any, rows: int) -> tuple[float, float]:
    """Return the p95 of a jump and of a wheel step in a plain table view of constant strings."""
    view = QTableView()
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    model = Constant(rows, 6)
    view.setModel(model)
    view.resize(1400, 900)
    view.show()
    app.processEvents()
    rng = random.Random(3)

    def jump() -> None:
        view.scrollTo(model.index(rng.randrange(rows), 0))
        view.viewport().repaint()

    jumps, wheels = [ms(jump) for _time in range(JUMPS)], [wheel(view, app) for _time in range(WHEELS)]
    view.close()
    return p95(jumps), p95(wheels)


def measure_page(table: Table, window: Window, project: Project, floor: Floor) -> None:
    """Measure what a person does on the page of all examples."""
    vector = floor.seqs()
    started = time.perf_counter()
    page = window.open(project)
    window.until(lambda: on_screen(page))
    page.table.viewport().repaint()
    first = (time.perf_counter() - started) * 1000
    table.say("first rows after opening the project", first, floor=vector, goal=1000)
    window.rest()
    n = len(page.browser.model.ids)
    rng, jumps = random.Random(1), []
    some = [[rng.randrange(1, n + 1) for _row in range(PAGE_ROWS)] for _time in range(5)]
    for _time in range(JUMPS):
        target = page.browser.model.index(rng.randrange(n), 0)
        began = time.perf_counter()
        page.table.scrollTo(target)
        window.until(lambda: on_screen(page))
        page.table.viewport().repaint()
        jumps.append((time.perf_counter() - began) * 1000)
    bare_jump, bare_wheel = bare_view(window.app, n)
    fetch = p95([floor.page(numbers) for numbers in some])
    table.say("jump anywhere, rows read and painted, p95", p95(jumps), floor=bare_jump + fetch, goal=100)
    page.table.scrollTo(page.browser.model.index(n // 2, 0))
    window.until(lambda: on_screen(page))
    table.say(
        "wheel step, p95", p95([wheel(page.table, window.app) for _t in range(WHEELS)]), floor=bare_wheel, goal=16
    )
    window.rest()
    measure_orders(table, window, page, floor)


def measure_orders(table: Table, window: Window, page: ExamplesPage, floor: Floor) -> None:
    """Measure sorting, filtering and searching until the new rows are painted."""

    def until_listed(act: Callable[[], object]) -> float:
        seen: list[object] = []
        page.listing.listed.connect(seen.append)
        started = time.perf_counter()
        act()
        window.until(lambda: seen)
        window.until(lambda: on_screen(page) or not page.browser.model.ids)
        page.table.viewport().repaint()
        taken = (time.perf_counter() - started) * 1000
        page.listing.listed.disconnect(seen.append)
        window.rest(0.15)
        return taken

    for column, order in (("status", "status, seq"), ("reviewed", "last_review, seq"), ("source", "import_id, seq")):
        bare = floor.seqs(order=order)
        for descending in (False, True):
            taken = until_listed(partial(page.listing.order, column, descending))
            table.say(f"sort by {column}{', turned round' if descending else ''}", taken, floor=bare, goal=600)
    page.listing.turn("seq")
    window.rest(1.0)
    filters = {
        "selective filter: status = disagreement": ("status = disagreement", "status = 'disagreement'"),
        "selective filter: a group": ("group = patient77", None),
        "selective filter: a tag on 4%": ("tag = consent", None),
        "selective filter: id begins with 4 digits": ("id = ab12", None),
        "search: a word in one example": (
            "case1234",
            "seq IN (SELECT rowid FROM search WHERE search MATCH 'case1234')",
        ),
    }
    for what, (where, bare_where) in filters.items():
        bare_ms = None if bare_where is None else floor.seqs(f"AND {bare_where}")
        wanted = ExampleFilter(text=where)
        taken = sorted(until_listed(partial(page.listing.narrow, wanted)) for _time in range(3))[1]
        table.say(what, taken, floor=bare_ms, goal=150)
    page.listing.narrow(ExampleFilter())
    window.rest(1.0)
    started = time.perf_counter()
    for text in ("s", "st", "sta", "stat", "statu"):  # a broad prefix search, dropped by the next letter
        page.listing.narrow(ExampleFilter(text=f"{text}*"))
        window.app.processEvents()
    page.listing.narrow(ExampleFilter(text="case4321"))
    window.until(lambda: page.listing._job is None and len(page.browser.model.ids) <= 1)
    table.say("typing past five broad searches to a selective one", (time.perf_counter() - started) * 1000)
    page.listing.narrow(ExampleFilter())
    window.rest(1.0)


def measure_saving(table: Table, project: Project, floor: Floor | None, n: int) -> None:
    """Measure verdicts, one by one and in bulk, and what Home and the filters count."""
    rng, saves = random.Random(2), []
    ids = [
        row.id
        for row in browsing.example_page(
            project=project, numbers=[rng.randrange(1, n) // 100 * 100 + 60 for _t in range(SAVES)]
        )
    ]
    for example_id in ids:
        judgement = Judgement(verdict=Verdict.ACCEPT, seconds=3.0)
        save = partial(reviewing.submit, project=project, who=WHO, example_id=example_id, judgement=judgement)
        saves.append(ms(save))
    table.say("a verdict saved, p95", p95(saves), floor=None if floor is None else floor.save(), goal=20)
    counted = None if floor is None else floor.counts()
    first = home.read(project=project, reviewer="ana")
    table.say(
        "Home: counts and funnel", ms(lambda: home.read(project=project, reviewer="ana"), 3), floor=counted, goal=150
    )
    rest = ms(lambda: home.read_rest(first, project=project, reviewer="ana", clusters=None), 3)
    table.say("Home: pace and clusters, which come after", rest)
    table.say("what the filters offer, counted", ms(lambda: browsing.facets_of(project=project), 3))
    some = browsing.example_numbers(project=project, where="status = candidate")[: min(20_000, n // 10)]
    started = time.perf_counter()
    done = bulk.add_tag(project=project, who=WHO, numbers=some, tag="bulk")
    table.say(f"a tag on {done.changed:,}, each", (time.perf_counter() - started) * 1000 / max(1, done.changed))
    started = time.perf_counter()
    undoing.undo(project=project, who=WHO, act=done.act)
    table.say("   taken back, each", (time.perf_counter() - started) * 1000 / max(1, done.changed))
    started = time.perf_counter()
    done = bulk.judge(project=project, who=WHO, numbers=some[:5_000], verdict=Verdict.ACCEPT)
    table.say(f"{done.changed:,} accepted in bulk, each", (time.perf_counter() - started) * 1000 / max(1, done.changed))
    undoing.undo(project=project, who=WHO, act=done.act)


def measure_home(table: Table, window: Window) -> None:
    """Measure the longest stall of the window while Home is shown and read."""
    with StallWatch() as watch:
        taken_from = time.perf_counter()
        window.context.navigate("home")
        page: Any = window.window.current
        window.until(lambda: page.facts is not None)
        shown = (time.perf_counter() - taken_from) * 1000
        window.until(lambda: page.facts.clusters is not None)
    table.say("Home: numbers on the screen after its key", shown, goal=250)
    table.say("Home: longest stall of the window meanwhile", watch.longest_ms, goal=100)


def on_file(n: int, folder: Path, keep: Path | None) -> int:
    """Measure on a project file."""
    table = Table()
    place = (keep or folder) / f"examples{n}.accord"
    project = open_or_make(place, n)
    window, floor = Window(folder), Floor(project, folder)
    table.say("memory with the window open", memory_mb(), unit="MB")
    measure_page(table, window, project, floor)
    measure_home(table, window)
    measure_saving(table, project, floor, n)
    table.say("memory at the end", memory_mb(), goal=350, unit="MB")
    floor.close()
    window.close()
    project.close()
    print(f"{n:,} examples: {'all goals hold' if not table.missed else f'MISSED: {table.missed}'}")
    return 1 if table.missed else 0


def on_server(place: str, n: int) -> int:
    """Measure the workflows on a server at a tenth, three tenths and all of ``n``, and print how each figure grows.

    An exponent of 0 means that a figure does not grow with the examples, 1 that it grows as they do.
    """
    sizes = [n // 10, n * 3 // 10, n]
    project, have = create_project(place), 0
    found: dict[str, list[float]] = {}
    for size in sizes:
        grow(project, have, size)
        have = size
        for what, taken in questions(project, size).items():
            found.setdefault(what, []).append(taken)
    project.close()
    print(f"{'ms at':36}" + "".join(f"{size:>12,}" for size in sizes) + f"{'exponent':>12}{'at 10 million':>16}")
    for what, values in found.items():
        exponent = math.log(max(values[-1], 0.01) / max(values[0], 0.01)) / math.log(sizes[-1] / sizes[0])
        expected = values[-1] * (10_000_000 / sizes[-1]) ** max(0.0, exponent)
        print(f"{what:36}" + "".join(f"{value:12.1f}" for value in values) + f"{exponent:12.2f}{expected:16.0f}")
    return 0


def questions(project: Project, n: int) -> dict[str, float]:
    """Return the ms of what the page and Home ask, by name."""
    rng = random.Random(5)
    some = [[rng.randrange(1, n + 1) for _row in range(PAGE_ROWS)] for _time in range(5)]
    found = {"first rows": ms(partial(browsing.first_numbers, project=project, limit=PAGE_ROWS), 3)}
    found["a page anywhere"] = p95([ms(partial(browsing.example_page, project=project, numbers=part)) for part in some])
    for sort in ("seq", "status", "last_review", "import"):
        found[f"all by {sort}"] = ms(partial(browsing.example_numbers, project=project, sort=sort), 3)
    for where in ("status = disagreement", "group = patient77", "tag = consent", "id = ab12", "text ~ case77"):
        found[where] = ms(partial(browsing.example_numbers, project=project, where=where), 3)
    found["Home"] = ms(partial(home.read, project=project, reviewer="ana"), 3)
    found["what the filters offer"] = ms(partial(browsing.facets_of, project=project), 3)
    saves = []
    for row in browsing.example_page(project=project, numbers=[100 * k + 60 for k in range(n // 100)][:SAVES]):
        judgement = Judgement(verdict=Verdict.ACCEPT, seconds=3.0)
        saves.append(ms(partial(reviewing.submit, project=project, who=WHO, example_id=row.id, judgement=judgement)))
    found["a verdict saved, p95"] = p95(saves)
    return found


def main() -> int:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--n", type=int, default=1_000_000)
    parser.add_argument(
        "--keep", type=Path, default=None, help="a folder in which the project is kept for the next run"
    )
    parser.add_argument("--place", default="", help="an empty PostgreSQL server to measure growth on")
    asked = parser.parse_args()
    if asked.place:
        return on_server(asked.place, asked.n)
    with tempfile.TemporaryDirectory() as name:
        return on_file(asked.n, Path(name), asked.keep)


if __name__ == "__main__":
    sys.exit(main())
