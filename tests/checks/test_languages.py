"""The language of an answer: what is told, and what a person would not call another language."""

import csv
import json
from collections import Counter
from itertools import cycle
from pathlib import Path

import pytest

from accord.checks import languages
from accord.domain.content import Content, Message, Role, pair
from accord.domain.findings import Limits

ENGLISH_ASKED = "My mother has had a fever since Monday, and her left knee is swollen. What should we do about it now?"
ENGLISH = (
    "Please take her to a doctor today, because a fever together with a swollen joint may be an infection of the joint."
)
SPANISH = (
    "Llévela hoy mismo al médico, porque la fiebre junto con una articulación hinchada puede ser una infección grave."
)
FRENCH = "Emmenez-la chez le médecin aujourd’hui, car une fièvre avec une articulation gonflée peut être une infection."
GERMAN = "Bringen Sie sie noch heute zum Arzt, denn Fieber und ein geschwollenes Gelenk können eine Infektion bedeuten."
CHINESE = "请今天就带她去看医生，因为发烧加上关节肿胀可能是关节感染，需要尽快检查和治疗。"
ARABIC = "خذيها إلى الطبيب اليوم لأن الحمى مع تورم المفصل قد تعني التهابا في المفصل يحتاج إلى علاج سريع ومراقبة"
UZBEK = (
    "Ish beruvchi xodimni ishdan bo'shatish to'g'risida kamida ikki hafta oldin yozma ravishda ogohlantirishi shart."
)


def told(content: Content, **limits: object) -> list[tuple[str, str]]:
    set_ = Limits(**limits)  # type: ignore[arg-type]  # limits by name
    return [(f.rule, f.details["language"]) for rule in languages.RULES for f in rule.find(rule, content, set_)]


@pytest.mark.parametrize(
    ("answer", "language"),
    [(SPANISH, "Spanish"), (FRENCH, "French"), (GERMAN, "German"), (CHINESE, "Chinese"), (ARABIC, "Arabic")],
)
def test_an_answer_in_another_language_is_told(answer: str, language: str) -> None:
    assert told(pair(ENGLISH_ASKED, answer)) == [("another-language", language)]
    assert told(pair(ENGLISH_ASKED, answer), languages=("en",)) == [("unwanted-language", language)]
    code = {"Spanish": "es", "French": "fr", "German": "de", "Chinese": "zh", "Arabic": "ar"}[language]
    assert told(pair(ENGLISH_ASKED, answer), languages=("en", code)) == [("another-language", language)]
    assert told(pair(answer, answer)) == []
    assert told(pair(answer, ENGLISH)) == [("another-language", "English")]


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (ENGLISH_ASKED, ENGLISH),
        ("Translate into Spanish: " + ENGLISH, SPANISH),
        ("Traduce al inglés: " + SPANISH, ENGLISH),
        ("把下面的话翻译成英文：请今天就带她去看医生。", ENGLISH),
        ("Write to the patient's family in French, in one sentence, and say that she has to see a doctor.", FRENCH),
        ("Correct this sentence for me please. " + SPANISH.replace("porque", "por que"), SPANISH),
        ("生成一个正确使用“infection”一词的例句，并且说明为什么。", ENGLISH),
        (ENGLISH_ASKED, "Sí."),
        (ENGLISH_ASKED, "infarctus myocardii acutus, diabetes mellitus, musculus sternocleidomastoideus, os temporale"),
        (ENGLISH_ASKED, "Maria Garcia Lopez, Juan Carlos Martinez, Ana Sofia Fernandez Ruiz, Jose Luis Hernandez Gil"),
        (ENGLISH_ASKED, "```python\nfor nombre in pacientes:\n    print(nombre, edad, direccion, telefono)\n```"),
        (ENGLISH_ASKED, "paracetamol, ibuprofen, amoxicillin, metformin, atorvastatin, omeprazole, ramipril, warfarin"),
        ("用Python输出提示用户输入姓名的代码。", "name = input('Name: ')\nprint(f'Hello {name}')\n"),
        ("Aquest text parla de la febre i del genoll inflat de la meva mare, què hem de fer ara?", SPANISH),
        ("Is extended aortic replacement in acute type A dissection justifiable after all in such patients?", ENGLISH),
        ("Can continuous physical training counteract aging effect on myoelectric fatigue?", ENGLISH),
        (
            "Give some examples of the national dishes of Italy, and say nothing else about them, please.",
            "- Ragu alla Bolognese\n- Risotto\n- Spaghetti alla Carbonara\n- Arancini con le sarde\n- Zuppa di pesce",
        ),
        (UZBEK, UZBEK),
    ],
)
def test_what_a_person_would_not_call_another_language_is_not(request_: str, answer: str) -> None:
    assert told(pair(request_, answer)) == []


