"""Opening, refusing and writing a project file."""

import os
import random
import resource
import signal
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.storage.conftest import WHO, bring_in, record

from accord.domain.errors import AccordError
from accord.storage import backups, events, listing, schema, sqlite
from accord.storage.failures import (
    CannotCreate,
    CannotSave,
    DamagedProject,
    ForeignFile,
    NewerProject,
    NoProject,
    ProjectBusy,
    ProjectExists,
)
from accord.storage.project import FairLock, Project, create_project, now, open_project


def test_a_new_project_opens_again_as_itself(tmp_path: Path) -> None:
    made = create_project(tmp_path / "new" / "clinic.accord")
    identity = made.id
    made.close()
    again = open_project(tmp_path / "new" / "clinic.accord")
    assert again.id == identity
    again.close()


def test_only_its_owner_may_read_a_project_and_what_lies_beside_it(project_file: Project) -> None:
    bring_in(project_file, [record(1, "Q")])
    files = list(project_file.path.parent.glob("clinic.accord*"))
    assert len(files) >= 2, "the write-ahead log is there while the project_file is open"
    assert [stat.S_IMODE(path.stat().st_mode) & 0o077 for path in files] == [0] * len(files)


def test_a_file_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "mine.accord"
    path.write_text("mine")
    with pytest.raises(ProjectExists):
        create_project(path)
    assert path.read_text() == "mine"


def test_where_no_file_can_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for path in (tmp_path / "file" / "clinic.accord", tmp_path / ("x" * 300 + ".accord")):
        with pytest.raises(CannotCreate):
            create_project(path)
    project = create_project(tmp_path / "clinic.accord")
    with pytest.raises(backups.BadBackup):
        backups.make(project, tmp_path / "file" / "copy.accord")
    project.close()


