"""Three people in one window: calibration, blind reviews, agreement, decisions, and a signed release of what they decided."""

import csv
import json
import os
import threading
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QLineEdit, QPlainTextEdit, QTextEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.whole_window import CTRL, Desk, whole_window
from tests.servers import Server
from tests.teams import OWNER, PASSWORD

from accord.domain.people import Role
from accord.domain.review import Status
from accord.gui import files
from accord.gui.context import Context
from accord.gui.pages.agreement.page import AgreementPage
from accord.gui.pages.disagreements.page import DisagreementsPage
from accord.gui.pages.guideline.page import GuidelinePage
from accord.gui.pages.importing.page import ImportPage
from accord.gui.pages.people.page import PeoplePage
from accord.gui.pages.release.page import ReleasePage
from accord.gui.pages.release.sign_card import SignCard
from accord.gui.pages.review.page import ReviewPage
from accord.gui.pages.start.page import StartPage
from accord.workflows import adjudicating, browsing, exporting, projects, team

Key, ALT, SHIFT = Qt.Key, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
LEAD, BO, CARA = "Ana Ruiz", "Bo Lind", "Cara Moe"
ROWS, CALIBRATION = 40, 6
OWN = " Ask a doctor first."
PHRASE = "two words and a dose"


class Walk:
    """A desk, its pictures, and who sits there; the project is a file that they share."""

    on_server = False

    def __init__(self, desk: Desk) -> None:
        self.desk, self.pictures = desk, 0

    def picture(self, name: str) -> None:
        """Keep what the window shows, where a folder for it is named."""
        folder = os.environ.get("ACCORD_WALK_PICTURES")
        if folder:
            self.pictures += 1
            self.desk.rest()
            self.desk.qtbot.wait(150)
            self.desk.window.grab().save(str(Path(folder) / f"{self.pictures:02} {name}.png"))

    def go(self, page: str) -> None:
        self.desk.context.navigate(page)
        self.desk.rest()

    def sign_in(self, name: str) -> None:
        """Change who works, by the button with the name and the key of the new one."""
        desk, before = self.desk, self.desk.project
        desk.qtbot.mouseClick(desk.window.topbar.person, Qt.MouseButton.LeftButton)
        desk.until(desk.window.sign_in.isVisible)
        desk.rest()
        self.picture(f"sign in as {name}")
        (button,) = [one for one in desk.window.sign_in.people if one.plain_text().startswith(name)]
        desk.type(button.key())
        desk.until(lambda: desk.context.project is not before and desk.context.project is not None)
        desk.rest()
        assert desk.context.actor == name

    def begin(self) -> None:
        """Make a project, from the start page."""
        desk = self.desk
        start = desk.page(StartPage)
        desk.type("Clinic")
        desk.tab_to(start.form.presets.cards["general"].button)
        desk.press(Key.Key_Right)
        desk.tab_to(start.form.make)
        desk.press(Key.Key_Return)
        desk.until(lambda: desk.context.project is not None)
        desk.rest()

    def met(self, name: str) -> None:
        """Take what the page People tells of somebody new."""

    def give_phrase(self, card: SignCard) -> None:
        """Type what proves who signs, twice the first time."""
        for field in (card.phrase, card.again):
            self.desk.tab_to(field)
            self.desk.type(PHRASE)

    def click(self, button: QWidget) -> None:
        self.desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        self.desk.rest()


class ServerWalk(Walk):
    """The same with a team's project on a server: each has a login, and the password that the lead was shown once."""

    on_server = True

    def __init__(self, desk: Desk, address: str) -> None:
        super().__init__(desk)
        self.address, self.passwords = address, {LEAD: PASSWORD}

    def sign_in(self, name: str) -> None:
        desk = self.desk
        if desk.context.project is not None:
            desk.press(Key.Key_W, CTRL)
            desk.until(lambda: desk.context.project is None)
            desk.rest()
        start = desk.page(StartPage)
        desk.press(Key.Key_D, CTRL)
        start.team_form.address.selectAll()
        desk.type(self.address.replace("//postgres@", f"//{quote(name)}@"))
        desk.tab_to(start.team_form.password)
        desk.type(self.passwords[name])
        self.picture(f"sign in as {name}")
        desk.press(Key.Key_Return)
        desk.until(lambda: desk.context.project is not None)
        desk.rest()
        assert desk.context.actor == name

    def begin(self) -> None:
        self.sign_in(LEAD)

    def met(self, name: str) -> None:
        card = self.desk.page(PeoplePage).password
        assert name in card.said.full_text()
        self.passwords[name] = card.password.full_text()
        self.picture(f"people, the password of {name}")
        assert self.desk.window.focusWidget() is card.copy
        self.desk.tab_to(card.done)
        self.desk.press(Key.Key_Space)
        assert card.isHidden()

    def give_phrase(self, card: SignCard) -> None:
        assert card.again_row.isHidden()
        self.desk.tab_to(card.phrase)
        self.desk.type(PASSWORD)


