"""What a hosted service held is kept byte for byte, listed, and can be deleted for good."""

import hashlib
import io
import random
from pathlib import Path

import pytest
from tests.storage.conftest import WHO

from accord.storage import backups, events, service_records
from accord.storage.project import Project
from accord.storage.service_records import ServiceRecord

#: More than are written or read at once.
LARGE = random.Random(7).randbytes(40 * 48 * 1024 + 1)


def _keep(project: Project, content: bytes, name: str = "file-1", kind: str = "result_file") -> int:
    with project.write(WHO) as unit:
        kept = service_records.keep(unit, host="api.example", kind=kind, name=name, content=io.BytesIO(content))
        unit.commit()
    return kept


@pytest.mark.parametrize("content", [b"", b"\0\xff", "step,loss\r\n1,0.5\r\né".encode(), LARGE])
def test_bytes_come_back_as_they_came(project: Project, content: bytes) -> None:
    kept = _keep(project, content)
    with project.read() as view:
        assert b"".join(service_records.content(view, kept)) == content
        (found,) = service_records.listed(view)
    sha256 = hashlib.sha256(content).hexdigest()
    assert found == ServiceRecord(
        id=kept,
        host="api.example",
        kind="result_file",
        name="file-1",
        sha256=sha256,
        bytes=len(content),
        author="ana",
        at=found.at,
    )


def test_the_same_is_kept_once_and_what_has_changed_beside_it(project: Project) -> None:
    first = _keep(project, b"one")
    assert _keep(project, b"one") == first
    others = {_keep(project, b"two"), _keep(project, b"one", name="file-2"), _keep(project, b"one", kind="model")}
    assert len(others | {first}) == 4
    with project.read() as view:
        assert [one.id for one in service_records.listed(view)] == sorted(others | {first})
        assert [event.kind for event in events.walk(view)] == ["fetch"] * 4


def test_what_is_deleted_for_good_is_in_no_file_and_stays_listed(project_file: Project, tmp_path: Path) -> None:
    secret = b"a secret of a patient, "
    kept = _keep(project_file, secret * 9)
    with project_file.write(WHO) as unit:
        service_records.forget(unit, kept)
        unit.commit()
    project_file.checkpoint()
    with project_file.read() as view:
        assert list(service_records.content(view, kept)) == []
        (found,) = service_records.listed(view)
    assert (found.kept, found.bytes) == (False, len(secret * 9))
    backups.make(project_file, tmp_path / "copy.accord")
    for path in tmp_path.glob("*.accord*"):
        if path.is_file():
            assert b"YSBzZWNyZXQgb2YgYSBwYXRpZW50" not in path.read_bytes(), path.name
    again = _keep(project_file, secret * 9)
    assert again != kept
