import pytest

from accord.domain.errors import NotFound, Refused
from accord.domain.filters import BadFilter
from accord.domain.ledger import Who
from accord.storage.project import Project
from accord.workflows import saved_filters
from accord.workflows.saved_filters import SavedFilter


def test_a_filter_is_kept_for_oneself_renamed_and_forgotten(project: Project, who: Who) -> None:
    where = 'status = "candidate" and tag = "dosage"'
    saved_filters.save(project=project, who=who, name="  Dosage   left ", where=where)
    saved_filters.save(project=project, who=who, name="A%_b", where="tag = x")
    assert saved_filters.listed(project=project, person="ana") == [
        SavedFilter(name="A%_b", where="tag = x"),
        SavedFilter(name="Dosage left", where=where),
    ]
    assert saved_filters.listed(project=project, person="ben") == []
    saved_filters.rename(project=project, who=who, name="Dosage left", to="Mine")
    with pytest.raises(Refused):
        saved_filters.rename(project=project, who=who, name="A%_b", to="Mine")
    assert saved_filters.delete(project=project, who=who, name="Mine").where == where
    assert [kept.name for kept in saved_filters.listed(project=project, person="ana")] == ["A%_b"]
    with pytest.raises(NotFound):
        saved_filters.delete(project=project, who=who, name="Mine")


@pytest.mark.parametrize(
    ("name", "where", "error"),
    [("", "tag = x", Refused), ("n" * 61, "tag = x", Refused), ("n", "", Refused), ("n", "colour = red", BadFilter)],
)
def test_what_cannot_be_kept_is_refused(
    project: Project, who: Who, name: str, where: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        saved_filters.save(project=project, who=who, name=name, where=where)
    assert saved_filters.listed(project=project, person="ana") == []
