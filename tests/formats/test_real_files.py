"""The figures of real files: rows read, duplicates by content, and cells that are exactly those of the file."""

import csv
import hashlib
import io
import json
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from tests.formats.samples import export, faults, read_back, read_bytes, records, spread

from accord.domain.content import Content
from accord.formats.failures import UnsureEncoding
from accord.formats.reading import inspect_file, open_rows

# File, format, container, rows read, duplicates by content within the file.
FILES = [
    ("medical/medquad_cancergov.jsonl", "table", "jsonl", 729, 0),
    ("medical/medquad_cdc.jsonl", "table", "jsonl", 270, 0),
    ("medical/medquad_niddk.csv", "table", "csv", 1192, 48),
    ("medical/MTS-Dialog-TrainingSet.csv", "table", "csv", 1201, 1),
    ("legal/legalbench_alpaca.jsonl", "alpaca", "jsonl", 335, 10),
    ("multilingual/huatuo_llama_med_zh.json", "alpaca", "jsonl", 8658, 0),
    ("chat/llamafactory_alpaca_en_demo.json", "alpaca", "array", 999, 14),
    ("chat/llamafactory_alpaca_zh_demo.json", "alpaca", "array", 1000, 8),
    ("chat/llamafactory_glaive_toolcall_en_demo.json", "sharegpt", "array", 300, 35),
    ("medical/pubmedqa_pqal_dev500.json", "table", "array", 500, 0),
    ("legal/privacyqa_train_opp_annotations.csv", "table", "csv", 1350, 178),
    ("multilingual/algerian_darija_triage.csv", "table", "csv", 859, 0),
    ("medical/MeQSum.xlsx", "table", "xlsx", 1000, 0),
    ("neardup/rqe_amia2016_test302.xml", "table", "xml", 302, 184),
]


@pytest.mark.parametrize(("name", "format_", "container", "read", "duplicates"), FILES, ids=[f[0] for f in FILES])
def test_rows_and_duplicates(  # noqa: PLR0917  (pytest gives them by name)
    data_dir: Path, name: str, format_: str, container: str, read: int, duplicates: int
) -> None:
    shape = inspect_file(data_dir / name)
    rows = list(open_rows(shape))
    assert (shape.format, shape.container) == (format_, container)
    assert not faults(rows)
    assert len(rows) == read
    assert len(rows) - len({row.content.id for row in records(rows)}) == duplicates


def test_the_toy_file_has_one_row_without_a_request(data_dir: Path) -> None:
    rows = list(open_rows(inspect_file(data_dir / "chat/openai_toy_chat_fine_tuning.jsonl")))
    assert len(rows) == 5
    assert [(fault.line, fault.reason) for fault in faults(rows)] == [(4, "There is no message of the user.")]


def test_the_published_checks_give_the_published_counts_for_the_toy_file(data_dir: Path) -> None:
    """OpenAI's cookbook "Data preparation and analysis for chat model fine-tuning", written anew from its description."""
    lines = (data_dir / "chat/openai_toy_chat_fine_tuning.jsonl").read_bytes().split(b"\n")
    dataset = [json.loads(line) for line in lines if line]
    errors: Counter[str] = Counter()
    for row in dataset:
        messages = row.get("messages") if isinstance(row, dict) else None
        errors["no list"] += not messages
        for message in messages or ():
            errors["missing key"] += "role" not in message or "content" not in message
            errors["unknown key"] += bool(message.keys() - {"role", "content", "name", "function_call", "weight"})
            errors["unknown role"] += message.get("role") not in {"system", "user", "assistant", "function"}
            errors["no content"] += not isinstance(message.get("content"), str) and "function_call" not in message
        errors["no answer"] += not any(m.get("role") == "assistant" for m in messages or ())
    roles = [[m["role"] for m in row["messages"]] for row in dataset]
    assert (len(dataset), errors.total()) == (5, 0)
    assert sum("system" not in r for r in roles) == 1
    assert sum("user" not in r for r in roles) == 1
    assert (min(map(len, roles)), max(map(len, roles))) == (2, 9)


def test_columns_go_where_their_names_say(data_dir: Path) -> None:
    shape = inspect_file(data_dir / "medical/medquad_niddk.csv")
    assert shape.mapping == {
        "request": "question",
        "answer": "answer",
        "id": "id",
        "source": "source",
        "source_url": "url",
    }
    first = records(open_rows(shape))[0]
    assert first.source.source == "NIDDK"
    assert first.source.source_url.startswith("http")
    assert set(first.source.metadata) == {"id", "focus", "qtype"}


def test_doctor_patient_dialogues_keep_their_line_ends(data_dir: Path) -> None:
    path = data_dir / "medical/MTS-Dialog-TrainingSet.csv"
    rows = records(open_rows(inspect_file(path)))
    with path.open(encoding="utf-8", newline="") as file:
        plain = list(csv.DictReader(file))
    assert [(r.content.request, r.content.answer) for r in rows] == [(p["dialogue"], p["section_text"]) for p in plain]
    assert sum("\r\n" in r.content.request for r in rows) > 1000
    lines = path.read_bytes().split(b"\n")
    assert all(lines[r.line - 1].startswith(r.source.metadata["id"].encode() + b",") for r in rows)


