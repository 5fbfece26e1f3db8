"""The answers of an example, each with what was said before it: what its citations may refer back to."""

from collections.abc import Iterator
from functools import partial

from accord.domain.content import Content, Role
from accord.domain.findings import Kind, Rule

rule_for_citations = partial(Rule, kind=Kind.CITATIONS)
SHOWN = 80  # of a citation, in a sentence


def answers(content: Content) -> Iterator[tuple[int, str, str]]:
    """Yield each answer of a content: its position, its text, and the text of all messages before it."""
    for index, message in enumerate(content.messages):
        if message.role is Role.ASSISTANT:
            yield index, message.content, "\n".join(before.content for before in content.messages[:index])
