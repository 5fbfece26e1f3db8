"""Names of persons: announced by the words around them, made of listed names, or seen by a model and believed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from accord.checks.personal import names_cues
from accord.checks.personal.names_lists import FIRMS, STREETS, TITLES, lists
from accord.checks.personal.names_model import compound, dictionary, ordinary, plural
from accord.checks.personal.names_words import Text, Word
from accord.checks.personal.spans import Certainty, Span

_MOST_WORDS = 6
_MOST_NAMES = 3  # in a name that no listed first name begins
_LEAST_ALONE = 4  # letters; shorter first names are words and abbreviations
_LINE_BEFORE = re.compile(r"(?:\A|\n)[ >*\t]*\Z")
_NEAR = 20  # characters
_ARTICLE = 5  # characters: " los "
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_JOINED = frozenset({", ", " and ", ", and ", " & ", " y ", " e ", " or "})


def find(texts: Sequence[Text], seen: Sequence[Iterable[Span]]) -> list[list[Span]]:
    """Return the persons in the messages of one example; ``seen`` are the spans of the model."""
    found = []
    for text, spans in zip(texts, seen, strict=True):
        sure = [
            part
            for start, certain in names_cues.announced(text.text)
            if (part := _announced(text, start, sure=certain))
        ]
        told = {part[0].start for part in sure}
        likely = [part for run in text.runs for part in _listed(text, run)]
        likely += [part for span in spans if (part := _believed(text, span))]
        likely += [part for run in text.runs if (part := _acting(text, run) or _on_a_line(text, run))]
        likely += [part for pair in pairwise(text.runs) if text.english and _paired(text, *pair) for part in pair]
        likely += _joined(text, [*sure, *likely])
        found.append([(part, part[0].start in told) for part in (*sure, *likely)])
    known = {
        word.written
        for parts in found
        for part, _sure in parts
        for word in part
        if word.capital and len(word.written) >= _LEAST_ALONE and not (_common(word) or word.plain in lists().countries)
    }
    return [[*_spans(text, parts), *_again(text, known)] for text, parts in zip(texts, found, strict=True)]


def _spans(text: Text, parts: Iterable[tuple[list[Word], bool]]) -> Iterator[Span]:
    for part, sure in parts:
        yield _span(part[0].start, text.end(part), Certainty.STATED if sure else Certainty.LIKELY)


def _span(start: int, end: int, certainty: Certainty) -> Span:
    return Span(start, end, "person", "person-name", certainty)


def _first(word: Word) -> bool:
    return word.capital and not compound(word.written) and word.plain.split("-")[0] in lists().first


def _last(word: Word) -> bool:
    parts = (word.plain, *word.plain.split("-"))
    return word.capital and not compound(word.written) and not lists().last.isdisjoint(parts)


def _listed_word(word: Word) -> bool:
    return _first(word) or _last(word)


def _names(part: Iterable[Word]) -> list[Word]:
    """Return the words of a name without its particles, initials and "Jr"."""
    return [word for word in part if word.capital and not word.initial and word.plain not in _SUFFIXES]


def _strange(word: Word) -> bool:
    """Say whether no dictionary has a word, as is so of most names."""
    known = compound(word.written) or word.plain in dictionary() or plural(word.plain)
    return word.capital and len(word.written) > 1 and not known


def _common(word: Word) -> bool:
    return word.plain in ordinary() or plural(word.plain)


def _of_dictionary(names: Sequence[Word]) -> bool:
    """Say whether a dictionary has all words of a name and none of them is a usual first name: "Kidney Failure"."""
    given = names[0].plain in lists().english or (_first(names[0]) and names[0].plain not in ordinary())
    return len(names) > 1 and not given and all(word.plain in dictionary() or plural(word.plain) for word in names)


def _no_name(word: Word) -> bool:
    """Say whether a word goes with names and is none: a title, a street, a firm, "NºCol"."""
    return word.plain in TITLES or word.plain in FIRMS or "º" in word.written


def _announced(text: Text, start: int, *, sure: bool) -> list[Word]:
    part: list[Word] = []
    for word in text.run_at.get(start, [])[:_MOST_WORDS]:
        if _no_name(word):
            break
        if not (word.particle or word.initial or _listed_word(word)) and word.plain in ordinary():
            break
        part.append(word)
    while part and (not part[-1].capital or (part[-1].initial and text.end(part) == part[-1].end)):
        part.pop()
    if not part or (sure and (len(part) > 1 or not part[0].initial)):
        return part
    strange = text.english and _strange(part[0]) and not part[0].written.isupper() and part[0].plain not in text.small
    return part if strange or (_first(part[0]) and part[0].plain not in ordinary()) else []


def _listed(text: Text, run: list[Word]) -> Iterator[list[Word]]:
    n = 0
    while n < len(run) and run[n].plain not in STREETS:
        if run[n].plain in TITLES:
            n += 1
            continue
        part = _listed_from(text, run, n)
        if part and not names_cues.eponym(text.text, part[0].start, part[-1].end):
            yield part
        n += max(len(part), 1)


def _listed_from(text: Text, run: list[Word], n: int) -> list[Word]:
    """Return the name that begins with a run's word ``n``: listed and strange words, initials and particles."""
    part = [run[n]]
    for word in run[n + 1 : n + _MOST_WORDS]:
        if word.plain in FIRMS and text.english:
            return []
        joins = word.particle or word.initial or word.plain in _SUFFIXES
        if _no_name(word) or not (joins or _listed_word(word) or _strange(word)):
            break
        part.append(word)
    while part and (part[-1].initial or part[-1].particle):
        part.pop()
    names = _names(part)
    if len(names) == 1:
        return part if text.english and len(run) == 1 and _first(names[0]) and _alone(text, names[0]) else []
    return part if names and _together(text, run, part, names) else []


