"""Content: its canonical text, its id, and which message is the request and which the answer."""

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.domain.canonical import canonical_json, fold, request_key
from accord.domain.content import Content, Message, Role, pair
from accord.domain.errors import DamagedText, UnusableText

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
MESSAGES = st.lists(
    st.builds(Message, role=st.sampled_from(Role), content=TEXT, extra=st.just(None)), min_size=1, max_size=6
).map(tuple)


@given(MESSAGES)
def test_stored_text_reads_back_as_the_same_content(messages: tuple[Message, ...]) -> None:
    content = Content(messages=messages)
    again = Content.from_text(content.text)
    assert again == content
    assert again.text == content.text
    assert "\x00" not in content.text
    assert content.id == hashlib.sha256(content.text.encode()).hexdigest()[:20]


@given(MESSAGES)
def test_request_and_answer_are_the_last_assistant_and_the_user_before_it(messages: tuple[Message, ...]) -> None:
    content = Content(messages=messages)
    answers = [n for n, m in enumerate(messages) if m.role is Role.ASSISTANT]
    end = answers[-1] if answers else len(messages)
    requests = [n for n, m in enumerate(messages[:end]) if m.role is Role.USER]
    assert content.answer_index == (answers[-1] if answers else None)
    assert content.request_index == (requests[-1] if requests else None)


@given(MESSAGES, st.dictionaries(st.integers(0, 5), TEXT))
def test_edits_lead_from_one_text_to_the_other(messages: tuple[Message, ...], edits: dict[int, str]) -> None:
    content = Content(messages=messages)
    changed = content.with_texts({n: text for n, text in edits.items() if n < len(messages)})
    assert content.with_texts(content.edits_towards(changed)) == changed


def test_the_id_is_of_messages_and_tools_alone_and_never_changes() -> None:
    assert pair("What is gout?", "A joint disease.").text == (
        '{"messages":[{"content":"What is gout?","role":"user"},{"content":"A joint disease.","role":"assistant"}]}'
    )
    assert pair("What is gout?", "A joint disease.").id == "be2940b6e28288b67cae"
    with_tools = Content(messages=pair("Q", "A").messages, tools=({"type": "function"},))
    assert with_tools.id != pair("Q", "A").id


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"messages": 3}', '{"messages": [{"role": "king", "content": ""}]}', "{}"]
)
def test_a_damaged_text_is_told(text: str) -> None:
    with pytest.raises(DamagedText):
        Content.from_text(text)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(UnusableText):
        canonical_json(["a\ud800"])
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="JSON"):
            canonical_json(value)


def test_null_characters_stay_escaped() -> None:
    assert canonical_json("a\x00") == '"a\\u0000"'
    assert json.loads(canonical_json("\u2028\x85\x7f")) == "\u2028\x85\x7f"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What  is\tgout? ", "what is GOUT?"),
        ("Straße", "STRASSE"),
        ("e\u0301t\u00e9", "\u00e9te\u0301"),
        ("a\u00a0b\u2003c", "A b c"),
        ("Q\r\n", "q"),
    ],
)
def test_requests_that_are_the_same(one: str, other: str) -> None:
    assert request_key(one) == request_key(other)


@given(TEXT)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def _talk(*turns: tuple[str, str], **extra: object) -> Content:
    messages = [Message(role=Role(role), content=text) for role, text in turns]
    messages[2:3] = [replace(message, extra=extra or None) for message in messages[2:3]]
    return Content(messages=tuple(messages))


def test_earlier_turns_are_all_before_the_answer_but_the_request_and_system_text() -> None:
    call = {"tool_calls": [{"id": "call_7", "type": "function", "function": {"name": "find", "arguments": "{}"}}]}
    turns = (
        ("system", "Be kind."),
        ("user", "Find it."),
        ("assistant", ""),
        ("tool", "Here."),
        ("assistant", "Found."),
    )
    talk = _talk(*turns, **call)
    assert (talk.request, talk.answer) == ("Find it.", "Found.")
    assert talk.earlier == '[{"arguments":"{}","name":"find"}]\nHere.'
    assert pair("Find it.", "Found.", system="Be kind.").earlier == ""
    assert _talk(("user", "Hi"), ("user", "Hello"), ("user", "Find it.")).earlier == "Hi\nHello"


def test_a_conversation_is_known_by_its_request_and_the_turns_before() -> None:
    plain, told = pair("What now?", "Wait."), (("user", "Hi"), ("assistant", "Hello"), ("user", "what  NOW?"))
    talk, other = _talk(*told, ("assistant", "Go.")), _talk(("user", "Ho"), *told[1:], ("assistant", "Go."))
    assert plain.conversation_key == request_key("What now?")
    assert talk.conversation_key == _talk(("user", " hi "), *told[1:], ("assistant", "No.")).conversation_key
    assert len({plain.conversation_key, talk.conversation_key, other.conversation_key}) == 3
    assert {key.conversation_key.partition(":")[0] for key in (plain, talk, other)} == {plain.conversation_key}
