"""``agreement``: published tables through the real command line, in all layouts, and of a project's reviews."""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Accord

KEYS = (
    "percent_agreement",
    "krippendorff_alpha",
    "fleiss_kappa",
    "gwet_ac1",
    "conger_kappa",
    "brennan_prediger",
    "cohen_kappa",
)
PERCENT, ALPHA, FLEISS, AC1, CONGER, BP, COHEN = KEYS


def pubmedqa(data: Path) -> list[list[str]]:
    found = json.loads((data / "medical" / "pubmedqa_pqal_dev500.json").read_text("utf-8"))
    names = ("reasoning_required_pred", "reasoning_free_pred")
    return [["id", *names], *([key, *(row[name] for name in names)] for key, row in found.items())]


def artstein_poesio(data: Path) -> list[list[str]]:
    labels: dict[str, dict[str, str]] = {}
    for line in (data / "agreement" / "nltk_artstein_poesio_example.txt").read_text("utf-8").splitlines():
        coder, item, label = line.split()
        labels.setdefault(item, {})[coder] = label
    return [["item", "a", "b"], *([item, coded["a"], coded["b"]] for item, coded in labels.items())]


def krippendorff_example(_data: Path) -> list[list[str]]:
    rows = ["* * * * * 3 4 1 2 1 1 3 3 * 3", "1 * 2 1 3 3 4 3 * * * * * * *", "* * 2 1 3 4 4 * 2 1 1 3 3 * 4"]
    coders = [row.replace("*", "-").split() for row in rows]
    units = [["" if cell == "-" else cell for cell in unit] for unit in zip(*coders, strict=True)]
    return [["unit", "A", "B", "C"], *([str(at), *unit] for at, unit in enumerate(units, start=1))]


@dataclass(frozen=True)
class Reference:
    """A table with published values: a file of the data folder, or one made of what is there."""

    table: str | Callable[[Path], list[list[str]]]
    layout: str
    shape: tuple[int, int, int]
    values: dict[str, float]
    level: str = "nominal"


RAW, RAW_SHAPE = "agreement/irrCAC/cac.raw4raters.csv", (12, 4, 5)
REFERENCES = {
    "raw4raters": Reference(
        RAW,
        "ratings",
        RAW_SHAPE,
        {PERCENT: 0.8181818, AC1: 0.77544, FLEISS: 0.76117, ALPHA: 0.74342, CONGER: 0.76282, BP: 0.77273},
    ),
    "cont3x3abstractors": Reference(
        "agreement/irrCAC/cont3x3abstractors.csv",
        "matrix",
        (100, 2, 3),
        {COHEN: 0.7964094, FLEISS: 0.7962397, AC1: 0.8493305, BP: 0.835, ALPHA: 0.7972585, PERCENT: 0.89},
    ),
    "distrib6raters": Reference(
        "agreement/irrCAC/distrib.6raters.csv",
        "counts",
        (15, 6, 5),
        {AC1: 0.4448007, FLEISS: 0.4139265, ALPHA: 0.4204384, BP: 0.4388889},
    ),
    "dist4cat": Reference("agreement/irrCAC/cac.dist4cat.csv", "counts", (15, 4, 3), {AC1: 0.3518903}),
    "diagnoses": Reference(
        "agreement/irr_diagnoses.csv",
        "ratings",
        (30, 6, 5),
        {FLEISS: 0.430245, AC1: 0.447885, CONGER: 0.441809, ALPHA: 0.43341},
    ),
    "artstein_poesio": Reference(artstein_poesio, "ratings", (100, 2, 3), {PERCENT: 0.88, FLEISS: 0.79953, BP: 0.82}),
    "artstein_poesio_as_it_is": Reference(
        "agreement/nltk_artstein_poesio_example.txt", "long", (100, 2, 3), {PERCENT: 0.88, FLEISS: 0.79953, BP: 0.82}
    ),
    "krippendorff": Reference(krippendorff_example, "ratings", (15, 3, 4), {ALPHA: 0.691358}),
    "krippendorff_interval": Reference(
        krippendorff_example, "ratings", (15, 3, 4), {ALPHA: 0.810845}, level="interval"
    ),
    "pubmedqa": Reference(
        pubmedqa, "ratings", (500, 2, 3), {PERCENT: 0.712, COHEN: 0.480366, ALPHA: 0.47858, AC1: 0.602269}
    ),
}


