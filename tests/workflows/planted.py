"""Identifiers as people write them, each of the kinds that have a form, for texts in which a test then looks for them.

They are drawn, nobody's on purpose, and valid: checksums hold by python-stdnum, telephone numbers by phonenumbers.
"""

import random
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import phonenumbers
from stdnum import iban, luhn
from stdnum.es import dni, nie
from stdnum.gb import nhs
from stdnum.us import ssn

from accord.checks.personal.numbers import _nass, _vin

Make = Callable[[random.Random], str]
_STREETS = ("Oak", "Maple", "Washington", "Church", "Lake", "Willow", "Cedar", "Spring")
_CALLES = ("Mayor", "Alcalá", "de la Princesa", "del Prado", "Serrano", "Colón", "San Vicente", "Goya")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MESES = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
]


@dataclass(frozen=True, slots=True)
class Planted:
    """One identifier, the sentence that holds it, the rule that is to find it, and the language of the sentence."""

    rule: str
    language: str
    sentence: str
    identifier: str


def planted(count: int, seed: int) -> Iterator[Planted]:
    """Yield identifiers, each kind in turn."""
    chance = random.Random(seed)
    for number in range(count):
        rule, language, sentence, make = _KINDS[number % len(_KINDS)]
        identifier = make(chance)
        yield Planted(rule, language, sentence.format(identifier), identifier)


def kinds() -> int:
    """Return how many kinds of sentences there are."""
    return len(_KINDS)


def _digits(chance: random.Random, count: int) -> str:
    return str(chance.randint(1, 9)) + "".join(chance.choices(string.digits, k=count - 1))


def _until(make: Callable[[], str], holds: Callable[[str], bool]) -> str:
    return next(one for one in iter(make, None) if holds(one))


def _email(chance: random.Random) -> str:
    word = "".join(chance.choices(string.ascii_lowercase, k=chance.randint(4, 9)))
    host = chance.choice(("hospital-norte.es", "gmail.com", "stmarys.nhs.uk", "law-office.org", "uni-mail.net"))
    return f"{word}{chance.choice(('.', '_', ''))}{_digits(chance, 3)}@{host}"


def _phone(region: str, form: int) -> Make:
    def make(chance: random.Random) -> str:
        like = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.FIXED_LINE)
        assert like is not None
        length = len(str(like.national_number))

        def draw() -> str:
            return str(like.national_number)[: length - 6] + "".join(chance.choices(string.digits, k=6))

        def valid(digits: str) -> bool:
            return phonenumbers.is_valid_number(phonenumbers.parse(digits, region))

        found = phonenumbers.parse(_until(draw, valid), region)
        return phonenumbers.format_number(found, form)

    return make


def _ssn(chance: random.Random) -> str:
    return ssn.format(_until(lambda: _digits(chance, 9), ssn.is_valid))


def _nhs(chance: random.Random) -> str:
    return nhs.format(_until(lambda: _digits(chance, 10), nhs.is_valid))


def _dni(chance: random.Random) -> str:
    number = _digits(chance, 8)
    return number + dni.calc_check_digit(number)


def _nie(chance: random.Random) -> str:
    number = chance.choice("XYZ") + _digits(chance, 7)
    return number + nie.calc_check_digit(number)


def _spanish_security(chance: random.Random) -> str:
    return _until(lambda: f"{chance.randint(1, 52):02}{_digits(chance, 8)}{chance.randint(0, 96):02}", _nass)


def _card(chance: random.Random) -> str:
    number = "4" + _digits(chance, 14)
    number += luhn.calc_check_digit(number)
    return chance.choice((number, " ".join(number[at : at + 4] for at in range(0, 16, 4))))


def _iban(chance: random.Random) -> str:
    country, bank, length = chance.choice((("DE", "", 18), ("NL", "ABNA", 10), ("PT", "", 21)))

    def draw() -> str:
        body = bank + _digits(chance, length)
        return country + iban.calc_check_digits(f"{country}00{body}") + body

    found = _until(draw, iban.is_valid)
    return chance.choice((found, iban.format(found)))


def _vehicle(chance: random.Random) -> str:
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ" + string.digits

    def draw() -> str:
        return (
            "".join(chance.choices(letters, k=8)) + chance.choice("0123456789X") + "".join(chance.choices(letters, k=8))
        )

    return _until(draw, _vin)


def _plate(chance: random.Random) -> str:
    return f"{_digits(chance, 4)}-{''.join(chance.choices('BCDFGHJKLMNPRSTVWXYZ', k=3))}"


def _ip(chance: random.Random) -> str:
    return ".".join(str(chance.randint(20, 240)) for _part in range(4))


