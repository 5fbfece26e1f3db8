"""Numbers and addresses of the net in the form of those that they stand for, which are nobody's.

Where a body has reserved numbers for examples or for fiction they are taken; where a number has a checksum, it fails.
The others (a record, an account, a licence, a plate) are random digits and letters of the same form.
"""

import re
import unicodedata
from collections.abc import Iterator
from importlib import import_module

from accord.checks.personal import numbers
from accord.checks.personal.folding import fold
from accord.checks.personal.surrogates_chance import Chance

#: Where it is said that these are nobody's.
SOURCES = {
    "us-ssn": "666 is no area number (Social Security Administration, POMS RM 10201.035)",
    "gb-nino": "the prefix QQ is not allocated (HMRC, National Insurance Manual NIM39110)",
    "email": "example.com, example.org and example.net (RFC 2606 and 6761)",
    "ip": "192.0.2.0/24, 198.51.100.0/24 and 203.0.113.0/24 (RFC 5737); 2001:db8::/32 (RFC 3849)",
    "mac": "00-00-5E-00-53-00 to 00-00-5E-00-53-FF (RFC 9542)",
    "phone": (
        "(XXX) 555-0100 to 0199 (NANPA, 555 line numbers); the numbers for drama of Ofcom, ACMA, ARCEP (2018-0881) and "
        "the Bundesnetzagentur (148/2021); elsewhere numbers that the country's numbering plan does not have"
    ),
}
_CHECKED = {
    "card": "stdnum.luhn",
    "iban": "stdnum.iban",
    "us-itin": "stdnum.us.itin",
    "es-dni": "stdnum.es.dni",
    "es-nie": "stdnum.es.nie",
    "es-cif": "stdnum.es.cif",
    "de-steuer-id": "stdnum.de.idnr",
    "fr-nir": "stdnum.fr.nir",
    "it-codice-fiscale": "stdnum.it.codicefiscale",
    "gb-nhs": "stdnum.gb.nhs",
    "nl-bsn": "stdnum.nl.bsn",
    "be-nn": "stdnum.be.nn",
    "ch-ahv": "stdnum.ch.ssn",
    "pl-pesel": "stdnum.pl.pesel",
    "pt-nif": "stdnum.pt.nif",
    "se-personnummer": "stdnum.se.personnummer",
    "dk-cpr": "stdnum.dk.cpr",
    "fi-hetu": "stdnum.fi.hetu",
    "br-cpf": "stdnum.br.cpf",
    "cn-ric": "stdnum.cn.ric",
    "imei": "stdnum.imei",
}
#: How many signs at the beginning say of which country or issuer a number is, and stay.
_KEPT = {"iban": 2, "card": 1, "ch-ahv": 3}
_SSN_DIGITS = 9
#: Regions of ZIP codes whose first three digits are of 20,000 people or fewer (census of 2000), as the HHS lists them.
_FEW = "036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893"
_FEW_PEOPLE = frozenset(_FEW.split())
_ZIP = re.compile(r"\d{5}(?:-\d{4})?")
_OF_ZIP = re.compile(r"(?:(?<!\w)[A-Z]{2}\.?,?|(?i:zip)(?: ?codes?)?(?: is)?)[ .:#\n]*$")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_TRIES = 400


def signs(written: str) -> str:
    """Return the letters and digits of a number, capitals and plain digits, by which it is the same number."""
    return "".join(char for char in fold(written).upper() if char.isalnum())


def digits(written: str) -> str:
    """Return the digits alone."""
    return "".join(char for char in fold(written) if char.isdigit())


def filled(like: str, new: str, *, digits_only: bool = False) -> str:
    """Return ``like`` with its letters and digits replaced from the right, in its script and its capitals."""
    left, made = list(new), []
    for char in reversed(like):
        takes = unicodedata.decimal(char, None) is not None or (char.isalnum() and not digits_only)
        made.append(_as(char, left.pop()) if takes and left else char)
    return "".join(reversed(made))


def _as(like: str, new: str) -> str:
    if new.isdigit():
        of_script = unicodedata.decimal(like, None)
        return new if of_script is None else chr(ord(like) - of_script + int(new))
    return new.lower() if like.islower() else new


def candidates(entity: str, written: str, chance: Chance) -> Iterator[str]:
    """Yield letters and digits for a number of this kind, each of the same form; none passes a checksum."""
    old = signs(written)
    for _each in range(_TRIES):
        new = _fixed(entity, old, _same_form(old, _KEPT.get(entity, 0), chance), chance)
        if new != old and not _holds(entity, filled(written, new)):
            yield new


def _same_form(old: str, kept: int, chance: Chance) -> str:
    made = list(old[:kept])
    for at, char in enumerate(old[kept:], kept):
        if char.isdigit():
            made.append(str(1 + chance.below(9)) if at == 0 and char != "0" else chance.digits(1))
        else:
            made.append(chance.pick(_LETTERS) if char.isascii() else char)
    return "".join(made)


def _fixed(entity: str, old: str, new: str, chance: Chance) -> str:
    """Return the number with the beginning that says that it is nobody's, where there is one."""
    if entity == "us-ssn" or (entity == "national-id" and old.isdigit() and len(old) == _SSN_DIGITS):
        return "666" + new[3:]
    if entity == "us-itin":
        return f"9{new[1:3]}{1 + chance.below(4)}{new[4:]}"
    return "QQ" + new[2:] if entity == "gb-nino" else new


def _holds(entity: str, written: str) -> bool:
    """Say whether somebody could bear this number: its checksum holds, or its form is enough."""
    proof = _CHECKED.get(entity)
    if proof and import_module(proof).is_valid(fold(written)):
        return True
    return entity != "gb-nino" and bool(list(numbers.find(fold(written), [(0, len(written))])))


def postal_code(written: str, before: str) -> str | None:
    """Return a ZIP code of the United States by its first three digits, as Safe Harbor allows; None for another's.

    ``before``: what stands before it in the text.
    """
    if not _ZIP.fullmatch(fold(written)) or not _OF_ZIP.search(before):
        return None
    start = fold(written)[:3]
    return ("000" if start in _FEW_PEOPLE else start) + "XX"


def ip_addresses(written: str, chance: Chance) -> Iterator[str]:
    """Yield addresses of the networks for documentation."""
    if ":" in fold(written):
        for _each in range(_TRIES):
            yield "2001:db8::" + ":".join(f"{chance.below(0x10000):x}" for _group in range(3))
    else:
        nets = [f"{net}.{host}" for net in ("192.0.2", "198.51.100", "203.0.113") for host in range(1, 255)]
        yield from chance.shuffled(nets)


def mac_addresses(written: str, chance: Chance) -> Iterator[str]:
    """Yield hardware addresses of the range for documentation."""
    sign = "-" if "-" in fold(written) else ":"
    for last in chance.shuffled(range(0x100)):
        made = sign.join(("00", "00", "5e", "00", "53", f"{last:02x}"))
        yield made.upper() if written.isupper() else made


def web_addresses(written: str, chance: Chance) -> Iterator[str]:
    """Yield addresses of pages that no server has, with the beginning that the address has."""
    start = re.match(r"(?i:(?:https?|ftp)://)?(?i:www\.)?", written)
    head = start.group() if start else ""
    for _each in range(_TRIES):
        yield f"{head}example.com/" + "".join(chance.pick("abcdefghijkmnpqrstuvwxyz23456789") for _sign in range(8))
