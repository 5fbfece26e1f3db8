"""``import``: how a file is read can be said, is told, and is refused where it is not certain; all rows add up."""

import json
from pathlib import Path

from tests.cli.conftest import Accord

from accord.workflows import indexing, projects


def test_an_uncertain_encoding_is_refused_with_its_choices_and_the_others_go_in(accord: Accord, tmp_path: Path) -> None:
    (tmp_path / "ru.csv").write_bytes("question,answer\nПривет как дела,хорошо\n".encode("cp1251"))
    (tmp_path / "en.csv").write_text("question,answer\nHow are you?,Well\n", encoding="utf-8")
    accord("new", "clinic.accord")
    done = accord("import", "--json", "clinic.accord", "ru.csv", "en.csv", code=1)
    unsure, sure = done.value["files"]
    assert (unsure["read"], unsure["rejected"], unsure["encoding"]) == (1, 1, "")
    assert "cp1251, " in unsure["rejections"][0]["reason"]
    assert "cp1251, " in done.err
    assert (sure["accepted"], sure["encoding"], sure["delimiter"]) == (1, "utf-8", ",")
    assert (done.value["read"], done.value["accepted"], done.value["rejected"]) == (2, 1, 1)
    named = accord("import", "--json", "clinic.accord", "ru.csv", "--encoding", "cp1251").value
    assert (named["accepted"], named["files"][0]["encoding"]) == (1, "cp1251")
    assert any("Привет как дела" in line for line in accord("list", "clinic.accord").out.splitlines())


