"""What another program does to an open project file is noticed; one's own writes are not news."""

import shutil
from collections.abc import Iterator

import pytest
from tests.storage.conftest import WHO, bring_in, record

from accord.storage import events, sqlite
from accord.storage.failures import ReplacedProject
from accord.storage.project import Project, create_project, open_project


@pytest.fixture
def other(project: Project) -> Iterator[Project]:
    """Give the same file opened a second time, as another program has it."""
    opened = open_project(project.place)
    yield opened
    opened.close()


def test_what_another_program_writes_is_news_once(project: Project, other: Project) -> None:
    assert not project.changed_elsewhere()
    bring_in(other, [record(1, "Q")])
    assert project.changed_elsewhere()
    assert not project.changed_elsewhere()


def test_own_writes_are_no_news_and_hide_none(project: Project, other: Project) -> None:
    assert not project.changed_elsewhere()
    bring_in(project, [record(1, "Q")])
    assert not project.changed_elsewhere()
    bring_in(other, [record(2, "R")])
    bring_in(project, [record(3, "S")])
    assert project.changed_elsewhere()
    project.checkpoint()
    assert not project.changed_elsewhere()


def test_a_look_between_one_s_own_commit_and_its_end_is_no_news(project: Project) -> None:
    assert not project.changed_elsewhere()
    with project.write(WHO) as unit:
        events.append(unit, "settings", {})
        unit.commit()
        assert not project.changed_elsewhere()
    assert not project.changed_elsewhere()


def test_a_file_that_was_moved_takes_no_more(project_file: Project) -> None:
    assert not project_file.is_replaced()
    project_file.path.rename(project_file.path.with_name("moved.accord"))
    assert project_file.is_replaced()
    with pytest.raises(ReplacedProject, match="moved or replaced"), project_file.write(WHO):
        pass
    with project_file.read():
        pass  # the connections that were open still show what there was


def test_no_empty_file_is_made_where_the_project_was(project_file: Project) -> None:
    project_file.path.rename(project_file.path.with_name("moved.accord"))
    project_file._engine.dispose()
    with pytest.raises(ReplacedProject), project_file.read():
        pass
    assert not project_file.path.exists()


def test_another_file_at_the_same_path_takes_nothing(project_file: Project) -> None:
    stranger = create_project(project_file.path.with_name("stranger.accord"))
    stranger.close()
    shutil.move(stranger.path, project_file.path)
    assert project_file.is_replaced()
    with pytest.raises(ReplacedProject), project_file.write(WHO):
        pass


def test_a_folder_that_does_not_answer_is_no_news(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_path: object, **_how: object) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr("accord.storage.watching.Path.stat", refuse)
    assert not project.is_replaced()


def test_a_copy_can_be_saved_while_the_file_is_gone(project_file: Project) -> None:
    bring_in(project_file, [record(1, "Q")])
    project_file.path.rename(project_file.path.with_name("moved.accord"))
    copy = project_file.path.with_name("copy.accord")
    project_file.copy_to(copy)
    assert sqlite.recognise(copy, project_file.schema_version) == project_file.schema_version
