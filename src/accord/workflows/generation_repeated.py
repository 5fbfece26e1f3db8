"""The starting points of an earlier run once more, so that two models are compared on the same."""

from dataclasses import replace

from accord.domain.generation import Start
from accord.domain.review import Status
from accord.domain.wording import plural
from accord.storage import generated, generations, listing
from accord.storage.project import Project, View
from accord.workflows.generation_starts import NoStart, Starts

_NEITHER = frozenset({Status.REJECTED.value, Status.SET_ASIDE.value})


def starts_like(*, project: Project, run: int) -> Starts:
    """Return what a run started from, in its order, whatever became of it: with the same examples shown beside.

    Left out, and told: what was deleted for good, rejected, set aside or held out since, and passages of documents,
    whose texts a run keeps only until its candidates are in the project. Raises NoRun, and NoStart where none is left.
    """
    with project.read() as view:
        if generations.run(view, run) is None:
            raise generations.NoRun(run)
        before = [item.start for item in generations.items(view, run)]
        found = _usable(view, before)
    gone = len(before) - len(found)
    note = plural(
        "{n} starting point of run {run} cannot be taken again: its example or the text of its document is gone, or no "
        "model is shown it any more.",
        "{n} starting points of run {run} cannot be taken again: their examples or the texts of their documents are "
        "gone, or no model is shown them any more.",
        gone,
        run=run,
    )
    if not found:
        raise NoStart(note)
    return Starts(starts=tuple(found), notes=(note,) if gone else ())


def _usable(view: View, starts: list[Start]) -> list[Start]:
    barred = generated.kept_from_models(view)
    met = sorted({seq for start in starts for seq in (start.seed, *start.shown) if seq is not None})
    standing = {row.seq for row in listing.page(view, met) if row.status not in _NEITHER} - barred
    return [
        replace(start, shown=tuple(seq for seq in start.shown if seq in standing))
        for start in starts
        if (start.seed in standing if start.seed is not None else bool(start.tag))
        or (start.passage is not None and bool(start.passage.text))
    ]
