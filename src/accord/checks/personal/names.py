"""Names of persons, places and organisations in the messages of one example, from cues, lists and a model."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from accord.checks.personal import names_model, names_persons, names_places
from accord.checks.personal.folding import fold, titled
from accord.checks.personal.names_words import UNCASED, Text
from accord.checks.personal.spans import Certainty, Span, apart

_COMMON_SPANISH = "de la que el en y los del se las por un con no una su para es al lo como más o pero sus le"
_SPANISH = frozenset(_COMMON_SPANISH.split())
_COMMON_ENGLISH = "the of and to in a is that for it as was with be by on not he i this are or his from at my"
_ENGLISH = frozenset(_COMMON_ENGLISH.split())
_INITIAL = re.compile(r"(?<=\w )[b-hj-z](?=\.? [A-Z])")
_UNCASED = re.compile(f"[{UNCASED}]")
_WORD = re.compile(r"[^\W\d_]+")
_LOOKED_AT = 4000  # characters
_FEW_WORDS = 8
_TITLE = 6  # characters at most, as "Dra. "
_LEAST_ENGLISH = 0.05  # of the words of a text; a prose text has a third


def find_names(texts: Sequence[str], others: Sequence[Iterable[Span]] = ()) -> tuple[list[Span], ...]:
    """Return the names in each message of one example, in order and without overlaps, in code points of the message.

    ``others`` are spans of other kinds in the same messages: what overlaps a surer or a longer one of them is left out.
    """
    capitals = [any(map(str.isupper, text)) for text in texts]
    spoken = [language(text) for text in texts]
    read = [
        Text(fold(text) if capitals[n] else _titled(fold(text)), english=spoken[n] == "en")
        for n, text in enumerate(texts)
    ]
    english = [n for n, text in enumerate(read) if text.english and capitals[n]]
    seen = dict(zip(english, names_model.named([read[n].text for n in english]), strict=True))
    persons = names_persons.find(read, [seen.get(n, []) for n in range(len(read))])
    found = []
    for n, text in enumerate(read):
        own = tuple(others[n]) if others else ()
        places = [
            span
            for span in names_places.find(text, seen.get(n, []), own)
            if span.certainty > Certainty.LIKELY or not _crosses(span, persons[n])
        ]
        names = [*persons[n], *places]
        stated = [span for span in names if span.certainty > Certainty.LIKELY]
        kept = apart([*names, *(_after(other, stated) for other in own)], len(text.text))
        found.append([span for span in kept if span.rule.endswith("-name")])
    return tuple(found)


def _titled(text: str) -> str:
    return _INITIAL.sub(lambda found: found.group().upper(), titled(text))


def language(text: str) -> str:
    """Return "es" or "en" by the commonest words of a text, "" for another language.

    Words in small letters tell it; an address or a signature, which has few, counts as English.
    """
    words = _WORD.findall(text[:_LOOKED_AT])
    if len(_UNCASED.findall(text[:_LOOKED_AT])) > len(words):
        return ""
    said = [word.casefold() for word in words if word.islower() or text.isupper()]
    spanish, english = (sum(word in common for word in said) for common in (_SPANISH, _ENGLISH))
    if spanish > english and (spanish > 1 or len(said) >= _FEW_WORDS):
        return "es"
    return "en" if english >= _LEAST_ENGLISH * len(said) or len(said) < _FEW_WORDS else ""


def _after(other: Span, stated: Iterable[Span]) -> Span:
    """Return a span without a name that it seems to begin with: "Dr. Ana Ruiz. Avda. de Toledo 3"."""
    ends = [name.end for name in stated if name.start - _TITLE <= other.start < name.end < other.end]
    return replace(other, start=max(ends)) if ends else other


def _crosses(span: Span, persons: Iterable[Span]) -> bool:
    return any(each.start < span.end and span.start < each.end for each in persons)
