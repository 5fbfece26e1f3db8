"""The file of refused rows: one JSON line each with file, line, field, reason and the row itself."""

import os
from collections.abc import Iterable
from pathlib import Path

import orjson

from accord.domain.records import RowFault
from accord.formats.failures import CannotWrite
from accord.formats.shapes import FileShape


def write_rejections(path: Path, shape: FileShape, faults: Iterable[RowFault]) -> None:
    """Write the faults of ``shape``'s file to ``path`` (JSONL, UTF-8); an earlier file is replaced once all is written.

    Raises CannotWrite.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            for fault in faults:
                file.write(
                    orjson.dumps(
                        {
                            "file": shape.path.name,
                            "line": fault.line,
                            "field": fault.field,
                            "reason": fault.reason,
                            "row": fault.raw,
                        }
                    )
                    + b"\n"
                )
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise CannotWrite(path, error.strerror or str(error)) from None
    finally:
        temporary.unlink(missing_ok=True)
