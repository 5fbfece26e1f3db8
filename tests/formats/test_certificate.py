"""The certificate's page: whose words run the other way move no number, the weakest tags stand first, nobody is lost."""

import re
from html import unescape

from accord.domain.releases import Release, ReleaseAgreement, ReleasePlan
from accord.domain.signatures import Signature, SignatureState
from accord.formats.certificate import certificate_html
from accord.formats.tallies import Tallies

AT = "2026-03-01T10:00:00+00:00"


def release(*agreement: ReleaseAgreement) -> Release:
    """Return a release of ten examples."""
    return Release(
        name="النسخة 2",
        created_at=AT,
        created_by="ana",
        plan=ReleasePlan(),
        counts={"train": 7, "validation": 1, "heldout": 2},
        groups=10,
        hash="0" * 64,
        leakage_pairs=0,
        leakage_checked=0,
        agreement=agreement,
    )


def signature(number: int, name: str, state: SignatureState, author: str = "ana") -> Signature:
    """Return a signature without a credential."""
    return Signature(
        id=number,
        release="v1",
        name=name,
        credential="",
        statement="I do.",
        hash="0" * 64,
        author=author,
        at=f"2026-03-0{number}T10:00:00+00:00",
        state=state,
    )


def page(found: Release, *signatures: Signature) -> str:
    """Return the page."""
    tallies = Tallies()
    tallies.reviewers.update({"ליאת": 9, "ليلى": 4})
    tallies.sources.update({"مستشفى": 10})
    return certificate_html(found, tallies, title="", purpose="", signatures=signatures, with_names=True)


def test_words_that_run_the_other_way_stand_apart_from_what_follows_them() -> None:
    shown = page(release())
    assert "<bdi>ליאת</bdi> (9), <bdi>ليلى</bdi> (4)" in shown
    assert "Sources: <bdi>مستشفى</bdi> (10)." in shown
    assert "<h1><bdi>النسخة 2</bdi></h1>" in shown
    assert not re.search("[\u2066-\u2069]", shown)


def test_the_verdict_comes_first_and_then_the_tags_with_the_least_agreement() -> None:
    def on(question: str, value: float | None) -> ReleaseAgreement:
        return ReleaseAgreement(question=question, value=value, ci95=None, n=9, reason="All the same.")

    tags = {"a": None, "b": 1.0, "c": 0.2, "d": 0.9, "e": 0.4}
    shown = unescape(page(release(on("verdict", 0.7), *(on(f"tag:{name}", value) for name, value in tags.items()))))
    assert re.findall("Agreement on the (verdict|tag “.”)", shown) == ["verdict", "tag “c”", "tag “e”", "tag “d”"]
    assert "2 more tags are on the card; their alpha is as high or higher, or not defined." in shown


def test_it_claims_no_more_than_is_known_of_decisions_and_says_what_was_compared() -> None:
    shown = unescape(page(release()))
    assert "by an adjudicator's decision: 0." in shown
    assert "differed" not in shown
    assert "0 candidate pairs that share enough words, compared exactly; no near-duplicate" in shown


def test_what_holds_is_shown_with_what_it_replaces_and_nothing_that_was_withdrawn() -> None:
    shown = page(
        release(),
        signature(1, "Ana", SignatureState.REPLACED),
        signature(2, "Ben", SignatureState.WITHDRAWN, author="ben"),
        signature(3, "Dr Ana", SignatureState.HOLDS),
    )
    assert shown.count('class="sign"') == 1
    assert "<bdi>Dr Ana</bdi></b> · <bdi>no credential given</bdi>" in shown
    assert "Signed on 2026-03-03 10:00 UTC by “<bdi>ana</bdi>” of this project" in shown
    assert "It takes the place of one of 2026-03-01 10:00 UTC." in shown
    assert "Ben" not in shown
