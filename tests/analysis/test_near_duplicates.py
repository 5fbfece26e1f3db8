"""Near-duplicates, against comparing every pair."""

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.analysis import buckets
from accord.analysis.clusters import connected
from accord.analysis.near_duplicates import exact_duplicates, near_duplicates
from accord.analysis.shingles import jaccard

WORDS = [f"word{i}" for i in range(300)]


def edited_texts(seed: int, originals: int = 30, length: int = 80, edits: int = 3) -> list[str]:
    """Return random texts and copies of them with a few words changed."""
    draw = random.Random(seed)
    texts = []
    for _ in range(originals):
        words = draw.choices(WORDS, k=draw.randint(1, length))
        texts.append(" ".join(words))
        for _ in range(draw.randint(0, 3)):
            copy = list(words)
            for _ in range(draw.randint(0, edits)):
                copy[draw.randrange(len(copy))] = draw.choice(WORDS)
            text = " ".join(copy)
            texts.append(draw.choice([text, text.upper(), text.title()]))
    return texts


def brute_force(texts: list[str], threshold: float) -> dict[tuple[int, int], float]:
    scores = {(i, j): jaccard(texts[i], texts[j]) for i, j in combinations(range(len(texts)), 2)}
    return {pair: score for pair, score in scores.items() if score >= threshold}


@pytest.mark.parametrize("threshold", [0.4, 0.6, 0.8, 0.95, 1.0])
def test_pairs_are_true_and_nearly_all_are_found(threshold: float) -> None:
    found = total = 0
    for seed in range(5):
        texts = edited_texts(seed)
        truth = brute_force(texts, threshold)
        result = near_duplicates(texts, threshold=threshold, every_pair=True)
        scores = {(i, j): score for i, j, score in result.pairs}
        assert len(scores) == len(result.pairs) <= result.candidate_pairs
        assert scores.items() <= truth.items()
        total += len(truth)
        found += len(scores)
    assert found >= 0.985 * total > 0


def test_links_build_the_clusters_and_each_holds() -> None:
    for seed in range(5):
        texts = edited_texts(seed)
        truth = brute_force(texts, 0.8)
        result = near_duplicates(texts)
        assert {(i, j): s for i, j, s in result.pairs}.items() <= truth.items()
        assert [list(c) for c in result.clusters] == connected(len(texts), [(i, j) for i, j, _ in result.pairs])
        assert [list(c) for c in result.clusters] == connected(len(texts), truth)


@settings(deadline=None, max_examples=25)
@given(st.randoms(use_true_random=False), st.integers(0, 5))
def test_order_does_not_matter(draw: random.Random, seed: int) -> None:
    texts = edited_texts(seed, originals=12)
    shuffled = draw.sample(texts, len(texts))

    def named(of: list[str]) -> set[frozenset[str]]:
        return {frozenset(of[i] for i in cluster) for cluster in near_duplicates(of, threshold=0.6).clusters}

    assert named(texts) == named(shuffled)


def test_a_thousand_copies_cost_what_one_does() -> None:
    text = " ".join(WORDS[:60])
    others = [" ".join([*WORDS[:59], other]) for other in WORDS[100:110]]
    texts = [text] * 3000 + others
    result = near_duplicates(texts)
    assert result.clusters == (tuple(range(len(texts))),)
    assert result.candidate_pairs < len(texts) + 100
    assert len(texts) - 1 <= len(result.pairs) < len(texts) + 100


