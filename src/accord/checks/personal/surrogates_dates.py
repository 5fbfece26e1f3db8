"""Dates moved by a number of days, in the words, the order and the signs that they were written with.

A date is moved by whole weeks, so that a weekday that a text names beside it stays the right one; one that names a
month and no day is moved by whole months, for its days are not known.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from accord.checks.personal.folding import fold
from accord.checks.personal.surrogates_chance import Chance

#: Weeks by which dates are moved, either way: never so few that a month stays the same, within 365 days.
FEWEST_WEEKS, MOST_WEEKS = 5, 52
_DAYS_OF_MONTH = 30.44
_LEAP_YEAR, _OTHER_YEAR = 2000, 2001
_CENTURY_TURNS = 50  # 3/4/49 is of this century, 3/4/50 of the one before
_MONTHS_OF_YEAR = 12

_FULL = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
}
_SHORT = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "es": "ene feb mar abr may jun jul ago sep oct nov dic",
}
_NAMES = [(language, line.split()) for table in (_FULL, _SHORT) for language, line in table.items()]
_OTHER_NAMES = {"sept": 9, "setiembre": 9, "jänner": 1, "feber": 2}
_STOP_WORDS = {
    "en": {"the", "and", "of", "was", "on", "in", "is", "at", "for", "with"},
    "es": {"el", "la", "de", "del", "los", "las", "una", "con", "por", "se"},
    "fr": {"le", "les", "des", "une", "est", "au", "aux", "du", "dans", "et"},
    "de": {"der", "die", "das", "und", "am", "im", "wurde", "ist", "mit", "ein"},
    "it": {"il", "di", "della", "che", "gli", "nel", "alla", "dal", "è", "del"},
    "pt": {"o", "os", "do", "da", "em", "uma", "com", "ao", "foi", "não"},
    "nl": {"het", "een", "van", "op", "is", "met", "voor", "zijn", "werd", "de"},
    "pl": {"w", "na", "z", "do", "się", "dnia", "jest", "roku", "i", "po"},
}
_WORD = re.compile(r"[^\W\d_]+")
_NUMERIC = re.compile(r"(?P<a>\d{1,4})(?P<s>[-/.])(?P<b>\d{1,2})(?P=s)(?P<c>\d{1,4})")
_MONTH_YEAR = re.compile(r"(?P<m>\d{1,2})/(?P<y>\d{4})")
_EAST_ASIAN = re.compile(
    r"(?:(?P<y>\d{4})(?P<n> ?[年년] ?))?(?P<m>\d{1,2})(?P<o> ?[月월] ?)?(?:(?P<d>\d{1,2})(?= ?[日号號일]))?"
)
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_DAY = re.compile(r"(?<![\d:])(?P<day>0?[1-9]|[12]\d|3[01])(?P<ordinal>st|nd|rd|th|º|er|ª)?(?![\d:])", re.IGNORECASE)
_TIME = re.compile(r"[T, ]*(?:at )?\d{1,2}:\d\d.*$", re.DOTALL | re.IGNORECASE)


#: Year, month and day that a text names; 0 for what it does not.
Day = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Shift:
    """By how many days dates are moved, and whether a text writes the day before the month (3/4/2020)."""

    days: int
    day_first: bool = False
    language: str = "en"

    @property
    def months(self) -> int:
        """By how many months those without a day are moved: never none."""
        return round(self.days / _DAYS_OF_MONTH)


def shift_of(chance: Chance) -> Shift:
    """Return by how much the dates of a group are moved: whole weeks, at least five and at most 52, either way."""
    weeks = FEWEST_WEEKS + chance.below(MOST_WEEKS - FEWEST_WEEKS + 1)
    return Shift(days=7 * weeks * (1 if chance.below(2) else -1))


def language_of(text: str) -> str:
    """Return the language (ISO 639-1) whose frequent words a text has most of, of eight; English where none."""
    words = [word.casefold() for word in _WORD.findall(text[:4000])]
    counts = {name: sum(word in known for word in words) for name, known in _STOP_WORDS.items()}
    return max(counts, key=lambda name: counts[name])


def fitted(shift: Shift, text: str, dates: list[str]) -> Shift:
    """Return a shift with the habits of a text: its language, and which of day and month its dates begin with."""
    language = language_of(text)
    day_first = language != "en"
    for written in dates:
        found = _NUMERIC.match(fold(written))
        if found and len(found["a"]) < 4:  # a year
            first, second = int(found["a"]), int(found["b"])
            if max(first, second) > _MONTHS_OF_YEAR:
                day_first = first > _MONTHS_OF_YEAR
                break
    return replace(shift, day_first=day_first, language=language)


def moved(written: str, shift: Shift) -> str | None:
    """Return a date moved; None for what cannot be read as one."""
    text = fold(written)
    try:
        for way in (_numeric, _month_year, _east_asian, _in_words):
            found = way(text, shift)
            if found is not None:
                return found if found != text else None
    except (ValueError, OverflowError):  # a day that no calendar has, or a year before the first
        return None
    return None


def read(written: str, shift: Shift) -> Day | None:
    """Return the day that is written, by the habits of a shift; None for what names none, or two."""
    text = fold(written)
    if found := _NUMERIC.match(text):
        parts = _parts(found, shift)
        return _whole_year(parts["y"]), int(parts["m"]), int(parts["d"])
    if found := _MONTH_YEAR.fullmatch(text):
        return int(found["y"]), int(found["m"]), 0
    if (found := _EAST_ASIAN.match(text)) and found["o"]:
        return int(found["y"] or 0), int(found["m"]), int(found["d"] or 0)
    time = _TIME.search(text)
    year, days, months = _named(text[: time.start()] if time else text)
    if len(months) != 1 or len(days) > 1:
        return None
    return int(year.group() if year else 0), months[0][1], int(days[0]["day"] if days else 0)


def _numeric(text: str, shift: Shift) -> str | None:
    found = _NUMERIC.match(text)
    if not found:
        return None
    parts = _parts(found, shift)
    new = date(_whole_year(parts["y"]), int(parts["m"]), int(parts["d"])) + timedelta(days=shift.days)
    padded = len(parts["m"]) == len(parts["d"]) == 2 or "0" in {parts["m"][0], parts["d"][0]}  # 03
    width = 2 if padded else 1
    year = f"{new.year:04}"[-len(parts["y"]) :]
    values = {"y": year, "m": f"{new.month:0{width}}", "d": f"{new.day:0{width}}"}
    return found["s"].join(values[name] for name in parts) + text[found.end() :]


def _parts(found: re.Match[str], shift: Shift) -> dict[str, str]:
    """Return what is written of year, month and day, in the order in which it is."""
    first, middle, last = found["a"], found["b"], found["c"]
    if len(first) == 4:  # a year
        order = "ymd"
    else:
        day_first = shift.day_first if max(int(first), int(middle)) <= _MONTHS_OF_YEAR else int(first) > _MONTHS_OF_YEAR
        order = "dmy" if day_first else "mdy"
    return dict(zip(order, (first, middle, last), strict=True))


def _whole_year(written: str) -> int:
    if len(written) > 2:  # 49
        return int(written)
    short = int(written)
    return short + (2000 if short < _CENTURY_TURNS else 1900)


def _month_year(text: str, shift: Shift) -> str | None:
    found = _MONTH_YEAR.fullmatch(text)
    if not found:
        return None
    year, month = _by_months(int(found["y"]), int(found["m"]), shift.months)
    return f"{month:0{len(found['m'])}}/{year:04}"


def _by_months(year: int, month: int, by: int) -> tuple[int, int]:
    whole = year * _MONTHS_OF_YEAR + month - 1 + by
    return whole // _MONTHS_OF_YEAR, whole % _MONTHS_OF_YEAR + 1


def _east_asian(text: str, shift: Shift) -> str | None:
    found = _EAST_ASIAN.match(text)
    if not found or not found["o"]:
        return None
    if found["d"]:
        year, month, day = _exact(found["y"], int(found["m"]), int(found["d"]), shift)
    else:
        (year, month), day = _by_months(int(found["y"]), int(found["m"]), shift.months), 0
    before = f"{year}{found['n']}" if found["y"] else ""
    return before + f"{month}{found['o']}" + (str(day) if day else "") + text[found.end() :]


def _exact(year: str | None, month: int, day: int, shift: Shift) -> tuple[int, int, int]:
    """Return a date moved; one without a year as if in a year that has it."""
    whole = int(year) if year else (_LEAP_YEAR if (month, day) == (2, 29) else _OTHER_YEAR)
    new = date(whole, month, day) + timedelta(days=shift.days)
    return new.year, new.month, new.day


def _in_words(text: str, shift: Shift) -> str | None:
    """Move a date that names its month: 12 March 2020, March 12-14, 2020, 3 de mayo, May and June 2019."""
    time = _TIME.search(text)
    tail = time.group() if time else ""
    body = text[: len(text) - len(tail)]
    year, days, months = _named(body)
    if not months:
        return None
    changes: list[tuple[int, int, str]] = []
    if days:
        new_year = _move_days(months[0], days, year, shift, changes)
    else:
        new_year = 0
        for word, number in months:
            whole = int(year.group()) if year else _OTHER_YEAR
            new_year, month = _by_months(whole, number, shift.months)
            changes.append((*word.span(), _month_name(word.group(), month, shift.language)))
    if year:
        changes.append((*year.span(), str(new_year)))
    for start, end, new in sorted(changes, reverse=True):
        body = body[:start] + new + body[end:]
    return body + tail


def _named(body: str) -> tuple[re.Match[str] | None, list[re.Match[str]], list[tuple[re.Match[str], int]]]:
    """Return the year, the days and the months, with their numbers, that a date in words names."""
    months = [(word, number) for word in _WORD.finditer(body) if (number := _month_number(word.group()))]
    year = _YEAR.search(body)
    return year, [found for found in _DAY.finditer(body) if not year or not _within(found, year)], months


def _within(found: re.Match[str], year: re.Match[str]) -> bool:
    return found.start() >= year.start() and found.end() <= year.end()


def _move_days(
    month: tuple[re.Match[str], int],
    days: list[re.Match[str]],
    year: re.Match[str] | None,
    shift: Shift,
    changes: list[tuple[int, int, str]],
) -> int:
    """Move one day or two days of a month; returns the year of the last of them."""
    word, number = month
    made = [_exact(year.group() if year else None, number, int(found["day"]), shift) for found in days]
    name = _month_name(word.group(), made[0][1], shift.language)
    changes.append((*word.span(), name))
    for at, (found, (_year, month_of, day)) in enumerate(zip(days, made, strict=True)):
        said = f"{day:0{len(found['day'])}}" if found["day"].startswith("0") else str(day)
        said += _ordinal(found["ordinal"] or "", day)
        if month_of != made[0][1] and at:  # 30 March-1 April
            other = _month_name(word.group(), month_of, shift.language)
            said = f"{said} {other}" if found.start() < word.start() else f"{other} {said}"
        changes.append((*found.span(), said))
    if len(made) > 1 and made[-1][1] != made[0][1] and days[-1].start() < word.start():
        # The days stand before the name: the first of them takes its own along, the name itself is the last one's.
        changes[0] = (*word.span(), _month_name(word.group(), made[-1][1], shift.language))
        first, last = changes[1], changes[-1]
        changes[1] = (first[0], first[1], f"{first[2]} {name}")
        changes[-1] = (last[0], last[1], last[2].split(" ")[0])
    return made[-1][0]


def _ordinal(sign: str, day: int) -> str:
    if not sign:
        return ""
    if sign.lower() in {"st", "nd", "rd", "th"}:
        new = "th" if day in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
        return new.upper() if sign.isupper() else new
    return "" if sign.lower() == "er" and day != 1 else sign


def _month_number(word: str) -> int:
    low = word.casefold()
    if low in _OTHER_NAMES:
        return _OTHER_NAMES[low]
    for _language, names in _NAMES:
        for number, name in enumerate(names, 1):
            if name.casefold() == low:
                return number
    return 0


def _month_name(like: str, month: int, language: str) -> str:
    """Return the name of a month in the language, the length and the capitals of another one."""
    low = like.casefold()
    if low in _OTHER_NAMES:  # another spelling of one name alone
        names = _SHORT["en"].split() if low == "sept" else _FULL["es" if low == "setiembre" else "de"].split()
    else:
        fitting = {own: found for own, found in reversed(_NAMES) if low in {name.casefold() for name in found}}
        names = fitting.get(language) or next(reversed(fitting.values()))
    name = names[month - 1]
    if like.isupper():
        return name.upper()
    return name[0].upper() + name[1:] if like[0].isupper() else name.lower()
