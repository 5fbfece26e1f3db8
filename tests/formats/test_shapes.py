"""What a file is comes from its content: formats, containers, encodings, columns and mappings."""

from pathlib import Path
from typing import Any

import pytest
from tests.formats.samples import faults, read_bytes, records

from accord.domain.content import Message, Role, pair
from accord.domain.records import ImportedVerdict, Source
from accord.formats.failures import BadMapping, UnreadableFile
from accord.formats.reading import FORMATS, RowReader, inspect_file, open_rows, parse_mapping

OPENAI = b'{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}'
DETECTED: list[tuple[bytes, str, str, str]] = [
    (OPENAI, "openai", "jsonl", ""),
    (b"broken\n" + OPENAI + b"\n" + OPENAI, "openai", "jsonl", ""),
    (b"{broken\n" + OPENAI, "openai", "jsonl", ""),
    (b"[" + OPENAI + b"]", "openai", "array", ""),
    (b'{"instruction":"Q","input":"","output":"A"}', "alpaca", "jsonl", ""),
    (b'{"conversations":[{"from":"human","value":"Q"}]}', "sharegpt", "jsonl", ""),
    (b'{"prompt":"Q","completion":"A"}', "prompt-completion", "jsonl", ""),
    (b'{"question":"Q","answer":"A"}', "table", "jsonl", ""),
    (b"question,answer\nQ,A\n", "table", "csv", ","),
    (b"question\tanswer\nQ, so\tA, too\n", "table", "csv", "\t"),
    (b"question;answer\nQ, so;A\n", "table", "csv", ";"),
    (b"question|answer\nQ, so|A\n", "table", "csv", "|"),
    (b"instruction,input,output\nQ,more,A\n", "alpaca", "csv", ","),
    (b"\xef\xbb\xbf" + OPENAI, "openai", "jsonl", ""),
    ("\ufeffquestion\tanswer\nQ\tA\n".encode("utf-16-le"), "table", "csv", "\t"),
    ("\ufeffquestion\tanswer\nQ\tA\n".encode("utf-16-be"), "table", "csv", "\t"),
    (("\ufeff" + OPENAI.decode()).encode("utf-16-le"), "openai", "jsonl", ""),
]


@pytest.mark.parametrize(("data", "format_", "container", "delimiter"), DETECTED)
@pytest.mark.parametrize("name", ["rows.csv", "rows.json", "rows"])
def test_the_name_says_nothing(  # noqa: PLR0917  (pytest gives them by name)
    tmp_path: Path, data: bytes, format_: str, container: str, delimiter: str, name: str
) -> None:
    (tmp_path / name).write_bytes(data)
    shape = inspect_file(tmp_path / name)
    assert (shape.format, shape.container, shape.delimiter) == (format_, container, delimiter)
    assert records(open_rows(shape))


REFUSED: list[tuple[bytes, str]] = [
    (b"", "empty"),
    (b" \n\n", "empty"),
    (b"PK\x03\x04rest", "zip archive without an end"),
    (b"PAR1rest", "damaged Parquet"),
    (b"%PDF-1.7", "PDF"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"<?xml version='1.0'?><a/>", "No element in it repeats"),
    (b"<!DOCTYPE html><html></html>", "web page"),
    (b"\x89PNG\r\n", "PNG"),
    (b"question,answer\nQ,caf\xe9 \xe8\n", "Name its encoding"),
    (b'{\n "version": "1",\n "data": ["Q", "A"]\n}\n', "one JSON object"),
    (b'"question,answer\nQ,A\n', "not closed"),
]


@pytest.mark.parametrize(("data", "word"), REFUSED)
def test_a_file_that_gives_no_rows_says_why(tmp_path: Path, data: bytes, word: str) -> None:
    with pytest.raises(UnreadableFile, match=word):
        read_bytes(tmp_path, data)


