"""Recipes: how a chat model is asked for candidates, as text that people read and change."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from accord.domain.errors import WrongUsage
from accord.domain.wording import _

VERSION_DIGITS = 12
_PLACE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
_SECTION = re.compile(r"^##[ \t]+(.+?)[ \t]*$", re.MULTILINE)
_FENCE = "text"


class Takes(StrEnum):
    """What a recipe starts from, one for each question."""

    UNANSWERED = "unanswered"  # an example without an answer
    SEED = "seed"  # an accepted example, or one that a person chose
    CANDIDATE = "candidate"  # an example nobody has reviewed
    PASSAGE = "passage"  # a passage of a source document
    TAG = "tag"  # a tag that few examples have
    CONVERSATION = "conversation"  # any example: what stands before its answer is sent as it stands


class Makes(StrEnum):
    """What the fields of its reply become."""

    ANSWER = "answer"  # the answer of the example it started from: {answer}
    PAIRS = "pairs"  # new examples: {pairs: [{request, answer}]}
    REQUESTS = "requests"  # new examples without an answer: {requests: [text]}
    PARAPHRASES = "paraphrases"  # new examples with the answer of the seed: {requests: [text]}
    REVISION = "revision"  # another text of the answer, and why: {critique, answer}
    WORSE = "worse"  # an answer that shows what not to do, for preference files: {answer, fault}
    RECORDED = "recorded"  # the whole reply, as it stands, as an answer of the conversation


#: What a recipe may put into its text, by what it starts from; ``fence`` encloses what is data and no instruction.
PLACES: Mapping[Takes, frozenset[str]] = {
    Takes.UNANSWERED: frozenset({"request", "earlier"}),
    Takes.SEED: frozenset({"request", "answer", "earlier", "count"}),
    Takes.CANDIDATE: frozenset({"request", "answer", "earlier"}),
    Takes.PASSAGE: frozenset({"passage", "source", "count"}),
    Takes.TAG: frozenset({"tag", "tag_description", "count"}),
    Takes.CONVERSATION: frozenset(),
}
EVERYWHERE = frozenset({"fence", "guideline", "instruction", "examples", "goal", "language", "form"})


class BadRecipe(WrongUsage):
    """A recipe that cannot be used, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One recipe. ``schema``: of the reply, JSON Schema; ``most_tokens``: of a reply; ``about``: for people."""

    name: str
    title: str
    about: str
    system: str
    user: str
    takes: Takes
    makes: Makes
    schema: Mapping[str, Any]
    most_tokens: int

    @property
    def version(self) -> str:
        """Return what tells this text from an earlier one: hexadecimal, of all that a model is told."""
        told = [self.system, self.user, self.takes, self.makes, dict(self.schema), self.most_tokens]
        text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:VERSION_DIGITS]

    @property
    def places(self) -> frozenset[str]:
        """Return the names of what is put into its text."""
        return frozenset(_PLACE.findall(self.system + self.user))

    def messages(self, values: Mapping[str, str]) -> tuple[Mapping[str, str], ...]:
        """Return what a model is told. A text that is put in is never read as a part of the recipe.

        ``fence`` is found where it is not given. Raises KeyError where a value is missing.
        """
        given = {"fence": fence(values.values()), **values}
        texts = (("system", self.system), ("user", self.user))
        return tuple({"role": role, "content": _filled(text, given)} for role, text in texts if text)


#: How a model's own answers are recorded: no text of ours is around the conversation, and no form is asked for.
RECORDED = Recipe(
    name="recorded",
    title="Recorded answers",
    about="",
    system="",
    user="",
    takes=Takes.CONVERSATION,
    makes=Makes.RECORDED,
    schema={},
    most_tokens=4096,
)


def read(name: str, markdown: str, facts: str) -> Recipe:
    """Return the recipe of a Markdown text and its JSON facts (takes, makes, schema, most_tokens). Raises BadRecipe.

    The Markdown has a title (``#``), what it is for, and the sections ``## System`` and ``## User``.
    """
    try:
        known = json.loads(facts)
        takes, makes = Takes(known["takes"]), Makes(known["makes"])
        schema, most_tokens = known["schema"], known["most_tokens"]
    except (ValueError, KeyError, TypeError) as error:
        raise BadRecipe(_("The recipe “{name}” has unreadable facts: {error}", name=name, error=str(error))) from error
    if takes is Takes.CONVERSATION or makes is Makes.RECORDED:
        raise BadRecipe(_("The recipe “{name}” cannot record: a conversation is sent without any recipe.", name=name))
    if not isinstance(schema, dict) or type(most_tokens) is not int or most_tokens < 1:
        raise BadRecipe(_("The recipe “{name}” needs a schema of its reply and a number of tokens.", name=name))
    head, sections = _sections(markdown)
    title, __, about = head.removeprefix("#").strip().partition("\n")
    user = sections.get("user", "")
    if not head.startswith("#") or not title or not user:
        raise BadRecipe(_("The recipe “{name}” needs a title (#) and a section “## User”.", name=name))
    _check_places(name, sections.get("system", "") + user, takes)
    return Recipe(
        name=name,
        title=title,
        about=about.strip(),
        system=sections.get("system", ""),
        user=user,
        takes=takes,
        makes=makes,
        schema=schema,
        most_tokens=most_tokens,
    )


def _sections(markdown: str) -> tuple[str, dict[str, str]]:
    parts = _SECTION.split(markdown.replace("\r\n", "\n").strip("\ufeff \n"))
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    return parts[0].strip(), {title.strip().lower(): text.strip() for title, text in pairs}


def _check_places(name: str, text: str, takes: Takes) -> None:
    unknown = sorted(set(_PLACE.findall(text)) - PLACES[takes] - EVERYWHERE)
    if unknown:
        raise BadRecipe(
            _(
                "The recipe “{name}” names “{place}”, which it cannot be given. It can be given: {known}.",
                name=name,
                place=unknown[0],
                known=", ".join(sorted(PLACES[takes] | EVERYWHERE)),
            )
        )


def fence(texts: Iterable[str]) -> str:
    """Return the name of a tag that no text can close."""
    whole = "\n".join(texts)
    number, found = 0, _FENCE
    while re.search(rf"</?\s*{found}\b|{found}\s*>", whole, re.IGNORECASE):
        number += 1
        found = f"{_FENCE}-{number}"
    return found


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: values[place.group(1)], text)
