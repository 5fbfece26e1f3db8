"""The verb that asks a chat model: against a real llama.cpp server, and where nothing may leave this machine."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests import llama_server
from tests.chat_service import KEY, ChatService, Fault, Good, always
from tests.cli.conftest import Accord
from tests.llama_server import LlamaServer
from tests.workflows.generation import may_leave

from accord.domain.keys import variable
from accord.domain.ledger import Who
from accord.storage import generations, listing, sendings
from accord.storage.project import Project
from accord.workflows import projects, recipes

real = pytest.mark.skipif(bool(llama_server.missing()), reason=llama_server.missing())
MATTERS = ("a burn", "a cough", "a cut", "a fever", "a rash", "a sting", "a sprain", "a headache", "a cramp", "a cold")
SETTINGS = ("at home", "on a journey", "in the night", "at school", "in the mountains")


def ask_of(accord: Accord, base_url: str, *words: object, code: int | None = 0) -> dict[str, Any]:
    told = accord("generate", "p.accord", "--base-url", base_url, *words, "--json", code=code)
    return told.value


def requests(tmp_path: Path, accord: Accord, count: int, *preset: str) -> None:
    """Make a project of requests that nobody has answered."""
    rows = [{"q": f"What helps against {MATTERS[n % 10]} {SETTINGS[n // 10]}?"} for n in range(count)]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    accord("new", "p.accord", *preset)
    accord("import", "p.accord", "rows.jsonl", "--map", "request=q")


def opened(tmp_path: Path) -> Project:
    return projects.open_project(path=tmp_path / "p.accord")


@pytest.fixture(scope="module")
def server() -> Iterator[LlamaServer]:
    with llama_server.running() as found:
        yield found


def _short_answers(tmp_path: Path) -> str:
    """Let the project's own recipe ask for short answers: a model this small would go on for minutes."""
    project = opened(tmp_path)
    text = recipes.find(project=project, name="answers")
    facts = json.loads(text.facts)
    facts["schema"]["properties"]["answer"]["maxLength"] = 60
    kept = recipes.save(
        project=project,
        who=Who(actor="ana", device="here"),
        name="answers",
        markdown=text.markdown,
        facts=json.dumps(facts),
    )
    project.close()
    return kept.recipe.version


def _drafts(server: LlamaServer, tmp_path: Path, accord: Accord, count: int) -> None:
    requests(tmp_path, accord, count, "--preset", "medical")
    version = _short_answers(tmp_path)
    shown = ask_of(accord, server.base_url, "--recipe", "answers", "-n", count, "--dry-run")
    assert (shown["requested"], shown["accepted"], shown["sent"], shown["model"]) == (count, 0, False, server.model)
    assert shown["preview"]["here"]
    assert "What helps against" in shown["preview"]["first"][0]["messages"][1]["content"]

    found = ask_of(accord, server.base_url, "--recipe", "answers", "-n", count)
    # Whether each draft says something of its own is the model's doing; each question is answered or listed.
    gone = found["duplicate"] + found["refused"] + sum(one["count"] for one in found["failed"])
    assert found["accepted"] + gone == found["requested"] == count
    assert found["accepted"] >= count // 2
    assert (found["waiting"], found["cost_usd"], found["why"]) == (0, 0, "")
    assert found["prompt_tokens"] > 100 * count

    drafts = accord("list", "p.accord", "--where", "origin = generated", "--json").lines
    assert sum(row["status"] == "candidate" for row in drafts) == found["accepted"]
    project = opened(tmp_path)
    with project.read() as view:
        rows = {row.id: row for row in listing.iterate(view)}
        sent = {one.asked: one for one in sendings.listed(view, run=found["run"])}
        for row in drafts:
            place = listing.places(view, rows[row["id"]].seq)[0]
            facts = place.source.metadata
            assert (facts["recipe_version"], facts["asked_of"]) == (version, server.model)
            assert sent[facts["asked"]].host == server.base_url.split("/")[2]
            response = json.loads(facts["response"])
            assert json.loads(response["choices"][0]["message"]["content"])["answer"] == row["messages"][-1]["content"]
            assert rows[facts["seed"]].content.request == row["messages"][-2]["content"]
        assert generations.replies(view, found["run"]) == []
    project.close()
    told = accord("generate", "p.accord", "--runs", "--json").value["runs"]
    assert [(one["run"], one["state"], one["accepted"]) for one in told] == [(1, "done", found["accepted"])]


@pytest.mark.usefixtures("key")
@real
@pytest.mark.xdist_group("llama")
def test_ten_drafts_of_a_real_model_wait_for_review(server: LlamaServer, tmp_path: Path, accord: Accord) -> None:
    _drafts(server, tmp_path, accord, 10)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.usefixtures("key")
@real
@pytest.mark.xdist_group("llama")
def test_fifty_drafts_of_a_real_model_wait_for_review(server: LlamaServer, tmp_path: Path, accord: Accord) -> None:
    _drafts(server, tmp_path, accord, 50)


@pytest.fixture
def key(server: LlamaServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable(server.base_url.split("/")[2]), server.key)


@pytest.fixture
def good(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatService]:
    with ChatService(script=always(Good('{"answer": "Rest and much to drink help against it."}'))) as service:
        monkeypatch.setenv(variable(service.base_url.split("/")[2]), KEY)
        yield service


