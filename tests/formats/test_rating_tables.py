"""Tables of ratings as people keep them: three layouts, guessed; a bad cell is refused with its place."""

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.domain.agreement import Layout, Level, RatingTable
from accord.formats.rating_tables import BadTable, read_rating_table


def table(folder: Path, text: str | bytes) -> Path:
    path = folder / "ratings.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def read(folder: Path, text: str | bytes, layout: Layout | None = None, level: Level = Level.NOMINAL) -> RatingTable:
    return read_rating_table(table(folder, text), layout=layout, level=level)


def test_ratings_have_a_column_per_rater_and_blanks_for_none(tmp_path: Path) -> None:
    found = read(tmp_path, "Item,anna,ben\n1,yes,no\n2,, yes \n3,,\n")
    assert found.layout is Layout.RATINGS
    assert found.names == ("anna", "ben")
    assert found.ratings == (("yes", "no"), (None, "yes"), (None, None))


@pytest.mark.parametrize("label", ["item", "ITEMS", "Unit", "units", "id", "ID", "Subject", "subjects", "Group", ""])
def test_a_column_that_names_the_item_is_no_rater(tmp_path: Path, label: str) -> None:
    assert read(tmp_path, f"{label},r1,r2\n7,1,2\n8,2,2\n").ratings == (("1", "2"), ("2", "2"))


def test_a_label_may_stand_anywhere_and_more_than_once(tmp_path: Path) -> None:
    assert read(tmp_path, "r1,Group,r2,id\na,x,b,1\na,x,a,2\n").names == ("r1", "r2")


def test_counts_and_matrix_are_guessed(tmp_path: Path) -> None:
    counts = read(tmp_path, "Subject,yes,no\n1,3,0\n2,2,1\n")
    assert (counts.layout, counts.names, counts.counts) == (Layout.COUNTS, ("yes", "no"), ((3, 0), (2, 1)))
    matrix = read(tmp_path, "Type,yes,no\nyes,10,2\nno,1,7\n")
    assert (matrix.layout, matrix.names, matrix.counts) == (Layout.MATRIX, ("yes", "no"), ((10, 2), (1, 7)))


def test_the_rows_of_a_matrix_may_stand_in_another_order(tmp_path: Path) -> None:
    assert read(tmp_path, ",yes,no\nno,1,7\nyes,10,2\n").counts == ((10, 2), (1, 7))


def test_a_matrix_without_names_of_its_rows_is_read_where_it_is_named(tmp_path: Path) -> None:
    assert read(tmp_path, "yes,no\n10,2\n1,7\n", Layout.MATRIX).counts == ((10, 2), (1, 7))


@pytest.mark.parametrize(
    "text",
    [
        "rater1,rater2\n1,1\n1,1\n1,1\n",  # all alike, though rows add up
        "a,b\n1,2\n2,1\n1,2\n",  # rows add up, no zero
        "r1,r2\n0,2\n2,0\n1,1\n",  # named as raters
        "a,b\n0,2\n",  # one row adds up with itself
        "a,b\n0,2\n1,2\n",  # rows do not add up
        "a,b\n0,x\nx,0\n",
    ],
)
def test_what_is_not_surely_counts_is_ratings(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text).layout is Layout.RATINGS


def test_a_named_layout_is_not_guessed(tmp_path: Path) -> None:
    text = "Subject,yes,no\n1,3,0\n2,2,1\n"
    assert read(tmp_path, text, Layout.RATINGS).ratings == (("3", "0"), ("2", "1"))
    assert read(tmp_path, "a,b\n1,2\n2,1\n,4\n", Layout.COUNTS).counts == ((1, 2), (2, 1), (0, 4))


def test_numbers_written_in_different_ways_are_one_value_where_they_are_numbers(tmp_path: Path) -> None:
    found = read(tmp_path, "r1,r2\n1,1.0\n 2 ,2e0\n-0,0\n+.5,0.5\n\uff13,3\n", level=Level.INTERVAL)
    assert found.ratings == ((1.0, 1.0), (2.0, 2.0), (0.0, 0.0), (0.5, 0.5), (3.0, 3.0))
    text = read(tmp_path, "r1,r2\n1,1.0\nYes,yes\n")
    assert text.notes == (
        "“1” and “1.0” are counted as two categories.",
        "“Yes” and “yes” are counted as two categories.",
    )


