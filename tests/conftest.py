"""What holds for every test: no screen, no network, no leaked thread, no settings of the person who runs it."""

import itertools
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import guard
from tests.servers import Server, running

guard.stand()
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything imports Qt

pytest_plugins = ["pytester"]

settings.register_profile("ci", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci")

ROOT = Path(__file__).resolve().parent.parent
THREAD_GRACE_SECONDS = 3.0
# Threads of libraries that live as long as the process: tqdm's clock and fsspec's loop, both started by `datasets`.
LIBRARY_THREADS = frozenset({"TMonitor", "fsspecIO"})

_numbers = itertools.count()


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The real files that figures are proved on; they do not travel with the project."""
    folder = Path(os.environ.get("ACCORD_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"the data files are not at {folder} (ACCORD_DATA names their folder)")
    return folder


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Give a PostgreSQL server of the tests' own."""
    with running() as started:
        yield started


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    """Give the address of an empty database."""
    address = server.new_database()
    yield address
    server.drop(address)


@pytest.fixture(params=["file", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Give somewhere to make a project: a test that asks for this runs on both databases."""
    if request.param == "server":
        return str(request.getfixturevalue("database"))
    return tmp_path / "clinic.accord"


@pytest.fixture(autouse=True)
def _own_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path_factory.getbasetemp() / f"settings-{next(_numbers)}"
    monkeypatch.setenv("ACCORD_CONFIG_DIR", str(folder))
    monkeypatch.setenv("ACCORD_CACHE_DIR", str(folder / "cache"))
    # No test reads or writes the keys of whoever runs it.
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    for name in ("OPENAI_API_KEY", "AZURE_OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def light_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let projects begin without the rules that take seconds to load, for tests that are not about those."""
    from accord.workflows import projects
    from tests.light import light

    preset = projects.preset
    monkeypatch.setattr(projects, "preset", lambda name: light(preset(name)))


@pytest.fixture(autouse=True)
def _no_leaked_thread() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + THREAD_GRACE_SECONDS
    while leaked := [thread for thread in threading.enumerate() if thread not in before and _counts(thread)]:
        if time.monotonic() > deadline:
            pytest.fail(f"the test left threads behind: {', '.join(thread.name for thread in leaked)}")
        time.sleep(0.01)


def _counts(thread: threading.Thread) -> bool:
    # A dummy stands for a thread that Python did not start (Qt's pool) and stays in the list after it is gone.
    if isinstance(thread, threading._DummyThread):
        return False
    return thread.name not in LIBRARY_THREADS and type(thread).__name__ not in LIBRARY_THREADS


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    before = len(guard.told())
    yield
    reached = guard.told()[before:]
    assert not reached, f"the test went to the network: {'; '.join(reached)}"
