"""Preference pairs: the better answer is the example's, the worse stays beside it and goes out as the worse one."""

import tempfile
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.samples import export, faults, read_bytes, records, released
from tests.formats.test_round_trips import FILLED, TEXTS

from accord.domain.content import pair
from accord.domain.project import AnswerKind, Choice, ProjectSettings
from accord.domain.records import REJECTED, RawRecord
from accord.formats.failures import RowProblem
from accord.formats.preference import beside, from_preference
from accord.formats.reading import inspect_file, open_rows
from accord.formats.verifying import verify_export

ASKED = {"role": "user", "content": "Q"}
BETTER, WORSE = {"role": "assistant", "content": "A"}, {"role": "assistant", "content": "B"}
SHAPES: dict[str, dict[str, Any]] = {
    "OpenAI": {"input": {"messages": [ASKED]}, "preferred_output": [BETTER], "non_preferred_output": [WORSE]},
    "OpenAI before": {
        "input": {"messages": [ASKED], "tools": [], "parallel_tool_calls": True},
        "preferred_completion": [BETTER],
        "non_preferred_completion": [WORSE],
    },
    "LLaMA-Factory": {
        "conversations": [{"from": "human", "value": "Q"}],
        "chosen": {"from": "gpt", "value": "A"},
        "rejected": {"from": "gpt", "value": "B"},
    },
    "LLaMA-Factory, Alpaca": {"instruction": "Q", "input": "", "chosen": "A", "rejected": "B"},
    "LLaMA-Factory v1": {
        "chosen_messages": [{"role": "user", "content": [{"type": "text", "value": "Q"}]}, BETTER],
        "rejected_messages": [ASKED, WORSE],
    },
    "TRL, texts": {"prompt": "Q", "chosen": "A", "rejected": "B"},
    "TRL, messages": {"prompt": [ASKED], "chosen": [BETTER], "rejected": [WORSE]},
    "TRL, no prompt": {"chosen": [ASKED, BETTER], "rejected": [ASKED, WORSE]},
    "TRL, prompt repeated": {"prompt": "Q", "chosen": [ASKED, BETTER], "rejected": [ASKED, WORSE]},
    "messages repeated": {
        "prompt": "Q",
        "messages": [ASKED, BETTER],
        "chosen": [ASKED, BETTER],
        "rejected": [ASKED, WORSE],
    },
    "messages with the answer": {"messages": [ASKED, BETTER], "chosen": "A", "rejected": "B"},
    "messages and a rejected answer": {"messages": [ASKED], "chosen": "A", "rejected": "B"},
    "a question": {"question": "Q", "chosen": "A", "rejected": "B"},
    "HH": {"chosen": "\n\nHuman: Q\n\nAssistant: A", "rejected": "\n\nHuman: Q\n\nAssistant: B"},
}


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_is_recognised_and_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(orjson.dumps({**SHAPES[name], "score": 3}) + b"\n")
    shape = inspect_file(path)
    (row,) = records(open_rows(shape))
    assert shape.format == "preference"
    assert row.content == pair("Q", "A")
    options = {"parallel_tool_calls": "true"} if name == "OpenAI before" else {}
    assert row.source.metadata == {REJECTED: "B", "score": "3", **options}


def test_a_prompt_that_says_something_else_is_kept() -> None:
    row = {"prompt": "Other", "chosen": [ASKED, BETTER], "rejected": [ASKED, WORSE]}
    assert beside(row, from_preference(row)[0]) == {"prompt": "Other"}


def test_a_table_of_texts_can_hold_pairs(tmp_path: Path) -> None:
    rows = read_bytes(tmp_path, b"prompt,chosen,rejected,system\nQ,A,B,S\n")
    (row,) = records(rows)
    assert row.content == pair("Q", "A", system="S")
    assert row.source.metadata == {REJECTED: "B"}


@pytest.mark.parametrize(
    ("row", "field", "word"),
    [
        ({"prompt": "Q", "chosen": "A", "rejected": "A"}, "rejected", "the same"),
        ({"prompt": "Q", "chosen": "A", "rejected": " "}, "rejected", "empty"),
        ({"prompt": "Q", "chosen": "A", "rejected": None}, "rejected", "empty"),
        ({"prompt": "Q", "chosen": "A"}, "chosen", "no two answers"),
        ({"chosen": "A", "rejected": "B"}, "chosen", "no prompt"),
        ({"chosen": [ASKED, BETTER], "rejected": [{"role": "user", "content": "R"}, WORSE]}, "chosen", "differ"),
        ({"chosen": [ASKED, BETTER], "rejected": [ASKED]}, "rejected", "empty"),
        ({"prompt": 5, "chosen": "A", "rejected": "B"}, "prompt", "not text"),
        ({"input": 5, "preferred_output": [BETTER], "non_preferred_output": [WORSE]}, "input", "no list"),
        ({"input": {}, "preferred_output": [BETTER], "non_preferred_output": [WORSE]}, "input.messages", "no list"),
        (
            {
                "prompt": "Q",
                "chosen": "A",
                "rejected": [{"role": "assistant", "content": "x", "tool_calls": [{"name": "f"}]}],
            },
            "rejected",
            "text alone",
        ),
    ],
)
def test_a_broken_pair_is_refused(row: dict[str, Any], field: str, word: str) -> None:
    with pytest.raises(RowProblem, match=word) as caught:
        from_preference(row)
    assert caught.value.field == field