def _together(text: Text, run: list[Word], part: list[Word], names: list[Word]) -> bool:
    """Say whether words are a name as a whole: "Magnus Poulsen", "Csanád P Gere", "Ubul Csonka"."""
    if all(word.plain in ordinary() for word in names) or _of_dictionary(names):
        return False
    if names[1].written.isupper() and not (_last(names[1]) or names[0].written.isupper()):
        return False
    if not text.english and not _spanish(text, part, names):
        return False
    if _first(part[0]):
        return True
    strange = text.english and len(names) <= _MOST_NAMES and all(map(_strange, names[:-1]))
    initial = len(part) > len(names) and part[1].initial and _strange(names[-1])
    whole = len(part) == len(run) and _listed_word(names[-1]) and not names[0].written.isupper()
    return strange and (initial or whole)


def _spanish(text: Text, part: Sequence[Word], names: Sequence[Word]) -> bool:
    """Say whether a name is no thing in capitals, as "General y Digestivo" and "los Reyes Católicos" are."""
    before = text.text[max(0, part[0].start - _ARTICLE) : part[0].start]
    several = f" {before}".casefold().endswith((" los ", " las "))
    usual = names[0].plain.split("-")[0] in lists().spanish | lists().english
    initial = any(word.initial and word.capital for word in part)
    return not several and (usual or initial or all(map(_listed_word, names)))


def _alone(text: Text, word: Word) -> bool:
    return (
        len(word.written) >= _LEAST_ALONE
        and not word.written.isupper()
        and word.plain not in text.small
        and word.plain not in lists().countries
        and (word.plain not in dictionary() or (word.plain in lists().english and word.plain not in ordinary()))
    )


