"""Texts that break programs, through every container and format: they come out as they went in."""

import json
from pathlib import Path

import pytest
from tests.formats.good_files import FILES, can_hold
from tests.formats.samples import faults, records

from accord.formats.reading import inspect_file, open_rows

MORE = [
    "\x00",
    "a\x00b",
    "\ufeffx",
    "x\ufeffy",
    "x\r\ny\rz\n",
    "\u2028\u2029\x85\x0b\x0c\x1c",
    " x ",
    "\t",
    "\u00a0",
    "\U0010ffff\ufffe\uffff\ufdd0",
    "e\u0301é",
    "_x000D_ _x0041_ __x",
    "=1+1",
    "'=1+1",
    "-5 mg",
    '"',
    '""',
    '"a","b"',
    "a;b\tc|d",
    "\\n \\u0000 \\",
    "]]>&amp;&#0;<!--",
    "{{", "[{}]", "null",
]  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_naughty_texts_come_out_of_every_container_as_they_went_in(name: str, data_dir: Path, tmp_path: Path) -> None:
    naughty = [*json.loads((data_dir / "hostile" / "blns.json").read_text("utf-8")), *MORE]
    pairs = [(f"{n}: {text}\n{n}?", f"{text}{n}.") for n, text in enumerate(naughty) if can_hold(name, text)]
    assert len(pairs) >= 500
    path = tmp_path / "naughty.dat"
    path.write_bytes(FILES[name](pairs))
    mapping = {"request": "text", "answer": "label"} if name == "doccano" else None  # short labels are rather tags
    rows = list(open_rows(inspect_file(path), mapping=mapping))
    assert not faults(rows), faults(rows)[:3]
    found = [(row.content.messages[0].content, row.content.messages[-1].content) for row in records(rows)]
    assert found == pairs
