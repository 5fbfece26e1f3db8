"""What a spreadsheet's cell holds, as text: numbers as typed, dates in ISO 8601, escaped characters restored."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

# ISO/IEC 29500-1, 18.8.30: the built-in number formats that are dates or times, with those of East Asian locales.
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DATE_LETTERS = re.compile(r"[dmyhse]", re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATES = range(0xD800, 0xE000)
_MOST_DAYS = 2_958_466  # 9999-12-31
_EXACT = 1e15
_LONGEST_NUMBER = 40
_KEPT_DIGITS = 15  # that Excel keeps of a number


def date_formats(of_cells: Sequence[int], formats: Mapping[int, str]) -> list[bool]:
    """Return for each cell style whether its number is a date or a time."""
    found = {number: _is_date(code) for number, code in formats.items()}
    return [found.get(number, number in _BUILT_IN_DATES) for number in of_cells]


def _is_date(code: str) -> bool:
    bare = _QUOTED.sub("", code.split(";", 1)[0])
    return bool(_DATE_LETTERS.search(bare)) and "general" not in bare.lower()


def number_text(raw: str) -> str:
    """Return a number with the digits a person typed: a spreadsheet writes 0.1 as 0.10000000000000001.

    A whole number is written in digits, be it ever so large, as it stands in the file.
    """
    if len(raw) > _LONGEST_NUMBER:
        return raw
    try:
        value = float(raw)
    except ValueError:
        return raw
    if value - value != 0:
        return raw
    if value.is_integer():
        return str(int(value)) if abs(value) < _EXACT else _whole(raw)
    return repr(value)


def _whole(raw: str) -> str:
    exact = Decimal(raw)
    whole = exact.to_integral_value()
    return format(whole, "f") if exact == whole and exact.adjusted() < _LONGEST_NUMBER else raw


def is_cut(text: str) -> bool:
    """Whether a number that a sheet holds has more digits than Excel keeps: it may have replaced the last by zeros."""
    digits = text.lstrip("-")
    return digits.isdecimal() and len(digits) > _KEPT_DIGITS


def date_text(raw: str, origin: dt.datetime) -> str:
    """Return days since ``origin`` as a date, a time or both; the number itself where it is none."""
    try:
        days = float(raw)
    except ValueError:
        return raw
    if not 0 <= days < _MOST_DAYS:
        return number_text(raw)
    seconds = round(days * 86_400, 3)
    # Spreadsheets count a 29 February 1900; before it the dates are one day further on.
    early = origin.year < 1900 and 0 < days < 60  # noqa: PLR2004  (the day that never was)
    moment = origin + dt.timedelta(seconds=seconds, days=1 if early and days >= 1 else 0)
    if days < 1:
        return moment.time().isoformat()
    return moment.date().isoformat() if days == int(days) else moment.isoformat(sep=" ")


def plain_text(text: str) -> str:
    """Restore characters that XML cannot hold, which spreadsheets write as _xHHHH_."""
    return _ESCAPED.sub(_restored, text) if "_x" in text else text


def _restored(match: "re.Match[str]") -> str:
    code = int(match[1], 16)
    return match[0] if code in _SURROGATES else chr(code)
