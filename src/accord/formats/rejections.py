"""The file of refused rows: the rows as they are, each with its line, field and reason, to correct and import again.

Of a table it is a table with the same delimiter and columns and, at the end, those of ``COLUMNS``; ``accord_row`` holds
a row that cannot be put into columns, as text. Cells are guarded against running as formulas. Of anything else it is
JSONL: the row itself with the key ``accord_rejected`` at its end, or that key alone with the text of what is no JSON
under ``row``. Both are taken away when the file is read: a corrected row is then like any other, from its line of the
file that it first stood in, and text in the mark that has become a row is read as one.
"""

import csv
import io
import os
from collections.abc import Iterable
from pathlib import Path

from accord.domain.records import RowFault
from accord.formats.failures import CannotWrite
from accord.formats.grouped import TABLES
from accord.formats.rejection_marks import COLUMNS, json_line, table_line
from accord.formats.shapes import FileShape


def write_rejections(path: Path, shape: FileShape, faults: Iterable[RowFault]) -> None:
    """Write the faults of ``shape``'s file to ``path`` (UTF-8); an earlier file is replaced once all is written.

    Raises CannotWrite.
    """
    origin = shape.original or os.fsencode(shape.path.name).decode("utf-8", "replace")
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            if shape.container in TABLES:
                text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
                table = csv.writer(text, delimiter=shape.delimiter or ",")
                table.writerow([*shape.columns, *COLUMNS])
                table.writerows(table_line(fault, shape.columns, shape.delimiter, origin) for fault in faults)
                text.detach()
            else:
                file.writelines(json_line(fault, origin) for fault in faults)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise CannotWrite(path, error.strerror or str(error)) from None
    finally:
        temporary.unlink(missing_ok=True)


def suffix_of(name: str) -> str:
    """Return the ending of the refused rows' file for a file of this name: that of a text, .csv for a workbook."""
    suffix = Path(name).suffix.lower()
    if suffix in {".xlsx", ".xlsm"}:
        return ".csv"
    return suffix if suffix in {".csv", ".tsv", ".txt", ".jsonl", ".json"} else ".jsonl"
