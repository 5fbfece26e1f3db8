"""E-mail, web and network addresses are found; pages of public bodies, sections and versions are not."""

import pytest

from accord.checks.personal.finding import find_spans


def entities(text: str) -> list[tuple[str, str]]:
    return [(span.entity, text[span.start : span.end]) for span in find_spans(text)]


@pytest.mark.parametrize(
    ("entity", "address"),
    [
        ("email", "jorge_planelles@yahoo.es"),
        ("email", "josé.núñez+1@hospital.example.org"),
        ("url", "http://www.ScrapbookInsider.com.pt/"),
        ("url", "https://example.com/a/b?c=1"),
        ("url", "www.cjdfoundation.org"),
        ("url", "mysite.com/john-doe"),
        ("ip", "106.31.73.20"),
        ("ip", "6e40:4041:c617:e898:c11:40d2:c669:2eb4"),
        ("mac", "00:1A:2b:3C:4d:5E"),
    ],
)
def test_an_address_is_found_without_the_marks_around_it(entity: str, address: str) -> None:
    assert entities(f"See ({address}), please.") == [(entity, address)]


@pytest.mark.parametrize(
    "text",
    [
        "visit www.cancer.gov or https://www.nhs.uk/conditions/asthma",
        "sections 10.2.1.1 and 4.5.6.7",
        "version 192.168.10.20",
        "at 10:20:30 and 5:4:3",
        "std::vector and a::b",
        "e.g. this, i.e. that.Then more",
        "wenn 1.es sich um einen",
        "@home and me@",
        "300.400.500.600",
    ],
)
def test_what_is_no_address_is_left(text: str) -> None:
    assert entities(text) == []
