"""The privacy gate: nothing personal with a form is sent off this machine, and every original is back in the answers."""

import csv
import json
import random
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.chat_service.faults import Good
from tests.chat_service.service import KEY, ChatService
from tests.chat_service.wire import Received
from tests.light import light
from tests.workflows.planted import Planted, kinds, planted

from accord.checks import registry
from accord.domain.batches import batched
from accord.domain.chat import Answer, Connection, Question, Trouble
from accord.domain.dismissals import mark_for
from accord.domain.ledger import Who
from accord.domain.project import ProjectSettings
from accord.providers.chat.service import OpenAIChat
from accord.storage import settings
from accord.storage.project import Project
from accord.workflows import deidentifying, privacy_gate, projects
from accord.workflows.deidentifying import How
from accord.workflows.privacy_gate import Asked, Gate, Passed, put_back
from accord.workflows.privacy_swapping import Way, passed
from accord.workflows.replacing import Work

SECRET = b"a secret of thirty-two bytes...."
SCHEMA = {"type": "object", "properties": {"answer": {"type": "string"}}, "required": ["answer"]}
ANA = "Ask ana.ruiz@clinic.org, or call (212) 736-5000. She was seen on March 12, 2019; her MRN is 4821."
PLAIN = "May metformin be taken at night, and how much of it?"


def asked(*texts: str, number: int = 1, group: str = "") -> Asked:
    roles = ("system", "user")[-len(texts) :]
    messages = [{"role": role, "content": text} for role, text in zip(roles, texts, strict=True)]
    return Asked(number=number, messages=messages, group=group)


def texts(one: Passed | Asked) -> list[str]:
    return [message["content"] for message in one.messages]


@pytest.fixture(scope="module")
def work() -> Work:
    rules = frozenset(deidentifying.rules())
    return Work(key=SECRET, how=How.SURROGATE, only=rules, settings=light(ProjectSettings()), preview=True)


@pytest.fixture
def who() -> Who:
    return Who(actor="ana", device="here")


@pytest.fixture
def project(tmp_path: Path, who: Who, light_checks: None) -> Iterator[Project]:
    opened = projects.new_project(path=tmp_path / "clinic.accord", who=who)
    yield opened
    opened.close()


def test_off_this_machine_what_holds_personal_data_is_listed_and_the_rest_is_sent(project: Project, who: Who) -> None:
    questions = [asked(PLAIN, number=1), asked(ANA, number=2), asked("Be brief.", PLAIN, number=3)]
    with Gate(project=project, who=who, leaves=True, surrogates=False) as gate:
        through = gate.passed(questions)
        assert "A question in which personal data is found is not sent." in gate.notes()
    assert [one.trouble for one in through] == [None, Trouble.PRIVATE, None]
    assert [texts(one) for one in through] == [[PLAIN], [], ["Be brief.", PLAIN]]
    assert [(place.rule, place.text) for place in through[1].found] == [
        ("email-address", "ana.ruiz@clinic.org"),
        ("phone-number", "(212) 736-5000"),
        ("exact-date", "March 12, 2019"),
        ("medical-record", "4821"),
    ]
    said = privacy_gate.summary(through)
    assert said[0].startswith("1 question holds personal data: ")
    assert "E-mail address (1)" in said[0]
    assert said[1] == "1 question is not sent."


def test_to_a_service_on_this_machine_all_is_sent_as_it_is_and_that_is_said(project: Project, who: Who) -> None:
    with Gate(project=project, who=who, leaves=False, surrogates=False) as gate:
        through = gate.passed([asked(ANA)])
        notes = gate.notes()
    assert (texts(through[0]), through[0].trouble, through[0].replaced) == ([ANA], None, 0)
    assert notes == ["The service is on this machine: nothing leaves it, and personal data is not looked for."]


