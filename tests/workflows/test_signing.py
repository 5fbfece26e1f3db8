"""Signing off: by phrase or password, bound to what was frozen, void by any change, withdrawn by whoever signed."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.servers import Server
from tests.teams import ANA, LENA, PASSWORD, Team, who
from tests.workflows.texts import WHO, accept_all, release

from accord.domain import phrases
from accord.domain.errors import NotFound, Refused
from accord.domain.ledger import Who
from accord.domain.people import Person, Role
from accord.domain.signatures import SignatureState
from accord.storage import events, people, schema
from accord.storage.project import Project
from accord.workflows import exporting, importing, keeping, signing
from accord.workflows.signing import WrongPhrase

PHRASE = "two words and a dose"
BEN = Who(actor="ben", device="there")


@pytest.fixture
def filled(project: Project, tmp_path: Path) -> Project:
    """A project with one release of thirty examples."""
    lines = [f"Question {n} on topic{n}?,Answer {n} with word{n} and hour{n}." for n in range(30)]
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(["q,a", *lines]), encoding="utf-8")
    importing.import_file(project=project, who=WHO, path=path, mapping={"request": "q", "answer": "a"})
    accept_all(project)
    release(project, "v1")
    return project


def signed(project: Project, person: Who = WHO, phrase: str = PHRASE, name: str = "Dr Ana Ruiz") -> None:
    """Sign the release."""
    signing.sign(project=project, who=person, release="v1", name=name, credential="MD, cardiology", phrase=phrase)


def states(project: Project) -> list[str]:
    """Return what has become of each signature."""
    return [one.state.value for one in signing.of_release(project=project, release="v1")]


def behind_the_guards(project: Project, change: "sa.Update | sa.Delete") -> None:
    """Change frozen rows as somebody would who opens the file with another program."""
    with project.write(WHO) as unit:
        unit.connection.execute(sa.insert(schema.purge_guard).values(id=1))
        assert unit.connection.execute(change).rowcount
        unit.connection.execute(sa.delete(schema.purge_guard))
        unit.commit()


def test_a_signature_says_who_answers_for_what(filled: Project) -> None:
    signed(filled)
    (one,) = signing.of_release(project=filled, release="v1")
    assert (one.name, one.credential, one.author) == ("Dr Ana Ruiz", "MD, cardiology", "ana")
    assert one.statement == signing.default_statement()
    assert one.holds
    with filled.read() as view:
        assert one.hash == view.connection.execute(sa.select(schema.release.c.hash)).scalar()
        refs = [event.refs for event in events.walk(view) if event.kind == "sign"]
        assert refs == [{"signature": one.id, "release": "v1", "hash": one.hash}]
        known = people.named(view.connection, "ana")
    assert known == Person(name="ana", role=Role.LEAD, credential="MD, cardiology")


def test_the_phrase_is_set_once_and_never_kept(filled: Project, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="at least 10 letters"):
        signed(filled, phrase="short")
    signed(filled)
    for wrong in ("two words and a dosE", "", PHRASE + " "):
        with pytest.raises(WrongPhrase):
            signed(filled, phrase=wrong, name="Somebody Else")
    assert [one.name for one in signing.of_release(project=filled, release="v1")] == ["Dr Ana Ruiz"]
    signed(filled, name="Ana Ruiz")
    found = signing.of_release(project=filled, release="v1")
    assert [(one.name, one.state.value) for one in found] == [("Dr Ana Ruiz", "replaced"), ("Ana Ruiz", "holds")]
    copy, _digest = keeping.backup(project=filled, to=tmp_path / "copy.accord")
    assert PHRASE.encode() not in copy.read_bytes()
    with filled.write(WHO) as unit:  # a change of what is known of a person leaves her phrase
        people.put(unit.connection, Person(name="ana", role=Role.LEAD, credential="MD"), at=unit.at)
        unit.commit()
    with pytest.raises(WrongPhrase):
        signed(filled, phrase="another phrase of hers")


@pytest.mark.parametrize("phrase", ["long enough to be one", "Größe und Übermaß", "  spaces too  "])
def test_a_verifier_knows_its_phrase_and_no_other(phrase: str) -> None:
    kept = phrases.verifier(phrase)
    assert phrases.matches(phrase, kept)
    assert not phrases.matches(phrase.strip() + "x", kept)
    assert kept != phrases.verifier(phrase)
    for broken in ("", "scrypt", kept[:-2], kept.replace("scrypt", "plain"), f"plain${phrase}"):
        assert not phrases.matches(phrase, broken)


def _moved() -> sa.Update:
    item = schema.release_item
    other = sa.case((item.c.part == "train", "heldout"), else_="train")
    return sa.update(item).where(item.c.seq == 3).values(part=other)


def _replaced(column: "sa.Column[str]", old: str, new: str) -> sa.Update:
    assert isinstance(column.table, sa.Table)
    return sa.update(column.table).values({column.name: sa.func.replace(column, old, new)})


CHANGES: "dict[str, sa.Update | sa.Delete]" = {
    "part": _moved(),
    "item hash": sa.update(schema.release_item).where(schema.release_item.c.seq == 3).values(hash="0" * 64),
    "text": _replaced(schema.example.c.content, "word2", "word9"),
    "row": sa.delete(schema.release_item).where(schema.release_item.c.seq == 3),
    "instruction": _replaced(schema.release.c.facts, '"instruction":""', '"instruction":"Be kind."'),
    "codes": sa.update(schema.release).values(
        settings=sa.func.replace(
            sa.func.replace(schema.release.c.settings, '"export_codes":false', '"export_codes":true'),
            '"choices":[]',
            '"choices":[{"label":"Yes","code":"1"}]',
        )
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_of_what_was_frozen_voids_it(filled: Project, what: str) -> None:
    signed(filled)
    behind_the_guards(filled, CHANGES[what])
    assert states(filled) == ["void"]
    with pytest.raises(Refused, match="no longer as it was frozen"):
        signed(filled)


def test_deleting_an_example_for_good_voids_it(filled: Project) -> None:
    signed(filled)
    with filled.read() as view:
        gone = view.connection.execute(sa.select(schema.example.c.id).limit(1)).scalar_one()
    keeping.purge(project=filled, who=WHO, example_id=gone, reason="asked for")
    assert states(filled) == ["void"]


def test_who_signed_may_withdraw_and_nobody_else(filled: Project) -> None:
    signed(filled)
    with pytest.raises(Refused, match="no signature"):
        signing.withdraw(project=filled, who=BEN, release="v1", phrase=PHRASE)
    with pytest.raises(WrongPhrase, match="Nothing was withdrawn"):
        signing.withdraw(project=filled, who=WHO, release="v1", phrase="not the phrase")
    assert states(filled) == ["holds"]
    taken = signing.withdraw(project=filled, who=WHO, release="v1", phrase=PHRASE)
    assert taken.state is SignatureState.WITHDRAWN
    assert states(filled) == ["withdrawn"]
    with pytest.raises(Refused, match="no signature"):
        signing.withdraw(project=filled, who=WHO, release="v1", phrase=PHRASE)
    signed(filled)
    assert states(filled) == ["withdrawn", "holds"]
    with filled.read() as view:
        kinds = list(view.connection.execute(sa.select(schema.signature.c.kind)).scalars())
    assert kinds == ["sign", "withdraw", "sign"]


def test_only_the_people_of_a_project_sign_and_several_may(filled: Project) -> None:
    signed(filled)
    with pytest.raises(Refused, match="ben is not one of the people"):
        signed(filled, BEN, "the phrase of ben", "Ben Ode")
    with filled.write(WHO) as unit:
        people.put(unit.connection, Person(name="ben", role=Role.ADJUDICATOR), at=unit.at)
        unit.commit()
    signed(filled, BEN, "the phrase of ben", "Ben Ode")
    with pytest.raises(WrongPhrase):  # each has a phrase of her own
        signed(filled, BEN, PHRASE)
    assert [(one.name, one.holds) for one in signing.of_release(project=filled, release="v1")] == [
        ("Dr Ana Ruiz", True),
        ("Ben Ode", True),
    ]


@pytest.mark.parametrize(
    "odd", [{"name": ""}, {"name": "  "}, {"credential": "M\u202eD"}, {"name": "A\u202eB"}, {"name": "x" * 201}]
)
def test_what_cannot_be_printed_is_not_signed(filled: Project, odd: dict[str, str]) -> None:
    said = {"name": "Ana", "credential": "MD", **odd}
    with pytest.raises(Refused):
        signing.sign(project=filled, who=WHO, release="v1", phrase=PHRASE, **said)
    with pytest.raises(NotFound):
        signing.sign(project=filled, who=WHO, release="v9", name="Ana", credential="MD", phrase=PHRASE)
    assert states(filled) == []


def test_a_signature_moves_with_the_project(filled: Project, tmp_path: Path) -> None:
    signed(filled)
    copy, _digest = keeping.backup(project=filled, to=tmp_path / "copy.accord")
    restored = keeping.restore(source=copy, to=tmp_path / "restored.accord")
    assert states(restored) == ["holds"]
    restored.close()


@pytest.fixture
def passwords(server: Server, database: str) -> "sa.URL":
    """The address of a database whose logins need their passwords, all but its owner's."""
    server.ask_passwords(database)
    return sa.make_url(database)


