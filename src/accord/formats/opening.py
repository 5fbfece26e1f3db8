"""Opens what a person chose as plain bytes: the file itself, what gzip packed, or one file of a zip archive.

Nothing is ever unpacked to the disk, so a name inside an archive is only a name. How much comes out is bounded.
"""

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO

from accord.domain.wording import _
from accord.formats.failures import UnreadableFile

BLOCK = 1 << 20
MAX_RATIO = 200
"""Decoded bytes per packed byte; text packs 3 to 30 times, a bomb 1,000 times."""
MAX_DECODED = 8 << 30
MAX_MEMBERS = 10_000

GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"

# What Python's readers of packed data raise for bytes that are none.
DAMAGE = (
    *(EOFError, OSError, NotImplementedError, RuntimeError, ValueError),
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
)

_FREE = 16 << 20  # so many decoded bytes are let through whatever the ratio
_DIRECTORY = 16 << 20
_END_MARK = b"PK\x05\x06"
_END = struct.Struct("<4s4H2LH")
_TAIL = (1 << 16) + _END.size
_ENCRYPTED = 1
_MAC_FOLDER = "__MACOSX/"


def check_file(path: Path) -> None:
    """Raise UnreadableFile unless ``path`` is a file that can be read to its end: no folder, device or pipe."""
    if not path.exists():
        raise UnreadableFile(path, _("There is no such file."))
    if not path.is_file():
        raise UnreadableFile(path, _("It is not a file."))
    if not path.stat().st_size:  # so are files that the system makes up as they are read
        raise UnreadableFile(path, _("It is empty."))


class Packed(io.RawIOBase):
    """What comes out of packed bytes, as long as it stays in proportion to them."""

    def __init__(self, path: Path, file: IO[bytes], packed: Callable[[], int]) -> None:
        self._path = path
        self._file = file
        self._packed = packed
        self._out = 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]  # the buffer is always a memoryview here
        """Fill ``buffer`` with what comes out next. Raises UnreadableFile."""
        try:
            block = self._file.read(min(len(buffer), BLOCK))
        except DAMAGE as error:
            raise UnreadableFile(self._path, _("Its packed data is damaged ({detail}).", detail=error)) from None
        self._out += len(block)
        if self._out > MAX_DECODED or (self._out > _FREE and self._out > MAX_RATIO * max(1, self._packed())):
            raise UnreadableFile(self._path, too_much())
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        """Close the packed file too."""
        self._file.close()
        super().close()


def too_much() -> str:
    """Return the sentence for what unpacks to more than a file of rows does."""
    return _("It unpacks to more than {ratio} times its size. Unpack it yourself if you trust it.", ratio=MAX_RATIO)


class PlainBytes:
    """A file as plain bytes; ``position`` is how many bytes of the file on the disk were taken."""

    def __init__(self, path: Path, member: str = "") -> None:
        self._base = io.BufferedReader(path.open("rb", buffering=0), BLOCK)
        self._archive: zipfile.ZipFile | None = None
        try:
            self.file = self._opened(path, member)
        except BaseException:
            self._base.close()
            raise
        self._size = path.stat().st_size

    def _opened(self, path: Path, member: str) -> "io.BufferedReader[io.RawIOBase]":
        head = self._base.peek(4)[:4]
        if head.startswith(GZIP):
            import gzip

            unpacked = gzip.GzipFile(fileobj=self._base)
            return io.BufferedReader(Packed(path, unpacked, self._base.tell), BLOCK)  # type: ignore[arg-type]  # GzipFile is IO[bytes] in all but name
        if not member:
            return self._base  # type: ignore[return-value]  # a BufferedReader of a FileIO
        self._archive = open_zip(path, self._base)
        return io.BufferedReader(open_member(path, self._archive, member), BLOCK)

    @property
    def position(self) -> int:
        """How many bytes of the file on the disk were taken."""
        return self._size if self._base.closed else min(self._size, self._base.tell())

    def close(self) -> None:
        """Close the file."""
        self.file.close()
        if self._archive is not None:
            self._archive.close()
        self._base.close()


def open_zip(path: Path, file: IO[bytes]) -> zipfile.ZipFile:
    """Return a zip archive whose directory is of a bearable size. Raises UnreadableFile."""
    file.seek(0, io.SEEK_END)
    file.seek(max(0, file.tell() - _TAIL))
    tail = file.read(_TAIL)
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        raise UnreadableFile(path, _("It is a zip archive without an end; it was cut or damaged."))
    _mark, _disk, _first, _here, count, size, *_rest = _END.unpack_from(tail, at)
    if count > MAX_MEMBERS or size > _DIRECTORY:
        raise UnreadableFile(path, _("It is an archive of more than {limit} files.", limit=MAX_MEMBERS))
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, OverflowError) as error:
        raise UnreadableFile(path, _("It is a damaged zip archive ({detail}).", detail=error)) from None
    if len(archive.infolist()) > MAX_MEMBERS:
        raise UnreadableFile(path, _("It is an archive of more than {limit} files.", limit=MAX_MEMBERS))
    return archive


def open_member(path: Path, archive: zipfile.ZipFile, name: str) -> Packed:
    """Return what is packed in one file of an archive. Raises UnreadableFile."""
    try:
        info = archive.getinfo(name)
        return Packed(path, archive.open(info), lambda: info.compress_size)
    except KeyError:
        raise UnreadableFile(path, _("There is no file “{name}” in it.", name=name)) from None
    except DAMAGE as error:
        raise UnreadableFile(path, _("Its packed data is damaged ({detail}).", detail=error)) from None


def readable_members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files of an archive that could hold rows: no folders, links or locked files, each name once."""
    found: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        kind = stat.S_IFMT(info.external_attr >> 16)
        hidden = info.filename.startswith(_MAC_FOLDER) or Path(info.filename).name.startswith(".")
        if not info.filename or info.is_dir() or hidden or info.flag_bits & _ENCRYPTED or kind not in {0, stat.S_IFREG}:
            continue
        found[info.filename] = info
    return list(found.values())


def is_bomb(info: zipfile.ZipInfo) -> bool:
    """Whether a file of an archive says itself that it unpacks out of proportion."""
    return info.file_size > MAX_DECODED or (
        info.file_size > _FREE and info.file_size > MAX_RATIO * max(1, info.compress_size)
    )
