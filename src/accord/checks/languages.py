"""Answers in another language than their request, or than the project's languages, by lingua's trigrams.

Running text alone says its language: of a list, a name, code, a note or three words nothing is said. Nor is anything
said where the request asks for a translation, names the language of the answer, or has a passage in it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from accord.domain.content import Content, Role
from accord.domain.findings import Finding, Kind, Limits, Rule, Severity
from accord.domain.wording import mark

_LOOKED_AT = 1000  # characters: more changes nothing, and costs as much again
_LEAST_LETTERS, _LEAST_WORDS = 40, 10
_LEAST_WIDE = 5  # an ideograph is a word, and its script says nearly all
_LEAST_ITEM = 5  # words
_LIKELY, _SURE = 0.7, 0.95  # of lingua's relative confidence, which adds up to 1 over the languages compared
_LEAST_PASSAGE = 12
# Function words that are English alone. Of 4,679 real texts, 1,304 have this many of them, and lingua calls each of
# these English, with a confidence of 0.9999999 and more; that takes it milliseconds.
_WORDS_OF_ENGLISH = "the of and that with this from which are were have has been their they you your"
_ENGLISH_ALONE = frozenset(_WORDS_OF_ENGLISH.split())
_LEAST_COMMON, _COMMON, _LEAST_PROSE = 6, 0.15, 30  # different ones; of all words; words

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|<[^<>\n]{1,200}>|\$[^$\n]{1,200}\$", re.DOTALL)
_PART = r"[^\s\u2e80-\u9fff\uac00-\ud7a3\uff00-\uffef]"  # of what stands between spaces, or between ideographs
_NO_WORD = re.compile(
    rf"(?<!{_PART}){_PART}*(?:://|[@_{{}}=\\|/\d]|[^\W\u2e80-\u9fff][.(][^\W\u2e80-\u9fff]){_PART}*|\[[^\]\n]{{0,40}}\]"
)
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\u0e00-\u0e7f]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ITEM = re.compile(r"\s*(?:[-•*·]|\d{1,3}[.)])\s")
_LATIN_WORD = re.compile(r"(?<![A-Za-z])[a-z]{4,40}(?![A-Za-z])")
_SENTENCE = re.compile(r"[\n.!?;:。！？；：“”\"]+")
_TRANSLATES = re.compile(
    r"\b(?:translat|traduc|tradui|tradu[zç]|übersetz|vertaal|перев[её]д|перевод|translitera)\w*"
    r"|翻译|翻譯|译成|譯成|译为|訳|번역|ترجم",
    re.IGNORECASE,
)
#: What a language is called in others than English, by its ISO 639-1 code.
_CALLED = {
    "ar": "arabe|árabe|arabisch|عربية|阿拉伯[语文]",
    "de": "deutsch|allemand|alemán|alemão|德[语文]",
    "en": "anglais|inglés|inglês|englisch|英[语文]",
    "es": "espagnol|español|spanisch|castellano|西班牙[语文]",
    "fr": "français|francés|francês|französisch|法[语文]",
    "it": "italien|italiano|italienisch|意大利[语文]",
    "ja": "japonais|japonés|japanisch|日[语文本]",
    "ko": "coréen|coreano|koreanisch|韩[语文国]",
    "la": "latin|latín|latein|拉丁[语文]",
    "pt": "portugais|portugués|português|portugiesisch|葡萄牙[语文]",
    "ru": "russe|ruso|russo|russisch|русск|俄[语文]",
    "zh": "chinois|chino|chinês|chinesisch|mandarin|中文|汉语|漢語",
}
# Languages that short texts do not tell apart, and those in which a dialect of another is written.
_ALIKE = (
    {"nb", "nn", "da", "sv"},
    {"hr", "bs", "sr", "sl", "mk", "bg"},
    {"ms", "id", "tl"},
    {"cs", "sk"},
    {"zu", "xh", "st", "tn", "ts", "sn"},
    {"ar", "fa", "ur"},
    {"ru", "uk", "be"},
    {"es", "pt", "ca", "gl"},
    {"nl", "af"},
    {"tr", "az"},
    {"et", "fi"},
    {"zh", "ja"},  # a Japanese name or title in ideographs alone
)


@dataclass(frozen=True, slots=True)
class _Told:
    """The language that a text is in: its ISO 639-1 code and its name in English."""

    code: str
    name: str


_ENGLISH = _Told("en", "English")


def _another(rule: Rule, content: Content, limits: Limits) -> Iterator[Finding]:
    said, request = _running_text(content.answer), _running_text(content.request)
    if not (_enough(said) and _enough(request)):  # which is known at once; a language takes a millisecond
        return
    answered, asked = _told(said), _told(request)
    if asked is None or answered is None or _same(asked.code, answered.code):
        return
    if limits.languages and answered.code not in limits.languages:
        return  # the other rule says so
    sure = _confirmed(said, answered, (asked.code,)) and _confirmed(request, asked, (answered.code,))
    if sure and not _asked_for(content, answered):
        yield _of_answer(rule, content, language=answered.name, asked=asked.name)


def _unwanted(rule: Rule, content: Content, limits: Limits) -> Iterator[Finding]:
    if not limits.languages or not known(limits.languages):
        return
    words = _running_text(content.answer)
    answered = _told(words)
    if answered is None or any(_same(answered.code, code) for code in limits.languages):
        return
    if _confirmed(words, answered, limits.languages) and not _asked_for(content, answered):
        yield _of_answer(rule, content, language=answered.name, wanted=", ".join(limits.languages))


def known(codes: tuple[str, ...]) -> bool:
    """Say whether lingua knows all these languages; of a project with another one nothing is said."""
    return set(codes) <= _codes().keys()


def spoken(codes: tuple[str, ...], texts: Sequence[str]) -> str:
    """Return in English what languages these codes name, else that of most of the texts; empty where it is not known.

    Without lingua the codes stand for themselves.
    """
    try:
        if codes:
            return ", ".join(_codes()[code].name.title() if code in _codes() else code for code in codes)
        told = Counter(found.name for text in texts if (found := _told(_running_text(text))) is not None)
    except ModuleNotFoundError:
        return ", ".join(codes)
    return told.most_common(1)[0][0] if told else ""


def _of_answer(rule: Rule, content: Content, **details: str) -> Finding:
    return rule.at(content.answer_index or 0, 0, len(content.answer), **details)


@lru_cache(maxsize=4)  # two rules ask for those of an answer
def _running_text(text: str) -> str:
    """Return the words of a text that are of a language: no code, addresses, measures, initials, or names in a row."""
    plain = _NO_WORD.sub(" ", _CODE.sub(" ", text[: 2 * _LOOKED_AT]))
    words: list[str] = []
    for line in plain.splitlines():
        found = _WORD.findall(line)
        if len(found) < _LEAST_ITEM and _ITEM.match(line) and not _WIDE.search(line):
            continue  # a dish, a drug, a title: such items are of no language
        words += [
            word
            for before, word in pairwise(["", *found])
            if not (before.istitle() and word.istitle()) and _lower(word)
        ]
    return " ".join(words)[:_LOOKED_AT]


def _lower(word: str) -> bool:
    return len(word) == 1 or not word.isupper()


def _enough(words: str) -> bool:
    """Say whether there is enough running text to say its language."""
    wide = len(_WIDE.findall(words))
    letters = len(words) - words.count(" ")
    return wide >= max(_LEAST_WIDE, letters / 2) or (letters >= _LEAST_LETTERS and words.count(" ") + 1 >= _LEAST_WORDS)


@lru_cache(maxsize=64)  # requests are repeated, and two rules ask for the answer
def _told(words: str) -> _Told | None:
    """Return the language that running text seems to be in, where there is enough of it to say."""
    if not _enough(words):
        return None
    if _plainly_english(words):
        return _ENGLISH
    found = _likeliest(words)
    if found is None or found[1] < _LIKELY or found[0].code == "la":  # names of drugs and organs look Latin
        return None
    return found[0]


def _plainly_english(words: str) -> bool:
    """Say whether a text has the function words of English as often as only English prose has them."""
    said = words.casefold().split()
    common = [word for word in said if word in _ENGLISH_ALONE]
    return len(said) >= _LEAST_PROSE and len(common) >= _COMMON * len(said) and len(frozenset(common)) >= _LEAST_COMMON


def _confirmed(words: str, told: _Told, others: tuple[str, ...]) -> bool:
    """Say whether a text is in the language that it seemed to be in, by the whole models of that and the others."""
    values = _between(frozenset((told.code, *others))).compute_language_confidence_values(words)
    return bool(values[0].language.iso_code_639_1.name.lower() == told.code and values[0].value >= _SURE)


def _same(code: str, other: str) -> bool:
    return code == other or any(code in alike and other in alike for alike in _ALIKE)


def _asked_for(content: Content, answered: _Told) -> bool:
    """Say whether what stands before an answer asks for its language, or is in it in part."""
    before = [m.content for m in content.messages[: content.answer_index] if m.role in {Role.SYSTEM, Role.USER}]
    called = re.compile(rf"\b{answered.name}\b|{_CALLED.get(answered.code, answered.name)}", re.IGNORECASE)
    return any(
        _TRANSLATES.search(text) or called.search(text) or _shares(text, answered.code) or _quotes(text, content.answer)
        for text in (text[: 4 * _LOOKED_AT] for text in before)
    )


def _quotes(asked: str, answer: str) -> bool:
    """Say whether a request in another script has Latin words that the answer takes up: “a sentence with *opulent*”."""
    quoted = set(_LATIN_WORD.findall(asked))
    return sum(map(len, quoted)) < sum(map(str.isalpha, asked)) / 2 and not quoted.isdisjoint(
        _LATIN_WORD.findall(answer)
    )


def _shares(text: str, code: str) -> bool:
    """Say whether a passage of a text is in a language: a quotation, a sentence to correct, terms to explain."""
    for passage in _SENTENCE.split(text[: 4 * _LOOKED_AT]):
        words = " ".join(_WORD.findall(passage))
        if len(words) + 2 * len(_WIDE.findall(words)) >= _LEAST_PASSAGE:
            found = _likeliest(words)
            if found is not None and _same(found[0].code, code):
                return True
    return False


def _likeliest(words: str) -> tuple[_Told, float] | None:
    values = _detector().compute_language_confidence_values(words)
    if not values or not values[0].value:
        return None
    language = values[0].language
    return _Told(language.iso_code_639_1.name.lower(), language.name.title()), values[0].value


@cache
def _detector() -> Any:
    """Return the detector of all languages, by trigrams alone: it takes 60 MB, where all whole models take 1 GB."""
    from lingua import LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_all_languages().with_low_accuracy_mode().build()


@lru_cache(maxsize=64)
def _between(codes: frozenset[str]) -> Any:
    from lingua import LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_languages(*(_codes()[code] for code in sorted(codes))).build()


@cache
def _codes() -> dict[str, Any]:
    from lingua import Language

    return {language.iso_code_639_1.name.lower(): language for language in Language.all()}


RULES = (
    Rule(
        name="another-language",
        kind=Kind.LANGUAGE,
        severity=Severity.WARNING,
        title=mark("Answer in another language"),
        sentence=mark("The answer seems to be in {language}, the request in {asked}."),
        source=mark("lingua, by the frequencies of three letters in a row in 75 languages."),
        find=_another,
        needs="lingua",
    ),
    Rule(
        name="unwanted-language",
        kind=Kind.LANGUAGE,
        severity=Severity.WARNING,
        title=mark("Not a language of the project"),
        sentence=mark("The answer seems to be in {language}; the project's languages are: {wanted}."),
        source=mark("The project's own rule; lingua tells the language."),
        find=_unwanted,
        needs="lingua",
    ),
)
