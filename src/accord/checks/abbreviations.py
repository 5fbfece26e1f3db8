"""Abbreviations of orders that have killed: the Joint Commission's list of what is never to be written."""

import re
from collections.abc import Iterator
from functools import partial

from accord.domain.content import Content, Role
from accord.domain.findings import Finding, Kind, Limits, Rule, Severity
from accord.domain.wording import mark

_LIST = mark("The Joint Commission, official “Do Not Use” list of abbreviations (2004, requirement IM.02.02.01).")
_UNIT = r"(?:mg|mcg|µg|μg|g|mL|ml|units?|IU|mmol|mEq|kg)\b(?!\s?/\s?(?:d?L|l|dl|mL|ml)\b)"
# A small u is one only beside what is given by the unit; else it is a paragraph (§ 675u) or a word.
_UNITS = re.compile(
    r"(?<![\w.])\d+(?:\.\d+)?\s?(?:U\b(?!\s?[./-]\w)"
    r"|u(?= (?:of|insulin|regular|lispro|glargine|heparin|s\.?c|subq|i\.?v)\b))"
)
_INTERNATIONAL = re.compile(r"(?<![\w./])\d[\d,. ]{0,12}IU\b(?!\s?/\s?(?:d?L|l|dl|mL|ml)\b)")
_DAILY = re.compile(r"(?<![\w.])(?:Q\.D\.|q\.d\.|QD|qd|Q\.O\.D\.|q\.o\.d\.|QOD|qod)(?!\w)")
_TRAILING = re.compile(rf"(?<![\d.,])\d+\.0+\s?{_UNIT}")
_LEADING = re.compile(rf"(?<![\w.,)])\.\d+\s?{_UNIT}")
# MS alone is also multiple sclerosis and mitral stenosis; beside a dose it is an order.
_MORPHINE = re.compile(r"\b(?:MSO4|MgSO4|MSO₄|MgSO₄)(?!\w)|\bMS(?=\s+\d+(?:\.\d+)?\s?(?:mg|mcg|g)\b)")


def _spots(pattern: re.Pattern[str], rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    for index, message in enumerate(content.messages):
        if message.role is Role.ASSISTANT:
            for found in pattern.finditer(message.content):
                yield rule.at(index, *found.span(), words=found.group())


def _rule(name: str, pattern: re.Pattern[str], title: str, sentence: str) -> Rule:
    return Rule(
        name=name,
        kind=Kind.ABBREVIATIONS,
        severity=Severity.WARNING,
        title=title,
        sentence=sentence,
        source=_LIST,
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
)