def write(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def place(table: str | Callable[[Path], list[list[str]]], data_dir: Path, folder: Path) -> Path:
    return data_dir / table if isinstance(table, str) else write(folder / "table.csv", table(data_dir))


@pytest.mark.parametrize("named", [True, False], ids=["named", "guessed"])
@pytest.mark.parametrize("name", REFERENCES)
def test_published_values(accord: Accord, data_dir: Path, tmp_path: Path, name: str, *, named: bool) -> None:
    reference = REFERENCES[name]
    words = ("--layout", reference.layout) if named else ()
    path = place(reference.table, data_dir, tmp_path)
    found = accord("agreement", "--table", path, "--level", reference.level, *words, "--json").value
    assert found["layout"] == reference.layout
    assert (found["items"], found["raters"], found["categories"]) == reference.shape
    for key, expected in reference.values.items():
        assert found[key]["value"] == pytest.approx(expected, abs=1e-4), key


@pytest.mark.parametrize(("level", "expected"), [("ordinal", 0.815), ("ratio", 0.797)])
def test_published_alpha_at_other_levels(accord: Accord, data_dir: Path, level: str, expected: float) -> None:
    found = accord("agreement", "--table", data_dir / RAW, "--level", level, "--json").value
    assert round(found[ALPHA]["value"], 3) == expected
    assert found[AC1]["value"] == pytest.approx(0.77544, abs=1e-4)


def test_every_figure_has_its_value_interval_and_n_or_a_reason(accord: Accord, tmp_path: Path) -> None:
    path = write(tmp_path / "r.csv", [["id", "a", "b", "c"], *([str(k), "x", "xy"[k % 2], ""] for k in range(30))])
    found: dict[str, Any] = accord("agreement", "--table", path, "--json").value
    assert list(found)[: len(KEYS) + 3] == ["items", "raters", "categories", *KEYS]
    assert (found["items"], found["raters"], found["rater_names"]) == (30, 2, ["a", "b"])
    for key in KEYS:
        assert set(found[key]) == {"value", "ci95", "n"}
        low, high = found[key]["ci95"]
        assert low <= found[key]["value"] <= high
        assert found[key]["n"] == 30
    assert set(found["gwet_ac2"]) == {"value", "reason"}
    assert accord("agreement", "--table", path, "--json").value == found


def test_two_raters_at_the_ordinal_level_have_weighted_kappas(accord: Accord, tmp_path: Path) -> None:
    path = write(tmp_path / "r.csv", [["r1", "r2"], *([str(k % 4), str((k + k % 2) % 4)] for k in range(20))])
    found = accord("agreement", "--table", path, "--level", "ordinal", "--json").value
    for key in ("cohen_kappa_linear", "cohen_kappa_quadratic", "gwet_ac2"):
        assert set(found[key]) == {"value", "ci95", "n"}


def test_without_json_each_figure_is_a_line(accord: Accord, tmp_path: Path) -> None:
    path = write(tmp_path / "r.csv", [["r1", "r2"], ["a", "a"], ["b", "b"], ["a", "b"]])
    lines = accord("agreement", "--table", path).out.splitlines()
    assert lines[0] == "3 items, 2 raters, 2 categories; read as ratings"
    assert lines[1].startswith("percent_agreement: 0.6667 [0.0000, 1.0000], n 3")
    assert any(line.startswith("Only 3 items were rated by two people or more.") for line in lines)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([["", ""], ["", ""]], "There is no rating."),
        ([["a", ""], ["", "b"]], "No item was rated by two people."),
    ],
)
def test_what_is_undefined_says_why(accord: Accord, tmp_path: Path, rows: list[list[str]], reason: str) -> None:
    path = write(tmp_path / "r.csv", [["r1", "r2"], *rows])
    found = accord("agreement", "--table", path, "--json").value
    assert all(found[key] == {"value": None, "reason": reason} for key in KEYS)
    assert f"percent_agreement: undefined. {reason}" in accord("agreement", "--table", path).out


