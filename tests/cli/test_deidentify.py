"""``deidentify``: what would be replaced, what was, and what a second person has yet to confirm."""

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Accord


@pytest.fixture
def project(accord: Accord, tmp_path: Path) -> str:
    rows = [
        {"request": "Who is 123-45-6789?", "answer": "Mail maria.lopez@gmail.com, born 2 March 1950."},
        {"request": "What is a fever?", "answer": "A temperature above 38 degrees."},
    ]
    source = tmp_path / "rows.jsonl"
    source.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    path = str(tmp_path / "p.accord")
    accord("new", path, "--preset", "general")
    accord("import", path, str(source), "--map", "request=request,answer=answer")
    return path


def test_a_look_and_then_the_act_and_its_undo(accord: Accord, project: str, tmp_path: Path) -> None:
    looked = accord("deidentify", project, "--dry-run", "--json").value
    replaced = {"date-of-life": 1, "email-address": 1, "social-security-number": 1}
    assert (looked["examples"], looked["replaced"], looked["unconfirmed"]) == (1, replaced, 0)
    assert {one["old"] for one in looked["first"]} == {"123-45-6789", "maria.lopez@gmail.com", "2 March 1950"}
    done = accord("deidentify", project, "--json").value
    assert (done["examples"], done["replaced"], done["unconfirmed"], "first" in done) == (1, replaced, 1, False)
    assert accord("list", project, "--where", "text ~ example", "--limit", "1").lines[0]["status"] == "candidate"
    out = accord("check", project, "--only", "pii", "--json").value
    assert all("gmail" not in json.dumps(one) for one in out["findings"])
    assert accord("bulk", project, "--undo", "--json").value["did"] == "deidentify"
    assert accord("deidentify", project, "--dry-run", "--json").value["replaced"] == replaced


def test_a_look_says_at_its_end_why_its_counts_are_not_those_of_check(accord: Accord, project: str) -> None:
    last = accord("deidentify", project, "--dry-run").out.strip().splitlines()[-1]
    assert "what overlaps is one place" in last
    assert last.endswith("These stay unless --only names them: age, place-name, organisation-name.")
    assert "--only" not in accord("deidentify", project, "--dry-run", "--only", "email-address").out.splitlines()[-1]


def test_labels_of_some_rules(accord: Accord, project: str) -> None:
    done = accord("deidentify", project, "--how", "redact", "--only", "email-address").out
    assert "1 example de-identified." in done
    assert "second person" in done
    assert "email-address: 1" in done
    refused = accord("deidentify", project, "--only", "spelling", code=2)
    assert "email-address" in refused.err
    accord("deidentify", project, "--how", "erase", code=2)
    no_date = accord("deidentify", project, "--how", "shift", "--only", "email-address", code=2)
    assert "date-of-life, exact-date" in no_date.err
