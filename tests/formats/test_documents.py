"""Source documents: their text, headings and pages come out of each format, and what cannot be read says why."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from accord.formats import documents
from accord.formats.documents import Block, Document
from accord.formats.failures import UnreadableFile
from accord.formats.passages import MOST_WORDS, cut, words

MARKDOWN = (
    "# Aspirin\n\nFor pain.\nAnd fever.\n\n## Doses ##\n\nAdults: 500 mg.\n\nChildren\n--------\n\n- Not under 16.\n"
)
HTML = (
    "<!doctype html><html><head><title>T</title><style>p{}</style></head><body><nav>Menu</nav><h1>Aspirin</h1>"
    "<p>For <b>pain</b>.<br>And fever.</p><h2>Doses</h2><ul><li>Adults: 500&nbsp;mg.<li>Caf\u00e9</ul>"
    "<script>no()</script><!-- no --><table><tr><td>A</td><td>B</td></tr></table>after</body></html>"
)


def _pdf(path: Path, pages: list[str], *, password: str = "") -> Path:
    writer = pypdf.PdfWriter()
    for text in pages:
        page = writer.add_blank_page(300, 300)
        font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
        named = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(named)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        shown = " ".join(f"({line}) Tj 0 -14 Td" for line in text.split("\n")) if text else ""
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 10 280 Td {shown} ET".encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
    writer.add_outline_item(title="Chapter one", page_number=0)
    if password:
        writer.encrypt(password)
    writer.write(path)
    return path


def _word(path: Path) -> Path:
    made = docx.Document()
    made.add_heading("Aspirin", level=1)
    made.add_paragraph("For pain.")
    made.add_heading("Doses", level=2)
    table = made.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Adults", "500 mg"
    made.add_paragraph("After the table.")
    made.save(str(path))
    return path


def test_text_is_cut_at_blank_lines_and_its_encoding_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Für Schmerzen.\r\nUnd Fieber.\r\n\r\n---\r\n\r\nZwei.".encode("utf-16"))
    assert documents.read(path).blocks == (Block("Für Schmerzen. Und Fieber."), Block("Zwei."))


def test_markdown_keeps_its_headings(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(MARKDOWN, encoding="utf-8")
    assert documents.read(path).blocks == (
        Block("For pain. And fever.", ("Aspirin",)),
        Block("Adults: 500 mg.", ("Aspirin", "Doses")),
        Block("- Not under 16.", ("Aspirin", "Children")),
    )


def test_a_web_page_gives_what_a_person_would_read(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(HTML, encoding="utf-8")
    assert documents.read(path).blocks == (
        Block("For pain. And fever.", ("Aspirin",)),
        Block("Adults: 500 mg.", ("Aspirin", "Doses")),
        Block("Café", ("Aspirin", "Doses")),
        Block("A", ("Aspirin", "Doses")),
        Block("B", ("Aspirin", "Doses")),
        Block("after", ("Aspirin", "Doses")),
    )


def test_a_word_document_gives_paragraphs_and_rows_of_tables_in_order(tmp_path: Path) -> None:
    assert documents.read(_word(tmp_path / "a.docx")).blocks == (
        Block("For pain.", ("Aspirin",)),
        Block("Adults | 500 mg", ("Aspirin", "Doses")),
        Block("After the table.", ("Aspirin", "Doses")),
    )


def test_a_pdf_gives_its_pages_chapters_and_the_pages_without_text(tmp_path: Path) -> None:
    found = documents.read(_pdf(tmp_path / "a.pdf", ["For pain.", "", "A hyphen-\nated word."]))
    assert [(block.text, block.page) for block in found.blocks] == [("For pain.", 1), ("A hyphenated word.", 3)]
    assert found.blocks[0].under == ("Chapter one",)
    assert found.empty_pages == (2,)


def _zip(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    return path


def _cut(make: Callable[[Path], Path]) -> Callable[[Path], Path]:
    def made(path: Path) -> Path:
        whole = make(path).read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        return path

    return made


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("a.txt", lambda path: (path.write_text("") and path) or path, "It is empty"),
        ("a.txt", lambda path: path.write_text(" \n--\n") and path, "No text is in it"),
        ("a.pdf", lambda path: _pdf(path, [""]), "recognised"),
        ("a.pdf", lambda path: _pdf(path, ["x"], password="p"), "locked by a password"),  # noqa: S106  (of a test)
        ("a.pdf", _cut(lambda path: _pdf(path, ["For pain."] * 30)), "PDF is damaged|No text"),
        ("a.docx", _zip, "no Word document"),
        ("a.docx", _cut(_word), "damaged|cut"),
        ("a.doc", lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600) and path, "before 2007"),
        ("none.pdf", lambda path: path, "no such file"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, make: Callable[[Path], Path], said: str, tmp_path: Path) -> None:
    path = make(tmp_path / name)
    with pytest.raises(UnreadableFile, match=said):
        documents.read(path)


SENTENCE = st.lists(st.sampled_from(["aspirin", "500", "mg", "(no)", "“yes.”", "é"]), min_size=1, max_size=40).map(
    lambda found: " ".join(found) + "."
)
CHINESE = st.integers(1, 400).map(lambda n: "阿" * n + "。")
BLOCK = st.builds(
    Block,
    st.lists(SENTENCE | CHINESE, min_size=1, max_size=30).map(" ".join),
    st.sampled_from([("A",), ("A", "B"), ()]),
    st.integers(1, 9),
)


@settings(deadline=None)
@given(st.lists(BLOCK, min_size=1, max_size=12), st.integers(20, MOST_WORDS))
def test_passages_hold_all_text_in_order_none_too_long_and_none_across_a_heading(
    blocks: list[Block], most_words: int
) -> None:
    found = cut(Document("a", "00", tuple(blocks)), most_words=most_words)
    assert "".join("".join(passage.text for passage in found).split()) == "".join(
        "".join(block.text for block in blocks).split()
    )
    for passage in found:
        assert words(passage.text) <= most_words + 1
        assert passage.pages[0] <= passage.pages[1]
    order = [block.under for block in blocks]
    runs = [under for number, under in enumerate(order) if not number or order[number - 1] != under]
    seen = [passage.under for passage in found]
    assert [under for number, under in enumerate(seen) if not number or seen[number - 1] != under] == runs


def test_a_passage_says_where_it_stands(tmp_path: Path) -> None:
    first, *_rest = cut(documents.read(_pdf(tmp_path / "a.pdf", ["For pain."])))
    assert first.place == "a.pdf > Chapter one > p. 1"
    assert first.id == cut(documents.read(tmp_path / "a.pdf"))[0].id
