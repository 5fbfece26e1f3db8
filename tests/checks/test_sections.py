"""Sections without their law and periods without place or date: where a reader cannot know what is meant."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.checks import registry
from accord.domain.content import pair
from accord.domain.findings import Kind, Limits, Severity

ASKED = Limits(place_and_date=True)


def findings(answer: str, request: str = "What can I do?", limits: Limits = ASKED) -> list[tuple[str, str]]:
    found = registry.findings(pair(request, answer), limits, kinds={Kind.CITATIONS})
    return [(one.rule, answer[one.start : one.end]) for one in found]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("Section 21 applies, so your landlord may give notice.", "Section 21"),
        ("He was detained under section 136.", "section 136"),
        ("Ihr Anspruch folgt aus § 823 Abs. 1.", "§ 823"),
        ("L'article L. 1234-5 prévoit un préavis.", "article L. 1234-5"),
        ("Según el artículo 1902, responde de los daños y el juez decide.", "artículo 1902"),
    ],
)
def test_a_section_whose_law_nobody_names_is_noted(answer: str, words: str) -> None:
    assert findings(answer) == [("section-without-law", words)]
    (one,) = registry.findings(pair("?", answer), Limits(), kinds={Kind.CITATIONS})
    assert one.severity is Severity.NOTE
    assert registry.sentence(one) == f"“{words}” belongs to a law that nobody names here."


@pytest.mark.parametrize(
    "answer",
    [
        "Section 21 of the Housing Act 1988 lets your landlord give notice.",
        "§ 823 BGB, § 242 StGB und § 1 KSchG: der Anspruch verfällt.",
        "article L. 1234-5 du code du travail: le juge décide",
        "art. 1902 CC; el art. 1902 del Código Civil: el juez decide",
        "42 U.S.C. § 1983 lets you claim damages.",
        "A section of the bowel was removed; the patient has no claim.",
        "She had a C-section 8 years ago and a legal claim.",
        "See article 12 in the journal; the court was not asked.",
        "Under section 3 of this contract the tenant pays; section 4 of the leaflet names the law.",
        "Notwithstanding Section 3.01, the Licensee hereby grants it; the court agrees.",
        "**Article 1: What is law?** A court decides.",
        "Sections 5 mm thick were cut and stained.",
    ],
)
def test_a_section_with_its_law_or_of_something_else_is_left_alone(answer: str) -> None:
    assert findings(answer) == []


def test_a_law_that_the_request_names_is_known() -> None:
    assert findings("Section 21 applies, landlord.", "What does the Housing Act 1988 say?") == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("The limitation period is six years.", "limitation period"),
        ("You must appeal to the tribunal within 21 days.", "appeal to the tribunal within"),
        ("Die Verjährungsfrist beträgt drei Jahre.", "Verjährungsfrist"),
        ("El plazo de prescripción es de cinco años.", "plazo de prescripción"),
        ("Le délai de prescription est de cinq ans.", "délai de prescription"),
    ],
)
def test_a_period_needs_its_place_and_a_date_where_the_project_asks(answer: str, words: str) -> None:
    assert findings(answer) == [("period-without-date", words), ("period-without-place", words)]
    assert findings(answer, limits=Limits()) == []
    assert findings(answer + " (England, as of 2026)") == []


@pytest.mark.parametrize(
    "answer",
    [
        "The limitation period differs from case to case.",
        "Limitation of motion lasted two weeks.",
        "File a claim if nothing is paid within 14 days.",
        "Take one tablet within two hours.",
        "In Spain the limitation period is five years (2015 reform).",
    ],
)
def test_what_states_no_period_or_says_where_is_left_alone(answer: str) -> None:
    assert findings(answer) == []


def test_a_conversation_about_one_country_needs_no_place_again() -> None:
    assert findings("The limitation period is three years since 2002.", "How is it in Germany?") == []


@given(st.text(max_size=60), st.sampled_from(["§ 1", "Section 21", "limitation period six years", "Art. 5 court", ""]))
def test_any_text_is_looked_at(start: str, end: str) -> None:
    text = start + end
    for rule, words in findings(text, "?") if text else ():
        assert rule
        assert words


def test_what_is_said_of_real_texts(data_dir: Path) -> None:
    """Statutes that refer to their own sections trip it, contracts and medical answers do not."""
    statutes = json.loads((data_dir / "multilingual" / "bgb_de_statutes.json").read_text("utf-8"))
    texts = [row["content"] for row in statutes] if isinstance(statutes, list) else list(statutes.values())
    noted = [text for text in texts if any(rule == "section-without-law" for rule, _words in findings(text))]
    assert 600 < len(noted) < 900
    assert all("§" in text or "Artikel" in text for text in noted)

    with (data_dir / "legal" / "legalbench_alpaca.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    assert sum(bool(findings(row["output"], row["instruction"] + row["input"])) for row in rows) == 0
    with (data_dir / "medical" / "medquad_niddk.csv").open(encoding="utf-8", newline="") as lines:
        medical = [row["answer"] for row in csv.DictReader(lines)]
    assert sum(bool(findings(text)) for text in medical) == 0
