"""In which forms an answer may name what it was sent in place of personal data, and what each stands for."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from accord.checks.personal import surrogates_names as names
from accord.checks.personal.surrogates import LABELS
from accord.checks.personal.surrogates_known import UNMISTAKABLE

#: Letters and digits that would make a surrogate a part of another word; of other scripts than its own, none does.
_SIGN = "[0-9A-Za-z\u00c0-\u024f]"
_START, _END = f"(?:(?<!{_SIGN})|(?!{_SIGN}))", f"(?:(?!{_SIGN})|(?<!{_SIGN}))"
_PLURAL = "(?:e?s)?"
_OPENED = r"(?:\((?=\d{1,5}\)))?"
_BETWEEN = r"[\s().\-/\u2010-\u2015]{0,3}"
_BEFORE_HOUSE = r"[\s,.#]{1,4}(?:n[ºo°]?\.?\s*)?"
WORDED = frozenset({"person-name", "place-name", "organisation-name", "street-address"})
_AS_WRITTEN = frozenset({"email-address", "web-address", "ip-address", "date-of-life", "exact-date"})
#: What has fewer letters and digits, or letters, may as well be something else in an answer.
LEAST_SIGNS, LEAST_LETTERS = 5, 3
_NATIONAL_DIGITS = 7
_NUMBERED = re.compile(r"\[(?P<what>[A-Z0-9 ]+) #(?P<n>\d+)\]")
_PIECE = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d+")

Restored = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Pair:
    """What was ``sent`` in place of an ``original``, and the rule that had found it."""

    rule: str
    sent: str
    original: str


@dataclass(frozen=True, slots=True)
class Form:
    """A regular expression without groups, and what stands for a text that it matches; None: the text stays.

    ``length``: of what was sent; of forms that begin in one place the longest holds.
    """

    pattern: str
    length: int
    restored: Restored


def signs(written: str) -> str:
    """Return the letters and digits alone."""
    return "".join(char for char in written if char.isalnum())


def label(rule: str, number: int) -> str:
    """Return what stands for an original that has no surrogate which would be known again."""
    return f"{LABELS.get(rule, '[PERSONAL]')[:-1]} #{number}]"


def whole(patterns: Iterable[str]) -> re.Pattern[str]:
    """Return one expression for any of these, each a group, none of them a part of a longer word; capitals or not."""
    return re.compile(f"{_START}(?:{'|'.join(f'({one})' for one in patterns) or '(?!)'}){_END}", re.IGNORECASE)


def number_pattern(written: str) -> str:
    """Return a regular expression for a number with other signs between its letters and digits, or with none."""
    before = r"\+?" if written.startswith("+") else ""
    return before + _OPENED + _BETWEEN.join(map(re.escape, signs(written)))


def forms(pairs: Sequence[Pair]) -> list[Form]:
    """Return all forms of these pairs, the longest first."""
    made = [form for pair in pairs for form in _of_pair(pair)]
    return sorted([*made, *_of_words(pairs)], key=lambda form: -form.length)


def traces(pairs: Sequence[Pair]) -> list[str]:
    """Return regular expressions for what points at a surrogate in whatever form."""
    wanted: dict[str, None] = {}
    for pair in pairs:
        numbered = _NUMBERED.fullmatch(pair.sent)
        if numbered:
            wanted[rf"{re.escape(numbered['what'])} ?#? ?{numbered['n']}"] = None
        elif pair.rule in WORDED:
            wanted.update((re.escape(new), None) for new, _old in _changed(pair) if len(new) > LEAST_LETTERS)
        else:
            wanted[re.escape(pair.sent)] = None
    wanted.update((year, None) for pair in pairs for year in _other_years(pair))
    return list(wanted)


def _of_pair(pair: Pair) -> Iterator[Form]:
    def always(_found: str) -> str:
        return pair.original

    numbered = _NUMBERED.fullmatch(pair.sent)
    if numbered:
        pattern = rf"\[\s*{re.escape(numbered['what'])}\s*#?\s*{numbered['n']}\s*\]"
        yield Form(pattern, len(pair.sent), always)
        return
    worded = pair.rule in WORDED
    yield Form(_spaced(pair.sent), len(pair.sent), (lambda found: in_case(pair.original, found)) if worded else always)
    if worded:
        yield from _initialled(pair)
        yield from _houses(pair)
    elif pair.rule not in _AS_WRITTEN:
        yield from _numbers(pair)


def _spaced(sent: str) -> str:
    return r"\s+".join(map(re.escape, sent.split()))


def _numbers(pair: Pair) -> Iterator[Form]:
    """Yield a number with other signs between its digits, and a telephone number without the code of its country."""
    sent, original = pair.sent, pair.original
    if len(signs(sent)) >= LEAST_SIGNS:
        yield Form(number_pattern(sent), len(sent), lambda _found: original)
    code = re.match(r"\+\d{1,3}[^\w+]+", sent)
    if code and original.startswith(code.group()) and len(signs(sent[code.end() :])) >= _NATIONAL_DIGITS:
        yield Form(number_pattern(sent[code.end() :]), len(sent) - code.end(), lambda _found: original[code.end() :])


def _changed(pair: Pair) -> list[tuple[str, str]]:
    """Return the words of a surrogate with those that they stand for, where they are others."""
    new, old = _words(pair.sent), _words(pair.original)
    if len(new) != len(old):
        return []
    return [(one, other) for one, other in zip(new, old, strict=True) if one.casefold() != other.casefold()]


def _words(written: str) -> list[str]:
    return [names.bare(word.group()) for word in names.words_of(written)]


def _of_words(pairs: Sequence[Pair]) -> Iterator[Form]:
    """Yield the single words of names that are nothing else: a surname alone, in its capitals, in the plural."""
    exact: dict[str, str] = {}
    alike: dict[str, str] = {}
    for pair in pairs:
        for new, old in _changed(pair) if pair.rule in WORDED and not _NUMBERED.fullmatch(pair.sent) else ():
            if UNMISTAKABLE.issuperset(new.casefold().split("-")):
                exact.setdefault(new, old)
                alike.setdefault(new.casefold(), old)
    for low, old in alike.items():

        def restored(found: str, low: str = low, old: str = old) -> str | None:
            word, ending = found[: len(low)], found[len(low) :]
            new = exact.get(word) or in_case(old, word)
            return None if new is None else new + ending

        yield Form(re.escape(low) + _PLURAL, len(low), restored)


def in_case(original: str, found: str) -> str | None:
    """Return an original in the capitals of what was found; None for small letters, which may be another word."""
    if found.islower():
        return None
    if found.isupper() and len(signs(found)) > 1:
        return original.upper()
    return original.title() if original.isupper() or original.islower() else original


def _initialled(pair: Pair) -> Iterator[Form]:
    """Yield a full name with its first name as an initial: "K. Tavares" of "Kevin Tavares"."""
    changed = _changed(pair)
    if pair.rule != "person-name" or len(changed) < 2 or min(map(len, (*changed[0], changed[-1][0]))) < 2:
        return
    (first, old_first), (last, old_last) = changed[0], changed[-1]

    def restored(found: str) -> str | None:
        surname = in_case(old_last, found[-len(last) :])
        return None if surname is None or found[0].islower() else old_first[0].upper() + found[1 : -len(last)] + surname

    yield Form(rf"{re.escape(first[0])}(?:\.\s*|\s+){re.escape(last)}", len(last) + 2, restored)


def _houses(pair: Pair) -> Iterator[Form]:
    """Yield the number of a house with the word beside it, which stand without the rest of their address."""
    new, old = _PIECE.findall(pair.sent), _PIECE.findall(pair.original)
    if pair.rule != "street-address" or len(new) != len(old):
        return
    named = {at for at, (one, other) in enumerate(zip(new, old, strict=True)) if one != other and one[0].isalpha()}
    for at, house in enumerate(new):
        for beside in (at - 2, at - 1, at + 1, at + 2) if house.isdigit() else ():
            if beside in named:
                yield _beside(new, old, at, beside)


def _beside(new: Sequence[str], old: Sequence[str], house: int, word: int) -> Form:
    first, last = sorted((house, word))

    def restored(found: str) -> str | None:
        return old[first] + found[len(new[first]) : len(found) - len(new[last])] + old[last]

    pattern = re.escape(new[first]) + _BEFORE_HOUSE + re.escape(new[last])
    return Form(pattern, len(new[first]) + len(new[last]) + 1, restored)


def _other_years(pair: Pair) -> Iterable[str]:
    """Yield the years of a date that was moved into another year."""
    new, old = (set(re.findall(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)", text)) for text in (pair.sent, pair.original))
    return sorted(new - old) if pair.rule in {"date-of-life", "exact-date"} else ()
