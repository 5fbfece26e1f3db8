"""Telephone and fax numbers (HIPAA kinds 4 and 5), by their form in a country or by the words around them."""

import re
from collections import deque
from collections.abc import Iterator, Sequence

from accord.checks.personal.spans import Certainty, Span

# Two calling regions and more for a language (ISO 639-1 to ISO 3166-1), the populous ones first.
_REGIONS = {
    "en": ("US", "GB", "AU", "IE", "IN", "ZA", "NZ"),
    "es": ("ES", "MX", "AR", "CO", "CL", "PE"),
    "de": ("DE", "AT", "CH"),
    "fr": ("FR", "BE", "CH"),
    "it": ("IT",),
    "pt": ("PT", "BR"),
    "nl": ("NL", "BE"),
    "pl": ("PL",),
    "sv": ("SE",),
    "da": ("DK",),
    "nb": ("NO",),
    "fi": ("FI",),
    "cs": ("CZ",),
    "hu": ("HU",),
    "el": ("GR", "CY"),
    "ru": ("RU",),
    "tr": ("TR",),
    "ar": ("DZ", "EG", "SA"),
    "zh": ("CN", "TW"),
    "ja": ("JP",),
    "hi": ("IN",),
    "uz": ("UZ",),
}
_USUAL = ("US", "GB", "ES", "DE", "FR", "IT", "CH", "AU")

_NUMBER = re.compile(
    r"(?<![\w.+/$€£-])(?<!\d,)(?:\+|\(\+?)?\d(?:(?:(?!\. )[ .\-/)]|\((?=\d{1,5}\)[ .\-/]{0,2}\d)){0,3}\d){5,17}"
    r"(?P<extension>[ ,]{0,2}(?:x|ext\.?|extension|poste|int\.|Durchwahl) ?\d{1,6})?(?!\w|[.,-]\d|%)",
    re.IGNORECASE,
)
_SIX_DIGITS = re.compile(r"[0-9](?:[ .\-/()]{0,3}[0-9]){5}")
_WORDS = (
    r"phone|tele?phone|tel|mobile|mob|cell(?:ular)?|call(?:ed|ing)?|rings?|dial(?:ed)?|text|sms|whatsapp|hotline"
    r"|helpline"
    r"|voicemail|pager|beeper|reach(?:ed)?|answer(?:ing)?|messages?|teléfonos?|telefono|tfno|tlfn?o?|tlf|móvil|celular"
    r"|llam\w{1,6}|telefon\w{0,6}|handy|mobil\w{0,5}|rufnummer|anruf\w{0,3}|rückruf|tél|téléphone|portable|appel\w{0,4}"
    r"|cellulare|chiam\w{1,5}|recapito|telemóvel|ligu?\w{1,4}|telefoon|gsm|puhelin|телефон\w{0,3}|тел|звон\w{1,5}"
    r"|τηλ\w{0,6}"
    r"|هاتف|تلفون|جوال|电话|手机|電話|携帯|फ़ोन|मोबाइल"
)
_FAX = r"fax|telefax|facsimile|télécopie|传真|فاكس|факс"
_BEFORE = re.compile(rf"(?:\b|_)(?:(?P<fax>{_FAX})|(?:{_WORDS}))(?=\b|_)", re.IGNORECASE)
_LINES = r"office|home|work|desk|direct|main"  # of a signature: too common before a number, telling right behind it
_AFTER = re.compile(
    rf" {{0,2}}[-\\,(\[]{{0,2}} {{0,2}}(?:(?P<fax>{_FAX})|(?:phone|mobile|cell|tel|{_LINES}))\b(?! {{0,2}}[:#])",
    re.IGNORECASE,
)
_LABEL = re.compile(rf"\b(?:{_LINES}) {{0,2}}: {{0,3}}$", re.IGNORECASE)
_NORTH_AMERICAN = re.compile(r"(?:\+?1[ .-]?|001[ .-]?)?(?:\(\d{3}\) ?\d{3}[ .-]\d{4}|\d{3}([.-])\d{3}\1\d{4})\b")
_SERIES = re.compile(r"(?:\d{1,4}[ ./-]+){2,}\d{1,2}")
# years, intervals of decimals, dates
_OTHER_THINGS = (
    re.compile(r"^(?:1[5-9]|20)\d\d ?[-/] ?(?:1[5-9]|20)\d\d$"),
    re.compile(r"^\d{1,3}\.\d{1,2} ?[-/ (]+\d{1,3}\.\d{1,2}$"),
    re.compile(r"^(?:\d{1,2}[./-]\d{1,2}[./-](?:\d\d){1,2}|\d{4}[./-]\d{1,2}[./-]\d{1,2}(?:\D.*)?)$"),
)
_BROKEN = re.compile(r"\d{3}|[!?;]|\.\s|\n\s*\n")  # another number or sentence between a word and a number
_LOOK_BACK = 40
_DIGITS = range(7, 16)
_INTRODUCED_DIGITS = range(6, 18)


