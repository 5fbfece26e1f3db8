"""Every check: texts that trip it and texts that must not, and what it says of real data."""

import csv
import json
from collections import Counter
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.checks import registry
from accord.domain.content import Content, Message, Role
from accord.domain.errors import NotFound
from accord.domain.findings import Kind, Limits, Rule

LONG = "Take the tablet with water in the morning, and call us if the pain does not go away within two days. " * 4


def content(answer: str, request: str = "What should I do?") -> Content:
    return Content(
        messages=(Message(role=Role.USER, content=request), Message(role=Role.ASSISTANT, content=answer)),
    )


def names(answer: str, request: str = "What should I do?", **limits: object) -> set[str]:
    return {found.rule for found in registry.findings(content(answer, request), Limits(**limits), heavy=False)}  # type: ignore[arg-type]  # limits by name


TRIP = [
    ("empty-answer", "  - \n"),
    ("empty-answer", "N/A"),
    (
        "cut-off",
        LONG + "In the evening you may take a second one, provided that you have eaten something before you took the",
    ),
    ("cut-off", LONG + "\n```python\nprint(1)\n"),
    ("model-words", "As an AI language model, I cannot examine you."),
    ("model-words", "I'm just an AI assistant, so please ask a doctor."),
    ("model-words", "作为一个人工智能语言模型，我无法诊断。"),
    ("model-words", "抱歉, 由于我是一个人工智能语言模型，我不能诊断。"),
    ("model-words", "I'm sorry, but as an AI, I cannot examine you."),
    ("model-words", "Als KI-Sprachmodell kann ich das nicht."),
    ("model-words", "En tant qu’IA, je ne peux pas."),
    ("replacement-character", "She has na\ufffdve T cells."),
    ("misread", "The patientâ€™s temperature is 38 Â°C."),
    ("misread", "Die MÃ¼digkeit lÃ¤sst nach."),
    ("control-character", "a\x00b"),
    ("control-character", "a\x85b".replace("\x85", "\x92")),
    ("turned-text", "dose \u202e01 mg"),
    ("turned-text", "first \u2067open\nsecond"),
    ("invisible-character", "para\u200bcetamol"),
    ("two-alphabets", "p\u0430racetamol"),
    ("special-token", "Yes.<|im_end|>"),
    ("special-token", "[INST] Hello [/INST]"),
    ("markup", "fever &amp; cough"),
    ("template-marker", "Dear {{name}}, your results are here."),
    ("template-marker", "Sincerely,\n[Your Name]"),
    ("template-marker", "The dose is XXXX mg."),
    ("unit-as-u", "Give 10 U insulin."),
    ("international-unit", "Vitamin D 2000 IU"),
    ("daily", "Lisinopril 10 mg QD"),
    ("trailing-zero", "warfarin 5.0 mg"),
    ("no-leading-zero", "digoxin .25 mg"),
    ("morphine-magnesium", "MSO4 10 mg"),
    ("morphine-magnesium", "MS 10 mg"),
]
MUST_NOT = [
    ("empty-answer", "None."),
    ("empty-answer", "否。"),
    ("cut-off", LONG),
    (
        "cut-off",
        LONG
        + "\n- aspirin\n- ibuprofen, only where the kidneys are well and nothing else thins the blood of this person",
    ),
    (
        "cut-off",
        LONG
        + "More is said at the address that the ministry of health has set up for this purpose: https://example.org/a",
    ),
    ("cut-off", "No"),
    (
        "cut-off",
        LONG + "See also: Learn More About Adoption and Vaccines Pregnancy Help Paying for Vaccines on the Web",
    ),
    (
        "cut-off",
        LONG + "\nfresh herring     3 oz    1 mg    0 mcg    58 mcg        trout    3 oz    0 mg    5 mcg    more",
    ),
    ("model-words", "Ask whether the model of the pump has been recalled."),
    ("model-words", "She works as an AI engineer; 人工智能助手在诊断中很有用。"),
    ("model-words", "ChatGPT was developed by OpenAI."),
    ("misread", "Der Rücken schmerzt, naïve Zellen, 38 °C, señor, Žižek, ½ tablet"),
    ("misread", "Ёлка и ёж; Рёбра"),
    ("control-character", "a\tb\r\nc"),
    ("turned-text", "price \u2067مرحبا\u2069 end"),
    ("turned-text", "שלום עולם"),
    ("invisible-character", "می\u200cخواهم 👩\u200d⚕️"),
    ("two-alphabets", "10 kΩ, α-tocopherol, NFκB, PPARγ, μg, λmax, Δ9-THC, COVID-пациент, УЗИ, HbA1c"),
    ("two-alphabets", "TGFβ, IFNγ, 5 µg, ΔG, β-blocker, Москва, Αθήνα"),
    ("special-token", "a < b and c > d; [1] see <www.who.int>"),
    ("markup", "AT&T; R&D; a<b>c"),
    ("markup", "<html><body>\n<p>Text to display</p>\n</body></html>"),
    ("markup", "Write ```<b>bold</b>``` for bold."),
    ("template-marker", "My name is [NAME], I was seen on [DATE]."),
    ("template-marker", "[doctor] hello [patient] hi"),
    ("template-marker", "Fill in: ______"),
    ("unit-as-u", "Give 10 units of insulin; 5 U/L of ALT; § 675u"),
    ("international-unit", "TSH 2.5 mIU/L; hCG 25 IU/L"),
    ("trailing-zero", "creatinine 1.0 mg/dL; version 2.0; 10 mg"),
    ("no-leading-zero", "p = .05; 0.25 mg"),
    ("morphine-magnesium", "MS is a disease of the nerves"),
]


