"""The sample project holds what its README and planted.json promise, checked without any other room."""

import csv
import io
import itertools
import json
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz import fuzz

import accord

SAMPLE = Path(accord.__file__).parent / "resources" / "sample"
FILES = ("clinic_questions.csv", "legal_questions.jsonl", "spanish_chinese.json")
REVIEWERS = {"Dr. Amara Osei", "Lena Fischer", "Mateo Ruiz"}
SENTENCE_BREAK = re.compile(r"[.!?] (?=[A-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One pair of the sample with the place where it stands."""

    file: str
    line: int
    group: str
    request: str
    answer: str

    @property
    def place(self) -> tuple[str, int]:
        return self.file, self.line

    @property
    def pair(self) -> str:
        return self.request + "\n" + self.answer


def read(name: str) -> str:
    """Strict UTF-8 text of a sample file; newlines inside cells stay as they are."""
    return (SAMPLE / name).read_bytes().decode("utf-8")


def refuse_constant(text: str) -> None:
    raise ValueError(text)


def refuse_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def strict_json(text: str) -> Any:
    """JSON without NaN, repeated keys and lone surrogates."""
    value = json.loads(text, parse_constant=refuse_constant, object_pairs_hook=refuse_repeats)
    json.dumps(value, ensure_ascii=False).encode("utf-8")
    return value


def csv_records(name: str) -> list[tuple[int, dict[str, str]]]:
    """Records of a table with the physical line on which each starts (the header is line 1)."""
    reader = csv.reader(io.StringIO(read(name), newline=""), strict=True)
    header = next(reader)
    records, start = [], reader.line_num + 1
    for cells in reader:
        assert len(cells) == len(header), f"{name}, line {start}"
        records.append((start, dict(zip(header, cells, strict=True))))
        start = reader.line_num + 1
    return records


def legal_row(line: int, text: str) -> Row:
    record = strict_json(text)
    roles = [m["role"] for m in record["messages"] if m["role"] != "system"]
    assert roles == ["user", "assistant"] * (len(roles) // 2)
    said = [m["content"] for m in record["messages"]]
    return Row(file=FILES[1], line=line, group=record["metadata"]["matter"], request=said[-2], answer=said[-1])


def alpaca_row(place: int, record: dict[str, str]) -> Row:
    assert set(record) == {"instruction", "input", "output"}
    request = "\n\n".join(part for part in (record["instruction"], record["input"]) if part)
    return Row(file=FILES[2], line=place, group=f"entry {place}", request=request, answer=record["output"])


@cache
def rows() -> dict[tuple[str, int], Row]:
    clinic = [
        Row(file=FILES[0], line=line, group=r["patient"], request=r["question"], answer=r["answer"])
        for line, r in csv_records(FILES[0])
    ]
    legal = [legal_row(n, text) for n, text in enumerate(read(FILES[1]).rstrip("\n").split("\n"), 1)]
    other = [alpaca_row(n, record) for n, record in enumerate(strict_json(read(FILES[2])), 1)]
    return {row.place: row for row in (*clinic, *legal, *other)}


@cache
def planted(kind: str) -> list[dict[str, Any]]:
    return [item for item in strict_json(read("planted.json"))["planted"] if item["kind"] == kind]


def planted_rows(item: dict[str, Any]) -> list[Row]:
    return [rows()[item["file"], line] for line in item["lines"]]


@cache
def reviews() -> dict[tuple[str, int], list[dict[str, str]]]:
    found: dict[tuple[str, int], list[dict[str, str]]] = defaultdict(list)
    for _, record in csv_records("reviews.csv"):
        found[record["file"], int(record["line"])].append(record)
    return found


def status(place: tuple[str, int]) -> str:
    """Where an item stands by its verdicts; edits agree when their texts do."""
    given = reviews().get(place, [])
    verdicts = {(r["verdict"], r["answer"], r["request"]) for r in given}
    if not given:
        return "unreviewed"
    if len(verdicts) > 1 or "unsure" in {r["verdict"] for r in given}:
        return "disagreement"
    return "rejected" if given[0]["verdict"] == "reject" else "accepted"


def final_answer(row: Row) -> str:
    return next((r["answer"] for r in reviews().get(row.place, []) if r["answer"]), row.answer)


def four_lines() -> re.Pattern[str]:
    """The rule as the README states it, so that the two cannot drift apart."""
    (rule,) = re.findall(r"^```\n(.+)\n```$", read("README.md"), re.MULTILINE)
    return re.compile(rule)


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


@cache
def shingles(text: str) -> frozenset[str]:
    """3-grams of words, or 5-grams of characters where most letters are Han."""
    text = unicodedata.normalize("NFC", text).casefold()
    letters = [c for c in text if c.isalpha()]
    if 2 * sum("\u4e00" <= c <= "\u9fff" for c in letters) > len(letters):
        text = " ".join(text.split())
        return frozenset(text[i : i + 5] for i in range(max(1, len(text) - 4)))
    words = re.findall(r"\w+", text)
    return frozenset(" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2)))


def jaccard(one: str, two: str) -> float:
    a, b = shingles(one), shingles(two)
    return len(a & b) / len(a | b)


@cache
def near_pairs() -> list[tuple[Row, Row, float]]:
    """Every two rows whose shingles overlap by 0.4 or more."""
    pairs = itertools.combinations(rows().values(), 2)
    return [(a, b, j) for a, b in pairs if (j := jaccard(a.pair, b.pair)) >= 0.4]


@cache
def components() -> dict[tuple[str, int], tuple[str, int]]:
    """The leak-free group of each row: joined by patient or matter, by request and by near-duplicate text."""
    parent = {place: place for place in rows()}

    def root(place: tuple[str, int]) -> tuple[str, int]:
        while parent[place] != place:
            place = parent[place]
        return place

    by_key: dict[str, tuple[str, int]] = {}
    for row in rows().values():
        for key in ("group " + row.group, "request " + folded(row.request)):
            parent[root(row.place)] = root(by_key.setdefault(key, row.place))
    for a, b, overlap in near_pairs():
        if overlap >= 0.8:
            parent[root(a.place)] = root(b.place)
    return {place: root(place) for place in rows()}


def test_there_are_more_than_two_hundred_pairs_in_three_languages() -> None:
    counts = Counter(row.file for row in rows().values())
    assert counts[FILES[0]] >= 105
    assert counts[FILES[1]] >= 65
    other = [row.answer for row in rows().values() if row.file == FILES[2]]
    chinese = sum(bool(re.search(r"[\u4e00-\u9fff]", text)) for text in other)
    assert min(chinese, len(other) - chinese) >= 15
    assert sum(counts.values()) >= 200


@pytest.mark.parametrize("path", sorted(SAMPLE.iterdir()), ids=lambda path: path.name)
def test_files_are_utf8_with_plain_line_ends(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    assert re.fullmatch("[^\r\u2028\u2029\ufeff\x00]+\n", text)
    assert unicodedata.is_normalized("NFC", text)


def test_the_table_has_awkward_cells_and_every_row_has_its_origin() -> None:
    records = [record for _, record in csv_records(FILES[0])]
    assert {"\n", '"', ","} <= {character for record in records for cell in record.values() for character in cell}
    assert all(record["question"] and record["tags"] and record["licence"] for record in records)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", record["source_date"]) for record in records)
    assert max(Counter(record["patient"] for record in records).values()) > 1


def test_the_invented_law_says_that_it_is_invented() -> None:
    records = [strict_json(line) for line in read(FILES[1]).rstrip("\n").split("\n")]
    assert all("invented" in record["metadata"]["jurisdiction"] for record in records)
    assert all("Harbour Province" in json.dumps(record["messages"]) for record in records)
    assert sum(len(record["messages"]) > 3 for record in records) >= 3


def test_ninety_answers_share_the_four_lines_in_seventy_groups() -> None:
    rule = four_lines()
    formatted = [row for row in rows().values() if rule.fullmatch(row.answer)]
    assert len(formatted) >= 90
    assert len({components()[row.place] for row in formatted}) >= 70
    assert Counter(row.file for row in formatted).keys() == {FILES[0], FILES[1]}
    almost = [row for row in rows().values() if row.answer.startswith("Answer:") and row not in formatted]
    assert all(rule.fullmatch(final_answer(row)) for row in almost), "an answer near the form is put right by an edit"
    urgency = Counter(row.answer.rsplit(" ", 1)[1] for row in formatted)
    assert min(urgency[word] for word in ("routine", "soon", "urgent", "emergency")) >= 10


def test_each_of_the_four_lines_keeps_to_its_number_of_sentences() -> None:
    rule = four_lines()
    for text in (text for row in rows().values() if rule.fullmatch(text := final_answer(row))):
        answer, why, step, _ = text.split("\n")
        assert len(SENTENCE_BREAK.findall(answer)) <= 1, answer
        assert not SENTENCE_BREAK.search(why), why
        assert not SENTENCE_BREAK.search(step), step


def test_enough_accepted_answers_for_training_are_in_leak_free_groups() -> None:
    accepted = [row for row in rows().values() if status(row.place) == "accepted"]
    rule = four_lines()
    formatted = [row for row in accepted if rule.fullmatch(final_answer(row))]
    assert len(accepted) >= 110
    assert len(formatted) >= 85
    assert len({components()[row.place] for row in formatted}) >= 62


def test_rows_are_clearly_different_except_for_planted_duplicates() -> None:
    twins = [*planted("near_duplicate"), *planted("exact_duplicate")]
    places = [[row.place for row in planted_rows(item)] for item in twins]
    known = {frozenset(pair) for cluster in places for pair in itertools.combinations(cluster, 2)}
    found = {frozenset((a.place, b.place)) for a, b, overlap in near_pairs() if overlap >= 0.6}
    assert found == known


def test_planted_near_duplicates_are_near_and_not_the_same() -> None:
    clusters = [planted_rows(item) for item in planted("near_duplicate")]
    assert len(clusters) >= 6
    assert sum(len(cluster) >= 3 for cluster in clusters) >= 2
    for a, b in itertools.chain.from_iterable(itertools.combinations(cluster, 2) for cluster in clusters):
        assert 0.8 <= jaccard(a.pair, b.pair) < 1
        assert fuzz.ratio(a.pair, b.pair) > 90


def test_one_row_stands_twice_cell_for_cell() -> None:
    (item,) = planted("exact_duplicate")
    first, second = (record for line, record in csv_records(FILES[0]) if line in item["lines"])
    assert first == second


def test_planted_conflicts_are_all_the_conflicts_there_are() -> None:
    same_request: dict[str, list[Row]] = defaultdict(list)
    for row in rows().values():
        same_request[folded(row.request)].append(row)
    twins = {tuple(planted("exact_duplicate")[0]["lines"])}
    found = {tuple(row.line for row in group) for group in same_request.values() if len(group) > 1} - twins
    conflicts = [planted_rows(item) for item in planted("conflict")]
    assert found == {tuple(row.line for row in pair) for pair in conflicts}
    assert len(conflicts) >= 4
    for a, b in conflicts:
        assert a.request != b.request
        assert jaccard(a.answer, b.answer) < 0.3


def test_planted_personal_data_stands_in_the_request() -> None:
    items = planted("personal_data")
    assert len(items) >= 8
    for item in items:
        assert all(value["text"] in planted_rows(item)[0].request for value in item["values"])
    kinds = {value["type"] for item in items for value in item["values"]}
    assert {"person", "phone", "email", "record_number", "date_of_birth"} <= kinds


def test_wrong_answers_are_marked_and_a_reviewer_corrected_them() -> None:
    assert len(planted("wrong_answer")) == 2
    for item in planted("wrong_answer"):
        (row,) = planted_rows(item)
        assert item["wrong"] in row.answer
        assert item["wrong"] not in item["correct_answer"].replace(item["correct"], "")
        assert item["correct"] in item["correct_answer"]
        assert four_lines().fullmatch(item["correct_answer"])
        assert item["correct_answer"] in {r["answer"] for r in reviews()[row.place]}


def test_missing_answers_are_listed() -> None:
    (item,) = planted("missing_answer")
    assert {row.place for row in rows().values() if not row.answer.strip()} == {r.place for r in planted_rows(item)}


def fault_of(line: str) -> str | None:
    """What is wrong with one line of chat JSON; None for a good one."""
    try:
        messages = strict_json(line)["messages"]
    except UnicodeEncodeError:
        return "lone_surrogate"
    except json.JSONDecodeError:
        return "malformed_json"
    except ValueError as error:
        return "not_a_number" if "NaN" in str(error) else "duplicate_key"
    roles = {message["role"] for message in messages}
    if not roles:
        return "empty_messages"
    if roles - {"system", "user", "assistant", "tool"}:
        return "wrong_role"
    return None if "user" in roles else "no_user_message"


def test_bad_rows_have_the_fault_that_is_claimed_and_three_rows_are_good() -> None:
    faults = {n: fault_of(line) for n, line in enumerate(read("bad_rows.jsonl").rstrip("\n").split("\n"), 1)}
    assert {n: fault for n, fault in faults.items() if fault} == {p["lines"][0]: p["fault"] for p in planted("bad_row")}
    assert len(set(faults.values())) == 8
    assert sum(fault is None for fault in faults.values()) == 3


def test_reviews_point_at_rows_and_each_reviewer_speaks_once_about_one() -> None:
    for place, given in reviews().items():
        assert place in rows()
        names = [r["reviewer"] for r in given]
        assert len(set(names)) == len(names)
        assert set(names) <= REVIEWERS
        assert {r["verdict"] for r in given} <= {"accept", "edit", "reject", "unsure"}
        assert all(r["comment"] for r in given if r["verdict"] == "reject")


def test_edits_change_a_text_and_nothing_else_carries_one() -> None:
    for place, record in ((place, r) for place, given in reviews().items() for r in given):
        row = rows()[place]
        if record["verdict"] != "edit":
            assert not record["answer"] + record["request"]
            continue
        assert record["answer"] or record["request"]
        assert record["answer"] != row.answer
        assert record["request"] != row.request
    assert sum(r["verdict"] == "edit" for given in reviews().values() for r in given) >= 12


def test_reviewers_agree_differ_and_leave_work_for_the_visitor() -> None:
    counts = Counter(status(place) for place in rows())
    assert counts["rejected"] >= 8
    assert counts["disagreement"] >= 8
    assert 30 <= counts["unreviewed"] <= 50
    doubles = [place for place, given in reviews().items() if len(given) > 1]
    assert sum(status(place) != "disagreement" for place in doubles) >= 30
    differing = {place for place in doubles if status(place) == "disagreement"}
    assert differing == {(item["file"], item["lines"][0]) for item in planted("disagreement")}
    assert max(len(reviews()[place]) for place in differing) == len(REVIEWERS)


def test_the_visitor_finds_duplicates_conflicts_and_missing_answers_to_settle() -> None:
    waiting = {place for place in rows() if status(place) == "unreviewed"}
    for kind, least in (("near_duplicate", 3), ("conflict", 3), ("missing_answer", 5)):
        places = {row.place for item in planted(kind) for row in planted_rows(item)}
        assert len(places & waiting) >= least, kind


# Words of invented places, codes and offices, and one sentence that opens with a verb and a weekday.
NO_PERSON = re.compile(
    "(Harbour|Port|Tenancy|Limitation|Labour|Employment|Standards|Consumer|Sales|Equality|Trade|Data|Travel|Mill|"
    "Lantern|Herring|Moonberry|Detox|Faro|Inmobiliaria|Provincia|Junta|Province|The|Started) "
)


def test_no_person_is_named_but_the_invented_ones() -> None:
    people = " ".join(v["text"] for item in planted("personal_data") for v in item["values"] if v["type"] == "person")
    word = r"[A-ZÁÉÍÓÚ][a-zà-ÿ]+"
    text = "\n".join(row.pair for row in rows().values())
    found = set(re.findall(rf"(?=\b({word} {word})\b)", text))
    assert {name for name in found if not NO_PERSON.match(name) and name not in people} == set()


def test_numbers_and_addresses_cannot_reach_anybody() -> None:
    text = "\n".join(path.read_bytes().decode("utf-8") for path in SAMPLE.glob("*_*.*"))
    assert all(re.fullmatch(r"555-01\d\d", number) for number in re.findall(r"\b\d{3}-\d{4}\b", text))
    assert set(re.findall(r"@([\w.]*\w)", text)) == {"example.org"}
    assert set(re.findall(r"https?://([^/\s\"]+)", text)) == {"example.org"}
