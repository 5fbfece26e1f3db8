"""The rows of files of text (CSV, JSONL, JSON): one stream of UTF-8, read by the container it holds."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from accord.domain.wording import _
from accord.formats.chatml import chatml_rows
from accord.formats.delimited import DelimitedRows
from accord.formats.encodings import Utf8Stream
from accord.formats.failures import RowProblem, UnreadableFile
from accord.formats.json_scan import seek
from accord.formats.rejection_marks import Marked, is_marked
from accord.formats.rows import RawRow, array_rows, jsonl_rows


class RowSource(Protocol):
    """The rows of a file, whatever holds them. ``columns``: as a header names them, () where each row names its own."""

    columns: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def position(self) -> int:
        """How many bytes of the file on the disk have been taken."""
        ...

    def __iter__(self) -> Iterator[RawRow]:
        """Yield the rows, once. Raises UnreadableFile where the file itself breaks off."""
        ...

    def close(self) -> None:
        """Close the file."""
        ...


class TextRows:
    """The rows of a file of text. Raises UnreadableFile for a broken header or a place that is not there.

    ``header``: of a table, whether a row names the columns (as ``headers.find_header`` is told), then what was found.
    """

    def __init__(  # noqa: PLR0917  (a file's shape, part by part)
        self,
        path: Path,
        encoding: str,
        member: str,
        container: str,
        delimiter: str,
        pointer: str,
        header: str = "",
    ) -> None:
        self.columns: tuple[str, ...] = ()
        self.notes: tuple[str, ...] = ()
        self.header = header
        self._marked: Marked | None = None
        self._stream = Utf8Stream(path, encoding, member)
        try:
            self._rows = self._opened(path, container, delimiter, pointer)
        except BaseException:
            self._stream.close()
            raise

    def _opened(self, path: Path, container: str, delimiter: str, pointer: str) -> Iterator[RawRow]:
        if container == "jsonl":
            self._marked = Marked(jsonl_rows(self._stream))
            return iter(self._marked)
        if container == "chatml":
            return chatml_rows(self._stream)
        if container == "array":
            if not pointer:
                return array_rows(self._stream)
            head = seek(self._stream, pointer)
            if head is None:
                raise UnreadableFile(path, _("There is no list of rows at {pointer}.", pointer=pointer))
            return array_rows(self._stream, head)
        try:
            records = DelimitedRows(self._stream, delimiter, self.header)
        except RowProblem as problem:
            raise UnreadableFile(path, problem.reason) from None
        self.columns, self.notes, self.header = records.columns, records.notes, records.header
        if not is_marked(self.columns):
            return iter(records)
        self._marked = Marked(iter(records), self.columns, delimiter)
        self.columns = self._marked.columns
        return iter(self._marked)

    @property
    def original(self) -> str:
        """The name of the file that refused rows stood in, once one was read; "" in any other file."""
        return self._marked.original if self._marked else ""

    @property
    def position(self) -> int:
        """How many bytes of the file on the disk have been taken."""
        return self._stream.position

    def __iter__(self) -> Iterator[RawRow]:
        return self._rows

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
