"""``check --labelled``: recall and precision on a file of the user's own."""

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Accord

ROWS = (
    {"text": "Call +1 202 555 0143 now.", "spans": [{"start": 5, "end": 20, "label": "PHONE"}]},
    {"text": "Write to ana@example.org.", "label": [[9, 24, "CORREO"]]},
    {"text": "His card is 4111 1111 1111 1111.", "spans": []},
    {"text": "broken", "spans": [[3, 99, "PHONE"]]},
    {"full_text": "Ana lives here.", "spans": [{"start": 0, "end": 3, "entity_type": "HERO"}]},
)


@pytest.fixture
def project(accord: Accord, tmp_path: Path) -> str:
    path = str(tmp_path / "p.accord")
    accord("new", path)
    (tmp_path / "own.jsonl").write_text("\n".join(json.dumps(row) for row in ROWS), "utf-8")
    return path


@pytest.mark.parametrize("light_checks", [None])  # in the fixture's place: names are among what is measured
def test_recall_precision_and_what_lowers_them_are_told(accord: Accord, project: str) -> None:
    value = accord("check", project, "--labelled", "own.jsonl", "--json").value
    assert (value["findings"], value["counts"]) == ([], {})
    told = value["measured"]
    assert told["texts"] == 4
    assert told["recall"] == {
        "PHONE": {"value": 1.0, "ci95": [pytest.approx(0.2065, abs=1e-4), 1.0], "n": 1, "hits": 1}
    }
    assert told["precision"]["phone"]["value"] == 1
    assert told["overall"]["recall"]["n"] == 1
    assert told["unknown_labels"] == {"CORREO": 1, "HERO": 1}
    assert told["unmarked_entities"] == {"card": 1, "email": 1, "person": 1}  # Ana has a label that nobody knows
    out = accord("check", project, "--labelled", "own.jsonl").out
    assert out.startswith("4 of 5 texts measured; 1 is refused:\n")
    assert "1.00 [0.21, 1.00] n=1  PHONE: Fax number, Telephone number (fax-number, phone-number)\n" in out
    assert "1.00 [0.21, 1.00] n=1  PHONE: Telephone number (phone-number)\n" in out
    assert "Payment card number (payment-card): found 1 time, but no label of the file stands for it.\n" in out
    (bad,) = told["rejected"]
    assert (Path(bad["file"]).name, bad["line"], bad["field"]) == ("own.jsonl", 4, "spans[0]")


def test_a_label_may_be_given_a_meaning(accord: Accord, project: str) -> None:
    words = ("check", project, "--labelled", "own.jsonl", "--label", "correo=email-address", "--label", "HERO=card")
    told = accord(*words, "--json").value["measured"]
    assert told["unknown_labels"] == {}
    assert told["recall"]["CORREO"]["value"] == 1
    assert told["recall"]["HERO"]["value"] == 0
    assert told["missed"] == [{"line": 5, "start": 0, "end": 3, "name": "HERO", "text": "Ana"}]
    assert "4111 1111 1111 1111" in [place["text"] for place in told["false_alarms"]]
    assert "HERO" in accord(*words).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--label", "PHONE"), "THEIRS=OURS"),
        (("--label", "FONE=phone"), "No mark has the label FONE"),
        (("--label", "HERO=superman"), "Nothing here is called superman"),
    ],
)
def test_a_wrong_label_is_refused_with_what_there_is(
    accord: Accord, project: str, words: tuple[str, ...], said: str
) -> None:
    refused = accord("check", project, "--labelled", "own.jsonl", *words, code=2)
    assert said in refused.err


def test_a_file_without_labelled_texts_is_refused(accord: Accord, project: str, tmp_path: Path) -> None:
    (tmp_path / "other.jsonl").write_text('{"request": "a"}\n', "utf-8")
    refused = accord("check", project, "--labelled", "other.jsonl", code=1)
    assert "Line 1: There is no text" in refused.err
    assert "no such file" in accord("check", project, "--labelled", "absent.jsonl", code=1).err
    assert "--labelled" in accord("check", project, "--label", "A=b", code=2).err


def test_a_list_that_is_cut_says_so(accord: Accord, project: str, tmp_path: Path) -> None:
    row = {"text": "Nobody calls.", "spans": [{"start": 0, "end": 6, "label": "PHONE"}]}
    (tmp_path / "many.jsonl").write_text("\n".join([json.dumps(row)] * 23), "utf-8")
    cut = accord("check", project, "--labelled", "many.jsonl").out
    assert "Missed: 23, the first 20 are shown, all with --json\n" in cut
    assert cut.count("“Nobody”  PHONE: Fax number, Telephone number (fax-number, phone-number)") == 20
    assert len(accord("check", project, "--labelled", "many.jsonl", "--json").value["measured"]["missed"]) == 23
    (tmp_path / "few.jsonl").write_text("\n".join([json.dumps(row)] * 3), "utf-8")
    assert "Missed: 3\n" in accord("check", project, "--labelled", "few.jsonl").out
