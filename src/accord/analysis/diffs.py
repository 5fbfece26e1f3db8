"""What an edit changed: by words for the eye, by sentences for repeating it elsewhere."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from rapidfuzz.distance import Indel

from accord.analysis.graphemes import tokens
from accord.analysis.shingles import UNSPACED_SCRIPTS

# The comparison keeps a bit for each pair of tokens: this many is half a gigabyte at most.
_MOST_TOKEN_PAIRS = 1 << 32
_LONGEST_CHANCE = 2  # characters of a script without spaces that two different phrases share by chance
_UNSPACED = re.compile(f"[{UNSPACED_SCRIPTS}]")


class DiffKind(StrEnum):
    """What became of a piece of text."""

    EQUAL = "equal"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class DiffPart:
    """A piece of text and what became of it."""

    kind: DiffKind
    text: str


@dataclass(frozen=True, slots=True)
class _Block:
    """A stretch of tokens before and the stretch that stands in its place after."""

    equal: bool
    before: tuple[str, ...]
    after: tuple[str, ...]


def word_diff(before: str, after: str) -> tuple[DiffPart, ...]:
    """Return the parts of both texts in reading order, a removed part before the one added in its place.

    The parts that are not added, joined, are ``before``; those that are not removed are ``after``. White space between
    two changes belongs to the change, so that a rewritten phrase reads as one.
    """
    parts: list[DiffPart] = []
    for block in _merged(_word_blocks(before, after)):
        if block.equal:
            parts.append(DiffPart(DiffKind.EQUAL, "".join(block.before)))
            continue
        for kind, piece in ((DiffKind.REMOVED, block.before), (DiffKind.ADDED, block.after)):
            if piece:
                parts.append(DiffPart(kind, "".join(piece)))
    return tuple(parts)


def edit_size(before: str, after: str) -> float:
    """Return the share of words and signs that were removed or added, among those of both texts: 0 the same, 1 all new.

    White space is not counted.
    """
    numbers = TokenNumbers()
    return edit_share(numbers.of(before), numbers.of(after))


class TokenNumbers:
    """Texts as the numbers of their words and signs, the same for the same token in whatever text."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def of(self, text: str) -> list[int]:
        """Return the numbers of a text's tokens; white space is left out."""
        numbers = self._numbers
        return [numbers.setdefault(token, len(numbers)) for token in tokens(text) if not token.isspace()]


def edit_share(before: Sequence[int], after: Sequence[int]) -> float:
    """Return what ``edit_size`` does, of texts as the numbers of one ``TokenNumbers``."""
    return Indel.normalized_distance(before, after)


