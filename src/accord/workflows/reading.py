"""Files are looked at and read in a process of their own, where a hostile one can do no harm but to be refused."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from accord.domain.progress import Progress
from accord.domain.project import ProjectSettings
from accord.domain.records import Row
from accord.domain.wording import _, mark
from accord.formats import parcels
from accord.formats.failures import UnreadableFile
from accord.formats.parcels import Counted, Parcel
from accord.formats.shapes import FileShape
from accord.jobs import WorkerDied, WorkerOutOfMemory, WorkerSilent, WorkerStream, stream_from_worker
from accord.jobs.streams import MEMORY_MB

T = TypeVar("T")


def shape_of(path: Path, options: Mapping[str, str], *, progress: Progress | None = None) -> FileShape:
    """Return what a file seems to be; ``options`` as ``inspect_file`` takes them. Raises UnreadableFile."""
    # The server of processes keeps the folder that it was started in, which may no longer be this program's.
    where = path.absolute()
    with within_limits(path), stream_from_worker(parcels.inspected, (where, options), progress=progress) as found:
        (shape,) = found
        return shape


def first_rows(shape: FileShape, mapping: Mapping[str, str] | None, limit: int) -> list[Row]:
    """Return the first rows, very long texts cut. Raises BadMapping and UnreadableFile."""
    with within_limits(shape.path), stream_from_worker(parcels.first_rows, (shape, mapping, limit)) as found:
        (rows,) = found
        return rows


class Reading:
    """The rows of a file on their way from the process that reads it; ``close`` ends that."""

    def __init__(
        self, shape: FileShape, mapping: Mapping[str, str] | None, settings: ProjectSettings, progress: Progress
    ) -> None:
        """Begin to read, as far as the first rows. Raises BadMapping and UnreadableFile."""
        self._path = shape.path
        args = (shape, mapping, settings)
        self._stream: WorkerStream[bytes] = stream_from_worker(
            parcels.read_parcels, args, progress=progress, reports=True
        )
        with within_limits(self._path):
            self._first = next(self._stream, None)

    def ready(self) -> bool:
        """Say whether the next parcel is there without waiting."""
        return self._first is not None or self._stream.ready()

    def next(self) -> Parcel | None:
        """Return the next parcel, None after the last. Raises UnreadableFile and Cancelled."""
        data, self._first = self._first, None
        if data is None:
            with within_limits(self._path):
                data = next(self._stream, None)
        return None if data is None else parcels.unpacked(data)

    def close(self) -> None:
        """End the process, unless it has read all."""
        self._stream.close()


def counts_of(
    shape: FileShape,
    mapping: Mapping[str, str] | None,
    settings: ProjectSettings,
    gone: frozenset[str],
    progress: Progress,
) -> Iterator[Counted]:
    """Yield what a count needs of all rows; the hashes ``gone`` were purged. Raises as ``Reading`` and Cancelled."""
    args = (shape, mapping, settings, gone)
    with (
        within_limits(shape.path),
        stream_from_worker(parcels.count_parcels, args, progress=progress, reports=True) as found,
    ):
        for data in found:
            yield parcels.counted(data)


_OF_ROWS = mark("Split it into smaller files, save its rows as JSONL, or leave it out.")


@contextmanager
def within_limits(path: Path, advice: str = _OF_ROWS) -> Iterator[None]:
    """Turn what the limits of the reading process did into a sentence about the file; ``advice``: what to do then."""
    try:
        yield
    except WorkerOutOfMemory as error:
        reason = _("Reading it took more than {mb} MB of memory and was stopped.", mb=MEMORY_MB)
        raise UnreadableFile(path, f"{reason} {_(advice)}") from error
    except WorkerSilent as error:
        reason = _("Reading it gave nothing for {n} seconds and was stopped.", n=round(error.seconds))
        raise UnreadableFile(path, f"{reason} {_(advice)}") from error
    except WorkerDied as error:
        reason = _("The program that reads it broke down on it.")
        raise UnreadableFile(path, f"{reason} {_(advice)}") from error