@pytest.mark.parametrize(("rule", "answer"), TRIP)
def test_a_check_is_tripped(rule: str, answer: str) -> None:
    found = [one for one in registry.findings(content(answer), Limits(), heavy=False) if one.rule == rule]
    assert found
    for one in found:
        assert registry.sentence(one)
        assert "{" not in registry.sentence(one).replace("{{", "")
        text = content(answer).messages[one.message].content
        assert 0 <= one.start < one.end <= len(text)


def test_a_mark_that_stays_open_is_named_itself() -> None:
    (found,) = registry.findings(content("first \u2067open\nsecond"), Limits(), kinds={Kind.ENCODING})
    assert found.start == len("first ")
    assert found.details["characters"] == "U+2067"


def test_a_misread_sign_that_nobody_sees_is_told_by_its_code_point() -> None:
    (found,) = [
        one for one in registry.findings(content("It\x92s time."), Limits(), heavy=False) if one.rule == "misread"
    ]
    assert registry.sentence(found).startswith("“U+0092” was probably “’”")


@pytest.mark.parametrize(("rule", "answer"), MUST_NOT)
def test_a_check_is_not_tripped(rule: str, answer: str) -> None:
    assert rule not in names(answer)


def test_every_rule_has_a_text_that_trips_it_and_one_that_does_not() -> None:
    limited = {"short-answer", "long-answer", "copied-request", "missing-phrase", "wrong-form", "too-many-tokens"}
    own_files = {Kind.PERSONAL, Kind.CODES, Kind.CITATIONS, Kind.LANGUAGE, Kind.ABBREVIATIONS}
    elsewhere = {each.name for each in registry.RULES if each.kind in own_files}
    assert {each.name for each in registry.RULES} == {rule for rule, _answer in TRIP} | limited | elsewhere
    assert {rule for rule, _answer in TRIP} - {rule for rule, _answer in MUST_NOT} <= {"replacement-character", "daily"}
    assert len({each.name for each in registry.RULES}) == len(registry.RULES)
    assert all(each.source and each.title for each in registry.RULES)


def test_a_project_sets_limits_and_switches_checks_off() -> None:
    assert names("Yes.", shortest=5) == {"short-answer"}
    assert names("Yes.") == set()
    assert names("Yes. " * 20, longest=50) == {"long-answer"}
    assert names("Call 112.\nSee a\ndoctor.", phrases=("see a doctor", "call 112")) == set()
    assert names("Rest.", phrases=("see a doctor",)) == {"missing-phrase"}
    assert names("Answer: rest.\nWhy: it heals.", pattern="Answer: .+Why: .+") == set()
    assert names("Rest.", pattern="Answer: .+") == {"wrong-form"}
    assert names("Rest.", pattern="(") == set()
    assert names("N/A", off=("empty-answer",)) == set()
    found = registry.findings(content("p\u0430in &amp; {{name}}"), Limits(), kinds={Kind.TEMPLATE})
    assert [one.rule for one in found] == ["template-marker"]


