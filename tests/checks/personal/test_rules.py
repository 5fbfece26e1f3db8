"""The rules for personal data give findings in any message of an example, from one reading of each text."""

import pytest

from accord.checks.personal import finding, rules
from accord.checks.personal.rules import RULES
from accord.checks.personal.spans import Span
from accord.domain.content import Content, Message, Role
from accord.domain.findings import Finding, Kind, Limits


def findings(*texts: str) -> list[Finding]:
    roles = (Role.USER, Role.ASSISTANT)
    content = Content(messages=tuple(Message(role=roles[i % 2], content=text) for i, text in enumerate(texts)))
    return [finding for rule in RULES for finding in rule.find(rule, content, Limits())]


def test_a_finding_says_where_it_is_and_by_which_rule() -> None:
    text = "Ask me at jorge@yahoo.es."
    (finding,) = findings("Who are you?", text)
    assert (finding.kind, finding.rule, finding.message) == (Kind.PERSONAL, "email-address", 1)
    assert text[finding.start : finding.end] == "jorge@yahoo.es"


def test_nothing_of_the_text_is_kept_in_a_finding() -> None:
    (finding,) = findings("DNI 12345678Z")
    assert dict(finding.details) == {"entity": "es-dni"}
    (rule,) = [rule for rule in RULES if rule.name == finding.rule]
    assert rule.sentence.format(**finding.details)


def test_the_texts_are_read_once_for_all_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = finding.find_spans

    def counting(text: str) -> list[Span]:
        read.append(text)
        return real(text)

    monkeypatch.setattr(rules, "find_spans", counting)
    rules.spans_of.cache_clear()
    findings("first 1", "second 2")
    assert read == ["first 1", "second 2"]


def test_every_rule_is_named_once_and_cites_its_source() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.kind is Kind.PERSONAL and rule.title and rule.sentence and rule.source for rule in RULES)


def test_medical_and_legal_prose_without_persons_gives_nothing() -> None:
    assert not findings(
        "What is the dose of ibuprofen in children of 20 to 29 kg under ICD-10 code M79.1?",
        "Give 200 mg every 6 to 8 hours (10 mg/kg), at most 40 mg/kg/day; see section 4.2 and NCT01234567, ASCOT-BPLA 2005.",
        "Under § 823 Abs. 1 BGB, 42 U.S.C. § 1983 and Roe v. Wade, 410 U.S. 113 (1973)?",
        "Blood pressure 120/80, 98.6 °F, Na 140, K 4.2, WBC 7 500/µl, ratio 1:10 000, pH 7.35-7.45.",
    )
