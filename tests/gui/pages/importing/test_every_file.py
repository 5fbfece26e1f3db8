"""Every real file that holds examples, by the page: looked at, shown, placed by its guesses, brought in, accounted for."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from tests.every_file import EVERY_FILE, RealFile
from tests.gui.whole_window import CTRL, Desk, whole_window

from accord.gui import files
from accord.gui.context import Context
from accord.gui.pages.importing.chosen import ChosenFile
from accord.gui.pages.importing.page import ImportPage
from accord.workflows import projects

SLOW = 120_000
_TRAPS = [
    "UzLegal",
    "privacyqa",
    "MeQSum",
    "generated_small",
    "meddocan",
    "glaive",
    "v1_dpo",
    "cp1252",
    "rqe",
    "darija",
    "mt_bench",
]
TRAPS = tuple(real for real in EVERY_FILE if any(name in real.path for name in _TRAPS))


@pytest.fixture
def desk(qtbot: QtBot, context: Context, tmp_path: Path) -> Iterator[Desk]:
    with whole_window(qtbot, context) as found:
        found.open_new(tmp_path / "clinic.accord")
        yield found


def _known(chosen: ChosenFile) -> bool:
    return chosen.count is not None or bool(chosen.fault or chosen.choices)


def _say_what_is_asked(page: ImportPage, desk: Desk, chosen: ChosenFile, real: RealFile) -> None:
    """Answer what the page asks of a file: its encoding by a key, places by the choosers of its columns."""
    page.prepare.pick(chosen)
    if real.encoding and chosen.choices:
        at = [choice.encoding for choice in chosen.choices].index(real.encoding)
        desk.press(Qt.Key(Qt.Key.Key_1 + at))
        desk.qtbot.waitUntil(lambda: chosen.shape is not None, timeout=SLOW)
    for target, column in real.mapping.items():
        combo = page.prepare.pane.mapping.combos[column]
        combo.setCurrentIndex(combo.findData(target))
        desk.rest()


@pytest.mark.parametrize("which", [TRAPS, pytest.param(EVERY_FILE, marks=pytest.mark.long)], ids=["traps", "all"])
def test_every_file_comes_in(
    desk: Desk, data_dir: Path, monkeypatch: pytest.MonkeyPatch, which: Sequence[RealFile]
) -> None:
    paths = {data_dir / real.path: real for real in which}
    monkeypatch.setattr(files, "ask_for_data", lambda _parent: list(paths))
    desk.press(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    page = desk.page(ImportPage)
    desk.press(Qt.Key.Key_N, CTRL)
    desk.qtbot.waitUntil(lambda: len(page.prepare.files) == len(paths), timeout=SLOW)
    desk.qtbot.waitUntil(lambda: all(map(_known, page.prepare.files)), timeout=SLOW)
    for chosen in page.prepare.files:
        real = paths[chosen.path]
        _say_what_is_asked(page, desk, chosen, real)
        desk.qtbot.waitUntil(partial(_known, chosen), timeout=SLOW)
        assert not chosen.fault, chosen.fault
        assert chosen.preview is not None
        assert chosen.preview.rows
        assert chosen.count is not None
        assert (chosen.count.read, chosen.count.rejected) == (real.read, real.refused), real.path
        page.prepare.pick(chosen)
        assert page.prepare.pane.preview.texts()
    desk.press(Qt.Key.Key_Return, CTRL)
    desk.qtbot.waitUntil(lambda: page.outcome is not None, timeout=SLOW)
    desk.qtbot.waitUntil(lambda: all(job.state.final for job in list(desk.context.jobs._jobs.values())), timeout=SLOW)
    assert page.outcome is not None
    for report in page.outcome.reports:
        real = paths[Path(report.file)]
        assert (report.read, report.rejected) == (real.read, real.refused)
        assert report.accepted + report.duplicate == real.read - real.refused
    accepted = sum(report.accepted for report in page.outcome.reports)
    assert projects.counts(project=desk.project).examples == accepted
