"""Numbers of persons and of their money that carry a checksum (python-stdnum) or a form that nothing else has."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module

from accord.checks.personal.spans import Certainty, Span
from accord.checks.personal.stretches import holding, matches

_LOOK_BACK = 45
_CARD = re.compile(r"(?<![\w.,-])\d(?:[ -]?\d){11,18}(?![\w]|[.,-]\d)")
_CARD_WORDS = re.compile(
    r"\b(?:cards?|visa|mastercard|maestro|amex|american express|cc|tarjeta|karte|kreditkarte|carte|carta|cartão"
    r"|kaart)\b"
    r"|信用卡|银行卡|بطاقة|карт",
    re.IGNORECASE,
)
# issuer prefixes and lengths: ISO/IEC 7812, as the card companies publish them
_ISSUED = re.compile(
    r"4\d{12}(?:\d{3}|\d{6})?|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-59]|[68]\d)\d{11}|(?:6011|65\d\d|64[4-9]\d|35\d\d|62\d\d)\d{12}"
)


# Of the forms below these three may have letters between their digits; all others have six digits almost in a row.
_LETTERED = frozenset({"iban", "it-codice-fiscale", "vin"})
_SIX_DIGITS = re.compile(r"[0-9](?:.?[0-9]){5}")
_LETTER_AND_DIGIT = re.compile(r"[0-9](?:[^\W\d_]|(?<=[^\W\d_][0-9]))")


@dataclass(frozen=True, slots=True)
class _Number:
    """A form, the module of stdnum that proves it, and the words that it needs where that is too little."""

    entity: str
    pattern: re.Pattern[str]
    proof: str = ""
    words: re.Pattern[str] | None = None
    rule: str = "national-id"


def _number(entity: str, pattern: str, proof: str = "", words: str = "", rule: str = "national-id") -> _Number:
    needed = re.compile(words, re.IGNORECASE) if words else None
    return _Number(entity, re.compile(rf"(?<![\w.,/-])(?:{pattern})(?!\w|[-./,]\d)"), proof, needed, rule)


_NUMBERS = (
    _number(
        "iban",
        r"[A-Za-z]{2}\d{2}(?:[A-Za-z\d]{11,30}|(?: [A-Za-z\d]{4}){2,7}(?: [A-Za-z\d]{1,4})?)",
        "stdnum.iban",
        rule="bank-account",
    ),
    _number("us-ssn", r"\d{3}-\d{2}-\d{4}", "stdnum.us.ssn", rule="social-security-number"),
    _number("us-itin", r"9\d{2}-\d{2}-\d{4}", "stdnum.us.itin"),
    _number("es-dni", r"\d{8}[- ]?[A-Za-z]|\d{1,2}\.\d{3}\.\d{3}[- ]?[A-Za-z]", "stdnum.es.dni"),
    _number("es-nie", r"[XYZxyz][- ]?\d{7}[- ]?[A-Za-z]", "stdnum.es.nie"),
    _number("es-cif", r"[ABCDEFGHJNPQRSUVW]-?\d{7}-?[\dA-J]", "stdnum.es.cif", r"\b(?:CIF|NIF|VAT)\b"),
    _number("es-nass", r"\d{2}[ /-]?\d{7,8}[ /-]?\d{2}", "es-nass", rule="social-security-number"),
    _number(
        "de-steuer-id", r"[1-9]\d ?\d{3} ?\d{3} ?\d{3}", "stdnum.de.idnr", r"steuer|\bId-?Nr|\btax|\bTIN\b|\bIdent"
    ),
    _number("de-rvnr", r"\d{2} ?[0-3]\d[01]\d\d{2} ?[A-Z] ?\d{3}", "de-rvnr", rule="social-security-number"),
    _number(
        "fr-nir",
        r"[1-478] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}",
        "stdnum.fr.nir",
        rule="social-security-number",
    ),
    _number(
        "it-codice-fiscale",
        r"(?i:[A-Z]{6}\d[\dA-Z][A-EHLMPRST]\d[\dA-Z][A-Z]\d[\dA-Z]{2}[A-Z])",
        "stdnum.it.codicefiscale",
    ),
    _number("gb-nhs", r"\d{3}[ -]?\d{3}[ -]?\d{4}", "stdnum.gb.nhs", r"\bN\.?H\.?S\b", rule="medical-record"),
    _number(
        "gb-nino",
        r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]",
        rule="social-security-number",
    ),
    _number(
        "nl-bsn", r"\d{9}|\d{3}[ .]\d{3}[ .]\d{3}|\d{4}\.\d{2}\.\d{3}", "stdnum.nl.bsn", r"\bBSN\b|burgerservice|sofi"
    ),
    _number("be-nn", r"\d\d\.\d\d\.\d\d-\d{3}\.\d\d", "stdnum.be.nn"),
    _number("ch-ahv", r"756\.\d{4}\.\d{4}\.\d\d", "stdnum.ch.ssn", rule="social-security-number"),
    _number("pl-pesel", r"\d{11}", "stdnum.pl.pesel", r"\bPESEL\b"),
    _number("pt-nif", r"\d{3} ?\d{3} ?\d{3}", "stdnum.pt.nif", r"\b(?:NIF|contribuinte)\b"),
    _number("se-personnummer", r"(?:19|20)?\d{6}[-+]\d{4}", "stdnum.se.personnummer"),
    _number("dk-cpr", r"\d{6}-\d{4}", "stdnum.dk.cpr"),
    _number("fi-hetu", r"\d{6}[-+A]\d{3}[0-9A-Y]", "stdnum.fi.hetu"),
    _number("br-cpf", r"\d{3}\.\d{3}\.\d{3}-\d\d", "stdnum.br.cpf"),
    _number("cn-ric", r"\d{6}(?:19|20)\d{9}[\dXx]", "stdnum.cn.ric"),
    _number("vin", r"[A-HJ-NPR-Z\d]{8}[\dX][A-HJ-NPR-Z\d]{8}", "vin", rule="vehicle-id"),
    _number("imei", r"\d{2}[ -]?\d{6}[ -]?\d{6}[ -]?\d", "stdnum.imei", r"\bIMEI\b", rule="device-id"),
)


def find(text: str, within: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """Yield the numbers in a folded text whose checksums hold, and card numbers that the text calls so."""
    lettered, within = holding(_LETTER_AND_DIGIT, text, within), holding(_SIX_DIGITS, text, within)
    for found in matches(_CARD, text, within):
        start, end = found.span()
        named = bool(_CARD_WORDS.search(text, max(0, start - _LOOK_BACK), start))
        if length := _card(found.group(), named=named):
            yield Span(start, start + length, "card", "payment-card", Certainty.PROVEN)
        elif named:
            yield Span(start, end, "card", "payment-card", Certainty.STATED)
    for number in _NUMBERS if lettered or within else ():
        for found in matches(number.pattern, text, lettered if number.entity in _LETTERED else within):
            before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
            if number.words is not None and not number.words.search(before):
                continue
            if not number.proof or _proven(number.proof, found.group()):
                yield Span(*found.span(), number.entity, number.rule, Certainty.PROVEN)


def _card(written: str, *, named: bool) -> int:
    """Return how much of it is the number of a card whose checksum holds: another number may follow; 0 for none.

    What the text calls a card may be of an issuer that is not known.
    """
    for length in (len(written), *reversed([gap.start() for gap in re.finditer("[ -]", written)])):
        digits = re.sub(r"\D", "", written[:length])
        known = _ISSUED.fullmatch(digits) or (named and length == len(written))
        if known and len(set(digits)) > 1 and _proven("stdnum.luhn", digits):
            return length
    return 0


def _proven(proof: str, written: str) -> bool:
    """Say whether the checksum holds that ``proof`` (a module of stdnum, or one of ours) looks after."""
    if proof in _OWN:
        return _OWN[proof](re.sub(r"[ /-]", "", written))
    return bool(import_module(proof).is_valid(written))


def _nass(digits: str) -> bool:
    """Spanish social security: the last two digits are the rest of the others by 97 (Orden de 7 de abril de 1997)."""
    province, middle, check = digits[:2], digits[2:-2].lstrip("0"), int(digits[-2:])
    body = province + (middle if len(middle) > 7 else middle.zfill(7))  # numbers below ten million have seven digits
    return 1 <= int(province) <= 66 and int(body) % 97 == check  # the provinces, the modulus


def _rvnr(number: str) -> bool:
    """German pension insurance: the cross sums of the digits times fixed weights, by 10 (VKVV §§ 1 and 2)."""
    digits = number[:8] + f"{ord(number[8]) - 64:02}" + number[9:]
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    total = sum(sum(divmod(int(d) * w, 10)) for d, w in zip(digits[:12], weights, strict=True))
    return total % 10 == int(digits[12])


def _vin(number: str) -> bool:
    """Vehicle identification: the ninth character is the weighted sum by 11 (49 CFR 565.15)."""
    values = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True))
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    total = sum(w * (int(c) if c.isdigit() else values[c]) for c, w in zip(number, weights, strict=True))
    mixed = any(c.isdigit() for c in number) and any(c.isalpha() for c in number)
    return mixed and "0123456789X"[total % 11] == number[8]


_OWN: dict[str, Callable[[str], bool]] = {"es-nass": _nass, "de-rvnr": _rvnr, "vin": _vin}
