"""Exact text beside what a Qt document can hold, and the way back: showing or editing never alters a character.

A Qt document turns CR, CRLF, U+2029, U+FDD0 and U+FDD1 into its own block ends, a leading U+FEFF or U+FFFE is
dropped, and ``toPlainText`` replaces U+00A0 and U+2028. So the document gets ``display``, where each such character has
a stand-in, and an edited display is brought back by aligning it with the display it came from.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from rapidfuzz.distance import Indel

#: Marks of byte order: the binding drops a leading U+FEFF, Qt a leading U+FFFE.
MARKS = "\ufeff\ufffe"
_SPECIAL = re.compile("\r\n|[\r\u2029\ufdd0\ufdd1\x00\ud800-\udfff]")
_STAND_INS = {"\r\n": "\n", "\r": "\n", "\u2029": "\n", "\x00": "\u2400"}
_LONG = 40_000


class ExactText:
    """An exact text and the stand-in text that a Qt document shows for it."""

    __slots__ = ("_pieces", "_prefix", "display", "exact")

    def __init__(self, exact: str) -> None:
        self.exact = exact
        body = exact.lstrip(MARKS)
        self._prefix = exact[: len(exact) - len(body)]
        self.display = _SPECIAL.sub(lambda m: _STAND_INS.get(m[0], "\ufffd"), body)
        self._pieces = _pieces(body) if _SPECIAL.search(body) else None

    def places(self, offsets: Sequence[int]) -> list[int]:
        """Return the places in ``display`` of rising offsets into the exact text; inside a CRLF it is its start."""
        shift = len(self._prefix)
        if self._pieces is None:
            return [max(0, offset - shift) for offset in offsets]
        ends = list(accumulate(map(len, self._pieces), initial=shift))
        return [max(0, bisect_right(ends, offset) - 1) for offset in offsets]

    def slice(self, start: int, end: int) -> str:
        """Return the exact text behind ``display[start:end]``."""
        return self.display[start:end] if self._pieces is None else "".join(self._pieces[start:end])

    def slice_utf16(self, start: int, end: int) -> str:
        """Return the exact text between two positions of a Qt document, which count UTF-16 units."""
        units = self.display.encode("utf-16-le", "surrogatepass")
        before = len(units[: start * 2].decode("utf-16-le", "ignore"))
        inside = len(units[start * 2 : end * 2].decode("utf-16-le", "ignore"))
        return self.slice(before, before + inside)

    def restore(self, edited: str) -> str:
        """Return the exact text of ``edited``, an edited ``display``: what was not touched is as it was."""
        if edited == self.display:
            return self.exact
        if self._pieces is None:
            return self._prefix + edited
        head, tail = _common_ends(self.display, edited)
        old, new = self.display[head : len(self.display) - tail], edited[head : len(edited) - tail]
        middle = self._align(head, old, new)
        return self._prefix + self.slice(0, head) + middle + self.slice(len(self.display) - tail, len(self.display))

    def _align(self, start: int, old: str, new: str) -> str:
        newline = "\r\n" if "\r\n" in self.exact else "\n"
        if max(len(old), len(new)) > _LONG:  # aligning is quadratic; so much was replaced that it counts as new
            return new.replace("\n", newline)
        parts = []
        for op in Indel.opcodes(old, new):
            if op.tag == "equal":
                parts.append(self.slice(start + op.src_start, start + op.src_end))
            else:
                parts.append(new[op.dest_start : op.dest_end].replace("\n", newline))
        return "".join(parts)


def _pieces(body: str) -> list[str]:
    """Return the exact characters behind each character of the display."""
    return re.findall("\r\n|.", body, re.DOTALL)


def _common_ends(first: str, second: str) -> tuple[int, int]:
    """Return the lengths of the common beginning and, of what is left, of the common end."""
    shorter = min(len(first), len(second))
    head = next((i for i in range(shorter) if first[i] != second[i]), shorter)
    left = shorter - head
    tail = next((i for i in range(left) if first[-1 - i] != second[-1 - i]), left)
    return head, tail


def document_text(raw: str) -> str:
    """Return what ``QTextDocument.toRawText`` gave with its block ends as line feeds."""
    return raw.replace("\u2029", "\n")