def replaced_sentences(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Return the sentences that were replaced by others, as (old, new).

    Sentences that only came or only went are not replacements. Where several became a different number of others, they
    count as one piece each.
    """
    out: list[tuple[str, str]] = []
    old_spans, new_spans = _sentence_spans(before), _sentence_spans(after)
    old, new = [before[a:b] for a, b in old_spans], [after[a:b] for a, b in new_spans]
    for (a, a_end), (b, b_end), equal in _opcodes(old, new):
        if equal or a == a_end or b == b_end:
            continue
        if a_end - a == b_end - b:
            out.extend(zip(old[a:a_end], new[b:b_end], strict=True))
        else:
            out.append(
                (before[old_spans[a][0] : old_spans[a_end - 1][1]], after[new_spans[b][0] : new_spans[b_end - 1][1]])
            )
    return tuple(out)


def apply_replacement(text: str, old: str, new: str) -> str | None:
    """Return the text with each whole-sentence occurrence of ``old`` replaced and nothing else touched; None if none.

    ``old`` may be several sentences; it must occur exactly, from the start of a sentence to the end of one.
    """
    old = old.strip()
    length = len(_sentence_spans(old))
    if not length:
        return None
    spans = _sentence_spans(text)
    pieces: list[str] = []
    done = at = 0
    while at + length <= len(spans):
        start, end = spans[at][0], spans[at + length - 1][1]
        if text[start:end] == old:
            pieces += (text[done:start], new)
            done = end
            at += length
        else:
            at += 1
    return "".join((*pieces, text[done:])) if pieces else None


# A sentence ends at its closing signs, with quotes and brackets behind them, before white space; Chinese and Japanese
# need no space. A line break ends one as well.
_SENTENCE_END = re.compile(r"(?:[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？｡]+[”’」』）]*|(?=[\r\n\u2028\u2029]))\s*")


def _sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence without the white space around it."""
    cuts = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    spans = []
    for start, end in pairwise(cuts):
        sentence = text[start:end]
        stripped = sentence.strip()
        if stripped:
            begin = start + len(sentence) - len(sentence.lstrip())
            spans.append((begin, begin + len(stripped)))
    return spans


def _word_blocks(before: str, after: str) -> Iterator[_Block]:
    old, new = tokens(before), tokens(after)
    if len(old) * len(new) <= _MOST_TOKEN_PAIRS:
        yield from _blocks(old, new)
        return
    # Texts of hundreds of thousands of words: first by lines, then by words within the lines that differ.
    for block in _blocks(before.splitlines(keepends=True), after.splitlines(keepends=True)):
        old, new = tokens("".join(block.before)), tokens("".join(block.after))
        if block.equal or len(old) * len(new) > _MOST_TOKEN_PAIRS:
            yield _Block(block.equal, tuple(old), tuple(new))
        else:
            yield from _blocks(old, new)


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[_Block]:
    for (a, a_end), (b, b_end), equal in _opcodes(old, new):
        yield _Block(equal, tuple(old[a:a_end]), tuple(new[b:b_end]))


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[tuple[int, int], tuple[int, int], bool]]:
    """Yield (span in old, span in new, equal) over both sequences, equal and different ones in turn."""
    before, after = _numbered(old, new)
    start: tuple[int, int] | None = None
    end = (0, 0)
    for code in Indel.opcodes(before, after):
        if code.tag == "equal":
            if start is not None:
                yield (start[0], end[0]), (start[1], end[1]), False
                start = None
            yield (code.src_start, code.src_end), (code.dest_start, code.dest_end), True
        elif start is None:
            start = (code.src_start, code.dest_start)
        end = (code.src_end, code.dest_end)
    if start is not None:
        yield (start[0], end[0]), (start[1], end[1]), False


def _numbered(old: Sequence[str], new: Sequence[str]) -> tuple[list[int], list[int]]:
    """Return both sequences as numbers: rapidfuzz compares hashes, and those of two different strings may be equal."""
    numbers: dict[str, int] = {}
    before = [numbers.setdefault(token, len(numbers)) for token in old]
    return before, [numbers.setdefault(token, len(numbers)) for token in new]


def _merged(blocks: Iterator[_Block]) -> Iterator[_Block]:
    """Join changes that only white space keeps apart, or a character or two that both phrases happen to share."""
    found = list(blocks)
    waiting: list[_Block] = []
    for position, block in enumerate(found):
        if not block.equal or (waiting and _bridges(block, found[position - 1], found[position + 1 : position + 2])):
            waiting.append(block)
            continue
        yield from _closed(waiting)
        waiting = []
        yield block
    yield from _closed(waiting)


def _bridges(block: _Block, before: _Block, after: Sequence[_Block]) -> bool:
    """Tell whether what is equal here belongs to the changes around it.

    In scripts without spaces the tokens are characters, and two different words often have one in common.
    """
    if all(map(str.isspace, block.before)):
        return True
    if not after or len(block.before) > _LONGEST_CHANCE or not all(map(_UNSPACED.match, block.before)):
        return False
    return all(max(len(change.before), len(change.after)) >= len(block.before) for change in (before, after[0]))


def _closed(waiting: list[_Block]) -> Iterator[_Block]:
    """Yield the changes as one block, and white space behind the last of them as another."""
    tail = waiting.pop() if waiting and waiting[-1].equal else None
    if waiting:
        yield _Block(
            equal=False,
            before=tuple(token for block in waiting for token in block.before),
            after=tuple(token for block in waiting for token in block.after),
        )
    if tail is not None:
        yield tail
