"""Recall and precision are counted by the rule that the module states."""

from accord.checks.personal.measuring import Marked, Place, Share, count
from accord.checks.personal.spans import Span

LABELS = {"PHONE": frozenset({"phone", "fax"}), "CARD": frozenset({"card"})}


def span(start: int, end: int, entity: str) -> Span:
    return Span(start, end, entity, entity)


def test_nine_tenths_of_a_mark_are_enough_and_less_is_not() -> None:
    marks = [Marked(0, 10, "PHONE"), Marked(20, 30, "PHONE"), Marked(40, 50, "CARD")]
    measured = count([(marks, [span(0, 9, "fax"), span(20, 28, "phone"), span(40, 50, "phone")])], labels=LABELS)
    assert measured.recall == (Share("CARD", 1, 0, 0), Share("PHONE", 2, 1, 0))
    assert measured.all_recall == Share("", 3, 1, 0)


def test_a_found_span_is_right_where_it_shares_half_with_a_mark_of_its_kind() -> None:
    marks = [Marked(0, 10, "PHONE"), Marked(40, 50, "CARD")]
    found = [span(0, 10, "phone"), span(8, 20, "phone"), span(40, 50, "phone"), span(38, 52, "card")]
    measured = count([(marks, found)], labels=LABELS)
    assert measured.precision == (Share("card", 1, 1, 0), Share("phone", 3, 1, 1))


def test_two_spans_together_may_cover_one_mark() -> None:
    measured = count([([Marked(0, 10, "PHONE")], [span(0, 5, "phone"), span(5, 10, "phone")])], labels=LABELS)
    assert measured.all_recall.value == 1


def test_marks_of_other_labels_are_no_part_of_it() -> None:
    measured = count([([Marked(0, 10, "PERSON")], [])], labels=LABELS)
    assert measured.recall == ()
    assert measured.all_recall.n == 0
    assert measured.unknown == {"PERSON": 1}


def test_the_places_that_lower_the_figures_are_named() -> None:
    found = [span(2, 4, "phone"), span(20, 30, "card")]
    measured = count([([], []), ([Marked(0, 10, "PHONE"), Marked(20, 30, "CARD")], found)], labels=LABELS)
    assert measured.missed == (Place(1, 0, 10, "PHONE"),)
    assert measured.false == ()
    assert count([([Marked(0, 10, "CARD")], found)], labels=LABELS).false == (
        Place(0, 2, 4, "phone"),
        Place(0, 20, 30, "card"),
    )


def test_spans_that_overlap_cover_no_character_twice() -> None:
    found = [span(0, 6, "phone"), span(2, 8, "fax")]
    assert count([([Marked(0, 10, "PHONE")], found)], labels=LABELS).all_recall.hits == 0


def test_a_label_may_stand_for_a_rule() -> None:
    found = [Span(0, 10, "es-dni", "national-id")]
    assert count([([Marked(0, 10, "ID")], found)], labels={"ID": frozenset({"national-id"})}).all_recall.hits == 1


def test_what_no_label_of_the_texts_stands_for_is_told_apart() -> None:
    found = [span(0, 10, "phone"), span(20, 30, "card"), span(40, 50, "age")]
    measured = count([([Marked(0, 10, "PHONE")], found)], labels=LABELS)
    assert measured.unmarked == {"card", "age"}