def test_a_word_for_nothing_is_a_category_and_is_told(tmp_path: Path) -> None:
    (note,) = read(tmp_path, "r1,r2\na,NA\na,b\n").notes
    assert note == "“NA” is counted as a category of its own. Leave the cell blank where nothing was rated."


@pytest.mark.parametrize("level", [Level.ORDINAL, Level.INTERVAL, Level.RATIO])
@pytest.mark.parametrize("cell", ["high", "nan", "inf", "1e999", "1_000", "1,5", "0x1"])
def test_what_is_no_number_is_refused_with_its_place(tmp_path: Path, level: Level, cell: str) -> None:
    with pytest.raises(BadTable) as refused:
        read(tmp_path, f'item,anna,ben\n1,1,2\n\n2,2,"{cell}"\n', level=level)
    assert (refused.value.line, refused.value.field) == (4, "ben")
    assert str(refused.value).startswith(f"ratings.csv, line 4, column ben: “{cell}” is not a number")
    assert str(refused.value).endswith("Nothing was calculated.")


def test_nothing_is_below_zero_at_the_ratio_level(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match=r"line 3, column r2: “-1” is below zero"):
        read(tmp_path, "r1,r2\n1,1\n1,-1\n", level=Level.RATIO)


def test_categories_are_numbers_at_the_levels_that_need_them(tmp_path: Path) -> None:
    text = "Subject,low,high\n1,3,0\n2,2,1\n"
    assert read(tmp_path, text, level=Level.ORDINAL).names == ("low", "high")
    with pytest.raises(BadTable, match=r"column low: “low” is not a number"):
        read(tmp_path, text, level=Level.INTERVAL)
    with pytest.raises(BadTable, match=r"column 1\.0: This category has two columns"):
        read(tmp_path, "1,1.0\n3,0\n2,1\n", Layout.COUNTS, Level.INTERVAL)
    assert read(tmp_path, "Subject,2,10\n1,3,0\n2,2,1\n", level=Level.ORDINAL).names == (2.0, 10.0)


def test_a_count_is_a_whole_number(tmp_path: Path) -> None:
    assert read(tmp_path, "a,b\n3.0,0\n2,1\n", Layout.COUNTS).counts == ((3, 0), (2, 1))
    for cell in ("1.5", "-1", "x", "9" * 16):
        with pytest.raises(BadTable, match=rf"line 2, column b: “{cell}” is not a count"):
            read(tmp_path, f"a,b\n3,{cell}\n2,1\n", Layout.COUNTS)


def test_a_matrix_that_is_not_square_or_not_named_alike_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match="here are 3 rows and 3 columns"):
        read(tmp_path, "id,a,b\n1,1,2\n2,1,2\n3,1,2\n", Layout.MATRIX)
    with pytest.raises(BadTable, match="column no: No row has the name of this column"):
        read(tmp_path, ",yes,no\nyes,1,2\nnope,1,2\n", Layout.MATRIX)


def test_a_ragged_row_refuses_the_table_and_a_blank_line_does_not(tmp_path: Path) -> None:
    assert len(read(tmp_path, "r1,r2\n\na,b\n   \n\nb,b\n\n").ratings) == 2
    for row in ("a", "a,b,c"):
        with pytest.raises(BadTable, match=r"line 3: The row has . cells? where the header has 2") as refused:
            read(tmp_path, f"r1,r2\na,b\n{row}\n")
        assert refused.value.line == 3


@pytest.mark.parametrize("text", ["r1,r2\n", "id\n1\n2\n"])
def test_a_table_without_ratings_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadTable, match=r"It has no row of ratings"):
        read(tmp_path, text)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.csv", tmp_path, table(tmp_path, "")):
        with pytest.raises(BadTable, match=r"Nothing was calculated\.$"):
            read_rating_table(path)


LONG = [
    (coder, item, "yes" if (item + at) % 4 else "no") for item in range(1, 8) for at, coder in enumerate(("ana", "bo"))
]


