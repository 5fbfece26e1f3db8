"""What one example's finding names: the others of its cluster, and the rivals of its conflict."""

from pathlib import Path

from accord.domain.ledger import Who
from accord.storage.project import Project
from accord.workflows import browsing, conflicts, duplicates, importing

LONG = "Drink water and rest for three days, then see a doctor if the fever stays above thirty nine degrees."


def test_twins_and_rivals_are_named_until_they_are_set_aside(project: Project, who: Who, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(f'q,a\nFever now?,"{LONG}"\nFever right now?,"{LONG}"\nFever now?,No.\nOther?,Yes.\n', "utf-8")
    importing.import_file(project=project, who=who, path=path, mapping={"request": "q", "answer": "a"})
    first, twin, rival, other = (row.id for row in browsing.examples(project=project))
    assert duplicates.duplicates_of(project=project, example_id=first) == []
    duplicates.find(project=project, who=who, threshold=0.6)
    assert [row.id for row in duplicates.duplicates_of(project=project, example_id=first)] == [twin]
    assert [row.id for row in conflicts.rivals_of(project=project, example_id=first)] == [rival]
    assert duplicates.duplicates_of(project=project, example_id=other) == []
    assert conflicts.rivals_of(project=project, example_id=other) == []
    duplicates.set_aside(project=project, who=who, ids=[twin])
    assert duplicates.duplicates_of(project=project, example_id=first) == []
