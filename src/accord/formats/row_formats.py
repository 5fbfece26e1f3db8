"""Every format of a row by its name: its own keys, how a row of it is read, and how the first rows tell it.

Chat formats say themselves what the conversation is. Tables and the exports of annotation tools are told by the
mapping which places hold the request, the answer and the rest; the verdicts in the tools' annotations are people's.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from accord.domain.content import Content
from accord.domain.records import REJECTED
from accord.domain.wording import _
from accord.formats import argilla, chatml, conversations, doccano, label_studio, message_tree, preference
from accord.formats.accord_csv import COLUMNS as ACCORD_COLUMNS
from accord.formats.annotations import Said, imported
from accord.formats.columns import guess_mapping, guess_sources, inner_pointers
from accord.formats.columns import pointer as pointer_to
from accord.formats.found import Found
from accord.formats.sources import table_content

CONVERSATIONS: Mapping[str, Callable[[Mapping[str, Any]], Content]] = {
    **conversations.CONVERSATIONS,
    "chatml": chatml.from_chatml,
}
OWN_KEYS: Mapping[str, frozenset[str]] = {
    **conversations.CONTENT_KEYS,
    "preference": preference.KEYS,
    "chatml": chatml.KEYS,
    "label-studio": label_studio.KEYS,
    "argilla": argilla.KEYS,
    "doccano": doccano.KEYS,
    "message-tree": message_tree.KEYS,
    "table": frozenset(),
}
FORMATS = tuple(OWN_KEYS)
MAPPED = frozenset({"table", "label-studio", "argilla", "doccano"})
"""The formats whose request and answer the mapping names."""

_ALPACA_COLUMNS = frozenset({"instruction", "input", "output"})
_DATA, _FIELDS = "data", "fields"


def _preference(row: Mapping[str, Any], _mapping: Mapping[str, str]) -> Found:
    content, rejected = preference.from_preference(row)
    return Found(content=content, rest=row, metadata={**preference.beside(row, content), REJECTED: rejected})


def _label_studio(row: Mapping[str, Any], mapping: Mapping[str, str]) -> Found:
    used = frozenset(mapping.values())
    if label_studio.is_flat(row):
        return _flat_label_studio(row, mapping, used)
    return _annotated(row, mapping, label_studio.said(row), {**row, "metadata": label_studio.unmapped(row, used)})


def _flat_label_studio(row: Mapping[str, Any], mapping: Mapping[str, str], used: frozenset[str]) -> Found:
    content = table_content(row, mapping)
    said, names = label_studio.flat_said(row, used)
    verdict = said.imported(content)
    left_out = used | label_studio.FLAT_KEYS | (names if verdict else frozenset())
    rest: dict[str, Any] = {key: value for key, value in row.items() if key in used}
    rest["metadata"] = {key: value for key, value in row.items() if key not in left_out}
    metadata = {} if verdict else {"annotator": said.person}
    return Found(content=content, rest=rest, metadata=metadata, verdicts=(verdict,) if verdict else ())


def _argilla(row: Mapping[str, Any], mapping: Mapping[str, str]) -> Found:
    own = argilla.own_columns(row) - set(mapping.values())
    rest = {key: value for key, value in row.items() if key not in own}
    if not isinstance(row.get("metadata"), str):
        rest["metadata"] = argilla.unmapped(row, frozenset(mapping.values()))
    return _annotated(row, mapping, argilla.said(row), rest)


def _doccano(row: Mapping[str, Any], mapping: Mapping[str, str]) -> Found:
    single = doccano.single_answer(row, mapping)
    meta = row.get("meta")
    rest = {**single, **(meta if isinstance(meta, dict) else {})}
    return _annotated(single, mapping, doccano.said(row, mapping), rest)


def _annotated(
    row: Mapping[str, Any], mapping: Mapping[str, str], said: Iterable[Said], rest: Mapping[str, Any]
) -> Found:
    content = table_content(row, mapping)
    verdicts, metadata = imported(said, content)
    return Found(content=content, rest=rest, metadata=metadata, verdicts=verdicts)


RowRead = Callable[[Mapping[str, Any], Mapping[str, str]], Found]


def reader(name: str) -> RowRead | None:
    """Return what reads the rows of one file, for formats that say more of a row than its conversation."""
    if name == "message-tree":
        return message_tree.MessageTree().read
    return _READERS.get(name)


_READERS: Mapping[str, RowRead] = {
    "preference": _preference,
    "label-studio": _label_studio,
    "argilla": _argilla,
    "doccano": _doccano,
}


def format_of(columns: Sequence[str], values: Sequence[Mapping[str, Any]], *, plain: bool) -> str:
    """Return the format that most of the first rows have; ``plain``: cells are text alone, as in CSV.

    Without any good row it is OpenAI's, in which every row will say what is wrong with it.
    """
    if tuple(columns) == ACCORD_COLUMNS:
        return "table"
    if plain and not values:
        return "alpaca" if set(columns) >= _ALPACA_COLUMNS else "table"
    if not values:
        return "openai"
    votes = Counter(map(row_format, values))
    chosen = max(votes, key=lambda name: votes[name])
    if plain and chosen == "alpaca" and not set(columns) >= _ALPACA_COLUMNS:
        return "table"
    return "table" if plain and chosen == "prompt-completion" else chosen


def row_format(row: Mapping[str, Any]) -> str:
    """Return the format of one row."""
    return next((name for name, is_one in _TELLING if is_one(row)), "table")


def _is_list(value: Any) -> bool:
    return isinstance(value, list) or (isinstance(value, str) and value.lstrip().startswith("[{"))


_TELLING: Sequence[tuple[str, Callable[[Mapping[str, Any]], bool]]] = (
    ("preference", preference.is_preference),
    ("label-studio", lambda row: label_studio.is_task(row) or label_studio.is_flat(row)),
    ("argilla", argilla.is_record),
    ("openai", lambda row: _is_list(row.get("messages"))),
    ("sharegpt", lambda row: _is_list(row.get("conversations", row.get("conversation")))),
    ("alpaca", lambda row: "instruction" in row and ("output" in row or "input" in row)),
    ("alpaca", lambda row: isinstance(row.get("instruction"), str) and _is_list(row.get("instances"))),
    ("prompt-completion", lambda row: "prompt" in row and "completion" in row),
    ("chatml", chatml.holds_chatml),
    ("message-tree", message_tree.is_message),
    ("doccano", doccano.is_row),
)


def places(name: str, values: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the pointers into nested cells that a mapping of this format may name."""
    if name not in MAPPED:
        return ()
    closed = OWN_KEYS[name] - {_DATA, _FIELDS, "meta"}
    return inner_pointers([{key: value for key, value in row.items() if key not in closed} for row in values])