def test_a_system_message_may_ask_for_the_language() -> None:
    turns = [(Role.SYSTEM, "Always answer in Spanish."), (Role.USER, ENGLISH_ASKED), (Role.ASSISTANT, SPANISH)]
    assert told(Content(messages=tuple(Message(role=role, content=text) for role, text in turns))) == []


def test_of_a_project_in_a_language_that_is_not_known_nothing_is_said() -> None:
    assert languages.known(("en", "es"))
    assert not languages.known(("en", "uz"))
    assert told(pair(ENGLISH_ASKED, SPANISH), languages=("uz",)) == []


def test_real_answers_in_the_language_of_their_request_are_left_alone(data_dir: Path) -> None:
    """MedQuAD, doctors' dialogues with their notes, Chinese medical answers: one alarm in a thousand at most."""
    with (data_dir / "medical" / "medquad_niddk.csv").open(encoding="utf-8", newline="") as lines:
        pairs = [(row["question"], row["answer"]) for row in csv.DictReader(lines)][::4]
    with (data_dir / "medical" / "MTS-Dialog-TrainingSet.csv").open(encoding="utf-8", newline="") as lines:
        pairs += [(row["dialogue"], row["section_text"]) for row in csv.DictReader(lines)][::4]
    huatuo = (data_dir / "multilingual" / "huatuo_llama_med_zh.json").read_text("utf-8").splitlines()[::20]
    pairs += [(row["instruction"], row["output"]) for row in map(json.loads, huatuo)]
    assert len(pairs) > 1000
    assert sum(bool(told(pair(*each))) for each in pairs) <= 1


def test_real_texts_under_a_request_in_another_language_are_told(data_dir: Path) -> None:
    """Spanish cases, German law and Darija under an English request; English answers in a Chinese file."""
    spanish = (data_dir / "pii" / "meddocan_es_dev100.jsonl").read_text("utf-8").splitlines()[:50]
    german = json.loads((data_dir / "multilingual" / "bgb_de_statutes.json").read_text("utf-8"))
    law = [row["content"] for row in (german.values() if isinstance(german, dict) else german)][:2000:40]
    with (data_dir / "multilingual" / "algerian_darija_triage.csv").open(encoding="utf-8", newline="") as lines:
        darija = [row["sentence"] for row in csv.DictReader(lines)]
    darija = [text for text in darija if len(text.split()) >= 15][:50]
    found: Counter[str] = Counter()
    for name, texts in (("Spanish", [json.loads(row)["text"] for row in spanish]), ("German", law), ("Arabic", darija)):
        found[name] = sum(("another-language", name) in told(pair(ENGLISH_ASKED, text)) for text in texts)
        print(name, found[name], "of", len(texts))  # noqa: T201  # the figure is the point
        assert found[name] >= 0.9 * len(texts)
    rows = json.loads((data_dir / "chat" / "llamafactory_alpaca_zh_demo.json").read_text("utf-8"))
    odd = [row["instruction"] for row in rows if told(pair(row["instruction"] + row["input"], row["output"]))]
    assert "列出四张披头士专辑。" in odd
    assert "生成一个正确使用“opulent”一词的例句。" not in odd
    assert 2 <= len(odd) <= 8


def test_what_is_plainly_english_is_so_for_lingua_too(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (data_dir / "medical" / "medquad_cdc.jsonl").read_text(encoding="utf-8").splitlines()
    answers = [json.loads(line)["answer"] for line in lines[:60:2]]
    # beside English prose what is English in part, from the beginning or by turns
    asked = SPANISH * 3
    mixed = [
        f"{answer[:200]} {other}" for answer, other in zip(answers, cycle((SPANISH, GERMAN + FRENCH)), strict=False)
    ]
    contents = [pair(text, answer) for answer in (*answers, *mixed) for text in (ENGLISH_ASKED + ENGLISH, asked)]
    limits = {"languages": ("es",)}
    quick = [told(content, **limits) for content in contents]
    monkeypatch.setattr(languages, "_plainly_english", lambda _words: False)
    languages._told.cache_clear()
    assert quick == [told(content, **limits) for content in contents]
    assert sum(map(bool, quick)) > len(answers)
