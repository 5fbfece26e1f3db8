"""The real command line: every call is a process of its own, as people and scripts call it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from accord.__main__ import main

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Call:
    """One finished call."""

    code: int
    out: str
    err: str

    @property
    def value(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON lines on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]


class Accord(Protocol):
    """Calls ``python -m accord`` with these words; asserts the exit status unless ``code`` is None."""

    def __call__(self, *words: object, code: int | None = 0, environment: dict[str, str] | None = None) -> Call: ...


def call(*words: object, cwd: Path, code: int | None = 0, environment: dict[str, str] | None = None) -> Call:
    done = subprocess.run(
        [sys.executable, "-m", "accord", *(str(word) for word in words)],
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        timeout=120,
        check=False,
    )
    found = Call(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
    assert "Traceback" not in found.err, found.err
    assert code is None or found.code == code, f"{words}: {found}"
    return found


@pytest.fixture
def program(tmp_path: Path) -> Accord:
    """Return the program as a process of its own."""

    def run(*words: object, code: int | None = 0, environment: dict[str, str] | None = None) -> Call:
        return call(*words, cwd=tmp_path, code=code, environment=environment)

    return run


@pytest.fixture
def accord(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], light_checks: None
) -> Accord:
    """Return the same program within this process, which is many times faster, as are light checks."""
    monkeypatch.chdir(tmp_path)

    def run(*words: object, code: int | None = 0, environment: dict[str, str] | None = None) -> Call:
        assert not environment
        monkeypatch.setattr(sys, "argv", ["accord", *(str(word) for word in words)])
        capfd.readouterr()
        try:
            status = main()
        except SystemExit as ended:
            status = int(ended.code or 0)
        out, err = capfd.readouterr()
        found = Call(status, out, err)
        assert code is None or found.code == code, f"{words}: {found}"
        return found

    return run
