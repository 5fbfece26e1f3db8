"""What a model answers is recorded: each conversation is sent as a release begins it, and its reply is kept as it came."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.chat_service import Behaviour, ChatService, Good, Received
from tests.workflows.generation import WHO, import_pairs, open_chat, saved

from accord.domain.content import Content, Message, Role, pair
from accord.domain.project import AnswerKind, Choice, ProjectSettings
from accord.domain.recipes import RECORDED
from accord.domain.releases import InstructionMode
from accord.storage import listing
from accord.storage.project import Project
from accord.workflows import generating, importing, projects
from accord.workflows.generating import Finished
from accord.workflows.generation_recorded import answered, conversation
from accord.workflows.generation_starts import NoStart, Wish

TALK = Content(
    messages=(
        Message(role=Role.SYSTEM, content="Be brief."),
        Message(role=Role.USER, content="Is it safe?"),
        Message(role=Role.ASSISTANT, content="For whom?"),
        Message(role=Role.USER, content="A child of four."),
        Message(role=Role.ASSISTANT, content="Ask first.", extra={"weight": 1}),
    )
)


def _settings(mode: InstructionMode) -> ProjectSettings:
    return ProjectSettings(instruction="Answer as a nurse.", instruction_mode=mode)


@pytest.mark.parametrize(
    ("mode", "first"),
    [
        (InstructionMode.KEEP, "Be brief."),
        (InstructionMode.ADD, "Be brief."),
        (InstructionMode.REPLACE, "Answer as a nurse."),
    ],
)
def test_a_conversation_is_sent_as_a_release_begins_it(mode: InstructionMode, first: str) -> None:
    told = conversation(TALK, _settings(mode))
    assert [one["content"] for one in told] == [first, "Is it safe?", "For whom?", "A child of four."]
    assert [one["role"] for one in told] == ["system", "user", "assistant", "user"]


def test_an_instruction_is_added_where_none_is() -> None:
    told = conversation(pair("Is it safe?", "Yes."), _settings(InstructionMode.ADD))
    assert told == ({"role": "system", "content": "Answer as a nurse."}, {"role": "user", "content": "Is it safe?"})


def test_an_answer_takes_the_place_of_the_examples_own_and_of_what_was_beside_that() -> None:
    found = answered(TALK, "Not without a doctor.")
    assert found.messages[:-1] == TALK.messages[:-1]
    assert found.messages[-1] == Message(role=Role.ASSISTANT, content="Not without a doctor.")


def _run(project: Project, service: ChatService, wish: Wish) -> Finished:
    ready = generating.prepare(
        project=project, who=WHO, recipe=RECORDED, wish=wish, saved=saved(service.base_url), model="gpt-4"
    )
    return generating.start(project=project, who=WHO, prepared=ready, open_service=open_chat)


def test_replies_are_kept_word_for_word_whatever_the_projects_form_of_answers(project: Project, tmp_path: Path) -> None:
    import_pairs(project, tmp_path, [("May it be crushed?", "Yes"), ("May it be halved?", "")])
    settings = projects.settings_of(project=project)
    closed = replace(settings, answer_kind=AnswerKind.LIST, choices=(Choice(label="Yes"), Choice(label="No")))
    projects.change_settings(project=project, who=WHO, settings=closed)
    said = ' {"answer": "Not JSON to us"}\n\n```json\n{}\n``` '

    def script(_number: int, received: Received) -> Behaviour:
        assert "response_format" not in received.fields
        assert [one["role"] for one in received.fields["messages"]] == ["user"]
        return Good(said)

    with ChatService(script=script) as service:
        found = _run(project, service, Wish(n=5))
    assert (found.accepted, found.failed) == (2, {})
    with project.read() as view:
        texts = listing.texts(view, list(listing.seqs(view, [])))
    assert [text.answer for text in texts.values()].count(said) == 2


def test_the_same_conversation_is_asked_once_and_what_cannot_be_told_in_texts_not_at_all(
    project: Project, tmp_path: Path
) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "look_up", "arguments": "{}"}}
    talks = [
        [{"role": "user", "content": "What helps?"}, {"role": "assistant", "content": "Rest."}],
        [{"role": "user", "content": "What helps?"}, {"role": "assistant", "content": "Water and rest."}],
        [
            {"role": "user", "content": "How much?"},
            {"role": "assistant", "content": "", "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c1", "content": "5 mg"},
            {"role": "assistant", "content": "5 mg."},
        ],
    ]
    file = tmp_path / "talks.jsonl"
    file.write_text("".join(json.dumps({"messages": talk}) + "\n" for talk in talks), encoding="utf-8")
    importing.import_file(project=project, who=WHO, path=file, backup=False)
    with ChatService() as service:
        ready = generating.prepare(
            project=project, who=WHO, recipe=RECORDED, wish=Wish(n=9), saved=saved(service.base_url), model="gpt-4"
        )
    assert len(ready.starts.starts) == 1
    assert any("1 example has tools" in note for note in ready.notes)
    with project.read() as view:
        every = frozenset(listing.seqs(view, []))
    with pytest.raises(NoStart, match="recorded before"), ChatService() as service:
        _run(project, service, Wish(n=9, besides=every))
