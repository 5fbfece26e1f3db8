"""One run after the other: what the first made is criticised by another model, counted, and not started from again."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from tests.workflows.generation import WHO, answering, import_pairs, prepared, recipe, run
from tests.workflows.texts import accept_all

from accord.domain.project import AnswerKind
from accord.formats import reply_schema
from accord.storage.project import Project
from accord.workflows import asking, browsing, generation_figures, projects
from accord.workflows.generation_starts import NoStart, Wish

SEED = (
    "What is done about a fresh cut in the hand?",
    "Rinse it with clean water, press a clean cloth on it, and look.",
)
PAIR = {"request": "Who sees to a wound that will not stop bleeding?", "answer": "The emergency ward, at once."}


@pytest.fixture(autouse=True)
def _no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_BACK_OFF", 0.001)
    monkeypatch.setattr(asking, "_LOOK_SECONDS", 0.01)


def test_a_second_model_revises_what_the_first_made_and_both_are_compared(project: Project, tmp_path: Path) -> None:
    import_pairs(project, tmp_path, [SEED])
    accept_all(project)
    with answering(lambda _turn, _asked: {"pairs": [PAIR]}) as service:
        assert run(project, service.base_url, "variations", Wish(n=1)).accepted == 1
    better = {
        "critique": "It does not say what to do meanwhile.",
        "answer": "Press on it; the emergency ward, at once.",
    }
    with answering(lambda _turn, _asked: better) as service:
        same = prepared(project, service.base_url, "revise", Wish(n=5))
        other = prepared(project, service.base_url, "revise", Wish(n=5), model="gpt-4o")
        assert [note for note in same.notes if "gpt-4 drafted 1 of these" in note]
        assert not [note for note in other.notes if "drafted" in note]
        assert len(other.starts.starts) == 1
        assert PAIR["answer"] in other.first[0].messages[-1]["content"]
        assert run(project, service.base_url, "revise", Wish(n=5), model="gpt-4o").accepted == 1
        with pytest.raises(NoStart, match="has been revised already"):
            prepared(project, service.base_url, "revise", Wish(n=5))
    accept_all(project)
    rows = generation_figures.by_recipe_and_model(project=project)
    assert {(row.recipe, row.model, row.made, row.as_they_are) for row in rows} == {
        ("variations", "gpt-4", 1, 1),
        ("revise", "gpt-4o", 1, 1),
    }
    assert {row.version for row in rows} == {recipe(project, name).version for name in ("variations", "revise")}


def test_a_service_is_held_to_the_projects_own_schema_and_what_is_absent_comes_as_absent(
    project: Project, tmp_path: Path
) -> None:
    schema = {
        "type": "object",
        "properties": {"act": {"enum": ["rinse", "press"]}, "minutes": {"type": "integer", "minimum": 1}},
        "required": ["act"],
    }
    settings = projects.settings_of(project=project)
    changed = replace(settings, answer_kind=AnswerKind.JSON, answer_schema=schema)
    projects.change_settings(project=project, who=WHO, settings=changed)
    import_pairs(project, tmp_path, [(SEED[0], "")])
    with answering(lambda _turn, _asked: {"answer": {"act": "rinse", "minutes": None}}) as service:
        found = run(project, service.base_url, "answers", Wish(n=1))
        form = json.loads(service.requests[-1].raw)["response_format"]["json_schema"]
    assert found.accepted == 1
    assert form["strict"]
    jsonschema.Draft202012Validator.check_schema(form["schema"])
    assert reply_schema.strict_problem(form["schema"]) is None
    assert form["schema"]["properties"]["answer"]["required"] == ["act", "minutes"]
    (answer,) = [row.content.answer for row in browsing.examples(project=project) if row.origin == "generated"]
    assert json.loads(answer) == {"act": "rinse"}


def test_a_second_run_of_documents_takes_the_passages_that_the_first_left(project: Project, tmp_path: Path) -> None:
    book = tmp_path / "book.md"
    book.write_text("\n\n".join(f"# Part {n}\n\n{f'Sentence of part {n}. ' * 30}" for n in range(3)), "utf-8")

    def say(turn: int, asked: str) -> object:
        return {"pairs": [{"request": f"What is said in turn {turn} of {len(asked)}?", "answer": asked[20:90]}]}

    told: list[str] = []
    with answering(say) as service:
        for _number in range(2):
            run(project, service.base_url, "passages", Wish(n=3, documents=(book,)))
        told += [json.loads(one.raw)["messages"][-1]["content"] for one in service.requests]
    parts = [next(n for n in range(3) if f"part {n}." in text) for text in told]
    assert len(parts) == len(set(parts)) == 2
