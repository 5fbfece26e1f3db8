"""Documents cut into passages that a model can be shown and a person can check: whole sentences under one heading."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from accord.formats import documents
from accord.formats.documents import Block, Document

MOST_WORDS, LEAST_WORDS = 300, 25
# Where a sentence ends: after its sign and what closes there, before white space; of Chinese and Japanese, at once.
_ENDS = re.compile(r"[.!?…][\"'”’)\]]*(?=\s)|[。！？][”』」]*")
_CHARACTERS_PER_WORD = 2.0  # of a script that is written without spaces
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A part of a document. ``pages``: first and last, (0, 0) where unknown; ``id``: of the file and the text."""

    id: str
    source: str
    under: tuple[str, ...]
    pages: tuple[int, int]
    text: str

    @property
    def place(self) -> str:
        """Return where it stands, for people: the file, its headings, its page."""
        first, last = self.pages
        page = "" if not first else f"p. {first}" if first == last else f"pp. {first}-{last}"
        return " > ".join(part for part in (self.source, *self.under, page) if part)


def cut(document: Document, *, most_words: int = MOST_WORDS) -> list[Passage]:
    """Return all text of a document in passages of at most ``most_words``, a longer sentence cut between words.

    A passage never runs past a heading; a short rest joins the passage before it where that has room.
    """
    found: list[Passage] = []
    for blocks in _under_one_heading(document.blocks):
        parts: list[list[Block]] = []
        for piece in (piece for block in blocks for piece in _pieces(block, most_words)):
            if not parts or _words_of(parts[-1]) + words(piece.text) > most_words:
                parts.append([])
            parts[-1].append(piece)
        found += [_passage(document, part) for part in _evened(parts, most_words)]
    return found


def of_file(path: Path) -> Iterator[tuple[list[Passage], tuple[int, ...]]]:
    """Yield, once, the passages of a file and the pages on which no text was found. Raises UnreadableFile, OSError."""
    document = documents.read(path)
    yield cut(document), document.empty_pages


def words(text: str) -> float:
    """Return how long a text is in words; of scripts without spaces two characters count as one."""
    unspaced = len(_UNSPACED.findall(text))
    return len(_UNSPACED.sub(" ", text).split()) + unspaced / _CHARACTERS_PER_WORD


def _words_of(part: Sequence[Block]) -> float:
    return sum(words(block.text) for block in part)


def _under_one_heading(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    run: list[Block] = []
    for block in blocks:
        if run and block.under != run[-1].under:
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _pieces(block: Block, most_words: int) -> Iterator[Block]:
    """Yield a block whole where it fits, else its sentences, else runs of words."""
    if words(block.text) <= most_words:
        yield block
        return
    ends = [0, *(found.end() for found in _ENDS.finditer(block.text)), len(block.text)]
    for sentence in filter(None, (block.text[a:b].strip() for a, b in pairwise(ends))):
        if words(sentence) <= most_words:
            yield Block(sentence, block.under, block.page)
            continue
        units = sentence.split(" ") if " " in sentence else list(sentence)
        joint = " " if " " in sentence else ""
        for start in range(0, len(units), most_words):
            yield Block(joint.join(units[start : start + most_words]), block.under, block.page)


def _evened(parts: list[list[Block]], most_words: int) -> list[list[Block]]:
    """Join a short last part to the one before it, or take some of that over."""
    if len(parts) > 1 and _words_of(parts[-1]) < LEAST_WORDS:
        last, before = parts[-1], parts[-2]
        while len(before) > 1 and _words_of(last) < LEAST_WORDS:
            if _words_of(last) + words(before[-1].text) > most_words:
                break
            last.insert(0, before.pop())
    return parts


def _passage(document: Document, part: Sequence[Block]) -> Passage:
    text = "\n".join(block.text for block in part)
    digest = hashlib.sha256(f"{document.sha256}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()[:20]
    pages = [block.page for block in part]
    return Passage(id=digest, source=document.name, under=part[0].under, pages=(min(pages), max(pages)), text=text)
