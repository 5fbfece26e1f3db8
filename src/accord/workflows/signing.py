"""Signing a release off: a person says under her name that she answers for it, and may take that back.

Whoever signs types the password of the login again (a team's server), or a phrase that is hers (a file). A signature is
bound to the release's hash and holds only while the release's own rows still give that hash.
"""

import unicodedata
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from accord.domain import phrases
from accord.domain.batches import BATCH
from accord.domain.canonical import sha256_hex
from accord.domain.errors import NotFound, Refused
from accord.domain.ledger import Who
from accord.domain.people import Person, Role
from accord.domain.releases import Release, content_hash
from accord.domain.signatures import LONGEST_NAME as LONGEST_NAME
from accord.domain.signatures import LONGEST_STATEMENT as LONGEST_STATEMENT
from accord.domain.signatures import Signature, SignatureState
from accord.domain.wording import _
from accord.formats.certificate import certificate_html, write_certificate
from accord.formats.tallies import Tallies
from accord.storage import events, people, purges, releases, signatures, team
from accord.storage.project import Project, Unit, View
from accord.workflows import naming, permissions
from accord.workflows.releasing import exported_codes

_JOINERS = "\u200c\u200d"  # letters of some scripts need them


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """What is known of who signs here: ``by_password`` on a team's server, else by a phrase; ``has_phrase`` already."""

    name: str
    credential: str
    by_password: bool
    has_phrase: bool


class WrongPhrase(Refused):
    """The password or the phrase is not the person's own."""

    def __init__(self, *, password: bool, withdrawing: bool = False) -> None:
        said = _("This is not your password.") if password else _("This is not your phrase.")
        undone = _("Nothing was withdrawn; type it again.") if withdrawing else _("Nothing was signed; type it again.")
        super().__init__(f"{said} {undone}")


def default_statement() -> str:
    """Return the words that are proposed to who signs."""
    return _(
        "I answer for the release of this dataset. Its examples were reviewed as stated here; to the best of my "
        "knowledge they are correct, and may be used for the purpose of this project."
    )


def phrase_in(*, path: Path) -> str:
    """Return the phrase or password in the first line of a file. Raises Refused where it cannot be read."""
    try:
        with path.open(encoding="utf-8") as file:
            return file.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(_("{path} cannot be read as text. Nothing was changed.", path=path)) from error


def signer(*, project: Project, who: Who) -> Signer:
    """Return what is known of who would sign."""
    with project.read() as view:
        known = people.named(view.connection, who.actor)
        by_password, kept = team.is_team(view), signatures.phrase_of(view, who.actor)
    credential = known.credential if known is not None else ""
    return Signer(name=who.actor, credential=credential, by_password=by_password, has_phrase=bool(kept))


def sign(
    *, project: Project, who: Who, release: str, name: str, credential: str, statement: str = "", phrase: str
) -> Signature:
    """Sign a release under a printed name and a credential, which may be empty.

    Who signs again replaces her earlier signature, which stays written. ``phrase`` is the password of the login on a
    team's server. In a file it is the person's own phrase: the first one that she types becomes it, and only a verifier
    of it is kept. Raises NotFound, WrongPhrase, and Refused for what cannot be printed, for a release that is not as it
    was frozen, and for a name that is not of the project.
    """
    printed = _one_line(name, _("name"))
    capacity = _one_line(credential, _("credential")) if credential.strip() else ""
    said = _statement(statement or default_statement())
    new = _prove(project, who, phrase)
    with project.read() as view:
        hash_ = _as_frozen(view, release)
    with project.write(who) as unit:
        if purges.purged_from(unit, release):
            raise _changed(release)
        _introduce(unit, capacity)
        if new:
            signatures.keep_phrase(unit, unit.actor, new)
        number = signatures.sign(unit, release, name=printed, credential=capacity, statement=said, hash_=hash_)
        events.append(unit, "sign", {"signature": number, "release": release, "hash": hash_})
        unit.commit()
    return next(one for one in of_release(project=project, release=release) if one.id == number)


def withdraw(*, project: Project, who: Who, release: str, phrase: str) -> Signature:
    """Take one's own signature back; it stays written that it was given. Raises NotFound, WrongPhrase and Refused."""
    mine = own(project=project, who=who, release=release)
    if mine is None:
        raise Refused(_("You have no signature under “{name}” that could be withdrawn.", name=release))
    _prove(project, who, phrase, withdrawing=True)
    with project.write(who) as unit:
        number = signatures.withdraw(unit, mine)
        events.append(unit, "withdraw_signature", {"signature": mine.id, "by": number, "release": release})
        unit.commit()
    return replace(mine, state=SignatureState.WITHDRAWN)


def of_release(*, project: Project, release: str) -> list[Signature]:
    """Return all signatures under a release, oldest first, and what has become of each. Raises NotFound."""
    deep = permissions.leads(project=project)
    with project.read() as view:
        return signatures_of(view, release, deep=deep)


def signatures_of(view: View, release: str, *, deep: bool = True) -> list[Signature]:
    """Return the signatures under a release and whether each holds.

    The release's hash is worked out anew from its rows, with ``deep`` from the texts too: a reviewer may not see those
    of an example that waits again.
    """
    found = _found(view, release)
    given = signatures.of_release(view, release)
    if not given:
        return []
    now = "" if purges.purged_from(view, release) else _hash_of_rows(view, found, deep=deep)
    return [
        replace(one, state=SignatureState.VOID) if one.holds and not one.hash == now == found.hash else one
        for one in given
    ]


