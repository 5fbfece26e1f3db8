"""What ``doctor`` says of the machine's fonts."""

import subprocess

import pytest

from accord.workflows import machine


def _with_fonts(monkeypatch: pytest.MonkeyPatch, listed: bytes) -> None:
    done = subprocess.CompletedProcess(["fc-list"], 0, listed, b"")
    monkeypatch.setattr("shutil.which", lambda _name: "/usr/bin/fc-list")
    monkeypatch.setattr("subprocess.run", lambda *_args, **_options: done)


def test_scripts_without_a_font_are_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    _with_fonts(monkeypatch, b":lang=aa|ar|de|en\n:lang=he\n:lang=hi|th\n")
    found = machine.fonts_check()
    assert found["ok"]
    assert found["detail"].startswith("no font for Japanese, Korean, Chinese: such texts are kept")
    assert "fonts-noto-cjk" in found["detail"]


def test_nothing_is_missing_where_every_script_has_a_font(monkeypatch: pytest.MonkeyPatch) -> None:
    _with_fonts(monkeypatch, b":lang=ar|he|hi|th\n:lang=ja|ko|zh-cn\n")
    assert "no font" not in machine.fonts_check()["detail"]


def test_a_system_that_cannot_tell_is_taken_at_its_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    assert machine.fonts_check() == {"ok": True, "detail": "fonts of the system"}
