"""Telephone numbers for fiction, in the country and the form of the numbers that they stand for."""

import re
from collections.abc import Iterator, Sequence

from accord.checks.personal.folding import fold
from accord.checks.personal.surrogates_chance import Chance
from accord.checks.personal.surrogates_numbers import digits

# National numbers without a trunk prefix; x is any digit. NANPA: 555-0100 to 555-0199 in every area.
_AREAS = (
    *(201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228, 229, 231),
    *(234, 239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 276, 281, 301, 302, 303, 304, 305, 307),
    *(308, 309, 310, 312, 313, 314, 315, 316, 317, 318, 319, 320, 321, 323, 325, 330, 331, 334, 336, 337, 339, 347),
    *(351, 352, 360, 361, 386, 401, 402, 404, 405, 406, 407, 408, 409, 410, 412, 413, 414, 415, 417, 419, 423, 425),
)
_OF_OFCOM = (
    "1632960 7700900 1134960 1144960 1154960 1164960 1174960 1184960 1214960 1314960 1414960 1514960 1614960 2079460"
    " 1914980 2896496 2920180 3069990 8081570"
)
_FICTION: dict[str, tuple[str, ...]] = {
    "US": tuple(f"{area}55501xx" for area in _AREAS),
    # Ofcom, telephone numbers for use in TV and radio drama programmes
    "GB": tuple(f"{start}xxx" for start in _OF_OFCOM.split()),
    # ACMA, fictitious numbers for radio, books, film and TV
    "AU": tuple(f"{area}{block}xxxx" for area in (2, 3, 7, 8) for block in ("5550", "7010")),
    # ARCEP, décision 2018-0881, numbers for audiovisual works
    "FR": ("19900xxxx", "26191xxxx", "35301xxxx", "46571xxxx", "53649xxxx", "63998xxxx"),
    # Bundesnetzagentur, Mitteilung 148/2021, drama numbers
    "DE": ("3023125xxx", "6990009xxx", "4066969xxx", "2214710xxx", "8999998xxx"),
}
_FICTION["CA"] = _FICTION["US"]
_NANP_CODE = 1
_LOCAL = 7  # digits of a number of North America without its area
_EXTENSION = re.compile(r"(?: ?,? ?)(?:x|ext\.?|extension|poste|int\.|durchwahl) ?\d{1,6}$", re.IGNORECASE)
_TRIES = 300


def split(written: str) -> tuple[str, str]:
    """Return a number and the extension that it ends with."""
    found = _EXTENSION.search(fold(written))
    return (written[: found.start()], written[found.start() :]) if found else (written, "")


def national(written: str, regions: Sequence[str]) -> str:
    """Return the digits by which it is the same number, with or without the country's code and the trunk prefix."""
    return _parsed(written, regions)[1]


def candidates(written: str, regions: Sequence[str], chance: Chance) -> Iterator[str]:
    """Yield national numbers for one, of the same country and length; for fiction where the country has such ones."""
    region, old = _parsed(written, regions)
    wide = "US" if len(old) == _LOCAL and "US" in regions[:1] else region
    patterns = [form if len(old) != _LOCAL else form[-_LOCAL:] for form in _FICTION.get(wide, ())]
    patterns = [form for form in dict.fromkeys(patterns) if len(form) == len(old)]
    alike = [form for form in patterns if form[0] == old[:1]] or patterns
    for _each in range(_TRIES if patterns else 0):
        yield "".join(chance.digits(1) if sign == "x" else sign for sign in chance.pick(alike))
    for form in patterns if len(old) == _LOCAL else ():
        yield from (form.replace("xx", f"{last:02}") for last in chance.shuffled(range(100)))
    if not patterns:
        yield from _unassigned(old, region, chance)


def _unassigned(old: str, region: str, chance: Chance) -> Iterator[str]:
    """Yield numbers of a length that the plan of the country does not have, as near to the old one as can be."""
    import phonenumbers

    for kept in (2, 1, 0):
        for _each in range(_TRIES):
            new = old[:kept] + chance.digits(len(old) - kept)
            try:
                parsed = phonenumbers.parse(new, region or "ES")
            except phonenumbers.NumberParseException:
                yield new
                continue
            if not phonenumbers.is_valid_number(parsed):
                yield new


def _parsed(written: str, regions: Sequence[str]) -> tuple[str, str]:
    """Return the region (ISO 3166-1) and the national digits of a number, the first region that has it."""
    import phonenumbers

    text = fold(split(written)[0])
    for region in regions:
        try:
            parsed = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed) or text.lstrip(" (").startswith("+"):
            if parsed.country_code == _NANP_CODE:
                return "US", str(parsed.national_number)
            found = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
            return found, phonenumbers.national_significant_number(parsed)
    plain = digits(text)
    return (regions[0] if regions else "", plain)