def certificate(
    *, project: Project, release: str, to: Path, with_names: bool = True, replace_file: bool = False
) -> Path:
    """Write a release's certificate, one page of HTML, and return its path.

    ``with_names`` False numbers the reviewers; who signs is named all the same. Raises NotFound, and Refused where a
    file is in the way (unless ``replace_file``) or examples of the release were deleted for good.
    """
    if not replace_file:
        refuse_file_in_the_way(to)
    with project.read() as view:
        found = _found(view, release)
        if purges.purged_from(view, release):
            raise _changed(release)
        given = signatures_of(view, release, deep=permissions.leads(project=project))
        settings = releases.settings_of(view, release)
        tallies, left = Tallies(), releases.examples(view, release)
        while some := list(islice(left, BATCH)):
            tallies.add(some)
    page = certificate_html(
        found,
        tallies,
        title=settings.title,
        purpose=settings.charter.goal,
        signatures=given,
        with_names=with_names,
    )
    write_certificate(to, page)
    return to


def refuse_file_in_the_way(to: Path) -> None:
    """Raise Refused where a certificate would be written over a file."""
    if to.exists():
        raise Refused(_("{path} is already there. It was not touched; choose another name.", path=to))


def _prove(project: Project, who: Who, phrase: str, *, withdrawing: bool = False) -> str:
    """Return the verifier of a phrase that is the person's first; empty where what was typed is right.

    Raises WrongPhrase, and Refused where nothing can be proved.
    """
    with project.read() as view:
        by_password, kept = team.is_team(view), signatures.phrase_of(view, who.actor)
        _require_of_project(view, who)
    if by_password:
        _prove_password(project, phrase, withdrawing=withdrawing)
        return ""
    if not kept:
        if len(phrase) < phrases.LEAST_PHRASE or not phrase.strip():
            raise Refused(_("A phrase has at least {n} letters. Nothing was signed.", n=phrases.LEAST_PHRASE))
        return phrases.verifier(phrase)
    if not phrases.matches(phrase, kept):
        raise WrongPhrase(password=False, withdrawing=withdrawing)
    return ""


def _prove_password(project: Project, password: str, *, withdrawing: bool) -> None:
    opens = project.opens_with(password) if password else False
    if opens is None:
        raise Refused(
            _(
                "The server lets you in without a password, so typing one proves nothing. Nothing was changed; ask "
                "whoever keeps it to require passwords (scram-sha-256)."
            )
        )
    if not opens:
        raise WrongPhrase(password=True, withdrawing=withdrawing)


def _require_of_project(view: View, who: Who) -> None:
    named = [person for person in people.everyone(view.connection) if person.active]
    if named and who.actor not in {person.name for person in named}:
        raise Refused(
            _(
                "{name} is not one of the people of this project. A lead adds people; nothing was changed.",
                name=who.actor,
            )
        )


def _introduce(unit: Unit, credential: str) -> None:
    """Let who signs be known to the project: in a file with no people yet as a lead, beside whoever made it."""
    known = people.named(unit.connection, unit.actor)
    if known is None and not team.is_team(unit):
        naming.have_leads(unit)
        people.put(unit.connection, Person(name=unit.actor, role=Role.LEAD, credential=credential), at=unit.at)
    elif known is not None and credential and not known.credential:
        people.describe(unit.connection, unit.actor, credential)


def own(*, project: Project, who: Who, release: str) -> Signature | None:
    """Return one's own signature under a release, None where there is none in force. Raises NotFound."""
    name = project.person.name if project.person is not None else who.actor
    with project.read() as view:
        _found(view, release)
        given = signatures.of_release(view, release)
    return next((one for one in given if one.author == name and one.holds), None)


def _found(view: View, name: str) -> Release:
    release = releases.find(view, name)
    if release is None:
        raise NotFound(_("release"), name)
    return release


def _as_frozen(view: View, name: str) -> str:
    """Return the hash of a release whose rows still give it. Raises NotFound, and Refused for another."""
    release = _found(view, name)
    if purges.purged_from(view, name) or _hash_of_rows(view, release, deep=True) != release.hash:
        raise _changed(name)
    return release.hash


def _changed(name: str) -> Refused:
    return Refused(
        _(
            "“{name}” is no longer as it was frozen: nobody can sign for it, and it gets no certificate. Make a new "
            "release.",
            name=name,
        )
    )


def _hash_of_rows(view: View, release: Release, *, deep: bool) -> str:
    """Return the hash that a release's rows give now; a text that is not what its own hash says changes it."""
    if deep:
        items = [
            (one.id, one.hash if sha256_hex(one.text) == one.hash else "", one.part)
            for one in releases.examples(view, release.name)
        ]
    else:
        items = [(id_, hash_, part) for id_, (part, hash_) in releases.parts(view, release.name).items()]
    return content_hash(
        instruction=release.instruction,
        mode=release.instruction_mode,
        codes=exported_codes(releases.settings_of(view, release.name)),
        items=sorted(items),
    )


def _one_line(text: str, what: str) -> str:
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    _require_printable(line, what, LONGEST_NAME)
    return line


def _statement(text: str) -> str:
    said = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").strip())
    _require_printable(said.replace("\n", " "), _("statement"), LONGEST_STATEMENT)
    return said


def _require_printable(text: str, what: str, most: int) -> None:
    odd = any(unicodedata.category(letter) in {"Cc", "Cs", "Cf"} for letter in text if letter not in _JOINERS)
    if not text or len(text) > most or odd:
        raise Refused(_("A {what} has 1 to {n} letters and no control signs. Nothing was signed.", what=what, n=most))
