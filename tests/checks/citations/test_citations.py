"""Citations of law: what is wrong with their form, what is right however it is written, and that nothing is looked up."""

import json
import subprocess
import sys
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.checks import registry
from accord.domain.content import Content, Message, Role, pair
from accord.domain.findings import Kind, Limits

found_in = partial(registry.findings, limits=Limits(), kinds={Kind.CITATIONS})


def findings(answer: str, request: str = "What does the law say?") -> list[tuple[str, str]]:
    return [(one.rule, answer[one.start : one.end]) for one in found_in(pair(request, answer))]


TRIP = [
    ("unknown-reporter", "Foo v. Bar, 123 Q.Z.X. 456 (1999)", "123 Q.Z.X. 456"),
    ("unknown-reporter", "Foo v. Bar, 12 Fed. Juris. Rep. 3d 456, 458 (5th Cir. 2019)", "12 Fed. Juris. Rep. 3d 456"),
    ("case-outside-reporter", "Foo v. Bar, 123 F.4th 456 (1999)", "123 F.4th 456"),
    ("case-outside-reporter", "Keeton v. Hustler, 465 F.2d 770 (9th Cir. 2009)", "465 F.2d 770"),
    ("case-in-future", "Roe v. Wade, 410 U.S. 113 (2099)", "410 U.S. 113"),
    ("case-incomplete", "Brown v. Board, 347 U.S. (1954)", "347 U.S."),
    ("case-incomplete", "Brown v. Board, U.S. 483 (1954)", "U.S. 483"),
    ("case-incomplete", "Doe v. Roe, 597 U.S. ___ (2022)", "597 U.S. ___"),
    ("pin-before-case", "Roe v. Wade, 410 U.S. 113, 90 (1973)", "410 U.S. 113"),
    ("short-citation-alone", "Brown, 347 U.S. at 490, says so.", "347 U.S. at 490"),
    ("reference-to-nothing", "Id. at 5.", "Id."),
    ("reference-to-nothing", "As held in Smith, supra, at 12.", "Smith, supra"),
    ("statute-title", "See 67 U.S.C. § 12.", "67 U.S.C."),
    ("statute-title", "See 51 CFR 164.514.", "51 CFR"),
    ("statute-without-title", "See U.S.C. § 1983.", "U.S.C. § 1"),
    ("ecli-form", "ECLI:EU:C-131/12", "ECLI:EU:C-131/12"),
    ("ecli-form", "ECLI:ES:TS:2099:1", "ECLI:ES:TS:2099:1"),
    ("celex-form", "CELEX number 2016/679", "2016/679"),
    ("celex-form", "CELEX:3206R0679", "3206R0679"),
    ("act-number", "Directive 46/95/EC", "Directive 46/95/EC"),
    ("act-number", "Directive 02/58/EC", "Directive 02/58/EC"),
    ("act-number", "Richtlinie (EU) 680/2016", "Richtlinie (EU) 680/2016"),
    ("act-number", "Regulation (EU) 679/2016", "Regulation (EU) 679/2016"),
    ("act-number", "Reglamento (UE) 2012/1215", "Reglamento (UE) 2012/1215"),
]
MUST_NOT = [
    "Marbury v. Madison, 5 U.S. (1 Cranch) 137 (1803), and Marbury v. Madison, 5 U.S. 137 (1803).",
    "Hibbs v. Winn, 542 U.S. 88, 101, 124 S.Ct. 2276, 2286 (2004).",
    "Nat'l Fed'n v. Sebelius, 567 U.S. 519, 132 S. Ct. 2566, 183 L. Ed. 2d 450 (2012)",
    "Smith v. Jones, 12 Cal. App. 5th 44, 46-47 (2017); People v. Smith, 12 NY3d 345 (2009)",
    "The Ada, 1 F. Cas. 96 (S.D.N.Y. 1831); Doe v. Roe, Abb. Adm. 418 (S.D.N.Y. 1849)",
    "Doe v. Roe, 2019 WL 123456, at *5 (S.D.N.Y. Jan. 2, 2019)",
    "Brown v. Board, 347 U.S. 483, 490 (1954). Brown, 347 U.S. at 491. Id. at 492. Brown, supra, at 493.",
    "Donoghue v Stevenson [1932] AC 562; R v Brown [1994] 1 AC 212; [2019] UKSC 41",
    "Mabo v Queensland (No 2) (1992) 175 CLR 1; R. v. Oakes, [1986] 1 S.C.R. 103",
    "Kesavananda v. State of Kerala, (1973) 4 SCC 225; AIR 1973 SC 1461",
    "42 U.S.C. § 1983; 45 CFR 164.514(b); title 42, U.S.C. § 1983",
    "ECLI:EU:C:2014:317, ECLI:DE:BGH:2019:120319UVIZR92.18.0, ECLI:ES:TS:2019:1234.",
    "An ECLI has the form ECLI:country:court:year:number.",
    "CELEX 32016R0679, CELEX:62012CJ0131, CELEX:02016R0679-20160504, CELEX number 12012M/TXT",
    "Directive 95/46/EC, Directiva 93/13/CEE, Richtlinie 2011/83/EU, Directive (EU) 2016/680, Directive 2000/31/EC",
    "Regulation (EU) 2016/679, Regulation (EC) No 883/2004, Verordnung (EG) Nr. 593/2008, Reglamento (UE) n.º 650/2012",
    "Regulation (EEC) No 1408/71, règlement (CEE) n° 2092/91",
    "article L. 1234-5 du code du travail; § 823 Abs. 1 BGB; art. 1902 CC",
    "The order ID. I see that it is eligible. Libido. Patient id. 5; vitamin D 400 IU, 20 mg, 5 mL 3 times",
    "a través de laparotomía media supra e infraumbilical; supra-aortic vessels",
]


