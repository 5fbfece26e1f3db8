"""Backups: checked, thinned with age, and equal to what they were made of."""

import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.storage.conftest import WHO, bring_in, record

from accord.domain.errors import AccordError
from accord.storage import backups, events, imports, listing, schema
from accord.storage.failures import ProjectExists
from accord.storage.project import Project, create_project, open_project
from accord.workflows import keeping


def _texts(project: Project) -> list[str]:
    with project.read() as view:
        return [row.content.text for row in listing.iterate(view)]


def test_a_restored_backup_is_the_project(project: Project, tmp_path: Path) -> None:
    bring_in(project, [record(n, f"Q{n}", group=f"g{n}") for n in range(30)])
    made = backups.make_dated(project, "by-hand")
    bring_in(project, [record(1, "later")], file="more.csv")
    before = made.path.read_bytes()
    restored = backups.restore(made.path, tmp_path / "new" / "restored.accord")
    assert restored.id == project.id
    assert _texts(restored) == _texts(project)[:30]
    with restored.read() as view:
        assert events.problems(view) == []
    restored.close()
    assert made.path.read_bytes() == before
    assert [p.name for p in made.path.parent.iterdir()] == [made.path.name]


def test_nobody_else_can_read_a_backup_even_while_it_is_made(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(project, [record(1, "Q1")])
    check, seen = backups._check, list[int]()

    def look(of: Project, copy: Path) -> None:
        seen.append(stat.S_IMODE(copy.stat().st_mode))
        check(of, copy)

    monkeypatch.setattr(backups, "_check", look)
    backups.make(project, tmp_path / "copy.accord")
    assert [*seen, stat.S_IMODE((tmp_path / "copy.accord").stat().st_mode)] == [0o600, 0o600]


def test_a_backup_is_whole_while_others_write(project: Project, tmp_path: Path) -> None:
    bring_in(project, [record(1, "Q1")])
    with project.write(WHO) as unit:
        events.append(unit, "settings", {})
        backups.make(project, tmp_path / "copy.accord")
        unit.commit()
    copy = open_project(tmp_path / "copy.accord")
    assert _texts(copy) == _texts(project)
    copy.close()


def test_a_backup_holds_nothing_of_an_import_that_is_not_done(project: Project, tmp_path: Path) -> None:
    bring_in(project, [record(1, "Q1")])
    bring_in(project, [record(1, "Q1"), record(2, "Q2")], finish=False)
    backups.make(project, tmp_path / "copy.accord")
    copy = open_project(tmp_path / "copy.accord")
    with copy.read() as view, project.read() as here:
        assert imports.pending(view) == []
        assert len(imports.pending(here)) == 1
        for table, rows in ((schema.example, 1), (schema.occurrence, 1), (schema.example_state, 1)):
            assert len(view.connection.execute(table.select()).all()) == rows
    assert keeping.inspect(project=copy) == []
    copy.close()


def test_an_old_backup_with_rows_of_an_unfinished_import_is_restored_without_them(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = create_project(tmp_path / "clinic.accord")
    bring_in(made, [record(1, "Q1")])
    bring_in(made, [record(2, "Q2")], finish=False)
    with monkeypatch.context() as patch:
        patch.setattr(backups, "drop_pending", lambda _project: None)
        backups.make(made, tmp_path / "copy.accord")
    made.close()
    restored = backups.restore(tmp_path / "copy.accord", database)
    with restored.read() as view:
        assert imports.pending(view) == []
        assert len(view.connection.execute(schema.example.select()).all()) == 1
    restored.close()


def test_nothing_is_overwritten(project: Project, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(ProjectExists):
        backups.make(project, tmp_path / "mine")
    with pytest.raises(ProjectExists):
        backups.restore(project.path, tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_copy_with_a_broken_chain_does_not_count(project: Project, tmp_path: Path) -> None:
    bring_in(project, [record(1, "Q1")])
    with project.write(WHO) as unit:
        unit.connection.exec_driver_sql("INSERT INTO purge_guard(id) VALUES (1)")
        unit.connection.exec_driver_sql("UPDATE event SET actor = 'someone'")
        unit.connection.exec_driver_sql("DELETE FROM purge_guard")
        unit.commit()
    with pytest.raises(AccordError):
        backups.make(project, tmp_path / "copy.accord")
    assert not list(tmp_path.glob("copy.accord*"))


def test_old_backups_are_thinned(tmp_path: Path) -> None:
    project = tmp_path / "clinic.accord"
    folder = backups.folder_of(project)
    folder.mkdir()
    moment = datetime(2026, 11, 21, 12, 0).astimezone()
    ages = [timedelta(minutes=30 * n) for n in range(48 * 3)]
    ages += [timedelta(days=n) for n in range(3, 500)]
    for age in ages:
        name = (moment - age).strftime("%Y%m%d-%H%M%S-%f")
        (folder / f"{name}-timed.accord").write_bytes(b"x")
    (folder / "notes.accord").write_bytes(b"mine")
    backups.thin(folder, moment)
    kept = [moment - found.at for found in backups.listed(project)]
    assert sum(age <= timedelta(hours=12) for age in kept) == 25
    days = {(moment - age).date() for age in kept if timedelta(hours=12) < age <= timedelta(days=30)}
    assert len(days) in {30, 31}
    assert sum(timedelta(hours=12) < age <= timedelta(days=30) for age in kept) == len(days)
    months = [(moment - age).strftime("%Y-%m") for age in kept if age > timedelta(days=30)]
    assert len(months) == len(set(months)) in {11, 12, 13}
    assert max(kept) <= timedelta(days=366)
    assert (folder / "notes.accord").read_bytes() == b"mine"


@pytest.mark.parametrize("bytes_cut", [1, 5000])
def test_a_damaged_backup_is_refused_before_anything_is_written(
    project: Project, tmp_path: Path, bytes_cut: int
) -> None:
    bring_in(project, [record(n, f"Q{n}", "A" * 2000) for n in range(30)])
    made = backups.make_dated(project, "by-hand")
    made.path.write_bytes(made.path.read_bytes()[:-bytes_cut])
    with pytest.raises(AccordError):
        backups.restore(made.path, tmp_path / "restored.accord")
    assert not list(tmp_path.glob("restored.accord*"))
