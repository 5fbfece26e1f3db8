"""Characters that should not be there: damage, controls, marks that hide or turn, words of two alphabets."""

import re
from collections.abc import Iterator
from functools import partial

from accord.domain.content import Content
from accord.domain.findings import Finding, Kind, Limits, Rule, Severity
from accord.domain.wording import mark

_REPLACED = re.compile("�+")
# The controls of C0 and C1 but tab and the ends of lines, and code points that are no characters (Unicode 23.7).
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]+")
_OVERRIDE = re.compile("[\u202d\u202e]")
_OPENS = {**dict.fromkeys("\u202a\u202b", "\u202c"), **dict.fromkeys("\u2066\u2067\u2068", "\u2069")}
_TURNING = re.compile("[\u202a-\u202c\u2066-\u2069]")
# A tag letter belongs to a flag (U+1F3F4 and what follows it); elsewhere it hides a message.
_INVISIBLE = re.compile(
    "[\u200b\u2060-\u2064\ufeff\u00ad]+|(?<![\U0001f3f4\U000e0020-\U000e007e])[\U000e0020-\U000e007f]+"
)
_CYRILLIC, _LATIN = "\u0400-\u052f", "A-Za-z\u00c0-\u024f"
# Greek letters stand in Latin words for good reasons (TGFβ, ΔG, µg); those that look like Latin ones do not.
_TWIN_GREEK = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο"
_TWO_ALPHABETS = re.compile(
    rf"(?<![^\W\d_])(?=[^\W\d_]{{0,60}}[{_LATIN}])(?=[^\W\d_]{{0,60}}[{_CYRILLIC}{_TWIN_GREEK}])[^\W\d_]{{3,60}}(?![^\W\d_])"
)
_OTHER_ALPHABET = re.compile(f"[{_CYRILLIC}{_TWIN_GREEK}]")
_BRACKET = re.compile(r"[<\[]")
_SPECIAL_TOKEN = re.compile(
    r"<\|[a-zA-Z_]{2,30}\|>|<\|reserved_special_token_\d+\|>|\[/?INST\]|<</?SYS>>|</?s>|<(?:bos|eos|pad|unk)>"
    r"|<(?:start|end)_of_turn>|\[(?:PAD|CLS|SEP|MASK|UNK)\]|<｜[^｜<>]{2,40}｜>"
)
_MARKUP = re.compile(
    r"&(?:nbsp|amp|lt|gt|quot|apos|#\d{2,5}|#x[0-9a-fA-F]{2,5});"
    r"|<(?:br|p)\s*/?>|</(?:p|b|i|em|strong|span)>"
)
# What a page is made of, or a block of code: there the elements are what is written about.
_WEB_PAGE = re.compile(
    r"```|<!|</?(?:html|head|body|div|h\d|script|style|table|ul|ol)\b|<\w+ (?:class|id|style|href|src)="
)


