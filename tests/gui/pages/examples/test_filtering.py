from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.domain.filters import Field, Op, Term, parse_filter
from accord.gui.pages.examples.filtering import ExampleFilter, UnreadableSearch, read_search, term_words, to_where

terms = st.builds(Term, field=st.sampled_from(list(Field)), op=st.sampled_from(list(Op)), value=st.text(max_size=30))


@given(st.lists(terms, max_size=4))
def test_any_chips_are_read_back_as_they_were(chips: list[Term]) -> None:
    assert parse_filter(to_where(chips)) == tuple(chips)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_search_or_a_sentence(text: str) -> None:
    try:
        found = ExampleFilter(text=text).where
    except UnreadableSearch:
        return
    parse_filter(found)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("thyroid dose", [(Field.TEXT, Op.CONTAINS, "thyroid dose")]),
        ("what is it = or not", [(Field.TEXT, Op.CONTAINS, "what is it = or not")]),
        ('"p = 0.05"', [(Field.TEXT, Op.CONTAINS, '"p = 0.05"')]),
        ("tag = dosage and status != rejected", [(Field.TAG, Op.IS, "dosage"), (Field.STATUS, Op.IS_NOT, "rejected")]),
        ("  ", []),
    ],
)
def test_plain_words_and_filters_are_told_apart(typed: str, meant: list[Any]) -> None:
    assert [(t.field, t.op, t.value) for t in read_search(typed)] == meant


@pytest.mark.parametrize(
    "typed", ["colour = red", "p = 0.05", "status = acepted", "finding = typo", "tag = a and b ~ c"]
)
def test_a_filter_that_cannot_be_used_is_explained(typed: str) -> None:
    with pytest.raises(UnreadableSearch) as caught:
        read_search(typed)
    assert str(caught.value).endswith(".")


def test_a_second_status_takes_the_place_of_the_first_and_tags_add_up() -> None:
    def chip(field: Field, value: str) -> Term:
        return Term(field=field, op=Op.IS, value=value)

    found = ExampleFilter().toggled(chip(Field.STATUS, "accepted")).toggled(chip(Field.STATUS, "rejected"))
    assert found.chips == (chip(Field.STATUS, "rejected"),)
    found = found.toggled(chip(Field.TAG, "a")).toggled(chip(Field.TAG, "b")).toggled(chip(Field.STATUS, "rejected"))
    assert [t.value for t in found.chips] == ["a", "b"]


def test_words_of_a_filter_from_elsewhere_stand_in_the_search_field() -> None:
    found = ExampleFilter.from_where('status = accepted and text ~ "p = 0.05"')
    assert [term_words(t) for t in found.chips] == ["Status: Accepted"]
    assert found.text == '"p = 0.05"'
    assert "0.05" in found.where
