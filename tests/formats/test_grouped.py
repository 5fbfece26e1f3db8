"""Blank cells below a filled one: repeated where nothing else can be meant or where it is said, never beyond a group."""

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.samples import faults, records

from accord.domain.records import RowFault
from accord.formats.failures import UnreadableFile
from accord.formats.grouped import fill_down, named_columns, written
from accord.formats.reading import FileShape, inspect_file, open_rows
from accord.formats.rejections import write_rejections
from accord.formats.rows import RawRow

HEAD = "no,question,passage,mark"
GROUPS = [
    HEAD,
    "1,What?,first passage of one,2",
    ",,second passage of one,0",
    "2,Why?,first passage of two,1",
    ",,second passage of two,0",
]


def table(tmp_path: Path, *lines: str, **how: str) -> FileShape:
    """Look at a CSV file of these lines."""
    path = tmp_path / "a.csv"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return inspect_file(path, **how)


def asked(shape: FileShape) -> list[str]:
    """Return the requests of the good rows."""
    return [row.content.request or "" for row in records(open_rows(shape))]


def test_a_question_stands_for_the_rows_below_it(tmp_path: Path) -> None:
    shape = table(tmp_path, *GROUPS)
    assert (shape.grouped, shape.fills) == (("no", "question"), True)
    assert asked(shape) == ["What?", "What?", "Why?", "Why?"]
    assert [row["no"] for row in shape.sample] == ["1", "1", "2", "2"]
    assert [note for note in shape.notes if "“no”, “question”" in note]
    assert [row.line for row in records(open_rows(shape))] == [2, 3, 4, 5]


def test_it_can_be_left_alone(tmp_path: Path) -> None:
    shape = table(tmp_path, *GROUPS, fill="none")
    assert (shape.grouped, shape.fills) == (("no", "question"), False)
    assert [fault.line for fault in faults(open_rows(shape))] == [3, 5]
    assert shape.notes == ()


@pytest.mark.parametrize(
    "lines",
    [
        ["question,answer", "Q1,A1", ",A2", ",A3", "Q2,A4", ",A5"],  # requests may simply be missing
        ["no,question,answer", "1,Q1,A1", "2,,A2", "3,,A3", "4,Q2,A4"],  # not blank together
        ["no,question,answer,x", "1,Q1,A1,1", ",,A2,2", "2,Q2,A3,", ",,A4,4"],  # another column has gaps
        ["no,question,answer", ",,A0", "1,Q1,A1", ",,A2", "2,Q2,A3", ",,A4"],  # nothing above the first
        ["no,question,answer", "1,Q1,A1", ",,A2", ",,A3"],  # one group
        ["no,question,answer", "1,Q1,A1", "2,Q2,A2", "3,Q3,A3", ",,A4"],  # a few gaps
        [
            "question,system,history,answer",
            "Q1,S,H,A1",
            "Q2,,,A2",
            "Q3,S,H,A3",
            "Q4,,,A4",
        ],  # the request is never blank
    ],
)
def test_what_can_mean_something_else_stays_blank(tmp_path: Path, lines: Sequence[str]) -> None:
    shape = table(tmp_path, *lines)
    assert not shape.fills
    expected = sum(bool(line.split(",")[lines[0].split(",").index("question")]) for line in lines[1:])
    assert len(records(open_rows(shape))) == expected


def test_what_is_uncertain_is_told_and_can_be_said(tmp_path: Path) -> None:
    lines = ["question,answer", "Q1,A1", ",A2", ",A3", "Q2,A4", ",A5"]
    shape = table(tmp_path, *lines)
    assert (shape.grouped, shape.fills) == (("question",), False)
    assert any("blank below a filled one" in note for note in shape.notes)
    assert asked(table(tmp_path, *lines, fill="question")) == ["Q1", "Q1", "Q1", "Q2", "Q2"]


