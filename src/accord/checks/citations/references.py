"""The rules for what refers back, and for American statutes: Id. and supra, titles and sections."""

import re
from collections.abc import Iterator

from accord.checks.citations.answers import SHOWN, answers, rule_for_citations
from accord.domain.content import Content
from accord.domain.findings import Finding, Limits, Rule, Severity
from accord.domain.wording import mark

_ID = re.compile(
    r"(?<![\w.])(?:Id|Ibid)\.(?=,? (?:at \d|§|¶|\(|[A-Z]|pp?\.)|,? ?(?:\n|$))"
    r"|(?<![\w.])(?:id|ibid)\.(?=,? (?:at|§|¶) ?\d)"
    r"|(?<!\w)[A-Z]\w++,? supra(?=,? (?:at|note|§|¶|p\.)|[,.;)])|(?<![\w-])supra(?=,? (?:at|note) \d)"
)
_ID_SIGNS = ("Id.", "id.", "supra")
# Anything that it may refer to: a case, a section, an act, a document of the court, a European case or act.
_CITED = re.compile(
    r"§|¶|\bv[.s]?\s+[A-Z]|\b(?:In re|Ex parte)\b|\bECLI:"
    r"|\b(?:Act|Code|Statutes?|Constitution|Treaty|Directive|Regulation)\b"
    r"|\b\d{1,4} [A-Z][\w.' ]{0,20} \d|\b(?:Compl|Decl|Dkt|Doc|Ex|Tr|Op|Br|Mem|Mot|Aff|Dep|Hr'g|ECF|Cass|Art|art)\b\.?"
    r"|https?://|\(\d{4}\)"
)
_TITLES = {"USC": 54, "CFR": 50}
_CODE = r"(?P<code>U\.\s?S\.\s?C\.(?:\s?A\.)?|U\.?S\.?C\b\.?|C\.\s?F\.\s?R\.|CFR\b)"
_WITH_TITLE = re.compile(rf"(?<![\w.])(?P<title>\d{{1,4}})\s{_CODE}")
_NO_TITLE = re.compile(rf"(?<![\w.])(?<!\d\s)(?<!\d\s\s){_CODE},?\s{{0,2}}§§?\s?\d")
_NAMED_BEFORE = re.compile(r"\b[Tt]itle\s(?:\d+|[IVXL]+)\W")
_CODE_BOOK = mark("The titles of the United States Code (1 to 54) and of the Code of Federal Regulations (1 to 50).")


def _back(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    for index, text, before in answers(content):
        found = _ID.search(text) if any(sign in text for sign in _ID_SIGNS) else None
        if found is not None and not _CITED.search(before) and not _CITED.search(text, 0, found.start()):
            yield rule.at(index, *found.span(), words=found.group()[:SHOWN])


def _titles(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    for index, text, _before in answers(content):
        for found in _WITH_TITLE.finditer(text):
            code = re.sub(r"[\s.]", "", found["code"])[:3]
            if not 1 <= int(found["title"]) <= _TITLES[code]:
                words, last = found.group()[:SHOWN], str(_TITLES[code])
                yield rule.at(index, *found.span(), words=words, title=found["title"], last=last)


def _untitled(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    for index, text, _before in answers(content):
        for found in _NO_TITLE.finditer(text):
            if not _NAMED_BEFORE.search(text):
                yield rule.at(index, *found.span(), words=found.group()[:SHOWN])


RULES = (
    rule_for_citations(
        name="reference-to-nothing",
        severity=Severity.NOTE,
        title=mark("Id. or supra with nothing before"),
        sentence=mark("“{words}” refers to a source named before, and none is."),
        source=mark("The Bluebook, rules 4.1 and 4.2."),
        find=_back,
    ),
    rule_for_citations(
        name="statute-title",
        severity=Severity.ERROR,
        title=mark("Title of a code that does not exist"),
        sentence=mark("“{words}”: there is no title {title}; the last is {last}."),
        source=_CODE_BOOK,
        find=_titles,
    ),
    rule_for_citations(
        name="statute-without-title",
        severity=Severity.WARNING,
        title=mark("Section of a code without its title"),
        sentence=mark("“{words}” does not say which title of the code."),
        source=mark("The Bluebook, rule 12: title, code, section."),
        find=_untitled,
    ),
)
