"""The sentences beside the figures: a category that prevails, and too few items to say anything."""

import numpy as np

from accord.analysis.agreement.measuring import measure
from accord.analysis.agreement.ratings import Ratings
from accord.domain.agreement import Measured, Undefined


def warned(matrix: list[list[int]], names: list[str]) -> tuple[str, ...]:
    return measure(Ratings.of_matrix(np.array(matrix), names), replicates=50).warnings


def test_where_one_category_prevails_kappa_and_ac1_part_ways_and_the_sentence_says_why() -> None:
    (sentence,) = warned([[118, 5], [2, 0]], ["accept", "reject"])
    assert sentence.startswith("Cohen's kappa is -0.02 and Gwet's AC1 is 0.94: “accept” makes up 97% of the ratings")
    assert sentence.endswith(".")


def test_balanced_categories_bring_no_warning() -> None:
    assert warned([[50, 5], [5, 50]], ["accept", "reject"]) == ()


def test_of_more_than_two_raters_it_is_fleiss_kappa_that_is_compared() -> None:
    counts = np.array([[3, 0]] * 40 + [[2, 1]] * 4)
    (sentence,) = measure(Ratings.of_counts(counts, [1.0, 2.0]), replicates=50).warnings
    assert sentence.startswith("Fleiss' kappa is -0.03 and Gwet's AC1 is 0.94: “1” makes up 97%")


def test_too_few_doubly_rated_items_are_told_up_to_nineteen() -> None:
    assert warned([[9, 1], [1, 8]], ["a", "b"])[0].startswith("Only 19 items were rated by two people or more.")
    assert not [one for one in warned([[9, 1], [1, 9]], ["a", "b"]) if one.startswith("Only")]


def test_single_ratings_that_make_chance_look_larger_are_told() -> None:
    codes = np.array([[0, 1], [1, 0], [0, 0], [1, 1], [0, 1]] * 4 + [[0, -1]] * 200)
    found = measure(Ratings.of_codes(codes, ["accept", "reject"]), replicates=200)
    fleiss, alpha = found.figures["fleiss_kappa"], found.figures["krippendorff_alpha"]
    assert isinstance(fleiss, Measured)
    assert isinstance(alpha, Measured)
    assert fleiss.value < -1
    assert fleiss.n == alpha.n == 20
    told = next(one for one in found.warnings if one.startswith("Fleiss' kappa is"))
    # Without them it is Scott's pi of the 20, by hand: (0.4 - 0.5) / (1 - 0.5).
    assert told == (
        f"Fleiss' kappa is {fleiss.value:.2f}, and would be -0.20 without the 200 items that one person alone rated: like "
        "AC1 it takes agreement by chance from all 220, alpha from the 20 that two or more rated."
    )


def test_an_interval_wider_than_half_a_unit_says_nothing_yet() -> None:
    found = measure(Ratings.of_matrix(np.array([[20, 1], [2, 1]]), ["a", "b"]))
    alpha = found.figures["krippendorff_alpha"]
    assert isinstance(alpha, Measured)
    assert alpha.ci95 is not None
    assert alpha.ci95[1] - alpha.ci95[0] > 0.5
    assert found.warnings[0].startswith(f"Alpha may be anything from {alpha.ci95[0]:.2f} to {alpha.ci95[1]:.2f} (95%)")
    assert not warned([[200, 10], [20, 170]], ["a", "b"])


def test_where_ratings_fall_on_some_of_the_categories_none_is_said_to_prevail() -> None:
    rest = [[0] * 4, [0] * 4]
    (sentence,) = warned([[60, 20, 0, 0], [25, 60, 0, 0], *rest], ["accept", "edit", "reject", "unsure"])
    assert "most ratings fall on some of the 4 categories" in sentence
    assert "prevails" not in sentence


def test_what_singles_alone_tell_apart_is_undefined_by_its_own_reason() -> None:
    codes = np.array([[0, 0]] * 25 + [[1, -1]] * 5)
    found = measure(Ratings.of_codes(codes, ["a", "b"])).figures
    alpha, fleiss = found["krippendorff_alpha"], found["fleiss_kappa"]
    assert isinstance(alpha, Undefined)
    assert alpha.reason.startswith("All ratings of the items that two or more rated are the same")
    assert isinstance(fleiss, Measured)
    assert fleiss.value == 1


def test_no_figure_carries_the_noise_of_its_arithmetic() -> None:
    for seed in range(40):
        draw = np.random.default_rng(seed)
        codes = draw.integers(0, 3, (30, 2))
        codes[:, 1] = 2 - codes[:, 0] if seed % 2 else codes[:, 0]
        for figure in measure(Ratings.of_codes(codes, ["a", "b", "c"]), replicates=60).figures.values():
            if isinstance(figure, Measured):
                for value in (figure.value, *(figure.ci95 or ())):
                    assert value == 0 or abs(value) > 1e-11
                    assert not repr(value).startswith("-0.0") or value < 0