def test_what_is_no_project_is_refused_and_left_alone(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.accord"
    connection = sqlite.dbapi().connect(str(foreign))
    connection.execute("CREATE TABLE t (a)")
    connection.commit()
    connection.close()
    text, empty = tmp_path / "text.accord", tmp_path / "empty.accord"
    text.write_text("hello " * 100)
    empty.write_bytes(b"")
    for path in (foreign, text, empty):
        before = path.read_bytes()
        with pytest.raises(ForeignFile):
            open_project(path)
        assert path.read_bytes() == before
    for path in (tmp_path, tmp_path / "missing.accord"):
        with pytest.raises(NoProject):
            open_project(path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["empty.accord", "foreign.accord", "text.accord"]


def _tamper(project: Project, statement: str) -> Path:
    project.close()
    connection = sqlite.dbapi().connect(str(project.path))
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute(statement)
    connection.commit()
    connection.close()
    return project.path


def test_a_newer_project_is_refused_with_both_versions(project_file: Project) -> None:
    path = _tamper(project_file, "PRAGMA user_version=99")
    before = path.read_bytes()
    with pytest.raises(NewerProject, match="99"):
        open_project(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER extra AFTER INSERT ON review BEGIN DELETE FROM draft; END",
        "CREATE VIEW extra AS SELECT * FROM example",
        "DROP TRIGGER review_no_delete",
        "DROP TABLE draft",
        "CREATE INDEX extra ON example(hash)",
    ],
)
def test_a_schema_that_is_not_ours_is_refused(project_file: Project, statement: str) -> None:
    path = _tamper(project_file, statement)
    with pytest.raises(DamagedProject):
        open_project(path)


def test_a_trigger_with_our_name_and_another_body_is_refused(project_file: Project) -> None:
    _tamper(project_file, "DROP TRIGGER review_no_delete")
    path = _tamper(project_file, "CREATE TRIGGER review_no_delete BEFORE DELETE ON review BEGIN SELECT 1; END")
    with pytest.raises(DamagedProject):
        open_project(path)


def _use(path: Path) -> None:
    project = open_project(path)
    try:
        with project.read() as view:
            list(listing.iterate(view))
            events.problems(view)
    finally:
        project.close()


def test_cut_files_are_refused_with_a_sentence(project_file: Project, tmp_path: Path) -> None:
    bring_in(project_file, [record(n, f"Q{n}", "A" * 3000) for n in range(50)])
    project_file.checkpoint()
    project_file.close()
    whole = project_file.path.read_bytes()
    for share in (0.001, 0.01, 0.1, 0.5, 0.9, 0.999):
        cut = tmp_path / "cut.accord"
        cut.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(AccordError):
            _use(cut)


def flip(whole: bytes, dice: random.Random) -> bytes:
    """Return a copy with 1 to 64 random bytes changed."""
    data = bytearray(whole)
    for _number in range(dice.randint(1, 64)):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return bytes(data)


def _flips(project: Project, folder: Path, count: int) -> tuple[int, int]:
    bring_in(project, [record(n, f"Q{n}", "word " * 200, tags=("a",), group="g") for n in range(40)])
    project.checkpoint()
    project.close()
    whole, dice, opened, refused = project.path.read_bytes(), random.Random(7), 0, 0
    path = folder / "flipped.accord"
    for _number in range(count):
        for leftover in folder.glob("flipped.accord*"):
            leftover.unlink()
        path.write_bytes(flip(whole, dice))
        try:
            _use(path)
            opened += 1
        except AccordError:
            refused += 1
    return opened, refused


def test_flipped_bytes_open_or_are_refused_with_a_sentence(project_file: Project, tmp_path: Path) -> None:
    opened, refused = _flips(project_file, tmp_path, 60)
    assert opened + refused == 60
    assert refused > 20


@pytest.mark.long
def test_flipped_bytes_long(project_file: Project, tmp_path: Path) -> None:
    opened, refused = _flips(project_file, tmp_path, 2000)
    print(f"2000 files with 1-64 flipped bits: {opened} opened, {refused} refused with a sentence")  # noqa: T201
    assert opened + refused == 2000


def test_the_check_on_opening_ends_in_time(project_file: Project) -> None:
    bring_in(project_file, [record(n, f"Q{n}", "A" * 500) for n in range(2000)])
    with project_file.read() as view:
        assert sqlite.quick_check(view.connection, project_file.path) is True
        assert sqlite.quick_check(view.connection, project_file.path, seconds=0) is False
        assert listing.count(view) == 2000


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 6, 23), True),
        ((3, 7, 0), False),
        ((3, 8, 11), False),
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_wal_only_where_it_keeps_what_was_committed(version: tuple[int, int, int], safe: bool) -> None:  # noqa: FBT001  (a table of cases)
    assert sqlite.safe_wal(version) is safe


