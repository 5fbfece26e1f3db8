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
        (">Marta Palermo\n>Cityscan\n>Germany 74285", ["Marta Palermo"]),
        ("There is no better song. Nekolná and Pearson were precise.", ["Nekolná", "Pearson"]),
        ("Valorado por Vicente Asensio del servicio de la casa y su hijo.", ["Vicente Asensio"]),
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
        "Give some vitamin D. Children need it, and the SSAs and Beta-blockers help them.",
        "Early Symptoms\n\nThe fever is that of Rocky Mountain Spotted Fever. Kidney Failure is rare.",
        "It is seen in sub-Saharan Africa-including the south, and in Africa it is common.",
        "A test by ELISA is made, and with Doppler ultrasonography the Graves ophthalmopathy is seen.",
        "They met on Mill Lane, and the house was old.",
        "El cirujano del servicio de Cirugía General y Digestivo de la casa.",
        "El paciente tomaba antagonistas de los receptores (ARA II) para la presión.",
        "La historia de los Reyes Católicos y de la Avda Reyes Católicos, 2 en la ciudad.",
        "Vive en el Hospital General de Ciudad Real, Ciudad Real, con su hijo y la familia.",
        "La consulta del Hospital Dr. Peset Av. Gaspar Aguilar, 90 de la ciudad.",
    ],
)
def test_diseases_drugs_and_sentence_starts_are_no_persons(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "A person is infected with Fasciola, and Babesia parasites or the Toxocara larvae are found in the blood.",
        "The vaccine (Rotarix) is given. Anesthesia is not needed, and Creatinine is a waste product.",
        "It was approved by the U.S. Food and Drug Administration and the Institute of Medicine.",
        "The World Health Organization and the National Diabetes Education Program have published it.",
        "It is found in the Republic of Korea and in New South Wales.",
    ],
)
def test_organisms_drugs_and_public_bodies_are_no_places_or_organisations(text: str) -> None:
    assert names(text, "place") == names(text, "organisation") == []


def test_where_a_person_works_lives_or_was_treated_is_found() -> None:
    text = "I work for Deloitte and was treated at the Mayo Clinic, then I moved here from Kenosha."
    assert names(text, "organisation") == ["Deloitte", "Mayo Clinic"]
    assert names(text, "place") == ["Kenosha"]


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