def test_missing_files_folders_and_unknown_names(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no such file"):
        inspect_file(tmp_path / "nowhere")
    with pytest.raises(UnreadableFile, match="not a file"):
        inspect_file(tmp_path)
    for wrong in ("klingon", "base64", "rot13"):
        with pytest.raises(UnreadableFile, match="no encoding"):
            read_bytes(tmp_path, OPENAI, encoding=wrong)
    with pytest.raises(UnreadableFile, match="no format"):
        read_bytes(tmp_path, OPENAI, format="klingon")
    with pytest.raises(UnreadableFile, match="no text in its encoding"):
        read_bytes(tmp_path, b"\xff\xfea\x00\x00\xd8", format="table")


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16", "utf-16-be", "utf-32", "utf-8", "cp1250"])
def test_a_named_encoding_is_used(tmp_path: Path, encoding: str) -> None:
    data = "question,answer\nWo tut’s weh?,Ärm\r\n".replace("’", "'" if encoding == "latin-1" else "’").encode(encoding)
    (row,) = records(read_bytes(tmp_path, data, encoding=encoding))
    assert row.content.answer == "Ärm"


def test_long_files_are_transcoded_without_a_break(tmp_path: Path) -> None:
    text = "question,answer\n" + "".join(f"Q{i},{'é€😀' * 30}\n" for i in range(20_000))
    rows = records(read_bytes(tmp_path, ("\ufeff" + text).encode("utf-16-le")))
    assert len(rows) == 20_000
    assert {row.content.answer for row in rows} == {"é€😀" * 30}


def test_arrays_longer_than_a_block(tmp_path: Path) -> None:
    long = "a\\\\" * 200
    rows = [f'{{"prompt":"Q{i} \\"[{{,","completion":"{long}"}}' for i in range(5_000)]
    found = records(read_bytes(tmp_path, ("[" + ",\n".join(rows) + "]").encode()))
    assert [row.line for row in found] == list(range(1, 5_001))
    assert found[-1].content == pair('Q4999 "[{,', "a\\" * 200)


def reader(tmp_path: Path, data: bytes, **mapping: str) -> RowReader:
    (tmp_path / "rows").write_bytes(data)
    return open_rows(inspect_file(tmp_path / "rows"), mapping=mapping or None)


GUESSES: list[tuple[str, dict[str, str]]] = [
    ("ID,section_header,section_text,dialogue", {"request": "dialogue", "answer": "section_text", "id": "ID"}),
    ("File,CHQ,Summary", {"request": "CHQ", "answer": "Summary"}),
    ("Frage,Antwort,Quelle", {"request": "Frage", "answer": "Antwort", "source": "Quelle"}),
    ("pregunta;respuesta", {"request": "pregunta", "answer": "respuesta"}),
    ("问题,答案", {"request": "问题", "answer": "答案"}),
    ("вопрос,ответ", {"request": "вопрос", "answer": "ответ"}),
    (
        "User Question,Model response,Patient ID",
        {"request": "User Question", "answer": "Model response", "group": "Patient ID"},
    ),
    ("question,answer,license,tags", {"request": "question", "answer": "answer", "licence": "license", "tags": "tags"}),
    ("question_id,question_type,question", {"request": "question", "id": "question_id"}),
]


@pytest.mark.parametrize(("header", "expected"), GUESSES)
def test_mapping_is_guessed_from_names(tmp_path: Path, header: str, expected: dict[str, str]) -> None:
    mark = ";" if ";" in header else ","
    assert reader(tmp_path, f"{header}\n{mark.join('x' for _ in header.split(mark))}\n".encode()).mapping == expected


def test_mapping_is_guessed_from_content(tmp_path: Path) -> None:
    data = (
        b"a,b,c\n1,Does it hurt to cough?,text that is quite long\n2,What is that on my arm?,more of this long text\n"
    )
    assert reader(tmp_path, data).mapping == {"request": "b"}
    with pytest.raises(BadMapping, match="a, b, c"):
        reader(tmp_path, b"a,b,c\n1,2,3\n")


def test_columns_without_a_target_are_metadata_and_tags_split(tmp_path: Path) -> None:
    data = b"question,answer,focus,empty,tags,url\nQ,A,Asthma,,a; b;;a,https://x\n"
    (row,) = records(reader(tmp_path, data))
    assert row.source == Source(source_url="https://x", tags=("a", "b"), metadata={"focus": "Asthma"})


def test_given_targets_override_the_guess(tmp_path: Path) -> None:
    data = b"question,answer,source,note2\nQ,A,S,N\n"
    found = reader(tmp_path, data, request="note2", source="")
    assert found.mapping == {"request": "note2"}
    assert records(found)[0].content == pair("N", "")
    with pytest.raises(BadMapping, match="no column"):
        reader(tmp_path, data, request="nope")
    with pytest.raises(BadMapping, match="no target"):
        reader(tmp_path, data, color="note2")


def test_pointers_reach_into_rows_of_any_format(tmp_path: Path) -> None:
    data = b'{"messages":[{"role":"user","content":"Q"}],"doc":{"ids":["a/b","c"],"a/b":"slash"},"who":{"x":1}}\n'
    (row,) = records(reader(tmp_path, data, group="/doc/ids/1", source="/doc/a~1b", **{"meta.who": "/who/x"}))
    assert (row.source.group, row.source.source, row.source.metadata["who"]) == ("c", "slash", "1")
    (row,) = records(reader(tmp_path, data, request="/messages/0/content", answer="/doc/ids/0"))
    assert row.content == pair("Q", "a/b")
    (fault,) = faults(reader(tmp_path, data, group="/who"))
    assert fault.field == "/who"
    with pytest.raises(BadMapping, match="Map the request too"):
        reader(tmp_path, data, answer="/doc/ids/0")


def test_verdicts_in_rows(tmp_path: Path) -> None:
    data = b"question,answer,by,said\nQ,A,ada,Accept\nQ2,A,,\nQ3,A,bo,maybe\nQ4,A,,reject\n"
    rows = list(reader(tmp_path, data, reviewer="by", verdict="said"))
    assert [r.verdicts for r in records(rows)] == [(ImportedVerdict(reviewer="ada", verdict="accept"),), ()]
    assert [(f.line, f.field) for f in faults(rows)] == [(4, "said"), (5, "by")]


def test_the_metadata_object_of_chat_rows(tmp_path: Path) -> None:
    row = (
        OPENAI[:-1]
        + b',"metadata":{"group":"p1","license":"MIT","tags":["a","b"],"n":5,"context":["x","y"]},"score":0.5}'
    )
    (found,) = records(read_bytes(tmp_path, row))
    assert found.source == Source(
        group="p1", licence="MIT", tags=("a", "b"), context="x\n\ny", metadata={"n": "5", "score": "0.5"}
    )


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], {}),
        (["request=Q,answer=A"], {"request": "Q", "answer": "A"}),
        (["request=Q, really?,answer=A"], {"request": "Q, really?", "answer": "A"}),
        (["request=a=b"], {"request": "a=b"}),
        (["request=Q,answer=x", "answer=A"], {"request": "Q,answer=x", "answer": "A"}),
        (["meta.age=Age,tags=/t/0"], {"meta.age": "Age", "tags": "/t/0"}),
    ],
)
def test_the_command_line_s_mapping(items: list[str], expected: dict[str, str]) -> None:
    assert parse_mapping(items) == expected


