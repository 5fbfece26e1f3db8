"""Reads disagreements before they are needed, so that the next one opens as soon as its key is pressed."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial

from accord.domain.wording import _
from accord.gui.context import Context
from accord.gui.jobs_bridge import run_read
from accord.gui.pages.disagreements.case import Case, read_case

KEPT = 12
Arrived = Callable[[str, Case | None], object]


class Loader:
    """A small store of read cases; ``arrived`` is called for the wanted one, with None where it is open no more."""

    def __init__(self, context: Context, arrived: Arrived) -> None:
        self._context, self._arrived = context, arrived
        self._cases: OrderedDict[str, Case | None] = OrderedDict()
        self._flying: set[str] = set()
        self._wanted = ""
        self._age = 0

    def want(self, example_id: str) -> None:
        """Have ``arrived`` called, at once where the case is there already."""
        self._wanted = example_id
        if example_id in self._cases:
            self._tell(example_id)
        elif example_id:
            self._read(example_id)

    def prefetch(self, ids: Sequence[str]) -> None:
        """Read cases that will be needed soon."""
        for example_id in ids:
            self._read(example_id)

    def forget(self) -> None:
        """Forget all cases, also those on their way: something was written."""
        self._age += 1
        self._flying.clear()
        self._cases.clear()

    def forget_one(self, example_id: str) -> None:
        """Forget one case that has changed."""
        self._cases.pop(example_id, None)

    def _read(self, example_id: str) -> None:
        if example_id in self._flying or example_id in self._cases:
            return
        self._flying.add(example_id)
        project, embedder = self._context.project, self._context.embedder
        run_read(
            self._context,
            _("Reading a disagreement"),
            lambda _progress: read_case(project, example_id, embedder),
            done=partial(self._store, self._age, example_id),
        )

    def _store(self, age: int, example_id: str, case: Case | None) -> None:
        if age == self._age:
            self._flying.discard(example_id)
            self._cases[example_id] = case
            while len(self._cases) > KEPT:
                self._cases.popitem(last=False)
        elif example_id == self._wanted and example_id not in self._cases:
            self._read(example_id)  # it was read before something changed
            return
        if example_id == self._wanted:
            self._tell(example_id)

    def _tell(self, example_id: str) -> None:
        self._wanted = ""
        self._arrived(example_id, self._cases.get(example_id))
