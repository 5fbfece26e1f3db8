"""The table of bad rows: each costs itself alone, and says its line, its field and why."""

from pathlib import Path

import pytest
from tests.formats.samples import faults, read_bytes, records

from accord.domain.content import pair

GOOD = b'{"messages":[{"role":"user","content":"Q%d"},{"role":"assistant","content":"A"}]}'
USER = b'{"role":"user","content":"Q"}'


def chat(*messages: bytes) -> bytes:
    return b'{"messages":[' + b",".join(messages) + b"]}"


# The row, the field at fault, a word of the reason.
JSON_ROWS: list[tuple[str, bytes, str, str]] = [
    ("not json", b"hello", "", "not JSON"),
    ("cut", b'{"messages":[{"role":"user","con', "", "not JSON"),
    ("cut in a string", b'{"messages":"abc', "", "not JSON"),
    ("trailing comma", b'{"messages":[],}', "", "not JSON"),
    ("single quotes", b"{'messages':[]}", "", "not JSON"),
    ("two values", b'{"a":1} {"b":2}', "", "not JSON"),
    ("comment", b'{"messages":[]} // note', "", "not JSON"),
    ("unquoted key", b"{messages:[]}", "", "not JSON"),
    ("leading zero", b'{"messages":[],"n":01}', "", "not JSON"),
    ("plus sign", b'{"messages":[],"n":+1}', "", "not JSON"),
    ("hex number", b'{"messages":[],"n":0x1}', "", "not JSON"),
    ("bare word", b'{"messages":[],"n":undefined}', "", "not JSON"),
    ("capital true", b'{"messages":[],"n":True}', "", "not JSON"),
    ("raw tab in a string", b'{"messages":[{"role":"user","content":"a\tb"}]}', "", "not JSON"),
    ("raw NUL in a string", b'{"messages":[{"role":"user","content":"a\x00b"}]}', "", "not JSON"),
    ("bad escape", b'{"messages":[{"role":"user","content":"a\\x41"}]}', "", "not JSON"),
    ("short unicode escape", b'{"messages":[{"role":"user","content":"\\u12"}]}', "", "not JSON"),
    ("mark of byte order inside", b'\xef\xbb\xbf{"messages":[]}', "", "not JSON"),
    ("form feed between rows", b"\x0c" + chat(USER), "", "not JSON"),
    ("no-break space around", b"\xc2\xa0" + chat(USER), "", "not JSON"),
    ("mismatched brackets", b'{"messages":[}', "", "not JSON"),
    ("NaN", b'{"messages":[],"score":NaN}', "", "NaN"),
    ("Infinity", b'{"messages":[],"score":Infinity}', "", "Infinity"),
    ("minus Infinity", b'{"messages":[],"score":-Infinity}', "", "Infinity"),
    ("float beyond doubles", b'{"messages":[],"score":1e400}', "", "too large"),
    ("integer beyond 64 bits", b'{"messages":[],"n":18446744073709551616}', "", "too large"),
    ("integer below 64 bits", b'{"messages":[],"n":-9223372036854775809}', "", "too large"),
    ("integer of 5,000 digits", b'{"messages":[],"n":' + b"9" * 5000 + b"}", "", "too large"),
    ("key twice", b'{"messages":[],"messages":[1]}', "messages", "twice"),
    ("key twice, spelt otherwise", b'{"messages":[],"m\\u0065ssages":[]}', "messages", "twice"),
    ("key twice, spaced", b'{"messages" :[], "messages" : []}', "messages", "twice"),
    ("key twice, one spaced", b'{"messages":[],"messages" :[]}', "messages", "twice"),
    ("key twice, tab", b'{"messages":[],"messages"\t:[]}', "messages", "twice"),
    ("key twice inside", chat(b'{"role":"user","role":"user","content":"Q"}'), "role", "twice"),
    ("key twice beside a quote and colon", chat(b'{"role":"user","content":"\\":","content":"b"}'), "content", "twice"),
    ("empty key twice", b'{"messages":[],"":1,"":2}', "", "twice"),
    ("high surrogate", chat(b'{"role":"user","content":"\\ud83d"}'), "messages", "surrogate"),
    ("low surrogate", chat(b'{"role":"user","content":"\\ude00 x"}'), "messages", "surrogate"),
    ("pair the wrong way round", chat(b'{"role":"user","content":"\\ude00\\ud83d"}'), "messages", "surrogate"),
    ("surrogate in a key", b'{"messages":[],"\\ud800":1}', "\\ud800", "surrogate"),
    ("not UTF-8", chat(b'{"role":"user","content":"caf\xe9"}'), "", "UTF-8"),
    ("overlong UTF-8", chat(b'{"role":"user","content":"\xc0\xaf"}'), "", "UTF-8"),
    ("surrogate as UTF-8", chat(b'{"role":"user","content":"\xed\xa0\x80"}'), "", "UTF-8"),
    ("beyond Unicode", chat(b'{"role":"user","content":"\xf4\x90\x80\x80"}'), "", "UTF-8"),
    ("nested 200 deep", b'{"messages":' + b"[" * 200 + b"]" * 200 + b"}", "", "nested"),
    ("nested 100,000 deep", b'{"messages":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "", "nested"),
    ("nested and not closed", b"[" * 100_000, "", "nested"),
    ("an array", b"[1,2]", "", "not an object"),
    ("a string", b'"text"', "", "not an object"),
    ("a number", b"42", "", "not an object"),
    ("null", b"null", "", "not an object"),
    ("no messages", b'{"text":"hi"}', "messages", "no list"),
    ("messages null", b'{"messages":null}', "messages", "no list"),
    ("messages empty", b'{"messages":[]}', "messages", "no list"),
    ("messages a string", b'{"messages":"hi"}', "messages", "no list"),
    ("message a string", chat(USER, b'"hi"'), "messages[1]", "not an object"),
    ("no role", chat(b'{"content":"Q"}'), "messages[0].role", "not known"),
    ("unknown role", chat(USER, b'{"role":"wizard","content":"A"}'), "messages[1].role", "wizard"),
    ("role a number", chat(b'{"role":1,"content":"Q"}'), "messages[0].role", "not known"),
    ("role a list", chat(b'{"role":["user"],"content":"Q"}'), "messages[0].role", "not known"),
    ("role in capitals", chat(b'{"role":"User","content":"Q"}'), "messages[0].role", "User"),
    ("no content", chat(b'{"role":"user"}'), "messages[0].content", "no content"),
    ("content null", chat(b'{"role":"user","content":null}'), "messages[0].content", "no content"),
    ("content a number", chat(b'{"role":"user","content":5}'), "messages[0].content", "not text"),
    ("content an object", chat(b'{"role":"user","content":{}}'), "messages[0].content", "not text"),
    (
        "a picture",
        chat(
            b'{"role":"user","content":[{"type":"text","text":"Q"},{"type":"image_url","image_url":{"url":"file:///a"}}]}'
        ),
        "messages[0].content[1]",
        "image_url",
    ),
    (
        "a part without a kind",
        chat(b'{"role":"user","content":[{"text":"Q"}]}'),
        "messages[0].content[0].type",
        "what it is",
    ),
    ("a part without text", chat(b'{"role":"user","content":[{"type":"text"}]}'), "messages[0].content[0]", "no text"),
    ("a part of a part", chat(b'{"role":"user","content":[[]]}'), "messages[0].content[0]", "not an object"),
    ("no parts", chat(b'{"role":"user","content":[]}'), "messages[0].content", "no content"),
    (
        "reasoning alone",
        chat(b'{"role":"user","content":[{"type":"reasoning","value":"Hm"}]}'),
        "messages[0].content",
        "no content",
    ),
    (
        "weight of text",
        chat(USER, b'{"role":"assistant","content":"A","loss_weight":"1"}'),
        "messages[1].loss_weight",
        "number",
    ),
    (
        "no answer in the middle",
        chat(USER, b'{"role":"assistant","content":null}', USER),
        "messages[1].content",
        "no content",
    ),
    ("no user", chat(b'{"role":"assistant","content":"A"}'), "messages", "no message of the user"),
    ("only system", chat(b'{"role":"system","content":"S"}'), "messages", "no message of the user"),
    ("empty request", chat(b'{"role":"user","content":""}'), "messages", "empty"),
    ("blank request", chat(b'{"role":"user","content":" \\n\\u3000"}'), "messages", "empty"),
    (
        "last request empty",
        chat(USER, b'{"role":"user","content":""}', b'{"role":"assistant","content":"A"}'),
        "messages",
        "empty",
    ),
    ("tools no list", b'{"messages":[' + USER + b'],"tools":{}}', "tools", "list"),
    ("tools of strings", b'{"messages":[' + USER + b'],"tools":["x"]}', "tools", "list"),
    ("functions no list", b'{"messages":[' + USER + b'],"functions":"x"}', "functions", "list"),
    ("function without a name", b'{"messages":[' + USER + b'],"functions":[{}]}', "functions", "name"),
    (
        "call without a name",
        chat(USER, b'{"role":"assistant","function_call":{}}'),
        "messages[1].function_call",
        "names no",
    ),
    ("calls no list", chat(USER, b'{"role":"assistant","tool_calls":{}}'), "messages[1].tool_calls", "not a list"),
    ("call a number", chat(USER, b'{"role":"assistant","tool_calls":[1]}'), "messages[1].tool_calls[0]", "names no"),
    (
        "call of another kind",
        chat(USER, b'{"role":"assistant","tool_calls":[{"id":"a","type":"custom","function":{"name":"f"}}]}'),
        "messages[1].tool_calls[0]",
        "not a call of a function",
    ),
]


@pytest.mark.parametrize(
    ("row", "field", "word"), [case[1:] for case in JSON_ROWS], ids=[case[0] for case in JSON_ROWS]
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_a_bad_row_of_jsonl_costs_itself_alone(tmp_path: Path, row: bytes, field: str, word: str, end: bytes) -> None:
    data = GOOD % 1 + end + end + GOOD % 2 + end + row + end + GOOD % 3  # a blank line, and no end of the last line
    rows = read_bytes(tmp_path, data, format="openai", encoding="utf-8")
    assert [(fault.line, fault.field) for fault in faults(rows)] == [(4, field)]
    assert word in faults(rows)[0].reason
    assert [(r.line, r.content.request) for r in records(rows)] == [(1, "Q1"), (3, "Q2"), (5, "Q3")]


def test_the_refused_row_itself_is_kept_for_the_person(tmp_path: Path) -> None:
    rows = read_bytes(tmp_path, GOOD % 1 + b'\n{"messages": caf\xe9}\r\n', encoding="utf-8")
    assert faults(rows)[0].raw == '{"messages": caf\\xe9}'


@pytest.mark.parametrize(
    ("row", "field", "word"), [case[1:] for case in JSON_ROWS], ids=[case[0] for case in JSON_ROWS]
)
def test_no_bad_row_of_an_array_is_lost(tmp_path: Path, row: bytes, field: str, word: str) -> None:
    """In an array a broken row can take the rest with it; what was read before stays, and the fault is told."""
    rows = read_bytes(tmp_path, b"[" + GOOD % 1 + b",\n" + row + b"\n]", format="openai", encoding="utf-8")
    assert records(rows)[0].line == 1
    assert faults(rows)[0].line == 2


ARRAYS: list[tuple[str, bytes, list[int], list[int]]] = [
    ("compact", b"[" + GOOD % 1 + b"," + GOOD % 2 + b"]", [1, 2], []),
    ("spaced", b" \r\n[ " + GOOD % 1 + b" ,\r\n " + GOOD % 2 + b" ] \n", [1, 2], []),
    ("bad row between", b"[" + GOOD % 1 + b",{bad}," + GOOD % 2 + b"]", [1, 3], [2]),
    ("comma at the end", b"[" + GOOD % 1 + b",]", [1], [2]),
    ("two commas", b"[" + GOOD % 1 + b",," + GOOD % 2 + b"]", [1, 3], [2]),
    ("not closed", b"[" + GOOD % 1, [1], [2]),
    ("not closed after a comma", b"[" + GOOD % 1 + b",", [1], [2]),
    ("cut in a row", b"[" + GOOD % 1 + b',{"messages":[', [1], [2]),
    ("cut in a string", b"[" + GOOD % 1 + b',{"messages":"[{', [1], [2]),
    ("text after the end", b"[" + GOOD % 1 + b"] x", [1], [2]),
    ("a second array", b"[" + GOOD % 1 + b"]\n[" + GOOD % 2 + b"]", [1], [2]),
    ("closed by a brace", b"[" + GOOD % 1 + b"}" + b"," + GOOD % 2 + b"]", [2], [1]),
]


@pytest.mark.parametrize(("data", "good", "bad"), [case[1:] for case in ARRAYS], ids=[case[0] for case in ARRAYS])
def test_arrays(tmp_path: Path, data: bytes, good: list[int], bad: list[int]) -> None:
    rows = read_bytes(tmp_path, data, format="openai", encoding="utf-8")
    assert [r.line for r in records(rows)] == good
    assert [f.line for f in faults(rows)] == bad


def test_an_empty_array_has_no_rows(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, b" [ ]\n") == []


# The records after the header line, the lines of good records, the lines of faults.
TABLES: list[tuple[str, bytes, list[int], list[int]]] = [
    ("plain", b"a,b\nc,d\n", [2, 3], []),
    ("crlf", b"a,b\r\nc,d\r\n", [2, 3], []),
    ("no last end", b"a,b\nc,d", [2, 3], []),
    ("blank lines", b"\n\na,b\n\nc,d\n\n", [4, 6], []),
    ("break inside a cell", b'a,"b\nb"\nc,d\n', [2, 4], []),
    ("crlf inside a cell", b'a,"b\r\n\r\nb"\r\nc,d\r\n', [2, 5], []),
    ("too few cells", b"a,b\nc\nd,e\n", [2, 4], [3]),
    ("too many cells", b"a,b\nc,d,e\nf,g\n", [2, 4], [3]),
    ("unclosed quote at the end", b'a,b\nc,"d\n', [2], [3]),
    ("unclosed quote in the middle", b'a,b\nc,"d\ne,f\ng,h\n', [2, 4, 5], [3]),
    ("unclosed quote, another later", b'a,b\nc,"d\ne,"f"\ng,h\n', [2, 4, 5], [3]),
    ("unclosed quote after breaks in cells", b'a,"b\nb"\nc,"d\ne,f\ng,h\n', [2], [4]),
    ("text after a quote", b'a,b\nc,"d"x\ne,f\n', [2, 4], [3]),
    ("quote inside quotes", b'a,b\nc,"he said "no" then"\ne,f\n', [2, 4], [3]),
    ("quote inside a broken cell", b'a,b\nc,"one\nsaid "no" then"\ne,f\n', [2, 5], [3, 4]),
    ("rest of a broken cell that looks like a row", b'a,b\nc,"he said "no", then\nleft" soon,x\ne,f\n', [2, 5], [3, 4]),
    ("empty request", b"a,b\n,d\ne,f\n", [2, 4], [3]),
    ("only commas", b"a,b\n,\ne,f\n", [2, 4], [3]),
    ("not UTF-8", b"a,b\nc,caf\xe9\ne,f\n", [2, 4], [3]),
    ("bare CR", b"a,b\nc\rx,d\ne,f\n", [2, 4], [3]),
    ("empty answer", b"a,\nc,d\n", [2, 3], []),
    ("NUL", b"a,b\x00b\nc,d\n", [2, 3], []),
    ("line separators of Unicode", "a,b\u2028b\u0085\x0b\x0c\x1c\nc,d\n".encode(), [2, 3], []),
]


@pytest.mark.parametrize(("body", "good", "bad"), [case[1:] for case in TABLES], ids=[case[0] for case in TABLES])
def test_tables(tmp_path: Path, body: bytes, good: list[int], bad: list[int]) -> None:
    rows = read_bytes(tmp_path, b"question,answer\n" + body, encoding="utf-8")
    assert [r.line for r in records(rows)] == good
    assert [f.line for f in faults(rows)] == bad


def test_lines_lost_to_a_quote_are_named(tmp_path: Path) -> None:
    body = b'question,answer\na,"b\nb"\nc,"d\ne,f\ng,h\n'
    assert "lines 4 to 6 were not read" in faults(read_bytes(tmp_path, body))[0].reason


def test_old_line_ends_of_cr_alone(tmp_path: Path) -> None:
    rows = read_bytes(tmp_path, b"question,answer\rWhy?,Because.\rHow?,So.\r")
    assert [(r.line, r.content.request) for r in records(rows)] == [(2, "Why?"), (3, "How?")]


def test_every_record_of_the_other_formats_is_checked_too(tmp_path: Path) -> None:
    alpaca = b'{"instruction":"Q","output":"A"}\n{"instruction":"","output":"A"}\n{"instruction":5,"output":"A"}\n'
    alpaca += b'{"instruction":"Q","output":"A","history":[["x"]]}\n'
    assert [(f.line, f.field) for f in faults(read_bytes(tmp_path, alpaca))] == [
        (2, "instruction"),
        (3, "instruction"),
        (4, "history[0]"),
    ]
    turns = b'{"conversations":[{"from":"human","value":"Q"},{"from":"%s","value":%s}]}\n'
    sharegpt = turns % (b"gpt", b'"A"') + turns % (b"alien", b'"A"') + turns % (b"gpt", b"5")
    sharegpt += (
        turns % (b"function_call", b'"{"') + b'{"conversations":[],"tools":"["}\n' + turns % (b"function_call", b'"[]"')
    )
    assert [(f.line, f.field) for f in faults(read_bytes(tmp_path, sharegpt))] == [
        (2, "conversations[1].from"),
        (3, "conversations[1].value"),
        (4, "conversations[1].value"),
        (5, "conversations"),
        (6, "conversations[1].value"),
    ]
    pairs = b'{"prompt":"Q","completion":"A"}\n{"prompt":" ","completion":"A"}\n{"prompt":"Q","completion":["A"]}\n'
    assert [(f.line, f.field) for f in faults(read_bytes(tmp_path, pairs))] == [(2, "prompt"), (3, "completion")]
    table = b'{"question":"Q","answer":"A"}\n{"answer":"A"}\n{"question":["Q"],"answer":"A"}\n'
    assert [(f.line, f.field) for f in faults(read_bytes(tmp_path, table))] == [(2, "question"), (3, "question")]


def test_a_row_longer_than_the_limit_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accord.formats.rows.MAX_ROW_BYTES", 1_000)
    long = GOOD.replace(b"A", b"A" * 5_000) % 2
    rows = read_bytes(tmp_path, GOOD % 1 + b"\n" + long + b"\n" + GOOD % 3 + b"\n")
    assert [f.line for f in faults(rows)] == [2]
    assert [r.line for r in records(rows)] == [1, 3]


def test_a_missing_answer_is_no_fault(tmp_path: Path) -> None:
    data = b"\n".join(
        [
            chat(USER),
            chat(USER, b'{"role":"assistant","content":""}'),
            chat(USER, b'{"role":"assistant","content":null}'),
        ]
    )
    rows = records(read_bytes(tmp_path, data))
    assert [row.content.has_answer for row in rows] == [False, False, False]
    table = records(read_bytes(tmp_path, b"question,answer\nQ,\nQ2,A\n"))
    assert [row.content for row in table] == [pair("Q", ""), pair("Q2", "A")]
