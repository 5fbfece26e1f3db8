"""What is written is read back as it was, in every format, for any text."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.formats.samples import export, faults, read_back, records, spread

from accord.domain.content import Content, Message, Role, pair
from accord.formats.accord_csv import guard, unguard
from accord.formats.lines import read_line
from accord.formats.reading import inspect_file, open_rows
from accord.formats.verifying import verify_export

AWKWARD = [
    "\u2028",
    "\u0085",
    "\x00",
    "\ufeff",
    "\U0001f600",
    "\r\n",
    "\r",
    "\n",
    '"',
    "\\",
    ",",
    "'",
    "=",
    "\u202e",
    "\x1c",
    "\x0b",
]
TEXTS = st.lists(st.one_of(st.sampled_from(AWKWARD), st.text(max_size=8)), max_size=6).map("".join)
FILLED = TEXTS.filter(lambda text: bool(text.strip()))
PAIRS = st.builds(lambda request, answer, system: pair(request, answer, system=system), FILLED, FILLED, TEXTS)


def _turns(texts: list[tuple[str, str]], system: str) -> Content:
    messages = [Message(role=Role.SYSTEM, content=system)] if system else []
    for request, answer in texts:
        messages += [Message(role=Role.USER, content=request), Message(role=Role.ASSISTANT, content=answer)]
    return Content(messages=tuple(messages))


CONVERSATIONS = st.builds(_turns, st.lists(st.tuples(FILLED, FILLED), min_size=1, max_size=3), TEXTS)
JSON_VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**64 - 1),
        TEXTS,
        st.floats(allow_nan=False, allow_infinity=False),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=6,
)
EXTRAS = st.dictionaries(
    st.sampled_from(["name", "weight", "refusal", "note"]), JSON_VALUES.filter(lambda v: v is not None)
)
MESSAGES = st.builds(
    lambda role, text, extra: Message(role=role, content=text, extra=extra or None),
    st.sampled_from([Role.SYSTEM, Role.USER, Role.ASSISTANT]),
    TEXTS,
    EXTRAS,
)
ANY_CHAT = st.builds(
    lambda first, request, answer, tools: Content(
        messages=(*first, Message(role=Role.USER, content=request), Message(role=Role.ASSISTANT, content=answer)),
        tools=tuple({"type": "function", "function": tool} for tool in tools),
    ),
    st.lists(MESSAGES, max_size=3),
    FILLED,
    TEXTS,
    st.lists(st.dictionaries(st.sampled_from(["name", "parameters"]), JSON_VALUES, min_size=1), max_size=2),
)
BY_FORMAT = {
    "openai": ANY_CHAT,
    "csv": ANY_CHAT,
    "alpaca": CONVERSATIONS,
    "sharegpt": CONVERSATIONS,
    "prompt-completion": PAIRS,
}


@pytest.mark.parametrize("name", BY_FORMAT)
@given(data=st.data())
def test_read_of_written_is_the_same(name: str, data: st.DataObject) -> None:
    examples = spread(data.draw(st.lists(BY_FORMAT[name], min_size=1, max_size=5)))
    array = data.draw(st.booleans()) and name != "csv"
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "out")
        export(target, examples, format=name, array=array)
        assert [content.text for content in read_back(target)] == [example.text for example in examples]
        assert not [
            p
            for p in verify_export(target).problems
            if p.rule.startswith(("file.", "trace.", "json.", "text.", "csv."))
        ]


@example(text="'=1+1")
@example(text="''-5 mg")
@example(text="'quoted'")
@given(text=TEXTS)
def test_the_guard_of_formulas_can_be_undone(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(("=", "+", "-", "@", "\t", "\r", "\0"))


@given(data=st.data())
def test_a_pasted_line_gives_the_content_it_was_written_from(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["openai", "alpaca", "sharegpt", "prompt-completion"]))
    (example,) = spread([data.draw(BY_FORMAT[name] if name == "prompt-completion" else CONVERSATIONS)])
    with tempfile.TemporaryDirectory() as folder:
        export(Path(folder, "out"), [example], format=name)
        assert Content.from_text(example.text) in read_line(Path(folder, "out", "heldout.jsonl").read_bytes().decode())


def _mutated(data: st.DataObject, original: bytes) -> bytes:
    body = bytearray(original)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        kind = data.draw(st.sampled_from(["set", "cut", "add"]))
        if kind == "set":
            body[at] = data.draw(st.sampled_from(list(b'"\\{}[],:\n\r\x00\xff=a0')))
        elif kind == "cut":
            del body[at : at + data.draw(st.integers(1, 5))]
        else:
            body[at:at] = data.draw(st.sampled_from([b'"', b"\n", b"\xef\xbb\xbf", b"{", b"]", b'""', b"\\u"]))
    return bytes(body)


SEEDS = (
    b'{"messages":[{"role":"user","content":"Q 1"},{"role":"assistant","content":"A"}]}\n' * 4,
    b'question,answer\nWhy?,"Because,\nso."\nHow?,"By ""it""."\nWho?,We\n' * 2,
    b'[{"instruction":"Q","input":"","output":"A"},\n {"instruction":"Q2","input":"x","output":"A"}]',
)


def _read_mutated(data: st.DataObject) -> None:
    body = _mutated(data, data.draw(st.sampled_from(SEEDS)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "rows")
        path.write_bytes(body or b" ")
        try:
            rows = list(open_rows(inspect_file(path, encoding="utf-8"), mapping=None))
        except Exception as error:
            if type(error).__name__ in {"UnreadableFile", "BadMapping"}:
                return
            raise
        assert len(records(rows)) + len(faults(rows)) == len(rows)
        assert all(fault.line > 0 and fault.reason for fault in faults(rows))
        for row in records(rows):
            assert row.content.text.encode()
        lines = [row.line for row in rows]
        assert lines == sorted(set(lines))


@given(data=st.data())
def test_mutated_files_are_read_refused_or_faulted(data: st.DataObject) -> None:
    _read_mutated(data)


@pytest.mark.long
@settings(max_examples=100_000)
@given(data=st.data())
def test_mutated_files_are_read_refused_or_faulted_at_length(data: st.DataObject) -> None:
    _read_mutated(data)
