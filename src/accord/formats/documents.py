"""Source documents as blocks of plain text under their headings: text, Markdown, HTML, Word and PDF."""

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from accord.domain.wording import _
from accord.formats.detecting import detect
from accord.formats.encodings import Utf8Stream
from accord.formats.failures import UnreadableFile
from accord.formats.opening import check_file, is_bomb, open_zip

MOST_BYTES = 200 << 20
_BLOCK_TAGS = frozenset({"p", "li", "td", "th", "pre", "blockquote", "dd", "dt", "figcaption", "caption", "address"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_UNSEEN = frozenset({"script", "style", "noscript", "template", "head", "svg", "nav", "iframe", "object"})
_MARKDOWN_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*$")
_UNDERLINED = re.compile(r"^(=+|-+)[ \t]*$")
_CODE = re.compile(r"^(```|~~~)")
_WORD_HEADING = re.compile(r"^Heading ([1-6])$|^Title$", re.IGNORECASE)
_HYPHEN = re.compile(r"(?<=\w)[\u00ad-]\n(?=[a-zà-öø-ÿ])")
_PARAGRAPH = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, list item or cell. ``under``: the headings above, outermost first; ``page``: 0 where unknown."""

    text: str
    under: tuple[str, ...] = ()
    page: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A source document. ``sha256``: of the file; ``empty_pages``: those of a PDF on which no text was found."""

    name: str
    sha256: str
    blocks: tuple[Block, ...]
    empty_pages: tuple[int, ...] = ()


@dataclass(slots=True)
class _Under:
    """The headings in force while a document is read."""

    levels: dict[int, str] = field(default_factory=dict)

    def enter(self, level: int, text: str) -> None:
        self.levels = {known: title for known, title in self.levels.items() if known < level} | {level: text}

    def now(self) -> tuple[str, ...]:
        return tuple(title for _level, title in sorted(self.levels.items()))


def read(path: Path) -> Document:
    """Return the text of a document. Raises UnreadableFile, OSError.

    Give it to a process of its own where the file comes from elsewhere: a small PDF can take much memory.
    """
    check_file(path)
    if path.stat().st_size > MOST_BYTES:
        raise UnreadableFile(path, _("It is larger than {limit} MB; cut it first.", limit=MOST_BYTES >> 20))
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        head = file.read(2048)
    empty: list[int] = []
    blocks = tuple(_tidied(_reader(path, head)(path, empty)))
    if not blocks:
        reason = _("No text is in it. If its pages are pictures, have them recognised (OCR) first.")
        raise UnreadableFile(path, reason)
    return Document(path.name, sha256, blocks, tuple(empty))


def _reader(path: Path, head: bytes) -> Callable[[Path, list[int]], Iterator[Block]]:
    if head.lstrip().startswith(b"%PDF"):
        return _pdf
    if head.startswith(b"PK\x03\x04"):
        return _word
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(path, _("It is in the Word format of before 2007. Save it as .docx."))
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype html", b"<html")) or path.suffix.lower() in {".html", ".htm", ".xhtml"}:
        return _html
    return _markdown if path.suffix.lower() in {".md", ".markdown"} else _text


def _tidied(blocks: Iterator[Block]) -> Iterator[Block]:
    """Yield the blocks that have words, their white space made plain."""
    for block in blocks:
        text = " ".join(block.text.replace("\u00ad", "").split())
        if any(character.isalnum() for character in text):
            yield Block(text, block.under, block.page)


def _characters(path: Path) -> str:
    encoding, _member = detect(path)
    stream = Utf8Stream(path, encoding)
    try:
        raw = stream.read()
    finally:
        stream.close()
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(path, _("Line {line} holds a byte that is no text.", line=line)) from None


def _text(path: Path, _empty: list[int]) -> Iterator[Block]:
    for paragraph in _PARAGRAPH.split(_characters(path).replace("\r\n", "\n").replace("\f", "\n\n")):
        yield Block(paragraph)


def _markdown(path: Path, _empty: list[int]) -> Iterator[Block]:
    under, lines, code = _Under(), list[str](), False
    for line in [*_characters(path).replace("\r\n", "\n").split("\n"), ""]:
        if _CODE.match(line.strip()):
            code = not code
            continue
        heading = None if code else _MARKDOWN_HEADING.match(line)
        if not code and len(lines) == 1 and _UNDERLINED.match(line):
            under.enter(1 if line.startswith("=") else 2, lines.pop())
        elif heading or not line.strip():
            yield Block("\n".join(lines), under.now())
            lines = []
            if heading:
                under.enter(len(heading[1]), heading[2])
        else:
            lines.append(line)
    yield Block("\n".join(lines), under.now())


def _html(path: Path, _empty: list[int]) -> Iterator[Block]:
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", huge_tree=False, no_network=True)
    try:
        root = html.document_fromstring(_characters(path).encode("utf-8"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableFile(path, _("Its HTML cannot be read ({detail}).", detail=error)) from None
    etree.strip_elements(root, etree.Comment, *_UNSEEN, with_tail=False)
    under = _Under()
    yield from _elements(root, under)


def _elements(element: Any, under: _Under) -> Iterator[Block]:
    """Yield the text of an element: what stands in one block of the page is one block, inner blocks their own."""
    own: list[str] = [element.text or ""]
    for child in element:
        if child.tag in _HEADINGS:
            yield Block("".join(own), under.now())
            own = []
            under.enter(int(child.tag[1]), " ".join(child.text_content().split()))
        elif _holds_blocks(child):
            yield Block("".join(own), under.now())
            own = []
            yield from _elements(child, under)
        else:
            own.append("\n" if child.tag == "br" else child.text_content())
        own.append(child.tail or "")
    yield Block("".join(own), under.now())


def _holds_blocks(element: Any) -> bool:
    own = element.tag in _BLOCK_TAGS or element.tag in {"div", "section", "article", "ul", "ol", "dl", "table", "tr"}
    return own or any(child.tag in _BLOCK_TAGS or child.tag in _HEADINGS for child in element.iter())


def _word(path: Path, _empty: list[int]) -> Iterator[Block]:
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table
    from lxml import etree

    with path.open("rb") as file:
        archive = open_zip(path, file)
        if "word/document.xml" not in archive.namelist():
            raise UnreadableFile(path, _("It is an archive and no Word document."))
        if any(is_bomb(info) for info in archive.infolist()):
            raise UnreadableFile(path, _("It unpacks to far more than its size."))
        try:
            found = docx.Document(file)
        except (PackageNotFoundError, etree.LxmlError, zipfile.BadZipFile, KeyError, ValueError) as error:
            raise UnreadableFile(path, _("Its Word format is damaged ({detail}).", detail=error)) from None
    under = _Under()
    for part in found.iter_inner_content():
        if isinstance(part, Table):
            for row in part.rows:
                yield Block(" | ".join(dict.fromkeys(cell.text.strip() for cell in row.cells)), under.now())
            continue
        heading = _WORD_HEADING.match(part.style.name or "" if part.style else "")
        if heading and part.text.strip():
            under.enter(int(heading[1] or 0), " ".join(part.text.split()))
        else:
            yield Block(part.text, under.now())


def _pdf(path: Path, empty: list[int]) -> Iterator[Block]:
    import pypdf

    try:
        with path.open("rb") as file:
            reader = pypdf.PdfReader(file)
            if reader.is_encrypted and not reader.decrypt(""):
                raise UnreadableFile(path, _("It is locked by a password. Save it without one."))
            titles = _titles(reader)
            under = _Under()
            for number, page in enumerate(reader.pages, 1):
                for level, title in titles.get(number, ()):
                    under.enter(level, title)
                text = _HYPHEN.sub("", page.extract_text().replace("\r\n", "\n"))
                if not text.strip():
                    empty.append(number)
                for paragraph in _PARAGRAPH.split(text):
                    yield Block(paragraph, under.now(), number)
    except _pdf_damage() as error:
        raise UnreadableFile(path, _("Its PDF is damaged ({detail}).", detail=str(error)[:200])) from None


def _pdf_damage() -> tuple[type[Exception], ...]:
    """Return what the library raises for a damaged file: its own errors, and those of the types it did not expect."""
    from pypdf.errors import PyPdfError

    return (PyPdfError, ValueError, LookupError, TypeError, AttributeError, RecursionError, NotImplementedError)


def _titles(reader: Any) -> Mapping[int, list[tuple[int, str]]]:
    """Return the entries of the outline by their page, with their depth; none where there is no usable outline."""
    found: dict[int, list[tuple[int, str]]] = {}

    def walk(entries: Any, level: int) -> None:
        for entry in entries:
            if isinstance(entry, list):
                walk(entry, level + 1)
                continue
            page = reader.get_destination_page_number(entry)
            if page is not None and page >= 0 and entry.title:
                found.setdefault(page + 1, []).append((level, " ".join(str(entry.title).split())))

    try:
        walk(reader.outline, 1)
    except _pdf_damage():  # an outline is an ornament: a damaged one costs no text
        return {}
    return found
