"""Which encoding a file is in: found by its mark, by being UTF-8 throughout, or by being text in one encoding only.

Every encoding in question is tried on the whole file, strictly. It is certain when all that give a text that reads like
a language give the same text; otherwise the person is asked, with lines that show the difference.
"""

import codecs
import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from accord.domain.wording import _
from accord.formats.encodings import MARKS
from accord.formats.failures import EncodingChoice, UnreadableFile, UnsureEncoding
from accord.formats.language_evidence import explained, is_explained, language_of
from accord.formats.opening import BLOCK, PlainBytes

# Encodings with one byte per character and those with several; of those that give the same text the first is named.
SINGLE = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "iso8859-1"),
    *("iso8859-2", "iso8859-15", "iso8859-5", "iso8859-7", "iso8859-9", "koi8-r", "koi8-u", "cp866", "mac-roman"),
    *("mac-cyrillic", "cp850", "cp437", "cp852", "cp874"),
)
MULTI = ("gb18030", "big5", "cp950", "cp932", "shift_jis", "euc_jp", "cp949")
WIDE = ("utf-16-le", "utf-16-be")

_ASCII = bytes(range(128))
_ZEROS = 64
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b")) + b"\x7f"
_FEW_CONTROLS, _MANY_CONTROLS = 0.02, 0.2
_NUL_SHARE = 0.2
_SHIFTS = (b"\x1b$@", b"\x1b$B", b"\x1b$(", b"\x1b(I", b"\x1b(J")
_EVIDENCE = 12 << 10
_OF_EACH_BYTE = 10
_LONGEST_LINE = 64 << 10
_THIN, _RIVAL = 24, 0.8  # of so few high bytes another reading that is nearly as good makes it uncertain
_CHOICES = 8
_DAMAGE = 20  # well-formed UTF-8 characters for each byte that is none, so that the file is UTF-8 with damaged rows
_PREVIEW_LINES, _PREVIEW_WIDTH, _LINES_WEIGHED = 3, 160, 2000
_LABELS = {
    "utf-8": "Unicode (UTF-8)",
    "utf-16-le": "Unicode (UTF-16)",
    "utf-16-be": "Unicode (UTF-16, big-endian)",
    "cp1252": "Western European (Windows-1252)",
    "cp1250": "Central European (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "cp1255": "Hebrew (Windows-1255)",
    "cp1256": "Arabic (Windows-1256)",
    "cp1257": "Baltic (Windows-1257)",
    "cp1258": "Vietnamese (Windows-1258)",
    "iso8859-1": "Western European (ISO 8859-1)",
    "iso8859-2": "Central European (ISO 8859-2)",
    "iso8859-15": "Western European (ISO 8859-15)",
    "koi8-r": "Cyrillic (KOI8-R)",
    "mac-roman": "Western European (Mac)",
    "cp850": "Western European (DOS)",
    "cp866": "Cyrillic (DOS)",
    "cp874": "Thai (Windows-874)",
    "gb18030": "Chinese, simplified (GB 18030)",
    "big5": "Chinese, traditional (Big5)",
    "cp950": "Chinese, traditional (Windows-950)",
    "cp932": "Japanese (Windows-932)",
    "shift_jis": "Japanese (Shift JIS)",
    "euc_jp": "Japanese (EUC-JP)",
    "cp949": "Korean (Windows-949)",
    "iso2022_jp": "Japanese (ISO 2022)",
}