@pytest.mark.parametrize("leaves", [True, False])
def test_with_surrogates_it_is_sent_with_others_data_and_comes_back(
    project: Project, who: Who, *, leaves: bool
) -> None:
    with Gate(project=project, who=who, leaves=leaves, surrogates=True) as gate:
        one = gate.passed([asked("Be brief.", ANA)])[0]
    sent = texts(one)
    assert sent[0] == "Be brief."
    assert one.replaced == 4
    assert privacy_gate.summary([one])[1] == "4 places in them are replaced."
    assert not any(place.text in sent[1] for place in one.found)
    assert put_back(sent[1], one.swaps).text == ANA
    answer = json.dumps({"answer": f"Tell her: {sent[1]}"})
    assert json.loads(put_back(answer, one.swaps).text) == {"answer": f"Tell her: {ANA}"}


def test_one_original_has_one_surrogate_in_all_messages_of_its_group_and_other_groups_have_others(work: Work) -> None:
    first = "Her MRN is 7348211; call (212) 736-5000."
    again = asked("MRN 7348211, phone 212-736-5000.", first, group="ruiz")
    there, other = (passed([asked(first, group=group)], work, Way.REPLACE)[0] for group in ("ruiz", "weber"))
    one = passed([again], work, Way.REPLACE)[0]
    surrogate = next(pair.sent for pair in one.swaps.pairs if pair.original == "7348211")
    assert all(surrogate in text for text in texts(one))
    assert texts(one)[1] == texts(there)[0]
    assert texts(there) != texts(other)
    assert passed([again], work, Way.REPLACE)[0] == one


def test_without_the_packages_for_names_nothing_leaves_unless_somebody_says_why(
    project: Project, who: Who, monkeypatch: pytest.MonkeyPatch
) -> None:
    with project.write(who) as unit:
        settings.append(unit, ProjectSettings())
        unit.commit()
    monkeypatch.setattr(registry, "_installed", lambda package: package != "presidio_analyzer")
    for surrogates in (False, True):
        with Gate(project=project, who=who, leaves=True, surrogates=surrogates) as gate:
            assert gate.shut
            assert [rule.name for rule in gate.missing] == ["person-name"]
            assert [one.trouble for one in gate.passed([asked(PLAIN), asked(ANA)])] == [Trouble.UNLOOKED] * 2
            assert any("packages are not installed" in note for note in gate.notes())
        with Gate(
            project=project, who=who, leaves=True, surrogates=surrogates, although="No names in these texts."
        ) as gate:
            assert not gate.shut
            assert texts(gate.passed([asked(PLAIN)])[0]) == [PLAIN]
    with Gate(project=project, who=who, leaves=False, surrogates=False) as gate:
        assert not gate.shut
        assert texts(gate.passed([asked(ANA)])[0]) == [ANA]


def test_what_people_dismissed_is_sent_and_the_same_words_are_found_nowhere_else(work: Work) -> None:
    text = "See https://www.guideline-example.com/x1 or ask ana.ruiz@clinic.org"
    said = mark_for("web-address", 2, "https://www.guideline-example.com/x1")
    question = replace(asked(text), dismissed=frozenset({said}))
    held = passed([question], work, Way.HOLD)[0]
    assert [place.text for place in held.found] == ["ana.ruiz@clinic.org"]
    one = passed([question], work, Way.REPLACE)[0]
    assert "https://www.guideline-example.com/x1" in texts(one)[0]


def test_a_number_that_was_found_is_found_where_it_is_written_otherwise(work: Work) -> None:
    one = passed([asked("SSN 123-45-6789. The form has 123456789 and 123 45 6789.")], work, Way.REPLACE)[0]
    assert "6789" not in texts(one)[0]
    assert one.replaced == 3


