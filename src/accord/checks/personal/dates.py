"""Dates more exact than a year (HIPAA kind 3), with what the words before them say of a person's life."""

import re
from collections.abc import Iterator, Sequence

from accord.checks.personal.spans import Certainty, Span
from accord.checks.personal.stretches import Stretches, holding, matches

_MONTHS = (
    # English, then the same in Spanish, French, German, Italian, Portuguese, Dutch, Polish
    "January February March April May June July August September October November December",
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec",
    "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre",
    "ene abr ago dic",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "Januar Februar März Juni Juli Oktober Dezember Jänner Feber",
    "gennaio febbraio marzo aprile maggio giugno luglio settembre ottobre novembre dicembre",
    "janeiro fevereiro março abril maio junho julho setembro outubro novembro dezembro",
    "januari februari maart mei augustus",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
)
_NAMES = frozenset(name for line in _MONTHS for name in line.split())
_MONTH = "(?:" + "|".join(sorted(_NAMES, key=lambda name: (-len(name), name))) + r")\b\.?"
_YEAR = r"(?:1[89]|20)\d\d"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_ORDINAL = r"(?:st|nd|rd|th|\.|º|er|ª)?"
_OF = r"(?: (?:of|de|del|di|d'|do))?"
_TIME = r"(?:(?:T|,? (?:at )?)\d{1,2}:\d\d(?::\d\d)?(?:\.\d{1,6})?(?: ?[ap]\.?m\b\.?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_AND_MONTH = rf"(?: ?(?:-|,|to|and|y|a|et|und|e|bis) ?{_MONTH})?"

_NUMERIC = re.compile(
    rf"(?<![\w./-])(?:(?P<y>{_YEAR})(?P<s>[-/.])(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}})"
    rf"|(?P<a>\d{{1,2}})(?P<t>[-/.])(?P<b>\d{{1,2}})(?P=t)(?P<c>{_YEAR}|\d\d)){_TIME}(?![\w/-]|\.\d)"
)
_MONTH_YEAR = re.compile(r"(?<![\w./-])(?:0[1-9]|1[0-2])/(?:19|20)\d\d(?![\w/%-]|\.\d)")
_WRITTEN = re.compile(
    rf"\b{_DAY}{_ORDINAL}(?: ?- ?{_DAY}{_ORDINAL})?{_OF}[ -]?{_MONTH}(?:{_OF},?[ -]?{_YEAR})?{_TIME}(?!\w)"
    rf"|\b{_MONTH} {_DAY}(?:st|nd|rd|th)?(?: ?- ?{_DAY})?(?:,? {_YEAR})?{_TIME}(?![\w%/]|\.\d)"
    rf"|\b{_MONTH}{_AND_MONTH}{_OF},?[ -]{_YEAR}(?!\w)",
    re.IGNORECASE,
)
_EAST_ASIAN = re.compile(
    rf"(?<!\d)(?:{_YEAR} ?[年년] ?)?\d{{1,2}} ?[月월] ?\d{{1,2}} ?[日号號일]|(?<!\d){_YEAR} ?[年년] ?\d{{1,2}} ?[月월]"
)
# what a stretch has at least where the form can stand
_NUMERIC_SIGN = re.compile(r"[0-9][-/.][0-9]{1,2}[-/.][0-9]")
_MONTH_YEAR_SIGN = re.compile(r"/(?:19|20)")
_EAST_ASIAN_SIGN = re.compile("[月월]")
_LETTERS = re.compile(r"[^\W\d_]+")
_GLUED = ("", "st", "nd", "rd", "th", "º", "ª", "er", "of", "de", "del", "di", "do")  # 1stMay, 3 deMayo
_MONTH_WORDS = frozenset(before + name.casefold() for before in _GLUED for name in _NAMES)
_HAS_YEAR = re.compile(_YEAR)
# "may 5", "sep 3", "mar 12": words before they are months
_DOUBTFUL = re.compile(
    r"[\d\W]{0,9}(?:may|mar|mars|mai|sep|dec|dic|ago|jun|abr|ene|oct|nov|feb|jan|jul|aug|apr|march|august)\b"
)
_OWN_LIFE = re.compile(
    r"\b(?:born|birth|dob|d\.o\.b|birthday|admi(?:tted|ssion)|discharged?|died|deceased|death|nacid[oa]|nacimiento"
    r"|naci[óo]|ingres[oó]"
    r"|alta|fallec\w{2,8}|defunci[óo]n|geboren|geburtsdatum|geb|gestorben|entlassen|aufnahme|née?|naissance|décédée?"
    r"|nat[oa]"
    r"|nascita|decedut[oa]|nascimento|geboortedatum|overleden|expir(?:y|es|ation))\b|出生|入院|出院|生日",
    re.IGNORECASE,
)
_LOOK_BACK = 40
_LAST_MONTH, _LAST_DAY = 12, 31


def find(text: str, within: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """Yield the dates in a folded text; those of a birth, a stay or a death go by a rule of their own."""
    for found in matches(_NUMERIC, text, holding(_NUMERIC_SIGN, text, within)):
        if _is_date(found):
            yield _span(text, *found.span())
    for sign, pattern in ((_MONTH_YEAR_SIGN, _MONTH_YEAR), (_EAST_ASIAN_SIGN, _EAST_ASIAN)):
        for found in matches(pattern, text, holding(sign, text, within)):
            yield _span(text, *found.span())
    for found in matches(_WRITTEN, text, _with_month(text, within)):
        if _HAS_YEAR.search(found.group()) or not _DOUBTFUL.match(found.group()):
            yield _span(text, *found.span())


def _with_month(text: str, within: Stretches) -> Stretches:
    """Return the stretches that name a month: looking a word up is much faster than trying seventy of them."""
    return [
        (start, end)
        for start, end in within
        if not _MONTH_WORDS.isdisjoint(_LETTERS.findall(text[start:end].casefold()))
    ]


def _span(text: str, start: int, end: int) -> Span:
    own = _OWN_LIFE.search(text, max(0, start - _LOOK_BACK), start)
    return Span(start, end, "date", "date-of-life" if own else "exact-date", Certainty.STATED)


def _is_date(found: re.Match[str]) -> bool:
    if found["y"]:
        return 1 <= int(found["m"]) <= _LAST_MONTH and 1 <= int(found["d"]) <= _LAST_DAY
    low, high = sorted((int(found["a"]), int(found["b"])))
    short = len(found["c"]) == 2  # 1.2.10 is a section and 3-4-10 a series; 3/4/10 is a date
    return 1 <= low <= _LAST_MONTH and high <= _LAST_DAY and not (short and found["t"] != "/")