def test_blank_rows_between_groups_make_one_column_sure(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for cells in (["question", "answer"], ["Q1", "A1"], [None, "A2"], [], ["Q2", "A3"], [None, "A4"]):
        sheet.append(cells)
    book.save(tmp_path / "a.xlsx")
    shape = inspect_file(tmp_path / "a.xlsx")
    assert asked(shape) == ["Q1", "Q1", "Q2", "Q2"]
    assert [row.line for row in records(open_rows(shape))] == [2, 3, 5, 6]


@pytest.mark.parametrize("divider", [",,,", "", '"a quote that ends, here" or so,,,'])
def test_a_group_ends_at_a_blank_row_and_at_one_that_cannot_be_read(tmp_path: Path, divider: str) -> None:
    shape = table(tmp_path, *GROUPS, divider, ",,nobody knows whose,0", "3,How?,first of three,1")
    assert shape.fills or shape.grouped
    rows = list(open_rows(table(tmp_path, *GROUPS, divider, ",,whose,0", "3,How?,first,1", fill="no,question")))
    assert [row.content.request for row in records(rows)] == ["What?", "What?", "Why?", "Why?", "How?"]
    assert ("question", "The request is empty.") in {(fault.field, fault.reason) for fault in faults(rows)}


def test_line_breaks_inside_cells_end_no_group(tmp_path: Path) -> None:
    shape = table(tmp_path, HEAD, '1,What?,"a\nb",2', ",,c,0", "2,Why?,d,1", ',,"e\n\nf",0', ",,g,1")
    assert asked(shape) == ["What?", "What?", "Why?", "Why?", "Why?"]


def test_a_blank_in_the_first_row_of_a_group_is_not_taken_from_the_group_before(tmp_path: Path) -> None:
    later = [f"{n},Q{n},p{n},1" for n in range(3, 60)] + ["60,,p,1", ",,q,1"]
    shape = table(
        tmp_path, HEAD, *[f"{n // 2 if n % 2 == 0 else ''},{'Q' if n % 2 == 0 else ''},p,1" for n in range(50)], *later
    )
    assert shape.fills
    assert [fault.line for fault in faults(open_rows(shape))] == [109, 110]


def test_the_key_of_a_group_and_its_long_text_are_guessed(tmp_path: Path) -> None:
    lines = [line.replace("no,", "question id,") for line in GROUPS]
    assert table(tmp_path, *lines).mapping == {"request": "question", "answer": "passage", "group": "question id"}


def test_refused_rows_stand_on_their_own_in_the_file_of_refused_rows(tmp_path: Path) -> None:
    lines = ["no,question,answer,conversation", "1,What?,A,a", ",,B,b", "2,Why?,C,c", ",,D,d"]
    shape = table(tmp_path, *lines)
    reader = open_rows(shape, mapping={"verdict": "conversation"})
    refused = [
        RowFault(line=3, field="", reason="no verdict", raw=",".join(row.value.values())) for row in reader.raw()
    ]
    write_rejections(tmp_path / "b.csv", shape, refused)
    again = inspect_file(tmp_path / "b.csv")
    assert asked(again) == ["What?", "What?", "Why?", "Why?"]


def test_columns_are_named_with_commas_in_quotes(tmp_path: Path) -> None:
    columns = ("a,b", "c", "none")
    assert named_columns(tmp_path, 'c,"a,b"', columns) == ("a,b", "c")
    assert named_columns(tmp_path, "a,b", columns) == ("a,b",)
    with pytest.raises(UnreadableFile, match="no column “x”"):
        named_columns(tmp_path, "c,x", columns)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), unique=True, min_size=1))
def test_any_columns_can_be_named(columns: list[str]) -> None:
    assert named_columns(Path("a"), written(columns), columns) == tuple(columns)


def test_only_tables_have_cells_to_fill(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"question": "Q", "answer": "A"}\n', encoding="utf-8")
    with pytest.raises(UnreadableFile, match="Only the cells of a table"):
        inspect_file(path, fill="question")
    assert not inspect_file(path, fill="none").fills


@given(st.lists(st.tuples(st.sampled_from(["", " ", "x", "y"]), st.sampled_from(["", "1", "2"])), max_size=30))
def test_only_blank_cells_change_and_no_row_with_text_is_lost(cells: list[tuple[str, str]]) -> None:
    rows = [RawRow(line, {"a": a, "b": b}, b"") for line, (a, b) in enumerate(cells, start=2)]
    found = list(fill_down(rows, ["a"], ""))
    kept = [row for row in rows if any(cell.strip() for cell in row.value.values())]
    assert [row.line for row in found] == [row.line for row in kept]
    for before, after in zip(kept, found, strict=True):
        assert after.value["b"] == before.value["b"]
        assert after.value["a"] == before.value["a"] or not before.value["a"].strip()
