"""How the program lives: it ends with its parent, reaches nobody over a network, and shares the processors."""

import os
import shutil
import sys
import threading
import time
from pathlib import Path
from typing import Any

PARENT_SECONDS = 1.0
ORPHANED = 3
_OUTWARD = frozenset({"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"})


def end_with_parent(run_dir: Path, *, temporary: bool) -> None:
    """End this program once stdin is closed or the parent is gone; ``temporary``: the run folder goes as well."""
    parent = os.getppid()

    def leave() -> None:
        if temporary:
            shutil.rmtree(run_dir, ignore_errors=True)
        os._exit(ORPHANED)

    def wait_for_end() -> None:
        while os.read(0, 1):  # past Python's buffer, whose lock would stand in the way at the end
            pass
        leave()

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_SECONDS)
        leave()

    for watch in (wait_for_end, look):
        threading.Thread(target=watch, daemon=True).start()


def stay_offline(*, threads: int) -> None:
    """Refuse every connection from now on, and set what numerical libraries read when they are loaded.

    ``threads``: how many processors to use, 0 for all that this program may use. Threads that wait for one another
    spin a little and then sleep. Measured with MiniLM on two processors: those that sleep at once take 10% more time
    on a quiet machine; those that spin on take 60% more on a busy one.
    """
    sys.addaudithook(_refuse)
    os.environ |= {
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "GOMP_SPINCOUNT": "20000",  # GNU's library: turns
        "KMP_BLOCKTIME": "1",  # LLVM's and Intel's: milliseconds
    }
    if threads:
        os.environ |= {"OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads)}


def _refuse(event: str, _args: tuple[Any, ...]) -> None:
    if event in _OUTWARD:
        raise PermissionError("this program reaches nobody over a network")