def test_off_this_machine_without_consent_the_preview_is_shown_and_nothing_sent(tmp_path: Path, accord: Accord) -> None:
    requests(tmp_path, accord, 3)
    project = opened(tmp_path)
    may_leave(project)
    project.close()
    told = accord("generate", "p.accord", "--recipe", "answers", "-n", "2", "--json", code=1)
    assert told.value["preview"]["host"] == "api.openai.com"
    assert (told.value["requested"], told.value["accepted"], told.value["cost_usd"]) == (2, 0, 0)
    assert told.value["preview"]["lacks"] == ["consent", "key"]
    assert 0 < told.value["preview"]["likely_usd"] <= told.value["preview"]["most_usd"]
    assert "say for which purpose" in told.err
    assert accord("generate", "p.accord", "--runs", "--json").value == {"runs": []}
    shown = accord("generate", "p.accord", "--recipe", "answers", "-n", "2", "--dry-run").out
    assert "What helps against" in shown
    assert "Nothing was sent." in shown


def test_a_locked_project_refuses_an_address_elsewhere_before_anything(tmp_path: Path, accord: Accord) -> None:
    requests(tmp_path, accord, 3, "--preset", "legal")
    told = accord("generate", "p.accord", "--recipe", "answers", "--consent", "a course", code=1)
    assert "locked to this machine" in told.err
    assert told.out == ""


def test_what_was_asked_for_in_the_wrong_way_is_told_in_a_sentence(
    tmp_path: Path, accord: Accord, good: ChatService
) -> None:
    requests(tmp_path, accord, 1)
    there = ("--base-url", good.base_url, "--model", "gpt-4")
    for words, code, sentence in (
        (("--recipe", "nonsense"), 1, "recipe"),
        (("--recipe", "answers", "--set", "temperature"), 2, "NAME=VALUE"),
        (("--recipe", "answers", "--set", "model=other"), 2, "“model”"),
        (("--recipe", "answers", "--budget", "much"), 2, "US dollars"),
        (("--recipe", "answers", "--budget", "0"), 2, "US dollars"),
        (("--recipe", "answers", "-n", "0"), 2, "one candidate"),
        (("--recipe", "variations"), 1, "No example is accepted yet"),
        (("--recipe", "passages"), 1, "Choose documents"),
        (("--recipe", "requests", "--tag", "none"), 2, "“none”"),
        (("--recipe", "answers", "--where", "nonsense"), 2, "nonsense"),
        (("--recipe", "answers", "--connection", "none"), 2, "not both"),
        (("--resume", "7"), 1, "There is no run 7"),
    ):
        assert sentence in accord("generate", "p.accord", *there, *words, code=code).err, words
    assert good.requests == ()


def test_a_run_that_gave_nothing_does_not_say_that_all_is_well(
    tmp_path: Path, accord: Accord, good: ChatService
) -> None:
    requests(tmp_path, accord, 2)
    good.script = always(Fault.REFUSED)
    found = accord("generate", "p.accord", "--base-url", good.base_url, "--recipe", "answers", "--json", code=1)
    assert (found.value["accepted"], found.value["failed"][0]["reason"]) == (0, "refused")
    assert found.value["failed"][0]["count"] == 2
    assert "no candidate" in found.err


def test_a_run_that_stopped_is_named_and_goes_on(tmp_path: Path, accord: Accord, good: ChatService) -> None:
    requests(tmp_path, accord, 3)
    good.script = always(Fault.INSUFFICIENT_QUOTA)
    there = ("--base-url", good.base_url, "--model", "gpt-4", "--recipe", "answers", "-n", "3")
    stopped = accord("generate", "p.accord", *there, "--json", code=1)
    assert (stopped.value["waiting"], stopped.value["accepted"]) == (3, 0)
    assert "--resume 1" in stopped.err
    good.script = lambda turn, _received: Good(json.dumps({"answer": f"The book names {turn} herbs for {turn} days."}))
    assert accord("generate", "p.accord", "--resume", "1", "--json").value["accepted"] == 3
    assert "is done" in accord("generate", "p.accord", "--resume", "1", code=1).err
    assert "answers" in accord("generate", "p.accord", "--runs").out


def test_two_models_are_asked_the_same(good: ChatService, tmp_path: Path, accord: Accord) -> None:
    requests(tmp_path, accord, 12)
    first = ask_of(accord, good.base_url, "--recipe", "answers", "-n", 10, "--model", "gpt-4o", "--seed", 5)
    second = ask_of(accord, good.base_url, "--like", first["run"], "--model", "gpt-4o-mini", code=1)
    # This service says the same to everybody: what the second model drafts is there already.
    assert (first["accepted"], second["requested"], second["duplicate"]) == (10, 10, 10)
    project = opened(tmp_path)
    with project.read() as view:
        old, new = ([item.start for item in generations.items(view, one["run"])] for one in (first, second))
        assert [start.seed for start in old] == [start.seed for start in new]
        chosen = listing.ids_of(view, [start.seed for start in old if start.seed is not None])
    project.close()
    accord("bulk", "p.accord", "--where", f"id = {chosen[0]}", "--set-aside", "withdrawn")
    third = ask_of(accord, good.base_url, "--like", first["run"], "--model", "third", "--dry-run")
    assert third["requested"] == 9
    assert any("1 starting point of run 1 cannot be taken again" in note for note in third["preview"]["notes"])
    missing = accord("generate", "p.accord", "--base-url", good.base_url, "--like", "99", "--model", "gpt-4o", code=1)
    assert "There is no run 99." in missing.err