def test_on_a_teams_server_the_password_signs(passwords: sa.URL) -> None:
    team = Team(passwords.render_as_string(hide_password=False))
    try:
        lead = team[LENA]
        accept_all_as(lead)
        release_as(lead)
        with pytest.raises(WrongPhrase):
            signing.sign(project=lead, who=who(LENA), release="v1", name="Lena", credential="MD", phrase=PASSWORD + "x")
        with pytest.raises(WrongPhrase):
            signing.sign(project=lead, who=who(LENA), release="v1", name="Lena", credential="MD", phrase="")
        for person, printed, credential in ((LENA, "Dr Lena", "MD"), (ANA, "Ana, reviewer", "")):
            signing.sign(
                project=team[person],
                who=who(person),
                release="v1",
                name=printed,
                credential=credential,
                phrase=PASSWORD,
            )
        found = signing.of_release(project=team[ANA], release="v1")
        assert [(one.author, one.holds) for one in found] == [(LENA, True), (ANA, True)]
        with team.raw(ANA) as typed, pytest.raises(Exception, match="row-level security"):
            typed.execute(
                "INSERT INTO accord.signature (release_id, kind, name, credential, statement, hash, author, act, at) "
                "SELECT release_id, kind, name, credential, statement, hash, author, act, at FROM accord.signature "
                "WHERE author = 'lena'"
            )
        taken = signing.withdraw(project=team[ANA], who=who(ANA), release="v1", phrase=PASSWORD)
        assert taken.state is SignatureState.WITHDRAWN
        with lead.read() as view:
            assert set(view.connection.execute(sa.select(schema.person.c.phrase)).scalars()) == {""}
    finally:
        team.close()


