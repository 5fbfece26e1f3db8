"""The commands of a fresh clone: they run on an old Python too, install once, and say what is missing."""

import ast
import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import environment
import pytest
import qt_libraries
import run

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPTS = ("run.py", "environment.py", "qt_libraries.py", "servers.py")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of no packages in a folder with a space, so that an install takes a moment."""
    root = tmp_path / "my project"
    (root / "packaging").mkdir(parents=True)
    (root / "packaging" / "constraints.txt").write_text("pyside6-essentials==1.0\n")
    (root / "pyproject.toml").write_text('[project]\nname = "x"\n[tool.ruff]\nline-length = 1\n')
    monkeypatch.setattr(environment, "ROOT", root)
    monkeypatch.setattr(environment, "VENV", root / ".venv")
    monkeypatch.setattr(environment, "STAMP", root / ".venv" / "accord-installed.json")
    return root


@pytest.fixture
def installs(project: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked of pip; interpreters are real, pip and venv are not called."""
    asked: list[str] = []
    real = subprocess.call

    def call(command: list[str], **options: object) -> int:
        if "pip" in command:
            assert options["cwd"] == project
            asked.append(command[-1])
            return 0
        if "venv" in command:
            (project / ".venv" / "bin").mkdir(parents=True)
            (project / ".venv" / "bin" / "python").symlink_to(sys.executable)
            return 0
        return real(command, stderr=subprocess.DEVNULL)

    monkeypatch.setattr(subprocess, "call", call)
    return asked


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_scripts_are_python_3_9_and_need_nothing_installed(name: str) -> None:
    tree = ast.parse((ROOT / "packaging" / name).read_text("utf-8"), feature_version=(3, 9))
    own = {"environment", "qt_libraries", "servers"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert {alias.name.split(".")[0] for alias in node.names} <= sys.stdlib_module_names | own
        if isinstance(node, ast.ImportFrom) and node.module:
            assert node.module.split(".")[0] in sys.stdlib_module_names | own


def test_a_second_run_installs_nothing(installs: list[str]) -> None:
    python = environment.prepare(extras=("dev",))
    assert environment.prepare(extras=("dev",)) == python
    assert environment.prepare(extras=()) == python
    assert installs == [".[dev]", environment.TEST_MODEL]


def test_a_wider_need_installs_the_rest_and_keeps_what_was_there(installs: list[str]) -> None:
    environment.prepare(extras=())
    environment.prepare(extras=("dev",))
    environment.prepare(extras=("build",))
    assert installs == [".", ".[dev]", environment.TEST_MODEL, ".[build,dev]", environment.TEST_MODEL]


def test_changed_pins_install_again_and_other_changes_do_not(project: Path, installs: list[str]) -> None:
    environment.prepare(extras=())
    (project / "pyproject.toml").write_text('[project]\nname = "x"\n[tool.ruff]\nline-length = 2\n')
    environment.prepare(extras=())
    assert len(installs) == 1
    (project / "packaging" / "constraints.txt").write_text("pyside6-essentials==1.0\nnumpy==1\n")
    environment.prepare(extras=())
    assert len(installs) == 2


def test_another_qt_or_a_moved_folder_makes_a_new_environment(project: Path, installs: list[str]) -> None:
    environment.prepare(extras=())
    marker = project / ".venv" / "marker"
    marker.touch()
    (project / "packaging" / "constraints.txt").write_text("pyside6-essentials==2.0\n")
    environment.prepare(extras=())
    assert not marker.exists()
    marker.touch()
    stamp = environment.STAMP.read_text().replace(str(project), "/somewhere/else")
    environment.STAMP.write_text(stamp)
    environment.prepare(extras=())
    assert not marker.exists()
    assert len(installs) == 3


def test_an_install_that_failed_is_tried_again(
    project: Path, installs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.prepare(extras=())
    with monkeypatch.context() as broken:
        real = subprocess.call
        broken.setattr(
            subprocess, "call", lambda command, **options: 1 if "pip" in command else real(command, **options)
        )
        (project / "packaging" / "constraints.txt").write_text("pyside6-essentials==1.0\nnumpy==1\n")
        with pytest.raises(environment.Stopped, match="pip could not install"):
            environment.prepare(extras=())
    environment.prepare(extras=())
    assert len(installs) == 2


def test_without_a_new_enough_python_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment, "OLDEST", (9, 1))
    monkeypatch.setattr(environment, "VENV", Path("/nowhere/.venv"))
    monkeypatch.setattr(environment, "STAMP", Path("/nowhere/.venv/stamp"))
    assert run.main(["demo"]) == 1
    assert "Accord needs Python 9.1 or newer" in capsys.readouterr().err


def test_without_the_right_to_install_it_prints_the_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment, "apt_prefix", lambda: None)
    assert not environment.install_packages(("libegl1", "libgl1"), "Qt needs them.")
    printed = capsys.readouterr().out
    assert "apt-get install -y --no-install-recommends libegl1 libgl1" in printed


def test_a_missing_library_is_noticed(tmp_path: Path) -> None:
    """An interpreter in which no Qt starts stands for a machine without the libraries."""
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 127\n")
    python.chmod(0o755)
    assert qt_libraries.missing(python, window=False) == qt_libraries.OFFSCREEN
    assert set(qt_libraries.missing(python, window=True)) == {*qt_libraries.OFFSCREEN, *qt_libraries.WINDOW}
    assert qt_libraries.missing(Path(sys.executable), window=False) == ()


def test_an_unknown_command_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["dance"]) == 2
    assert run.main(["--help"]) == 0
    assert "packaging/run.py demo" in capsys.readouterr().out


def test_every_check_runs_and_one_failure_fails_the_whole(capfd: pytest.CaptureFixture[str]) -> None:
    steps = {
        "first": [sys.executable, "-c", "import sys; sys.exit(3)"],
        "second": [sys.executable, "-c", "print('second ran')"],
    }
    assert run._run_all(steps) == 1
    printed = capfd.readouterr().out
    assert "second ran" in printed
    assert "FAILED (3)" in printed


def test_every_dependency_is_pinned_within_what_the_project_allows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["dev"], *extras["build"]]
    lines = (ROOT / "packaging" / "constraints.txt").read_text("utf-8").splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+]+", line) for line in lines), "name==version only"
    pinned = {_normal(line.split("==")[0]): line.split("==")[1] for line in lines}
    assert {_normal(re.split(r"[<>=!~;\s\[]", need)[0]) for need in wanted} <= pinned.keys()
    assert "accord" not in pinned
    installed = importlib.metadata.version("PySide6-Essentials")
    assert installed == pinned["pyside6-essentials"]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_ci_is_the_command_that_a_person_runs() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "packaging/run.py test" in script.read_text("utf-8")