def test_a_copy_of_the_request_is_told_and_an_extract_is_not() -> None:
    request = "My mother has had a fever since Monday, and her left knee is swollen. What should we do?"
    assert "copied-request" in names(request, request)
    assert "copied-request" in names(request + " Please see a doctor.", request)
    assert "copied-request" not in names("My mother has had a fever since Monday", request + LONG)
    assert "copied-request" not in names("See a doctor today, because of the fever and the knee together.", request)


def test_a_request_may_ask_about_a_form_and_may_not_come_from_one_that_was_left_unfilled() -> None:
    assert names("Dear madam", "Write a letter. Begin with “Dear [name]” and end with [your name]. TODO: date") == set()
    assert names("Yes.", "{{text}}\ntext: Is this clause valid?") == {"template-marker"}


def test_an_unknown_rule_is_said() -> None:
    with pytest.raises(NotFound):
        registry.rule("nothing")


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_looked_at_and_every_place_is_inside_it(request: str, answer: str) -> None:
    _is_inside(content(answer, request), heavy=False)


@settings(max_examples=10)
@given(st.text(max_size=200), st.text(max_size=200))
def test_heavy_rules_look_at_any_text_too(request: str, answer: str) -> None:
    _is_inside(content(answer, request), heavy=True)


def _is_inside(looked_at: Content, *, heavy: bool) -> None:
    for one in registry.findings(looked_at, Limits(shortest=5, longest=50), heavy=heavy):
        assert 0 <= one.start <= one.end <= len(looked_at.messages[one.message].content)
        assert registry.sentence(one)


LIGHT = [rule for rule in registry.RULES if not rule.needs and rule.kind is not Kind.PERSONAL]
HOSTILE = ("a", "A", "1", ".", "[your ", "<", "p\u0430", "&#", "{{", "\u2067", "1.0 ", "ECLI:", "notice period ")


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_text_twice_as_long_takes_about_twice_as_long(piece: str) -> None:
    """The ratio of two times, the better of two tries: what backtracks takes four times as long."""
    once, twice = (content(piece * (length // len(piece))) for length in (20_000, 40_000))
    for rule in LIGHT:
        ratios = (_seconds(rule, twice) / _seconds(rule, once) for _try in range(3))
        assert _seconds(rule, twice) < 0.05 or min(ratios) < 3.5, rule.name


def _seconds(rule: Rule, looked_at: Content) -> float:
    begun = process_time()
    list(rule.find(rule, looked_at, Limits(place_and_date=True)))
    return max(process_time() - begun, 1e-6)


def test_what_is_said_of_real_answers(data_dir: Path) -> None:
    """Counts that were read by eye: nearly every alarm is one that a person would want."""
    found: Counter[str] = Counter()
    with (data_dir / "medical" / "medquad_niddk.csv").open(encoding="utf-8", newline="") as lines:
        rows = [content(row["answer"], row["question"]) for row in csv.DictReader(lines)]
    for each in rows:
        found.update(
            {one.rule for one in registry.findings(each, Limits(), kinds=set(Kind) - {Kind.PERSONAL}, heavy=False)}
        )
    assert sum(found.values()) < len(rows) / 50
    assert found["no-leading-zero"] == 1

    alpaca = json.loads((data_dir / "chat" / "llamafactory_alpaca_zh_demo.json").read_text("utf-8"))
    spoken = [row for row in alpaca if "model-words" in names(row["output"], row["instruction"])]
    assert 20 <= len(spoken) <= 30
    identity = json.loads((data_dir / "chat" / "llamafactory_identity.json").read_text("utf-8"))
    marked = [row for row in identity if "template-marker" in names(row["output"], row["instruction"])]
    assert len(marked) == sum("{{" in row["output"] + row["instruction"] for row in identity)
