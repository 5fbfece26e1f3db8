from dataclasses import replace

import pytest

from accord.domain.errors import Refused
from accord.domain.findings import Limits
from accord.domain.ledger import Who
from accord.storage.project import Project
from accord.workflows import projects


def test_the_guideline_has_a_version_of_its_own(project: Project, who: Who) -> None:
    first = projects.guideline_number(project=project)
    settings = projects.settings_of(project=project)
    projects.change_settings(project=project, who=who, settings=replace(settings, title="Another title"))
    assert projects.guideline_number(project=project) == first
    for version, text in enumerate(("Be kind.", "Be kind and brief.", "Be kind."), first + 1):
        projects.change_settings(project=project, who=who, settings=replace(settings, guideline=text))
        assert projects.guideline_number(project=project) == version


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "not valid JSON"),
        ("[]", "begins with {"),
        ('{"type": "objec"}', "not a JSON schema; at type"),
        ('{"type": "object", "type": "array"}', "stands twice"),
        ('{"minimum": NaN}', "not JSON"),
    ],
)
def test_a_text_that_is_no_schema_is_told_why(text: str, why: str) -> None:
    assert why in (projects.schema_problem(text=text) or "")


def test_a_schema_is_a_schema() -> None:
    text = '{"type": "object", "required": ["dose"], "properties": {"dose": {"type": "string"}}}'
    assert projects.schema_problem(text=text) is None


def test_a_form_of_answers_that_cannot_be_read_is_refused_when_it_is_typed(project: Project, who: Who) -> None:
    settings = projects.settings_of(project=project)
    with pytest.raises(Refused, match=r"“Answer: \(” is no regular expression"):
        projects.change_settings(
            project=project, who=who, settings=replace(settings, checks=Limits(pattern="Answer: ("))
        )
    assert projects.settings_of(project=project) == settings
