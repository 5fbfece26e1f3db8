"""Whether a table's first row names its columns is found by evidence; where it does not, it is a row like the others."""

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.samples import records

from accord.domain.content import pair
from accord.domain.records import Row
from accord.formats.failures import UnreadableFile
from accord.formats.reading import FileShape, inspect_file, open_rows


def looked(folder: Path, data: bytes, *, header: str = "auto") -> tuple[FileShape, list[Row]]:
    path = folder / "rows.dat"
    path.write_bytes(data)
    shape = inspect_file(path, header=header)
    return shape, list(open_rows(shape, mapping=None if shape.mapping else {"request": shape.columns[0]}))


HEADLESS = [
    b"What is asthma?,A disease of the airways.\nWhat is flu?,An infection.\n",
    b"What is asthma?\tA disease, of the airways.\nWhat is flu?\tAn infection.\n",
    b"What is asthma?,yes\nWhat is flu?,no\nWhat is gout?,yes\n",
    b"12,What is asthma?\n13,What is flu?\n",
    b"What is asthma?\nWhat is flu?\n",
    b"What is asthma?,A disease of the airways.\n",
]


@pytest.mark.parametrize("data", HEADLESS)
def test_a_first_row_of_data_is_read_as_a_row(tmp_path: Path, data: bytes) -> None:
    shape, rows = looked(tmp_path, data)
    assert shape.header == "no"
    assert shape.columns[0] == "column 1"
    assert [row.line for row in records(rows)] == list(range(1, data.count(b"\n") + 1))
    assert any("What is asthma?" in row.content.request for row in records(rows)) or data.startswith(b"12")
    assert any("looks like a row of data" in note for note in shape.notes)


HEADED = [
    b"question,answer\nWhat is asthma?,A disease.\n",
    b"rater1,rater2\n4,5\n3,2\n",
    b"Zelle,Ort\nmild,Nord\nmild,Nord\nsevere,West\nmild,West\n",
    b"kysymys,vastaus\nMiten astmaa voidaan hoitaa lapsilla?,Sit\xc3\xa4 hoidetaan hengitett\xc3\xa4vill\xc3\xa4 aineilla.\n",
    b"question\n",
]


@pytest.mark.parametrize("data", HEADED)
def test_names_of_columns_are_names_and_nothing_is_said(tmp_path: Path, data: bytes) -> None:
    shape, rows = looked(tmp_path, data)
    assert shape.header == "yes"
    assert len(rows) == data.count(b"\n") - 1
    assert not shape.notes


def test_where_it_is_not_certain_a_note_says_so_and_what_to_do(tmp_path: Path) -> None:
    shape, rows = looked(tmp_path, b"alpha,beta\ngamma,delta\n")
    assert (shape.header, shape.columns, len(rows)) == ("yes", ("alpha", "beta"), 1)
    assert [note for note in shape.notes if "--header no" in note]
    shape, rows = looked(tmp_path, b"alpha,beta\ngamma,delta\n", header="no")
    assert (shape.header, shape.columns, len(rows)) == ("no", ("column 1", "column 2"), 2)
    assert not shape.notes


def test_a_person_s_word_stands_against_the_evidence(tmp_path: Path) -> None:
    shape, rows = looked(tmp_path, HEADLESS[0], header="yes")
    assert (shape.columns[0], len(rows)) == ("What is asthma?", 1)
    shape, rows = looked(tmp_path, HEADED[0], header="no")
    assert [row.content for row in records(rows)] == [pair("question", "answer"), pair("What is asthma?", "A disease.")]
    with pytest.raises(UnreadableFile, match="Only a table"):
        looked(tmp_path, b'{"question":"Q"}\n', header="no")
    with pytest.raises(UnreadableFile, match="yes, no or auto"):
        looked(tmp_path, HEADED[0], header="perhaps")


def test_a_row_of_another_width_says_what_the_others_have(tmp_path: Path) -> None:
    _shape, rows = looked(tmp_path, b"one,two,three\n" + HEADLESS[0], header="no")
    assert getattr(rows[0], "reason", "") == "The row has 3 cells where the others have 2."
    assert len(records(rows)) == 2


def test_a_sheet_without_names_keeps_its_first_row_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["What is asthma?", "A disease of the airways."])
    sheet.append(["What is flu?", "An infection."])
    book.save(tmp_path / "rows.xlsx")
    shape = inspect_file(tmp_path / "rows.xlsx")
    assert (shape.header, shape.columns) == ("no", ("column 1", "column 2"))
    assert [(row.line, row.content.request) for row in records(open_rows(shape))] == [
        (1, "What is asthma?"),
        (2, "What is flu?"),
    ]
    assert inspect_file(tmp_path / "rows.xlsx", header="yes").columns[0] == "What is asthma?"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.text("ab c.?1", min_size=1).filter(lambda text: bool(text.strip()))] * 2),
        min_size=1,
        max_size=6,
    )
)
def test_no_row_is_ever_lost(tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]]) -> None:
    data = "".join(f"{one}\t{two}\n" for one, two in cells).encode()
    shape, rows = looked(tmp_path_factory.mktemp("rows"), data)
    assert len(rows) + (shape.header == "yes") == len(cells)
