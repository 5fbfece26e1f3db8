"""The dataset card: what was left out of a release is told, also of one made before all of it was written down."""

from dataclasses import replace

from tests.formats.test_certificate import release

from accord.domain.releases import LeftOut, Outside
from accord.formats.cards import card_text
from accord.formats.tallies import Tallies

LEFT_OUT = tuple(LeftOut(id=f"{n:012x}", reason="reviewers" if n else "answer_kind") for n in range(3))


def card(outside: Outside | None) -> str:
    """Return the card of a release that left three examples out."""
    made = replace(release(), left_out=LEFT_OUT, outside=outside)
    return card_text(made, Tallies(), title="", format_name="jsonl", codes={})


def test_what_was_left_out_is_told_of_an_older_release_too() -> None:
    told = "2 left out: too few reviewers, 1 left out: answer does not fit"
    assert told in card(None)
    now = card(Outside(reasons={"reviewers": 2, "answer_kind": 1, "rejected": 4}, conflicts=0, in_conflict=0))
    assert "7 of 17 examples are not in it: 4 are rejected, 2 left out: too few reviewers, 1 left out" in now
