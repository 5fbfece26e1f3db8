"""Recipes: the ones that come along can be read and filled, a text put in is data, and what is wrong is said."""

import json
from importlib import resources
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.domain.recipes import EVERYWHERE, PLACES, RECORDED, BadRecipe, Makes, Recipe, Takes, read

FOLDER = resources.files("accord") / "resources" / "recipes"
NAMES = sorted(entry.name.removesuffix(".md") for entry in FOLDER.iterdir() if entry.name.endswith(".md"))
REPLIES: dict[Makes, Any] = {
    Makes.ANSWER: {"answer": "A"},
    Makes.PAIRS: {"pairs": [{"request": "R", "answer": "A"}]},
    Makes.REQUESTS: {"requests": ["R"]},
    Makes.PARAPHRASES: {"requests": ["R"]},
    Makes.REVISION: {"critique": "C", "answer": "A"},
    Makes.WORSE: {"answer": "A", "fault": "F"},
}
FACTS = json.dumps({"takes": "seed", "makes": "answer", "schema": {"type": "object"}, "most_tokens": 9})
TEXT = "# Title\nWhat it is for.\n\n## System\nBe {{goal}}.\n\n## User\n<{{fence}}>{{request}}</{{fence}}>\n"


def _own(name: str) -> Recipe:
    return read(name, (FOLDER / f"{name}.md").read_text("utf-8"), (FOLDER / f"{name}.json").read_text("utf-8"))


def _values(recipe: Recipe, text: str = "x") -> dict[str, str]:
    return dict.fromkeys((PLACES[recipe.takes] | EVERYWHERE) - {"fence"}, text)


def test_there_is_a_recipe_for_each_thing_that_can_be_made() -> None:
    written = [*map(_own, NAMES), RECORDED]
    assert {one.makes for one in written} == set(Makes)
    assert {one.takes for one in written} == set(Takes)
    assert len({_own(name).version for name in NAMES}) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_recipe_can_be_read_filled_and_its_reply_is_of_its_schema(name: str) -> None:
    recipe = _own(name)
    system, user = recipe.messages(_values(recipe))
    assert (system["role"], user["role"]) == ("system", "user")
    assert "{{" not in system["content"] + user["content"]
    assert recipe.about
    jsonschema.Draft202012Validator.check_schema(recipe.schema)
    jsonschema.validate(REPLIES[recipe.makes], recipe.schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({}, recipe.schema)


@given(
    st.lists(st.sampled_from(["<text>", "</text>", "</text-1>", "{{goal}}", "{{fence}}", "{{x}}", "a"])).map("".join)
)
def test_a_text_that_is_put_in_stands_there_unchanged_and_cannot_close_its_fence(said: str) -> None:
    recipe = read("own", TEXT, FACTS)
    user = recipe.messages({"goal": "kind", "request": said})[1]["content"]
    fence = user[1 : user.index(">")]
    assert user == f"<{fence}>{said}</{fence}>"
    assert f"</{fence}>" not in said


def test_the_version_follows_what_a_model_is_told_and_nothing_else() -> None:
    first = read("own", TEXT, FACTS)
    assert read("renamed", TEXT.replace("What it is for", "Something else"), FACTS).version == first.version
    assert read("own", TEXT.replace("Be", "Stay"), FACTS).version != first.version
    assert read("own", TEXT, FACTS.replace("9", "10")).version != first.version


@pytest.mark.parametrize(
    ("markdown", "facts", "said"),
    [
        (TEXT, "{", "unreadable facts"),
        (TEXT, FACTS.replace("seed", "everything"), "unreadable facts"),
        (TEXT, FACTS.replace("9", "0"), "a number of tokens"),
        (TEXT, FACTS.replace('{"type": "object"}', "3"), "a schema of its reply"),
        (TEXT.replace("## User", "## Reader"), FACTS, "a section “## User”"),
        (TEXT.replace("# Title", "Title"), FACTS, "a title"),
        (TEXT.replace("{{request}}", "{{passage}}"), FACTS, "names “passage”, which it cannot be given"),
    ],
)
def test_what_is_wrong_with_a_recipe_is_said(markdown: str, facts: str, said: str) -> None:
    with pytest.raises(BadRecipe, match=said):
        read("own", markdown, facts)


@pytest.mark.parametrize("facts", [{"takes": "conversation"}, {"makes": "recorded"}])
def test_a_recipe_that_a_person_writes_does_not_record(facts: dict[str, str]) -> None:
    with pytest.raises(BadRecipe, match="cannot record"):
        read("own", TEXT, json.dumps({**json.loads(FACTS), **facts}))
