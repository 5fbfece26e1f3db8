"""The entry point: words that are no verb, and a machine without a display, get one sentence and no crash."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NO_DISPLAY = "accord: there is no display to open a window on. Use a verb (accord --help), or set DISPLAY.\n"


def _call(*words: str, cwd: Path, platform: str = "") -> subprocess.CompletedProcess[str]:
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment["ACCORD_CONFIG_DIR"] = str(cwd / "config")
    if platform:
        environment["QT_QPA_PLATFORM"] = platform
    return subprocess.run(
        [sys.executable, "-m", "accord", *words],
        cwd=cwd,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="these systems always have a display")
@pytest.mark.parametrize("words", [(), ("clinic.accord",), ("gallery",)])
@pytest.mark.parametrize("platform", ["", "xcb", "wayland;xcb"])
def test_without_a_display_there_is_one_sentence(tmp_path: Path, words: tuple[str, ...], platform: str) -> None:
    done = _call(*words, cwd=tmp_path, platform=platform)
    assert (done.returncode, done.stderr) == (1, NO_DISPLAY)


@pytest.mark.parametrize("words", [("frob",), ("frob", "x.accord")])
def test_a_mistyped_verb_is_no_project(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = _call(*words, cwd=tmp_path, platform="offscreen")
    assert (done.returncode, done.stderr) == (2, "accord: “frob” is neither a verb nor a project. See accord --help.\n")


def test_one_window_opens_one_project(tmp_path: Path) -> None:
    done = _call("a.accord", "b.accord", cwd=tmp_path, platform="offscreen")
    assert (done.returncode, done.stderr) == (2, "accord: the window opens one project. See accord --help.\n")
