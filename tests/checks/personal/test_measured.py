"""What is found on real collections: tuned on one half of each, held to its floors on the other.

A text is of the tuning half where the last bit of its sha256 is 0. Counted are the labels whose content has a form:
in dates only those more exact than a year (HIPAA leaves years; a weekday is no date), in TERRITORIO the postal codes
(towns are names), in ID_ labels what holds a digit (the others describe a person in words).
"""

import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from accord.analysis.agreement.proportions import wilson
from accord.checks.personal.finding import find_spans
from accord.checks.personal.measuring import LABELS, Counted, Marked, count
from accord.domain.agreement import Measured

ENGLISH = ("presidio_synth_dataset_v2.json", "presidio_generated_small.json")
SPANISH = ("meddocan_es_dev100.jsonl",)
_DAYS = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})
_ADDRESSES = ("STREET_ADDRESS", "ADDRESS", "ZIP_CODE", "CALLE")


def has_form(label: str, written: str) -> bool:
    if label in {"DATE_TIME", "FECHAS"}:
        return not re.fullmatch(r"(?:año )?\d{4}", written) and written.lower() not in _DAYS
    if label == "TERRITORIO":
        return bool(re.fullmatch(r"\d{4,6}", written))
    if label.startswith("ID_"):
        return any(char.isdigit() for char in written)
    return label in LABELS and written != "nan"  # an empty cell of the table that the texts were made from


def texts(path: Path) -> Iterator[tuple[str, list[Marked]]]:
    if path.suffix == ".jsonl":
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            yield row["text"], [Marked(s["start"], s["end"], s["entity_type"]) for s in row["spans"]]
    else:
        for row in json.loads(path.read_text("utf-8")):
            spans = row["spans"]
            yield row["full_text"], [Marked(s["start_position"], s["end_position"], s["entity_type"]) for s in spans]


@cache
def measured(folder: Path, files: tuple[str, ...], half: int) -> Counted:
    rows = (row for name in files for row in texts(folder / "pii" / name))
    own = ((text, marks) for text, marks in rows if hashlib.sha256(text.encode()).digest()[-1] % 2 == half)
    return count(
        ([mark for mark in marks if has_form(mark.label, text[mark.start : mark.end])], find_spans(text))
        for text, marks in own
    )


def test_english_structured_data_is_found(data_dir: Path) -> None:
    result = measured(data_dir, ENGLISH, 1)
    assert result.all_recall.n > 550
    assert result.all_recall.value >= 0.97
    assert {share.name for share in result.recall if share.value < 0.98} <= set(_ADDRESSES)
    assert all(share.value >= 0.90 for share in result.recall)
    assert result.all_precision.value >= 0.98


def test_spanish_structured_data_is_found(data_dir: Path) -> None:
    result = measured(data_dir, SPANISH, 1)
    assert result.all_recall.n > 600
    assert result.all_recall.value >= 0.95
    assert all(share.value >= 0.90 for share in result.recall)
    assert result.all_precision.value >= 0.97


def alarms(answers: Iterator[str]) -> tuple[int, Counter[str]]:
    words, found = 0, Counter[str]()
    for answer in answers:
        words += len(answer.split())
        found.update(span.rule for span in find_spans(answer))
    return words, found


def medquad(folder: Path, name: str) -> Iterator[str]:
    path = folder / "medical" / name
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            yield from (row["answer"] for row in csv.DictReader(file))
    else:
        yield from (json.loads(line)["answer"] for line in path.read_text("utf-8").splitlines())


def test_medical_answers_raise_few_alarms(data_dir: Path) -> None:
    words, found = alarms(medquad(data_dir, "medquad_cdc.jsonl"))
    assert 1000 * found.total() / words < 1  # half of them dates of pages, a third the telephone of one institute
    assert not set(found) - {"exact-date", "phone-number", "age"}


@pytest.mark.long
def test_the_tables_are_printed(data_dir: Path) -> None:
    for title, files in (("English", ENGLISH), ("Spanish", SPANISH)):
        for half, name in enumerate(("tuned on", "reported")):
            result = measured(data_dir, files, half)
            print(f"\n{title}, {name}")  # noqa: T201
            for kind, shares, whole in (
                ("recall", result.recall, result.all_recall),
                ("precision", result.precision, result.all_precision),
            ):
                for share in (*shares, whole):
                    figure = wilson(share.hits, share.n, none="")
                    low, high = (figure.ci95 if isinstance(figure, Measured) else None) or (0, 1)
                    exact = share.exact / share.n
                    row = f"{kind:10} {share.name or 'all':34} {share.n:5} {share.value:.3f}"
                    print(f"{row} [{low:.3f}, {high:.3f}] exact {exact:.3f}")  # noqa: T201
    for name in ("medquad_cancergov.jsonl", "medquad_cdc.jsonl", "medquad_niddk.csv"):
        words, found = alarms(medquad(data_dir, name))
        print(f"{name}: {1000 * found.total() / words:.3f} alarms per 1,000 of {words} words, {dict(found)}")  # noqa: T201
        assert 1000 * found.total() / words < 1
