"""Any file as a stream of UTF-8 bytes: encodings are recognised by their mark or named by the person, never guessed."""

import codecs
import io
from pathlib import Path

from accord.domain.wording import _
from accord.formats.failures import UnreadableFile

BLOCK = 1 << 20
CHOICES = ("utf-8", "utf-16", "cp1252", "latin-1", "cp1251", "gb18030", "big5", "shift_jis", "euc-kr")

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UTF32_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_NATIVE = ("utf-8", "utf-8-sig")


class Utf8Stream:
    """A file read as UTF-8 bytes without a byte order mark; ``position`` is how many bytes of the file were read."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.path = path
        self.bytes_total = path.stat().st_size
        self._file = io.BufferedReader(path.open("rb", buffering=0), BLOCK)
        if encoding in _NATIVE:
            self._skip(codecs.BOM_UTF8)
            self._bytes: io.BufferedIOBase = self._file
        else:
            if encoding.startswith("utf-16"):
                self._skip(codecs.BOM_UTF16_LE if encoding.endswith("le") else codecs.BOM_UTF16_BE)
            self._bytes = io.BufferedReader(_Transcoded(path, self._file, encoding), BLOCK)
        self.readline = self._bytes.readline
        self.read = self._bytes.read

    def _skip(self, mark: bytes) -> None:
        if self._file.peek(len(mark))[: len(mark)] == mark:
            self._file.read(len(mark))

    @property
    def position(self) -> int:
        """How many bytes of the file have been taken."""
        return self.bytes_total if self._file.closed else self._file.tell()

    def close(self) -> None:
        """Close the file."""
        self._bytes.close()
        self._file.close()


class _Transcoded(io.RawIOBase):
    """The UTF-8 bytes of a file in another encoding."""

    def __init__(self, path: Path, file: "io.BufferedReader[io.FileIO]", encoding: str) -> None:
        self._path = path
        self._file = file
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self._ready = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]  # the buffer is always a memoryview here
        while not self._ready and not self._ended:
            block = self._file.read(BLOCK)
            self._ended = not block
            try:
                self._ready = self._decoder.decode(block, final=self._ended).encode("utf-8")
            except UnicodeError:
                reason = _("It is not {encoding} throughout. Name another encoding.", encoding=self._encoding)
                raise UnreadableFile(self._path, reason) from None
        taken = self._ready[: len(buffer)]
        buffer[: len(taken)] = taken
        self._ready = self._ready[len(taken) :]
        return len(taken)


def find_encoding(path: Path, head: bytes, wanted: str) -> str:
    """Return the encoding to read ``path`` with: ``wanted``, else by its mark, else UTF-8. Raises UnreadableFile."""
    if wanted:
        return _known(path, head, wanted)
    if head.startswith(_UTF32_MARKS):
        raise UnreadableFile(path, _("It is UTF-32. Save it as UTF-8, or name the encoding utf-32."))
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    return "utf-8"


def not_utf8(path: Path) -> UnreadableFile:
    """Return the failure of a file that is in no encoding that can be recognised."""
    reason = _("It is not UTF-8. Name its encoding; common ones are {choices}.", choices=", ".join(CHOICES))
    return UnreadableFile(path, reason)


def _known(path: Path, head: bytes, wanted: str) -> str:
    try:
        "".encode(wanted)
        name = codecs.lookup(wanted).name
    except LookupError:
        reason = _("There is no encoding “{name}”. Common ones are {choices}.", name=wanted, choices=", ".join(CHOICES))
        raise UnreadableFile(path, reason) from None
    if name == "utf-16":
        return "utf-16-be" if head.startswith(codecs.BOM_UTF16_BE) else "utf-16-le"
    if name == "utf-8" and head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    return name
