"""The verb ``team``: what it prints, what it keeps to itself, what it refuses, and who one is on a server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import Accord
from tests.servers import Server
from tests.teams import ANA, LENA, PASSWORD, Team


@pytest.fixture
def team(database: str) -> Iterator[Team]:
    """Give a team of four and its owner."""
    made = Team(database)
    yield made
    made.close()


def _forget(server: Server, *logins: str) -> None:
    for login in logins:
        server.run(f'DROP ROLE IF EXISTS "{login}"')


def test_a_team_from_the_first_call_to_the_last(accord: Accord, database: str, server: Server, tmp_path: Path) -> None:
    value = accord("team", database, "--init", "--preset", "medical", "--as", "Dora", "--json").value
    assert [(p["name"], p["role"], p["login"], p["active"]) for p in value["people"]] == [
        ("Dora", "lead", "postgres", True)
    ]
    assert value["server"]["encryption"] is None
    assert accord("status", database, "--json").value["examples"] == 0
    added = accord("team", database, "--add", "Ana Ruiz", "--role", "reviewer", "--json").value["people"]
    assert [sorted(p.keys() - {"name", "role", "login", "active"}) for p in added] == [["password"], []]
    plain = accord("team", database, "--add", "Lena", "--role", "lead")
    assert "shown this once" in plain.err
    assert plain.err.strip().split()[-1] not in plain.out
    handed = next(line for line in plain.err.splitlines() if line.startswith("Give Lena this address"))
    assert "Lena@127.0.0.1" in handed
    assert plain.err.strip().split()[-1] not in handed
    again = accord("team", database, "--add", "Ana Ruiz", "--role", "adjudicator", "--json").value["people"]
    assert [(p["role"], "password" in p) for p in again if p["name"] == "Ana Ruiz"] == [("adjudicator", False)]
    kept = tmp_path / "secret.txt"
    kept.write_text("a password of ours\nsecond line\n")
    own = accord("team", database, "--add", "Nora", "--role", "reviewer", "--password-file", kept, "--json")
    assert "password" not in own.out + own.err
    left = accord("team", database, "--remove", "Nora", "--json").value["people"]
    assert [p["name"] for p in left] == ["Ana Ruiz", "Dora", "Lena"]
    renewed = accord("team", database, "--new-password", "Lena", "--json").value["people"]
    assert [p["name"] for p in renewed if "password" in p] == ["Lena"]
    for name in ("Ana Ruiz", "Lena"):
        accord("team", database, "--remove", name)
    _forget(server, "Ana Ruiz", "Lena", "Nora")


@pytest.mark.parametrize(
    "words",
    [("--add", "Ana"), ("--role", "lead"), ("--add", "Ana", "--role", "boss"), ("--init", "--add", "Ana"),
     ("--password-file", "x")],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage(accord: Accord, words: tuple[str, ...]) -> None:
    accord("team", "postgresql://nobody@127.0.0.1/none", *words, code=2)


def test_a_file_has_people_and_no_logins(accord: Accord) -> None:
    accord("new", "clinic.accord")
    assert "server" in accord("team", "clinic.accord", "--init", code=1).err
    reviewer = ("--role", "reviewer", "--credential", "MD, cardiology")
    added = accord("team", "clinic.accord", "--add", "Ana", *reviewer, "--as", "Lena", "--json").value
    assert added["server"] is None
    told = {p["name"]: p["role"] for p in added["people"]}
    (maker,) = told.keys() - {"Ana", "Lena"}
    assert told == {"Ana": "reviewer", "Lena": "lead", maker: "lead"}
    assert "Ana  reviewer  MD, cardiology" in accord("team", "clinic.accord").out
    assert "Only a lead" in accord("team", "clinic.accord", "--remove", "Lena", "--as", "Ana", code=1).err
    assert "A file has no team" in accord("team", "clinic.accord", "--new-password", "Ana", code=1).err
    left = accord("team", "clinic.accord", "--remove", "Ana", "--as", "Lena", "--json").value["people"]
    assert {p["name"] for p in left} == {"Lena", maker}
    accord("team", "clinic.accord", "--credential", "MD", code=2)


def test_whoever_made_a_file_leads_it_and_is_told_so(accord: Accord) -> None:
    accord("new", "clinic.accord", "--as", "Lena")
    first = accord("team", "clinic.accord", "--add", "Otto", "--role", "lead", "--as", "Lena")
    assert "somebody leads: Lena" in first.err
    assert [line.split()[:2] for line in first.out.splitlines()] == [["Lena", "lead"], ["Otto", "lead"]]
    assert "leads:" not in accord("team", "clinic.accord", "--add", "Bo", "--role", "reviewer", "--as", "Lena").err


def test_who_is_not_listed_looks_on(accord: Accord, tmp_path: Path) -> None:
    """She sees what a reviewer sees, gives no verdict and changes nothing; a lead gets in by name."""
    rows, said = tmp_path / "rows.csv", tmp_path / "said.csv"
    rows.write_text("q,a\nQuestion?,Answer.\n")
    accord("new", "clinic.accord", "--as", "Lena")
    accord("import", "clinic.accord", rows, "--map", "request=q,answer=a", "--as", "Lena")
    accord("assign", "clinic.accord", "--reviewers", "ana,bo", "--overlap", 1, "--as", "Lena")
    example = accord("list", "clinic.accord", "--as", "Lena").lines[0]["id"]
    said.write_text(f"id,verdict\n{example},reject\n")
    accord("reviews", "clinic.accord", said, "--as", "ana")
    for words in ((), ("--as", "visitor")):
        seen = accord("list", "clinic.accord", *words)
        assert seen.lines[0]["status"] == "candidate"
        assert "only looks on. Who leads it: Lena" in seen.err
        for verb in (("reviews", said), ("bulk", "--where", "", "--accept"), ("assign", "--reviewers", "ana")):
            accord(verb[0], "clinic.accord", *verb[1:], *words, code=1)
        export = ("export", "clinic.accord", "--release", "v1", "--format", "openai", "--out", "out")
        assert "nobody unlisted can export a release" in accord(*export, *words, code=1).err
    assert accord("list", "clinic.accord", "--as", "Lena").lines[0]["status"] == "in_review"
    assert accord("list", "clinic.accord", "--as", "LENA").err == ""
    accord("team", "clinic.accord", "--add", "visitor", "--role", "reviewer", "--as", "Lena")
    assert accord("reviews", "clinic.accord", said, "--as", "visitor", "--json").value["not_given"] == 1


def test_on_a_server_one_is_who_signed_in(accord: Accord, team: Team, tmp_path: Path) -> None:
    ana, lena = team.address(ANA), team.address(LENA)
    assert "you are ana" in accord("status", ana, "--as", "somebody", code=1).err
    assert "Only a lead can" in accord("team", ana, "--add", "friend", "--role", "lead", code=1).err
    assert PASSWORD not in accord("team", ana).out
    given = tmp_path / "given.csv"
    given.write_text(f"id,verdict\n{team.ids[8]},accept\n")
    accord("reviews", lena, given, "--as", "Otto")
    assert accord("list", ana, "--where", "reviewer = Otto").lines[0]["id"] == team.ids[8]
    assert "you are ana" in accord("reviews", ana, given, "--as", "Otto", code=1).err
    assert accord("reviews", ana, given, "--json").value["accepted"] == 1


def test_doctor_says_how_a_connection_stands(accord: Accord, team: Team) -> None:
    found = accord("doctor", team.address(ANA), "--json", code=None).value["checks"][-1]
    assert (found["name"], found["ok"]) == ("server", True)
    assert "not encrypted, on this machine" in found["detail"]
    assert "as ana" in found["detail"]
