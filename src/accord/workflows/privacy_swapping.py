"""What a chat model is sent in place of personal data: looked for, replaced, and proved to come back.

It runs in a process of its own where the rules for names are wanted, so all of it is picklable.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from accord.checks.personal import surrogates_dates as dates
from accord.checks.personal import surrogates_names as names
from accord.checks.personal.returning import NOTHING, Swaps, is_json, put_back
from accord.checks.personal.returning_forms import LEAST_SIGNS, WORDED, Pair, label, number_pattern, signs, whole
from accord.checks.personal.spans import Span
from accord.checks.personal.surrogates import DATES, How, Replacement, Surrogates, applied, settled
from accord.checks.personal.surrogates_echoes import echoes, said
from accord.checks.personal.surrogates_known import UNMISTAKABLE
from accord.domain.canonical import sha256_hex
from accord.domain.chat import Trouble
from accord.domain.content import Content, Message, Role
from accord.domain.dismissals import mark_for
from accord.workflows.replacing import Work, by_message, personal, wanted

_ATTEMPTS = 8  # at surrogates that cannot be taken for anything else in the question; then labels stand in


_MOST_INITIALS = 4
_MESSAGES = 40  # of an example, in which what was dismissed is known again


class Way(StrEnum):
    """What becomes of a question in which personal data is found."""

    OPEN = "open"  # it is sent as it is: the service is on this machine
    HOLD = "hold"  # it is not sent
    REPLACE = "replace"  # it is sent with surrogates


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one question would send. ``number``: of the run's item; ``messages``: role and content of each.

    ``group``: the patient, matter or document whose surrogates it shares, "" for its own. ``dismissed``: the marks of
    what people have said of findings in the examples that it shows; such words stay wherever they are put.
    """

    number: int
    messages: Sequence[Mapping[str, str]]
    group: str = ""
    dismissed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Personal data: code points ``start`` to ``end`` of message number ``message``, the rule and the words."""

    message: int
    start: int
    end: int
    rule: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """What came through the gate of one question: the ``messages`` to send, none where ``trouble`` says why.

    ``found``: in the messages as they were; ``replaced``: how many places; ``swaps``: what ``put_back`` needs for the
    answer.
    """

    number: int
    messages: tuple[Mapping[str, str], ...]
    found: tuple[Place, ...] = ()
    replaced: int = 0
    swaps: Swaps = NOTHING
    trouble: Trouble | None = None

    def held(self, trouble: Trouble) -> "Passed":
        """Return the same, not to be sent."""
        return replace(self, messages=(), replaced=0, swaps=NOTHING, trouble=trouble)


def passed(questions: Sequence[Asked], work: Work, way: Way) -> list[Passed]:
    """Return what comes through of each question, in order."""
    return [_passed(one, work, way) for one in questions]


def _passed(asked: Asked, work: Work, way: Way) -> Passed:
    as_it_is = Passed(number=asked.number, messages=tuple(asked.messages))
    if way is Way.OPEN:
        return as_it_is
    content = _content(asked)
    found = _spans(content, asked, work)
    texts = [message.content for message in content.messages]
    places = tuple(
        Place(message=n, start=one.start, end=one.end, rule=one.rule, text=texts[n][one.start : one.end])
        for n, spans in enumerate(found)
        for one in spans
    )
    if not places:
        return as_it_is
    told = replace(as_it_is, found=places)
    swapped = _swapped(asked, texts, found, work) if way is Way.REPLACE else None
    if swapped is None:
        return told.held(Trouble.PRIVATE)
    sent, swaps = swapped
    messages = tuple({**one, "content": text} for one, text in zip(asked.messages, sent, strict=True))
    return replace(told, messages=messages, replaced=len(places), swaps=swaps)


def _content(asked: Asked) -> Content:
    return Content(messages=tuple(Message(role=Role(one["role"]), content=one["content"]) for one in asked.messages))


def _spans(content: Content, asked: Asked, work: Work) -> list[list[Span]]:
    """Return what is not to be sent of each message: what the rules find, and the same wherever else it stands."""
    texts = [message.content for message in content.messages]
    findings = personal(content, work)
    stays = [_dismissed(asked, one.rule, texts[one.message][one.start : one.end]) for one in findings]
    left = by_message(content, [one for one, it in zip(findings, stays, strict=True) if it])
    found = by_message(content, [one for one, it in zip(findings, stays, strict=True) if not it])
    found = [wanted(spans, work) for spans in found]
    known = {words: span for text, spans in zip(texts, found, strict=True) for words, span in said(text, spans).items()}
    found = [
        [*spans, *echoes(text, [*spans, *others], known)]
        for text, spans, others in zip(texts, found, left, strict=True)
    ]
    again = _same_numbers(texts, found)
    return [
        settled([*spans, *(one for one in again[n] if not _overlaps(one, [*spans, *left[n]]))])
        for n, spans in enumerate(found)
    ]


def _dismissed(asked: Asked, rule: str, words: str) -> bool:
    """Say whether people dismissed these words, in whichever message of their example they stood."""
    return bool(asked.dismissed) and any(mark_for(rule, at, words) in asked.dismissed for at in range(_MESSAGES))


def _same_numbers(texts: Sequence[str], found: Sequence[Sequence[Span]]) -> list[list[Span]]:
    """Return where numbers that were found stand with other signs between their digits, in any of the messages."""
    known = {
        text[one.start : one.end]: one
        for text, spans in zip(texts, found, strict=True)
        for one in spans
        if one.rule not in WORDED | DATES and len(signs(text[one.start : one.end])) > LEAST_SIGNS
    }
    everywhere = signs("".join(texts)).casefold()
    known = {written: one for written, one in known.items() if everywhere.count(_same(written)) > 1}
    if not known:
        return [[] for _text in texts]
    likes, pattern = list(known.values()), whole(map(number_pattern, known))
    return [[_alike(place, likes[(place.lastindex or 1) - 1]) for place in pattern.finditer(text)] for text in texts]


def _alike(place: re.Match[str], like: Span) -> Span:
    return replace(like, start=place.start(), end=place.end())


def _overlaps(span: Span, others: Iterable[Span]) -> bool:
    return any(one.start < span.end and span.start < one.end for one in others)


def _swapped(
    asked: Asked, texts: Sequence[str], found: Sequence[Sequence[Span]], work: Work
) -> tuple[list[str], Swaps] | None:
    """Return the texts with surrogates and what was sent for what; None where they would not come back.

    A surrogate that could be taken for another word of the question, or for another original, gives way to others; the
    last way is a numbered label, which is nothing else.
    """
    group = "sent:" + (asked.group or sha256_hex("\0".join(texts)))
    fits = _Fits(texts)
    for attempt in range(_ATTEMPTS + 1):
        book = Surrogates(work.key, f"{group}\0{attempt}" if attempt else group, fits)
        for text, spans in zip(texts, found, strict=True):
            book.meet(text, spans)
        made = [_made(book, text, spans) for text, spans in zip(texts, found, strict=True)]
        sending = _Sending(texts, made, labels_alone=attempt == _ATTEMPTS)
        if sending.doubtful and attempt < _ATTEMPTS - 1:
            continue
        swaps = Swaps(pairs=sending.pairs, days=book.days, days_named=_days(texts, made))
        if all(_comes_back(sent, text, swaps) for sent, text in zip(sending.texts, texts, strict=True)):
            return sending.texts, swaps
    return None


def _made(book: Surrogates, text: str, spans: Sequence[Span]) -> list[Replacement]:
    """Return what takes the place of each span; what has no surrogate is replaced by nothing yet."""
    made = book.replace(text, spans, How.SURROGATE) or []
    without = [span for span in spans if not any(one.start < span.end and span.start < one.end for one in made)]
    made += [
        Replacement(start=one.start, end=one.end, rule=one.rule, old=text[one.start : one.end], new="")
        for one in without
    ]
    return sorted(made, key=lambda one: one.start)


class _Fits:
    """Whether a surrogate is known again: a name that is no word, and none of the question's own words."""

    def __init__(self, texts: Sequence[str]) -> None:
        words = {names.bare(word.group()).casefold() for text in texts for word in names.words_of(text)}
        self._words = words | {part for word in words for part in re.split("[-'’]", word)}

    def __call__(self, kind: str, surrogate: str) -> bool:
        low = surrogate.casefold()
        if kind != "word" or len(low) == 1:
            return True
        initials = surrogate.isupper() and len(low) <= _MOST_INITIALS  # which come back with all of their name alone
        return self._words.isdisjoint({low, *low.split("-")}) and (initials or UNMISTAKABLE.issuperset(low.split("-")))


