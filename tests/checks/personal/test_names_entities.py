"""What reads entities fast reads what spaCy's own parser reads."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.checks.personal.names_entities import Reader
from accord.checks.personal.names_model import MODEL

spacy = pytest.importorskip("spacy")

TEXTS = (
    "Ana Ruiz of the University of Toledo saw Dr. Magnus Poulsen in New York City on 3 May 2021.",
    "  \n\n Boston \n\n  Massachusetts General Hospital\n",
    "It was the first of two weeks in the United States of America",
    "Acetaminophen, Johnson & Johnson, and the Food and Drug Administration (FDA) in Silver Spring, Maryland",
    "no name at all",
    "Paris",
    "\n",
    "",
)
WORDS = (*" ".join(TEXTS).split(), "\n\n", " ", ",", "Mr.", "J.", "$4", "1999")


@pytest.fixture(scope="module")
def model() -> Any:
    """The pipeline of spaCy itself."""
    return spacy.load(MODEL, exclude=["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer"])


@pytest.fixture(scope="module")
def reader() -> Reader:
    """The fast one, of a model of its own."""
    return Reader(spacy.load(MODEL))


def theirs(model: Any, text: str) -> list[tuple[int, int, str]]:
    return [(one.start_char, one.end_char, one.label_) for one in model(text).ents]


def test_the_entities_are_those_of_spacy(model: Any, reader: Reader) -> None:
    read = reader.read(TEXTS)
    assert [list(map(tuple, found)) for found in read] == [theirs(model, text) for text in TEXTS]
    assert len(read[0]) > 3
    assert reader.read([]) == []
    assert reader.read(["", ""]) == [[], []]


@settings(max_examples=30, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), max_size=60))
def test_any_words_are_read_as_spacy_reads_them(model: Any, reader: Reader, words: list[str]) -> None:
    text = " ".join(words)
    (read,) = reader.read([text])
    assert list(map(tuple, read)) == theirs(model, text)
