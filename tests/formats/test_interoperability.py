"""Exports load in Hugging Face's datasets, the way trainers read them."""

import json
from pathlib import Path

import pytest
from tests.formats.samples import export, spread
from tests.formats.test_writing import tool_chat, turns

from accord.domain.content import Content, pair


@pytest.mark.parametrize("array", [False, True], ids=["jsonl", "array"])
@pytest.mark.parametrize("name", ["openai", "alpaca", "sharegpt", "prompt-completion", "preference"])
def test_every_part_loads_in_datasets(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    array: bool,  # noqa: FBT001  (pytest gives it by name)
) -> None:
    for key, value in (("HF_HUB_OFFLINE", "1"), ("HF_HOME", str(tmp_path / "hf")), ("HF_DATASETS_OFFLINE", "1")):
        monkeypatch.setenv(key, value)
    datasets = pytest.importorskip("datasets")
    contents = [pair(f"Question {i}\u2028?", f"Answer {i}\r\n\x00", system="S" if i % 2 else "") for i in range(40)]
    if name in {"openai", "alpaca", "sharegpt"}:
        contents.append(turns("Q1", "A1", "Q2", "A2"))
    if name in {"openai", "sharegpt"}:
        contents.append(tool_chat())
    examples = spread(contents)
    if name == "preference":
        examples = [
            e._replace(original=pair(content.request, "Worse.", system=content.system).text)
            for e in examples
            for content in [Content.from_text(e.text)]
        ]
    result = export(tmp_path / "out", examples, format=name, array=array)
    files = {file.path.split(".")[0]: str(tmp_path / "out" / file.path) for file in result.files[:3]}
    loaded = datasets.load_dataset("json", data_files=files, cache_dir=str(tmp_path / "cache"))
    assert {part: loaded[part].num_rows for part in files} == {f.path.split(".")[0]: f.rows for f in result.files[:3]}
    if name == "alpaca":
        first = json.loads(Path(files["train"]).read_bytes().split(b"\n")[1 if array else 0].rstrip(b","))
        assert loaded["train"][0] == first
