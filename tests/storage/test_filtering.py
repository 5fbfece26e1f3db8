"""Filters and search: what they find is what a plain Python reading of the rows finds."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.storage.conftest import WHO, bring_in, record

from accord.domain.errors import AccordError
from accord.domain.filters import BadFilter, Field, Op, Term, parse_filter
from accord.domain.history import ExampleRow
from accord.domain.review import Judgement, Verdict
from accord.storage import listing
from accord.storage.project import Project, create_project
from accord.workflows import reviewing

TEXTS = [
    "What is high blood pressure?",
    "Was ist Bluthochdruck? Groß, STRASSE und Straße",
    "¿Qué es la hipertensión?",
    "高血压是什么？有什么症状",
    "高血",
    "ما هو ضغط الدم",
    "什么是 blood 压力 test_case",
    '100% of 5\' and "quotes"; DROP TABLE example; --',
    "under_score a_b ﬁne Å Å",
    "",
]


@pytest.fixture(scope="module", params=["file", "server"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Give a project with many kinds of text, in a file and on a server."""
    place: Path | str = tmp_path_factory.mktemp("filters") / "clinic.accord"
    if request.param == "server":
        place = request.getfixturevalue("server").new_database()
    project = create_project(place)
    rows = [
        record(
            n,
            f"{text} n{n}",
            TEXTS[(n * 3) % len(TEXTS)],
            group=["", "g1", "G1", "g%1", "g_1"][n % 5],
            source=["", "NIH", "nih.gov", "o'hara"][n % 4],
            tags=[(), ("a",), ("a", "b"), ("ab",), ("a and b",)][(n // 2) % 5],
        )
        for n, text in enumerate(TEXTS * 4)
    ]
    bring_in(project, rows[:25], file="first.csv")
    bring_in(project, [*rows[25:], *rows[:3]], file="second 100%.csv")
    for number, row in enumerate(rows):
        if number % 3 == 0 and row.content.has_answer:
            verdict = [Verdict.ACCEPT, Verdict.REJECT, Verdict.UNSURE][number % 9 // 3]
            reviewing.submit(
                project=project,
                who=WHO,
                example_id=row.content.id,
                judgement=Judgement(verdict=verdict, tags=row.source.tags),
                reviewer=["ana", "Ben", "an"][number % 3],
            )
    yield project
    project.close()


def _fits(row: ExampleRow, files: set[str], sources: set[str], groups: set[str], term: Term) -> bool:
    found = _positive(row, files, sources, groups, term)
    return not found if term.op is Op.IS_NOT else found


def _positive(row: ExampleRow, files: set[str], sources: set[str], groups: set[str], term: Term) -> bool:
    def one(value: str) -> bool:
        return term.value.lower() in value.lower() if term.op is Op.CONTAINS else value == term.value

    if term.field is Field.ID and term.op is not Op.CONTAINS:
        return bool(term.value) and row.id.startswith(term.value)
    if term.field is Field.TEXT:
        return _has_words(row, term.value)
    if term.field is Field.FINDING:
        # No check was made of these: the empty name finds what has no finding, and any other but these finds none.
        return not term.value or (term.value == "conflict" and row.conflict)
    values = {
        Field.STATUS: {row.status},
        Field.ORIGIN: {row.origin},
        Field.ID: {row.id},
        Field.TAG: set(row.tags),
        Field.REVIEWER: set(row.reviewers),
        Field.ASSIGNED: set[str](),
        Field.SOURCE: files | sources,
        Field.GROUP: groups,
    }[term.field]
    if term.field in {Field.TAG, Field.REVIEWER, Field.ASSIGNED} and not term.value:
        return not values
    return any(one(value) for value in values)


CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+")


def _has_words(row: ExampleRow, query: str) -> bool:
    """Say whether every word of a query stands in the texts; CJK is looked for as characters side by side."""
    text = _folded("\n".join(m.content for m in row.content.messages))
    wanted = [(piece, piece.endswith("*")) for piece in query.split()]
    asked = 0
    for piece, prefix in wanted:
        folded = _folded(piece)
        runs, rest = CJK.findall(folded), re.findall(r"\w+", CJK.sub(" ", folded))
        asked += len(runs) + len(rest)
        pairs = [run[i : i + 2] for run in runs for i in range(max(1, len(run) - 1))]
        known = re.findall(r"\w+", CJK.sub(" ", text))
        if not all(pair in text for pair in pairs):
            return False
        last = rest[-1] if prefix and rest and not folded.rstrip("*").endswith(tuple(runs) or ("\0",)) else None
        if not all(any(w == word or (word == last and w.startswith(word)) for w in known) for word in rest):
            return False
    return asked > 0


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text.casefold())


VALUES = st.one_of(
    st.sampled_from(
        [
            *TEXTS,
            "a",
            "b",
            "ab",
            "a and b",
            "A",
            "g1",
            "G1",
            "g%1",
            "%",
            "_",
            "NIH",
            "nih",
            "o'hara",
            "ana",
            "an",
            "Ben",
        ]
    ),
    st.sampled_from(
        ["first.csv", "second 100%.csv", "csv", "accepted", "candidate", "imported", "blood", "BLOOD", "straße"]
    ),
    st.sampled_from(["strasse", "高血压", "血压", "什么", "ضغط", "fine", "hipertensión", "hipertension", "n1", "n"]),
    st.text(max_size=5),
)
TERMS = st.builds(Term, field=st.sampled_from(Field), op=st.sampled_from(Op), value=VALUES)


@given(st.lists(TERMS, max_size=3))
def test_a_filter_finds_what_python_finds(filled: Project, terms: list[Term]) -> None:
    with filled.read() as view:
        found = set(listing.seqs(view, terms))
        assert listing.count(view, terms) == len(found)
        expected = set()
        for row in listing.iterate(view):
            places = listing.places(view, row.seq)
            facts = ({p.file for p in places}, {p.source.source for p in places}, {p.source.group for p in places})
            if all(_fits(row, *facts, term) for term in terms):
                expected.add(row.seq)
    assert found == expected


@given(st.lists(TERMS, min_size=1, max_size=3))
def test_a_filter_reads_back_as_it_was_written(terms: list[Term]) -> None:
    def quoted(value: str) -> str:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'

    assert parse_filter(" and ".join(f"{t.field} {t.op} {quoted(t.value)}" for t in terms)) == tuple(terms)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        ("status=accepted", [("status", "=", "accepted")]),
        ("Status != accepted AND tag ~ chronic pain", [("status", "!=", "accepted"), ("tag", "~", "chronic pain")]),
        ("text ~ salt and pepper", [("text", "~", "salt and pepper")]),
        ("tag = 'a and id = 1' and origin = x", [("tag", "=", "a and id = 1"), ("origin", "=", "x")]),
        ("text ~ it's and tag = don't", [("text", "~", "it's"), ("tag", "=", "don't")]),
        ("tag =", [("tag", "=", "")]),
    ],
)
def test_filters_as_people_type_them(text: str, terms: list[tuple[str, str, str]]) -> None:
    assert [(str(t.field), str(t.op), t.value) for t in parse_filter(text)] == terms


