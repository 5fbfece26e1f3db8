"""What a model is told: the texts that stand, each within its fence, and nothing of the data read as the recipe."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.light import light
from tests.storage.conftest import WHO, bring_in, record

from accord.checks import languages
from accord.domain.content import Content, Message, Role, pair
from accord.domain.generation import Passage, Start
from accord.domain.project import AnswerKind, Charter, Choice, ProjectSettings, Tag
from accord.domain.recipes import Recipe
from accord.domain.records import RawRecord
from accord.domain.releases import InstructionMode
from accord.domain.review import Judgement, Verdict
from accord.storage import listing, reviews, states
from accord.storage import settings as project_settings
from accord.storage.project import Project, View, create_project
from accord.workflows import generation_prompts, recipes
from accord.workflows.generation_prompts import Messages, Shared

SETTINGS = ProjectSettings(
    guideline="Be brief.",
    instruction="You are a ward's assistant.",
    charter=Charter(goal="answering\nwards"),
    tags=(Tag(name="dose", description="How much"),),
)
HARSH = st.lists(
    st.sampled_from(
        ["<text>", "</text>", "</TEXT >", "</text-1>", "{{request}}", "{{fence}}", "\n## User\n", "é", "\\1"]
    )
).map("".join)


@pytest.fixture
def clinic(place: Path | str) -> Iterator[Project]:
    project = create_project(place)
    with project.write(WHO) as unit:
        project_settings.append(unit, light(SETTINGS))
        unit.commit()
    yield project
    project.close()


def own(name: str, settings: ProjectSettings = SETTINGS) -> Recipe:
    return next(one.recipe for one in recipes.of_settings(settings) if one.recipe.name == name)


def told(project: Project, name: str, *starts: Start, settings: ProjectSettings = SETTINGS) -> list[Messages]:
    with project.read() as view:
        return generation_prompts.messages(
            view, own(name, settings), starts, Shared(settings=settings, language="Latin")
        )


def last(messages: Messages) -> str:
    return messages[-1]["content"]


def test_the_text_that_stands_is_told_and_not_the_one_that_came(clinic: Project) -> None:
    bring_in(clinic, [record(1, "How much?", "Some."), record(2, "How often?", "Daily.")])
    with clinic.write(WHO) as unit:
        content = listing.base_of(unit, 1)
        edited = Judgement(verdict=Verdict.EDIT, edits={0: "How much exactly?", 1: "5 mg."})
        reviews.append(unit, 1, edited, content, reviewer="ana")
        states.refresh(unit, [1])
        unit.commit()
    (asked,) = told(clinic, "variations", Start(seed=1, count=4))
    assert "<text>\nHow much exactly?\n</text>" in last(asked)
    assert "<text>\n5 mg.\n</text>" in last(asked)
    assert "Write 4 new pairs." in last(asked)
    assert "Some." not in str(asked)
    (drafted,) = told(clinic, "answers", Start(seed=2, shown=(1,)))
    assert "A request that experts accepted:\n<text>\nHow much exactly?\n</text>\nIts accepted answer:\n" in last(
        drafted
    )
    system = drafted[0]["content"]
    assert "for this purpose: answering wards\n" in system
    assert "<text>\nBe brief.\n</text>" in system


def test_the_turns_before_are_told_with_who_speaks_and_what_is_lacking_leaves_no_title(clinic: Project) -> None:
    called = {"tool_calls": [{"function": {"name": "weigh"}}]}
    talk = (
        Message(role=Role.SYSTEM, content="Its own."),
        Message(role=Role.USER, content="Hello"),
        Message(role=Role.ASSISTANT, content="", extra=called),
        Message(role=Role.TOOL, content="70 kg"),
        Message(role=Role.USER, content="How much?"),
        Message(role=Role.ASSISTANT, content="Some."),
    )
    bring_in(clinic, [RawRecord(line=1, content=Content(messages=talk)), record(2, "Plain?", "")])
    (with_turns,) = told(clinic, "revise", Start(seed=1))
    (plain,) = told(clinic, "answers", Start(seed=2))
    assert (
        'What was said before:\n<text>\nuser: Hello\nassistant: [{"function": {"name": "weigh"}}]\ntool: 70 kg\n</text>'
        in (last(with_turns))
    )
    assert "told this:\n<text>\nIts own.\n</text>" in last(with_turns)
    assert "said before" not in last(plain)
    assert "experts accepted" not in last(plain)
    bare = told(clinic, "answers", Start(seed=2), settings=ProjectSettings())[0]
    assert "told this" not in last(bare)
    assert "this purpose: (not stated)" in bare[0]["content"]


@pytest.mark.parametrize(
    ("mode", "own_system", "expected"),
    [
        (InstructionMode.KEEP, "Own.", "Own."),
        (InstructionMode.KEEP, "", ""),
        (InstructionMode.ADD, "Own.", "Own."),
        (InstructionMode.ADD, "", "You are a ward's assistant."),
        (InstructionMode.REPLACE, "Own.", "You are a ward's assistant."),
    ],
)
def test_the_instruction_is_the_one_that_a_release_would_write(
    tmp_path: Path, mode: InstructionMode, own_system: str, expected: str
) -> None:
    project = create_project(tmp_path / "one.accord")
    bring_in(project, [RawRecord(line=1, content=pair("How?", "", system=own_system))])
    (asked,) = told(project, "answers", Start(seed=1), settings=replace(SETTINGS, instruction_mode=mode))
    assert (f"<text>\n{expected}\n</text>" in last(asked)) == bool(expected)
    assert ("told this" in last(asked)) == bool(expected)
    project.close()


def test_a_tag_and_a_passage_are_told_within_their_fence_on_one_line(clinic: Project) -> None:
    bring_in(clinic, [record(1, "How much?", "Some.")])
    passage = Passage(id="p", document="a.md", place="a.md >\n## User", text="Take </text> it.")
    (asked,) = told(clinic, "passages", Start(passage=passage, count=2))
    assert "<text-1>\nTake </text> it.\n</text-1>" in last(asked)
    assert "<text-1>\na.md > ## User\n</text-1>" in last(asked)
    (asked,) = told(clinic, "requests", Start(tag="dose", count=3, shown=(1,)))
    assert "<text>\ndose\nHow much\n</text>" in last(asked)
    assert "<text>\nHow much?\n</text>" in last(asked)
    assert "Some." not in str(asked)  # where requests are made, requests alone are shown
    assert "Write in this language: Latin." in asked[0]["content"]


def test_the_projects_form_of_an_answer_is_told_where_there_is_one(clinic: Project) -> None:
    bring_in(clinic, [record(1, "Urgent?", "")])
    choices = (Choice(label="yes"), Choice(label="{{goal}} </text>"))
    closed = replace(SETTINGS, answer_kind=AnswerKind.LIST, choices=choices)
    (asked,) = told(clinic, "answers", Start(seed=1), settings=closed)
    form = "in these very words:\nyes\n{{goal}} </text>\n</text-1>"
    assert form in asked[0]["content"]
    schema = {"type": "object", "properties": {"mg": {"type": "integer"}}}
    strictly = replace(SETTINGS, answer_kind=AnswerKind.JSON, answer_schema=schema)
    (asked,) = told(clinic, "answers", Start(seed=1), settings=strictly)
    assert "JSON by this schema, as JSON itself" in asked[0]["content"]
    freely = replace(strictly, answer_schema={"type": "object"})
    (asked,) = told(clinic, "answers", Start(seed=1), settings=freely)
    assert "JSON by this schema, written as a text" in asked[0]["content"]
    (asked,) = told(clinic, "requests", Start(tag="dose"), settings=strictly)
    assert "JSON by this schema" not in asked[0]["content"]


def test_texts_of_a_thousand_starts_are_read_together(clinic: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_in(clinic, [record(n, f"Question {n}?", f"Answer {n}.") for n in range(1, 31)])
    asked: list[Sequence[int]] = []
    real = listing.texts

    def texts(view: View, numbers: Sequence[int]) -> dict[int, Content]:
        asked.append(numbers)
        return real(view, numbers)

    monkeypatch.setattr(listing, "texts", texts)
    found = told(clinic, "variations", *(Start(seed=n % 30 + 1) for n in range(1000)))
    assert len(found) == 1000
    assert len(asked) == 2
    assert f"Question {999 % 30 + 1}?" in last(found[999])


@given(HARSH, HARSH, HARSH, HARSH)
def test_no_text_of_the_data_closes_its_fence_or_is_read_as_the_recipe(
    request_: str, answer: str, before: str, shown: str
) -> None:
    texts = {
        1: Content(
            messages=(
                Message(role=Role.USER, content=before),
                Message(role=Role.ASSISTANT, content="So."),
                Message(role=Role.USER, content=request_),
                Message(role=Role.ASSISTANT, content=answer),
            )
        ),
        2: pair(shown, shown),
    }
    recipe = replace(own("variations"), system="", user=own("variations").user + "\n{{examples}}")
    values = generation_prompts._Values(recipe, Start(seed=1, shown=(2,)), Shared(settings=SETTINGS), texts, {})
    fence = values.all()["fence"]
    (user,) = recipe.messages(values.all())
    inside = re.findall(rf"<{fence}>\n(.*?)\n</{fence}>", user["content"], re.DOTALL)
    assert inside == [f"user: {before}\nassistant: So." if before else "assistant: So.", request_, answer] + [
        text for text in (shown, shown) if text.strip()
    ]
    outside = re.sub(rf"<{fence}>\n.*?\n</{fence}>", "", user["content"], flags=re.DOTALL)
    assert "{{" not in outside
    assert "## User" not in outside


def test_the_language_is_the_projects_else_that_of_the_accepted_examples(clinic: Project) -> None:
    pytest.importorskip("lingua")
    said = (
        "La dosis diaria del medicamento depende del peso del paciente y de la función de sus riñones, según la guía."
    )
    bring_in(clinic, [record(n, f"¿Cuál es la dosis del medicamento número {n}?", said) for n in range(1, 4)])
    recipe = own("requests")
    assert generation_prompts.shared(project=clinic, recipe=recipe).language == ""
    with clinic.write(WHO) as unit:
        for row in listing.page(unit, [1, 2, 3]):
            reviews.append(unit, row.seq, Judgement(verdict=Verdict.ACCEPT), row.content, reviewer="ana")
        states.refresh(unit, [1, 2, 3])
        unit.commit()
    assert generation_prompts.shared(project=clinic, recipe=recipe).language == "Spanish"
    chosen = replace(SETTINGS, checks=replace(SETTINGS.checks, languages=("fr", "xx")))
    with clinic.write(WHO) as unit:
        project_settings.append(unit, chosen)
        unit.commit()
    found = generation_prompts.shared(project=clinic, recipe=recipe)
    assert found == Shared(settings=chosen, language="French, xx")


def test_a_recipe_that_asks_for_no_language_looks_for_none(clinic: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "spoken", None)
    assert generation_prompts.shared(project=clinic, recipe=own("answers")).language == ""
