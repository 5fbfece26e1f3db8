"""Rows of a Parquet file, read in small batches; lists and structs become JSON values, nothing of it is executed.

Types that only another program gives a meaning (extension types) are refused, and so are columns whose values would
unpack to far more than the file holds.
"""

import base64
import datetime as dt
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accord.domain.wording import _
from accord.formats import rows
from accord.formats.failures import RowProblem, UnreadableFile
from accord.formats.headers import MAX_COLUMNS
from accord.formats.opening import MAX_RATIO, too_much
from accord.formats.rows import RawRow, too_long

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_GROUP_BYTES = 512 << 20
_FREE = 16 << 20
_BATCH_BYTES = 4 << 20
_OUT_RATIO, _OUT_FREE = 1000, 256 << 20  # one long text may well stand in many rows, but not as a whole file of them
_FEWEST, _MOST = 1, 512


class ParquetRows:
    """The rows of a Parquet file, each with its 1-based number. Raises UnreadableFile."""

    def __init__(self, path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.notes: tuple[str, ...] = ()
        self._path = path
        self._errors = (pa.ArrowException, OSError, ValueError, MemoryError)
        self._size = path.stat().st_size
        self._done = self._out = 0
        try:
            self._file = pq.ParquetFile(path, memory_map=False, pre_buffer=False, page_checksum_verification=True)
            schema = self._file.schema_arrow
        except self._errors as error:
            raise UnreadableFile(path, _damage(error)) from None
        try:
            self._check(schema)
        except BaseException:
            self._file.close()
            raise
        self.columns: tuple[str, ...] = tuple(schema.names)

    def _check(self, schema: "pa.Schema") -> None:
        for field in schema:
            if kind := _extension(field.type):
                reason = _(
                    "Its column “{column}” is of the type {kind}, which is not read.", column=field.name, kind=kind
                )
                raise UnreadableFile(self._path, reason)
        if len(schema.names) > MAX_COLUMNS:
            raise UnreadableFile(self._path, _("It has more than {limit} columns.", limit=MAX_COLUMNS))
        if len(set(schema.names)) != len(schema.names):
            raise UnreadableFile(self._path, _("Two of its columns have the same name."))
        meta = self._file.metadata
        total = 0
        for index in range(meta.num_row_groups):
            # The figure of the group and not of its columns: a look at a damaged column ends the process in pyarrow 26.
            group = meta.row_group(index).total_byte_size
            total += group
            if group > _MOST_GROUP_BYTES or (total > _FREE and total > MAX_RATIO * self._size):
                raise UnreadableFile(self._path, too_much())
        if meta.num_rows > max(_FREE, self._size * MAX_RATIO):
            raise UnreadableFile(self._path, too_much())

    @property
    def position(self) -> int:
        """How much of the file was taken, in proportion to its rows."""
        total = self._file.metadata.num_rows if not self._file.closed else 0
        return min(self._size, self._size * self._done // total) if total else self._size

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __iter__(self) -> Iterator[RawRow]:
        """Yield the rows. Where the file breaks off, a fault says from which row on nothing could be read."""
        batches = self._batches()
        while True:
            try:
                batch = next(batches, None)
            except self._errors as error:
                reason = _("{reason} Rows from here on were not read.", reason=_damage(error))
                yield RawRow(self._done + 1, RowProblem("", reason), b"")
                return
            if batch is None:
                return
            for row in self._values(batch):
                self._done += 1
                yield RawRow(self._done, row, b"")

    def _batches(self) -> Iterator["pa.RecordBatch"]:
        """Yield batches small enough that no value that stands in many rows is written out too often."""
        size = _FEWEST
        for group in range(self._file.metadata.num_row_groups):
            for batch in self._file.iter_batches(batch_size=_MOST, row_groups=[group], use_threads=False):
                at = 0
                while at < batch.num_rows:
                    piece = batch.slice(at, size)
                    weight = sum(_weight(column) for column in piece.columns)
                    if weight > _BATCH_BYTES and size > _FEWEST:
                        size = max(_FEWEST, size // 4)
                        continue
                    self._out += weight
                    if self._out > _OUT_FREE and self._out > _OUT_RATIO * self._size:
                        raise UnreadableFile(self._path, too_much())
                    yield piece
                    at += size
                    if weight * 4 < _BATCH_BYTES:
                        size = min(_MOST, size * 2)

    def _values(self, batch: "pa.RecordBatch") -> Iterator[Any]:
        if batch.num_rows == _FEWEST and sum(map(_weight, batch.columns)) > rows.MAX_ROW_BYTES:
            yield too_long()
            return
        try:
            yield from ({name: _json(value) for name, value in row.items()} for row in batch.to_pylist())
        except (UnicodeDecodeError, ValueError, OverflowError):
            for at in range(batch.num_rows):
                yield self._single(batch.slice(at, 1))

    def _single(self, batch: "pa.RecordBatch") -> Any:
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            try:
                column.to_pylist()
            except (UnicodeDecodeError, ValueError, OverflowError):
                return RowProblem(name, _("The value is no text and no number that can be kept exactly."))
        return {name: _json(value) for name, value in batch.to_pylist()[0].items()}


def _damage(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return too_much()
    return _("It is a damaged Parquet file ({detail}).", detail=(str(error).splitlines() or [""])[0][:200])


def _extension(kind: "pa.DataType") -> str:
    """Return the name of an extension type at or inside a type; "" without one."""
    import pyarrow as pa

    if isinstance(kind, pa.BaseExtensionType):
        return str(kind)
    inner = [kind.field(index).type for index in range(kind.num_fields)]
    if pa.types.is_dictionary(kind):
        inner.append(kind.value_type)
    return next((name for one in inner if (name := _extension(one))), "")


def _weight(column: "pa.Array") -> int:
    """Return about how many bytes the values of a column are once each is written out."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        return _weight(column.dictionary_decode()) if len(column) == 1 else _weight_of_codes(column)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_map(kind):
        return 8 * len(column) + (_weight(column.flatten()) if not pa.types.is_map(kind) else int(column.nbytes))
    if pa.types.is_struct(kind):
        return 8 * len(column) + sum(_weight(child) for child in column.flatten())
    return int(column.nbytes)


def _weight_of_codes(column: "pa.DictionaryArray") -> int:
    import pyarrow.compute as pc

    longest = pc.max(pc.binary_length(column.dictionary)).as_py() if len(column.dictionary) else 0
    return len(column) * (longest or 0)


def _json(value: Any) -> Any:
    """Return a value as JSON has it: times in ISO 8601, decimals as their digits, bytes as text or else in base 64."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json(item) for item in value]
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return base64.b64encode(value).decode("ascii")
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return str(value)