@pytest.fixture(params=["file", "server"])
def walk(
    request: pytest.FixtureRequest,
    qtbot: QtBot,
    context: Context,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Walk]:
    monkeypatch.setattr(files, "documents", lambda: tmp_path)
    with ExitStack() as stack:
        on_server = request.param == "server"
        address = stack.enter_context(_founded(request)) if on_server else ""
        if on_server:
            stack.enter_context(_no_question_in_the_window())
        desk = stack.enter_context(whole_window(qtbot, context))
        yield ServerWalk(desk, address) if on_server else Walk(desk)


@contextmanager
def _no_question_in_the_window() -> Iterator[None]:
    """Fail where the window itself waits for the server's answer, rather than a reader or a writer beside it."""
    asked: list[str] = []

    def notice(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        stack = "".join(traceback.format_stack())
        if threading.current_thread() is threading.main_thread() and "accord/gui/" in stack:
            asked.append(f"{statement}\n{stack}")

    sa.event.listen(sa.Engine, "before_cursor_execute", notice)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", notice)
    assert not asked, f"{len(asked)} questions, the first: {asked[0]}"


@contextmanager
def _founded(request: pytest.FixtureRequest) -> Iterator[str]:
    """Give the address of an empty project on a server that asks for passwords; its owner added the lead."""
    server, address = request.getfixturevalue("server"), request.getfixturevalue("database")
    assert isinstance(server, Server)
    server.ask_passwords(address)
    owner = team.init(where=address, who=OWNER, name="Dora")
    team.add(project=owner, who=OWNER, name=LEAD, role=Role.LEAD, password=PASSWORD)
    owner.close()
    yield address
    owner = projects.open_project(path=address)
    for name in {person.name for person in team.people(project=owner)} - {"Dora"}:
        team.remove(project=owner, who=OWNER, name=name)  # the login is the server's, and not the database's
    owner.close()


def test_from_calibration_to_a_signed_release(
    walk: Walk, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _begin(walk, _rows(data_dir, tmp_path), monkeypatch)
    _add_people(walk)
    _calibrate(walk)
    _change_the_guideline(walk)
    _give_out(walk)
    _review_the_rest(walk)
    before = _look_at_agreement(walk)
    decided = _settle(walk)
    _look_again(walk, before)
    first = _release(walk, tmp_path)
    signed = _sign(walk, tmp_path, monkeypatch)
    assert [_lines(folder / "train.jsonl") for folder in (first, signed)] == [_lines(first / "train.jsonl")] * 2
    _prove(walk, signed, decided)


def _rows(data_dir: Path, folder: Path) -> Path:
    """Write the first real rows, each request once, so that nothing conflicts."""
    with (data_dir / "medical" / "medquad_niddk.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    asked = {row[head.index("question")]: row for row in rows[:60]}
    path = folder / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *list(asked.values())[:ROWS]])
    return path


def _begin(walk: Walk, rows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make or open a project and bring the rows in."""
    desk = walk.desk
    walk.begin()
    monkeypatch.setattr(files, "ask_for_data", lambda _parent: [rows])
    desk.press(Key.Key_2, ALT)
    page = desk.page(ImportPage)
    desk.press(Key.Key_N, CTRL)
    desk.until(lambda: page.prepare.files and all(f.fault or f.count for f in page.prepare.files))
    desk.rest()
    desk.press(Key.Key_Return, CTRL)
    desk.until(lambda: page.outcome is not None)
    desk.rest()
    assert projects.counts(project=desk.project).examples == ROWS


def _add_people(walk: Walk) -> None:
    """Add two reviewers by typing; who adds them leads."""
    desk = walk.desk
    walk.go("people")
    page = desk.page(PeoplePage)
    walk.picture("people, alone")
    others = {"Dora"} if walk.on_server else set()
    for name, credential in ((BO, "MD"), (CARA, "RN")):
        desk.tab_to(page.adding.name)
        desk.type(name)
        desk.press(Key.Key_Tab)
        desk.type(credential)
        desk.press(Key.Key_Return, CTRL)
        desk.until(partial(_is_there, page, name))
        desk.rest()
        walk.met(name)
    assert {n: line.person.role.value for n, line in page.people.lines.items() if n not in others} == {
        LEAD: "lead",
        BO: "reviewer",
        CARA: "reviewer",
    }
    walk.picture("people, three")


def _is_there(page: PeoplePage, name: str) -> bool:
    return name in page.people.lines


def _calibrate(walk: Walk) -> None:
    """Let two judge the same items blind, differ on two, and show the lead what came of it."""
    desk = walk.desk
    walk.sign_in(LEAD)
    walk.go("people")
    card = desk.page(PeoplePage).calibration
    card.items.setValue(CALIBRATION)
    desk.tab_to(card.begin)
    walk.picture("calibration, before")
    desk.press(Key.Key_Return)
    desk.until(lambda: f"{BO} 0 of {CALIBRATION}" in card.state.full_text())
    desk.rest()
    items = list(browsing.example_numbers(project=desk.project, where=f"assigned = {BO}"))
    assert len(items) == CALIBRATION
    walk.sign_in(BO)
    _review(walk, {items[0]: "e leakword", items[1]: "r"}, wanted=CALIBRATION)
    walk.sign_in(CARA)
    _see_nothing_of(walk, "leakword", items[0])
    _review(walk, {items[2]: "r"}, wanted=CALIBRATION)
    walk.sign_in(LEAD)
    walk.go("people")
    card = desk.page(PeoplePage).calibration
    assert card.result.isVisible()
    assert len(card.discuss.links()) == 3
    desk.tab_to(card.close_round)
    walk.picture("calibration, the result")
    desk.press(Key.Key_Return)
    desk.rest()
    walk.picture("calibration, closing asks")
    desk.press(Key.Key_Return)
    desk.until(lambda: card.state.full_text() == "No round is open.")
    desk.rest()


def _review(walk: Walk, otherwise: dict[int, str], *, wanted: int) -> None:
    """Judge all that was given to who works now: accept, or as said: ``r`` rejects, ``e TEXT`` adds a text."""
    desk = walk.desk
    walk.go("review")
    page = desk.page(ReviewPage)
    assert len(page.desk.order.numbers) == wanted
    walk.picture(f"review, {desk.context.actor}")
    for _n in range(wanted):
        desk.until(lambda: page.desk.item is not None and page.desk.item.seq == page.desk.order.current)
        item = page.desk.item
        assert item is not None
        act, _space, text = otherwise.get(item.seq, "a").partition(" ")
        if act == "e":
            desk.press(Key.Key_E)
            desk.press(Key.Key_End, CTRL)
            desk.type(" " + text)
            desk.press(Key.Key_Return, CTRL)
        elif act == "r":
            desk.press(Key.Key_R)
            walk.picture("review, why rejected")
            desk.press(Key.Key_2)
        else:
            desk.press(Key.Key_A)
        page.asides.same.drop()
    desk.rest()
    walk.picture(f"review, {desk.context.actor} is done")


def _see_nothing_of(walk: Walk, word: str, number: int) -> None:
    """Look at an example on every page that may show it: what the other one wrote stands nowhere."""
    desk = walk.desk
    example = browsing.example_page(project=desk.project, numbers=[number])[0].id
    for page in ("review", "examples", "people", "agreement", "home"):
        desk.context.navigate(page, example_id=example)
        desk.rest()
        texts = "\n".join(_texts(desk.window))
        assert word not in texts, page
    desk.context.navigate("examples", example_id=example)
    desk.rest()
    assert not desk.context.actions.usable("examples.purge")  # that is a lead's
    walk.picture("examples, blind")


def _texts(window: QWidget) -> Iterator[str]:
    for one in window.findChildren(QWidget):
        if one.isVisible() and isinstance(one, QLabel | QAbstractButton | QLineEdit):
            yield one.text()
        elif one.isVisible() and isinstance(one, QPlainTextEdit | QTextEdit):
            yield one.toPlainText()


def _change_the_guideline(walk: Walk) -> None:
    """Write a sentence into the guideline; the page says which settled examples it may affect."""
    desk = walk.desk
    walk.go("guideline")
    page = desk.page(GuidelinePage)
    desk.tab_to(page.guideline.text)
    desk.press(Key.Key_End, CTRL)
    desk.type(" Do not call the thyroid butterfly-shaped.")
    desk.press(Key.Key_S, CTRL)
    desk.until(lambda: page.guideline.version.full_text() == "Version 2")
    desk.rest()
    walk.picture("guideline")
    walk.click(page.guideline.changes)
    assert page.versions.list.count() == 2
    assert page.versions.affected.isVisible()
    walk.picture("guideline, versions")


def _give_out(walk: Walk) -> None:
    """Give the rest out, half of it to both."""
    desk = walk.desk
    walk.go("people")
    page = desk.page(PeoplePage)
    card = page.giving.card
    desk.tab_to(card.overlap)
    while card.overlap.value() != 50:
        desk.press(Key.Key_Right if card.overlap.value() < 50 else Key.Key_Left)
    desk.press(Key.Key_P, CTRL)
    desk.until(card.outcome.isVisible)
    walk.picture("people, a plan")
    desk.press(Key.Key_G, CTRL)
    desk.until(lambda: card.open.full_text() == "Every open example has its reviewers.")
    desk.rest()
    walk.picture("people, given out")


def _review_the_rest(walk: Walk) -> None:
    """Let both review; they differ on four of what both have."""
    project = walk.desk.project
    waits = "status = candidate and assigned = "
    bo = list(browsing.example_numbers(project=project, where=waits + BO))
    cara = list(browsing.example_numbers(project=project, where=waits + CARA))
    first, second, third, fourth = [number for number in bo if number in cara][:4]
    walk.sign_in(BO)
    _review(walk, {first: "e Bo adds this.", second: "r", fourth: "e One tablet."}, wanted=len(bo))
    walk.sign_in(CARA)
    _see_nothing_of(walk, "Bo adds this.", first)
    walk.go("review")
    assert walk.desk.page(ReviewPage).pane.guideline.fold.plain_text() == "Guideline, version 2"
    _review(walk, {first: "e Cara adds that.", third: "r"}, wanted=len(cara))


def _look_at_agreement(walk: Walk) -> str:
    """Return the sentence on the verdicts; the figures and the three costliest stand there."""
    desk = walk.desk
    walk.sign_in(LEAD)
    walk.go("home")
    walk.picture("home, the lead")
    walk.go("agreement")
    page = desk.page(AgreementPage)
    desk.until(lambda: page.found is not None and page.area.isVisible())
    row = page.rows.rows[0]
    assert "[" in row.values["krippendorff_alpha"].text()
    assert len(page.costliest.links()) == 3
    walk.picture("agreement, before")
    walk.click(row.differing)
    walk.picture("agreement, the items")
    page.area.ensureWidgetVisible(page.pairs)
    walk.picture("agreement, who with whom")
    page.area.ensureWidgetVisible(page.guidelines)
    walk.picture("agreement, by guideline")
    return row.sentence.full_text()


def _settle(walk: Walk) -> dict[str, str | None]:
    """Decide on every disagreement by keys; return the answer of each, None for what is rejected."""
    desk = walk.desk
    walk.go("disagreements")
    page = desk.page(DisagreementsPage)
    decided: dict[str, str | None] = {}
    total = page.inbox.total()
    assert total == 7
    walk.picture("disagreements")
    for number in range(total):
        desk.until(lambda: page.desk.case is not None and page.desk.case.id not in decided)
        desk.rest()
        case = page.desk.case
        assert case is not None
        edits = [i for i, told in enumerate(case.told) if told.sections]
        if edits:
            desk.press(Key(Key.Key_1 + edits[0]))  # a whole version
        elif number % 2:
            desk.press(Key.Key_R)
        else:
            desk.press(Key.Key_E)
            desk.type(OWN)
        entered = page.desk.collect()
        edit = case.base.with_texts(entered.edits(case.base)).answer
        decided[case.id] = None if entered.verdict(case.base) == "reject" else edit
        desk.press(Key.Key_Escape)
        desk.press(Key.Key_D)
        desk.press(Key.Key_C)
        desk.type("The fact sheet says so.")
        walk.picture(f"disagreements, decision {number + 1}")
        desk.press(Key.Key_Return, CTRL)
    desk.until(lambda: not adjudicating.open_disagreements(project=desk.project))
    desk.rest()
    walk.picture("disagreements, none left")
    assert any(text is not None and text.endswith(OWN) for text in decided.values())
    return decided


def _look_again(walk: Walk, before: str) -> None:
    """See that the sentence on the agreement follows the decisions."""
    walk.go("agreement")
    page = walk.desk.page(AgreementPage)
    walk.desk.until(lambda: page.rows.rows[0].sentence.full_text() != before)
    walk.desk.rest()
    assert "6 decided, so 100% are agreed or decided" in page.rows.rows[0].sentence.full_text()
    assert not page.costly.isVisible()
    page.area.verticalScrollBar().setValue(0)
    walk.picture("agreement, after")


def _release(walk: Walk, folder: Path) -> Path:
    """Freeze, export and verify by one key."""
    desk = walk.desk
    walk.go("release")
    page = desk.page(ReleasePage)
    page.form.folder.setText(str(folder / "files"))
    desk.qtbot.wait(400)
    desk.rest()
    walk.picture("release, before")
    desk.until(page.button.isEnabled)
    desk.press(Key.Key_Return, CTRL)
    desk.until(page.result.isVisible)
    desk.rest()
    assert page.result.verdict.text() == "Verified: ok."
    walk.picture("release, made")
    return folder / "files" / "v1"


def _sign(walk: Walk, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Sign with a phrase, save the certificate, and export again: now the files name who signed."""
    desk = walk.desk
    page = desk.page(ReleasePage)
    card = page.signing
    desk.tab_to(card.name)
    card.name.selectAll()
    desk.type("Dr Ana Ruiz")
    desk.tab_to(card.credential)
    desk.type("MD, endocrinology")
    walk.give_phrase(card)
    walk.picture("release, before signing")
    desk.press(Key.Key_Return)
    desk.until(lambda: card.state.text() == "“v1” is signed.")
    desk.rest()
    assert desk.said[-1].text == "“v1” is signed. Files exported before do not say so."
    walk.picture("release, signed")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(folder / "v1.html"), ""))
    walk.click(card.save)
    page.releases.again.setFocus()
    walk.click(page.releases.again)
    desk.until(lambda: page.result.verdict.text() == "Verified: ok.")
    desk.rest()
    walk.picture("release, exported again")
    return folder / "files" / "v1 openai"


