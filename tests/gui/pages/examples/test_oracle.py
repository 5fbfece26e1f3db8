"""The list that a filter gives is the one that plain Python gives over all rows."""

import re
from collections.abc import Callable

import pytest
from tests.gui.pages.examples.conftest import ANA, Desk

from accord.domain.history import ExampleRow
from accord.gui.pages.examples.filtering import ExampleFilter
from accord.workflows import browsing, duplicates

Fits = Callable[[ExampleRow], bool]


def has_words(row: ExampleRow, *words: str) -> bool:
    texts = " ".join(message.content for message in row.content.messages)
    return set(words) <= set(re.findall(r"\w+", texts.casefold()))


CASES: list[tuple[str, Fits]] = [
    ("status = accepted", lambda row: row.status == "accepted"),
    ("status != candidate", lambda row: row.status != "candidate"),
    ("tag = dosage", lambda row: "dosage" in row.tags),
    ("tag = dosage and tag != urgent", lambda row: "dosage" in row.tags and "urgent" not in row.tags),
    ("tag =", lambda row: not row.tags),
    ("origin = imported", lambda row: row.origin == "imported"),
    ("origin = generated", lambda row: row.origin == "generated"),
    ("source = medquad_niddk.csv", lambda row: row.file == "medquad_niddk.csv"),
    ("reviewer = Ana Ruiz", lambda row: "Ana Ruiz" in row.reviewers),
    ("finding = conflict", lambda row: row.conflict),
    ("kidney", lambda row: has_words(row, "kidney")),
    ("kidney diabetes", lambda row: has_words(row, "kidney", "diabetes")),
    ("status = rejected and text ~ symptoms", lambda row: row.status == "rejected" and has_words(row, "symptoms")),
]


def test_filters_agree_with_an_oracle(real: Desk) -> None:
    rows = list(browsing.examples(project=real.project))
    for typed, fits in CASES:
        real.page.listing.narrow(ExampleFilter(text=typed))
        real.settle()
        assert real.page.fault.isHidden(), typed
        assert list(real.page.browser.model.ids) == [row.seq for row in rows if fits(row)], typed


def test_counts_agree_with_an_oracle(real: Desk) -> None:
    duplicates.find(project=real.project, who=ANA)
    facets, rows = browsing.facets_of(project=real.project), list(browsing.examples(project=real.project))
    assert facets.total == len(rows)
    assert sum(facets.status.values()) == len(rows)
    assert facets.tag == {tag: sum(tag in row.tags for row in rows) for tag in {t for row in rows for t in row.tags}}
    assert facets.file == {"medquad_niddk.csv": len(rows)}
    assert facets.finding["conflict"] == sum(row.conflict for row in rows)
    members = {row.id for cluster in duplicates.clusters(project=real.project, open_only=False) for row in cluster.rows}
    assert facets.finding["near-duplicate"] == len(members) > 0


@pytest.mark.parametrize("where", ["status = accepted", "finding = near-duplicate", "tag = dosage"])
def test_the_cursor_goes_to_the_first_of_a_narrowed_list(real: Desk, where: str) -> None:
    real.page.table.select_row(500)
    real.page.listing.narrow(ExampleFilter.from_where(where))
    real.settle()
    ids = real.page.browser.model.ids
    assert real.page.table.current_id() == (ids[0] if len(ids) else None)
