"""A project file is known as one from its first moment, by other processes and after a kill."""

from pathlib import Path

from accord.storage import project as store


def test_a_new_project_can_be_opened_a_second_time_while_it_is_open(tmp_path: Path) -> None:
    first = store.create_project(tmp_path / "clinic.accord")
    second = store.open_project(tmp_path / "clinic.accord")
    assert second.id == first.id
    second.close()
    first.close()