class _Sending:
    """The texts of a question as they are sent, and the pairs of surrogate and original, each one and no other's."""

    def __init__(self, texts: Sequence[str], made: Sequence[Sequence[Replacement]], *, labels_alone: bool) -> None:
        self._all = "\n".join(texts)
        self._originals = {_same(one.old) for part in made for one in part}
        self._labels_alone = labels_alone
        self._given: dict[tuple[str, str], str] = {}
        self._stands_for: dict[str, str] = {}
        self.doubtful = False
        self.texts = [self._sent(text, part) for text, part in zip(texts, made, strict=True)]

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """What was sent for what."""
        return tuple(Pair(rule, sent, original) for (rule, original), sent in self._given.items())

    def _sent(self, text: str, made: Sequence[Replacement]) -> str:
        return applied(text, [replace(one, new=self._new(one)) for one in made])

    def _new(self, one: Replacement) -> str:
        key = (one.rule, one.old)
        if key not in self._given:
            known = not self._labels_alone and _known_again(one)
            if known and (_same(one.new) in self._originals or self._stands_for.get(one.new, one.old) != one.old):
                self.doubtful, known = True, False
            self._given[key] = one.new if known else self._label(one.rule)
            self._stands_for[self._given[key]] = one.old
        return self._given[key]

    def _label(self, rule: str) -> str:
        number = 1
        while (made := label(rule, number)) in self._stands_for or made in self._all:
            number += 1
        return made


def _same(written: str) -> str:
    return signs(written).casefold()


def _known_again(one: Replacement) -> bool:
    """Say whether a surrogate can be told from all else in an answer, as "90+", "[NAME]" and three digits cannot."""
    if not one.new or one.new.startswith("[") or one.rule.startswith("age"):
        return False
    return one.rule in WORDED | DATES or len(signs(one.new)) >= LEAST_SIGNS


def _days(texts: Sequence[str], made: Sequence[Sequence[Replacement]]) -> tuple[dates.Day, ...]:
    """Return the days that the originals name, by the habits of their texts."""
    return tuple(day for text, part in zip(texts, made, strict=True) for day in _days_of(text, part))


def _days_of(text: str, made: Sequence[Replacement]) -> Iterator[dates.Day]:
    written = [one.old for one in made if one.rule in DATES]
    habits = dates.fitted(dates.Shift(0), text, written)
    for one in written:
        day = dates.read(one, habits)
        if day is not None:
            yield day


def _comes_back(sent: str, text: str, swaps: Swaps) -> bool:
    back = put_back(sent, swaps).text
    return back == text or (is_json(text) and is_json(back) and json.loads(back) == json.loads(text))