@pytest.mark.parametrize(("rule", "answer", "words"), TRIP)
def test_a_citation_of_the_wrong_form_is_named(rule: str, answer: str, words: str) -> None:
    assert (rule, words) in findings(answer)
    for one in found_in(pair("?", answer)):
        assert "{" not in registry.sentence(one)


@pytest.mark.parametrize("answer", MUST_NOT)
def test_a_citation_of_a_right_form_is_left_alone(answer: str) -> None:
    assert findings(answer) == []


def test_what_was_cited_in_an_earlier_turn_can_be_referred_to() -> None:
    said = (
        (Role.USER, "Who decided it?"),
        (Role.ASSISTANT, "Brown v. Board, 347 U.S. 483 (1954)."),
        (Role.USER, "Where?"),
        (Role.ASSISTANT, "Id. at 495. Brown, 347 U.S. at 495."),
    )
    assert not found_in(Content(messages=tuple(Message(role=role, content=text) for role, text in said)))


def test_the_sentences_say_what_would_be_right() -> None:
    def says(answer: str) -> list[str]:
        return [registry.sentence(one) for one in found_in(pair("?", answer))]

    assert says("Foo v. Bar, 123 F.4th 456 (1999)") == ["“123 F.4th 456” is of 1999; F.4th covers 2021–."]
    assert says("See 67 U.S.C. § 12.") == ["“67 U.S.C.”: there is no title 67; the last is 54."]
    assert says("Regulation (EU) 679/2016") == [
        "“Regulation (EU) 679/2016” is not how the Union numbers its acts: 2016/679 is probably meant."
    ]


def test_every_example_of_the_database_of_reporters_is_taken() -> None:
    reporters = import_module("reporters_db").REPORTERS  # it says nothing of its types
    examples = [text for known in reporters.values() for one in known for text in one.get("examples", [])]
    alarms = [text for text in examples if findings(f"See Smith v. Jones, {text}.")]
    assert len(examples) > 400
    assert alarms == []


def test_nothing_leaves_the_machine() -> None:
    """In a process of its own, so that eyecite is loaded under the guard."""
    program = (
        "import sys\n"
        "def guard(event, args):\n"
        "    if event.startswith(('socket.', 'urllib.', 'http.')):\n"
        "        raise SystemExit(f'went to the network: {event}')\n"
        "sys.addaudithook(guard)\n"
        "from accord.checks import registry\n"
        "from accord.domain.content import pair\n"
        "from accord.domain.findings import Kind, Limits\n"
        "text = 'Roe v. Wade, 410 U.S. 113, 90 (1973). ICD-10 code E11.99'\n"
        "found = registry.findings(pair('?', text), Limits(), kinds={Kind.CITATIONS, Kind.CODES})\n"
        "print(*sorted(one.rule for one in found))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.split()) == (0, ["pin-before-case", "unknown-icd-code"]), ran.stderr


@given(
    st.lists(
        st.sampled_from(
            [
                "Id.",
                "supra,",
                "v.",
                "Foo",
                "Bar,",
                "12",
                "347",
                "U.S.",
                "F.3d",
                "at",
                "(1999)",
                "(2",
                "Dall.)",
                "(",
                ")",
                "§",
                "§§",
                "42",
                "U.S.C.",
                "CFR",
                "ECLI:",
                "EU:C:2014:1",
                "CELEX",
                "32016R0679",
                "Directive",
                "(EU)",
                "95/46/EC",
                "2016/679",
                "Regulation",
                "No",
                "1/2",
                "\n",
                ";",
                ",",
                "___",
                "é",
                "法",
                "Q.Z.X.",
            ]
        ),
        max_size=14,
    ),
    st.text(max_size=20),
)
def test_any_text_is_looked_at(words: list[str], rest: str) -> None:
    content = pair("?", " ".join(words) + rest)
    for one in found_in(content):
        assert 0 <= one.start < one.end <= len(content.messages[one.message].content)
        assert registry.sentence(one)


def test_what_is_said_of_real_texts(data_dir: Path) -> None:
    """Of 335 rows of LegalBench one cites a case in short that it does not cite in full; the rest is right."""
    found = []
    with (data_dir / "legal" / "legalbench_alpaca.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            found += [
                one for one in findings(row["instruction"] + "\n" + row["input"]) if one[0] != "section-without-law"
            ]
    assert found == [("short-citation-alone", "263 F. Supp. 3d at 484-85")]
