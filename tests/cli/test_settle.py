"""disagreements and adjudicate as scripts call them: every version's text, what was decided so already, the reasons."""

import json
from pathlib import Path

from tests.cli.conftest import Accord


def _disputed(accord: Accord, tmp_path: Path) -> list[str]:
    """Make a project of two examples on which ana and bo disagree, and return their ids."""
    rows = tmp_path / "rows.csv"
    rows.write_text("q,a\nHow much?,Some.\nHow often?,Daily.\n")
    accord("new", "clinic.accord")
    accord("import", "clinic.accord", rows, "--map", "request=q,answer=a")
    accord("assign", "clinic.accord", "--reviewers", "ana,bo", "--overlap", "1")
    ids = [line["id"] for line in accord("list", "clinic.accord").lines]
    said = tmp_path / "said.csv"
    texts = [f"{i},ana,accept,\n{i},bo,edit,Other {n}.\n" for n, i in enumerate(ids)]
    said.write_text("id,reviewer,verdict,answer\n" + "".join(texts))
    accord("reviews", "clinic.accord", said)
    return ids


def test_each_version_is_told_with_its_whole_text(accord: Accord, tmp_path: Path) -> None:
    ids = _disputed(accord, tmp_path)
    found = accord("disagreements", "clinic.accord", "--json").value["open"]
    assert {one["id"] for one in found} == set(ids)
    for one in found:
        number = ids.index(one["id"])
        texts = {v["reviewer"]: v["messages"][-1]["content"] for v in one["versions"]}
        assert texts == {"ana": ("Some.", "Daily.")[number], "bo": f"Other {number}."}
        assert [version["of_earlier_text"] for version in one["versions"]] == [False, False]


def test_a_file_that_is_none_is_refused_in_one_sentence(accord: Accord, tmp_path: Path) -> None:
    _disputed(accord, tmp_path)
    file = tmp_path / "wrong.csv"
    for verb, column in (("reviews", "verdict"), ("adjudicate", "decision")):
        for text in ("q,a\nHow much?,Some.\n" * 3, '{"q": "How much?"}\n' * 3):
            file.write_text(text)
            told = accord(verb, "clinic.accord", file, code=1)
            assert told.out == ""
            assert told.err.count(f"There is no column “{column}”: this does not look like a file of") == 1
        file.write_text("\n")
        assert "It is empty." in accord(verb, "clinic.accord", file, code=1).err
    assert "needs a comment" in " ".join(accord("adjudicate", "--help").out.split())


def test_reviewers_are_counted_the_same_before_and_after_they_judge(accord: Accord, tmp_path: Path) -> None:
    _disputed(accord, tmp_path)
    (lead,) = [
        one["name"] for one in accord("team", "clinic.accord", "--json").value["people"] if one["role"] == "lead"
    ]
    acting = ("--as", lead)
    accord("team", "clinic.accord", "--add", "cy", "--role", "adjudicator", *acting)
    assert accord("status", "clinic.accord", "--json").value["reviewer_names"] == ["ana", "bo", "cy"]
    accord("team", "clinic.accord", "--add", "cy", "--role", "reviewer", *acting)
    assert accord("status", "clinic.accord", "--json").value["reviewers"] == 3
    assert "listed reviewers and adjudicators" in " ".join(accord("status", "--help").out.split())


def test_of_a_file_that_cannot_be_read_only_the_error_is_told(accord: Accord) -> None:
    accord("new", "clinic.accord")
    told = accord("import", "clinic.accord", "missing.csv", code=1)
    assert told.out == ""
    assert "missing.csv" in told.err


def test_decisions_given_twice_are_said_to_stand_and_reasons_are_named(accord: Accord, tmp_path: Path) -> None:
    first, second = _disputed(accord, tmp_path)
    file = tmp_path / "decisions.csv"
    file.write_text(
        "id,decision,answer,reason,comment\n"
        f"{first},edit,Other 0.,Best of several,So.\n"
        f"{second},accept,,house style,As it came.\n"
    )
    told = accord("adjudicate", "clinic.accord", file)
    assert "2 read = 2 accepted + 0 rejected" in told.out
    assert "Reasons understood: Best of several 1." in told.out
    assert "“house style”" in told.out
    again = accord("adjudicate", "clinic.accord", file, "--json").value
    assert (again["read"], again["accepted"], again["rejected"], again["already"]) == (2, 0, 0, 2)
    assert again["reasons"] == {"best_of_several": 1}
    assert again["reasons_in_comment"] == ["house style"]
    assert "2 were already decided so." in accord("adjudicate", "clinic.accord", file).out
    file.write_text(json.dumps({"id": first, "decision": "edit", "answer": "Other 0.", "reason": "", "comment": "x"}))
    jsonl = file.rename(tmp_path / "decisions.jsonl")
    assert "needs a reason" in accord("adjudicate", "clinic.accord", jsonl, code=1).err
