"""The guards around every test catch what they are there for."""

import os
import re
from pathlib import Path

import pytest

PROBE = """
import contextlib, os, socket, subprocess, sys, threading, time
import pytest
from accord.jobs import call_in_worker

REACH = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"

def test_leaks_a_thread():
    threading.Thread(target=time.sleep, args=(30,), daemon=True, name="left-over").start()

def test_short_thread_is_fine():
    threading.Thread(target=time.sleep, args=(0.05,)).start()

def test_connects_out():
    socket.create_connection(("192.0.2.1", 80), timeout=1)

def test_looks_up_a_name():
    socket.getaddrinfo("example.org", 443)

def test_hides_its_connection():
    try:
        socket.socket().connect(("192.0.2.1", 80))
    except BaseException:
        pass

def test_child_connects_out():
    assert subprocess.run([sys.executable, "-c", REACH]).returncode == 1

def test_child_looks_up_a_name_and_hides_it():
    script = "import socket\\ntry: socket.getaddrinfo('example.org', 443)\\nexcept BaseException: pass"
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0

def test_child_of_a_child_connects_out():
    subprocess.run([sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {REACH!r}])"])

def test_worker_connects_out():
    with contextlib.suppress(BaseException):
        call_in_worker(socket.create_connection, (("192.0.2.1", 80),))

def test_child_that_stays_here_is_fine():
    script = "import socket; s = socket.create_server(('127.0.0.1', 0)); socket.create_connection(s.getsockname())"
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0

def test_local_connection_is_fine():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()

def test_settings_are_its_own():
    assert "settings-" in os.environ["ACCORD_CONFIG_DIR"]

def test_warns_in_qt(qtbot):
    from PySide6.QtCore import qWarning
    qWarning("something is wrong")

def test_offscreen_noise_is_fine(qtbot):
    from PySide6.QtCore import qWarning
    qWarning("This plugin does not support propagateSizeHints()")
"""


def test_every_python_that_a_test_starts_has_the_guard() -> None:
    tests = Path(__file__).parent
    overruled = [
        file.relative_to(tests).as_posix()
        for file in tests.rglob("*.py")
        if re.search(r"""["']PYTHONPATH["'] ?[:=\]]""", file.read_text("utf-8"))
    ]
    assert overruled == ["guard/__init__.py"]


def test_guards_fail_what_they_guard_against(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent.parent), prepend=os.pathsep)
    guards = Path(__file__).with_name("conftest.py").read_text("utf-8")
    pytester.makeconftest(guards.replace("THREAD_GRACE_SECONDS = 3.0", "THREAD_GRACE_SECONDS = 0.3"))
    pytester.makepyfile(PROBE)
    pytester.makeini("[pytest]\nqt_api = pyside6\nqt_log_level_fail = WARNING\nqt_log_ignore = propagateSizeHints\n")
    result = pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider", "-n", "2", "-rfE")
    lines = result.outlines
    caught = {line.split("::")[1].split(" ")[0] for line in lines if line.startswith(("FAILED", "ERROR"))}
    assert caught == {
        "test_leaks_a_thread",
        "test_connects_out",
        "test_looks_up_a_name",
        "test_hides_its_connection",
        "test_child_connects_out",
        "test_child_looks_up_a_name_and_hides_it",
        "test_child_of_a_child_connects_out",
        "test_worker_connects_out",
        "test_warns_in_qt",
    }
