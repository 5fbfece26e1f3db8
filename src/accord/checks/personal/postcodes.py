"""Postal codes (HIPAA kind 2), where a word, a state or a street names them or their form is a country's own."""

import re
from collections.abc import Iterator, Sequence

from accord.checks.personal.folding import titled
from accord.checks.personal.spans import Certainty, Span
from accord.checks.personal.streets import NAMES, PLACE_NAME
from accord.checks.personal.stretches import holding, matches

_CODE = r"(?:\d{5}-\d{3,4}|\d{4}-\d{3}|\d{3} \d{2,3}|\d{2}-\d{3}|\d{4} ?[A-Z]{2}|\d{3,6})(?!\w)"
_UNITED_STATES = (
    "AL AK AZ AR CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK"
    " OR PA PR RI SC SD TN"
    " TX UT VA VT WA WI WV WY"
)
_FORMS = (
    re.compile(
        r"(?<!\w)(?:zip(?: ?codes?)?|postal codes?|post ?codes?|(?-i:C\.?P\.?|[Cc]\.?p\.?(?= ?:))|código postal"
        r"|code postal|(?-i:PLZ"
        r"|CEP|CAP:)|postleitzahl"
        rf"|postnummer|postinumero|irányítószám|邮编)(?!\w)[ .:#]{{0,4}}(?:(?:is|es|ist|est"
        rf"|:) {{0,2}})?(?P<code>{_CODE})",
        re.IGNORECASE,
    ),
    re.compile(rf"(?<!\w)(?:{_UNITED_STATES.replace(' ', '|')})\.?,? {{0,2}}\n?(?P<code>\d{{5}}(?:-\d{{4}})?)(?!\w)"),
    re.compile(r"(?<![\w-])(?P<code>(?!B1?\d? )[A-PR-UWYZ][A-HJ-Z]?\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2})(?!\w)"),
    re.compile(r"(?<![\w-])(?P<code>[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] \d[ABCEGHJ-NPRSTV-Z]\d)(?!\w)"),
    # behind a street or before a province: 3D 50006 Zaragoza, s/n. 15706 Santiago; 47010 Medina del Campo (Valladolid)
    re.compile(
        rf"(?:[.,;)] {{0,2}}|(?<= )- {{0,2}})(?:- {{0,2}})?(?:[A-Z]{{1,2}}-)?(?P<code>\d{{5}})[ ,.-]{{1,3}}{NAMES}"
    ),
    re.compile(rf"(?<![\w.,-])(?P<code>\d{{5}}) {NAMES}[.,]? \({NAMES}\)"),
    re.compile(rf"(?:\d{{1,3}} ?[A-Z]?|[sS]/[nN]|[ºª°]) {{1,2}}(?P<code>\d{{5}}) {NAMES}"),
    # in Bjert 6091, in Quinta de São Tiago 3610-114
    re.compile(
        rf"(?<!\w)(?:in|near|en|à|bei) {PLACE_NAME},? (?P<code>(?:[A-Z]{{1,2}}-)?(?:\d{{4}}-\d{{3}}|\d{{5}}-\d{{3}}"
        rf"|\d{{2}}-\d{{3}}|\d{{3}}-\d{{4}}|\d{{3}} \d{{2}}|\d{{4}} [A-Z]{{2}}|\d{{5}})|(?!1[89]"
        rf"|20)\d{{4}})(?!\w|[.,-]\d)(?! ?%)"
    ),
)
_LETTERED = _FORMS[2:4]  # SW1A 1AA, K1A 0B1; the others have three digits in a row
_THREE_DIGITS = re.compile("[0-9]{3}")
_LETTER_AND_DIGIT = re.compile("[0-9](?<=[A-Z][0-9])")
_LEGAL = re.compile(
    r"\b(?:Section|Article|Chapter|Act|Rule|Case|Resolution|Regulation|Directive|No|Table|Figure|Group|Phase|Part"
    r"|Title|Form|Law|Room|Box)\b",
    re.IGNORECASE,
)


def find(text: str, within: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """Yield the postal codes in a folded text, the number alone."""
    text = text if any(map(str.isupper, text)) else titled(text)
    lettered, within = holding(_LETTER_AND_DIGIT, text, within), holding(_THREE_DIGITS, text, within)
    for pattern in _FORMS:
        for found in matches(pattern, text, lettered if pattern in _LETTERED else within):
            if not _LEGAL.search(found.group()):
                yield Span(*found.span("code"), "postcode", "postal-code", Certainty.STATED)
