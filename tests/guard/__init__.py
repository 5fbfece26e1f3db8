"""The guard at the door to the network: in this process, and in every Python that it starts."""

import atexit
import os
import tempfile
from pathlib import Path

from tests.guard.sitecustomize import LOG

_FOLDER = Path(__file__).resolve().parent
_SOURCES = _FOLDER.parents[1] / "src"


def stand() -> None:
    """Watch over this process and give those that it starts the guard, and one file in which all of them tell."""
    file, name = tempfile.mkstemp(prefix="accord-reached-")
    os.close(file)
    atexit.register(_forget, Path(name), os.getpid())
    os.environ[LOG] = name
    paths = [str(_FOLDER), str(_SOURCES), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(filter(None, paths)))


def told() -> list[str]:
    """Return who asked for another machine so far, and where."""
    return Path(os.environ[LOG]).read_text("utf-8").splitlines()


def _forget(log: Path, owner: int) -> None:
    if os.getpid() == owner:  # not a process that was forked
        log.unlink(missing_ok=True)
