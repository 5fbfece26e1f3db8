"""Every text of the real files and every naughty string passes through the text widgets unchanged."""

import json
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from accord.domain.records import RawRecord
from accord.formats.reading import inspect_file, open_rows
from accord.gui.widgets import DiffView, MessageEditor, TextView

FILES = (
    "medical/medquad_cancergov.jsonl",
    "medical/medquad_cdc.jsonl",
    "medical/medquad_niddk.csv",
    "medical/MTS-Dialog-TrainingSet.csv",
    "legal/legalbench_alpaca.jsonl",
    "multilingual/huatuo_llama_med_zh.json",
    "chat/llamafactory_alpaca_en_demo.json",
    "chat/llamafactory_alpaca_zh_demo.json",
    "chat/openai_toy_chat_fine_tuning.jsonl",
)


@pytest.mark.long
def test_no_widget_alters_a_text_it_shows(qtbot: QtBot, data_dir: Path) -> None:
    texts = set(json.loads((data_dir / "hostile" / "blns.json").read_text("utf-8")))
    for name in FILES:
        for row in open_rows(inspect_file(data_dir / name)):
            if isinstance(row, RawRecord):
                texts.update(message.content for message in row.content.messages)
    view, editor, diff = TextView("view"), MessageEditor("editor"), DiffView("diff")
    for widget in (view, editor, diff):
        qtbot.addWidget(widget)
    for text in sorted(texts):
        view.set_text(text)
        editor.set_text(text)
        diff.set_text(text)
        assert (view.text(), editor.text(), diff.text()) == (text, text, text)
        assert not editor.is_edited()
    sys.stdout.write(f"{len(texts)} different texts, each through three widgets\n")
