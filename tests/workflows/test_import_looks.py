"""Looking at a file before its import gives what the import gives; an import can be taken back by its number."""

from pathlib import Path

import pytest

from accord.domain.errors import NotFound, Refused
from accord.domain.ledger import Who
from accord.domain.records import RawRecord, RowFault
from accord.domain.review import Judgement, Verdict
from accord.formats.failures import BadMapping
from accord.storage.project import Project
from accord.workflows import browsing, import_looks, importing, projects, reviewing

ROWS = (
    '{"question": "A?", "answer": "a", "patient": "p1", "verdict": "accept", "who": "ana"}\n'
    '{"question": "", "answer": "b"}\n'
    '{"question": "C?", "answer": "", "verdict": "accept", "who": "ana"}\n'
)
MAPPING = {"request": "question", "answer": "answer", "group": "patient", "verdict": "verdict", "reviewer": "who"}


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_the_preview_is_what_the_import_gives(project: Project, who: Who, rows: Path) -> None:
    found = import_looks.preview(shape=importing.look_at(path=rows), mapping=MAPPING)
    report = importing.import_file(project=project, who=who, path=rows, mapping=MAPPING)
    assert tuple(found.faults) == report.rejections
    good = [row for row in found.rows if isinstance(row, RawRecord)]
    stored = browsing.example_page(project=project, numbers=[1])
    assert [row.content.id for row in good] == [row.id for row in stored]
    assert [type(row) for row in found.rows] == [RawRecord, RowFault, RowFault]


def test_the_preview_stops_at_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("question,answer\n" + "".join(f"q{n}?,a\n" for n in range(100)), encoding="utf-8")
    found = import_looks.preview(shape=importing.look_at(path=path), mapping={}, limit=7)
    assert [row.line for row in found.rows] == list(range(2, 9))


def test_a_mapping_that_does_not_fit_is_a_sentence(rows: Path) -> None:
    with pytest.raises(BadMapping, match="There is no column “nowhere”"):
        import_looks.preview(shape=importing.look_at(path=rows), mapping={"request": "nowhere"})


def test_the_columns_of_a_format_are_its_own(tmp_path: Path, rows: Path) -> None:
    chat = tmp_path / "chat.jsonl"
    chat.write_text('{"messages": [{"role": "user", "content": "A?"}], "source": "x"}\n', encoding="utf-8")
    assert import_looks.own_columns(shape=importing.look_at(path=chat)) == {"messages"}
    assert import_looks.own_columns(shape=importing.look_at(path=rows)) == frozenset()


def test_the_account_of_an_import_can_be_read_again(project: Project, who: Who, rows: Path) -> None:
    report = importing.import_file(project=project, who=who, path=rows, mapping=MAPPING)
    assert report.import_id is not None
    again = import_looks.report_of(project=project, import_id=report.import_id)
    assert again.tally == report.tally
    assert again.rejections == report.rejections
    assert again.rejections_file == report.rejections_file
    assert Path(again.rejections_file).is_file()
    with pytest.raises(NotFound):
        import_looks.report_of(project=project, import_id=99)


def test_imports_are_taken_back_but_not_what_was_reviewed(project: Project, who: Who, tmp_path: Path) -> None:
    numbers = []
    for name in ("a", "b"):
        path = tmp_path / f"{name}.csv"
        path.write_text(f"question,answer\n{name}1?,x\n{name}2?,y\n", encoding="utf-8")
        numbers.append(importing.import_file(project=project, who=who, path=path).import_id)
    first = browsing.example_page(project=project, numbers=[1])[0]
    judged = Judgement(verdict=Verdict.ACCEPT)
    reviewing.submit(project=project, who=who, example_id=first.id, judgement=judged)
    ids = [number for number in numbers if number is not None]
    assert import_looks.undo_imports(project=project, who=who, import_ids=ids) == 3
    assert projects.counts(project=project).by_status == {"accepted": 1, "set_aside": 3}
    with pytest.raises(Refused):
        import_looks.undo_imports(project=project, who=who, import_ids=ids)
    with pytest.raises(Refused, match="not yours"):
        import_looks.undo_imports(project=project, who=Who(actor="ben"), import_ids=ids)