def _spots(pattern: re.Pattern[str], rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    for index, message in enumerate(content.messages):
        if pattern is not _CONTROL and message.content.isascii():
            continue
        for found in pattern.finditer(message.content):
            yield rule.at(index, *found.span(), characters=_named(found.group()))


def _words(
    sign: re.Pattern[str], pattern: re.Pattern[str], rule: Rule, content: Content, _limits: Limits
) -> Iterator[Finding]:
    for index, message in enumerate(content.messages):
        for found in pattern.finditer(message.content) if sign.search(message.content) else ():
            yield rule.at(index, *found.span(), words=found.group()[:40])


def _markup(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    """Yield one finding for a message, however often it fits: a page that was copied has hundreds."""
    for index, message in enumerate(content.messages):
        found = _MARKUP.search(message.content)
        if found is not None and not _WEB_PAGE.search(message.content):
            yield rule.at(index, *found.span(), words=found.group())


def _named(characters: str) -> str:
    """Return the code points of a run, the first four of them, as the Unicode Standard writes them."""
    named = [f"U+{ord(character):04X}" for character in characters[:4]]
    return " ".join([*named, "…"] if len(characters) > len(named) else named)


def _shown(text: str) -> str:
    """Return a text with a code point for each sign that nobody sees."""
    return "".join(sign if sign.isprintable() else _named(sign) for sign in text)


def _misread(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    from ftfy import badness, fix_encoding

    for index, message in enumerate(content.messages):
        if message.content.isascii():
            continue
        for found in badness.BADNESS_RE.finditer(message.content):
            mended = fix_encoding(found.group())
            if mended != found.group():
                yield rule.at(index, *found.span(), words=_shown(found.group()), mended=_shown(mended))


def _turned(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    for index, message in enumerate(content.messages):
        if message.content.isascii():
            continue
        for found in _OVERRIDE.finditer(message.content):
            yield rule.at(index, *found.span(), characters=_named(found.group()))
        for start, paragraph in _paragraphs(message.content):
            yield from _unbalanced(rule, index, start, paragraph)


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, line
        start += len(line)


def _unbalanced(rule: Rule, index: int, start: int, paragraph: str) -> Iterator[Finding]:
    """Yield the embeddings and isolates that stay open at the end of a paragraph, where they end (UAX 9, X8)."""
    open_marks: list[tuple[str, int]] = []
    for found in _TURNING.finditer(paragraph):
        sign = found.group()
        if sign in _OPENS:
            open_marks.append((sign, start + found.start()))
        elif open_marks and _OPENS[open_marks[-1][0]] == sign:
            open_marks.pop()
    for opening, place in open_marks:
        yield rule.at(index, place, place + 1, characters=_named(opening))


RULES = (
    Rule(
        name="replacement-character",
        kind=Kind.ENCODING,
        severity=Severity.ERROR,
        title=mark("Lost characters"),
        sentence=mark("Characters were lost here when the file was read in another encoding ({characters})."),
        source=mark("The Unicode Standard, 23.8: U+FFFD stands for what could not be read."),
        find=partial(_spots, _REPLACED),
    ),
    Rule(
        name="misread",
        kind=Kind.ENCODING,
        severity=Severity.ERROR,
        title=mark("Misread characters"),
        sentence=mark("“{words}” was probably “{mended}” before the file was read in another encoding."),
        source=mark("ftfy, fixes text for you: sequences that only a wrong encoding makes."),
        find=_misread,
    ),
    Rule(
        name="control-character",
        kind=Kind.ENCODING,
        severity=Severity.WARNING,
        title=mark("Control characters"),
        sentence=mark("Control characters that no text needs ({characters})."),
        source=mark("The Unicode Standard, 23.1 and 23.7."),
        find=partial(_spots, _CONTROL),
    ),
    Rule(
        name="turned-text",
        kind=Kind.ENCODING,
        severity=Severity.WARNING,
        title=mark("Hidden order"),
        sentence=mark("A hidden mark shows this text in another order than a model reads it ({characters})."),
        source=mark("Unicode Technical Standard 55, after CVE-2021-42574."),
        find=_turned,
    ),
    Rule(
        name="invisible-character",
        kind=Kind.ENCODING,
        severity=Severity.NOTE,
        title=mark("Invisible characters"),
        sentence=mark("Characters that nobody sees ({characters})."),
        source=mark("The Unicode Standard, 23.2: they matter to a line break and not to a reader."),
        find=partial(_spots, _INVISIBLE),
    ),
    Rule(
        name="two-alphabets",
        kind=Kind.ENCODING,
        severity=Severity.WARNING,
        title=mark("A word of two alphabets"),
        sentence=mark("“{words}” mixes letters of two alphabets that look alike."),
        source=mark("Unicode Technical Standard 39, mixed-script confusables."),
        find=partial(_words, _OTHER_ALPHABET, _TWO_ALPHABETS),
    ),
    Rule(
        name="special-token",
        kind=Kind.TOKENS,
        severity=Severity.ERROR,
        title=mark("Signs of a chat template"),
        sentence=mark("“{words}” is a sign by which chat templates mark turns; a model would take it for one."),
        source=mark("The chat templates of Llama 2 and 3, Gemma, ChatML, BERT and DeepSeek."),
        find=partial(_words, _BRACKET, _SPECIAL_TOKEN),
    ),
    Rule(
        name="markup",
        kind=Kind.ENCODING,
        severity=Severity.NOTE,
        title=mark("Left-over markup"),
        sentence=mark("“{words}” was left over from a web page."),
        source=mark("The entities and elements of HTML."),
        find=_markup,
    ),
)
