"""Text that people read is refused with what it looks like; lists of requests and odd tables are still read."""

from pathlib import Path

import pytest

from accord.formats.failures import UnreadableFile
from accord.formats.reading import inspect_file

TEXTS = [
    ("running text", "Dear Sir,\n\nI write about the contract, which we signed.\nIt is void.\n\nYours,\nA\n"),
    ("running text", "The lease of the flat in the old town ends in the month\nof May, which both\nhave signed.\n" * 3),
    ("running text", ("The patient came in with a cough that had lasted for weeks. " * 6 + "\n") * 3),
    ("Markdown", "# Leases\n\nA lease is a contract.\n\n- one\n- two\n"),
    ("Markdown", "| question | answer |\n|---|---|\n| What? | That. |\n"),
    ("Markdown", "---\ntitle: Leases\ndate: 2020\n---\n\nA lease is a contract.\n"),
    ("YAML", "- question: What?\n  answer: That.\n- question: How?\n  answer: So.\n"),
    ("YAML", "name: leases\nversion: 1\nitems:\n  - one\n  - two\n"),
    ("a dialogue", "Doctor: How are you?\nPatient: Fine, thanks.\nDoctor: Good.\nPatient: Yes.\n"),
]


@pytest.mark.parametrize(("kind", "text"), TEXTS)
def test_text_is_refused_with_what_it_looks_like_and_what_can_be_read(tmp_path: Path, kind: str, text: str) -> None:
    path = tmp_path / "notes.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFile, match=f"It looks like {kind}, not like a table.*CSV, TSV, Excel"):
        inspect_file(path)
    assert inspect_file(path, format="table").container == "csv"


TABLES = [
    "What is flu?\nHow long does it last?\nName three drugs.\n",
    "question\n\nWhat is flu?\n\nHow long does it last?\n",
    "a,b\n1,2\n\n3,4\n",
    "Export of Monday\n\nquestion,answer\nQ,A\n",
    "# a comment\n# and more\nquestion,answer\nQ,A\n",
    'question,answer\nQ,"- one\n- two\n\n# three"\nQ2,"First, of all.\n\nSecond."\n',
    "question,answer\nQ1\nQ2,A2,more\nQ3,A3\n",
    "id|note\n1|- a\n2|- b\n",
]


@pytest.mark.parametrize("text", TABLES)
def test_rows_are_not_taken_for_text(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rows.txt"
    path.write_text(text, encoding="utf-8")
    assert inspect_file(path).container == "csv"
