"""What the program tells while it works: one JSON object a line on stdout, which holds nothing else."""

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

BEAT_SECONDS = 2.0


class Events:
    """Writes events whole, from any thread."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._lock = threading.Lock()

    @classmethod
    def on_stdout(cls) -> "Events":
        """Keep stdout for events: what a library prints goes to stderr from now on."""
        out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        return cls(out)

    def tell(self, event: str, **facts: Any) -> None:
        """Write one event."""
        line = json.dumps({"event": event, **facts}, ensure_ascii=False)
        with self._lock:
            self._out.write(line + "\n")
            self._out.flush()

    def phase(self, name: str) -> None:
        """Say what begins now."""
        self.tell("phase", name=name)

    def progress(self, done: int, total: int, per_second: float) -> None:
        """Say how far the work is, in the work's own unit."""
        self.tell("progress", done=done, total=total, per_second=round(per_second, 2))

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Tell every few seconds that the program is alive while the block runs."""
        over = threading.Event()

        def beat() -> None:
            while not over.wait(BEAT_SECONDS):
                self.tell("heartbeat", at=round(time.time(), 1))

        thread = threading.Thread(target=beat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