def test_boilerplate_that_is_not_near_is_compared_a_bounded_number_of_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "FULLY_COMPARED", 20)
    monkeypatch.setattr(buckets, "NEIGHBOURS", 4)
    draw = random.Random(3)
    frame = WORDS[:70]
    # Alike at about 0.75, so that they meet in most bands and are never near; every tenth has a near copy.
    texts = [" ".join([*frame, *(f"own{i}x{k}" for k in range(10))]) for i in range(400)]
    texts += [text + f" end{draw.random()}" for text in texts[::10]]
    result = near_duplicates(texts)
    assert result.candidate_pairs < len(texts) * 4 * 21
    planted = {(i, 400 + i // 10) for i in range(0, 400, 10)}
    assert {(i, j) for i, j, _ in result.pairs} == planted


@pytest.mark.parametrize("seed", range(4))
def test_thorough_makes_the_clusters_of_every_pair_without_keeping_every_pair(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(buckets, "FULLY_COMPARED", 4)
    monkeypatch.setattr(buckets, "NEIGHBOURS", 1)
    draw = random.Random(seed)
    frame = WORDS[:60]
    texts = [" ".join([*frame, *draw.choices(WORDS[100:140], k=draw.randint(1, 12))]) for _ in range(200)]
    thorough = near_duplicates(texts, thorough=True)
    complete = near_duplicates(texts, every_pair=True)
    assert thorough.clusters == complete.clusters
    assert set(thorough.pairs) <= set(complete.pairs)
    assert len(thorough.pairs) < len(complete.pairs) / 4


def test_every_pair_includes_those_between_copies() -> None:
    text, near = " ".join(WORDS[:60]), " ".join([*WORDS[:59], "other"])
    result = near_duplicates([text, near, text.upper(), near], every_pair=True)
    assert {(i, j) for i, j, _ in result.pairs} == set(combinations(range(4), 2))
    assert {(i, j) for i, j, score in result.pairs if score == 1.0} == {(0, 2), (1, 3)}


@pytest.mark.parametrize("texts", [[], ["one"], ["", " ", "\n"], ["👍", "👎"], ["糖尿病の薬を飲む", "高血圧の薬です"]])
def test_nothing_is_near(texts: list[str]) -> None:
    result = near_duplicates(texts)
    assert result.pairs == result.clusters == ()


def test_short_and_unspaced_texts() -> None:
    texts = ["Yes.", "", "yes", "糖尿病の薬を毎日飲むこと", "糖尿病の薬を毎日飲むこと。", "No", "👍 👍", "👍\n👍"]
    assert near_duplicates(texts).clusters == ((0, 2), (3, 4), (6, 7))


@pytest.mark.parametrize("threshold", [0.0, -1.0, 1.01, float("nan")])
def test_threshold_out_of_range(threshold: float) -> None:
    with pytest.raises(ValueError, match="threshold"):
        near_duplicates(["a", "b"], threshold=threshold)


def test_progress_rises_to_the_end_and_can_stop_the_work() -> None:
    texts = edited_texts(1)
    told: list[tuple[int, int]] = []
    near_duplicates(texts, progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    assert len({total for _done, total in told}) == 1

    def stop(_done: int, _total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        near_duplicates(texts, progress=stop)


def test_exact_duplicates_are_the_same_but_for_case_form_and_space() -> None:
    result = exact_duplicates(["E\u0301te\u0301 ici", "other", "été  ICI\n", "", " ", "été, ici", "other"])
    assert result.clusters == ((0, 2), (1, 6))
    assert result.pairs == ((0, 2, 1.0), (1, 6, 1.0))


@pytest.mark.parametrize("seed", range(4))
def test_with_earlier_turns_both_must_be_alike(seed: int) -> None:
    draw = random.Random(seed)
    texts = edited_texts(seed)
    before = edited_texts(seed + 100)
    earlier = [draw.choice(["", " \n", *before[:4]]) for _text in texts]
    blank = [i for i, text in enumerate(earlier) if not text.strip()]
    truth = {
        (i, j): score
        for (i, j), score in brute_force(texts, 0.8).items()
        if (i in blank) == (j in blank) and (i in blank or jaccard(earlier[i], earlier[j]) >= 0.8)
    }
    result = near_duplicates(texts, earlier=earlier, every_pair=True)
    assert {(i, j): score for i, j, score in result.pairs} == truth
    for found in (result, near_duplicates(texts, earlier=earlier)):
        assert [list(cluster) for cluster in found.clusters] == connected(len(texts), truth)


def test_blank_earlier_turns_change_nothing_and_progress_ends() -> None:
    texts = edited_texts(7)
    assert near_duplicates(texts, earlier=[""] * len(texts)) == near_duplicates(texts)
    told: list[tuple[int, int]] = []
    near_duplicates(texts, earlier=["", "Hello"] * (len(texts) // 2), progress=lambda *step: told.append(step))
    assert told == sorted(told)
    assert told[-1] == (2 * len(texts), 2 * len(texts))


def test_many_farewells_after_different_talks_are_not_copies() -> None:
    farewells = ["Thanks, that is all.\nYou are welcome, ask again."] * 2000
    talks = [f"What is {i} and {i + 1} in words? It is {i}{i} as far as {WORDS[i % 300]} goes." for i in range(2000)]
    talks[1999] = talks[7].upper()
    result = near_duplicates(farewells, earlier=talks)
    assert result.clusters == ((7, 1999),)
    assert exact_duplicates(farewells, earlier=talks).clusters == ((7, 1999),)
    assert exact_duplicates(farewells[:2], earlier=["", "Hello"]).clusters == ()