@pytest.mark.parametrize("text", ["colour = red", "status", "= x", "status > 3", "and", "status = x and and", "; drop"])
def test_what_is_no_filter_is_told(text: str) -> None:
    if text == "status = x and and":  # the second word is part of the value
        assert parse_filter(text)[0].value == "x and and"
        return
    with pytest.raises(BadFilter):
        parse_filter(text)


INJECTIONS = [
    '" OR 1=1 --',
    "' OR '1'='1",
    "NEAR(a b)",
    "a NOT b",
    "a OR b",
    "body:a",
    "*",
    '"',
    "a*b*",
    "^a",
    "{a b}:c",
    "(a",
    "-a",
    "+",
    "\x00",
    "%",
    "_",
    "\\",
    "x' UNION SELECT 1 --",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
    "ﬀ",
    "\u200b",
    "e\u0301",
]


@pytest.mark.parametrize("value", INJECTIONS)
@pytest.mark.parametrize("field", list(Field))
def test_no_text_of_a_filter_is_a_command(filled: Project, field: Field, value: str) -> None:
    with filled.read() as view:
        found = set(listing.seqs(view, [Term(field=field, op=Op.CONTAINS, value=value)]))
        rest = set(listing.seqs(view, [Term(field=field, op=Op.IS_NOT, value=value)]))
        everything = set(listing.seqs(view))
    assert found <= everything
    assert rest <= everything
    assert len(everything) == len(TEXTS * 4)