def test_a_server_that_asks_for_no_password_proves_nothing(database: str) -> None:
    team = Team(database)
    try:
        accept_all_as(team[LENA])
        release_as(team[LENA])
        with pytest.raises(Refused, match="without a password"):
            signing.sign(project=team[LENA], who=who(LENA), release="v1", name="L", credential="MD", phrase=PASSWORD)
    finally:
        team.close()


def accept_all_as(project: Project) -> None:
    """Accept all that need one reviewer."""
    from accord.domain.review import Judgement, Verdict
    from accord.workflows import browsing, reviewing

    for row in list(browsing.examples(project=project)):
        reviewing.submit(project=project, who=who(LENA), example_id=row.id, judgement=Judgement(verdict=Verdict.ACCEPT))


def release_as(project: Project) -> None:
    """Make a release."""
    from accord.domain.releases import ReleasePlan
    from accord.workflows import releasing

    releasing.make(project=project, who=who(LENA), name="v1", plan=ReleasePlan())


def test_the_certificate_says_it_all_and_takes_nothing_as_markup(filled: Project, tmp_path: Path) -> None:
    odd = '<script>alert(1)</script> & "Ana" <img src=x onerror=y>'
    signing.sign(
        project=filled, who=WHO, release="v1", name=odd, credential=odd, statement=f"I do.\n{odd}", phrase=PHRASE
    )
    path = signing.certificate(project=filled, release="v1", to=tmp_path / "v1.html")
    page = path.read_text("utf-8")
    assert re.search(r"<(script|img|a|link|iframe|object)\b", page) is None
    assert re.search(r"https?:|src=\w*\"|url\(", page.replace("src=x onerror=y", "")) is None
    assert page.count("&lt;script&gt;") == 3
    assert "<bdi>ana</bdi> (30)" in page
    (one,) = signing.of_release(project=filled, release="v1")
    assert one.hash in page
    assert "no qualified electronic signature" in page
    with pytest.raises(Refused, match="already there"):
        signing.certificate(project=filled, release="v1", to=path)
    assert path.read_text("utf-8") == page
    signing.certificate(project=filled, release="v1", to=path, with_names=False, replace_file=True)
    assert "ana" not in re.sub(r"Ana|<[^>]*>", "", path.read_text("utf-8")).split()
    assert "<bdi>ana</bdi>" not in path.read_text("utf-8")
    assert "reviewer 1 (30)" in path.read_text("utf-8")
    signing.withdraw(project=filled, who=WHO, release="v1", phrase=PHRASE)
    signing.certificate(project=filled, release="v1", to=path, replace_file=True)
    assert "Not signed." in path.read_text("utf-8")


