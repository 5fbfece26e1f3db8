"""Of two spans that overlap the surer one stays, then the longer."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from accord.checks.personal.finding import find_spans
from accord.checks.personal.spans import Certainty, Span, apart, divided

_LENGTH = 40
_SPANS = st.builds(
    lambda start, size, entity, certainty: Span(start, min(_LENGTH, start + size), entity, entity, certainty),
    st.integers(0, _LENGTH - 1),
    st.integers(1, 12),
    st.sampled_from(["phone", "date", "card"]),
    st.sampled_from(Certainty),
)


@given(st.lists(_SPANS))
def test_what_is_kept_is_apart_in_order_and_nothing_fits_beside_it(spans: list[Span]) -> None:
    kept = apart(spans, _LENGTH)
    assert kept == sorted(kept)
    assert all(left.end <= right.start for left, right in itertools.pairwise(kept))
    assert set(kept) <= set(spans)
    for span in spans:
        over = [one for one in kept if one.start < span.end and span.start < one.end]
        assert any((one.certainty, one.end - one.start) >= (span.certainty, span.end - span.start) for one in over)


def test_a_proven_number_wins_over_a_longer_guess() -> None:
    card, phone = Span(5, 20, "card", "payment-card", Certainty.PROVEN), Span(0, 25, "phone", "phone-number")
    assert apart([phone, card], 30) == [card]


@given(st.lists(_SPANS), st.text(alphabet="ab 1.", min_size=_LENGTH, max_size=_LENGTH))
def test_divided_all_letters_and_digits_of_all_spans_are_kept(spans: list[Span], text: str) -> None:
    kept = divided(spans, text)
    assert set(apart(spans, _LENGTH)) <= set(kept)
    assert all(left.end <= right.start for left, right in itertools.pairwise(kept))
    covered = {at for span in kept for at in range(span.start, span.end)}
    assert {at for span in spans for at in range(span.start, span.end) if text[at].isalnum()} <= covered


def test_an_address_on_one_line_with_a_proven_number_stays_one() -> None:
    text = "Domicilio: Calle Mayor, 222  The SSN on file is 699-57-2852."
    found = [(span.rule, text[span.start : span.end]) for span in find_spans(text)]
    assert found == [
        ("street-address", "Calle Mayor, 222  The SSN on file is"),
        ("social-security-number", "699-57-2852"),
    ]
