"""Where a text means a code of the ICD-10, and of which edition: a context word, a list, or a field's name says so."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class System(StrEnum):
    """Which classification a context word names."""

    ANY = "ICD-10"
    CLINICAL = "ICD-10-CM"
    INTERNATIONAL = "ICD-10 (WHO)"
    NATIONAL = "national"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A code as it is written, at code points ``start`` to ``end``, and the classification that is named beside it."""

    start: int
    end: int
    code: str
    system: System


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    start: int
    end: int
    system: System


REACH = 120  # how far a context word reaches forward: about one line
BEHIND = 40  # “J45.909 (ICD-10-CM)”
_CODE = re.compile(
    r"(?<![\w.])(?:[A-Z]\d[0-9AB](?:\.[0-9A-Zx]{1,4}(?:x\d{3})?|(?=\.[-*]))?(?!\w|\.\w)|[A-Z]\d[0-9AB][0-9A-Z]{1,4}(?![\w.]))"
)
_WORD = re.compile(
    r"(?<![A-Za-z])(?P<icd>ICD|CIE|CIM)(?:[-_\s—–]?(?P<edition>\d+|O))?"
    r"(?:[-_\s(]{0,2}(?P<kind>CM|PCS|GM|AM|CA|ES|NL|SE|WHO|OMS)\b)?(?![A-Za-z])"
    r"|(?P<said>\bdiagnos(?:is|tic|es)[ _-]?codes?\b|\bdiagnosis_code"
    r"|\bcódigos? (?:de )?diagn[oó]stic\w+|\bDiagnoseschlüssel"
    r"|\bdx(?:[ _]?codes?)?(?=\W{0,4}[A-Z]\d)|疾病编码|诊断编码)",
    re.IGNORECASE,
)
# What may stand between a context word, or the code before, and a code without a point.
_LEADS = re.compile(
    r"[\s:=(\"'\[„“‘*_`>#-]*(?:(?:cm|codes?|código|kode|is|are|es|ist|for|number|no\.?)[\s:=(\"'\[„“‘*_`]+){0,3}"
    r"|[\s\"'\])]*(?:[,;/&+–—-]|\b(?:and|or|to|through|y|o|und|et|ou|bis|a)\b|至|和|、|，)[\s\"'\[(]*",
    re.IGNORECASE,
)
# What may follow it: not the noun of a vertebra, a vitamin or a nerve.
_FOLLOWS = re.compile(
    r"\s*(?:$|[\n,;.:)\]\"'|<*†}、，。]|[–—-](?![A-Z]?\d\b)|\((?!C\d)|(?:for|is|means|and|or|to|und|y|et)\b)",
    re.IGNORECASE,
)
# A code that is called wrong is no error of the text.
_DENIED = re.compile(
    r"\b(?:not? (?:an? )?(?:\w+ )?(?:valid|real|existing|such|code)|invalid|n[o']t exist|non-?existent|deleted|retired"
    r"|discontinued|obsolete|no longer|replaced|no existe|existiert nicht|n'existe pas)\b",
    re.IGNORECASE,
)
_NEGATION_REACH = 60
_LINE_BEGINS = re.compile(r"(?:^|\n)[ \t\-*•\"'(\[{`]*$")
_INDENT = 40  # of a code that stands first in its line


def context(text: str) -> System | None:
    """Return the classification that the last context word of a text names; None where no ICD-10 is spoken of."""
    words = [word for word in _words(text) if word.system is not System.OTHER]
    return words[-1].system if words else None


def mentions(text: str, asked: System | None = None) -> Iterator[Mention]:
    """Yield the codes in a text. ``asked``: the classification that earlier messages speak of (``context``)."""
    found = list(_CODE.finditer(text))
    words = _words(text) if found else []
    if not words and asked is None:
        return
    starts = [word.start for word in words]
    last: Mention | None = None
    for each in found:
        before = words[place - 1] if (place := bisect_right(starts, each.start())) else None
        after = words[place] if place < len(words) else None
        system = _system(text, each, before, after, last) or asked
        if system in (None, System.OTHER) or _denied(text, each):
            continue
        if "." in each.group() or _alone(text, each, before, last, asked=asked):
            last = Mention(start=each.start(), end=each.end(), code=each.group(), system=system)
            yield last


def _words(text: str) -> list[_Word]:
    return [_Word(start=one.start(), end=one.end(), system=_named(one)) for one in _WORD.finditer(text)]


def _named(word: re.Match[str]) -> System:
    kind = (word["kind"] or "").upper()
    if word["said"] or (word["edition"] in (None, "10") and not kind):
        return System.NATIONAL if (word["icd"] or "").upper() == "CIM" else System.ANY
    if word["edition"] not in (None, "10") or kind == "PCS":
        return System.OTHER  # ICD-9, ICD-11 and ICD-O have codes of the same look
    if kind in {"CM", "ES"}:  # the Spanish edition is a translation of the clinical modification
        return System.CLINICAL
    return System.INTERNATIONAL if kind in {"WHO", "OMS"} else System.NATIONAL


def _system(
    text: str, code: re.Match[str], before: _Word | None, after: _Word | None, last: Mention | None
) -> System | None:
    """Return the classification that the words around a code name, the one before it first."""
    if before is not None and code.start() - before.end <= REACH and "\n\n" not in text[before.end : code.start()]:
        return before.system
    if last is not None and code.start() - last.end <= REACH:
        return last.system
    if after is not None and 0 <= after.start - code.end() <= BEHIND and "\n" not in text[code.end() : after.start]:
        return after.system
    return None


def _alone(text: str, code: re.Match[str], before: _Word | None, last: Mention | None, *, asked: System | None) -> bool:
    """Say whether a code without a point stands where nothing but a code can stand."""
    if not _FOLLOWS.match(text, code.end()):
        return False
    leads = [edge for edge in (before.end if before else None, last.end if last else None) if edge is not None]
    if (
        leads
        and code.start() - REACH <= max(leads) <= code.start()
        and _LEADS.fullmatch(text, max(leads), code.start())
    ):
        return True
    return asked is not None and bool(_LINE_BEGINS.search(text, max(code.start() - _INDENT, 0), code.start()))


def _denied(text: str, code: re.Match[str]) -> bool:
    return bool(_DENIED.search(text, max(code.start() - _NEGATION_REACH, 0), code.end() + _NEGATION_REACH))
