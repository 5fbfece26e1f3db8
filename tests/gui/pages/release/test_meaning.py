"""The Release page keeps what asks the same in other words together, where that is asked on it or by the project."""

import json
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.gui.accessibility import nameless
from tests.workflows.meanings import Meanings

from accord import bootstrap
from accord.domain.meaning import Read
from accord.domain.progress import Progress
from accord.workflows import projects, releasing

if TYPE_CHECKING:
    from tests.gui.pages.release.conftest import Bench

NUMBERS = {str(n): "even" if n % 2 == 0 else f"odd{n}" for n in range(40)}
ASKED = dict.fromkeys(("what", "does", "paragraph", "of", "the", "leaflet", "say"), "asked")


@pytest.fixture
def able(monkeypatch: pytest.MonkeyPatch) -> Meanings:
    """Even paragraphs mean the same, odd ones each something else."""
    embedder = Meanings(NUMBERS | ASKED)
    monkeypatch.setattr(bootstrap, "embedder", lambda _settings: embedder)
    return embedder


def _settle(bench: "Bench") -> None:
    bench.qtbot.wait(400)
    bench.idle()


def _plan(bench: "Bench") -> str:
    return " ".join(line.sentence.text() for line in bench.page.plan.lines if line.kind == "plan")


def test_off_unless_it_is_asked_and_told_where_it_is(bench: "Bench", able: Meanings) -> None:
    bench.accept(0, 20)
    page, meaning = bench.page, bench.page.form.semantic
    assert (meaning.text(), meaning.percent, page.form.settings().plan.semantic_threshold) == ("not asked", 0, None)
    assert not able.read
    bench.click(page.form.unfold)
    assert nameless(page) == []
    meaning.setFocus()
    QTest.keyClick(meaning, Qt.Key.Key_Up)
    _settle(bench)
    assert (meaning.text(), page.form.settings().plan.semantic_threshold) == ("90 %", 0.9)
    QTest.keyClick(meaning, Qt.Key.Key_Up)
    _settle(bench)
    assert meaning.text() == "95 %"
    assert "Requests compared by meaning, by the model words: 20." in _plan(bench)
    assert "kept in one part as they are alike at 0.95 or more: 1, by 9 pairs." in _plan(bench)
    assert "Pairs across train, validation and held-out alike in meaning: 0." in _plan(bench)
    assert page.checklist.lines["leaks"].figure.text() == "11 groups kept whole"
    bench.click(page.button)
    assert page.result.verdict.text() == "Verified: ok."
    manifest = json.loads((bench.exports / "v1" / "manifest.json").read_text("utf-8"))
    assert manifest["release"]["leakage"]["meaning"]["threshold"] == 0.95
    assert bench.context.settings.export_settings(bench.project.path)["semantic"] == 95


@pytest.mark.usefixtures("able")
def test_the_rule_of_the_project_is_shown_and_holds(bench: "Bench") -> None:
    bench.accept(0, 20)
    settings = projects.settings_of(project=bench.project)
    rules = replace(settings.rules, semantic_threshold=0.9)
    projects.change_settings(project=bench.project, who=bench.who, settings=replace(settings, rules=rules))
    bench.context.tell_changed("settings")
    bench.idle()
    assert bench.page.form.semantic.text() == "90 % by rule"
    assert "alike at 0.9 or more" in _plan(bench)
    bench.click(bench.page.button)
    (made,) = releasing.listed(project=bench.project)
    assert made.meaning is not None
    assert (made.meaning.threshold, made.meaning.across) == (0.9, 0)


def test_where_it_cannot_be_told_the_page_says_what_to_install(bench: "Bench", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "embedder", lambda _settings: Meanings(missing=True))
    bench.accept(0, 20)
    page = bench.page
    page.form.semantic.setValue(90)
    _settle(bench)
    assert [(line.kind, line.sentence.text()) for line in page.plan.lines] == [("block", "It is not installed.")]
    assert (page.button.isEnabled(), page.button.plain_text()) == (False, "It is not installed")
    page.form.semantic.setValue(0)
    _settle(bench)
    assert page.button.isEnabled()


class _Slow(Meanings):
    """Tells that it is half done, and waits until it is stopped."""

    def __init__(self) -> None:
        super().__init__()
        self.over = threading.Event()

    def embed(self, keys: Any, read: Read, progress: Progress) -> Any:
        progress.report(1, 2, "7 texts a second")
        while not self.over.wait(0.01):
            progress.check()
        return super().embed(keys, read, progress)


def test_how_far_it_is_is_shown_and_it_can_be_stopped(bench: "Bench", monkeypatch: pytest.MonkeyPatch) -> None:
    slow = _Slow()
    monkeypatch.setattr(bootstrap, "embedder", lambda _settings: slow)
    bench.accept(0, 20)
    page = bench.page
    page.form.semantic.setValue(90)
    bench.wait(page.planning.isVisible)
    bench.wait(lambda: "7 texts a second" in page.planning.progress.words())
    assert page.button.plain_text() == "Working out the split…"
    bench.click(page.planning.stop)
    assert not page.planning.isVisible()
    assert page.preview.state.text().startswith("Stopped.")
    assert page.button.isEnabled()
    slow.over.set()
    bench.click(page.button)
    assert page.result.verdict.text() == "Verified: ok."
