"""One click makes files that verify and hold what was accepted; the page says before what it will be."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.gui.accessibility import nameless

from accord.domain.review import ConflictResolution, Verdict
from accord.workflows import browsing, conflicts, exporting, keeping, releasing

if TYPE_CHECKING:
    from tests.gui.pages.release.conftest import Bench


def rows_of(folder: Path) -> list[tuple[str, str]]:
    """Return request and answer of every line of the three parts."""
    found = []
    for part in ("train", "validation", "heldout"):
        for text in (folder / f"{part}.jsonl").read_text("utf-8").splitlines():
            said = {m["role"]: m["content"] for m in json.loads(text)["messages"]}
            found.append((said["user"], said["assistant"]))
    return sorted(found)


def test_the_button_says_what_is_missing(bench: "Bench") -> None:
    page = bench.page
    assert page.button.plain_text() == "Nothing is accepted yet"
    assert not page.button.isEnabled()
    assert [link.plain_text() for link in page.checklist.missing.links()] == ["Nothing is accepted yet."]
    bench.accept(0, 20)
    assert page.button.plain_text() == "Release, export and verify"
    page.form.folder.clear()
    assert page.button.plain_text() == "Choose a folder first"
    page.form.folder.setText("somewhere")
    page.form.name.setText("../v1")
    assert page.button.plain_text() == "A name is letters, digits, spaces and . _ + -"
    page.form.name.setText("v1")
    assert page.button.isEnabled()


def test_a_sentence_of_what_is_missing_leads_there(medical: "Bench") -> None:
    sentences = [link.plain_text() for link in medical.page.checklist.missing.links()]
    assert sentences == ["Nothing is accepted yet.", "239 requests have answers that conflict."]
    medical.click(medical.page.checklist.missing.links()[1])
    assert medical.went[-1] == ("duplicates", {"tab": "conflicts"})


def test_one_click_on_the_real_file(medical: "Bench") -> None:
    keys = [c.key for c in conflicts.listed(project=medical.project)]
    conflicts.settle(
        project=medical.project,
        who=medical.who,
        keys=keys,
        resolution=ConflictResolution.ALL_VALID,
        reason="Each is right in its own context",
    )
    accepted = medical.accept(0, 60)
    page = medical.page
    assert page.checklist.lines["leaks"].state == "done"
    medical.click(page.button)
    medical.wait(page.result.isVisible)
    assert page.result.verdict.text() == "Verified: ok."
    assert page.result.about.text().startswith("Release “v1” is made.")
    wanted = [browsing.example(project=medical.project, example_id=i).row.content for i in accepted]
    assert rows_of(medical.exports / "v1") == sorted((c.request, c.answer) for c in wanted)
    assert exporting.verify(folder=medical.exports / "v1").ok


def test_a_second_click_without_a_change_exports_the_same_release(bench: "Bench") -> None:
    bench.accept(0, 30)
    bench.click(bench.page.button)
    before = {p.name: p.read_bytes() for p in (bench.exports / "v1").iterdir()}
    assert bench.page.button.plain_text() == "Export “v1” again and verify"
    bench.click(bench.page.button)
    assert bench.page.result.about.text().startswith("Unchanged: exported “v1” again.")
    assert {p.name: p.read_bytes() for p in (bench.exports / "v1").iterdir()} == before
    assert [r.name for r in releasing.listed(project=bench.project)] == ["v1"]


def test_the_comparison_counts_and_opens_its_lists(bench: "Bench") -> None:
    bench.accept(0, 30)
    QTest.keyClick(bench.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    bench.idle()
    added = bench.accept(30, 40)
    preview = bench.page.preview
    assert preview.previous.text() == "Compared with “v1”"
    assert preview.buttons["added"].plain_text() == "10 added"
    assert sum(int(figure.text()) for figure in preview.figures.values()) == 40
    bench.click(preview.buttons["added"])
    assert sorted(preview.model.ids) == sorted(added)
    assert bench.page.form.name.text() == "v2"
    preview.table.setFocus()
    QTest.keyClick(preview.table, Qt.Key.Key_Home)
    preview.table.select_row(0)
    QTest.keyClick(preview.table, Qt.Key.Key_Return)
    assert bench.went[-1] == ("examples", {"example_id": preview.model.ids[0]})


def test_shares_are_worked_out_live_and_remembered(bench: "Bench") -> None:
    bench.accept(0, 40)
    form = bench.page.form
    bench.click(form.unfold)
    form.heldout.setValue(60)
    bench.qtbot.wait(400)
    bench.idle()
    assert int(next(f for p, f in bench.page.preview.figures.items() if p.value == "heldout").text()) == 24
    form.validation.setValue(40)
    assert bench.page.button.plain_text() == "Nothing would be left to train on"
    form.validation.setValue(10)
    form.format.setCurrentIndex(form.format.findData("csv"))
    bench.qtbot.wait(400)
    bench.idle()
    bench.click(bench.page.button)
    kept = bench.context.settings.export_settings(bench.project.path)
    assert (kept["format_name"], kept["heldout"]) == ("csv", 60)
    assert (bench.exports / "v1" / "heldout.csv").is_file()


def test_a_release_is_exported_again_in_another_format(bench: "Bench") -> None:
    bench.accept(0, 20)
    bench.click(bench.page.button)
    form = bench.page.form
    form.format.setCurrentIndex(form.format.findData("alpaca"))
    bench.click(bench.page.releases.again)
    assert bench.page.result.verdict.text() == "Verified: ok."
    assert (bench.exports / "v1 alpaca" / "train.jsonl").is_file()


def test_a_changed_file_is_found_by_verifying_its_folder(bench: "Bench") -> None:
    bench.accept(0, 20)
    bench.click(bench.page.button)
    train = bench.exports / "v1" / "train.jsonl"
    train.write_text(train.read_text("utf-8").replace("dose", "doze", 1), "utf-8")
    bench.page.verify(bench.exports / "v1")
    bench.idle()
    assert "found" in bench.page.result.verdict.text()
    assert "train.jsonl" in bench.page.result.problems.text()


def test_a_pasted_line_leads_to_its_row_and_its_people(bench: "Bench") -> None:
    bench.accept(0, 20)
    bench.click(bench.page.button)
    pasted = (bench.exports / "v1" / "train.jsonl").read_text("utf-8").splitlines()[0]
    trace = bench.page.trace
    trace.editor.set_text(pasted)
    bench.click(trace.button)
    said = [label.full_text() for label in trace.found]
    assert said[0].startswith("Came in with rows.csv, line ")
    assert said[-2].endswith("accepted by Ana Ruiz")
    assert said[-1] == "In the next release: It is in train. Ana Ruiz reviewed it."
    trace.editor.set_text("nothing of the kind")
    bench.click(trace.button)
    assert trace.fault.text().startswith("This is not a line of an export")


def test_the_next_name_follows_one_that_a_person_chose(bench: "Bench") -> None:
    bench.accept(0, 20)
    bench.page.form.name.setText("pilot 7")
    bench.click(bench.page.button)
    assert bench.page.form.name.text() == "pilot 8"
    bench.accept(20, 30)
    bench.page.form.name.setText("pilot 7")
    assert bench.page.button.plain_text() == "“pilot 7” is taken: choose another name"


def test_everything_has_a_name_for_a_screen_reader(bench: "Bench") -> None:
    bench.accept(0, 20)
    bench.click(bench.page.form.unfold)
    bench.click(bench.page.button)
    assert nameless(bench.page) == []


UNSEARCHED = ("warning", "Near-duplicates have not been searched for since the last examples came in.")


def test_the_plan_stands_above_the_button_before_it_can_be_pressed(bench: "Bench") -> None:
    accepted = bench.accept(0, 20)
    page = bench.page
    assert [(line.kind, line.sentence.text()) for line in page.plan.lines] == [
        ("plan", "20 examples: 15 train, 2 validation, 3 held out."),
        ("plan", "20 of 40 examples are not in it: 20 have no review yet."),
        UNSEARCHED,
    ]
    bench.click(page.preview.buttons["candidate"])
    assert bench.went[-1] == ("examples", {"where": "status = candidate"})
    bench.judge(accepted[3], Verdict.UNSURE)
    assert [(line.kind, line.sentence.text()) for line in page.plan.lines][2:] == [
        ("warning", "1 example is disputed or unsure and is not in the release."),
        UNSEARCHED,
    ]
    page.planner.start("v1", page.form.settings().plan)
    page._update_button()
    assert (page.button.isEnabled(), page.button.plain_text()) == (False, "Working out the split…")
    bench.idle()
    assert page.button.isEnabled()


def test_a_row_deleted_for_good_is_found_by_verifying_a_folder(bench: "Bench") -> None:
    accepted = bench.accept(0, 20)
    bench.click(bench.page.button)
    keeping.purge(project=bench.project, who=bench.who, example_id=accepted[0], reason="asked for")
    bench.page.verify(bench.exports / "v1")
    bench.idle()
    assert f"The example {accepted[0]} was deleted from the project for good since" in bench.page.result.problems.text()
