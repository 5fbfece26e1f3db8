"""What the command line prints: one JSON object or plain lines to stdout, everything else to stderr."""

import io
import json
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from accord.domain.progress import Pace, Silent
from accord.domain.records import RowAccount
from accord.domain.wording import _

# JSON may carry these bare, but many a reader takes them for the end of a line.
_SHOWN = 20  # refused rows in text; JSON has all
_LINE_ENDS = {code: f"\\u{code:04x}" for code in (0x85, 0x2028, 0x2029)}


def use_utf8() -> None:
    """Make stdout UTF-8 whatever the locale; what no UTF-8 can hold (a file's odd name) becomes a JSON escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _json_line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False).translate(_LINE_ENDS) + "\n"


class Output:
    """Where a verb says what it did."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def result(self, value: Mapping[str, Any], lines: list[str]) -> None:
        """Print the one result of a verb: as JSON, or as the given lines."""
        if self.as_json:
            sys.stdout.write(_json_line(value))
        else:
            sys.stdout.writelines(line + "\n" for line in lines)
        sys.stdout.flush()

    def account(self, found: RowAccount, more: Mapping[str, Any] | None = None, lines: Sequence[str] = ()) -> int:
        """Print the account of a file of verdicts or decisions and return the exit status: 1 where none was taken.

        ``more`` and ``lines``: what else there is to tell, as JSON and as text.
        """
        faults = [{"line": f.line, "field": f.field, "reason": f.reason} for f in found.rejections]
        value = {"read": found.read, "accepted": found.accepted, "rejected": found.rejected}
        told = _("{read} read = {accepted} accepted + {rejected} rejected", **value)
        shown = [f"  {f['line']}: {f['field']}: {f['reason']}" for f in faults[:_SHOWN]]
        self.result(value | {"rejections": faults} | dict(more or {}), [told, *lines, *shown])
        if found.read and not found.accepted:
            self.note(_("accord: nothing was stored: {reason}", reason=faults[0]["reason"]))
            return 1
        return 0

    def row(self, value: Mapping[str, Any]) -> None:
        """Print one JSON line of a list."""
        sys.stdout.write(_json_line(value))

    def note(self, text: str) -> None:
        """Say something that is not the result."""
        sys.stderr.write(text + "\n")

    def progress(self, title: str) -> "Bar":
        """Return a progress bar on stderr, silent unless that is a terminal."""
        return Bar(title, visible=sys.stderr.isatty())


class Bar(Silent):
    """A progress bar with speed and time left, drawn at most ten times a second."""

    def __init__(self, title: str, *, visible: bool) -> None:
        self._title = title
        self._visible = visible
        self._pace = Pace()
        self._drawn = 0.0

    def report(self, done: int, total: int | None = None, note: str = "") -> None:
        """Draw how far the work is."""
        self._pace.report(done, total)
        now = time.monotonic()
        if not self._visible or now - self._drawn < 0.1:  # noqa: PLR2004  (ten times a second)
            return
        self._drawn = now
        share = f"{done / total:4.0%}" if total else ""
        left = self._pace.left()
        remaining = "" if left is None else _("{seconds} s left", seconds=round(left))
        sys.stderr.write(f"\r\x1b[K{self._title} {share} {note} {remaining}")
        sys.stderr.flush()

    def close(self) -> None:
        """Clear the line."""
        if self._visible and self._drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
