"""Answers that are no answers: empty ones, ones cut off, copies of the request, a chat model speaking of itself."""

import re
from collections.abc import Iterator

from accord.domain.content import Content
from accord.domain.findings import Finding, Kind, Limits, Rule, Severity
from accord.domain.wording import mark

_NOTHING = frozenset({"", "na", "null", "nan", "nil", "undefined", "noanswer", "noresponse"})  # none is one
_LEAST_CUT = 300  # shorter answers are lists, names and notes, which end as they like
_LOOKED_AT = 2000  # of the last line
_LEAST_LINE = 80  # as do headings and items of a list
_LIST = re.compile(r"(?:^|\s)[-•*·]\s|^\s*(?:#|\d{1,3}[.)]\s)|\s\|\s")
_COLUMNS = re.compile(r"\S\s{3,}\S")
_LAST_WORDS, _TITLED = 12, 5
_SENTENCE_END = re.compile(r"[.!?](?:\s|$)")
_COPIED_SHARE = 0.9
_LEAST_COPIED = 40
_ADDRESS = re.compile(r"(?:https?://|www\.|#|@)\S*$")
_FENCE = re.compile(r"^```", re.MULTILINE)
# Of these, in small letters, a text has one where the phrases below can stand: to look for them first is faster.
_MODEL_SIGNS = (
    *(
        f"{a} {what}"
        for a in ("a", "an")
        for what in ("ai", "artificial", "large", "text-based", "computer", "virtual")
    ),
    *("knowledge cut", "knowledge update", "training data", "training cut", "as of my "),
    *("personal opinions", "personal experiences", "personal beliefs", "browse the internet"),
    *(f"{a} {what}" for a in ("als", "ein", "eine") for what in ("ki", "künstliche", "sprachmodell")),
    *("en tant qu", "como modelo", "como una ia", "como inteligencia", "模型", "助手"),
)
_MODEL_WORDS = re.compile(
    r"\b(?:as|being|since I am|since I'm|because I am|because I'm|I am|I'm)(?: just| only)?,? an? "
    r"(?:AI|artificial intelligence|large|text-based|computer|virtual)"
    r"(?:[ -](?:language|chat|based|powered|assistant|text|model|program|bot))+\b"
    r"|\b(?:as|I am|I'm)(?: just| only)? an AI(?=[,.;]| (?:and|so|that|trained)\b)"
    r"|\bmy (?:last |latest )?(?:knowledge (?:cut-?off|update)|training (?:data|cut-?off))\b"
    r"|\bas of my (?:last|latest|most recent) (?:update|training)\b"
    r"|\bI (?:do not|don't|cannot|can't) (?:have personal (?:opinions|experiences|beliefs)|browse the internet)\b"
    r"|\bals (?:eine? )?(?:KI|künstliche Intelligenz|KI-Sprachmodell|Sprachmodell)\b"
    r"|\ben tant qu['’](?:IA|intelligence artificielle|modèle de langage)\b"
    r"|\bcomo (?:modelo de lenguaje|una IA|inteligencia artificial)\b"
    r"|(?:作为|我是)(?:一个|一款|一名|一位)?\s?(?:[^\W\d_]{1,8}的)?"
    r"(?:(?:AI|人工智能|大型|大)\s?(?:语言模型|智能助手|助手)|语言模型|智能助手)",
    re.IGNORECASE,
)


