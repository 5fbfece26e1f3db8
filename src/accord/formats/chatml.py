r"""ChatML text (``<|im_start|>role``, a line break, the text, ``<|im_end|>``): conversations in a file or in one cell.

In a text file a conversation ends at a blank line between two messages, before a system message that does not come
first, and at ``<|endoftext|>``, as files written for trainers do; blank lines inside a message belong to its text. In a
cell the whole text is one conversation. The text of a message is kept byte for byte between the line break after the
role and ``<|im_end|>``. An open assistant message without text at the end, the prompt for an answer, is no message.

Source: OpenAI's description of ChatML ("role name=example" included); the chat templates of Qwen and others.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from accord.domain.content import Content, Message
from accord.domain.wording import _
from accord.formats.conversations import ROLES, checked
from accord.formats.encodings import Utf8Stream
from accord.formats.failures import RowProblem
from accord.formats.rows import MAX_ROW_BYTES, RawRow
from accord.formats.tool_calls import read_tools

START, END, STOP = "<|im_start|>", "<|im_end|>", "<|endoftext|>"
KEYS = frozenset({"text", "chatml", "tools"})

_START, _END, _STOP = START.encode(), END.encode(), STOP.encode()
_SYSTEM = _START + b"system"
_BLANK = b" \t\r\n"
_MARK = re.compile(re.escape(_START) + rb"|" + re.escape(_END))
_HEAD = re.compile(r"([a-z_]+)(?: name=([^\r\n]*))?[ \t]*\r?\n")


def is_chatml(head: bytes) -> bool:
    """Whether a file that begins with ``head`` (UTF-8) is ChatML."""
    return head.lstrip(_BLANK).startswith(_START)


def holds_chatml(row: Mapping[str, Any]) -> bool:
    """Whether a row has a cell of ChatML."""
    return any(isinstance(row.get(key), str) and row[key].lstrip().startswith(START) for key in ("text", "chatml"))


def chatml_rows(stream: Utf8Stream) -> Iterator[RawRow]:
    """Yield each conversation of a text file as ``{"text": ...}``, with the line where it starts."""
    block: list[bytes] = []
    start, number, size, opened, blank = 0, 0, 0, False, False
    while raw := stream.readline(MAX_ROW_BYTES):
        number += 1
        starts = raw.lstrip(_BLANK).startswith(_START)
        again = starts and raw.lstrip(_BLANK).startswith(_SYSTEM)
        # A message that is still open when another starts was never closed; its conversation ends where one would.
        if block and (again or (blank and (starts or not opened))):
            yield _row(start, block, size)
            block, size, opened = [], 0, False
        blank = not raw.strip(_BLANK)
        if blank and not block:
            continue
        start = start if block else number
        if size <= MAX_ROW_BYTES:
            block.append(raw)
        size += len(raw)
        opened = _open_after(raw, opened=opened)
        blank = blank or (not opened and raw.rstrip(_BLANK).endswith(_STOP))
    if block:
        yield _row(start, block, size)


def _open_after(raw: bytes, *, opened: bool) -> bool:
    """Whether a message is still open after a line."""
    marks = _MARK.findall(raw)
    return marks[-1] == _START if marks else opened


def _row(line: int, block: list[bytes], size: int) -> RawRow:
    raw = b"".join(block)
    if size > MAX_ROW_BYTES:
        return RawRow(line, RowProblem("", _("The row is longer than {limit} MB.", limit=MAX_ROW_BYTES >> 20)), b"")
    try:
        return RawRow(line, {"text": raw.decode("utf-8")}, raw)
    except UnicodeDecodeError as error:
        problem = RowProblem("", _("Byte {position} of the row is not UTF-8.", position=error.start + 1))
        return RawRow(line, problem, raw)


def from_chatml(row: Mapping[str, Any]) -> Content:
    """Read the conversation in the cell text (or chatml). Raises RowProblem."""
    field = "text" if row.get("text") is not None else "chatml"
    text = row.get(field)
    if not isinstance(text, str):
        raise RowProblem(field, _("This is not text."))
    return checked(list(_messages(text, field)), read_tools(row.get("tools")))


def _messages(text: str, field: str) -> Iterator[Message]:
    before, *pieces = text.split(START)
    _check_between(before, field, 0)
    for number, piece in enumerate(pieces):
        head = _HEAD.match(piece)
        name = head[1] if head else piece.split("\n", 1)[0].strip()[:40]
        if number == len(pieces) - 1 and name == "assistant" and END not in piece:
            if not piece.removeprefix("assistant").replace(STOP, "").strip():
                return
            raise RowProblem(field, _("Message {n} is not closed by {mark}.", n=number + 1, mark=END))
        if head is None or name not in ROLES:
            raise RowProblem(
                field, _("Message {n} has the role “{role}”, which is not known.", n=number + 1, role=name)
            )
        content, closed, after = piece[head.end() :].partition(END)
        if not closed:
            raise RowProblem(field, _("Message {n} is not closed by {mark}.", n=number + 1, mark=END))
        _check_between(after, field, number + 1)
        yield Message(role=ROLES[name], content=content, extra={"name": head[2]} if head[2] else None)


def _check_between(text: str, field: str, number: int) -> None:
    """Raise RowProblem for text that stands in no message."""
    if text.replace(STOP, "").replace(END, "\0").strip():
        raise RowProblem(field, _("There is text outside the messages, after message {n}.", n=number))
