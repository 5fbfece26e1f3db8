"""Launching the compute program: it is watched, ends with this one, is killed to stop it, and says why it fell."""

import contextlib
import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from accord.domain.errors import AccordError
from accord.domain.progress import Progress
from accord.domain.wording import _

Event = dict[str, Any]
_POLL_SECONDS = 0.05
SILENT_SECONDS = 180.0
_LAST_LINES = 5


class SidecarFailed(AccordError):
    """The compute program ended without a result; its last lines say why."""

    def __init__(self, code: int | None, last: Sequence[str]) -> None:
        self.code, self.last = code, tuple(last)
        said = "\n".join(last) or _("it said nothing")
        super().__init__(
            _(
                "The program that computes with models ended without a result ({code}). What it had done until then is "
                "kept; try again. Its last lines:\n{said}",
                code=_("signal {number}", number=-code) if code is not None and code < 0 else code,
                said=said,
            )
        )


class SidecarSilent(AccordError):
    """The compute program gave no sign of life and was ended."""

    def __init__(self) -> None:
        super().__init__(
            _("The program that computes with models gave no sign of life and was stopped. What it had done is kept.")
        )


def events_of(work: str, run_dir: Path, progress: Progress, *, silent: float = SILENT_SECONDS) -> Iterator[Event]:
    """Run ``python -m accord.sidecar`` on a run folder and yield what it tells, heartbeats left out.

    The program is killed when ``progress`` is stopped and when the iterator is closed. Raises SidecarFailed,
    SidecarSilent (``silent``: seconds without a sign), Cancelled.
    """
    progress.check()
    log = run_dir / "log.txt"
    with log.open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603  (this very interpreter, and words of our own)
            [sys.executable, "-P", "-m", "accord.sidecar", work, str(run_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    reader = threading.Thread(target=_read, args=(process, lines), daemon=True)
    reader.start()
    try:
        yield from _events(lines, progress, silent)
        code = process.wait()
        if code:
            raise SidecarFailed(code, _last_lines(log))
    finally:
        process.kill()
        process.wait()
        reader.join()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _read(process: "subprocess.Popen[bytes]", lines: "queue.SimpleQueue[bytes | None]") -> None:
    for line in process.stdout or ():
        lines.put(line)
    lines.put(None)


def _events(lines: "queue.SimpleQueue[bytes | None]", progress: Progress, silent: float) -> Iterator[Event]:
    heard = time.monotonic()
    while True:
        progress.check()
        try:
            line = lines.get(timeout=_POLL_SECONDS)
        except queue.Empty:
            if time.monotonic() - heard > silent:
                raise SidecarSilent from None
            continue
        if line is None:
            return
        heard = time.monotonic()
        with contextlib.suppress(ValueError):  # the half line of a program that was killed
            event = json.loads(line)
            if event.get("event") != "heartbeat":
                yield event


def _last_lines(log: Path) -> list[str]:
    text = log.read_text("utf-8", "replace")
    return [line for line in text.splitlines() if line.strip()][-_LAST_LINES:]
