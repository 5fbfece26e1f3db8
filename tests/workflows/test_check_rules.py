"""The rules in words, how the examples of a project stand by them, and which limits can be used."""

from dataclasses import replace

import pytest
from tests.storage.conftest import bring_in, record

from accord.checks import registry
from accord.domain.findings import Kind, Limits
from accord.domain.ledger import Who
from accord.jobs import call_in_worker
from accord.storage.project import Project
from accord.workflows import check_rules, findings, projects

LIGHT = tuple(rule.name for rule in registry.RULES if rule.needs)


def test_every_rule_has_a_kind_with_a_title_words_and_a_source() -> None:
    found = check_rules.rules()
    assert {rule.name for rule in registry.RULES} <= {rule.name for rule in found}
    assert len({rule.name for rule in found}) == len(found)
    for rule in found:
        assert rule.title
        assert rule.source
        assert "{" not in rule.sentence
    assert {rule.kind for rule in found if rule.whole} <= {Kind.LENGTH, Kind.BALANCE, Kind.TAGS}
    assert all(check_rules.kind_title(kind) for kind in Kind)


def test_standing_counts_what_is_checked_and_what_was_found(project: Project, who: Who) -> None:
    settings = projects.settings_of(project=project)
    projects.change_settings(project=project, who=who, settings=replace(settings, checks=Limits(off=LIGHT)))
    bring_in(project, [record(1, "How?", "Write to ana@clinic.example.org."), record(2, "When?", "In the morning.")])
    before = check_rules.standing(project=project)
    assert (before.examples, before.stale, before.open) == (2, 2, 0)
    findings.run(project=project, actor=who)
    after = check_rules.standing(project=project)
    assert (after.stale, after.counts["email-address"].open) == (0, 1)
    assert after.missing == ()
    assert after.may_run


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(pattern="(a"), "regular expression"),
        (Limits(shortest=5, longest=4), "shortest"),
        (Limits(languages=("en", "english")), "english"),
        (Limits(least_share=0.6, most_share=0.5), "least share"),
        (Limits(), ""),
        (Limits(shortest=5, longest=0), ""),
    ],
)
def test_limits_that_cannot_be_used_are_told(limits: Limits, said: str) -> None:
    problem = check_rules.problem(limits)
    assert said in problem
    assert bool(said) == bool(problem)


def test_all_examples_are_looked_at_together_in_a_process_of_its_own(project: Project) -> None:
    rows = [record(n, f"Question {n}?", f"The answer to question number {n} is short.") for n in range(1, 40)]
    bring_in(project, [*rows, record(40, "All of it?", "Words and words. " * 200)])
    (found,) = call_in_worker(check_rules.look_at_whole, (project.opens,), reports=True)
    assert found.rule.name == "unusually-long"
    assert found.count == 1