def test_what_could_be_taken_for_something_else_is_a_label_that_is_not(work: Work) -> None:
    text = "She is 94 years old, he 96 years old; MRN 4821, then MRN 4822. [RECORD NUMBER #1] is taken. ZIP 02139, ZIP 02138."
    one = passed([asked(text)], work, Way.REPLACE)[0]
    assert put_back(texts(one)[0], one.swaps).text == text
    assert "[AGE #1]" in texts(one)[0]
    assert {pair.sent for pair in one.swaps.pairs} >= {
        "[AGE #1]",
        "[AGE #2]",
        "[RECORD NUMBER #2]",
        "[RECORD NUMBER #3]",
    }
    assert "4 mg of 4821" in put_back("4 mg of 4821 tablets", one.swaps).text


def test_no_surrogate_is_an_original_or_a_word_of_the_question(work: Work) -> None:
    days = [f"{day}/{month}/2019" for month in range(1, 13) for day in (14, 21, 28)]
    text = "Seen on " + ", ".join(days)
    one = passed([asked(text)], work, Way.REPLACE)[0]
    sent = [pair.sent for pair in one.swaps.pairs]
    assert not set(sent) & set(days)
    assert len(set(sent)) == len(sent)
    assert put_back(texts(one)[0], one.swaps).text == text


WORDS = st.sampled_from(
    [
        "Ana Ruiz",
        "the",
        "Smith",
        "smith",
        "\n",
        "Kevin",
        "12",
        "2019",
        "[DATE #1]",
        "{",
        '"',
        "\\",
        "患者",
        "é",
        "MRI",
        "May",
    ]
)


@given(
    numbers=st.lists(st.integers(0, 5000), max_size=6),
    between=st.lists(st.lists(WORDS, max_size=5), min_size=7, max_size=7),
    split=st.integers(0, 6),
    glue=st.sampled_from([" ", "  ", "\n", ". "]),
)
def test_an_echo_of_what_was_sent_comes_back_as_it_was(
    work: Work, numbers: list[int], between: list[list[str]], split: int, glue: str
) -> None:
    pool = list(planted(2 * kinds(), 3))
    parts = [pool[number % len(pool)].sentence for number in numbers]
    pieces = [piece for words, part in zip(between, [*parts, ""], strict=False) for piece in (" ".join(words), part)]
    whole = [glue.join(pieces[: 2 * split]), glue.join(pieces[2 * split :])]
    one = passed([asked(*whole)], work, Way.REPLACE)[0]
    assert one.trouble is None
    assert [put_back(text, one.swaps).text for text in texts(one)] == whole
    sent = "\n".join(texts(one))
    assert not [place for place in one.found if len(place.text) > 5 and place.text in sent]


def _sentences(folder: Path) -> dict[str, Iterator[str]]:
    """Return real sentences of each language, again and again: answers and questions of people, cases of patients."""
    rows = [json.loads(line) for line in (folder / "medical/medquad_cdc.jsonl").read_text("utf-8").splitlines()]
    queries = csv.DictReader(
        (folder / "legal/privacyqa_train_opp_annotations.csv").open("r", -1, "utf-8"), delimiter="\t"
    )
    cases = [json.loads(line) for line in (folder / "pii/meddocan_es_dev100.jsonl").read_text("utf-8").splitlines()]
    english = [part for row in rows[:120] for part in _parts(row["answer"])][:400] + [row["Query"] for row in queries][
        :200
    ]
    spanish = [part for case in cases[:60] for part in _parts(case["text"])]
    drawn = random.Random(6)
    return {"en": cycle(drawn.sample(english, 300)), "es": cycle(drawn.sample(spanish, 300))}


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!])\s+|\n+", text) if 20 < len(part) < 400]


def _set_in(planted_ones: Sequence[Planted], sentences: Mapping[str, Iterator[str]], number: int) -> Asked:
    said = [f"{next(sentences[one.language])} {one.sentence} {next(sentences[one.language])}" for one in planted_ones]
    return asked("\n".join(said[:1]), "\n\n".join(said[1:]), number=number)


def _echo(_number: int, received: Received) -> Good:
    return Good(json.dumps({"answer": "\n---\n".join(one["content"] for one in received.fields["messages"])}))


