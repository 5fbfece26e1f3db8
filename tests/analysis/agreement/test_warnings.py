"""The sentences beside the figures: a category that prevails, and too few items to say anything."""

import numpy as np

from accord.analysis.agreement.measuring import measure
from accord.analysis.agreement.ratings import Ratings


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
    assert warned([[9, 1], [1, 9]], ["a", "b"]) == ()
