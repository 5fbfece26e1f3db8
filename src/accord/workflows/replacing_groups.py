"""What is de-identified together: the texts of a patient or a matter, read, and worked on in another process."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import nullcontext

from accord.checks import registry
from accord.domain.batches import batched, paced
from accord.domain.errors import Cancelled
from accord.domain.findings import Kind
from accord.domain.ledger import Who
from accord.domain.progress import Progress, Silent
from accord.jobs.standing import StandingWorker
from accord.storage import deidentified, findings, listing
from accord.storage.project import Project, View
from accord.workflows.replacing import Changed, Task, Text, Work, replaced

_PART_SECONDS, _FIRST = 0.5, 5  # until what was done is told, and how many groups at first
_FEW = 20  # examples looked at here, where nothing has to be loaded for it


def changes(
    *,
    project: Project,
    seqs: Sequence[int],
    work: Work,
    marks: Collection[str] = (),
    whole: bool = False,
    progress: Progress | None = None,
) -> Iterator[Sequence[Changed]]:
    """Yield what would change, part by part: all of a group at once, looked at in a process of its own.

    Stopped, it yields an empty part and ends, so that whoever writes the parts stops there.
    """
    watch, wanted = progress or Silent(), set(seqs)
    clusters = _clusters(project, seqs, whole=whole)
    few = sum(len(members) for _name, members in clusters) <= _FEW
    kinds = () if marks and not work.preview else {Kind.PERSONAL}  # what is found beside one finding is kept
    loads = (work.heavy or not kinds) and registry.heavy(work.settings.checks, kinds=kinds)
    here = not clusters or (few and not loads)
    try:
        with StandingWorker() if not here else nullcontext() as worker:
            for part in paced(clusters, _PART_SECONDS, first=_FIRST):
                watch.check()
                args = (_tasks(project, part, wanted, marks), work)
                if worker is None:
                    yield replaced(*args)
                else:
                    worker.submit(replaced, args)
                    yield worker.result(watch)
    except Cancelled:
        yield ()


def secret_of(project: Project, who: Who) -> bytes:
    """Return the project's secret that surrogates follow from, made when it is first asked for."""
    with project.read() as view:
        found = deidentified.secret(view)
    if found:
        return found
    with project.write(who) as unit:
        deidentified.make_secret(unit)
        found = deidentified.secret(unit)
        unit.commit()
    return found


def _clusters(project: Project, seqs: Sequence[int], *, whole: bool) -> list[tuple[str, list[int]]]:
    """Return (name, examples) of what shares its surrogates, for these examples; the others of a group come along."""
    with project.read() as view:
        if whole:
            return [("project", list(listing.seqs(view)))] if seqs else []
        of_group = deidentified.groups(view)
    members: dict[str, list[int]] = {}
    wanted = {of_group[seq] for seq in seqs if seq in of_group}
    for seq, group in of_group.items():
        if group in wanted:
            members.setdefault(group, []).append(seq)
    alone = [("", [seq]) for seq in seqs if seq not in of_group]
    return sorted([*((f"group:{name}", sorted(found)) for name, found in members.items()), *alone], key=_first)


def _first(cluster: tuple[str, list[int]]) -> int:
    return cluster[1][0]


def _tasks(
    project: Project, clusters: Sequence[tuple[str, list[int]]], wanted: Collection[int], marks: Collection[str]
) -> list[Task]:
    with project.read() as view:
        return [_task(view, name, members, wanted, frozenset(marks)) for name, members in clusters]


def _task(view: View, name: str, members: Sequence[int], wanted: Collection[int], marks: frozenset[str]) -> Task:
    texts: list[Text] = []
    first_id = ""
    for part in batched(members):
        rows, originals, said = listing.page(view, part), listing.originals(view, part), findings.dismissals(view, part)
        dates = listing.source_dates(view, part)
        first_id = first_id or (rows[0].id if rows else "")
        texts += [
            Text(
                seq=row.seq,
                original=originals[row.seq].text,
                standing=row.content.text,
                wanted=row.seq in wanted,
                dismissed=frozenset(said.get(row.seq, ())),
                marks=marks,
                dates=dates.get(row.seq, ()),
            )
            for row in rows
        ]
    return Task(group=name or f"example:{first_id}", texts=tuple(texts))
