"""Abbreviations of orders: the Joint Commission's list as it is printed, ISMP's where a dose stands beside it."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.checks import registry
from accord.domain.content import pair
from accord.domain.findings import Kind, Limits, Severity


def rules(answer: str) -> set[str]:
    found = registry.findings(pair("How is it given?", answer), Limits(), kinds={Kind.ABBREVIATIONS})
    return {one.rule for one in found}


@pytest.mark.parametrize(
    ("printed", "rule"),
    [
        ("10 U", "unit-as-u"),
        ("10 u of insulin", "unit-as-u"),
        ("500 IU", "international-unit"),
        *((f"10 mg {word}", "daily") for word in ("Q.D.", "QD", "q.d.", "qd", "Q.O.D.", "QOD", "q.o.d", "qod")),
        ("1.0 mg", "trailing-zero"),
        ("1.0 cc of Celestone", "trailing-zero"),
        (".5 mg", "no-leading-zero"),
        ("MS 5 mg", "morphine-magnesium"),
        ("MSO4", "morphine-magnesium"),
        ("MgSO4", "morphine-magnesium"),
    ],
)
def test_the_list_of_the_joint_commission_is_whole(printed: str, rule: str) -> None:
    assert rule in rules(f"Give {printed} in the evening.")


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        ("Take 50 µg of levothyroxine.", "microgram-sign"),
        ("Calcitriol 0.25 μg each day", "microgram-sign"),
        ("Inject 2 cc of Celestone.", "cubic-centimetre"),
        ("Epoetin 4000 units TIW", "times-a-week"),
        ("Take 6 mg at h.s.", "bedtime"),
        ("Trazodone 50 mg qhs", "bedtime"),
        ("Heparin 5000 units SC every 8 hours", "under-the-skin"),
        ("Enoxaparin 40 mg of it sub q", "under-the-skin"),
    ],
)
def test_what_ismp_warns_of_is_noted(answer: str, rule: str) -> None:
    assert rule in rules(answer)
    (one,) = registry.findings(pair("?", answer), Limits(off=("daily",)), kinds={Kind.ABBREVIATIONS})
    assert one.severity is Severity.NOTE
    assert "ISMP" in registry.rule(rule).source


@pytest.mark.parametrize(
    "answer",
    [
        "The MIC of vancomycin is 16 µg/ml; PINP was 21.9 μg/mL.",
        "The prostate measured 40 cc; 200 cc of fluid were drained.",
        "Se extrajo un volumen de 9.000 mL, y luego 1.000 mL al día.",
        "High school (HS), SC Freiburg, SQL, the South Carolina (SC) court",
        "0.5 mg, 10 mg daily, 5 mL, 100 units, 10.5 mg",
        "INR 2.0, potassium 4.0 mmol/L, MS since 2001",
    ],
)
def test_what_is_no_order_is_left_alone(answer: str) -> None:
    assert rules(answer) == set()


@given(st.text(max_size=60), st.sampled_from(["5 cc of A", "qhs", "1.0 mg", ".5 mg SC", "3 µg", "MS 5 mg", "q.d"]))
def test_any_text_is_looked_at(start: str, end: str) -> None:
    content = pair("?", start + end)
    for one in registry.findings(content, Limits(), kinds={Kind.ABBREVIATIONS}):
        assert 0 <= one.start < one.end <= len(content.answer)
        assert registry.sentence(one)


def test_what_is_said_of_medquad(data_dir: Path) -> None:
    """One answer of 1,192 writes a dose as “.25 mg”, and that is all that is wrong with their abbreviations."""
    with (data_dir / "medical" / "medquad_niddk.csv").open(encoding="utf-8", newline="") as lines:
        answers = [row["answer"] for row in csv.DictReader(lines)]
    found = [rules(answer) for answer in answers]
    assert [one for one in found if one] == [{"no-leading-zero"}]
