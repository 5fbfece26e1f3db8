"""The verb bring-home as people call it: what there is, what came, what did not, its answers, and its files again."""

import hashlib
import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.chat_service import KEY, Behaviour, ChatService, Fault, Good, Received
from tests.cli.conftest import Accord
from tests.fine_tuning_service import MODEL, Account, fine_tuning_service

from accord.domain.ledger import Who
from accord.domain.project import DataClass
from accord.workflows import fetching, projects


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "")
    monkeypatch.setattr(fetching, "_BACK_OFF", 0.001)


@pytest.fixture
def clinic(accord: Accord) -> str:
    """Make a project."""
    accord("new", "clinic.accord")
    return "clinic.accord"


def _may_leave(path: str) -> None:
    with closing(projects.open_project(path=Path(path))) as project:
        settings = replace(projects.settings_of(project=project), data_class=DataClass.CONSENT)
        projects.change_settings(project=project, who=Who(actor="ana"), settings=settings)


def _serving(account: Account, script: Any = None) -> ChatService:
    service = fine_tuning_service(account, script)
    service.key = None  # as a service on this machine has none
    return service


def test_a_dry_run_tells_what_there_is_and_until_when_and_brings_nothing(accord: Accord, clinic: str) -> None:
    with _serving(Account.of_clinic()) as service:
        found = accord("bring-home", clinic, MODEL, "--base-url", service.base_url, "--dry-run", "--json").value
    assert [thing["file"] for thing in found["things"] if thing["file"]] == [
        *("clinic-train.jsonl", "clinic-valid.jsonl", "step_metrics.csv"),
    ]
    assert "until 2027-01-14" in found["expires"][0] or "was 2027-01-14" in found["expires"][0]
    assert found["brought"] == 0
    assert accord("bring-home", clinic, "--list", "--json").value["records"] == []
    assert accord("status", clinic, "--json").value["examples"] == 0


def test_it_comes_home_is_listed_and_written_as_the_files_that_it_was(
    accord: Accord, clinic: str, tmp_path: Path
) -> None:
    account = Account.of_clinic(rows=5)
    with _serving(account) as service:
        words = ("bring-home", clinic, MODEL, "--base-url", service.base_url)
        found = accord(*words, "--json").value
        assert (found["failed"], found["examples"]["accepted"]) == ([], 9)
        again = accord(*words, "--json").value
        assert (again["brought"], again["known"]) == (0, len(found["things"]))
    listed = accord("bring-home", clinic, "--list", "--json").value
    assert {one["model"] for one in listed["records"]} == {MODEL}
    saved = accord("bring-home", clinic, "--save", tmp_path / "home", "--json").value
    there = {hashlib.sha256(Path(path).read_bytes()).hexdigest(): Path(path).name for path in saved["files"]}
    assert set(there) == {one["sha256"] for one in listed["records"]}
    for file in account.files.values():
        assert there[hashlib.sha256(file.data).hexdigest()] == file.name
    manifest = json.loads((tmp_path / "home" / "manifest.json").read_bytes())
    assert len(manifest["records"]) == len(listed["records"])
    refused = accord("bring-home", clinic, "--save", tmp_path / "home", code=1)
    assert "home" in refused.err


def test_what_did_not_come_is_told_with_its_reason_and_stays_listed(accord: Accord, clinic: str) -> None:
    account = Account.of_clinic()
    del account.files["file-valid"]
    with _serving(account) as service:
        found = accord("bring-home", clinic, MODEL, "--base-url", service.base_url, "--json", code=1)
    assert [thing["name"] for thing in found.value["failed"]] == ["file-valid"]
    assert "1 thing did not come; what came is kept" in found.err
    (missing,) = accord("bring-home", clinic, "--list", "--json").value["missing"]
    assert "no longer has it" in missing["why"]


def test_its_answers_become_candidates_asked_without_a_word_around_them(accord: Accord, clinic: str) -> None:
    asked: list[list[dict[str, str]]] = []

    def script(_number: int, received: Received) -> Behaviour:
        if not received.path.endswith("/completions"):
            return Good()
        asked.append(received.fields["messages"])
        assert "response_format" not in received.fields
        assert received.fields["temperature"] == 0
        return Good(f"A recorded answer to: {asked[-1][-1]['content']}")

    with _serving(Account.of_clinic(rows=3), script) as service:
        words = ("bring-home", clinic, MODEL, "--base-url", service.base_url, "--answers", "text ~ train", "-n", "3")
        accord("bring-home", clinic, MODEL, "--base-url", service.base_url)
        preview = accord(*words, "--dry-run", "--json").value
        assert preview["answers"]["preview"]["questions"] == 3
        assert asked == []
        found = accord(*words, "--json").value
        assert (found["answers"]["accepted"], found["answers"]["waiting"]) == (3, 0)
        again = accord(*words, "--json", code=1)
        assert "recorded before" in again.err
        assert len(asked) == 3
    assert all([one["role"] for one in talk] == ["system", "user"] for talk in asked)
    assert all(talk[0]["content"] == "Answer in one sentence." for talk in asked)
    rows = [row for row in accord("list", clinic).lines if row["origin"] == "generated"]
    assert len(rows) == 3
    for row in rows:
        request, answer = (row["messages"][place]["content"] for place in (-2, -1))
        assert answer == f"A recorded answer to: {request}"
        assert row["status"] == "candidate"


def test_off_this_machine_nothing_is_asked_without_consent_and_the_end_is_told(accord: Accord, clinic: str) -> None:
    _may_leave(clinic)
    called = accord("bring-home", clinic, MODEL, "--base-url", "https://api.openai.com/v1", "--json", code=1)
    assert "2027-01-14" in called.value["expires"][0]
    assert "api.openai.com is not on this machine" in called.err
    assert "no text of the project" in called.err


def test_a_locked_project_asks_nobody_elsewhere_whatever_is_said(accord: Accord) -> None:
    accord("new", "locked.accord", "--preset", "medical")
    words = ("bring-home", "locked.accord", MODEL, "--base-url", "https://api.openai.com/v1")
    called = accord(*words, "--consent", "keep it", code=1)
    assert "locked to this machine" in called.err


@pytest.mark.parametrize("words", [(), (MODEL, "--list"), ("--dry-run",)])
def test_words_that_do_not_go_together_are_wrong_usage(accord: Accord, clinic: str, words: tuple[str, ...]) -> None:
    accord("bring-home", clinic, *words, code=2)


def test_a_key_is_never_told(accord: Accord, clinic: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with fine_tuning_service(Account.of_clinic(), lambda _number, _received: Fault.KEY_ECHOED) as service:
        called = accord("bring-home", clinic, MODEL, "--base-url", service.base_url, code=1)
    assert KEY not in called.out + called.err
