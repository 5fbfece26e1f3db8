"""Any file as a stream of UTF-8 bytes; a byte that the encoding has no character for marks its row and is not replaced.

In what is transcoded, such a byte becomes 0xFF, which no UTF-8 text holds, and its two hexadecimal digits.
"""

import codecs
import io
from pathlib import Path

from accord.domain.wording import _
from accord.formats.failures import RowProblem, UnreadableFile
from accord.formats.opening import BLOCK, PlainBytes

CHOICES = (
    "utf-8",
    "utf-16",
    "utf-32",
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "cp1258",
    "iso8859-1",
    "iso8859-2",
    "iso8859-15",
    "koi8-r",
    "mac-roman",
    "cp874",
    "gb18030",
    "big5",
    "cp932",
    "euc-jp",
    "cp949",
)
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
NATIVE = frozenset({"utf-8", "utf-8-sig"})

_MARK = b"\xff"
_LONE = 0xDC00
# Text codecs of Python that are no encodings of files.
_NO_ENCODINGS = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs", "oem"})


def _keep_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(_LONE + byte) for byte in error.object[error.start : error.end]), error.end


def _write_bytes(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lone = error.object[error.start : error.end]
    return b"".join(_MARK + b"%02x" % (ord(character) & 0xFF) for character in lone), error.end


codecs.register_error("accord-keep", _keep_bytes)
codecs.register_error("accord-write", _write_bytes)


class Utf8Stream:
    """A file read as UTF-8 bytes without a byte order mark; ``position`` is how many bytes of the file were read.

    ``member``: the file of a zip archive. Raises UnreadableFile and OSError.
    """

    def __init__(self, path: Path, encoding: str, member: str = "") -> None:
        self.path = path
        self.encoding = encoding
        self._plain = PlainBytes(path, member)
        self.bytes_total = path.stat().st_size
        mark = next((mark for mark, name in MARKS if name.removesuffix("-sig") == encoding.removesuffix("-sig")), b"")
        if mark and self._plain.file.peek(len(mark))[: len(mark)] == mark:
            self._plain.file.read(len(mark))
        self._bytes: io.BufferedIOBase = self._plain.file
        if encoding not in NATIVE:
            self._bytes = io.BufferedReader(_Transcoded(self._plain.file, encoding), BLOCK)
        self.readline = self._bytes.readline
        self.read = self._bytes.read

    @property
    def position(self) -> int:
        """How many bytes of the file on the disk have been taken."""
        return self._plain.position

    def close(self) -> None:
        """Close the file."""
        self._bytes.close()
        self._plain.close()


class _Transcoded(io.RawIOBase):
    """The UTF-8 bytes of a file in another encoding."""

    def __init__(self, file: "io.BufferedReader[io.RawIOBase]", encoding: str) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)("accord-keep")
        self._ready = memoryview(b"")
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]  # the buffer is always a memoryview here
        while not self._ready and not self._ended:
            block = self._file.read(BLOCK)
            self._ended = not block
            text = self._decoder.decode(block, final=self._ended)
            self._ready = memoryview(text.encode("utf-8", "accord-write"))
        taken = self._ready[: len(buffer)]
        buffer[: len(taken)] = taken
        self._ready = self._ready[len(taken) :]
        return len(taken)


def undecodable(raw: bytes, encoding: str) -> RowProblem | None:
    """Return the problem of a row that holds a byte its encoding has no character for; None where all are text."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if encoding in NATIVE:
            return RowProblem("", _("Byte {position} of the row is not UTF-8.", position=error.start + 1))
        byte = raw[error.start + 1 : error.start + 3].decode("ascii", "replace")
        position = len(raw[: error.start].decode("utf-8", "replace")) + 1
        reason = _(
            "Character {position} of the row, byte 0x{byte}, is not {encoding}.",
            position=position,
            byte=byte.upper(),
            encoding=encoding,
        )
        return RowProblem("", reason)
    return None


def shown(raw: bytes, encoding: str) -> str:
    """Return bytes of a stream as text in which every byte that is none is written out as an escape."""
    if encoding not in NATIVE:
        raw = raw.replace(_MARK, b"\\x")
    return raw.decode("utf-8", "backslashreplace")


def known_encoding(path: Path, head: bytes, wanted: str) -> str:
    """Return Python's name of the encoding a person named; a mark tells the byte order. Raises UnreadableFile."""
    try:
        "".encode(wanted)
        name = codecs.lookup(wanted).name
    except (LookupError, UnicodeError, ValueError):
        name = ""
    if not name or name in _NO_ENCODINGS:
        reason = _("There is no encoding “{name}”. Common ones are {choices}.", name=wanted, choices=", ".join(CHOICES))
        raise UnreadableFile(path, reason)
    if name in {"utf-16", "utf-32"}:
        wide = {mark: order for mark, order in MARKS if order.startswith(name)}
        return next((order for mark, order in wide.items() if head.startswith(mark)), f"{name}-le")
    if name == "utf-8" and head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    return name
