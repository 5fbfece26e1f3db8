"""The compute program is watched: it ends with its parent, when it is to stop, and says why it fell."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.providers.texts import Watched

from accord.domain.errors import Cancelled
from accord.domain.progress import Silent
from accord.providers import models
from accord.providers.sidecar import SidecarFailed, SidecarSilent, events_of


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    folder.mkdir()
    texts = b'"one"\n"two"\n'
    (folder / "texts.jsonl").write_bytes(texts)
    _write_spec(folder, "0" * 64)
    return folder


def _write_spec(folder: Path, digest: str) -> None:
    spec = {"model": models.embedding_model("").folder, "texts": {"name": "texts.jsonl", "sha256": digest}}
    (folder / "spec.json").write_text(json.dumps(spec), "utf-8")


def test_data_that_is_not_what_the_spec_names_is_refused(run_dir: Path) -> None:
    with pytest.raises(SidecarFailed, match="not the file that the spec names"):
        list(events_of("embed", run_dir, Silent()))
    assert not (run_dir / "complete.json").exists()


def test_a_folder_without_a_spec_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SidecarFailed, match=r"spec\.json cannot be read"):
        list(events_of("embed", tmp_path, Silent()))


def test_an_unknown_work_is_wrong_usage(run_dir: Path) -> None:
    with pytest.raises(SidecarFailed, match="usage"):
        list(events_of("sing", run_dir, Silent()))


def test_it_is_ended_when_it_gives_no_sign_of_life(run_dir: Path) -> None:
    with pytest.raises(SidecarSilent):
        list(events_of("embed", run_dir, Silent(), silent=0.01))


def test_it_does_not_begin_when_it_is_stopped_before(run_dir: Path) -> None:
    watched = Watched(stop=lambda _done, _note: True)
    watched.report(0)
    with pytest.raises(Cancelled):
        list(events_of("embed", run_dir, watched))


def _gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.fixture
def started(run_dir: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Give a parent that has started the program and then waits; it prints the program's number."""
    code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-m', 'accord.sidecar', 'embed', sys.argv[1]],"
        " stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    spec = json.loads((run_dir / "spec.json").read_text("utf-8"))
    fifo = run_dir / "texts.jsonl"
    fifo.unlink()
    os.mkfifo(fifo)  # the program waits here until it is ended
    (run_dir / "spec.json").write_text(json.dumps({**spec, "temporary": True}), "utf-8")
    parent = subprocess.Popen([sys.executable, "-c", code, str(run_dir)], stdout=subprocess.PIPE)
    yield parent
    parent.kill()
    parent.wait()
    if parent.stdout is not None:
        parent.stdout.close()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
def test_it_ends_with_its_parent_and_takes_the_texts_along(started: "subprocess.Popen[bytes]", run_dir: Path) -> None:
    assert started.stdout is not None
    pid = int(started.stdout.readline())
    time.sleep(0.5)
    assert not _gone(pid)
    started.send_signal(signal.SIGKILL)
    started.wait()
    for _ in range(100):
        if _gone(pid):
            break
        time.sleep(0.1)
    assert _gone(pid)
    assert not run_dir.exists()