@pytest.mark.parametrize(
    ("header", "order"),
    [
        ("coder,item,label", (0, 1, 2)),
        ("item,coder,label", (1, 0, 2)),
        ("Item_ID,Label,Rater ID", (1, 2, 0)),
        ("label,reviewer,example", (2, 0, 1)),
        ("who,what,said", (0, 1, 2)),  # names that say nothing
        ("", (0, 1, 2)),
        ("", (1, 2, 0)),
    ],
)
@pytest.mark.parametrize("layout", [None, Layout.LONG])
def test_a_row_per_rating_is_read_with_or_without_a_header(
    tmp_path: Path, header: str, order: tuple[int, ...], layout: Layout | None
) -> None:
    lines = [header] * bool(header) + [",".join(str(row[at]) for at in order) for row in LONG]
    found = read(tmp_path, "\n".join(lines) + "\n", layout)
    assert (found.layout, found.names) == (Layout.LONG, ("ana", "bo"))
    wide = {item: tuple(label for _coder, one, label in LONG if one == item) for item in range(1, 8)}
    assert found.ratings == tuple(wide.values())
    assert found.notes == ()


def test_a_row_per_rating_leaves_gaps_where_one_did_not_rate(tmp_path: Path) -> None:
    found = read(tmp_path, "coder,item,label,at\na,1,x,9\nb,1,,9\nc,2,y,9\na,2,x,9\n")
    assert found.ratings == (("x", None, None), ("x", None, "y"))
    numbers = read(tmp_path, "coder,item,score\na,1,1\nb,1,2.0\na,2,10\nb,2,1\n", level=Level.INTERVAL)
    assert numbers.ratings == ((1.0, 2.0), (10.0, 1.0))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("coder,item,label\na,1,x\nb,1,x\na,1,y\n", r"line 4, column item: “a” has rated “1” before"),
        ("coder,item,label\na,1,x\n,1,x\na,2,y\n", r"line 3, column coder: The cell is empty"),
        ("a,b\n1,2\n1,1\n", r"row per rating are the rater, the item and the label is not clear"),
    ],
)
def test_a_row_per_rating_that_is_none_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(BadTable, match=reason):
        read(tmp_path, text, Layout.LONG)


@pytest.mark.parametrize(
    "text",
    [
        "x,y,z\n" + "1,2,1\n2,2,2\n1,1,3\n3,3,1\n" * 3,  # three raters
        "item,rater1,rater2\n" + "".join(f"{n},yes,{'no' if n % 2 else 'yes'}\n" for n in range(9)),
        "name,r1,r2\n" + "".join(f"n{n},yes,{'no' if n % 2 else 'yes'}\n" for n in range(9)),
        "id,reviewer,verdict\n" + "".join(f"{n},r{n},yes\n" for n in range(9)),
    ],
)
def test_columns_of_raters_are_no_rows_of_ratings(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text).layout is Layout.RATINGS


def test_a_column_that_shares_no_value_is_asked_after(tmp_path: Path) -> None:
    rows = "".join(f"case {n},{'yes' if n % 2 else 'no'},yes\n" for n in range(6))
    (note,) = read(tmp_path, "name,ana,bo\n" + rows).notes
    assert note.startswith("“name” shares no value with the other columns. If it is no rater, take it out")


def test_tabs_semicolons_marks_and_other_encodings_are_read(tmp_path: Path) -> None:
    expected = (("größer", "kleiner"), ("kleiner", "kleiner"))
    plain = "id;r1;r2\r\n1;größer;kleiner\r\n2;kleiner;kleiner\r\n"
    for data in (plain.encode("utf-8-sig"), plain.encode("utf-16"), plain.replace(";", "\t").encode()):
        assert read(tmp_path, data).ratings == expected


_CELLS = st.text(string.ascii_letters + string.digits + "äß日 ,;\"'-_", max_size=6).map(str.strip)


@given(data=st.data(), raters=st.integers(2, 5))
def test_any_ratings_come_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, raters: int
) -> None:
    rows = data.draw(st.lists(st.lists(_CELLS, min_size=raters, max_size=raters), min_size=2, max_size=8))
    lines = [[f"rater{k}" for k in range(raters)], *rows]
    text = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    found = read(tmp_path_factory.mktemp("t"), text + "\n", Layout.RATINGS)
    assert found.ratings == tuple(tuple(cell or None for cell in row) for row in rows)