def _mac(chance: random.Random) -> str:
    return ":".join(f"{chance.randint(0, 255):02x}" for _part in range(6))


def _web(chance: random.Random) -> str:
    name = "".join(chance.choices(string.ascii_lowercase, k=8))
    return f"https://www.{name}.com/people/{_digits(chance, 5)}"


def _day(chance: random.Random) -> date:
    return date(1930, 1, 1) + timedelta(days=chance.randrange(30_000))


def _english_date(chance: random.Random) -> str:
    day = _day(chance)
    name = _MONTHS[day.month - 1]
    return chance.choice(
        (f"{name} {day.day}, {day.year}", f"{day.day} {name} {day.year}", day.isoformat(), f"{day:%m/%d/%Y}")
    )


def _spanish_date(chance: random.Random) -> str:
    day = _day(chance)
    return chance.choice((f"{day.day} de {_MESES[day.month - 1]} de {day.year}", f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}"))


def _address(chance: random.Random) -> str:
    kind = chance.choice(("Street", "Avenue", "Road", "Lane"))
    return f"{chance.randint(100, 9999)} {chance.choice(_STREETS)} {kind}"


def _calle(chance: random.Random) -> str:
    return f"Calle {chance.choice(_CALLES)}, {chance.randint(100, 299)}"


def _zip(chance: random.Random) -> str:
    return f"{chance.randint(10_000, 99_999)}"


def _post_code(chance: random.Random) -> str:
    first = "".join(chance.choices("ABCDEGHKLMNPRSTW", k=2))
    return f"{first}{chance.randint(1, 9)} {chance.randint(1, 9)}{''.join(chance.choices('ABDEFGHJLNPQRSTUWXYZ', k=2))}"


def _old(chance: random.Random) -> str:
    return f"{chance.randint(90, 109)} years old"


def _coded(prefix: str, count: int) -> Make:
    return lambda chance: prefix + _digits(chance, count)


_INTERNATIONAL, _NATIONAL = phonenumbers.PhoneNumberFormat.INTERNATIONAL, phonenumbers.PhoneNumberFormat.NATIONAL
_KINDS: tuple[tuple[str, str, str, Make], ...] = (
    ("email-address", "en", "Please write to {}.", _email),
    ("email-address", "es", "Correo electrónico: {}", _email),
    ("phone-number", "en", "Call {} in the morning.", _phone("US", _NATIONAL)),
    ("phone-number", "en", "Her phone is {}.", _phone("GB", _INTERNATIONAL)),
    ("phone-number", "es", "El teléfono es {}.", _phone("ES", _NATIONAL)),
    ("phone-number", "es", "Llame al {}.", _phone("ES", _INTERNATIONAL)),
    ("fax-number", "en", "Fax: {}", _phone("US", _NATIONAL)),
    ("social-security-number", "en", "The SSN on file is {}.", _ssn),
    ("social-security-number", "es", "NASS: {}", _spanish_security),
    ("medical-record", "en", "NHS number {}.", _nhs),
    ("medical-record", "en", "The MRN is {}.", _coded("", 7)),
    ("medical-record", "es", "NHC {}", _coded("", 6)),
    ("national-id", "es", "DNI {}.", _dni),
    ("national-id", "es", "con NIE {}", _nie),
    ("health-plan", "en", "Member ID: {}", _coded("XK", 8)),
    ("payment-card", "en", "It was charged to {}.", _card),
    ("bank-account", "es", "Cuenta IBAN {}", _iban),
    ("account-number", "en", "Account number {}", _coded("", 9)),
    ("licence-number", "en", "Driver's license D{}", _coded("", 7)),
    ("vehicle-id", "en", "The car has the VIN {}.", _vehicle),
    ("vehicle-id", "es", "Matrícula {}.", _plate),
    ("device-id", "en", "The serial number is {}.", _coded("SN-", 7)),
    ("device-id", "en", "Its hardware address is {}.", _mac),
    ("ip-address", "en", "The request came from {}.", _ip),
    ("web-address", "en", "See {} for it.", _web),
    ("date-of-life", "en", "Date of birth: {}", _english_date),
    ("exact-date", "en", "It began on {}.", _english_date),
    ("date-of-life", "es", "Fecha de nacimiento: {}", _spanish_date),
    ("street-address", "en", "She lives at {}.", _address),
    ("street-address", "es", "Domicilio: {}", _calle),
    ("postal-code", "en", "The ZIP code is {}.", _zip),
    ("postal-code", "en", "The house is in {}.", _post_code),
    ("age-over-89", "en", "The patient is {}.", _old),
)