def _empty(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    index = content.answer_index
    if index is not None and not (content.messages[index].extra or {}).get("tool_calls"):
        said = "".join(filter(str.isalnum, content.answer)).casefold()
        if said in _NOTHING:
            yield rule.at(index, 0, len(content.answer))


def _short(rule: Rule, content: Content, limits: Limits) -> Iterator[Finding]:
    length = len(content.answer.strip())
    if content.answer_index is not None and 0 < length < limits.shortest:
        yield rule.at(content.answer_index, 0, len(content.answer), length=str(length), limit=str(limits.shortest))


def _long(rule: Rule, content: Content, limits: Limits) -> Iterator[Finding]:
    length = len(content.answer)
    if content.answer_index is not None and limits.longest and length > limits.longest:
        yield rule.at(content.answer_index, limits.longest, length, length=str(length), limit=str(limits.longest))


def _cut(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    index, answer = content.answer_index, content.answer.rstrip()
    if index is None or len(answer) < _LEAST_CUT:
        return
    last_line = answer[max(answer.rfind("\n") + 1, len(answer) - _LOOKED_AT) :].strip()
    within_prose = (
        len(last_line) >= _LEAST_LINE
        and (last_line[-1].isalpha() or last_line[-1] == ",")
        and not _LIST.search(last_line)
        and not _ADDRESS.search(last_line)
        and not _items(last_line)
        and _prose(answer)
    )
    open_fence = len(_FENCE.findall(answer)) % 2 == 1
    if open_fence or within_prose:
        start = len(answer) - len(last_line[-60:])
        yield rule.at(index, start, len(answer))


def _items(line: str) -> bool:
    """Say whether a line ends as a table, a list that lost its line ends, or a title does: in words with capitals."""
    capitals = [word[:1].isupper() for word in line.split()[-_LAST_WORDS:]]
    return bool(_COLUMNS.search(line[-200:])) or sum(capitals) >= _TITLED or all(capitals[-3:])


def _prose(answer: str) -> bool:
    """Say whether sentences of this text end with a mark: only then does a missing one mean anything."""
    return len(_SENTENCE_END.findall(answer)) >= max(2, len(answer) // 400)


def _copy(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    answer, request = (" ".join(text.casefold().split()) for text in (content.answer, content.request))
    if content.answer_index is None or len(answer) < _LEAST_COPIED or not request:
        return
    if answer == request or (answer in request and len(answer) >= _COPIED_SHARE * len(request)):
        yield rule.at(content.answer_index, 0, len(content.answer))
    elif answer.startswith(request) and len(request) >= _LEAST_COPIED:
        yield rule.at(content.answer_index, 0, min(len(content.answer), len(content.request)))


def _model(rule: Rule, content: Content, _limits: Limits) -> Iterator[Finding]:
    said = content.answer.lower()
    if content.answer_index is not None and any(sign in said for sign in _MODEL_SIGNS):
        for found in _MODEL_WORDS.finditer(content.answer):
            yield rule.at(content.answer_index, *found.span(), words=found.group()[:80])


RULES = (
    Rule(
        name="empty-answer",
        kind=Kind.LENGTH,
        severity=Severity.ERROR,
        title=mark("Empty answer"),
        sentence=mark("The answer says nothing."),
        source=mark("A model that learns it answers with nothing."),
        find=_empty,
    ),
    Rule(
        name="short-answer",
        kind=Kind.LENGTH,
        severity=Severity.NOTE,
        title=mark("Short answer"),
        sentence=mark("The answer has {length} characters; the project asks for {limit}."),
        source=mark("The project's own limit."),
        find=_short,
    ),
    Rule(
        name="long-answer",
        kind=Kind.LENGTH,
        severity=Severity.WARNING,
        title=mark("Long answer"),
        sentence=mark("The answer has {length} characters; the project's limit is {limit}."),
        source=mark("The project's own limit."),
        find=_long,
    ),
    Rule(
        name="cut-off",
        kind=Kind.LENGTH,
        severity=Severity.WARNING,
        title=mark("Answer cut off"),
        sentence=mark("The answer seems to end in the middle."),
        source=mark("Answers of a model that ran out of tokens end so (finish_reason “length”)."),
        find=_cut,
    ),
    Rule(
        name="copied-request",
        kind=Kind.COPY,
        severity=Severity.WARNING,
        title=mark("Answer copied from the request"),
        sentence=mark("The answer repeats the request."),
        source=mark("A model that learns it says back what it was asked."),
        find=_copy,
    ),
    Rule(
        name="model-words",
        kind=Kind.BOILERPLATE,
        severity=Severity.WARNING,
        title=mark("A chat model speaks of itself"),
        sentence=mark("These words come from a chat model, not from an expert: “{words}”."),
        source=mark("Phrases by which chat models name themselves, in six languages."),
        find=_model,
    ),
)