@pytest.mark.parametrize("items", [["request"], ["color=C"], ["request=Q", "request=P"], ["meta.=x"], ["=x"]])
def test_a_mapping_that_cannot_be_read(items: list[str]) -> None:
    with pytest.raises(BadMapping):
        parse_mapping(items)


def test_roles_and_legacy_calls_of_openai_rows(tmp_path: Path) -> None:
    row = b"""{"messages":[{"role":"developer","content":"D"},{"role":"user","content":"Q","name":"ada"},
    {"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},
    {"role":"function","name":"f","content":"5"},{"role":"assistant","content":"A","weight":0,"refusal":null}],
    "functions":[{"name":"f"}]}""".replace(b"\n", b"")
    (found,) = records(read_bytes(tmp_path, row))
    call = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    assert found.content.messages == (
        Message(role=Role.SYSTEM, content="D"),
        Message(role=Role.USER, content="Q", extra={"name": "ada"}),
        Message(role=Role.ASSISTANT, content="", extra={"tool_calls": [call]}),
        Message(role=Role.TOOL, content="5", extra={"tool_call_id": "call_1"}),
        Message(role=Role.ASSISTANT, content="A", extra={"weight": 0}),
    )
    assert found.content.tools == ({"type": "function", "function": {"name": "f"}},)


def test_the_parts_of_alpaca_and_sharegpt_rows(tmp_path: Path) -> None:
    row = b'{"instruction":"Sum up","input":"this","output":"Done","system":"S","history":[["Hi","Hello"]]}'
    (found,) = records(read_bytes(tmp_path, row))
    assert [m.content for m in found.content.messages] == ["S", "Hi", "Hello", "Sum up\nthis", "Done"]
    row = (
        b'{"system":"S","conversations":[{"from":"human","value":"Q"},{"from":"gpt","value":"A","weight":0}],"id":"7"}'
    )
    (found,) = records(read_bytes(tmp_path, row))
    assert [m.role.value for m in found.content.messages] == ["system", "user", "assistant"]
    assert found.content.messages[-1].extra == {"weight": 0}
    assert found.source.metadata == {"id": "7"}


