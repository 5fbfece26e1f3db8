"""Source documents on their way to passages: each file read in a process of its own, what cannot be read is said."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from accord.domain.generation import Passage
from accord.domain.progress import Progress, Silent
from accord.domain.wording import mark, plural
from accord.formats import passages
from accord.formats.failures import UnreadableFile
from accord.jobs import stream_from_worker
from accord.workflows.reading import within_limits

_PATIENCE = 300.0  # seconds: a document gives all its passages at once
_ADVICE = mark("Cut it into smaller documents, save it as plain text, or leave it out.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFault:
    """A file of which no passage was taken, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """The passages of several files, in their order; ``notes``: sentences about files that were read in part."""

    passages: tuple[Passage, ...]
    faults: tuple[DocumentFault, ...] = ()
    notes: tuple[str, ...] = ()


def read(*, files: Sequence[Path], progress: Progress | None = None) -> Documents:
    """Return the passages of text, Markdown, HTML, Word and PDF files; a passage that stands twice is taken once.

    Raises Cancelled.
    """
    watch = progress or Silent()
    found: dict[str, Passage] = {}
    faults, notes = list[DocumentFault](), list[str]()
    for number, file in enumerate(files):
        watch.check()
        watch.report(number, len(files), file.name)
        try:
            cut, empty = _of_file(file, watch)
        except UnreadableFile as error:
            faults.append(DocumentFault(file=str(file), reason=error.reason))
        except OSError as error:
            faults.append(DocumentFault(file=str(file), reason=error.strerror or str(error)))
        else:
            found |= {one.id: one for one in cut if one.id not in found}
            notes += _of_empty(file, empty)
    return Documents(passages=tuple(found.values()), faults=tuple(faults), notes=tuple(notes))


def _of_file(file: Path, watch: Progress) -> tuple[list[Passage], tuple[int, ...]]:
    with (
        within_limits(file, _ADVICE),
        stream_from_worker(passages.of_file, (file.absolute(),), idle_seconds=_PATIENCE, progress=watch) as stream,
    ):
        ((cut, empty),) = stream
    return [Passage(id=one.id, document=one.source, place=one.place, text=one.text) for one in cut], empty


def _of_empty(file: Path, pages: Sequence[int]) -> list[str]:
    if not pages:
        return []
    return [
        plural(
            "{file}: no text was found on {n} page, which may be a picture.",
            "{file}: no text was found on {n} pages, which may be pictures.",
            len(pages),
            file=file.name,
        )
    ]
