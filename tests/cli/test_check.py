"""``check``: findings by kind, with their places in code points, and what a project switches off."""

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Accord


@pytest.fixture
def project(accord: Accord, tmp_path: Path) -> str:
    rows = [
        {"request": "Does ibuprofen help 😀 against fever?", "answer": "😀 As an AI language model, I cannot say."},
        {"request": "How much digoxin?", "answer": "Give .25 mg each morning, as the cardiologist wrote."},
        {"request": "Is it safe?", "answer": "Yes, at the dose that is printed on the box."},
    ]
    source = tmp_path / "rows.jsonl"
    source.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    path = str(tmp_path / "p.accord")
    accord("new", path, "--preset", "medical")
    accord("import", path, str(source), "--map", "request=request,answer=answer")
    return path


def test_findings_say_where_and_why(accord: Accord, project: str) -> None:
    told = accord("check", project, "--json").value
    assert told["counts"] == {"abbreviations": 1, "boilerplate": 1}
    assert told["examples"] == 2
    words, dose = sorted(told["findings"], key=lambda one: one["kind"], reverse=True)
    assert (words["message"], words["start"], words["end"], words["severity"]) == (1, 2, 25, "warning")
    assert (dose["rule"], dose["start"], dose["end"]) == ("no-leading-zero", 5, 11)
    assert "ten times" in dose["says"]
    out = accord("check", project).out
    assert f"{dose['says']}  (message 2: “.25 mg”)\n" in out
    assert "(message 2: “As an AI language model”)\n" in out
    assert accord("check", project, "--only", "boilerplate,encoding", "--json").value["counts"] == {"boilerplate": 1}
    assert accord("check", project, "--where", "text ~ safe", "--json").value["findings"] == []


def test_a_long_find_is_cut_to_one_line(accord: Accord, project: str, tmp_path: Path) -> None:
    source = tmp_path / "long.jsonl"
    long = "Is this\nquestion one that is repeated word for word as its answer?"
    source.write_text(json.dumps({"request": long, "answer": long}), "utf-8")
    accord("import", project, str(source), "--map", "request=request,answer=answer")
    assert "(message 2: “Is this question one that is repeated wo…”)\n" in accord("check", project).out


def test_a_kind_that_does_not_exist_is_refused_with_those_that_do(accord: Accord, project: str) -> None:
    refused = accord("check", project, "--only", "spelling", code=2)
    assert "boilerplate" in refused.err


def test_a_general_project_is_not_asked_about_doses(accord: Accord, tmp_path: Path) -> None:
    source = tmp_path / "rows.jsonl"
    source.write_text(json.dumps({"request": "How much?", "answer": "Use .25 mg of it in one litre."}), "utf-8")
    path = str(tmp_path / "g.accord")
    accord("new", path, "--preset", "general")
    accord("import", path, str(source), "--map", "request=request,answer=answer")
    assert accord("check", path, "--json").value["findings"] == []


def test_what_is_found_of_the_project_as_a_whole_stands_apart(accord: Accord, tmp_path: Path) -> None:
    rows = [{"request": f"Question {n}?", "answer": "word " * (200 if n == 7 else 10 + n % 3)} for n in range(40)]
    source = tmp_path / "rows.jsonl"
    source.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    path = str(tmp_path / "w.accord")
    accord("new", path, "--preset", "general")
    accord("import", path, str(source), "--map", "request=request,answer=answer")
    told = accord("check", path, "--json").value
    (found,) = told["project"]
    assert (found["rule"], found["kind"], found["severity"], found["count"]) == ("unusually-long", "length", "note", 1)
    assert len(found["examples"]) == 1
    assert found["says"] in accord("check", path).out
    assert accord("check", path, "--only", "encoding", "--json").value["project"] == []


def test_a_finding_is_dismissed_and_taken_up_again(accord: Accord, project: str) -> None:
    (found,) = accord("check", project, "--only", "boilerplate", "--json").value["findings"]
    assert found["dismissed"] is None
    about = ("dismiss", project, "--id", found["id"], "--rule", found["rule"])
    assert f"{found['id']}  warning  {found['rule']}: " in accord("check", project, "--only", "boilerplate").out
    assert accord(*about, code=2).err.startswith("accord: Say why")
    wrong = accord("dismiss", project, "--id", found["id"], "--rule", "age", "--reason", "acceptable", code=1).err
    assert wrong == f"accord: No finding of age is open in this example. Open here: {found['rule']}.\n"
    assert "Dismissed here: nothing." in accord(*about, "--restore", code=1).err
    assert accord(*about, "--reason", "false_alarm", "--comment", "quoted", "--json").value["reason"] == "false_alarm"
    assert accord("check", project, "--only", "boilerplate", "--json").value["findings"] == []
    (shown,) = accord("check", project, "--only", "boilerplate", "--dismissed", "--json").value["findings"]
    assert shown["dismissed"] == "false_alarm"
    assert accord("list", project, "--where", "finding=boilerplate").lines == []
    accord(*about, "--restore")
    assert [row["id"] for row in accord("list", project, "--where", "finding=boilerplate").lines] == [found["id"]]
    assert accord("status", project, "--json").value["findings"] == {"error": 0, "warning": 1, "note": 0}
