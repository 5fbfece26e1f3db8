"""Signing on the page: the button says what is missing, the list says what holds, the certificate is a file."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.gui.accessibility import nameless

from accord.domain.ledger import Who
from accord.domain.signatures import SignatureState
from accord.gui.pages.release.signing_fields import SignFacts, SignFields, missing_to_sign
from accord.storage import schema
from accord.workflows import projects, signing
from accord.workflows.signing import Signer

if TYPE_CHECKING:
    from tests.gui.pages.release.conftest import Bench

PHRASE = "two words and a dose"


def made(bench: "Bench") -> None:
    """Make a release by the large button."""
    bench.accept(0, 20)
    bench.click(bench.page.button)
    bench.wait(bench.page.signing.isVisible)
    bench.idle()


def typed(bench: "Bench", *, again: bool) -> None:
    """Fill the form."""
    card = bench.page.signing
    card.name.setText("Dr Ana Ruiz")
    card.credential.setText("MD, cardiology")
    card.phrase.setText(PHRASE)
    if again:
        card.again.setText(PHRASE)


@pytest.mark.parametrize(
    ("by_password", "has_phrase", "changed", "missing"),
    [
        (False, False, {"name": " "}, "Write your name"),
        (False, False, {"credential": ""}, ""),
        (False, False, {"statement": ""}, "Write what you sign"),
        (False, False, {"phrase": "short"}, "Choose a phrase of at least 10 letters"),
        (False, False, {"again": "another one of them"}, "Type the same phrase twice"),
        (False, False, {}, ""),
        (False, True, {"phrase": ""}, "Type your phrase"),
        (False, True, {"again": ""}, ""),
        (True, False, {"phrase": ""}, "Type your password"),
        (True, False, {"phrase": "short", "again": ""}, ""),
    ],
)
def test_what_is_missing_before_one_can_sign(
    by_password: bool,  # noqa: FBT001  (a case of the table)
    has_phrase: bool,  # noqa: FBT001  (a case of the table)
    changed: dict[str, str],
    missing: str,
) -> None:
    signer = Signer(name="ana", credential="", by_password=by_password, has_phrase=has_phrase)
    fields = SignFields(name="Ana", credential="MD", statement="I do.", phrase=PHRASE, again=PHRASE)
    facts = SignFacts(release="v1", signatures=(), signer=signer)
    assert missing_to_sign(facts, replace(fields, **changed)) == missing
    assert missing_to_sign(None, fields) == "Choose a release first"


def test_a_release_is_signed_by_the_keyboard_and_withdrawn(bench: "Bench") -> None:
    card = bench.page.signing
    assert not card.isVisible()
    made(bench)
    assert card.state.text() == "“v1” is not signed."
    assert card.name.text() == "Ana Ruiz"
    assert card.button.plain_text() == "Choose a phrase of at least 10 letters"
    assert not card.button.isEnabled()
    typed(bench, again=False)
    assert card.button.plain_text() == "Type the same phrase twice"
    card.again.setText(PHRASE)
    assert card.button.plain_text() == "Sign “v1”"
    card.again.setFocus()
    QTest.keyClick(card.again, Qt.Key.Key_Return)
    bench.idle()
    assert card.state.text() == "“v1” is signed."
    assert [(one.who.text(), one.said.text()) for one in card.lines] == [
        ("Dr Ana Ruiz, MD, cardiology", signing.default_statement())
    ]
    assert (card.phrase.text(), card.again.isVisible()) == ("", False)
    assert card.button.plain_text() == "Type your phrase"
    card.phrase.setText("not the phrase at all")
    bench.click(card.withdraw_button)
    assert any("not your phrase" in said for said in bench.said)
    card.phrase.setText(PHRASE)
    bench.click(card.withdraw_button)
    assert card.state.text() == "“v1” is not signed."
    assert "withdrawn" in card.lines[0].when.text()
    assert not card.withdraw_button.isVisible()
    assert nameless(bench.window) == []


def test_a_change_behind_the_program_shows_as_void(bench: "Bench") -> None:
    made(bench)
    typed(bench, again=True)
    bench.click(bench.page.signing.button)
    with bench.project.write(Who(actor="x")) as unit:
        unit.connection.execute(sa.insert(schema.purge_guard).values(id=1))
        unit.connection.execute(sa.update(schema.release_item).values(part="train"))
        unit.connection.execute(sa.delete(schema.purge_guard))
        unit.commit()
    bench.context.tell_changed("releases")
    bench.idle()
    assert bench.page.signing.state.text() == "“v1” is not signed."
    assert "void" in bench.page.signing.lines[0].when.text()
    (one,) = signing.of_release(project=bench.project, release="v1")
    assert one.state is SignatureState.VOID


def test_the_card_follows_the_release_that_is_chosen(bench: "Bench") -> None:
    made(bench)
    typed(bench, again=True)
    bench.click(bench.page.signing.button)
    bench.accept(20, 30)
    bench.click(bench.page.button)
    assert bench.page.signing.state.text() == "“v2” is not signed."
    bench.page.releases.table.select_row(1)
    bench.idle()
    assert bench.page.signing.state.text() == "“v1” is signed."


def test_the_certificate_is_saved(bench: "Bench", tmp_path: Path) -> None:
    made(bench)
    typed(bench, again=True)
    bench.click(bench.page.signing.button)
    bench.page.signing.with_names.setChecked(False)
    bench.page.signing.save_certificate(tmp_path / "c.html")
    bench.idle()
    page = (tmp_path / "c.html").read_text("utf-8")
    assert "Dr Ana Ruiz" in page
    assert "reviewer 1 (20)" in page


def test_why_an_example_is_in_or_out_is_one_click_away(bench: "Bench") -> None:
    now = projects.settings_of(project=bench.project)
    changed = replace(now, rules=replace(now.rules, least_reviewers=2))
    accepted = bench.accept(0, 12)
    bench.page.trace.editor.set_text(accepted[3])
    bench.click(bench.page.trace.button)
    assert bench.page.trace.found[-1].text().startswith("In the next release: It is ")
    projects.change_settings(project=bench.project, who=bench.who, settings=changed)
    bench.context.tell_changed("settings")
    bench.idle()
    shown = [(line.kind, line.sentence.text()) for line in bench.page.plan.lines]
    assert shown[-1][0] == "block"
    assert shown[-1][1].startswith("Nothing that is accepted may be released. 40 of 40 examples are not in it: ")
    assert bench.page.button.plain_text() == "Nothing that is accepted may be released"
    bench.context.actor = "Ben Ode"
    bench.who = Who(actor="Ben Ode")
    bench.accept(0, 4)
    assert bench.page.checklist.lines["rules"].isVisible()
    assert bench.page.preview.buttons["reviewers"].plain_text() == "8 left out: too few reviewers"
    bench.page.trace.editor.set_text(accepted[8])
    bench.click(bench.page.trace.button)
    assert bench.page.trace.found[-1].text().startswith("Not in the next release: It was reviewed by fewer than 2")
