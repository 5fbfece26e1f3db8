"""Around the text: what others changed, what is set aside, the same sentence elsewhere, findings."""

from typing import Any

from tests.gui.pages.review.conftest import CTRL, ROWS, SAME, Fill, Key, Sit, edit, row_of

from accord.domain.ledger import Who
from accord.gui.widgets import MessageEditor
from accord.workflows import browsing, duplicates, reviewing


def test_a_text_changed_by_someone_else_is_shown_beside_ones_own(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    seq, answer = bench.item.seq, bench.item.base.answer
    edit(bench, " Mine.")
    offer = reviewing.FixOffer(
        example_id=bench.item.id,
        base_hash=bench.item.base.hash,
        old=SAME,
        new="Take one capsule a day.",
        before=answer,
        after=answer.replace("tablet", "capsule"),
    )
    reviewing.fix_once(project=project, who=Who(actor="ben", device="there"), offer=offer)
    bench.press(Key.Key_Return, CTRL)
    bench.wait(lambda: bench.item is not None and bench.item.seq == seq and bench.page.reading.banner.isVisible())
    assert bench.item.base.answer == offer.after
    assert bench.page.desk.collect().edits == {1: f"{answer} Mine."}
    assert "capsule" in bench.page.reading.banner.other.text()
    bench.press(Key.Key_Return, CTRL)
    bench.wait(lambda: row_of(project, seq).status == "accepted")
    assert row_of(project, seq).content.answer == f"{answer} Mine."


def test_what_is_set_aside_cannot_be_judged_until_it_is_back(sit: Sit, fill: Fill, project: Any, who: Who) -> None:
    fill(ROWS)
    first = browsing.queue(project=project)[0]
    duplicates.set_aside(project=project, who=who, ids=[row_of(project, first).id])
    bench = sit()
    bench.page.activated({"example_id": row_of(project, first).id})
    bench.wait(lambda: bench.item is not None and bench.item.seq == first)
    bench.press(Key.Key_A)
    assert bench.item.seq == first
    assert "set aside" in bench.page.reading.banner.text.full_text()
    bench.page.reading.banner.first.click()
    bench.wait(lambda: bench.item is not None and bench.item.detail.row.status == "candidate")
    bench.press(Key.Key_A)
    bench.wait(lambda: row_of(project, first).status == "accepted")


def test_the_same_sentence_is_changed_where_a_person_says_so(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    bench.press(Key.Key_E)
    editor = bench.window.focusWidget()
    assert isinstance(editor, MessageEditor)
    editor.replace_with(editor.text().replace("one tablet", "two tablets"))
    bench.press(Key.Key_Return, CTRL)
    bench.wait(bench.page.asides.same.strip.isVisible)
    offered = [offer.example_id for offer in bench.page.asides.same.offers]
    assert len(offered) == 5
    bench.press(Key.Key_L)
    assert bench.page.centre.currentWidget() is bench.page.asides.same.walk
    assert not bench.page.bar.accept_button.isEnabled()
    bench.wait(lambda: "Question number 1?" in bench.page.asides.same.walk.request.text())
    bench.press(Key.Key_Y)
    bench.press(Key.Key_N)
    bench.press(Key.Key_Y)
    bench.press(Key.Key_Escape)
    bench.wait(lambda: sum("two tablets" in row.content.answer for row in browsing.examples(project=project)) == 3)
    texts = {row.id: row for row in browsing.examples(project=project)}
    assert ["two tablets" in texts[i].content.answer for i in offered] == [True, False, True, False, False]
    assert [texts[i].status for i in offered] == ["candidate"] * 5
    bench.wait_item()
    assert bench.page.centre.currentWidget() is bench.page.reading


def test_findings_name_the_other_rows_and_lead_there(sit: Sit, fill: Fill, project: Any, who: Who) -> None:
    long = "Drink water and rest for three days, then see a doctor if the fever stays above thirty nine degrees."
    fill([("What helps with fever?", long), ("What helps with a fever?", long), ("What helps with fever?", "No.")])
    duplicates.find(project=project, who=who, threshold=0.6)
    bench = sit()
    links = [link.plain_text() for link in bench.page.pane.findings.others.links()]
    assert links == ["Another answer: line 4", "Settle the conflict", "Near-duplicate of line 3"]
    first = bench.item.seq
    bench.page.pane.findings.others.links()[2].click()
    bench.wait(lambda: bench.item is not None and bench.item.seq != first)
    assert bench.item.base.request == "What helps with a fever?"