def test_no_credential_and_a_second_signature_are_said_on_the_certificate(filled: Project, tmp_path: Path) -> None:
    signing.sign(project=filled, who=WHO, release="v1", name="Ana", credential=" ", phrase=PHRASE)
    (first,) = signing.of_release(project=filled, release="v1")
    assert (first.credential, first.titled) == ("", "Ana (no credential given)")
    page = signing.certificate(project=filled, release="v1", to=tmp_path / "1.html").read_text("utf-8")
    assert "no credential given" in page
    assert "by “<bdi>ana</bdi>” of this project" in page
    assert "takes the place" not in page
    signed(filled, name="Dr Ana Ruiz")
    page = signing.certificate(project=filled, release="v1", to=tmp_path / "2.html").read_text("utf-8")
    assert "no credential given" not in page
    assert page.count('class="sign"') == 1
    assert "It takes the place of one of 20" in page
    out = tmp_path / "out"
    exporting.export(project=filled, who=WHO, release_name="v1", format_name="openai", out=out)
    assert [one["name"] for one in json.loads((out / "manifest.json").read_text("utf-8"))["signatures"]] == [
        "Dr Ana Ruiz"
    ]
    assert _problems(out) == set()


def _problems(folder: Path) -> set[str]:
    return {p.rule for p in exporting.verify(folder=folder).problems if p.severity == "error"}


def test_an_export_bears_the_signatures_that_hold_and_verify_sees_a_change(filled: Project, tmp_path: Path) -> None:
    def export(name: str) -> Path:
        out = tmp_path / name
        exporting.export(project=filled, who=WHO, release_name="v1", format_name="openai", out=out)
        return out

    before = export("before")
    assert json.loads((before / "manifest.json").read_text("utf-8"))["signatures"] == []
    assert "Not signed." in (before / "CARD.md").read_text("utf-8")
    signed(filled)
    out = export("after")
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    (one,) = manifest["signatures"]
    assert (one["name"], one["credential"], one["hash"]) == (
        "Dr Ana Ruiz",
        "MD, cardiology",
        manifest["release"]["hash"],
    )
    card = (out / "CARD.md").read_text("utf-8")
    assert "Dr Ana Ruiz, MD, cardiology, on " in card
    assert _problems(before) == _problems(out) == set()

    def written(change: dict[str, Any]) -> set[str]:
        (out / "manifest.json").write_text(json.dumps({**manifest, **change}) + "\n", encoding="utf-8")
        return _problems(out)

    assert written({"signatures": []}) == {"signature.card"}
    assert written({"signatures": [{**one, "name": "Somebody Else"}]}) == {"signature.card"}
    assert written({"signatures": [{**one, "hash": "0" * 64}]}) == {"signature.card", "signature.hash"}
    assert written({"signatures": "x"}) == {"signature.shape"}
    other = {**manifest["release"], "hash": "0" * 64}
    assert written({"release": other}) == {"release.hash", "signature.hash"}
    assert written({}) == set()
    signing.withdraw(project=filled, who=WHO, release="v1", phrase=PHRASE)
    assert {p.name: p.read_bytes() for p in export("later").iterdir()} == {
        p.name: p.read_bytes() for p in before.iterdir()
    }
