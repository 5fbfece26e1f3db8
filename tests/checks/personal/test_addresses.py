"""Street addresses of many countries are found with their flats and towns; doses, sections and tables are none."""

import pytest

from accord.checks.personal.finding import find_spans


def entities(text: str) -> list[tuple[str, str]]:
    return [(span.entity, text[span.start : span.end]) for span in find_spans(text)]


@pytest.mark.parametrize(
    "address",
    [
        "221B Baker Street",
        "1825 K Street NW, Suite 600 Washington, D.C. 20006",
        "P.O. Box 669",
        "PSC 1437, Box 3833\nAPO AA 66791",
        "Calle Carmen Romero, 23, 1D",
        "Avda. Manuel Siurot S/N",
        "C/ Fernando Vinuesa, 6, 3 A",
        "Villacher Strasse 89",
        "Kungsgatan 14",
        "Via Franscini 71",
        "ul. Długa 28",
        "107 rue Pasteur",
        "Piroska u. 97",
        "中关村大街27号3号楼",
    ],
)
def test_an_address_is_found(address: str) -> None:
    assert entities(f"Letters go to: {address}.\nThey are read.") == [("address", address)]


def test_an_address_ends_where_its_sentence_does() -> None:
    assert entities("He lives at 4 Mill Lane. The house is old.") == [("address", "4 Mill Lane")]
    assert entities("Write to 12 St. Mary's Ave. The letter came.") == [("address", "12 St. Mary's Ave")]


def test_an_address_reaches_to_its_postal_code() -> None:
    address = "6750 Koskikatu 25 Apt. 864\nArtilleros\n, CO\n Uruguay 64677"
    assert entities(f"The address of Persint is {address}") == [("address", address)]


def test_what_stands_behind_the_word_address_is_one() -> None:
    assert entities("Domicilio: Teatinos 180.\nEdad: 90") == [("address", "Teatinos 180"), ("age", "90")]
    assert entities("E-mail address: a.b@example.org") == [("email", "a.b@example.org")]


def test_a_text_without_capitals_has_addresses_too() -> None:
    assert entities("meet me at 2407 tawastintie 6, sé, portugal") == [("address", "2407 tawastintie 6, sé, portugal")]


@pytest.mark.parametrize(
    "text",
    [
        "She is on Lisinopril 20 mg and Metformin 500 mg.",
        "die Vorschriften des § 929 Satz 2 und Abs. 3",
        "Hibbs v. Winn, 542 U.S. 88, 101, 124 S.Ct. 2276, 2286 (2004)",
        "Table 3, Figure 12 and Phase 2",
        "Gravida 2, Para 2, Ab 0.",
        "During 2017, Allstate grew.",
        "floor 1 and room 12 of the ward",
        "Vitamin B 12, Type 2 and Stage 4",
        "the 21 CFR 312 and 45 CFR 46",
        "HbA1c 7, LDL 130",
        "cholesterol of 247, HDL 66, LDL 166, and triglycerides",
    ],
)
def test_other_words_with_numbers_are_no_addresses(text: str) -> None:
    assert entities(text) == []
