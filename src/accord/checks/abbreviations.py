"""Abbreviations of orders that have killed: the Joint Commission's list, and of ISMP's what is plainly an order."""

import re
from collections.abc import Iterator
from functools import partial

from accord.domain.content import Content, Role
from accord.domain.findings import Finding, Kind, Limits, Rule, Severity
from accord.domain.wording import mark

_LIST = mark("The Joint Commission, official “Do Not Use” list of abbreviations (2004, requirement IM.02.02.01).")
_ISMP = mark("ISMP, List of Error-Prone Abbreviations, Symbols, and Dose Designations (2021).")
_UNIT = r"(?:cc|mg|mcg|µg|μg|g|mL|ml|units?|IU|mmol|mEq|kg)\b(?!\s?/\s?(?:d?L|l|dl|mL|ml)\b)"
# A small u is one only beside what is given by the unit; else it is a paragraph (§ 675u) or a word.
_UNITS = re.compile(
    r"(?<![\w.])\d+(?:\.\d+)?\s?(?:U\b(?!\s?[./-]\w)"
    r"|u(?= (?:of|insulin|regular|lispro|glargine|heparin|s\.?c|subq|i\.?v)\b))"
)
_INTERNATIONAL = re.compile(r"(?<![\w./])\d[\d,. ]{0,12}IU\b(?!\s?/\s?(?:d?L|l|dl|mL|ml)\b)")
_DAILY = re.compile(r"(?<![\w.])(?:Q\.D\b\.?|q\.d\b\.?|QD|qd|Q\.O\.D\b\.?|q\.o\.d\b\.?|QOD|qod)(?!\w)")
# Three zeros are a thousand in half of Europe.
_TRAILING = re.compile(rf"(?<![\d.,])\d+\.0{{1,2}}\s?{_UNIT}")
_LEADING = re.compile(rf"(?<![\w.,)])\.\d+\s?{_UNIT}")
# MS alone is also multiple sclerosis and mitral stenosis; beside a dose it is an order.
_MORPHINE = re.compile(r"\b(?:MSO4|MgSO4|MSO₄|MgSO₄)(?!\w)|\bMS(?=\s+\d+(?:\.\d+)?\s?(?:mg|mcg|g)\b)")
# A concentration or a measured volume is no order.
_MICRO = re.compile(r"(?<![\d.,])\d[\d.,]*\s?[µμ]g\b(?!\s?/\s?(?:d?L|l|dl|mL|ml|g|mg|kg)\b)")
_CUBIC = re.compile(r"(?<![\d.,])\d[\d.,]*\s?cc\b(?=\s(?:of\s[A-Z\d]|I\.?[VM]\b|PO\b|SC\b|daily\b|every\b|twice\b))")
_WEEKLY = re.compile(r"(?<![\w.])(?:TIW|BIW|tiw|biw|t\.i\.w\.|b\.i\.w\.)(?!\w)")
_BEDTIME = re.compile(r"(?<![\w.])(?:[qQ]\.?[hH]\.?[sS]\b\.?|(?<=\d\smg\s)HS\b|(?<=\bat\s)h\.?s\b\.?)(?!\w)")
_SKIN = re.compile(rf"(?<![\d.,])\d[\d.,]*\s?{_UNIT}\s(?:of\s\w+\s)?(?:SC|SQ|[sS]ub-?\s?[qQ])\b")

# of these, a text has one where the form can stand: to look for them first is much faster
_SIGNS = {
    _UNITS: ("U", "u "),
    _INTERNATIONAL: ("IU",),
    _DAILY: ("Q.D", "q.d", "QD", "qd", "Q.O", "q.o", "QOD", "qod"),
    _TRAILING: (".0",),
    _LEADING: (".",),
    _MORPHINE: ("MS", "Mg"),
    _MICRO: ("µg", "μg"),
    _CUBIC: ("cc",),
    _WEEKLY: ("TIW", "BIW", "tiw", "biw", "t.i.w", "b.i.w"),
    _BEDTIME: ("q", "Q", "HS", "h.s", "hs"),
    _SKIN: ("SC", "SQ", "ub"),
}


def _spots(pattern: re.Pattern[str], rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    for index, message in enumerate(content.messages):
        if message.role is Role.ASSISTANT and any(sign in message.content for sign in _SIGNS[pattern]):
            for found in pattern.finditer(message.content):
                yield rule.at(index, *found.span(), words=found.group())


def _rule(name: str, pattern: re.Pattern[str], title: str, sentence: str, *, listed: str = _LIST) -> Rule:
    return Rule(
        name=name,
        kind=Kind.ABBREVIATIONS,
        severity=Severity.WARNING if listed is _LIST else Severity.NOTE,
        title=title,
        sentence=sentence,
        source=listed,
        find=partial(_spots, pattern),
    )


RULES = (
    _rule("unit-as-u", _UNITS, mark("U for unit"), mark("“{words}”: U is read as 0, 4 or cc. Write “unit”.")),
    _rule(
        "international-unit",
        _INTERNATIONAL,
        mark("IU for international unit"),
        mark("“{words}”: IU is read as IV or 10. Write “international unit”."),
    ),
    _rule(
        "daily",
        _DAILY,
        mark("QD and QOD"),
        mark("“{words}”: QD and QOD are read as each other. Write “daily” or “every other day”."),
    ),
    _rule(
        "trailing-zero",
        _TRAILING,
        mark("Zero after the point"),
        mark("“{words}”: where the point is not seen, the dose is ten times as high. Write it without the zero."),
    ),
    _rule(
        "no-leading-zero",
        _LEADING,
        mark("No zero before the point"),
        mark("“{words}”: where the point is not seen, the dose is ten times as high or more. Write a zero before it."),
    ),
    _rule(
        "morphine-magnesium",
        _MORPHINE,
        mark("MS, MSO4 and MgSO4"),
        mark("“{words}”: read as morphine sulfate and as magnesium sulfate. Write the name."),
    ),
    _rule(
        "microgram-sign",
        _MICRO,
        mark("µg for microgram"),
        mark("“{words}”: µg is read as mg, a thousand times as much. Write “mcg”."),
        listed=_ISMP,
    ),
    _rule(
        "cubic-centimetre",
        _CUBIC,
        mark("cc for millilitre"),
        mark("“{words}”: cc is read as u, units. Write “mL”."),
        listed=_ISMP,
    ),
    _rule(
        "times-a-week",
        _WEEKLY,
        mark("TIW and BIW"),
        mark("“{words}”: read as so often a day. Write “three times weekly” or “twice weekly”."),
        listed=_ISMP,
    ),
    _rule(
        "bedtime",
        _BEDTIME,
        mark("HS and qhs"),
        mark("“{words}”: HS is read as half strength, qhs as every hour. Write “at bedtime”."),
        listed=_ISMP,
    ),
    _rule(
        "under-the-skin",
        _SKIN,
        mark("SC, SQ and sub q"),
        mark("“{words}”: SC is read as SL, under the tongue, and q as every. Write “subcutaneously”."),
        listed=_ISMP,
    ),
)