@dataclass(slots=True)
class _Seen:
    """What one pass over the whole file tells: whether it is UTF-8, its high bytes, and lines that show them."""

    size: int = 0
    nuls: int = 0
    controls: int = 0
    shifts: bool = False
    utf8: bool = True
    damaged: int = 0
    well_formed: int = 0
    high: set[int] = field(default_factory=set)
    head: bytes = b""
    lines: list[bytes] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The text under one or more encodings that agree; ``share`` of it is explained by a language."""

    encoding: str
    share: float
    sample: str


def detect(path: Path, member: str = "") -> tuple[str, str]:
    """Return the encoding of a file of text and a note on how it was found ("" where it needs none).

    Raises UnsureEncoding, UnreadableFile and OSError.
    """
    with _Plain(path, member) as plain:
        head = plain.file.peek(4)[:4]
        for mark, name in MARKS:
            if head.startswith(mark):
                return name, ""
        if not plain.file.peek(_ZEROS)[:_ZEROS].strip(b"\0"):
            raise UnreadableFile(
                path, _("It begins with zeros and holds no text. It may never have been written in full.")
            )
        if _is_plainly_utf8(plain):
            return "utf-8", ""
    with _Plain(path, member) as plain:
        seen = _look(plain)
    wide = seen.controls > _FEW_CONTROLS * seen.size or seen.nuls > _NUL_SHARE * seen.size
    if seen.utf8 and not wide and not seen.shifts:
        return "utf-8", ""
    if not wide and seen.damaged * _DAMAGE <= seen.well_formed and not seen.utf8:
        return "utf-8", _("Some rows hold damaged characters (bytes that are not UTF-8); those rows are refused.")
    readings = _wide_readings(path, member, seen) if wide or b"\0" in seen.head else []
    if not any(is_explained(reading.share) for reading in readings):
        if wide and seen.utf8 and seen.controls <= _MANY_CONTROLS * seen.size:
            return "utf-8", ""
        readings += _shifted(seen) if seen.shifts and seen.utf8 else _legacy_readings(path, member, seen)
    if seen.utf8 and (not wide or not readings):
        readings.insert(0, _Reading("utf-8", 0.0, seen.head.decode("utf-8", "ignore")))
    return _decided(path, readings, seen)


def _decided(path: Path, readings: list[_Reading], seen: _Seen) -> tuple[str, str]:
    good = [reading for reading in readings if is_explained(reading.share)]
    thin = sum(len(line.translate(None, _ASCII)) for line in seen.lines) < _THIN
    rivals = thin and sum(reading.share >= _RIVAL for reading in readings) > 1
    if len(good) == 1 and not rivals:
        return good[0].encoding, _("Its encoding was recognised as {name}.", name=label(good[0].encoding))
    ranked = sorted(readings, key=lambda reading: -reading.share)[:_CHOICES]
    if not ranked:
        raise UnreadableFile(path, _("It is not text in any encoding that can be recognised. Name its encoding."))
    if len(ranked) == 1 and ranked[0].encoding == "utf-8":
        return "utf-8", ""  # odd as its control characters are, nothing else fits
    previews = _previews(ranked, seen)
    raise UnsureEncoding(
        path, tuple(EncodingChoice(r.encoding, label(r.encoding), previews[r.encoding]) for r in ranked)
    )


def label(encoding: str) -> str:
    """Return what a person calls an encoding."""
    return _LABELS.get(encoding, encoding)


class _Plain(PlainBytes):
    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _blocks(plain: PlainBytes) -> Iterator[bytes]:
    while block := plain.file.read(BLOCK):
        yield block


def _is_plainly_utf8(plain: PlainBytes) -> bool:
    """Tell whether all is UTF-8 with nothing in it that could mean another encoding: most files, at the disk's pace."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        for block in _blocks(plain):
            if b"\0" in block or b"\x1b" in block:
                return False
            if len(block) - len(block.translate(None, _CONTROLS)) > _FEW_CONTROLS * len(block):
                return False
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _look(plain: PlainBytes) -> _Seen:
    seen = _Seen()
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    shown: dict[int, int] = {}
    tail = b""
    kept = 0
    for block in _blocks(plain):
        seen.head = seen.head or block[: 64 << 10]
        seen.size += len(block)
        seen.nuls += block.count(0)
        seen.controls += len(block) - len(block.translate(None, _CONTROLS))
        seen.shifts = seen.shifts or any(shift in block for shift in _SHIFTS)
        ascii_only = block.isascii()
        if seen.utf8:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                seen.utf8 = False
        if ascii_only:
            tail = b""
            continue
        seen.high.update(byte for byte in range(128, 256) if byte not in seen.high and bytes((byte,)) in block)
        _count_utf8(tail + block, seen)
        tail = b""
        kept += _keep_lines(block, seen, shown, kept)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        seen.utf8 = False
    return seen


def _count_utf8(block: bytes, seen: _Seen) -> None:
    """Count well-formed characters of several bytes, and bytes that belong to none."""
    text = block.decode("utf-8", "surrogateescape")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    bad = beyond - (len(text.encode("utf-8", "ignore").decode()) - len(text.encode("ascii", "ignore")))
    seen.damaged += bad
    seen.well_formed += beyond - bad


