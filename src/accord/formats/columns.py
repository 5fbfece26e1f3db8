"""Which column is what: the targets of a mapping, its command-line syntax, guesses by name and content, pointers."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from accord.domain.wording import _
from accord.formats.failures import BadMapping, RowProblem

TARGETS = (
    "request",
    "answer",
    "system",
    "context",
    "id",
    "group",
    "source",
    "source_url",
    "source_date",
    "licence",
    "tags",
    "reviewer",
    "verdict",
)
CONTENT_TARGETS = ("request", "answer", "system")
META = "meta."


def _words(*lines: str) -> tuple[str, ...]:
    return tuple(" ".join(lines).split())


_NAMES: Mapping[str, tuple[str, ...]] = {
    "request": _words(
        "request question query prompt instruction chq user usermessage dialogue dialog conversation input utterance",
        "sentence frage anfrage pregunta consulta pergunta domanda demande vraag pytanie otázka soru savol savoltext",
        "вопрос запрос питання السؤال سؤال استفسار שאלה سوال प्रश्न 问题 问 提问 問題 質問 질문 câuhỏi pertanyaan คำถาม",
    ),
    "answer": _words(
        "answer response output completion reply longanswer finalanswer sectiontext summary note assistant antwort",
        "respuesta réponse reponse resposta risposta antwoord odpowiedź odpověď cevap javob javobtext ответ відповідь",
        "الجواب جواب إجابة الإجابة תשובה پاسخ उत्तर 回答 答案 答 回复 답변 대답 trảlời jawaban คำตอบ",
    ),
    "system": _words("system systemprompt systemmessage"),
    "context": _words("context contexts passage background kontext contexto contexte"),
    "id": _words("id uid uuid exampleid questionid itemid rowid pmid key"),
    "group": _words(
        "group groupid patient patientid matter matterid case caseid client clientid document documentid docid",
        "conversationid",
    ),
    "source": _words("source origin quelle fuente"),
    "source_url": _words("sourceurl url link documenturl"),
    "source_date": _words("sourcedate date published publicationdate year"),
    "licence": _words("licence license lizenz licencia"),
    "tags": _words("tags tag"),
}
_REQUEST_WORDS = frozenset({"question", "query", "prompt", "request", "frage", "pregunta", "pergunta"})
_ANSWER_WORDS = frozenset({"answer", "response", "reply", "completion", "antwort", "respuesta", "resposta"})
_QUESTION_MARKS = ("?", "？", "؟")
_NOT_TEXT = frozenset({"id", "ids", "type", "number", "index", "count", "date"})
_MOST_WORDS = 3
_MOST_ASKED = 0.3
_SHORTEST_TEXT = 15
_PAIR = 2
_BARE_TEXT = ("text", "fulltext", "content", "body")
_COMMON_NAMES = _words(
    "text fulltext content body instruction output messages label labels category type topic title name index comment",
    "comments rating score rank status description subject annotator reviewer verdict chosen rejected",
)
_VALUES = frozenset({"text", "value", "content"})
_INNER_NAMES = {"request": {*_NAMES["request"], "turn"}, "answer": {*_NAMES["answer"]}}
MOST_POINTERS = 40
_DEEPEST = 4
_ITEMS_LOOKED_INTO = 2


def parse_mapping(items: Sequence[str]) -> dict[str, str]:
    """Read ``--map`` values: one item is split at commas, several are not. Returns target to column or pointer.

    Raises BadMapping.
    """
    pairs = items if len(items) > 1 else _split_at_commas(items[0]) if items else []
    mapping: dict[str, str] = {}
    for item in pairs:
        target, equals, column = item.partition("=")
        target = target.strip()
        if not equals:
            raise BadMapping(_("“{item}” is not of the form TARGET=COLUMN.", item=item))
        check_target(target)
        if target in mapping:
            raise BadMapping(_("The target {target} is mapped twice.", target=target))
        mapping[target] = column
    return mapping


def _split_at_commas(text: str) -> list[str]:
    """Split at each comma that a new target follows, so that a column's name may hold a comma."""
    return re.split(rf",(?=\s*(?:{'|'.join(TARGETS)}|meta\.[^=,]+)\s*=)", text)