def find(text: str, languages: Sequence[str] = ()) -> Iterator[Span]:
    """Yield the numbers in a folded text; ``languages`` (ISO 639-1) say whose countries' forms need no word around."""
    if not _SIX_DIGITS.search(text):
        return
    named = (region for language in languages for region in _REGIONS.get(language, ()))
    regions = tuple(dict.fromkeys((*named, *(() if languages else _USUAL))))
    for found in _NUMBER.finditer(text):
        written = found.group()
        if any(form.search(written) for form in _OTHER_THINGS) or written.count("(", 1) != written[1:].count(
            ")"
        ) - written.startswith("("):
            continue
        word = _word(text, found.start(), found.end())
        digits = sum(map(str.isdigit, written.removesuffix(found["extension"] or "")))
        if word is None and not (digits in _DIGITS and _has_form(written, regions)):
            continue
        if word is not None and (digits not in _INTRODUCED_DIGITS or _toll_free(written)):
            continue
        fax = word == "fax"
        start = found.start() + (written.startswith("(") and ")" not in written)
        certainty = Certainty.STATED if word else Certainty.LIKELY
        yield Span(start, found.end(), "fax" if fax else "phone", "fax-number" if fax else "phone-number", certainty)


def _word(text: str, start: int, end: int) -> str | None:
    """Return ``fax`` or ``phone`` where a word beside the number says so; the word behind it is the nearer."""
    after = _AFTER.match(text, end, end + _LOOK_BACK)
    if after:
        return "fax" if after["fax"] else "phone"
    before = text[max(0, start - _LOOK_BACK) : start]
    if _LABEL.search(before):
        return "phone"
    found = deque(_BEFORE.finditer(before), maxlen=1)
    if not found or _BROKEN.search(before[found[0].end() :].lstrip(". ")):
        return None
    return "fax" if found[0]["fax"] else "phone"


def _has_form(written: str, regions: Sequence[str]) -> bool:
    """Say whether a number is written and numbered as telephone numbers are: a national plan knows its range."""
    if written.startswith("+"):
        return _parsed(written, None) == "valid"
    if _NORTH_AMERICAN.fullmatch(written):
        return _parsed(written.removeprefix("001"), "US") == "valid"
    groups = re.findall(r"\d+", written)
    if len(groups) < 3 or (
        _SERIES.fullmatch(written) and len(set(map(len, groups))) > 2
    ):  # two groups are ranges and doses
        return False
    if all(group.endswith("0") for group in groups):
        return False
    return any(_grouped(written, region) and _parsed(written, region) == "valid" for region in regions)


def _toll_free(written: str) -> bool:
    """Say whether a number is a free line, which is an institution's and no person's."""
    digits = re.sub(r"\D", "", written)
    return bool(re.fullmatch(r"(?:00)?1?8(?:00|33|44|55|66|77|88)\d{7}", digits)) and bool(
        re.match(r"\W?(?:00)?1|\(?8\d\d", written)
    )


def _parsed(written: str, region: str | None) -> str:
    """Return ``valid``, ``free`` (of charge) or nothing for what the plan of a region knows of a number."""
    import phonenumbers

    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    free = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.TOLL_FREE
    return "free" if free else "valid"


def _grouped(written: str, region: str) -> bool:
    """Say whether digits stand in groups in which the country writes the numbers of its plan, leading zero and all."""
    import phonenumbers

    return phonenumbers.PhoneNumberMatcher(written, region, phonenumbers.Leniency.STRICT_GROUPING, 1).has_next()
