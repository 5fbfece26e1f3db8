"""Recall and precision are counted by the rule that the module states."""

import math

from tests.checks.personal.measuring import Marked, Share, measure

from accord.checks.personal.spans import Span

LABELS = {"PHONE": frozenset({"phone", "fax"}), "CARD": frozenset({"card"})}


def span(start: int, end: int, entity: str) -> Span:
    return Span(start, end, entity, entity)


def test_nine_tenths_of_a_mark_are_enough_and_less_is_not() -> None:
    marks = [Marked(0, 10, "PHONE"), Marked(20, 30, "PHONE"), Marked(40, 50, "CARD")]
    measured = measure([(marks, [span(0, 9, "fax"), span(20, 28, "phone"), span(40, 50, "phone")])], labels=LABELS)
    assert measured.recall == (Share("CARD", 1, 0, 0), Share("PHONE", 2, 1, 0))
    assert measured.all_recall == Share("", 3, 1, 0)


def test_a_found_span_is_right_where_it_shares_half_with_a_mark_of_its_kind() -> None:
    marks = [Marked(0, 10, "PHONE"), Marked(40, 50, "CARD")]
    found = [span(0, 10, "phone"), span(8, 20, "phone"), span(40, 50, "phone"), span(38, 52, "card")]
    measured = measure([(marks, found)], labels=LABELS)
    assert measured.precision == (Share("card", 1, 1, 0), Share("phone", 3, 1, 1))


def test_two_spans_together_may_cover_one_mark() -> None:
    measured = measure([([Marked(0, 10, "PHONE")], [span(0, 5, "phone"), span(5, 10, "phone")])], labels=LABELS)
    assert measured.all_recall.value == 1


def test_marks_of_other_labels_are_no_part_of_it() -> None:
    measured = measure([([Marked(0, 10, "PERSON")], [])], labels=LABELS)
    assert measured.recall == ()
    assert math.isnan(measured.all_recall.value)
    assert measured.all_recall.interval == (0, 1)
