"""The verifier finds each planted tampering, in every format, and shares no code with the writer."""

import ast
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.formats.samples import export, released, spread

from accord.domain.content import Content, Message, Role, pair
from accord.domain.progress import CancelFlag
from accord.domain.releases import Part
from accord.formats import verifying
from accord.formats.verifying import verify_export
from accord.formats.writing import EXPORT_FORMATS

ROOM = Path(verifying.__file__).parent
ALLOWED = {"verifying", "verified_files", "verified_rules"}


def _imports(name: str) -> set[str]:
    tree = ast.parse((ROOM / f"{name}.py").read_text())
    names = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return names | {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}


def test_the_verifier_shares_no_code_with_reader_and_writer() -> None:
    seen: set[str] = set()
    waiting = ["verifying"]
    while waiting:
        name = waiting.pop()
        seen.add(name)
        rooms = {module for module in _imports(name) if module.startswith("accord.")}
        assert all(module.startswith(("accord.domain.", "accord.formats.")) for module in rooms)
        found = {module.removeprefix("accord.formats.") for module in rooms if module.startswith("accord.formats.")}
        waiting.extend(found - seen)
    assert seen == ALLOWED
    assert "orjson" not in set().union(*(_imports(name) for name in seen))


def chat(number: int, **extra: Any) -> Content:
    return Content(
        messages=(
            Message(role=Role.SYSTEM, content="Be kind."),
            Message(role=Role.USER, content=f"Question {number}?"),
            Message(role=Role.ASSISTANT, content=f"Answer {number}.", extra=extra or None),
        )
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    export(tmp_path / "out", spread(chat(i) for i in range(30)))
    return tmp_path / "out"


def rules(folder: Path, severity: str = "error") -> set[str]:
    return {problem.rule for problem in verify_export(folder).problems if problem.severity == severity}


def seal(folder: Path) -> None:
    """Make the manifest say what the files now are, as a careful forger would."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_bytes())
    for entry in manifest["files"]:
        data = (folder / entry["path"]).read_bytes()
        entry["sha256"] = hashlib.sha256(data).hexdigest()
        if entry["path"].endswith(".jsonl"):
            entry["rows"] = len([line for line in data.split(b"\n") if line])
    path.write_text(json.dumps(manifest, ensure_ascii=False) + "\n")


def change_line(
    folder: Path, number: int, change: Callable[[dict[str, Any]], object], *, file: str = "train.jsonl"
) -> None:
    lines = (folder / file).read_text().split("\n")
    row = json.loads(lines[number - 1])
    change(row)
    lines[number - 1] = json.dumps(row, ensure_ascii=False)
    (folder / file).write_text("\n".join(lines))


@pytest.mark.parametrize("array", [False, True])
@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_a_fresh_export_has_no_problem(tmp_path: Path, name: str, array: bool) -> None:  # noqa: FBT001  (pytest gives it by name)
    examples = [
        e._replace(original=pair(Content.from_text(e.text).request, "Worse.", system="Be kind.").text)
        for e in spread(chat(i) for i in range(30))
    ]
    export(tmp_path / "out", examples, format=name, array=array and name != "csv")
    report = verify_export(tmp_path / "out")
    assert report.ok
    assert report.problems == ()


def bytes_changed(old: bytes, new: bytes, file: str = "train.jsonl") -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        data = (folder / file).read_bytes()
        assert old in data
        (folder / file).write_bytes(data.replace(old, new, 1))

    return change


def whole(make: Callable[[bytes], bytes], file: str = "train.jsonl") -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        (folder / file).write_bytes(make((folder / file).read_bytes()))

    return apply


def manifest_changed(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_bytes())
        change(manifest)
        (folder / "manifest.json").write_text(json.dumps(manifest) + "\n")

    return apply


def first_line_gone(data: bytes) -> bytes:
    return data.split(b"\n", 1)[1]


def lines_swapped(data: bytes) -> bytes:
    one, two, rest = data.split(b"\n", 2)
    return b"\n".join([two, one, rest])


UNSEALED: list[tuple[str, Callable[[Path], None], str]] = [
    ("no manifest", lambda f: (f / "manifest.json").unlink(), "manifest.missing"),
    ("manifest cut", whole(lambda d: d[:50], "manifest.json"), "manifest.unreadable"),
    ("manifest a list", whole(lambda _d: b"[]\n", "manifest.json"), "manifest.unreadable"),
    (
        "manifest names a path outside",
        manifest_changed(lambda m: m["files"][0].update(path="../x")),
        "manifest.unreadable",
    ),
    ("manifest of a newer version", manifest_changed(lambda m: m.update(format_version=99)), "manifest.version"),
    ("manifest without train", manifest_changed(lambda m: m["files"].pop(0)), "manifest.files"),
    (
        "manifest with a key twice",
        bytes_changed(b'"format":', b'"format": "csv", "format":', "manifest.json"),
        "manifest.unreadable",
    ),
    ("a word changed", bytes_changed(b"Answer", b"Answor"), "file.hash"),
    ("rows miscounted", manifest_changed(lambda m: m["files"][0].update(rows=3)), "file.rows"),
    ("hash miswritten", manifest_changed(lambda m: m["files"][0].update(sha256="0" * 64)), "file.hash"),
    ("a file gone", lambda f: (f / "heldout.jsonl").unlink(), "file.missing"),
    ("the card gone", lambda f: (f / "CARD.md").unlink(), "file.missing"),
    ("the card changed", whole(lambda d: d + b"more\n", "CARD.md"), "file.hash"),
    ("a file more", lambda f: (f / "extra.jsonl").touch(), "file.unlisted"),
    ("a folder more", lambda f: (f / "sub").mkdir(), "file.unlisted"),
]


@pytest.mark.parametrize(("tamper", "rule"), [c[1:] for c in UNSEALED], ids=[c[0] for c in UNSEALED])
def test_tampering_that_the_manifest_shows(folder: Path, tamper: Callable[[Path], None], rule: str) -> None:
    tamper(folder)
    assert rule in rules(folder)


def message(index: int, **change: Any) -> Callable[[Path], None]:
    return lambda folder: change_line(folder, 2, lambda row: row["messages"][index].update(change))


def messages(change: Callable[[list[Any]], object]) -> Callable[[Path], None]:
    return lambda folder: change_line(folder, 2, lambda row: change(row["messages"]))


def row_changed(change: Callable[[dict[str, Any]], object], number: int = 2) -> Callable[[Path], None]:
    return lambda folder: change_line(folder, number, change)


def copied_to_heldout(folder: Path) -> None:
    line = (folder / "train.jsonl").read_bytes().split(b"\n")[0]
    path = folder / "heldout.jsonl"
    path.write_bytes(path.read_bytes() + line + b"\n")


def trace_changed(number: int, change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    return lambda folder: change_line(folder, number, change, file="trace.jsonl")


CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
SEALED: list[tuple[str, Callable[[Path], None], str]] = [
    ("a word changed", bytes_changed(b"Answer", b"Answor"), "trace.hash"),
    ("a line removed", whole(first_line_gone), "trace.count"),
    ("a line doubled", whole(lambda d: d.split(b"\n", 1)[0] + b"\n" + d), "trace.count"),
    ("two lines swapped", whole(lines_swapped), "trace.hash"),
    ("a line copied to held-out", copied_to_heldout, "leak.request"),
    ("a request copied, spelt otherwise", lambda f: change_line(
        f, 1, lambda r: r["messages"][1].update(content=json.loads((f / "train.jsonl").read_bytes().split(b"\n")[0])["messages"][1]["content"].upper() + " "),
        file="heldout.jsonl"), "leak.request"),
    ("a trace line removed", whole(first_line_gone, "trace.jsonl"), "trace.count"),
    ("two trace lines swapped", whole(lines_swapped, "trace.jsonl"), "trace.order"),
    ("a trace line renumbered", trace_changed(5, lambda e: e.update(line=77)), "trace.order"),
    ("a trace line of no file", trace_changed(5, lambda e: e.update(file="other.jsonl")), "trace.shape"),
    ("a trace line without an id", trace_changed(5, lambda e: e.pop("id")), "trace.shape"),
    ("one example in two parts", lambda f: change_line(
        f, 1, lambda e: e.update(id=json.loads((f / "trace.jsonl").read_bytes().split(b"\n")[4])["id"]), file="trace.jsonl"), "leak.id"),
    ("not JSON", bytes_changed(b'{"messages"', b'{"messages'), "json.syntax"),
    ("NaN", row_changed(lambda r: r.update(x=float("nan"))), "json.syntax"),
    ("a key twice", bytes_changed(b'{"role"', b'{"role":"user","role"'), "json.duplicate_key"),
    ("deep nesting", bytes_changed(b'{"messages":', b'{"x":' + b"[" * 99_999 + b"]" * 99_999 + b',"messages":'), "json.syntax"),
    ("half a character pair", bytes_changed(b"Answer", b"\\ud800"), "text.encoding"),
    ("not UTF-8", bytes_changed(b"Answer", b"\xff"), "text.encoding"),
    ("a mark of byte order", whole(lambda d: b"\xef\xbb\xbf" + d), "text.bom"),
    ("carriage returns", whole(lambda d: d.replace(b"\n", b"\r\n")), "text.cr"),
    ("no end of the last line", whole(lambda d: d[:-1]), "text.final_newline"),
    ("a row that is a list", whole(lambda d: b"[]\n" + first_line_gone(d)), "row.shape"),
    ("no messages", row_changed(lambda r: r.update(messages=[])), "row.shape"),
    ("a message that is text", messages(lambda m: m.append("hi")), "row.shape"),
    ("an unknown role", message(1, role="wizard"), "role"),
    ("a role that is a list", message(1, role=["user"]), "role"),
    ("weight 2", message(2, weight=2), "weight"),
    ("weight true", message(2, weight=True), "weight"),
    ("weight of a user", message(1, weight=1), "weight"),
    ("no answer that is trained on", message(2, weight=0), "answer.trained"),
    ("no answer last", messages(lambda m: m.append({"role": "user", "content": "Thanks"})), "answer.last"),
    ("no request", messages(lambda m: m.pop(1)), "request.missing"),
    ("an empty answer", message(2, content=" "), "content.empty"),
    ("no content", message(2, content=None), "content.empty"),
    ("content in parts", message(1, content=[{"type": "text", "text": "Q"}]), "content.type"),
    ("a reserved token", message(2, content="x <|im_start|> y"), "reserved_token"),
    ("the end of a text as a token", message(1, content="<|endoftext|>"), "reserved_token"),
    ("a token of filling in", message(0, content="a<|fim_suffix|>"), "reserved_token"),
    ("a tool answer without a call", messages(lambda m: m.insert(2, {"role": "tool", "content": "x", "tool_call_id": "c1"})), "tool_call"),
    ("a call without an answer", messages(lambda m: m.insert(1, {"role": "assistant", "tool_calls": [CALL]})), "tool_call"),
    ("two calls of one id", message(2, tool_calls=[CALL, CALL]), "tool_call"),
    ("a call without an id", message(2, tool_calls=[{"type": "function"}]), "tool_call"),
    ("tools that are no list", row_changed(lambda r: r.update(tools={})), "tools"),
    ("a tool without a name", row_changed(lambda r: r.update(tools=[{"type": "function", "function": {}}])), "tools"),
    ("a function answer without a name", messages(lambda m: m.insert(2, {"role": "function", "content": "x"})), "tool_call"),
]  # fmt: skip


@pytest.mark.parametrize(("tamper", "rule"), [c[1:] for c in SEALED], ids=[c[0] for c in SEALED])
def test_tampering_that_a_new_manifest_would_hide(folder: Path, tamper: Callable[[Path], None], rule: str) -> None:
    tamper(folder)
    seal(folder)
    assert rule in rules(folder)


def test_problems_say_file_and_line(folder: Path) -> None:
    message(1, role="wizard")(folder)
    seal(folder)
    problem = next(p for p in verify_export(folder).problems if p.rule == "role")
    assert (problem.file, problem.line, problem.severity) == ("train.jsonl", 2, "error")
    assert "wizard" in problem.message


def test_warnings_do_not_refuse(tmp_path: Path) -> None:
    export(tmp_path / "few", spread(chat(i) for i in range(5)))
    report = verify_export(tmp_path / "few")
    assert report.ok
    assert [(p.rule, p.severity) for p in report.problems] == [("few_rows", "warning")]
    odd = Content(messages=(*chat(1).messages[1:], Message(role=Role.ASSISTANT, content="<|im_end|>")))
    export(tmp_path / "odd", [released(odd)], format="sharegpt")
    assert rules(tmp_path / "odd", "warning") == {"few_rows", "turn_order", "reserved_token"}


def test_the_same_row_twice_in_train_is_a_warning(folder: Path) -> None:
    lines = (folder / "train.jsonl").read_bytes().split(b"\n")
    (folder / "train.jsonl").write_bytes(b"\n".join([lines[0], lines[0], *lines[2:]]))
    assert "duplicate" in rules(folder, "warning")


def test_a_file_over_the_limit(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "MOST_BYTES", 1_000)
    assert "size" in rules(folder, "warning")
    assert verifying.verify_export(folder).ok


OTHERS: list[tuple[str, str, Callable[[dict[str, Any]], object], str]] = [
    ("alpaca", "an empty output", lambda r: r.update(output=""), "content.empty"),
    ("alpaca", "an instruction that is a number", lambda r: r.update(instruction=5), "row.shape"),
    ("alpaca", "a history of one", lambda r: r.update(history=[["x"]]), "row.shape"),
    ("prompt-completion", "no prompt", lambda r: r.pop("prompt"), "row.shape"),
    ("prompt-completion", "an empty completion", lambda r: r.update(completion="\n"), "content.empty"),
    ("sharegpt", "no turns", lambda r: r.update(conversations=[]), "row.shape"),
    ("sharegpt", "an unknown speaker", lambda r: r["conversations"][0].update({"from": "alien"}), "role"),
    ("sharegpt", "a turn that is a number", lambda r: r["conversations"][0].update(value=1), "content.type"),
    ("sharegpt", "an empty turn", lambda r: r["conversations"][1].update(value=""), "content.empty"),
    ("sharegpt", "no answer last", lambda r: r["conversations"].pop(), "answer.last"),
    ("preference", "no input", lambda r: r.pop("input"), "row.shape"),
    ("preference", "two preferred", lambda r: r["preferred_output"].append(r["preferred_output"][0]), "row.shape"),
    ("preference", "the same twice", lambda r: r.update(preferred_output=r["non_preferred_output"]), "preference.same"),
    ("preference", "an empty answer", lambda r: r["preferred_output"][0].update(content=""), "content.empty"),
]


@pytest.mark.parametrize(
    ("name", "tamper", "rule"), [(c[0], c[2], c[3]) for c in OTHERS], ids=[" ".join(c[:2]) for c in OTHERS]
)
def test_rules_of_the_other_formats(
    tmp_path: Path, name: str, tamper: Callable[[dict[str, Any]], object], rule: str
) -> None:
    examples = [
        e._replace(original=pair(Content.from_text(e.text).request, "Worse.").text)
        for e in spread(chat(i) for i in range(30))
    ]
    export(tmp_path / "out", examples, format=name)
    change_line(tmp_path / "out", 3, tamper)
    seal(tmp_path / "out")
    assert rule in rules(tmp_path / "out")


def test_rules_of_csv(tmp_path: Path) -> None:
    def changed(number: int, old: bytes, new: bytes) -> set[str]:
        target = tmp_path / str(number)
        export(target, spread(chat(i) for i in range(30)), format="csv")
        data = (target / "train.csv").read_bytes()
        assert old in data
        (target / "train.csv").write_bytes(data.replace(old, new, 1))
        seal(target)
        return rules(target)

    assert "csv.header" in changed(1, b"id,system", b"id,sys")
    assert "formula" in changed(2, b'"Answer', b'"=Answer')
    assert "row.shape" in changed(3, b'"Be kind.",', b'"Be kind.","",')
    assert "csv.syntax" in changed(4, b'"Be kind."', b'"Be "kind."')
    assert "trace.id" in changed(
        5, (tmp_path / "1/train.csv").read_bytes().split(b"\n")[1][:22], b'"' + b"0" * 20 + b'"'
    )
    assert "text.encoding" in changed(6, b"Answer", b"\xff")


def test_an_array_that_is_not_one_row_a_line(tmp_path: Path) -> None:
    export(tmp_path / "out", spread(chat(i) for i in range(30)), array=True)
    path = tmp_path / "out/train.json"
    for data in (json.dumps(json.loads(path.read_bytes()), indent=1).encode() + b"\n", path.read_bytes()[:-3] + b"\n"):
        path.write_bytes(data)
        seal(tmp_path / "out")
        assert "json.syntax" in rules(tmp_path / "out")


def test_a_folder_that_is_no_export(tmp_path: Path) -> None:
    assert rules(tmp_path) == {"manifest.missing"}
    assert rules(tmp_path / "nowhere") == {"manifest.missing"}


def test_verifying_can_be_stopped(folder: Path) -> None:
    flag = CancelFlag()
    flag.cancelled = True
    with pytest.raises(Exception, match="Stopped"):
        verify_export(folder, progress=flag)


def test_parts_are_the_domain_s() -> None:
    assert tuple(part.value for part in Part) == verifying._PARTS
