"""The packaged program starts and shows its window on a machine where only the package is."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = ROOT / "dist" / "accord" / "accord"
WAIT = 120.0

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def program() -> Path:
    """Build the folder and the .deb as `run.py build` does."""
    subprocess.run([sys.executable, str(ROOT / "packaging" / "bundle.py")], check=True, cwd=ROOT, timeout=1800)
    return PROGRAM


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A virtual screen: its name, and the file that holds its pixels."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-fbdir", "."]
    with subprocess.Popen(command, cwd=tmp_path, pass_fds=(writing,), stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with os.fdopen(reading) as told:
            name = f":{told.readline().strip()}"
        yield name, tmp_path / "Xvfb_screen0"
        server.terminate()


def colours(pixels: Path) -> int:
    """Count the different colours on the screen."""
    content = pixels.read_bytes()[-1280 * 800 * 4 :]
    return len({content[place : place + 4] for place in range(0, len(content), 4)})


def test_the_window_opens(program: Path, screen: tuple[str, Path]) -> None:
    name, pixels = screen
    surroundings = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    surroundings |= {"DISPLAY": name, "QT_QPA_PLATFORM": "xcb"}
    empty = colours(pixels)
    with subprocess.Popen([str(program)], env=surroundings, cwd=pixels.parent, stderr=subprocess.PIPE) as running:
        deadline = time.monotonic() + WAIT
        while colours(pixels) < empty + 20:
            assert running.poll() is None, f"it ended with {running.returncode}: {running.communicate()[1]!r}"
            assert time.monotonic() < deadline, "no window came"
            time.sleep(0.5)
        running.terminate()
        running.wait(WAIT)


def test_the_sample_project_goes_the_whole_way(program: Path, tmp_path: Path) -> None:
    out = tmp_path / "sample project"
    ran = subprocess.run(
        [str(program), "demo", "--headless", "--out", str(out), "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert ran.returncode == 0, ran.stderr
    assert list(out.rglob("manifest.json"))


def test_the_debian_package_holds_the_program(program: Path) -> None:
    (package,) = program.parent.parent.glob("accord_*.deb")
    listed = subprocess.run(["dpkg-deb", "-c", str(package)], check=True, capture_output=True, text=True).stdout
    assert "./opt/accord/accord" in listed
    assert "./usr/share/applications/accord.desktop" in listed
    assert "resources/sample" in listed