def test_a_bad_cell_is_one_sentence_with_its_place(accord: Accord, tmp_path: Path) -> None:
    path = write(tmp_path / "r.csv", [["id", "anna", "ben"], ["1", "1", "2"], ["2", "high", "2"]])
    refused = accord("agreement", "--table", path, "--level", "interval", "--json", code=1)
    assert refused.out == ""
    assert refused.err.startswith("accord: r.csv, line 3, column anna: “high” is not a number")
    assert refused.err.count("\n") == 1
    for wrong in (tmp_path / "missing.csv", tmp_path):
        told = accord("agreement", "--table", wrong, code=1).err
        assert told.startswith("accord: ")
        assert told.endswith("Nothing was calculated.\n")


@pytest.fixture
def reviewed(accord: Accord, tmp_path: Path) -> Path:
    """Make a project whose reviewers say of its examples what PubMedQA's two passes said, as verdicts."""
    project, rows = tmp_path / "p.accord", 12
    accord("new", project)
    write(tmp_path / "rows.csv", [["q", "a"], *([f"Question {n}?", f"The answer is {n}."] for n in range(rows))])
    accord("import", project, tmp_path / "rows.csv", "--map", "request=q,answer=a")
    ids = [row["id"] for row in accord("list", project).lines]
    said = [
        [ids[n], name, "accept" if n % 4 or name == "ana" else "reject", "dose" if (n + at) % 3 else ""]
        for n in range(rows)
        for at, name in enumerate(("ana", "bo"))
    ]
    said += [[ids[0], "cy", "edit", "", "Another answer."], [ids[1], "cy", "unsure", ""]]
    header = ["id", "reviewer", "verdict", "tags", "answer"]
    write(tmp_path / "said.csv", [header, *(row + [""] * (len(header) - len(row)) for row in said)])
    assert accord("reviews", project, tmp_path / "said.csv", "--json").value["rejected"] == 0
    return project


def test_of_a_project_it_is_the_figure_of_the_same_table(accord: Accord, reviewed: Path, tmp_path: Path) -> None:
    found = accord("agreement", reviewed, "--json").value
    assert list(found)[: len(KEYS) + 3] == ["items", "raters", "categories", *KEYS]
    assert (found["items"], found["raters"], found["rater_names"]) == (12, 3, ["ana", "bo", "cy"])
    assert list(found["questions"]) == ["verdict", "answer", "tag:dose"]
    assert found["questions"]["verdict"]["krippendorff_alpha"] == found["krippendorff_alpha"]
    table = [["id", "ana", "bo", "cy"]]
    for n in range(12):
        cy = {0: "edit", 1: "unsure"}.get(n, "")
        table.append([str(n), "accept", "accept" if n % 4 else "reject", cy])
    same = accord("agreement", "--table", write(tmp_path / "same.csv", table), "--json").value
    for key in KEYS:
        assert found[key] == same[key], key
    assert set(found["cohen_kappa"]) == {"value", "reason"}
    assert [pair["reviewers"] for pair in found["pairs"]] == [["ana", "bo"], ["ana", "cy"], ["bo", "cy"]]
    assert len(found["costliest"]) == 3
    assert (found["double"], found["differing"], found["agreed_or_decided"]["n"]) == (12, 4, 12)