def _prove(walk: Walk, folder: Path, decided: dict[str, str | None]) -> None:
    """Read the files as anybody would: every decided text to the letter, nothing rejected, and who answers for it."""
    project = walk.desk.project
    assert exporting.verify(folder=folder).ok
    answers = [
        _answer(line) for part in ("train", "validation", "heldout") for line in _lines(folder / f"{part}.jsonl")
    ]
    kept = [text for text in decided.values() if text is not None]
    assert all(answers.count(text) == 1 for text in kept)
    accepted = browsing.examples(project=project, where=f"status = {Status.ACCEPTED}")
    assert sorted(answers) == sorted(row.content.answer for row in accepted)
    rejected = {row.id for row in browsing.examples(project=project, where=f"status = {Status.REJECTED}")}
    assert {example for example, text in decided.items() if text is None} == rejected
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    (given,) = manifest["signatures"]
    assert (given["name"], given["credential"], given["hash"]) == (
        "Dr Ana Ruiz",
        "MD, endocrinology",
        manifest["release"]["hash"],
    )
    assert "Dr Ana Ruiz" in (folder / "CARD.md").read_text("utf-8")
    page = (folder.parent.parent / "v1.html").read_text("utf-8")
    assert "Dr Ana Ruiz" in page
    assert given["hash"] in page


def _lines(path: Path) -> list[bytes]:
    return [line for line in path.read_bytes().split(b"\n") if line]


def _answer(line: bytes) -> str:
    return str(json.loads(line)["messages"][-1]["content"])
