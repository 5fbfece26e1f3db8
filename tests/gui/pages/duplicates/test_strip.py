"""Any number of examples in a few cards."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from tests.gui.accessibility import nameless

from accord.gui.pages.duplicates.comparison import compare
from accord.gui.pages.duplicates.strip import MOST_CARDS, CardStrip, Words

if TYPE_CHECKING:
    from tests.gui.pages.duplicates.conftest import Bench


def test_three_hundred_examples_are_walked_with_four_cards(bench: "Bench") -> None:
    chosen = bench.page.near.chosen()
    assert chosen is not None
    rows = [replace(chosen, id=f"{n:020x}") for n in range(300)]
    strip = CardStrip(bench.context, with_request=True)
    bench.qtbot.addWidget(strip)
    strip.resize(1400, 500)
    strip.show()
    strip.show_rows(rows, lambda i, _row: Words(place=str(i + 1), title=""), current=1)
    bench.idle()
    assert [card.place.text() for card in strip.cards] == ["1", "2", "3", "4"]
    assert len(strip.cards) == MOST_CARDS
    for _step in range(150):
        strip.step(1)
    bench.idle()
    assert [card.place.text() for card in strip.cards] == ["1", "150", "151", "152"]
    assert strip.where.text() == "152 of 300 examples"
    assert strip.cards[3].property("chosen") == "true"
    assert strip.cards[1].reason.text() == "The same text, word for word."


def test_texts_with_little_in_common_are_shown_as_they_are(bench: "Bench") -> None:
    bench.page.show_tab("conflicts")
    conflict = bench.page.conflicts.acts.conflict()
    assert conflict is not None
    first, second = compare(conflict.rows[0], conflict.rows, requests=False)
    assert not first.differs
    assert second.unlike
    assert [part.text for part in second.answer] == [conflict.rows[1].content.answer]


def test_everything_has_a_name_for_a_screen_reader(bench: "Bench") -> None:
    bench.press(Qt.Key.Key_F)
    assert nameless(bench.page) == []
    bench.page.near.panel.hide()
    bench.press(Qt.Key.Key_C)
    bench.press(Qt.Key.Key_1)
    assert nameless(bench.page) == []
