"""Codes of diseases: which are called wrong, in which words, and what only looks like a code."""

import csv
import json
from functools import partial
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.checks import registry
from accord.checks.codes.classification import clinical, international
from accord.domain.content import pair
from accord.domain.findings import Finding, Kind, Limits

found_in = partial(registry.findings, limits=Limits(), kinds={Kind.CODES})


def findings(answer: str, request: str = "What is it?") -> list[tuple[str, str]]:
    return [(one.rule, answer[one.start : one.end]) for one in found_in(pair(request, answer))]


def unknown(answer: str, request: str = "What is it?") -> list[str]:
    return [code for rule, code in findings(answer, request) if rule == "unknown-icd-code"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("The ICD-10 code of diabetes without complications is E11.90.", "E11.90"),
        ("ICD-10-CM code J45.9O9 (asthma)", "J45.9O9"),  # the letter O
        ("Dx: E11.99, I10.", "E11.99"),
        ("CIE-10: C42.1", "C42.1"),
        ("I11.7 (ICD-10) is hypertensive heart disease.", "I11.7"),
        ("ICD-10-CM codes:\n- E11.65: with hyperglycemia\n- N18.33: CKD 3b", "N18.33"),
        ("| Code | ICD-10 |\n|---|---|\n| I50.99 | heart failure |", "I50.99"),
        ('{"icd10": ["J45.909", "Z99.999"]}', "Z99.999"),
        ('{"icd_code": "E11999"}', "E11999"),
        ("Diagnoseschlüssel: I99.7", "I99.7"),
        ("疾病编码：X99.9，B13.900", "B13.900"),
        ("ICD-10 codes A00-B12", "B12"),
    ],
)
def test_a_code_that_does_not_exist_is_named(answer: str, code: str) -> None:
    assert unknown(answer) == [code]


@pytest.mark.parametrize(
    "answer",
    [
        "The ICD-10 code for vitamin B12 deficiency is E53.8; B12 was 120 pg/mL.",
        "Dx: B12 deficiency. Dx: T12 compression fracture, L4-L5 stenosis.",
        "ICD-10 S22.08 stands for a fracture of T11 or T12.",
        "An ICD was implanted at T12; lead V5, H1N1 negative, blood group A1, A1C 7.2.",
        "Flat T waves; the tumour was 3.5 cm; carbamazepine XR C12.5.",
        "ICD-9 V10.3, ICD-11 CA40.0, ICD-O C42.1, ICD-10-PCS 0FT44ZZ",
        "J45.97 is not a valid ICD-10 code.",
        "The code J45.97 does not exist in ICD-10.",
        "ICD-10: E11.x, E11.-, F32.*, I10.",
        "ICD-10 blocks A00-B99, J40–J47",
        "ICD-10-CM S06.0x0A and T36.0X1A",
        "ICD-10 M54.56, S72.00, F32.01, A17.0† G01*",
        "ICD-10-GM E11.91",
        "CIM-10 : E11.90",
        "ICD10 编码 I10.x00x002, E11.900x001, K35.900",
        "Version A99.9 of the form is used.",
    ],
)
def test_what_is_right_or_no_code_is_left_alone(answer: str) -> None:
    assert unknown(answer) == []


def test_a_request_for_codes_makes_codes_of_what_is_answered() -> None:
    request = "Give the ICD-10-CM codes of this note."
    assert unknown("E11.9\nI10\nB12\nJ45.97", request) == ["B12", "J45.97"]
    assert unknown("E11.9\nI10\nB12\nJ45.97") == []
    assert unknown("The patient lacks B12; see J45.20.", request) == []


def test_the_sentence_names_existing_codes_near_it() -> None:
    (one,) = found_in(pair("?", "ICD-10-CM: N18.33"))
    assert registry.sentence(one) == (
        "There is no ICD-10 code N18.33, in ICD-10-CM or in the WHO's list. Nearest: N18.3, N18.32, N18.31."
    )


def test_another_edition_and_a_divided_code_are_noted_where_the_edition_is_named() -> None:
    assert findings("ICD-10-CM E14.9") == [("other-icd-edition", "E14.9")]
    assert findings("ICD-10 (WHO) J45.909") == [("other-icd-edition", "J45.909")]
    assert findings("ICD-10 E14.9, J45.909") == []
    assert findings("ICD-10-CM M54.5 low back pain") == [("icd-category", "M54.5")]
    assert findings("ICD-10 M54.5 low back pain; ICD-10-CM M54.50; ICD-10-CM M54.-") == []
    (one,) = found_in(pair("?", "ICD-10-CM M54.5"))
    assert registry.sentence(one) == (
        "M54.5 cannot be billed in ICD-10-CM: it is divided further (M54.50, M54.51, M54.59)."
    )


def test_every_existing_code_is_known_however_it_stands() -> None:
    chosen = Random(5)
    codes = chosen.sample(clinical().codes, 400) + chosen.sample(international().codes, 400)
    for code in codes:
        assert unknown(f"ICD-10 code: {code}") == []
        assert unknown(json.dumps({"icd10": code.replace(".", "")})) == []


def test_a_rule_says_which_package_it_needs() -> None:
    content = pair("?", "ICD-10: N18.33")
    assert registry.findings(content, Limits(), kinds={Kind.CODES}, heavy=False) == []


@given(
    st.text(max_size=80),
    st.from_regex(r"(ICD-10(-CM)?|Dx|CIE|编码)?[ :,;(]{0,3}[A-Z]\d[\dAB.xX-]{0,7}", fullmatch=True),
)
def test_any_text_is_looked_at(start: str, end: str) -> None:
    content = pair("ICD-10?", start + end)
    for one in found_in(content):
        _is_inside(one, content.answer)


def _is_inside(one: Finding, text: str) -> None:
    assert 0 <= one.start < one.end <= len(text)
    assert "{" not in registry.sentence(one)


def test_codes_in_real_texts(data_dir: Path) -> None:
    """Hypertensive heart disease is I11.0 and I11.9 in ICD-10, strabismus H50.0 to H50.4: right, and wrong once changed."""
    csv.field_size_limit(1_000_000)
    with (data_dir / "medical" / "chatdoctor_format_dataset.csv").open(encoding="utf-8", newline="") as lines:
        texts = [row["reason"] for row in csv.DictReader(lines)]
    with (data_dir / "multilingual" / "huatuo_llama_med_zh.json").open(encoding="utf-8") as lines:
        texts += [json.loads(line)["output"] for line in lines]
    coded = [text for text in texts if "ICD" in text]
    assert [code for text in coded for code in unknown(text)] == []
    changed = [text.replace("I11.9", "I11.5").replace("H50.4", "H55.4") for text in coded]
    assert {code for text in changed for code in unknown(text)} == {"I11.5", "H55.4"}
