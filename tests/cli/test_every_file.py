"""Every real file that holds examples comes in by the command line, with the figures and the traps of the data's list."""

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Accord
from tests.every_file import EVERY_FILE, RealFile


def bring(accord: Accord, path: Path, *options: str) -> dict[str, Any]:
    """Import a file into a new project and return its account."""
    accord("new", "real.accord")
    value = accord("import", "real.accord", path, "--json", *options).value
    (file,) = value["files"]
    for name in ("read", "accepted", "rejected", "duplicate"):
        assert value[name] == file[name]
    assert file["read"] == file["accepted"] + file["rejected"] + file["duplicate"]
    assert isinstance(file, dict)
    return file


def options_of(real: RealFile) -> list[str]:
    """Return what a person has to say about a file, as options."""
    mapping = [word for target, column in real.mapping.items() for word in ("--map", f"{target}={column}")]
    return [*mapping, *(("--encoding", real.encoding) if real.encoding else ())]


def texts(accord: Accord) -> list[list[str]]:
    """Return the texts of every example in the order of the file."""
    listed = accord("list", "real.accord", "--json").lines
    listed.sort(key=lambda example: int(example["source"]["line"]))
    return [[message["content"] for message in example["messages"]] for example in listed]


@pytest.mark.parametrize("real", EVERY_FILE, ids=[real.path for real in EVERY_FILE])
def test_every_row_is_accounted_for(accord: Accord, data_dir: Path, real: RealFile) -> None:
    file = bring(accord, data_dir / real.path, *options_of(real))
    assert (file["read"], file["rejected"], file["duplicate"]) == (real.read, real.refused, real.repeated)


def test_the_sheet_with_the_data_is_the_second_one(accord: Accord, data_dir: Path) -> None:
    path = data_dir / "multilingual/UzLegalQA_Annotation.xlsx"
    file = bring(accord, path, "--map", "request=Matn parchasi (birinchi 600 belgi),context=Query matni")
    assert (file["sheet"], file["read"], file["rejected"]) == ("Annotatsiya", 500, 0)
    assert any("Ko'rsatmalar" in note for note in file["notes"])
    assert texts(accord)[0][0].startswith("564-modda.")


def test_blank_cells_below_a_query_repeat_it_unless_told_otherwise(accord: Accord, data_dir: Path) -> None:
    path = data_dir / "multilingual/UzLegalQA_Annotation.xlsx"
    file = bring(accord, path)
    assert file["filled"] == ["#", "Query_ID", "Intent", "Query matni"]
    assert sum("repeat the filled one above" in note for note in file["notes"]) == 1
    listed = accord("list", "real.accord", "--json").lines
    assert (file["accepted"], file["duplicate"], len(listed)) == (
        491,
        9,
        491,
    )  # nine passages stand twice below a query
    assert len({example["messages"][0]["content"] for example in listed}) == 50
    assert accord("import", "real.accord", path, "--fill", "none", "--dry-run", "--json").value["rejected"] == 450
    one = accord("import", "real.accord", path, "--fill", "Query matni", "--dry-run", "--json").value
    assert (one["files"][0]["filled"], one["rejected"]) == (["Query matni"], 0)
    wrong = accord("import", "real.accord", path, "--fill", "Query", "--json", code=1)
    assert "There is no column “Query”" in wrong.value["files"][0]["rejections"][0]["reason"]


def test_two_annotators_and_long_contexts_keyed_by_id(accord: Accord, data_dir: Path) -> None:
    file = bring(accord, data_dir / "medical/pubmedqa_pqal_dev500.json")
    assert file["accepted"] == 500
    first = (
        json.loads((data_dir / "medical/pubmedqa_pqal_dev500.json").read_text("utf-8")).values().__iter__().__next__()
    )
    assert texts(accord)[0] == [first["QUESTION"], first["LONG_ANSWER"]]


@pytest.mark.parametrize(
    "name", ["cdc_cp1252.csv", "cdc_utf8_bom.csv", "cdc_utf16le_bom_tab.txt", "huatuo_gb18030.csv"]
)
def test_the_cells_of_every_encoding_are_those_of_the_truth(accord: Accord, data_dir: Path, name: str) -> None:
    real = next(real for real in EVERY_FILE if real.path.endswith(name))
    truth = json.loads((data_dir / "hostile/enc/TRUTH.json").read_bytes())[name]
    bring(accord, data_dir / real.path, *options_of(real))
    rows = [pair + rest for pair, rest in zip(texts(accord), others(data_dir / real.path, truth), strict=True)]
    text = "\x1e".join("\x1f".join(cell.replace("\r\n", "\n") for cell in row) for row in rows)
    assert hashlib.sha256(text.encode()).hexdigest() == truth["sha256_of_cells"]


def others(path: Path, truth: dict[str, Any]) -> list[list[str]]:
    """Return the cells of the columns that are neither request nor answer, read plainly."""
    with path.open(
        encoding={"utf-8": "utf-8-sig", "utf-16-le": "utf-16"}.get(truth["encoding"], truth["encoding"]), newline=""
    ) as file:
        return [
            [row[name] for name in truth["fields"][2:]] for row in csv.DictReader(file, delimiter=truth["delimiter"])
        ]


def test_statutes_keep_their_signs_and_dialogues_their_line_ends(accord: Accord, data_dir: Path) -> None:
    bring(accord, data_dir / "multilingual/bgb_de_statutes.json")
    statutes = json.loads((data_dir / "multilingual/bgb_de_statutes.json").read_text("utf-8"))
    assert {pair[0] for pair in texts(accord)} == {statute["content"] for statute in statutes}


def test_roles_of_people_models_and_tools(accord: Accord, data_dir: Path) -> None:
    bring(accord, data_dir / "chat/llamafactory_glaive_toolcall_en_demo.json")
    roles = [[m["role"] for m in e["messages"]] for e in accord("list", "real.accord", "--json").lines]
    assert {role for row in roles for role in row} == {"user", "assistant", "tool"}


def test_right_to_left_rows_come_out_byte_for_byte(accord: Accord, data_dir: Path) -> None:
    path = data_dir / "multilingual/algerian_darija_triage.csv"
    bring(accord, path)
    with path.open(encoding="utf-8", newline="") as file:
        assert [pair[0] for pair in texts(accord)] == [row["sentence"] for row in csv.DictReader(file)]