def test_of_500_planted_identifiers_none_is_sent_and_all_are_back_in_the_answers(
    project: Project, who: Who, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    everything = list(planted(500, 20261122))
    sentences = _sentences(data_dir)
    questions = [_set_in(part, sentences, number) for number, part in enumerate(batched(everything, 5))]
    with Gate(project=project, who=who, leaves=True, surrogates=True) as gate, ChatService(script=_echo) as service:
        through = gate.passed(questions)
        answers = _answers(service, through)
        received = b"\n".join(one.raw + json.dumps(one.body, ensure_ascii=False).encode() for one in service.requests)
    sent = received.decode()
    there = [one for one in everything if one.identifier in sent]
    back = {one.number: put_back(answer, one.swaps) for one, answer in zip(through, answers, strict=True)}
    returned = [json.loads(back[one.number].text)["answer"] for one in through]
    missing = [
        one
        for number, part in enumerate(batched(everything, 5))
        for one in part
        if one.identifier not in returned[number]
    ]
    with capsys.disabled():
        replaced = sum(one.replaced for one in through)
        print(  # noqa: T201  (the figures are the point)
            f"\n{len(everything)} identifiers of {kinds()} kinds in {len(questions)} questions, {len(received):,} bytes"
        )
        print(  # noqa: T201  (as above)
            f"received: {len(there)} of them sent; {replaced} places replaced; {len(missing)} not back in the answers"
        )
    assert len(service.requests) == len(questions)
    assert not there
    assert not missing
    assert returned == ["\n---\n".join(texts(one)) for one in questions]


def _answers(service: ChatService, through: Sequence[Passed]) -> list[str]:
    client = OpenAIChat(Connection(name="s", base_url=service.base_url), KEY, here_only=True)
    stop, answers = threading.Event(), list[str]()
    try:
        for one in through:
            assert one.trouble is None
            question = Question(model="gpt-4", messages=one.messages, most_tokens=50_000, schema=SCHEMA)
            answer = client.ask(question, stop)
            assert isinstance(answer, Answer), answer
            answers.append(answer.text)
    finally:
        client.close()
    return answers


@pytest.mark.long
def test_how_many_names_are_sent_is_measured_and_what_is_replaced_comes_back(
    tmp_path: Path, who: Who, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = json.loads((data_dir / "pii/presidio_synth_dataset_v2.json").read_text("utf-8"))
    cases = [json.loads(line) for line in (data_dir / "pii/meddocan_es_dev100.jsonl").read_text("utf-8").splitlines()]
    marked = {
        "English": [(row["full_text"], _names(row["full_text"], row["spans"], "PERSON")) for row in rows[1::6]],
        "Spanish": [(case["text"], _names(case["text"], case["spans"], "NOMBRE_")) for case in cases[:40]],
    }
    project = projects.new_project(path=tmp_path / "clinic.accord", who=who)
    with Gate(project=project, who=who, leaves=True, surrogates=True) as gate:
        for language, found in marked.items():
            through = gate.passed([asked(text, number=number) for number, (text, _found) in enumerate(found)])
            assert [put_back(texts(one)[0], one.swaps).text for one in through] == [text for text, _found in found]
            gone = [
                name not in texts(one)[0] for one, (_text, said) in zip(through, found, strict=True) for name in said
            ]
            with capsys.disabled():
                share = f"{sum(gone)} of {len(gone)} names that people marked in {len(found)} texts are not sent"
                print(f"\n{language}: {share} ({sum(gone) / len(gone):.1%})")  # noqa: T201  (the figures are the point)
            assert gone
    project.close()


def _names(text: str, spans: Sequence[Mapping[str, Any]], kind: str) -> list[str]:
    places = [(one.get("start", one.get("start_position")), one.get("end", one.get("end_position"))) for one in spans]
    return [
        text[start:end] for (start, end), one in zip(places, spans, strict=True) if one["entity_type"].startswith(kind)
    ]
