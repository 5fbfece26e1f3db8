"""Damage done to good files by chance: to their bytes, to what is packed in them, to the shape of their values."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.formats.good_files import FILES, Pairs, inline_parts, packed, shared_parts

PAIRS: Pairs = [
    ("What helps against fever?", "Rest, and water."),
    ('Is "café" spelt so?', "Yes;\nwith an accent\t(é)."),
    ("问：发烧怎么办？", "多喝水。"),
    ("Où est la gare ?", "À gauche, puis tout droit."),
    ("Какие документы нужны?", "Паспорт и заявление."),
    ("-5 mg or =5?", "'=5 🩺"),
    ("Blank", ""),
]
_TOKENS = (
    *(b'"', b"'", b"\\", b"{", b"}", b"[", b"]", b",", b":", b";", b"\t", b"\n", b"\r", b"\r\n", b"\0", b"\x1a", b" "),
    *(b"\xff", b"\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80", b"\xe2\x80\xa8"),
    *(b"null", b"true", b"NaN", b"1e999", b"-1", b"99999999999999999999", b'"\\ud800"', b'"\\u0000"', b'"":', b"{}"),
    *(b"<", b">", b"&", b"&#0;", b"&a;", b"]]>", b"<!--", b"<![CDATA[", b"<?xml", b"</", b"<!DOCTYPE a [", b"<a/>"),
    *(b"<|im_start|>", b"<|im_end|>", b"<|endoftext|>", b"\x1b$B", b"PK\x03\x04", b"PAR1", b"\x1f\x8b", b"A" * 300),
    *(b'"request"', b'"answer"', b'"messages"', b'"role"', b'"content"', b"request", b"answer", b"sep=;\n", b"#"),
)
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "gb18030", "cp1251", "shift_jis")
_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 2**63, 2**64, 10**30, 1e300, "", " ", "text", "\x00", "\ud800", "[{", "{}"),
    *([], {}, [[]], [{}], [None], ["a", 1], {"": ""}, {"role": "user"}, [{"role": "user", "content": None}]),
    *({"value": []}, [{"from": "gpt"}], {"text": ["a"]}, [[["a"]]], {"messages": [{}]}, "[]", '[{"role": 1}]'),
)


@dataclass(frozen=True)
class Kind:
    """A kind of file: what is damaged of it, and how the file is made of the damaged bytes."""

    good: bytes
    build: Callable[[bytes], bytes]


def _same(data: bytes) -> bytes:
    return data


def _inside(parts: Mapping[str, bytes], name: str) -> Kind:
    return Kind(parts[name], lambda data: packed({**parts, name: data}, compression=0))


def kinds() -> dict[str, Kind]:
    """Return every kind of file to damage by its name."""
    found = {name: Kind(write(PAIRS), _same) for name, write in FILES.items()}
    for name, parts in (("xlsx, inline", inline_parts(PAIRS)), ("xlsx, shared", shared_parts(PAIRS))):
        for part in parts:
            if part != "[Content_Types].xml":
                found[f"{name}: {part}"] = _inside(parts, part)
    return found


def damaged(random: Random, data: bytes) -> bytes:
    """Return bytes after one to five kinds of damage."""
    for _time in range(random.choice((1, 1, 1, 2, 3, 5))):
        data = random.choice(_DAMAGES)(random, data)
    return data


def _span(random: Random, data: bytes) -> tuple[int, int]:
    start = random.randrange(len(data) + 1)
    return start, min(len(data), start + random.choice((1, 1, 2, 4, 16, 64, 256)))


def _delete(random: Random, data: bytes) -> bytes:
    start, end = _span(random, data)
    return data[:start] + data[end:]


def _repeat(random: Random, data: bytes) -> bytes:
    start, end = _span(random, data)
    return data[:end] + data[start:end] * random.choice((1, 1, 2, 10)) + data[end:]


def _splice(random: Random, data: bytes) -> bytes:
    start, end = _span(random, data)
    other, _end = _span(random, data)
    return data[:other] + data[start:end] + data[other:]


def _flip(random: Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _time in range(random.choice((1, 1, 2, 8))):
        if changed:
            changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _cut(random: Random, data: bytes) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] if random.random() < 0.8 else data[at:]


def _insert(random: Random, data: bytes) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + random.choice(_TOKENS) + data[at:]


def _replace(random: Random, data: bytes) -> bytes:
    start, end = _span(random, data)
    return data[:start] + random.choice(_TOKENS) + data[end:]


def _re_encode(random: Random, data: bytes) -> bytes:
    try:
        text = data.decode(random.choice(("utf-8", "utf-8", "utf-16", "latin-1")))
    except UnicodeDecodeError:
        return data
    return text.encode(random.choice(_ENCODINGS), random.choice(("replace", "ignore", "backslashreplace")))


def _other_ends(random: Random, data: bytes) -> bytes:
    return data.replace(b"\n", random.choice((b"\r\n", b"\r", b"\n\n", b"\x85", b"")))


def _other_value(random: Random, data: bytes) -> bytes:
    """Put a value of another type somewhere into JSON, whole or line by line."""
    try:
        return _json(_with_other(random, json.loads(data)))
    except (ValueError, RecursionError):
        pass
    rows = data.split(b"\n")
    at = random.randrange(len(rows))
    try:
        rows[at] = _json(_with_other(random, json.loads(rows[at])))
    except (ValueError, RecursionError):
        return _insert(random, data)
    return b"\n".join(rows)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _with_other(random: Random, value: Any) -> Any:
    places: list[tuple[Any, Any]] = []
    look: list[Any] = [value]
    for container in look:  # grows while it is walked
        items: Sequence[tuple[Any, Any]] = ()
        if isinstance(container, dict):
            items = list(container.items())
        elif isinstance(container, list):
            items = list(enumerate(container))
        places += [(container, key) for key, _item in items]
        look += [item for _key, item in items]
    if not places:
        return random.choice(_VALUES)
    container, key = random.choice(places)
    container[key] = random.choice(_VALUES)
    return value


_DAMAGES: Sequence[Callable[[Random, bytes], bytes]] = (
    *(_delete, _repeat, _splice, _flip, _flip, _cut, _insert, _insert, _replace, _replace, _re_encode, _other_ends),
    *(_other_value, _other_value, _other_value),
)