def guess(
    name: str, columns: Sequence[str], sample: Sequence[Mapping[str, str]], values: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """Return the mapping that the first rows suggest: target to column or pointer.

    ``columns``: the columns and useful pointers; ``sample``: the rows as text by these.
    """
    if name == "table":
        return guess_mapping(columns, sample)
    if name == "doccano":
        free = [c for c in columns if c not in {"text", *doccano.KEYS, *doccano.LABELS} and not c.startswith("/")]
        return {**doccano.guess(values), **guess_mapping(free, ()), "request": "text"}
    if name == "label-studio" and any(map(label_studio.is_flat, values)):
        free = [c for c in columns if c not in label_studio.FLAT_KEYS and not c.startswith("/")]
        named = guess_mapping(free, ())
        asked = {t: c for t, c in guess_mapping(free, sample).items() if t == "request" and c not in named.values()}
        return {**asked, **named}
    if name == "label-studio":
        return {**_inner(_DATA, values), **_sources(name, columns)}
    if name == "argilla":
        if any(isinstance(value.get(_FIELDS), dict) for value in values):
            return {**_inner(_FIELDS, values), **_sources(name, columns)}
        own = {column for value in values for column in argilla.own_columns(value)}
        free = [c for c in columns if c not in own and not c.startswith("/")]
        return guess_mapping(free, sample)
    return _sources(name, columns)


def notes_on(name: str) -> tuple[str, ...]:
    """Return the sentences a person should read on how rows of a format become examples."""
    if name == "preference":
        return (_("The better answer is the example's answer; the worse one is kept beside it as “rejected”."),)
    if name == "message-tree":
        return (
            _(
                "Each answer is read with the messages above it. "
                "Requests count as refused rows: they come in with their answers."
            ),
        )
    if name in MAPPED - {"table"}:
        return (
            _(
                "A person's annotation becomes a review only where it gives a verdict: accept, reject or unsure (also "
                "approve, correct, wrong, incorrect, skip), or a corrected answer. “Discarded” in Argilla is a "
                "rejection. Anything else is kept with the example as metadata and judges nothing."
            ),
        )
    return ()


def _sources(name: str, columns: Sequence[str]) -> dict[str, str]:
    return guess_sources(c for c in columns if c not in OWN_KEYS[name] and not c.startswith("/"))


def _inner(key: str, values: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return a guess among the entries of the object that holds each row's texts."""
    rows = [value[key] for value in values if isinstance(value.get(key), dict)]
    names = tuple(dict.fromkeys(name for row in rows for name, item in row.items() if isinstance(item, str)))
    sample = [{name: row[name] for name in names if isinstance(row.get(name), str)} for row in rows]
    found = guess_mapping(names, sample)
    if "request" not in found and names:
        found["request"] = next((name for name in names if name not in found.values()), names[0])
    return {target: pointer_to((key, name)) for target, name in found.items()}