def test_progress_is_told_in_bytes(tmp_path: Path) -> None:
    rows = reader(tmp_path, (OPENAI + b"\n") * 40_000)
    assert rows.bytes_read == 0
    seen = {rows.bytes_read for _row in rows}
    assert len(seen) > 2
    assert rows.bytes_read == rows.bytes_total == (tmp_path / "rows").stat().st_size


def test_the_sample_shows_the_first_rows_as_text(tmp_path: Path) -> None:
    (tmp_path / "rows").write_bytes(b'{"question":"Q","n":5,"list":[1]}\n' * 80)
    shape = inspect_file(tmp_path / "rows")
    assert shape.columns == ("question", "n", "list")
    assert len(shape.sample) == 50
    assert shape.sample[0] == {"question": "Q", "n": "5", "list": "[1]"}


def test_header_names_that_are_empty_or_stand_twice(tmp_path: Path) -> None:
    (tmp_path / "rows").write_bytes(b"\xef\xbb\xbf,question,answer,answer\n1,Q,A,B\n")
    assert inspect_file(tmp_path / "rows").columns == ("column 1", "question", "answer", "answer (2)")


def test_every_reading_format_can_be_named(tmp_path: Path) -> None:
    rows: dict[str, Any] = {
        "openai": OPENAI,
        "alpaca": b'{"instruction":"Q","output":"A"}',
        "sharegpt": b'{"conversations":[{"from":"human","value":"Q"},{"from":"gpt","value":"A"}]}',
        "prompt-completion": b'{"prompt":"Q","completion":"A"}',
        "preference": b'{"prompt":"Q","chosen":"A","rejected":"B"}',
        "chatml": b"<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\nA<|im_end|>\n",
        "label-studio": b'{"data":{"question":"Q","answer":"A"},"annotations":[]}',
        "argilla": b'{"fields":{"question":"Q","answer":"A"},"responses":[]}',
        "doccano": b'{"text":"Q","label":["A"],"answer":"A"}',
        "message-tree": b'{"message_id":"1","parent_id":null,"text":"Q","role":"prompter"}\n'
        b'{"message_id":"2","parent_id":"1","text":"A","role":"assistant"}',
        "table": b'{"prompt":"Q","completion":"A"}',
    }
    assert set(rows) == set(FORMATS)
    for name, row in rows.items():
        assert [r.content for r in records(read_bytes(tmp_path, row, format=name))] == [pair("Q", "A")]


def test_an_object_whose_values_are_the_rows(tmp_path: Path) -> None:
    data = b'{\n "a1": {\n  "QUESTION": "Q",\n  "LONG_ANSWER": "A"\n },\n "a2": {"QUESTION": ""},\n "a3": 5,\n "a4": {"QUESTION": "R"}}\n'
    rows = read_bytes(tmp_path, data)
    assert [(r.line, r.content) for r in records(rows)] == [(1, pair("Q", "A")), (4, pair("R", ""))]
    assert [r.source.metadata["id"] for r in records(rows)] == ["a1", "a4"]
    assert [(f.line, f.field) for f in faults(rows)] == [(2, "QUESTION"), (3, "")]


def test_comments_above_the_header_are_no_names_and_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "comments.csv"
    path.write_bytes(b"# exported 2024-01-02 by Clinic, v2\n# do not share\n\nquestion,answer\nQ,A\nR,B\n")
    shape = inspect_file(path)
    assert shape.columns == ("question", "answer")
    assert "exported" in shape.notes[0]
    assert [row["question"] for row in shape.sample] == ["Q", "R"]
    path.write_bytes(b"# id,question,answer\n1,Q,A\n2,R,B\n")
    assert inspect_file(path).columns == ("# id", "question", "answer")


def test_what_is_no_table_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for data, told in ((b"\xd0\xcf\x11\xe0", "without a password"), (b"BZh9", "Unpack it"), (b"\x89PNG", "picture")):
        path.write_bytes(data)
        with pytest.raises(UnreadableFile, match=told):
            inspect_file(path)
