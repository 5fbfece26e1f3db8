"""Every verb does the same for a file and for a server's database; a password is never shown."""

import os
from pathlib import Path

import pytest
from tests.cli.conftest import Accord
from tests.servers import Server

ROWS = "".join(f'{{"question":"Question {n}?","answer":"Answer {n}","patient":"p{n}"}}\n' for n in range(12))


def test_every_verb_for_a_file_and_for_a_server(place: Path | str, accord: Accord, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text(ROWS + '{"question":"Question 3?","answer":"Another","patient":"p3"}\n')
    assert accord("new", place, "--json").value["project"] == str(place)
    brought = accord(
        "import",
        place,
        "rows.jsonl",
        "--map",
        "request=question",
        "--map",
        "answer=answer",
        "--map",
        "group=patient",
        "--json",
    ).value
    assert brought["accepted"] == 13
    examples = accord("list", place, "--json").lines
    assert len(examples) == 13
    assert len(accord("list", place, "--where", "text ~ Question", "--json").lines) == 13
    assert accord("duplicates", place, "--json").value["clusters"] is not None
    assert accord("conflicts", place, "--json", code=None).code in {0, 1}
    first = examples[0]["id"]
    accord("review", place, "--id", first, "--verdict", "accept", "--as", "ana", "--json", code=None)
    accord("status", place, "--json")
    accord("reviews", place, "--json", code=None)
    made = accord("backup", place, "--to", "copy.accord", "--json").value
    assert Path(made["file"]).is_file()
    purged = accord("purge", place, "--id", examples[-1]["id"], "--reason", "withdrawn", "--json").value
    assert purged["purged"] == examples[-1]["id"]
    assert len(purged["affected"]["backups"]) == 1
    assert accord("inspect", place, "--json").value == {"ok": True, "problems": []}
    assert accord("inspect", place, "--rebuild", "--json").value["ok"]
    assert accord("audit", place, "--verify", "--json").value["ok"]


def test_a_project_moves_to_a_server_and_back(database: str, accord: Accord, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text(ROWS)
    accord("new", "clinic.accord")
    accord("import", "clinic.accord", "rows.jsonl", "--map", "request=question", "--map", "answer=answer")
    before = accord("audit", "clinic.accord", "--json").value
    accord("backup", "clinic.accord", "--to", "backup.accord")
    assert accord("restore", "backup.accord", "--to", database, "--json").value["project"] == database
    assert accord("audit", database, "--verify", "--json").value == before
    accord("restore", "backup.accord", "--to", database, code=1)
    accord("backup", database, "--to", "again.accord")
    accord("restore", "again.accord", "--to", "back.accord")
    assert accord("audit", "back.accord", "--verify", "--json").value == before
    assert accord("list", "back.accord", "--json").out == accord("list", "clinic.accord", "--json").out


def test_a_password_is_never_shown(server: Server, accord: Accord, tmp_path: Path) -> None:
    address = server.new_database()
    secret = address.replace("postgres@", "postgres:ge%2Fheim@")
    calls = [accord("new", secret, "--json"), accord("status", secret), accord("new", secret, code=1)]
    calls.append(accord("status", secret.replace("/clinic", "/none_clinic"), code=1))
    calls.append(accord("status", secret.replace("127.0.0.1", "192.0.2.1") + "?sslmode=disable", code=1))
    calls.append(accord("status", f"mysql://ana:ge%2Fheim@127.0.0.1/{address.rpartition('/')[2]}", code=1))
    for call in calls:
        assert "heim" not in call.out + call.err
    written = [*tmp_path.rglob("*"), *Path(os.environ["ACCORD_CONFIG_DIR"]).rglob("*")]
    kept = [path for path in written if path.is_file() and b"heim" in path.read_bytes()]
    assert kept == []
    server.drop(address)


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer"])
def test_off_this_machine_only_with_tls(accord: Accord, mode: str) -> None:
    told = accord("status", f"postgresql://ana@192.0.2.1/clinic?sslmode={mode}", code=1)
    assert "sslmode" in told.err
