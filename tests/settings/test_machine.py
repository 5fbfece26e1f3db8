"""What a person set is there at the next start, whatever happens to the file in between."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.settings import (
    MACHINE_SETTINGS,
    BadSetting,
    LastPosition,
    MachineSettings,
    SettingsNotSaved,
    config_folder,
)


def test_a_value_is_there_at_the_next_start(tmp_path: Path) -> None:
    MachineSettings(tmp_path).set("theme", "dark")
    MachineSettings(tmp_path).set("text_scale", 150)
    again = MachineSettings(tmp_path)
    assert (again.get("theme"), again.get("text_scale")) == ("dark", 150)
    again.reset("theme")
    assert MachineSettings(tmp_path).get("theme") == "system"


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    settings = MachineSettings(tmp_path / "new" / "folder")
    settings.set("theme", "dark")
    assert stat.S_IMODE(settings.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("name", "value"),
    [("theme", "pink"), ("text_scale", 79), ("text_scale", 201), ("text_scale", "100"), ("text_scale", True)],
)
def test_a_value_that_cannot_be_is_refused_and_changes_nothing(tmp_path: Path, name: str, value: object) -> None:
    settings = MachineSettings(tmp_path)
    before = settings.get(name)
    with pytest.raises(BadSetting):
        settings.set(name, value)
    assert settings.get(name) == before
    assert not settings.path.exists()


def test_an_undeclared_name_is_a_bug(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        MachineSettings(tmp_path).get("colour")


def test_a_value_in_the_file_that_cannot_be_counts_as_the_default(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"text_scale": 5000, "last_projects": "x", "theme": "dark"}')
    settings = MachineSettings(tmp_path)
    assert (settings.get("text_scale"), settings.recent_projects, settings.get("theme")) == (100, (), "dark")
    assert settings.problem is None


@pytest.mark.parametrize("damage", [b"", b'{"theme": "da', b"\xff\xfe\x00", b"[1]", b"[" * 100_000])
def test_a_damaged_file_is_kept_aside_and_told(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "settings.json").write_bytes(damage)
    settings = MachineSettings(tmp_path)
    assert settings.get("theme") == "system"
    assert settings.problem is not None
    assert settings.problem.kept is not None
    assert settings.problem.kept.read_bytes() == damage
    assert str(settings.problem.kept) in settings.problem.sentence
    settings.set("theme", "dark")
    assert MachineSettings(tmp_path).problem is None


def test_keys_of_a_newer_version_stay_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"from_the_future": [1, 2]}')
    MachineSettings(tmp_path).set("theme", "light")
    assert json.loads((tmp_path / "settings.json").read_text())["from_the_future"] == [1, 2]


def test_two_programs_do_not_lose_each_others_settings(tmp_path: Path) -> None:
    one, two = MachineSettings(tmp_path), MachineSettings(tmp_path)
    one.set("theme", "dark")
    two.set("text_scale", 120)
    one.set("motion", "off")
    again = MachineSettings(tmp_path)
    assert (again.get("theme"), again.get("text_scale"), again.get("motion")) == ("dark", 120, "off")


def test_many_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    def remember(number: int) -> None:
        MachineSettings(tmp_path).remember_position(f"p{number}", LastPosition(cursor=number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(remember, range(24)))
    settings = MachineSettings(tmp_path)
    assert [settings.position(f"p{number}").cursor for number in range(24)] == list(range(24))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["settings.json", "settings.lock"]


def test_a_folder_that_cannot_be_written_keeps_the_value_for_this_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings = MachineSettings(tmp_path / "file" / "folder")
    with pytest.raises(SettingsNotSaved, match="could not be written"):
        settings.set("theme", "dark")
    assert settings.get("theme") == "dark"
    assert settings.device_id == settings.device_id != ""


def test_the_device_id_is_made_once(tmp_path: Path) -> None:
    one, two = MachineSettings(tmp_path), MachineSettings(tmp_path)
    assert one.device_id == two.device_id == MachineSettings(tmp_path).device_id
    assert len(one.device_id) == 36


def test_recent_projects_are_newest_first_and_named_once(tmp_path: Path) -> None:
    settings = MachineSettings(tmp_path)
    start = datetime(2026, 1, 1, 9, tzinfo=UTC)
    for number in range(20):
        settings.remember_project(f"/p/{number}.accord", f"Project {number}", opened=start + timedelta(days=number))
    settings.remember_project("/p/15.accord", "Renamed", opened=start + timedelta(days=30))
    recent = MachineSettings(tmp_path).recent_projects
    assert (recent[0].path, recent[0].title, recent[0].opened) == (
        "/p/15.accord",
        "Renamed",
        "2026-01-31T09:00:00+00:00",
    )
    assert len({project.path for project in recent}) == len(recent) == 12
    settings.forget_project("/p/15.accord")
    assert MachineSettings(tmp_path).recent_projects[0].title == "Project 19"


def test_a_mapping_is_found_by_its_columns_in_any_order(tmp_path: Path) -> None:
    settings = MachineSettings(tmp_path)
    settings.remember_mapping(("question", "answer"), {"request": "question", "answer": "answer"})
    assert MachineSettings(tmp_path).mapping(("answer", "question")) == {"request": "question", "answer": "answer"}
    assert settings.mapping(("answer",)) is None


def test_position_and_export_settings_belong_to_one_project(tmp_path: Path) -> None:
    settings = MachineSettings(tmp_path)
    here = LastPosition(example_id="00ff", filter="status = candidate", cursor=17)
    settings.remember_position("a.accord", here)
    settings.remember_export("a.accord", {"format": "openai", "array": False})
    again = MachineSettings(tmp_path)
    assert (again.position("a.accord"), again.position("b.accord")) == (here, LastPosition())
    assert (again.export_settings("a.accord"), again.export_settings("b.accord")) == (
        {"format": "openai", "array": False},
        {},
    )


def test_changing_a_returned_value_does_not_change_the_setting(tmp_path: Path) -> None:
    settings = MachineSettings(tmp_path)
    settings.get("key_bindings")["accept"] = "X"
    assert settings.get("key_bindings") == {}


def test_the_folder_comes_from_the_environment_where_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCORD_CONFIG_DIR", str(tmp_path / "here"))
    assert MachineSettings().folder == config_folder() == tmp_path / "here"
    monkeypatch.delenv("ACCORD_CONFIG_DIR")
    assert config_folder().name == "accord"


@given(st.dictionaries(st.text(max_size=10), st.text(max_size=10), max_size=5))
def test_any_text_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, bindings: dict[str, str]) -> None:
    folder = tmp_path_factory.mktemp("settings")
    MachineSettings(folder).set("key_bindings", bindings)
    assert MachineSettings(folder).get("key_bindings") == bindings


def test_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = MachineSettings(tmp_path)
    settings.set("theme", "dark")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SettingsNotSaved, match="No space left"):
        settings.set("theme", "light")
    monkeypatch.undo()
    assert MachineSettings(tmp_path).get("theme") == "dark"
    assert not list(tmp_path.glob("*.tmp"))
    settings.set("motion", "off")
    assert MachineSettings(tmp_path).get("theme") == "light"


def test_every_setting_is_complete_and_its_default_is_allowed() -> None:
    assert len({declared.name for declared in MACHINE_SETTINGS}) == len(MACHINE_SETTINGS)
    for declared in MACHINE_SETTINGS:
        assert declared.label
        assert declared.help.endswith(".")
        assert declared.fault(declared.default) == ""
        assert all(option.label for option in declared.choices)