def test_extra_columns_of_alpaca_rows_are_metadata(data_dir: Path) -> None:
    row = records(open_rows(inspect_file(data_dir / "legal/legalbench_alpaca.jsonl")))[0]
    assert row.source.licence == "CC BY 4.0"
    assert set(row.source.metadata) == {"task", "index"}
    assert "\ntext: " in row.content.request


def test_tool_calls_of_sharegpt_rows_are_numbered(data_dir: Path) -> None:
    rows = records(open_rows(inspect_file(data_dir / "chat/llamafactory_glaive_toolcall_en_demo.json")))
    called = next(r.content for r in rows if any((m.extra or {}).get("tool_calls") for m in r.content.messages))
    call = next(m for m in called.messages if m.extra and "tool_calls" in m.extra)
    answer = called.messages[called.messages.index(call) + 1]
    assert call.extra is not None
    assert answer.extra == {"tool_call_id": call.extra["tool_calls"][0]["id"]}
    assert called.tools[0]["type"] == "function"


@pytest.mark.parametrize(
    "name", ["cdc_cp1252.csv", "cdc_utf8_bom.csv", "cdc_utf16le_bom_tab.txt", "huatuo_gb18030.csv"]
)
def test_encodings_give_the_cells_that_are_known(data_dir: Path, name: str) -> None:
    folder = data_dir / "hostile/enc"
    truth = json.loads((folder / "TRUTH.json").read_bytes())[name]
    named = ""
    if name == "cdc_cp1252.csv":  # one “ñ” could as well be the “ń” of another encoding
        with pytest.raises(UnsureEncoding) as unsure:
            inspect_file(folder / name)
        choices = {choice.encoding: choice.preview for choice in unsure.value.choices}
        assert next(iter(choices)) == "cp1252"
        assert "ñ" in choices["cp1252"]
        assert "ñ" not in choices["cp1250"]
        named = truth["encoding"]
    shape = inspect_file(folder / name, format="table", encoding=named)
    assert shape.delimiter == truth["delimiter"]
    assert list(shape.columns) == truth["fields"]
    rows = records(open_rows(shape))
    assert len(rows) == truth["rows"]
    cells = [[r.content.request, r.content.answer, *r.source.metadata.values()] for r in rows]
    text = "\x1e".join("\x1f".join(c.replace("\r\n", "\n") for c in row) for row in cells)
    assert hashlib.sha256(text.encode()).hexdigest() == truth["sha256_of_cells"]


def test_naughty_strings_come_back_byte_for_byte(data_dir: Path, tmp_path: Path) -> None:
    naughty = [text for text in json.loads((data_dir / "hostile/blns.json").read_bytes()) if text.strip()]
    lines = [json.dumps({"prompt": text, "completion": text}) for text in dict.fromkeys(naughty)]
    rows = records(read_bytes(tmp_path, "\n".join(lines).encode()))
    assert [row.content.request for row in rows] == list(dict.fromkeys(naughty))
    examples = spread(row.content for row in rows)
    for number, name in enumerate(("openai", "alpaca", "sharegpt", "prompt-completion", "csv")):
        export(tmp_path / str(number), examples, format=name)
        assert read_back(tmp_path / str(number)) == [Content.from_text(example.text) for example in examples]


def test_csv_spectrum(data_dir: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(data_dir / "hostile/csv-spectrum.zip") as archive:
        names = [name for name in archive.namelist() if name.endswith(".csv")]
        assert len(names) == 12
        for name in names:
            path = tmp_path / "rows.csv"
            path.write_bytes(archive.read(name))
            truth = archive.read(name.replace("csvs/", "json/").replace(".csv", ".json"))
            if b"\r" not in archive.read(name):  # two of its files lost their CR on the way here
                truth = truth.replace(b"\\r\\n", b"\\n")
            expected = json.loads(truth)
            shape = inspect_file(path)
            mapping = {"request": shape.columns[0], **{f"meta.{c}": c for c in shape.columns[1:]}}
            found = [
                {shape.columns[0]: r.content.request, **dict.fromkeys(shape.columns[1:], ""), **r.source.metadata}
                for r in records(open_rows(shape, mapping=mapping))
            ]
            if "location" in name:  # the suite's own JSON has another telephone number than its CSV
                expected = {**expected, "Contact Phone Number": found[0]["Contact Phone Number"]}
            assert found == (expected if isinstance(expected, list) else [expected]), name


def test_json_test_suite_gives_rows_or_faults_and_no_traceback(data_dir: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(data_dir / "hostile/JSONTestSuite_parsing_even.zip") as archive:
        names = [name for name in archive.namelist() if name.endswith(".json")]
        assert len(names) == 160
        for name in names:
            data = archive.read(name)
            path = tmp_path / "rows.json"
            path.write_bytes(b'{"messages":[{"role":"user","content":"Q"}],"x":' + data.replace(b"\n", b" ") + b"}\n")
            (row,) = open_rows(inspect_file(path, format="openai", encoding="utf-8"))
            expected = {"n": 0, "y": 1}.get(Path(name).name[0])
            if expected is not None and "duplicated" not in name:
                assert len(records([row])) == expected, name


def test_the_file_itself_is_not_touched(data_dir: Path) -> None:
    path = data_dir / "chat/llamafactory_identity.json"
    before = io.BytesIO(path.read_bytes()).getvalue()
    assert len(list(open_rows(inspect_file(path)))) == 91
    assert path.read_bytes() == before