def check_target(target: str) -> None:
    """Raise BadMapping unless ``target`` is one."""
    if target not in TARGETS and not (target.startswith(META) and len(target) > len(META)):
        raise BadMapping(
            _(
                "There is no target “{target}”. Targets: {targets}, meta.NAME.",
                target=target,
                targets=", ".join(TARGETS),
            )
        )


def merge_mapping(guess: Mapping[str, str], given: Mapping[str, str] | None) -> dict[str, str]:
    """Return the mapping in force: what was given, and the guess for targets that were not.

    Naming the request or the answer drops the guess for all content; a guessed column that was given to another target
    is dropped; an empty column unmaps its target.
    """
    if not given:
        return dict(guess)
    for target in given:
        check_target(target)
    taken = set(given.values())
    own_content = "request" in given or "answer" in given
    kept = {
        target: column
        for target, column in guess.items()
        if target not in given and column not in taken and not (own_content and target in CONTENT_TARGETS)
    }
    return {target: column for target, column in {**kept, **given}.items() if column}


def guess_sources(columns: Iterable[str]) -> dict[str, str]:
    """Return the columns that by their name say where a row comes from."""
    wanted = [target for target in _NAMES if target not in CONTENT_TARGETS]
    return _by_name(tuple(columns), wanted)


def guess_mapping(columns: Sequence[str], sample: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return target to column as far as the names, and failing these the first rows, tell.

    Pointers among ``columns`` stand back: one is guessed by its name alone, where no column will do.
    """
    inner = [c for c in columns if c.startswith("/")]
    columns = [c for c in columns if not c.startswith("/")]
    plain = [c for c in columns if not _is_nested(c, inner, sample)]
    found = _by_name(plain, CONTENT_TARGETS)
    free = [c for c in columns if c not in found.values()]
    found.update(_by_name(free, [target for target in _NAMES if target not in CONTENT_TARGETS]))
    for target, words in (("request", _REQUEST_WORDS), ("answer", _ANSWER_WORDS)):
        if target not in found:
            column = next((c for c in plain if c not in found.values() and _has_word(c, words)), "")
            if column:
                found[target] = column
    if "request" not in found:
        found.update(_by_content([c for c in plain if c not in found.values()], sample, found))
    for target in ("request", "answer"):
        if target not in found and (place := _inside(inner, target)):
            found[target] = place
    if "request" not in found and (column := _first_named(plain, _BARE_TEXT)):
        found["request"] = column
    return {target: found[target] for target in TARGETS if target in found}


def _is_nested(column: str, inner: Sequence[str], sample: Sequence[Mapping[str, str]]) -> bool:
    """Whether a column holds lists or objects with texts in most of the rows that have it."""
    below = [place for place in inner if place.startswith(f"{pointer((column,))}/")]
    nested = sum(any(row.get(place) for place in below) for row in sample)
    return bool(below) and (not sample or nested * 2 > sum(bool(row.get(column)) for row in sample))


def _inside(places: Sequence[str], target: str) -> str:
    """Return the first pointer that by its last name, or that of the list it stands in, is the target."""
    texts = [place for place in places if not any(other.startswith(f"{place}/") for other in places)]
    for place in texts:
        names = [step for step in place.split("/")[1:] if not step.isdigit()]
        name = _plain(names[-2] if names[-1] in _VALUES and len(names) > 1 else names[-1])
        if {name, name.removesuffix("s")} & _INNER_NAMES[target]:
            return place
    return ""


def _first_named(columns: Sequence[str], names: Sequence[str]) -> str:
    plain = {_plain(column): column for column in reversed(columns)}
    return next((plain[name] for name in names if name in plain), "")


def is_known_name(cell: str) -> bool:
    """Whether a text is, by itself, a name that columns have: one of a target, or one that is common in data."""
    plain = _plain(cell)
    if plain in _COMMON_NAMES or any(plain in names for names in _NAMES.values()):
        return True
    return plain[-1:].isalnum() and (_has_word(cell, _REQUEST_WORDS) or _has_word(cell, _ANSWER_WORDS))


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-.@]+", "", name.casefold())  # @: an attribute of XML


def _by_name(columns: Sequence[str], targets: Sequence[str]) -> dict[str, str]:
    plain: dict[str, str] = {}
    for column in columns:
        plain.setdefault(_plain(column), column)
    found: dict[str, str] = {}
    for target in targets:
        column = next((plain[name] for name in _NAMES[target] if name in plain), "")
        if column and column not in found.values():
            found[target] = column
    return found


def _has_word(column: str, words: frozenset[str]) -> bool:
    parts = [part for part in re.split(r"[\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column).casefold()) if part]
    return len(parts) <= _MOST_WORDS and bool(words.intersection(parts)) and not _NOT_TEXT.intersection(parts)


def _by_content(free: Sequence[str], sample: Sequence[Mapping[str, str]], found: Mapping[str, str]) -> dict[str, str]:
    """Guess the request among columns whose names say nothing: the one that asks, or the only text."""
    if not sample:
        return {}
    texts = [c for c in free if sum(len(row.get(c, "")) for row in sample) >= _SHORTEST_TEXT * len(sample)]
    asked = {c: sum(row.get(c, "").rstrip().endswith(_QUESTION_MARKS) for row in sample) / len(sample) for c in free}
    asking = max(asked, key=lambda c: asked[c], default="")
    if asking and asked[asking] >= _MOST_ASKED:
        request = asking
    elif len(texts) == 1 or ("answer" not in found and len(free) == _PAIR and texts):
        request = texts[0]
    else:
        return {}
    rest = [c for c in free if c != request]
    if "answer" not in found and len(rest) == 1 and len(free) == _PAIR:
        return {"request": request, "answer": rest[0]}
    return {"request": request}


def as_text(value: Any) -> str:
    """Return a JSON value as a cell shows it: text as it is, nothing for null, JSON for the rest."""
    if isinstance(value, str):
        return value
    return "" if value is None else orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def cell(row: Mapping[str, Any], column: str) -> Any:
    """Return the value in a column, or at a JSON pointer (RFC 6901); None where the row has no such place."""
    if column in row or not column.startswith("/"):
        return row.get(column)
    value: Any = row
    for step in column[1:].split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Mapping):
            value = value.get(name)
        elif isinstance(value, list) and re.fullmatch(r"0|[1-9]\d{0,8}", name) and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value


def pointer(steps: Iterable[str]) -> str:
    """Return the JSON pointer (RFC 6901) that takes these steps."""
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def inner_pointers(sample: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return pointers to the texts inside lists and objects of the first rows, those that most rows have first.

    Of a list the first two items are looked into; at most ``MOST_POINTERS`` are given. A list of texts is a place of
    its own too, unless it is a column already.
    """
    found: Counter[str] = Counter()
    for row in sample:
        for column, value in row.items():
            if isinstance(value, dict | list):
                found.update(_text_places(value, (column,)))
    order = sorted(found, key=lambda place: -found[place])  # stable, so that places keep the order of the file
    return tuple(order[:MOST_POINTERS])


def _text_places(value: Any, steps: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, str):
        if value.strip():
            yield pointer(steps)
        return
    if len(steps) > _DEEPEST:
        return
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _text_places(item, (*steps, str(key)))
    elif isinstance(value, list):
        if len(steps) > 1 and value and all(isinstance(item, str) for item in value):
            yield pointer(steps)
        for index, item in enumerate(value[:_ITEMS_LOOKED_INTO]):
            yield from _text_places(item, (*steps, str(index)))


def text_cell(row: Mapping[str, Any], column: str, target: str) -> str:
    """Return the text in a column: numbers as written in JSON. Raises RowProblem for a list or an object."""
    value = cell(row, column)
    if isinstance(value, (list, dict)):
        raise RowProblem(column, _("The {target} is not a text but a list or a group of values.", target=target))
    return as_text(value)
