"""Ranking texts by likeness to a query."""

from hypothesis import given
from hypothesis import strategies as st

from accord.analysis.similarity import nearest

WORDS = st.sampled_from(["dose", "of", "the", "drug", "liver", "kidney"])
texts = st.lists(WORDS, max_size=8).map(" ".join)


def test_rare_words_weigh_more() -> None:
    candidates = [("a", "the dose of the drug"), ("b", "the liver"), ("c", "the kidney"), ("d", "the heart")]
    assert [id_ for id_, _score in nearest("the liver dose", candidates, limit=2)] == ["b", "a"]


def test_nothing_shared_is_not_listed() -> None:
    assert nearest("liver", [("a", "kidney"), ("b", "")], limit=5) == []
    assert nearest("", [("a", "kidney")], limit=5) == []
    assert nearest("liver", [], limit=5) == []


def test_scripts_without_spaces() -> None:
    found = nearest("糖尿病の薬", [("a", "高血圧の食事"), ("b", "糖尿病の食事")], limit=2)
    assert [id_ for id_, _score in found] == ["b"]


@given(texts, st.lists(texts, max_size=8), st.integers(0, 5))
def test_scores_fall_stay_in_range_and_ignore_the_order(query: str, found: list[str], limit: int) -> None:
    candidates = [(f"{i:02}", text) for i, text in enumerate(found)]
    ranked = nearest(query, candidates, limit=limit)
    assert len(ranked) <= limit
    assert all(0 < score <= 1 for _id, score in ranked)
    assert ranked == sorted(ranked, key=lambda hit: (-hit[1], hit[0])) == nearest(query, candidates[::-1], limit=limit)
    for id_, score in ranked:
        assert (abs(score - 1) < 1e-12) == (set(dict(candidates)[id_].split()) == set(query.split()))