def test_naughty_strings_are_searched_for_without_a_fault(filled: Project, data_dir: Path) -> None:
    for text in json.loads((data_dir / "hostile" / "blns.json").read_text("utf-8")):
        with filled.read() as view:
            for field in (Field.TEXT, Field.TAG, Field.SOURCE):
                list(listing.seqs(view, [Term(field=field, op=Op.CONTAINS, value=text)]))
        try:
            parse_filter(text)
        except AccordError:
            continue


@pytest.mark.parametrize(
    ("query", "requests"),
    [
        ("blood pressure", {"What is high blood pressure? n0"}),
        ("PRESSURE high", {"What is high blood pressure? n0"}),
        ("press*", {"What is high blood pressure? n0"}),
        ("press", set()),
        ("高血压", {"高血压是什么？有什么症状 n3"}),
        ("压是", {"高血压是什么？有什么症状 n3"}),
        ("高血", {"高血压是什么？有什么症状 n3", "高血 n4"}),
        ("straße", {"Was ist Bluthochdruck? Groß, STRASSE und Straße n1"}),
        ("GROSS", {"Was ist Bluthochdruck? Groß, STRASSE und Straße n1"}),
        ("test_case", {"什么是 blood 压力 test_case n6"}),
        ("Å", {"under_score a_b ﬁne Å Å n8"}),
    ],
)
def test_search_by_words(project: Project, query: str, requests: set[str]) -> None:
    bring_in(project, [record(n, f"{text} n{n}", "-") for n, text in enumerate(TEXTS)])
    with project.read() as view:
        rows = listing.page(view, list(listing.seqs(view, [Term(field=Field.TEXT, op=Op.CONTAINS, value=query)])))
    assert {row.content.request for row in rows} == requests


def test_one_chinese_character_is_found_where_it_stands_alone_or_in_a_word(project: Project) -> None:
    bring_in(project, [record(1, "高血压"), record(2, "血"), record(3, "糖尿病")])
    with project.read() as view:
        rows = listing.page(view, list(listing.seqs(view, [Term(field=Field.TEXT, op=Op.CONTAINS, value="血")])))
    assert {row.content.request for row in rows} == {"高血压", "血"}


@pytest.mark.parametrize("sort", ["seq", "status", "id", "last_review", "import"])
@pytest.mark.parametrize("descending", [False, True])
def test_lists_are_in_order(filled: Project, sort: str, descending: bool) -> None:  # noqa: FBT001  (a table of cases)
    with filled.read() as view:
        numbers = listing.seqs(view, sort=sort, descending=descending)
        rows = listing.page(view, numbers)
        imports = {row.seq: listing.places(view, row.seq)[0].import_id for row in rows}
    keys: dict[str, Callable[[ExampleRow], Any]] = {
        "seq": lambda row: row.seq,
        "status": lambda row: row.status,
        "id": lambda row: row.id,
        "last_review": lambda row: row.last_review,
        "import": lambda row: imports[row.seq],
    }
    assert [row.seq for row in rows] == list(numbers)
    by_number = sorted(rows, key=lambda row: row.seq)
    assert rows == sorted(by_number, key=keys[sort], reverse=descending) or sort == "seq" or descending
    values = [keys[sort](row) for row in rows]
    assert values == sorted(values, reverse=descending)
