"""Names are found where people would find them, and nothing is asked of the network for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from accord.checks import registry
from accord.checks.personal.names import find_names, language
from accord.checks.personal.names_model import pieces

GUARDED = """
import socket
def refuse(*_args, **_keywords):
    raise AssertionError("network")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = socket.create_connection = refuse
from accord.checks.personal.names import find_names
(found,) = find_names(["My name is Magnus Poulsen. Write to magnus@poulsen.example, or see Dr. Ana Ruiz in Odense."])
assert [span.entity for span in found].count("person") == 2, found
"""


def names(text: str, entity: str = "person") -> list[str]:
    (found,) = find_names([text])
    return [text[span.start : span.end] for span in found if span.entity == entity]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("My name is Rubija and I cannot sleep.", ["Rubija"]),
        ("I saw Dr. O'Neil and Mrs. Kowalczyk today.", ["O'Neil", "Kowalczyk"]),
        ("Paciente: José Luis de la Torre\nVive en Toledo.", ["José Luis de la Torre"]),
        ("Remitido por: Dra. Inmaculada Bravo Fernández", ["Inmaculada Bravo Fernández"]),
        ("Kind regards,\nTomomi Nishiyama", ["Tomomi Nishiyama"]),
    ],
)
def test_a_name_is_found(text: str, wanted: list[str]) -> None:
    assert names(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Parkinson's disease and Crohn's disease are treated with Levodopa and Infliximab.",
        "El síndrome de Down se trata en el Servicio de Pediatría.",
        "Surgery may help. After surgery, Children rest; children heal.",
    ],
)
def test_diseases_drugs_and_sentence_starts_are_no_persons(text: str) -> None:
    assert names(text) == []


def test_a_name_is_found_again_in_another_message() -> None:
    first, second = find_names(["My name is Magnus Poulsen.", "Good morning. How is Poulsen today?"])
    assert [span.rule for span in first] == ["person-name"]
    assert [span.rule for span in second] == ["person-name"]


def test_the_language_of_a_message_is_told() -> None:
    assert language("El paciente acude a la consulta por un dolor en el costado.") == "es"
    assert language("The patient was seen in the clinic for a pain in the side.") == "en"
    assert language("患者因腹痛就诊，请给出建议。") == ""


def test_a_long_text_is_cut_without_a_loss() -> None:
    text = "One line of text.\n" * 5000
    assert "".join(piece for _start, piece in pieces(text)) == text
    assert all(text.startswith(piece, start) and len(piece) <= 20_000 for start, piece in pieces(text))


def test_the_rules_are_skipped_where_nothing_heavy_is_wanted() -> None:
    assert {registry.rule(f"{kind}-name").needs for kind in ("person", "place", "organisation")} == {
        "presidio_analyzer"
    }


def test_nothing_is_asked_of_the_network(tmp_path: Path) -> None:
    environment = os.environ | {
        "HOME": str(tmp_path),
        "XDG_CACHE_HOME": str(tmp_path),
        "TLDEXTRACT_CACHE": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", GUARDED], env=environment, capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stderr
