"""Verdicts: one key each, stored as given, taken back with their fields."""

from functools import partial
from pathlib import Path
from typing import Any

from tests.gui.pages.review.conftest import CTRL, ROWS, Fill, Key, Sit, detail_of, edit, row_of

from accord.domain.ledger import Who
from accord.workflows import browsing, importing, review_files


def test_accept_reject_and_unsure_advance_and_are_stored(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    seen = [bench.item.seq]
    for keys in ((Key.Key_A,), (Key.Key_R, Key.Key_2), (Key.Key_U,), (Key.Key_R, Key.Key_Return)):
        for key in keys:
            bench.press(key)
        bench.wait_item()
        seen.append(bench.item.seq)
    bench.wait(lambda: row_of(project, seen[3]).status == "rejected")
    assert len(set(seen)) == 5
    assert [row_of(project, seq).status for seq in seen] == [
        "accepted",
        "rejected",
        "disagreement",
        "rejected",
        "candidate",
    ]
    assert detail_of(project, seen[1]).reviews[-1].judgement.reasons == ("unsafe",)
    assert detail_of(project, seen[3]).reviews[-1].judgement.reasons == ()


def test_esc_takes_a_rejection_back_before_it_is_given(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    seq = bench.item.seq
    bench.press(Key.Key_R)
    assert bench.page.strip.isVisible()
    bench.press(Key.Key_Escape)
    assert not bench.page.strip.isVisible()
    assert bench.item.seq == seq
    bench.press(Key.Key_A)
    bench.wait(lambda: row_of(project, seq).status == "accepted")


def test_twenty_five_items_of_a_real_file(sit: Sit, project: Any, who: Who, data_dir: Path) -> None:
    path = data_dir / "medical" / "medquad_niddk.csv"
    importing.import_file(project=project, who=who, path=path, mapping={"request": "question", "answer": "answer"})
    bench = sit()
    expected: dict[int, tuple[str, str]] = {}
    for n in range(25):
        bench.wait_item()
        seq, answer = bench.item.seq, bench.item.base.answer
        bench.press(Key.Key_2)
        bench.press(Key.Key_5)
        if n % 5 == 0:
            edit(bench, " Reviewed.")
            bench.press(Key.Key_Return, CTRL)
            expected[seq] = ("edit", f"{answer} Reviewed.")
        elif n in {3, 8, 13}:
            bench.press(Key.Key_R)
            bench.press(Key.Key_4)
            expected[seq] = ("reject", answer)
        else:
            bench.press(Key.Key_A)
            expected[seq] = ("accept", answer)
        bench.page.asides.same.drop()
    bench.wait(lambda: len(browsing.queue(project=project)) == 1144 - 25)
    assert len(expected) == 25
    for seq, (verdict, answer) in expected.items():
        found = detail_of(project, seq)
        (review,) = found.reviews
        assert (review.verdict, review.reviewer) == (verdict, "ana")
        assert review.judgement.tags == ("diagnosis", "prevention")
        assert review.judgement.reasons == (("incomplete",) if verdict == "reject" else ())
        assert found.row.content.answer == answer
        assert found.row.status == ("rejected" if verdict == "reject" else "accepted")
    assert browsing.drafts_of(project=project, reviewer="ana") == []
    assert bench.page.queue.count.full_text() == "26 of 1\u202f144"


def test_undo_goes_back_with_text_tags_and_comment(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    seq, answer = bench.item.seq, bench.item.base.answer
    bench.press(Key.Key_3)
    bench.press(Key.Key_C)
    bench.type("Dose checked.")
    bench.press(Key.Key_Escape)
    edit(bench, " Not at night.")
    bench.press(Key.Key_Return, CTRL)
    bench.wait_item()
    assert bench.item.seq != seq
    bench.press(Key.Key_Z)
    bench.wait(lambda: bench.item is not None and bench.item.seq == seq)
    work = bench.page.desk.collect()
    assert work.edits == {1: f"{answer} Not at night."}
    assert (work.tags, work.comment) == (("treatment",), "Dose checked.")
    assert bench.page.pane.comment.text() == "Dose checked."
    assert row_of(project, seq).status == "candidate"
    bench.press(Key.Key_A)  # what one sees is what one accepts
    bench.wait(lambda: row_of(project, seq).content.answer == f"{answer} Not at night.")


def test_undo_of_an_earlier_sitting_refills_from_the_review(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    first = sit()
    seq = first.item.seq
    first.press(Key.Key_1)
    first.press(Key.Key_A)
    first.wait(lambda: row_of(project, seq).status == "accepted")
    second = sit()
    second.press(Key.Key_Z)
    second.wait(lambda: second.item is not None and second.item.seq == seq)
    assert second.page.desk.work.tags == ("dosage",)


def test_submitting_no_change_says_so_and_stays(sit: Sit, fill: Fill, project: Any) -> None:
    fill(ROWS)
    bench = sit()
    seq = bench.item.seq
    bench.press(Key.Key_E)
    bench.press(Key.Key_Return, CTRL)
    assert bench.item.seq == seq
    assert "Nothing was changed" in bench.page.bar.fault.full_text()


def test_time_is_stored_with_the_verdict_and_the_pace_is_shown(sit: Sit, fill: Fill, project: Any) -> None:
    fill([(f"Question {n}?", f"Answer {n}.") for n in range(12)])
    bench = sit()
    seq = bench.item.seq
    for _n in range(10):
        bench.page.desk.stopwatch._seconds = 90.0
        bench.press(Key.Key_A)
        bench.wait_item()
    bench.wait(lambda: "10 done today, 1:30 avg" in bench.page.bar.done.full_text())
    assert 90 <= browsing.pace_of(project=project, reviewer="ana")[0][0] < 100
    assert detail_of(project, seq).reviews[-1].reviewer == "ana"
    assert bench.page.bar.plan.full_text() == "all that is left: about 3 minutes"


def test_the_next_item_lies_there_when_its_key_returns(sit: Sit, fill: Fill, project: Any) -> None:
    fill([(f"Q{n}?", f"A{n}.") for n in range(30)])
    bench = sit()
    for _n in range(20):
        following = bench.page.desk.order.neighbours(1, 0)[0]
        bench.wait(partial(bench.page.desk.loader.has, following))
        bench.press(Key.Key_A)
        assert bench.item.seq == following
        block = bench.page.reading.answer_block()
        assert block is not None
        assert block.view.text() == bench.item.base.answer


def test_z_after_what_was_done_elsewhere_names_it_and_ctrl_z_takes_it_back(
    sit: Sit, fill: Fill, project: Any, tmp_path: Path, who: Who
) -> None:
    fill(ROWS[:3])
    bench = sit()
    path = tmp_path / "said.csv"
    path.write_text(f"id,reviewer,verdict\n{bench.item.id},ana,accept\n", encoding="utf-8")
    review_files.apply(project=project, who=who, path=path)
    bench.press(Key.Key_Z)
    bench.wait(bench.page.bar.fault.isVisible)
    said = bench.page.bar.fault.text()
    assert "Your last act was the reviews of a file" in said
    assert "Ctrl+Z takes back what was done on any page." in said
    assert row_of(project, bench.item.seq).status == "accepted"
    elsewhere: list[int] = []
    bench.page.verdicts.undo(elsewhere=lambda: elsewhere.append(1))
    bench.wait(lambda: elsewhere)
