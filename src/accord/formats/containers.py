"""What holds the rows of a file, told by its first bytes: text, a workbook, Parquet, or an archive of texts."""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Literal

from accord.domain.wording import _
from accord.formats.chatml import is_chatml
from accord.formats.failures import UnreadableFile
from accord.formats.opening import (
    EMPTY_ZIP,
    GZIP,
    ZIP,
    PlainBytes,
    check_file,
    is_bomb,
    open_zip,
    readable_members,
    too_much,
)

Kind = Literal["text", "archive", "xlsx", "parquet"]

_BLANK = b" \t\r\n"
_LINES_LOOKED_AT = 20
_OLD_OFFICE = "Office 97"
_PACKED = frozenset({"7-Zip", "RAR", "bzip2", "xz", "Zstandard", "tar"})
_PICTURES = frozenset({"PNG", "JPEG"})
_UNREAD = (
    (b"%PDF", "PDF"),
    (b"SQLite format 3", "SQLite"),
    (b"\xd0\xcf\x11\xe0", _OLD_OFFICE),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"ARROW1", "Arrow"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x7fELF", "program"),
)
_IN_ZIP = (
    ("word/", "Word"),
    ("ppt/", "PowerPoint"),
    ("content.xml", "OpenDocument"),
    ("META-INF/container.xml", "e-book"),
)
_TAR_AT, _TAR = 257, b"ustar"
_ROOT = re.compile(rb"<([A-Za-z_][\w:.\-]*)[\s/>]")
_WEB = re.compile(rb"(?:<!doctype html|<html[\s>])", re.IGNORECASE)


def kind_of(path: Path) -> Kind:
    """Return what a file is at its outside. Raises UnreadableFile for what is never read, with what to do."""
    check_file(path)
    with path.open("rb") as file:
        head = file.read(512)
        if head.startswith(b"PAR1"):
            return "parquet"
        _refuse(path, head)
        if not head.startswith((ZIP, EMPTY_ZIP)):
            return "text"
        with open_zip(path, file) as archive:
            names = archive.namelist()
    if "xl/workbook.xml" in names:
        return "xlsx"
    for start, name in _IN_ZIP:
        if any(one.startswith(start) for one in names):
            raise UnreadableFile(path, _what_to_do(name))
    return "archive"


def _refuse(path: Path, head: bytes) -> None:
    name = next((name for mark, name in _UNREAD if head.startswith(mark)), "")
    if not name and head[_TAR_AT:].startswith(_TAR):
        name = "tar"
    if name:
        raise UnreadableFile(path, _what_to_do(name))


def _what_to_do(kind: str) -> str:
    if kind in _PACKED:
        return _("It is packed with {kind}. Unpack it first.", kind=kind)
    if kind in _PICTURES:
        return _("It is a picture ({kind}).", kind=kind)
    if kind == _OLD_OFFICE:
        return _(
            "It is an Office 97 file, or a workbook with a password. "
            "Open it and save it without a password as .xlsx or CSV."
        )
    if kind[0].lower() in "aeiou":
        return _("It is an {kind} file. Save its table as CSV or JSONL.", kind=kind)
    return _("It is a {kind} file. Save its table as CSV or JSONL.", kind=kind)


def check_inside(path: Path, member: str = "") -> bytes:
    """Return the first bytes of what is packed (or of the file itself). Raises UnreadableFile for packed in packed."""
    plain = PlainBytes(path, member)
    try:
        head = plain.file.peek(512)[:512]
    finally:
        plain.close()
    if head.startswith((ZIP, EMPTY_ZIP, GZIP, b"PAR1")):
        raise UnreadableFile(path, _("It is packed twice. Unpack it once first."))
    _refuse(path, head)
    return head


def members_of(path: Path) -> tuple[str, ...]:
    """Return the names of the files of an archive that can be read. Raises UnreadableFile without any."""
    with path.open("rb") as file, open_zip(path, file) as archive:
        found = readable_members(archive)
        if any(map(is_bomb, found)):
            raise UnreadableFile(path, too_much())
    if not found:
        raise UnreadableFile(path, _("It is an archive without a file that can be read."))
    return tuple(info.filename for info in found)


def text_container(path: Path, head: bytes, wanted: str, *, whole: bool) -> str:
    """Return csv, jsonl, array, chatml or xml for text that begins with ``head`` (UTF-8). Raises UnreadableFile."""
    body = head.lstrip(_BLANK)
    if not body:
        raise UnreadableFile(path, _("It is empty."))
    if is_chatml(body):
        return "chatml"
    if is_xml(path, body, whole=whole):
        return "xml"
    if body.startswith(b"["):
        return "array"
    lines = list(islice(_stripped_lines(body), _LINES_LOOKED_AT))
    if body.startswith(b"{"):
        return "array" if _is_spread_object(lines, whole=whole) else "jsonl"
    if wanted in {"openai", "sharegpt", "preference", "label-studio", "argilla", "doccano"}:
        return "jsonl"
    objects = sum(line.startswith(b"{") and line.endswith(b"}") for line in lines)
    return "jsonl" if objects * 2 > len(lines) else "csv"


def is_xml(path: Path, body: bytes, *, whole: bool) -> bool:
    """Whether text is XML, by its declaration or an element around all of it. Raises UnreadableFile for a web page."""
    if _WEB.match(body):
        raise UnreadableFile(path, _("It is a web page. Save its table as CSV or JSONL."))
    if body.startswith((b"<?xml", b"<!DOCTYPE", b"<!--")):
        return True
    root = _ROOT.match(body)
    if root is None:
        return False
    end = b"</" + root[1] + b">"
    return body.rstrip(_BLANK).endswith((end, b"/>")) if whole else end not in body


def _stripped_lines(body: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(body):
        end = body.find(b"\n", start)
        end = len(body) if end < 0 else end
        if line := body[start:end].strip(_BLANK):
            yield line
        start = end + 1


def _is_spread_object(lines: list[bytes], *, whole: bool) -> bool:
    """Whether one object is spread over several lines, as pretty printing does."""
    first = lines[0]
    if first.endswith(b"}") or len(lines) == 1:
        return False
    return not any(line.startswith(b"{") and line.endswith(b"}") for line in lines[1:]) and (
        first == b"{" or lines[1].startswith(b'"') or (whole and lines[-1] == b"}")
    )


def line_ends(head: bytes) -> str:
    """Return how the lines of text end: LF, CRLF, CR, mixed, or "" for one line."""
    pairs = head.count(b"\r\n")
    found = {"CRLF": pairs, "LF": head.count(b"\n") - pairs, "CR": head.count(b"\r") - pairs}
    kinds = [name for name, count in found.items() if count]
    return "mixed" if len(kinds) > 1 else (kinds or [""])[0]
