"""A pasted line of an export, in whatever format, as the contents it may hold."""

import csv
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from accord.domain.content import Content, Role
from accord.formats.accord_csv import COLUMNS, unguard
from accord.formats.conversations import from_alpaca, from_openai, from_prompt_completion, from_sharegpt
from accord.formats.failures import RowProblem
from accord.formats.sources import table_content
from accord.formats.strict_json import load_row

_PAIR_KEYS = ("request", "question", "prompt", "instruction"), ("answer", "output", "completion", "response")


def read_line(text: str) -> list[Content]:
    """Return the contents that a pasted line may hold, likeliest first; none where it is no line of any format.

    A release may have put its instruction first; so each content is also given without its first system message.
    """
    stripped = text.strip("\r\n\t ,")
    contents: list[Content] = []
    for content in _from_json(stripped) if stripped.startswith("{") else _from_csv(text):
        for candidate in (content, _without_first_system(content)):
            if candidate is not None and candidate not in contents:
                contents.append(candidate)
    return contents


def _from_json(text: str) -> Iterator[Content]:
    try:
        row = load_row(text.encode("utf-8", "surrogatepass"))
    except RowProblem:
        return
    for build in (from_openai, from_sharegpt, _from_preference, _from_rejected, from_alpaca, from_prompt_completion):
        yield from _tried(build, row)
    for request in _PAIR_KEYS[0]:
        for answer in _PAIR_KEYS[1]:
            if isinstance(row, dict) and request in row and answer in row:
                mapping = {"request": request, "answer": answer, "system": "system"}
                yield from _tried(partial(table_content, mapping=mapping), row)


def _tried(build: Callable[[Any], Content], row: Any) -> Iterator[Content]:
    try:
        yield build(row)
    except (RowProblem, LookupError, TypeError, AttributeError):
        return


def _from_preference(row: Any) -> Content:
    return from_openai({**row["input"], "messages": [*row["input"]["messages"], *row["preferred_output"]]})


def _from_rejected(row: Any) -> Content:
    return from_openai({**row["input"], "messages": [*row["input"]["messages"], *row["non_preferred_output"]]})


def _from_csv(text: str) -> Iterator[Content]:
    try:
        records = list(csv.reader([f"{part}\n" for part in text.split("\n")], strict=True))
    except csv.Error:
        return
    for cells in records:
        if len(cells) == len(COLUMNS):
            row = {column: unguard(cell) for column, cell in zip(COLUMNS, cells, strict=True)}
            if row["messages"]:
                yield from _tried(_from_message_cells, row)
            else:
                mapping = {"request": "request", "answer": "answer", "system": "system"}
                yield from _tried(partial(table_content, mapping=mapping), row)


def _from_message_cells(row: Any) -> Content:
    tools = load_row(row["tools"].encode()) if row["tools"] else None
    return from_openai({"messages": load_row(row["messages"].encode()), "tools": tools})


def _without_first_system(content: Content) -> Content | None:
    if content.messages[0].role is not Role.SYSTEM:
        return None
    return Content(messages=content.messages[1:], tools=content.tools)