def _believed(text: Text, span: Span) -> list[Word]:
    """Return the words of a person that the model saw, or of a listed name that it took for something else."""
    part = text.within(span.start, span.end)
    names = _names(part)
    if not names or any(word.plain in text.small or word.plain in FIRMS for word in names):
        return []
    if len(names) == 1 and text.written_small(names[0]):
        return []
    if any(map(str.isdigit, text.text[span.start : span.end])):
        return []
    if " ".join(word.plain for word in part) in lists().countries:
        return []
    if names_cues.eponym(text.text, part[0].start, part[-1].end):
        return []
    fits = _fits_person(names) if span.entity == "person" else _fits_other(names)
    return part if fits else []


def _fits_person(names: list[Word]) -> bool:
    if any(map(_listed_word, names)):
        told = any(word.plain not in ordinary() for word in names) and not _of_dictionary(names)
        return told and not (len(names) == 1 and names[0].acronym)
    return len(names) > 1 and all(map(_strange, names))


def _fits_other(names: list[Word]) -> bool:
    """Say whether what the model took for a place or a firm is a person's name by the lists."""
    if len(names) == 1:
        word = names[0]
        return _listed_word(word) and _strange(word) and "-" not in word.written and not word.written.isupper()
    return any(map(_listed_word, names)) and all(_listed_word(word) or _strange(word) for word in names)


def _acting(text: Text, run: list[Word]) -> list[Word]:
    """Return a run that does what only persons do, where it is no ordinary word."""
    if len(run) > _MOST_WORDS or not names_cues.acts(text.text, run[-1].end):
        return []
    names = _names(run)
    fits = all(_fits(text, word) for word in names)
    return run if names and fits and any(word.plain not in ordinary() for word in names) else []


def _on_a_line(text: Text, run: list[Word]) -> list[Word]:
    """Return a run that has a line of its own, as in an address, and goes on from a first name: "Marta Palermo"."""
    names = _names(run)
    alone = _LINE_BEFORE.search(text.text, max(0, run[0].start - _NEAR), run[0].start)
    if (
        not alone
        or not 1 < len(names) <= _MOST_NAMES
        or text.text[run[-1].end : run[-1].end + 1] not in {"", "\n", "\r"}
    ):
        return []
    if names_cues.eponym(text.text, names[0].start, names[0].end):
        return []
    fits = _first(names[0]) and not any(_no_name(word) or _common(word) or word.acronym for word in names)
    return run if fits else []


def _paired(text: Text, left: list[Word], right: list[Word]) -> bool:
    """Say whether two words joined by "and" are family names: one is listed, the other in no dictionary."""
    if len(left) > 1 or len(right) > 1 or text.text[left[0].end : right[0].start] != " and ":
        return False
    one, other = left[0], right[0]
    listed = (_last(one) and _strange(other)) or (_last(other) and _strange(one))
    return listed and all(
        _fits(text, word) and word.plain not in lists().countries and not _common(word) for word in (one, other)
    )


def _joined(text: Text, known: Sequence[Sequence[Word]]) -> list[list[Word]]:
    """Return the runs that "and" or a comma joins to a known name."""
    ends, starts = {part[-1].end for part in known}, {part[0].start for part in known}
    found = []
    for order in (1, -1):
        before = None
        for run in text.runs[::order]:
            if before is not None:
                left, right = (before, run) if order == 1 else (run, before)
                joined = text.text[left[-1].end : right[0].start] in _JOINED
                near = left[-1].end in ends if order == 1 else right[0].start in starts
                names = _names(run)
                if joined and near and names and all(_fits(text, word) for word in names):
                    found.append(run)
                    ends.add(run[-1].end)
                    starts.add(run[0].start)
            before = run
    return found


def _fits(text: Text, word: Word) -> bool:
    listed = _listed_word(word) or (text.english and _strange(word))
    return listed and word.plain not in FIRMS and word.plain not in text.small and not word.written.isupper()


def _again(text: Text, known: set[str]) -> Iterator[Span]:
    for word in text.words:
        if word.written in known and not names_cues.eponym(text.text, word.start, word.end):
            yield _span(word.start, word.end, Certainty.LIKELY)