def _keep_lines(block: bytes, seen: _Seen, shown: dict[int, int], kept: int) -> int:
    """Keep lines with high bytes, as long as one of them was seldom shown yet; return the size of those kept."""
    size = 0
    often = _ASCII
    for line in block.replace(b"\r", b"\n").split(b"\n")[:-1] or [block]:
        if not line.translate(None, often):
            continue
        for byte in set(line.translate(None, _ASCII)):
            shown[byte] = shown.get(byte, 0) + 1
        seen.lines.append(line[:_LONGEST_LINE])
        size += len(seen.lines[-1])
        if kept + size > _EVIDENCE:
            often = _ASCII + bytes(byte for byte, count in shown.items() if count >= _OF_EACH_BYTE)
    return size


def _wide_readings(path: Path, member: str, seen: _Seen) -> list[_Reading]:
    """Return the readings as UTF-16 and UTF-32 without a mark."""
    found = []
    for name in ("utf-32-le", "utf-32-be", *WIDE):
        unit = 4 if "32" in name else 2
        if seen.size % unit or not _decodes(path, member, name)[0]:
            continue
        text = seen.head[: len(seen.head) // unit * unit].decode(name, "ignore")
        odd = sum(unicodedata.category(c) in {"Cn", "Co", "Cc"} and c not in "\t\n\r\f" for c in text)
        plain = sum(" " <= c <= "~" or c in "\t\n\r" for c in text)
        sound = not odd and bool(plain)
        found.append(_Reading(name, 1.0 if sound else 0.0, text))
    sure = [reading for reading in found if reading.share]
    return [reading for reading in sure if "32" in reading.encoding] or found


def _shifted(seen: _Seen) -> list[_Reading]:
    try:
        text = seen.head.decode("iso2022_jp")
        return [_Reading("iso2022_jp", explained(text, ("en",)) if not text.isascii() else 0.0, text)]
    except UnicodeDecodeError:
        return []


def _legacy_readings(path: Path, member: str, seen: _Seen) -> list[_Reading]:
    """Return the different texts that the encodings from before Unicode make of the file."""
    high = bytes(sorted(seen.high))
    evidence = b"\n".join(seen.lines)
    plain = seen.head if seen.size <= len(seen.head) else seen.head + b"\n" + evidence
    languages = language_of(plain.decode("ascii", "replace"))
    texts: dict[str, str] = {}
    for name in SINGLE:
        try:
            texts.setdefault(high.decode(name), name)
        except UnicodeDecodeError:
            continue
    for name in MULTI:
        whole, digest = _decodes(path, member, name)
        if whole:
            texts.setdefault(digest, name)
    found = []
    for name in texts.values():
        sample = evidence.decode(name, "replace")
        found.append(_Reading(name, explained(sample, languages), sample))
    return found


def _decodes(path: Path, member: str, encoding: str) -> tuple[bool, str]:
    """Return whether the whole file is text in ``encoding``, and a digest of the text."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    digest = hashlib.sha256()
    with _Plain(path, member) as plain:
        try:
            for block in _blocks(plain):
                digest.update(decoder.decode(block).encode("utf-8", "surrogatepass"))
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False, ""
    return True, digest.hexdigest()


def _previews(readings: list[_Reading], seen: _Seen) -> dict[str, str]:
    """Return for each reading the same few lines, those with the most different high bytes."""
    if not seen.lines or any(r.encoding in WIDE for r in readings):
        return {r.encoding: "\n".join(r.sample.splitlines()[:_PREVIEW_LINES])[: 3 * _PREVIEW_WIDTH] for r in readings}
    telling = _telling_bytes(readings, seen)
    told = sorted(seen.lines[:_LINES_WEIGHED], key=lambda line: -len(telling & set(line)))
    picked = []
    for line in dict.fromkeys(told[: 4 * _PREVIEW_LINES]):
        first = next((at for at, byte in enumerate(line) if byte in telling), 0)
        start = line.rfind(b" ", 0, max(0, first - 40)) + 1 if first > _PREVIEW_WIDTH // 2 else 0
        picked.append(line[start : start + 2 * _PREVIEW_WIDTH])
    return {
        r.encoding: "\n".join(line.decode(r.encoding, "replace")[:_PREVIEW_WIDTH] for line in picked[:_PREVIEW_LINES])
        for r in readings
    }


def _telling_bytes(readings: list[_Reading], seen: _Seen) -> set[int]:
    """Return the high bytes that the two likeliest encodings read differently; all where one has several each."""
    first = [reading.encoding for reading in readings if reading.encoding != "utf-8"][:2]
    if len(first) < 2 or not set(first) <= set(SINGLE):  # noqa: PLR2004  (two to compare)
        return seen.high
    one, other = first
    differ = {b for b in seen.high if bytes((b,)).decode(one, "replace") != bytes((b,)).decode(other, "replace")}
    return differ or seen.high