def test_a_missing_better_answer_waits_to_be_written() -> None:
    content, rejected = from_preference({"prompt": "Q", "chosen": None, "rejected": "B"})
    assert (content.has_answer, rejected) == (False, "B")


def test_a_column_called_rejected_makes_no_pairs(tmp_path: Path) -> None:
    (tmp_path / "rows").write_bytes(b'{"question":"Q","answer":"A","chosen":4,"rejected":2}\n')
    assert inspect_file(tmp_path / "rows").format == "table"


def _written(folder: Path, *examples: Any, **more: Any) -> list[dict[str, Any]]:
    export(folder, sorted(examples, key=lambda e: e.id), format="preference", **more)
    return [orjson.loads(line) for line in (folder / "train.jsonl").read_bytes().splitlines()]


def test_the_rejected_answer_is_the_worse_one_whether_or_not_the_other_was_edited(tmp_path: Path) -> None:
    plain = released(pair("Q", "A"), rejected="B")
    edited = released(pair("R", "A, edited"), original=pair("R", "A"), rejected="B")
    both = [
        (r["preferred_output"][0]["content"], r["non_preferred_output"][0]["content"])
        for r in _written(tmp_path / "1", plain, edited)
    ]
    assert sorted(both) == [("A", "B"), ("A, edited", "B")]
    assert [p.rule for p in verify_export(tmp_path / "1").problems] == ["few_rows"]


def test_an_edit_that_became_the_rejected_text_is_preferred_over_the_original(tmp_path: Path) -> None:
    (row,) = _written(tmp_path / "1", released(pair("Q", "B"), original=pair("Q", "A"), rejected="B"))
    assert (row["preferred_output"][0]["content"], row["non_preferred_output"][0]["content"]) == ("B", "A")


def test_an_answer_written_where_none_was_is_preferred(tmp_path: Path) -> None:
    (row,) = _written(tmp_path / "1", released(pair("Q", "A"), original=pair("Q", ""), rejected="B"))
    assert row["non_preferred_output"][0]["content"] == "B"


def test_both_answers_of_a_closed_list_are_written_as_codes(tmp_path: Path) -> None:
    settings = ProjectSettings(
        answer_kind=AnswerKind.LIST,
        choices=(Choice(label="yes", code="1"), Choice(label="no", code="0")),
        export_codes=True,
    )
    (row,) = _written(tmp_path / "1", released(pair("Q", "yes"), rejected="no"), settings=settings)
    assert (row["preferred_output"][0]["content"], row["non_preferred_output"][0]["content"]) == ("1", "0")


@given(st.lists(st.tuples(FILLED, FILLED, FILLED, TEXTS), min_size=1, max_size=4))
def test_export_import_and_export_again_give_the_same_bytes(rows: list[tuple[str, str, str, str]]) -> None:
    made = {pair(q, a, system=s).id: (pair(q, a, system=s), r) for q, a, r, s in rows if a != r}
    if not made:
        return
    examples = [released(content, rejected=r) for _id, (content, r) in sorted(made.items())]
    with tempfile.TemporaryDirectory() as name:
        export(Path(name, "1"), examples, format="preference")
        found = list(open_rows(inspect_file(Path(name, "1", "train.jsonl"))))
        assert not faults(found)
        assert {
            r.content.id: (r.content, r.source.metadata[REJECTED]) for r in found if isinstance(r, RawRecord)
        } == made
        again = [released(r.content, rejected=r.source.metadata[REJECTED]) for r in records(found)]
        export(Path(name, "2"), again, format="preference")
        assert Path(name, "1", "train.jsonl").read_bytes() == Path(name, "2", "train.jsonl").read_bytes()


def test_accord_s_own_csv_keeps_the_worse_answer(tmp_path: Path) -> None:
    example = released(pair("Q", "A"), rejected="=B")
    export(tmp_path / "out", [example], format="csv")
    (row,) = records(open_rows(inspect_file(tmp_path / "out/train.csv")))
    assert (row.content.text, row.source.metadata[REJECTED]) == (example.text, "=B")
    assert [p.rule for p in verify_export(tmp_path / "out").problems] == ["few_rows"]