def test_a_delimiter_can_be_named_by_itself_or_in_words(accord: Accord, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("question^answer\nWhy?^So\n", encoding="utf-8")
    (tmp_path / "b.txt").write_text("question\tanswer\nHow, when?\tThus, then\n", encoding="utf-8")
    accord("new", "clinic.accord")
    assert (
        accord("import", "--json", "clinic.accord", "a.txt", "--delimiter", "^").value["files"][0]["delimiter"] == "^"
    )
    assert (
        accord("import", "--json", "clinic.accord", "b.txt", "--delimiter", "tab").value["files"][0]["delimiter"]
        == "\t"
    )
    assert accord("status", "--json", "clinic.accord").value["examples"] == 2
    for wrong in ("ab", "", '"', "\n"):
        accord("import", "clinic.accord", "a.txt", "--delimiter", wrong, code=2)


def test_the_account_names_all_that_was_found(accord: Accord, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"question": "A?", "answer": "a"}\r\n{"question": "", "answer": "b"}\r\n')
    accord("new", "clinic.accord")
    (file,) = accord("import", "--json", "clinic.accord", "a.jsonl").value["files"]
    wanted = "file format encoding delimiter line_ends sheet pointer read accepted rejected duplicate rejections_file"
    assert set(wanted.split()) | {"rejections", "notes"} <= set(file)
    assert file["read"] == file["accepted"] + file["rejected"] + file["duplicate"] == 2
    assert [(f["line"], f["field"]) for f in file["rejections"]] == [(2, "question")]


def test_a_place_inside_a_row_is_a_column(accord: Accord, tmp_path: Path) -> None:
    rows = [{"id": n, "data": {"turns": [f"What is {n}?"], "reply": f"It is {n}."}} for n in range(3)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    accord("new", "clinic.accord")
    mapping = ("--map", "request=/data/turns/0,answer=/data/reply")
    assert accord("import", "--json", "clinic.accord", "a.jsonl", *mapping).value["accepted"] == 3
    first = json.loads(accord("list", "--json", "clinic.accord").out.splitlines()[0])
    assert [message["content"] for message in first["messages"]] == ["What is 0?", "It is 0."]


TEXTS = (
    "שלום, קח 5 mg של Ibuprofen (400) ביום.",
    "می‌خواهم بدانم که آیا این دارو را می‌توان با غذا خورد؟",
    "糖尿病患者应该控制饮食吗？葛\U000e0100",
    "ยานี้ควรกินหลังอาหารทันที วันละ ๒ ครั้ง",
    "क्षत्रिय दिन में दो बार खाने के बाद लें।",
    "👩‍⚕️ 👍🏿 👨‍👩‍👧‍👦 🇩🇪🇫🇷 1️⃣ e\u0301 \u1112\u1161\u11ab",
    "if admin \u202e\u2066// check\u2069 \u2066{\u200b\u00ad\ufeff",
)


def test_every_script_goes_in_and_out_byte_for_byte(accord: Accord, tmp_path: Path) -> None:
    rows = [{"question": text, "answer": text[::-1] if text.isascii() else text + " ✓"} for text in TEXTS]
    written = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (tmp_path / "all.jsonl").write_text(written, encoding="utf-8", newline="")
    accord("new", "clinic.accord")
    assert accord("import", "clinic.accord", "all.jsonl", "--json").value["accepted"] == len(TEXTS)
    listed = accord("list", "clinic.accord", "--json").lines
    verdicts = [{"id": example["id"], "reviewer": "ana", "verdict": "accept"} for example in listed]
    (tmp_path / "r.jsonl").write_text("".join(json.dumps(v) + "\n" for v in verdicts), encoding="utf-8")
    accord("reviews", "clinic.accord", "r.jsonl")
    accord("release", "clinic.accord", "v1", "--heldout", "0", "--validation", "0")
    accord("export", "clinic.accord", "--release", "v1", "--format", "openai", "--out", "out")
    lines = (tmp_path / "out/train.jsonl").read_bytes().decode("utf-8").split("\n")[:-1]
    found = {tuple(message["content"] for message in json.loads(line)["messages"]) for line in lines}
    assert found == {(row["question"], row["answer"]) for row in rows}
    assert all(f'"{text}"' in "\n".join(lines) for text in TEXTS)


def test_what_came_in_is_in_the_search_index_when_the_command_ends(accord: Accord, tmp_path: Path) -> None:
    rows = "".join(f"Question {n}?,Answer {n}\n" for n in range(indexing.SMALL + 1))
    (tmp_path / "a.csv").write_text(f"question,answer\n{rows}", encoding="utf-8")
    accord("new", "clinic.accord")
    accord("import", "clinic.accord", "a.csv")
    project = projects.open_project(path=tmp_path / "clinic.accord")
    assert indexing.waiting(project=project) == 0
    project.close()


def test_the_account_tells_what_each_column_became_and_how_many_answers_are_missing(
    accord: Accord, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("question,reply,licence\nA?,a,CC0\nB?,,CC0\nC?,,CC0\nA?,a,CC0\n", encoding="utf-8")
    accord("new", "clinic.accord")
    counts = ("read", "accepted", "rejected", "duplicate", "needs_answer")
    for words in (("--dry-run",), ()):
        (file,) = accord("import", "--json", "clinic.accord", "a.csv", *words).value["files"]
        assert file["mapping"] == {"request": "question", "answer": "reply", "licence": "licence"}
        assert [file[name] for name in counts] == [4, 3, 0, 1, 2]
        assert file["header"] == "yes"
    told = accord("import", "clinic.accord", "a.csv", "--map", "answer=licence,request=question").out.splitlines()
    assert "  request <- column “question”" in told
    assert "  answer <- column “licence”" in told
    assert not any("no answer yet" in line for line in told)
    (tmp_path / "b.csv").write_text("question\nD?\nE?\n", encoding="utf-8")
    assert "  2 accepted examples have no answer yet." in accord("import", "clinic.accord", "b.csv").out.splitlines()


def test_a_first_row_of_data_can_be_told_from_a_header(accord: Accord, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("What is flu?,An infection.\nWhat is gout?,A disease.\n", encoding="utf-8")
    accord("new", "clinic.accord")
    done = accord("import", "--json", "clinic.accord", "a.csv", "--dry-run").value
    assert (done["accepted"], done["files"][0]["header"]) == (2, "no")
    named = accord("import", "--json", "clinic.accord", "a.csv", "--header", "yes", "--map", "request=What is flu?")
    assert named.value["accepted"] == 1
    accord("import", "clinic.accord", "a.csv", "--header", "perhaps", code=2)


def test_corrected_rows_come_from_the_file_and_line_they_first_stood_in(accord: Accord, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("question;answer\nA?;a\nB?\nC?;c\n", encoding="utf-8")
    accord("new", "clinic.accord")
    (file,) = accord("import", "--json", "clinic.accord", "a.csv").value["files"]
    refused = Path(tmp_path / file["rejections_file"])
    text = refused.read_text("utf-8-sig")
    assert text.startswith("question;answer;accord_line;")
    refused.write_text(text.replace(";B?;", ';"B?;b";'), encoding="utf-8")
    done = accord("import", "--json", "clinic.accord", refused).value
    assert (done["read"], done["accepted"]) == (1, 1)
    sources = [line["source"] for line in accord("list", "--json", "clinic.accord").lines]
    assert sorted((source["file"], int(source["line"])) for source in sources) == [
        ("a.csv", 2),
        ("a.csv", 3),
        ("a.csv", 4),
    ]
