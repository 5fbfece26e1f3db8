"""Numbers of a workbook come out with the digits that the file has; those that Excel cut are told."""

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.samples import records

from accord.formats.cell_values import number_text
from accord.formats.reading import inspect_file, open_rows


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("12345678901234567", "12345678901234567"),
        ("1.2345678901234568E16", "12345678901234568"),
        ("-1.2345678901234568E+16", "-12345678901234568"),
        ("1E+22", "10000000000000000000000"),
        ("12345678901234567.0", "12345678901234567"),
        ("12345678901234567.5", "12345678901234567.5"),
        ("0.10000000000000001", "0.1"),
        ("42", "42"),
        ("4.2E1", "42"),
        ("1E300", "1E300"),
        ("nan", "nan"),
        ("no number", "no number"),
    ],
)
def test_a_number_has_the_digits_that_the_file_has(raw: str, text: str) -> None:
    assert number_text(raw) == text


@given(st.integers(-(10**30), 10**30))
def test_whole_numbers_are_written_in_digits(number: int) -> None:
    assert number_text(str(number)) == str(number)


def test_long_numbers_are_told_by_column_and_long_texts_are_not(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["question", "answer", "account", "file"])
    sheet.append(["Whose?", "Ana's.", 12345678901234567, "12345678901234567"])
    sheet.append(["Whose?", "Bo's.", 42, "42"])
    book.save(tmp_path / "rows.xlsx")
    shape = inspect_file(tmp_path / "rows.xlsx")
    first, _second = records(open_rows(shape))
    # openpyxl itself writes 16 digits of the number, Excel 15
    assert first.source.metadata == {"account": "12345678901234570", "file": "12345678901234567"}
    (note,) = shape.notes
    assert note.startswith("Numbers in “account” have more than 15 digits.")