def test_one_question_alone(accord: Accord, reviewed: Path) -> None:
    tag = accord("agreement", reviewed, "--question", "tag:dose", "--json").value
    assert (tag["question"], tag["category_names"], tag["categories"]) == ("tag:dose", ["no", "yes"], 2)
    assert "questions" not in tag
    answer = accord("agreement", reviewed, "--question", "answer", "--json").value
    assert set(answer["krippendorff_alpha"]) == {"value", "ci95", "n"}
    assert set(answer["fleiss_kappa"]) == {"value", "reason"}
    one = accord("agreement", reviewed, "--where", 'text ~ "question 3"', "--json").value
    assert one["items"] == 1


def test_a_project_without_json_is_told_in_sentences(accord: Accord, reviewed: Path) -> None:
    lines = accord("agreement", reviewed).out.splitlines()
    assert lines[0] == "12 examples, 3 reviewers"
    assert any(line.startswith("Dose: ") for line in lines)
    assert sum(line.startswith("Costliest: ") for line in lines) == 3
    words = ("agreement", reviewed, "--question", "tag:dose")
    alike = accord(*words, "--json").value["costliest_alike"]
    assert alike > 1
    assert f"and {alike} more that cost as much" in accord(*words).out.splitlines()


def test_tags_on_which_nobody_differs_are_counted_and_what_n_counts_is_told(accord: Accord, tmp_path: Path) -> None:
    project = tmp_path / "p.accord"
    accord("new", project)
    write(tmp_path / "rows.csv", [["q", "a"], *([f"Question {n}?", f"The answer is {n}."] for n in range(4))])
    accord("import", project, tmp_path / "rows.csv", "--map", "request=q,answer=a")
    ids = [row["id"] for row in accord("list", project).lines]
    said = [[ids[n], name, "accept", "dose;term"] for n in range(3) for name in ("ana", "bo")] + [
        [ids[3], "bo", "reject", "dose"]
    ]
    write(tmp_path / "said.csv", [["id", "reviewer", "verdict", "tags"], *said])
    accord("reviews", project, tmp_path / "said.csv")
    lines = accord("agreement", project).out.splitlines()
    assert "2 tags on which nobody differs." in lines
    assert not [line for line in lines if line.startswith("Dose")]
    assert [line for line in lines if line.startswith("n: 3 of the 4 were rated by two or more.")]
    assert (
        "Answer: not measured. Nobody changed an answer that two people reviewed: there is nothing to agree on."
        in lines
    )
    assert [
        line
        for line in accord("agreement", project, "--question", "tag:dose").out.splitlines()
        if line.startswith("Dose")
    ]


def test_a_report_is_written_once(accord: Accord, reviewed: Path, tmp_path: Path) -> None:
    page = tmp_path / "agreement.html"
    accord("agreement", reviewed, "--report", page)
    before = page.read_bytes()
    assert b"Agreement of reviewers: p" in before
    assert "already there" in accord("agreement", reviewed, "--report", page, code=1).err
    assert page.read_bytes() == before
    accord("agreement", reviewed, "--report", tmp_path / "agreement.csv")
    assert (
        (tmp_path / "agreement.csv").read_text().startswith("part,question,name,other,figure,value,low,high,n,note\n")
    )


@pytest.mark.parametrize(
    "words",
    [
        ("agreement",),
        ("agreement", "p.accord", "--table", "t.csv"),
        ("agreement", "p.accord", "--level", "ordinal"),
        ("agreement", "--table", "t.csv", "--question", "verdict"),
        ("agreement", "p.accord", "--question", "mood"),
        ("agreement", "p.accord", "--question", "tag:unheard"),
        ("agreement", "p.accord", "--where", "nonsense"),
        ("agreement", "p.accord", "--report", "r.pdf"),
    ],
)
def test_wrong_usage(accord: Accord, words: tuple[str, ...]) -> None:
    accord("new", "p.accord")
    assert accord(*words, code=2).err.startswith("accord: ")