def test_every_connection_has_the_settings_that_safety_rests_on(project_file: Project) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0, "cell_size_check": 1}
    for opened in (project_file.read, lambda: project_file.write(WHO)):
        with opened() as view:
            found = {name: view.connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
        assert found == wanted
    with project_file.write(WHO, lasting=False) as unit:
        assert unit.connection.exec_driver_sql("PRAGMA synchronous").scalar() == 1
    with project_file.write(WHO) as unit:
        assert unit.connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_leaving_without_commit_rolls_back(project: Project) -> None:
    with project.write(WHO) as unit:
        events.append(unit, "settings", {})

    def fail() -> None:
        with project.write(WHO) as unit:
            events.append(unit, "settings", {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with project.read() as view:
        assert list(events.walk(view)) == []


def test_a_reader_sees_one_moment(project: Project) -> None:
    bring_in(project, [record(1, "Q1")])
    with project.read() as view:
        before = listing.count(view)
        bring_in(project, [record(1, "Q2")])
        assert listing.count(view) == before == 1


_LITERALS: dict[type, str] = {sa.Integer: "1", sa.Float: "1", sa.Boolean: "true"}
APPEND_ONLY = [name for name in schema.APPEND_ONLY if name != "import_run"]


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_history_cannot_be_changed(project: Project, table: str, verb: str) -> None:
    bring_in(project, [record(1, "Q1", tags=("a",))])
    with project.write(WHO) as unit:
        columns = list(schema.metadata.tables[table].columns)
        names = ", ".join(c.name for c in columns)
        values = ", ".join(_LITERALS.get(type(c.type), "'x'") for c in columns)
        unit.connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({values}) ON CONFLICT DO NOTHING")  # noqa: S608  (our own table names)
        unit.commit()
    column = schema.metadata.tables[table].columns.values()[-1].name
    statement = f"UPDATE {table} SET {column} = {column}" if verb == "UPDATE" else f"DELETE FROM {table}"  # noqa: S608  (as above)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), project.write(WHO) as unit:
        unit.connection.exec_driver_sql(statement)


def test_those_who_wait_are_served_in_order() -> None:
    lock, served = FairLock(), list[int]()
    lock.acquire()

    def wait(number: int) -> None:
        lock.acquire()
        served.append(number)
        lock.release()

    threads = []
    for number in range(8):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        while len(lock._waiting) <= number:
            time.sleep(0.001)
    lock.release()
    for thread in threads:
        thread.join()
    assert served == list(range(8))


def test_a_waiter_that_is_interrupted_leaves_no_hole_in_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    lock = FairLock()
    lock.acquire()

    def interrupt(_self: threading.Event, _timeout: float | None = None) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(threading.Event, "wait", interrupt)
        with pytest.raises(KeyboardInterrupt):
            lock.acquire()
    lock.release()
    lock.acquire()
    lock.release()


def test_times_carry_their_offset() -> None:
    assert now()[-6] in "+-"


def test_a_file_that_may_not_be_written_is_refused_with_a_sentence(
    project_file: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(project_file, [record(1, "Q1")])
    project_file.close()
    again = open_project(project_file.path)
    with again.write(WHO) as unit:
        unit.connection.exec_driver_sql("PRAGMA query_only=ON")
        with pytest.raises(CannotSave), sqlite.readable_failures(project_file.path):
            events.append(unit, "settings", {})
        unit.connection.exec_driver_sql("PRAGMA query_only=OFF")
    again.close()


def test_a_project_that_another_program_holds_too_long_is_busy(
    project_file: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    other = open_project(project_file.path)
    try:
        with project_file.write(WHO), pytest.raises(ProjectBusy), other.write(WHO):
            pass
    finally:
        other.close()


def _limited(path: Path, act: Callable[[Project], None]) -> str:
    """Run an act in a child whose files may not grow much, and return the failure it met."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        found = "nothing"
        try:
            project = open_project(path)
            size = path.stat().st_size + 20_000
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            act(project)
        except BaseException as error:  # noqa: BLE001  (told to the parent)
            found = type(error).__name__
        os.write(writing, found.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        found = pipe.read().decode()
    os.waitpid(child, 0)
    return found


def test_a_full_disk_is_a_sentence_and_loses_nothing(project_file: Project) -> None:
    bring_in(project_file, [record(n, f"Q{n}") for n in range(20)])
    project_file.close()

    def fill(opened: Project) -> None:
        for start in range(100):
            bring_in(opened, [record(n, f"R{start}-{n}", "A" * 4000) for n in range(20)])

    assert _limited(project_file.path, fill) == "CannotSave"
    again = open_project(project_file.path)
    with again.read() as view:
        assert listing.count(view) % 20 == 0
        assert listing.count(view) >= 20
    bring_in(again, [record(1, "after")])
    again.close()


def test_a_backup_that_the_disk_refuses_leaves_no_half_copy(project_file: Project) -> None:
    bring_in(project_file, [record(n, f"Q{n}", "A" * 4000) for n in range(200)])
    target = project_file.path.with_name("copy.accord")

    def copy(opened: Project) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        backups.make(opened, target)

    assert _limited(project_file.path, copy) == "CannotSave"
    assert not target.exists()
    assert not list(target.parent.glob("copy.accord*"))
