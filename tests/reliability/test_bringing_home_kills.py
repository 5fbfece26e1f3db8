"""SIGKILL while a model is brought home: what is in the project is whole, and the next time brings the rest once."""

import hashlib
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.chat_service import ChatService
from tests.fine_tuning_service import MODEL, Account, fine_tuning_service

from accord.domain.fine_tuning import FILES
from accord.domain.ledger import Who
from accord.storage import imports, listing, service_records
from accord.workflows import keeping, projects

ROOT = Path(__file__).resolve().parents[2]
WHO = Who(actor="ana", device="killed")
ROWS, NORMAL, LONG = 600, 4, 60


def _life(path: Path, service: ChatService, requests: int | None, seconds: float) -> bool:
    """Bring the model home in a program of its own, killed so long after so many requests; say whether it ended."""
    before = len(service.requests)
    words = [
        sys.executable,
        "-m",
        "accord",
        "bring-home",
        str(path),
        MODEL,
        "--base-url",
        service.base_url,
        "--as",
        "ana",
    ]
    environment = {**os.environ, "OPENAI_API_KEY": ""}
    program = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if requests is not None:
        deadline = time.monotonic() + 120
        while program.poll() is None and len(service.requests) - before < requests and time.monotonic() < deadline:
            time.sleep(0.002)
        time.sleep(seconds)
        program.kill()
    out, err = program.communicate(timeout=600)
    assert program.returncode in {-9, 0}, (out, err)
    return program.returncode == 0


def _check(path: Path, account: Account) -> int:
    """Fail unless every record is whole and the project is sound; return how many examples it has."""
    files = {one.id: one.data for one in account.files.values()}
    project = projects.open_project(path=path)
    try:
        assert keeping.inspect(project=project, rebuild=True, who=WHO) == []
        with project.read() as view:
            records = service_records.listed(view)
            for record in records:
                data = b"".join(service_records.content(view, record.id))
                assert hashlib.sha256(data).hexdigest() == record.sha256
                assert record.kind not in FILES or data == files[record.name]
            names = [(record.kind, record.name) for record in records if record.kind != "visit"]
            assert len(names) == len(set(names))
            runs = [run.file for run in imports.runs(view)]
            assert len(runs) == len(set(runs))
            return len(listing.seqs(view, []))
    finally:
        project.close()


def _new(folder: Path, number: int) -> Path:
    path = folder / f"home{number}-{len(list(folder.iterdir()))}.accord"
    projects.new_project(path=path, who=WHO).close()
    return path


@pytest.mark.parametrize("kills", [NORMAL, pytest.param(LONG, marks=pytest.mark.long)])
def test_whatever_is_killed_each_thing_is_in_the_project_once_and_whole(
    tmp_path: Path, light_checks: None, kills: int
) -> None:
    dice, account = random.Random(11), Account.of_clinic(rows=ROWS)
    with fine_tuning_service(account) as service:
        service.key = None
        path, killed = _new(tmp_path, 0), 0
        while killed < kills:
            # A fast program may be done before it is killed: then another project is begun.
            if _life(path, service, dice.randint(1, 8), dice.choice((0, 0.02, 0.4))):
                assert _check(path, account) == ROWS + 4
                path = _new(tmp_path, killed)
            else:
                killed += 1
                assert _check(path, account) in {0, ROWS, ROWS + 4}
        assert _life(path, service, None, 0)
    assert _check(path, account) == ROWS + 4
